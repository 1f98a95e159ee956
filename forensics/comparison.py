"""What a case says of messages that were seen more than once: for commands, reports and notices."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from forensics.call_twins import calls_by_account, calls_on_both, copies_of_calls
from forensics.differences import COPIES, DEVICES, GONE
from forensics.message_row import reading_order
from forensics.times import rfc3339

Record = dict[str, Any]
SEVERITY, NAMES, ACCOUNT = "difference", "names", "account"
# Message ids that a notice names; the list of differences has all of them.
_NAMED = 500


def pairs(db: sqlite3.Connection) -> list[Record]:
    """Every two accounts that share conversations, with their links and clocks."""
    found = []
    rows = db.execute("SELECT one, other, form FROM pair ORDER BY one, other").fetchall()
    sides = calls_by_account(db) if rows else {}
    for one, other, form in rows:
        calls = [{"one": here, "other": there} for here, there in calls_on_both(sides, one, other)]
        found.append({"one": one, "other": other, **json.loads(form), "calls": calls})
    return found


def differences(db: sqlite3.Connection, message: int | None = None) -> Iterator[Record]:
    """The differences in the order of an export, those between databases of one account first."""
    where = "" if message is None else " WHERE d.message = :message OR d.other = :message"
    rows = db.execute(
        "SELECT d.scope, d.kind, m.id, o.id, m.sent_at, c.id, d.form, p.one, p.other FROM difference AS d"
        " LEFT JOIN message AS m ON m.n = d.message LEFT JOIN message AS o ON o.n = d.other"
        " LEFT JOIN conversation AS c ON c.n = m.conversation LEFT JOIN pair AS p ON p.n = d.pair"
        f"{where} ORDER BY d.scope, p.one, p.other, c.rank, {reading_order(db)}, d.form",
        {"message": message},
    )
    for scope, kind, key, other, sent_at, conversation, form, *both in rows:
        yield {
            "scope": scope,
            "kind": kind,
            "message": f"m{key.hex()}",
            "other": f"m{other.hex()}" if other else None,
            "conversation": conversation,
            "sent_at": rfc3339(sent_at),
            "accounts": both if scope == DEVICES else [],
            **json.loads(form),
        }


def standing_for(db: sqlite3.Connection, key: str) -> str:
    """The id of the record that stands for the one of that id: itself, where it was not merged."""
    try:
        read = bytes.fromhex(key[1:])
    except ValueError:
        return key
    sql = "SELECT m.id FROM twin AS t LEFT JOIN message AS m ON m.n = t.message WHERE t.id = ?"
    found = db.execute(sql, (read,)).fetchone()
    return f"m{found[0].hex()}" if found and found[0] else key


def counterparts(db: sqlite3.Connection, message: int) -> list[Record]:
    """The same message on other phones."""
    rows = db.execute(
        "SELECT m.id, c.account, l.ground, m.sent_at, m.received_at FROM link AS l"
        " LEFT JOIN message AS m ON m.n = CASE l.one WHEN :n THEN l.other ELSE l.one END"
        " LEFT JOIN conversation AS c ON c.n = m.conversation"
        " WHERE l.one = :n OR l.other = :n ORDER BY c.account, m.id",
        {"n": message},
    )
    return [
        {
            "message": f"m{key.hex()}",
            "account": account,
            "ground": ground,
            "sent_at": rfc3339(sent_at),
            "received_at": rfc3339(received_at),
        }
        for key, account, ground, sent_at, received_at in rows
    ]


def seen_again(db: sqlite3.Connection, conversation: str) -> dict[str, Record]:
    """Of the messages of a conversation that have any: counterparts on other phones, and differences."""
    found: dict[str, Record] = {}
    rows = db.execute(
        "SELECT DISTINCT m.n, m.id FROM conversation AS c LEFT JOIN message AS m ON m.conversation = c.n"
        " WHERE c.id = ? AND (m.n IN (SELECT one FROM link) OR m.n IN (SELECT other FROM link)"
        " OR m.n IN (SELECT message FROM difference) OR m.n IN (SELECT other FROM difference)) ORDER BY m.n",
        (conversation,),
    ).fetchall()
    for n, key in rows:
        found[f"m{key.hex()}"] = {
            "devices": counterparts(db, n),
            "differences": list(differences(db, n)),
        }
    return found


def note(db: sqlite3.Connection) -> None:
    """Make the notices anew that say what was compared, what differs, and whose names were not used."""
    own = (SEVERITY, NAMES, ACCOUNT)
    db.execute("DELETE FROM notice WHERE evidence IS NULL AND severity IN (?, ?, ?)", own)
    found = (
        (SEVERITY, [*_gone_notices(db), *_copies_notices(db), *copies_of_calls(db), *_pair_notices(db)]),
        (NAMES, list(_names_notices(db))),
        (ACCOUNT, list(_account_notices(db))),
    )
    db.executemany(
        "INSERT INTO notice (evidence, severity, text, source, raw) VALUES (NULL, ?, ?, NULL, ?)",
        [(severity, text, raw) for severity, texts in found for text, raw in texts],
    )


def _account_notices(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """Databases that name no owner, of which it was found whose they are."""
    rows = db.execute(
        "SELECT s.id, a.stands_for, e.path FROM alias AS a LEFT JOIN said AS s ON s.id = a.id"
        " LEFT JOIN evidence AS e ON e.n = s.evidence WHERE s.record = 'account' ORDER BY s.id, e.rank"
    ).fetchall()
    for (read, account), group in groupby(rows, key=lambda row: row[:2]):
        paths = ", ".join(path for *_, path in group)
        yield (
            f"{paths}: account {read} names no owner; it is taken for account {account}, because both hold"
            " messages that the owner sent, with the same conversation, id and time, and none that one holds"
            " as sent and the other as received",
            None,
        )


def _names_notices(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """Names of address books that cannot be anybody's in this case."""
    accounts = "SELECT count(*) FROM account WHERE json_extract(form, '$.app') = t.app"
    rows = db.execute(
        f"SELECT e.path, t.app, count(*), ({accounts}) FROM contact AS t"
        " LEFT JOIN evidence AS e ON e.n = t.evidence GROUP BY e.rank, t.app"
    ).fetchall()
    for path, app, names, count in rows:
        if count > 1:
            yield (
                f"{names} names of {path} were not used: the case holds {count} accounts of {app}, and whose"
                " address book this is cannot be told",
                None,
            )


