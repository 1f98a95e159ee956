"""What the databases of one account say otherwise of the same message, and what a newer one has no more.

A difference is listed, never settled: which of two texts was sent, and why a row is gone, a person judges.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forensics.databases import Holder, copies_of, holders
from forensics.digest import Fields
from forensics.twin_rows import Record, TwinRows

COPIES, DEVICES = "copies", "devices"
DELETED, EDITED, CHANGED, GONE, ONE_SIDE = "deleted", "edited", "changed", "gone", "one side only"
# What a place in the evidence decides, and not the message.
_OF_THE_PLACE = frozenset({"source", "also"})
# What grows with time: the kept record may say more without a difference.
_GROWING = frozenset({"status", "delivered_at", "read_at", "received_at", "receipts", "reactions"})
_STATUS = {None: 0, "pending": 1, "sent": 2, "delivered": 3, "read": 4, "played": 5}
# Message ids that a notice names; all of them are in the case.
_NAMED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``message`` and ``other`` are numbers of messages; ``form`` says what differs and where."""

    scope: str
    kind: str
    message: int
    other: int | None
    form: Mapping[str, Any]
    pair: int | None = None


def store(db: sqlite3.Connection, found: Sequence[Difference]) -> None:
    """Keep differences in the case."""
    db.executemany(
        "INSERT INTO difference (scope, kind, message, other, form, pair) VALUES (?,?,?,?,?,?)",
        (
            (each.scope, each.kind, each.message, each.other,
             json.dumps(each.form, ensure_ascii=False, sort_keys=True), each.pair)
            for each in found
        ),
    )  # fmt: skip


def compare(rows: TwinRows, kept: Record, other: Record, *, is_partial: bool = False) -> Difference | None:
    """What a copy says and the record that stands for it does not; None where that says all of it.

    ``is_partial``: the copy is in a form that does not keep everything of a message; what it lacks is none.
    """
    if kept.content == other.content:
        return None
    said, told = rows.fields(kept), rows.fields(other)
    fields = differing(said, told)
    if is_partial:
        fields = [each for each in fields if not _is_lacking(**each)]
    if not fields:
        return None
    form = {"fields": fields, "source": told["source"]}
    return Difference(scope=COPIES, kind=kind_of(fields), message=kept.n, other=None, form=form)


def kind_of(fields: Sequence[Mapping[str, Any]]) -> str:
    """What a set of differing fields is called."""
    names = {each["field"]: each for each in fields}
    if "deleted_for_everyone" in {names.get("state", {}).get(side) for side in ("kept", "other")}:
        return DELETED
    return EDITED if {"text", "edits", "edited_at"} & names.keys() else CHANGED


def differing(kept: Fields, other: Fields) -> list[dict[str, Any]]:
    """The fields in which a record says something that the kept one does not."""
    found = []
    for name, value in other.items():
        if name in _OF_THE_PLACE or value == kept[name]:
            continue
        if name == "reply_to" and _without_id(value) == _without_id(kept[name]):
            continue
        if name == "attachments" and _are_same_files(_list(kept[name]), _list(value)):
            continue
        if name not in _GROWING or not _has_grown(name, kept[name], value):
            found.append({"field": name, "kept": kept[name], "other": value})
    return found


def _is_lacking(field: str, kept: object, other: object) -> bool:
    """Whether a copy in a form that keeps less says nothing else of this field, only less."""
    if field == "sent_at":
        return isinstance(other, str) and isinstance(kept, str) and kept[:19] == other[:19]
    if field == "system":
        return True  # each form has words of its own for events
    return _is_part(kept, other)


def _is_part(kept: object, other: object) -> bool:
    """Whether what is said at all is the same: null, empty and no are nothing said."""
    if not other or kept == other:
        return True
    if isinstance(kept, dict) and isinstance(other, dict):
        return all(_is_part(kept.get(name), value) for name, value in other.items() if name != "id")
    if isinstance(kept, list) and isinstance(other, list) and len(kept) == len(other):
        return all(_is_part(one, two) for one, two in zip(kept, other, strict=True))
    return False


