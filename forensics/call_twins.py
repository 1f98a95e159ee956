"""The same call in several databases of one account becomes one record; on two phones it is told of both.

Calls of one account are the same by the app's own id, direction and second; without such an id by table, row
and all that they say. The record that is kept is that of the database that speaks for messages too
(databases). The others stay in their table and name the one that stands for them (``stands_for``), so they
can be compared with the evidence and are counted as copies. A record of a call has no room for further
sources: notices name them.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from forensics.databases import holders, ranked
from forensics.digest import canonical
from forensics.twins import count_copies

# A call that stands for itself: also one whose record was taken out since.
KEPT = "NOT EXISTS (SELECT 1 FROM call AS k WHERE k.n = call.stands_for)"
# The files that calls came from.
_HOLDERS = "SELECT DISTINCT evidence, json_extract(form, '$.source.path') FROM call"
# What a place in the evidence decides, and not the call.
_OF_THE_PLACE = frozenset({"id", "record_sha256", "source"})


class _Call(NamedTuple):
    n: int
    place: tuple[Any, ...]
    file: int | None
    key: tuple[Any, ...]
    form: Mapping[str, Any]


def merge_calls(db: sqlite3.Connection) -> None:
    """Find anew which calls are the same, within the caller's transaction, after the messages."""
    before = _counts(db)
    db.execute("UPDATE call SET stands_for = NULL WHERE stands_for IS NOT NULL")
    groups: dict[tuple[Any, ...], list[_Call]] = {}
    for call in _calls(db):
        groups.setdefault(call.key, []).append(call)
    for group in groups.values():
        files = [call.file for call in group]
        if len(group) > 1 and len(set(files)) == len(group):
            kept, *others = sorted(group, key=lambda call: call.place)
            db.executemany(
                "UPDATE call SET stands_for = ? WHERE n = ?", [(kept.n, other.n) for other in others]
            )
    _account(db, before)


def _calls(db: sqlite3.Connection) -> Iterator[_Call]:
    files = {(evidence, path): n for n, evidence, path in db.execute("SELECT n, evidence, path FROM file")}
    if len(files) < 2 or len(db.execute(_HOLDERS).fetchall()) < 2:
        return
    ranks = ranked(holders(db))
    rows = db.execute(
        "SELECT c.n, c.evidence, c.form, e.rank FROM call AS c LEFT JOIN evidence AS e ON e.n = c.evidence"
        " ORDER BY c.n"
    ).fetchall()
    for n, evidence, text, item in rows:
        form = json.loads(text)
        source = form["source"]
        file = files.get((evidence, source["path"]))
        place = ranks.get(file or 0, len(ranks)), item, source["path"]
        yield _Call(n, place, file, _key(form, source), form)


def _key(form: Mapping[str, Any], source: Mapping[str, Any]) -> tuple[Any, ...]:
    if source["app_id"] is None:
        said = {name: value for name, value in form.items() if name not in _OF_THE_PLACE}
        return "row", source["table"], source["rowid"], canonical(said)
    second = form["at"][:19] if form["at"] else None
    return "id", form["account"], source["app_id"], form["from_owner"], second


def _counts(db: sqlite3.Connection) -> Counter[tuple[int, str]]:
    """How many rows of tables of calls are copies, by file and table; a call in a table of messages is
    accounted for as a message."""
    found: Counter[tuple[int, str]] = Counter()
    rows = db.execute(
        "SELECT f.n, json_extract(c.form, '$.source.table') FROM call AS c LEFT JOIN file AS f"
        " ON f.evidence = c.evidence AND f.path = json_extract(c.form, '$.source.path')"
        " WHERE c.stands_for IS NOT NULL AND f.n IS NOT NULL"
    ).fetchall()
    for file, table in rows:
        found[file, table] += 1
    return Counter({key: count for key, count in found.items() if not _holds_messages(db, *key)})


def _holds_messages(db: sqlite3.Connection, file: int, table: str) -> bool:
    return any(
        db.execute(
            f"SELECT 1 FROM {each} WHERE file = ? AND table_name = ? LIMIT 1", (file, table)
        ).fetchone()
        for each in ("message", "twin")
    )


def _account(db: sqlite3.Connection, before: Mapping[tuple[int, str], int]) -> None:
    after = _counts(db)
    for file, table in sorted({*before, *after}):
        change = after.get((file, table), 0) - before.get((file, table), 0)
        (stored,) = db.execute("SELECT tables FROM file WHERE n = ?", (file,)).fetchone()
        tables = json.loads(stored)
        if change and table in tables:
            count_copies(tables, table, change)
            db.execute("UPDATE file SET tables = ? WHERE n = ?", (json.dumps(tables), file))


def copies_of_calls(db: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """A text, and ids, for each two databases that hold the same calls, and for what they say otherwise."""
    pairs: dict[tuple[str, str], list[tuple[str, list[str]]]] = {}
    rows = db.execute(
        "SELECT k.id, k.form, c.form FROM call AS c LEFT JOIN call AS k ON k.n = c.stands_for"
        " WHERE k.n IS NOT NULL ORDER BY k.at, k.id, c.id"
    )
    for key, kept, copied in rows.fetchall():
        one, other = json.loads(kept), json.loads(copied)
        said = [
            f"{name}: {one[name]}, there {other[name]}"
            for name in sorted(one.keys() - _OF_THE_PLACE)
            if one[name] != other[name]
        ]
        places = one["source"]["path"], other["source"]["path"]
        pairs.setdefault(places, []).append((f"k{key.hex()}", said))
    for (path, other_path), calls in sorted(pairs.items()):
        ids = " ".join(key for key, _ in calls)
        yield f"{_counted(calls)} of {path} stand in {other_path} too: told once", ids
        lines = [f"{key}: {'; '.join(said)}" for key, said in calls if said]
        if lines:
            text = f"{_counted(lines)} of {other_path}: not all is as in the record that is kept"
            yield text, "\n".join(lines)


Sides = Mapping[str, Mapping[str, Sequence[tuple[str, bool | None]]]]


def calls_by_account(db: sqlite3.Connection) -> Sides:
    """By account and the app's own id of a call: the ids of the calls, and whether the owner made them."""
    rows = db.execute(
        f"SELECT id, json_extract(form, '$.account'), json_extract(form, '$.source.app_id'),"
        f" json_extract(form, '$.from_owner') FROM call WHERE {KEPT}"
        " AND json_extract(form, '$.source.app_id') IS NOT NULL ORDER BY at, id"
    )
    sides: dict[str, dict[str, list[tuple[str, bool | None]]]] = {}
    for key, account, app_id, from_owner in rows:
        owner = None if from_owner is None else bool(from_owner)
        sides.setdefault(account, {}).setdefault(app_id, []).append((f"k{key.hex()}", owner))
    return sides


def calls_on_both(sides: Sides, one: str, other: str) -> list[tuple[str, str]]:
    """The ids of the calls that two accounts both have by the app's own id, once as made and once as taken
    or twice in a group."""
    there = sides.get(other, {})
    found = []
    for app_id, here in sides.get(one, {}).items():
        beside = there.get(app_id, ())
        if len(here) == len(beside) == 1 and not (here[0][1] and beside[0][1]):
            found.append((here[0][0], beside[0][0]))
    return found


def _counted(calls: Sequence[object]) -> str:
    return "1 call" if len(calls) == 1 else f"{len(calls)} calls"