def _gone_notices(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """One notice for each two databases of which the newer has lost messages."""
    found: dict[str, list[str]] = {}
    forms: dict[str, Record] = {}
    recovered: Counter[str] = Counter()
    for each in differences(db):
        if each["scope"] == COPIES and each["kind"] == GONE:
            key = json.dumps([each["in"], each["not_in"]], sort_keys=True)
            found.setdefault(key, []).append(each["message"])
            forms[key] = {**each, "recovered": None}
            recovered[key] += each["recovered"] is not None
    for key in sorted(found):
        again = f" ({recovered[key]} of them recovered there)" if recovered[key] else ""
        yield f"{counted(len(found[key]))} {gone(forms[key])}{again}", _ids(found[key])


def gone(form: Record) -> str:
    """In which database a message is and in which not, with what dates them."""
    older, newer, remains = form["in"], form["not_in"], form.get("recovered")
    text = (
        f"in {older['path']} ({dated(older)}) and not in {newer['path']} ({dated(newer)}):"
        " deleted, or lost otherwise, between the two"
    )
    if remains is None:
        return text
    return f"{text}; recovered there, page {remains['page']}, byte {remains['offset']} of {remains['path']}"


def dated(place: Record) -> str:
    """The date of a database and what it rests on."""
    return f"{place['date'] or 'no date'}, {place['ground']}"


def counted(count: int) -> str:
    return f"{count} message{'s' if count != 1 else ''}"


def _ids(keys: list[str]) -> str:
    more = f" and {len(keys) - _NAMED} more (sporen differences)" if len(keys) > _NAMED else ""
    return " ".join(keys[:_NAMED]) + more


def _copies_notices(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in differences(db):
        if each["scope"] == COPIES and each["kind"] != GONE:
            found.setdefault((each["source"]["path"], each["kind"]), []).append(each["message"])
    for (path, kind), keys in sorted(found.items()):
        yield (
            f"{counted(len(keys))} of {path} say something else than the record that is kept: {kind}",
            _ids(keys),
        )


def _pair_notices(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    kinds: dict[tuple[str, ...], Counter[str]] = {}
    for each in differences(db):
        if each["scope"] == DEVICES:
            kinds.setdefault(tuple(each["accounts"]), Counter())[each["kind"]] += 1
    for pair in pairs(db):
        grounds = ", ".join(f"{count} by {ground}" for ground, count in pair["links"].items()) or "none"
        differing = kinds.get((pair["one"], pair["other"]), Counter())
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(differing.items())) or "none"
        total = sum(pair["links"].values())
        accounts = f"accounts {pair['one']} and {pair['other']}"
        yield f"{accounts}: {counted(total)} on both ({grounds}); differences: {listed}", None
        if pair["calls"]:
            ids = "\n".join(f"{each['one']} {each['other']}" for each in pair["calls"])
            yield f"{accounts}: {len(pair['calls'])} calls on both devices, by the app's own id", ids