def _has_grown(name: str, kept: object, other: object) -> bool:
    if name == "status":
        return kept in _STATUS and other in _STATUS and _STATUS[_word(kept)] >= _STATUS[_word(other)]
    if name == "receipts":
        by_person = {each["participant"]: each for each in _list(kept)}
        return all(_receipt_is_in(each, by_person.get(each["participant"])) for each in _list(other))
    if name == "reactions":
        return all(each in _list(kept) for each in _list(other))
    return other is None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _receipt_is_in(receipt: Mapping[str, Any], kept: Mapping[str, Any] | None) -> bool:
    return kept is not None and all(value is None or value == kept[name] for name, value in receipt.items())


def _are_same_files(kept: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """The same files, of which one place may lack the bytes."""
    if len(kept) != len(other):
        return False
    return all(
        all(one[name] == two[name] for name in ("kind", "mime", "filename", "caption"))
        and (one["present"] or not two["present"])
        and (not two["present"] or one["sha256"] == two["sha256"])
        for one, two in zip(kept, other, strict=True)
    )


def _without_id(reply: object) -> object:
    return {**reply, "id": None} if isinstance(reply, dict) else None


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


# --- What is gone -------------------------------------------------------------------------------------


def find_gone(db: sqlite3.Connection) -> None:
    """List anew what an older database holds and the next newer one, that should have it, does not."""
    db.execute("DELETE FROM difference WHERE scope = ? AND kind = ?", (COPIES, GONE))
    if db.execute("SELECT 1 FROM twin WHERE n <> message LIMIT 1").fetchone() is None:
        return
    for group in copies_of(db, holders(db)):
        for place, older in enumerate(group):
            newer = [each for each in group[place + 1 :] if not each.is_document]
            store(db, list(_gone(db, older, newer)))


def _gone(db: sqlite3.Connection, older: Holder, newer: Sequence[Holder]) -> Iterator[Difference]:
    # of what was written out, only what is a row of a database too: events and additions are not
    kinds = " AND kind NOT IN ('system', 'unknown')" if older.is_document else ""
    rows = db.execute(
        "SELECT n, sent_at FROM message WHERE file = ? AND ifnull(status, '') NOT IN ('draft', 'scheduled')"
        f" AND (place IS NULL OR json_extract(place, '$[1]') IS NULL) AND state <> 'recovered'{kinds}"
        " ORDER BY n",
        (older.n,),
    )
    for n, sent_at in rows.fetchall():
        lacking = next((each for each in newer if each.should_have(older, sent_at)), None)
        if lacking is not None:
            form = {**between(older, lacking), "recovered": _recovered(db, n, lacking)}
            yield Difference(scope=COPIES, kind=GONE, message=n, other=None, form=form)


def between(older: Holder, newer: Holder) -> dict[str, Any]:
    """The two databases with the date of each and what it rests on."""
    return {
        "in": {**older.source(), **older.as_of},
        "not_in": {**newer.source(), **newer.as_of},
    }


def _recovered(db: sqlite3.Connection, message: int, lacking: Holder) -> dict[str, Any] | None:
    """Where the row of a message was recovered from the database that no longer has it."""
    found = db.execute(
        "SELECT f.path, json_extract(t.place, '$[1]'), json_extract(t.place, '$[2]') FROM twin AS t"
        " LEFT JOIN file AS f ON f.n = t.file LEFT JOIN evidence AS e ON e.n = f.evidence"
        " WHERE t.message = ? AND json_extract(t.place, '$[1]') IS NOT NULL"
        " AND e.sha256 = ? AND f.path IN (?, ? || '-wal', ? || '-journal') ORDER BY t.n",
        (message, lacking.evidence, lacking.path, lacking.path, lacking.path),
    ).fetchone()
    return None if found is None else dict(zip(("path", "page", "offset"), found, strict=True))
