"""The same message in several databases of one account becomes one record with several sources.

Databases of one account name their conversations alike, so the same message has the same conversation and
the app's own id. It is one record when the record that is kept says all that the other one says: the same
content, and no receipt, reaction or status that the kept one lacks. Whatever differs stays a record of its
own: an older text, a state from before a deletion. The live database is the one in ``source``.

Source: contract, section 4 (``also``, the accounting). Nothing here opens a case or begins a transaction.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from forensics.digest import Fields, written
from forensics.message_row import SELECT, FilePlace, stored_fields

_DATED = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
# What a place in the evidence decides, and not the message.
_OF_THE_PLACE = frozenset({"source", "also"})
# What grows with time: the kept record may say more, never less.
_GROWING = frozenset({"status", "delivered_at", "read_at", "received_at", "receipts", "reactions"})
_STATUS = {None: 0, "pending": 1, "sent": 2, "delivered": 3, "read": 4, "played": 5}
_ID = 0
_FILE, _TABLE, _RARE = 15, 16, 20


@dataclass(slots=True)
class Merged:
    """What was merged: how many records became sources of others, by file number and table; and the numbers
    of the items of evidence whose records changed."""

    copies: dict[int, dict[str, int]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """Records that are no more records of their own."""
        return sum(sum(tables.values()) for tables in self.copies.values())


def merge(db: sqlite3.Connection, evidence: int) -> Merged:
    """Merge the messages of an item of evidence with each other, within the caller's transaction.

    Other items keep their records as they were sealed. To be called when all rows of the item are written and
    indexed, before its digest is made and before it is analysed.
    """
    merged = Merged()
    files = _ranked_files(db, evidence)
    if len(files) < 2:
        return merged
    work = _Work(db, files, merged)
    for conversation in _shared_conversations(db, files):
        work.conversation(conversation)
    if merged.count:
        work.redirect_replies()
        work.account()
        merged.touched.add(evidence)
    return merged


def _ranked_files(db: sqlite3.Connection, evidence: int) -> dict[int, int]:
    """The files that hold messages with the rank of each: live before decrypted, undated before dated, then
    the shortest path."""
    rows = db.execute(
        "SELECT n FROM file WHERE evidence = ? AND tables <> '{}' AND EXISTS"
        " (SELECT 1 FROM message WHERE file = file.n)"
        " ORDER BY opened_by IS NOT NULL AND opened_by <> 'null', path GLOB ?, length(path), path",
        (evidence, f"*{_DATED}*"),
    )
    return {n: rank for rank, (n,) in enumerate(rows)}


def _shared_conversations(db: sqlite3.Connection, files: Mapping[int, int]) -> list[int]:
    """The conversations that stand in more than one of these files."""
    marks = ",".join("?" * len(files))
    rows = db.execute(
        f"SELECT conversation FROM message WHERE file IN ({marks})"
        " GROUP BY conversation HAVING min(file) <> max(file) ORDER BY conversation",
        tuple(files),
    )
    return [n for (n,) in rows]


class _Work:
    """One merge."""

    def __init__(self, db: sqlite3.Connection, files: Mapping[int, int], merged: Merged) -> None:
        self._db = db
        self._files = files
        self._merged = merged
        self._places = {
            n: FilePlace(evidence, digest, path)
            for n, evidence, digest, path in db.execute(
                "SELECT f.n, e.sha256, f.sha256, f.path FROM file AS f"
                " LEFT JOIN evidence AS e ON e.n = f.evidence"
            )
        }
        # message ids that are gone -> the id that stands for them
        self._replaced: dict[str, str] = {}

    def conversation(self, number: int) -> None:
        """Merge within one conversation: a group is what has one app id, direction and state."""
        for _key, group in groupby(self._rows(number), key=lambda row: row[1]):
            rows = [row for row in group]  # noqa: C416  # groupby's group is used up by the next one
            if len({row[2][_FILE] for row in rows}) > 1:
                self._group(rows)

    def _rows(self, conversation: int) -> Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]:
        """Number, key and stored row, all of one key together."""
        keys = self._db.execute(
            "SELECT app_id, from_owner, state, file, n FROM message"
            " WHERE conversation = ? AND app_id IS NOT NULL"
            # what was recovered from a page is no row of a table: it stays a record of its own
            " AND (place IS NULL OR json_extract(place, '$[1]') IS NULL)"
            " ORDER BY app_id, from_owner, state, n",
            (conversation,),
        ).fetchall()
        for key, group in groupby(keys, key=lambda row: row[:3]):
            found = [(file, n) for *_key, file, n in group if file in self._files]
            if len({file for file, _n in found}) < 2:
                continue
            for _file, n in sorted(found, key=lambda each: (self._files[each[0]], each[1])):
                row = self._db.execute(f"{SELECT} WHERE m.n = ?", (n,)).fetchone()
                yield n, key, tuple(row)

    def _group(self, rows: Sequence[tuple[int, tuple[Any, ...], tuple[Any, ...]]]) -> None:
        """Give each record to the first that says all of it."""
        kept: list[tuple[int, tuple[Any, ...], Fields, list[tuple[int, tuple[Any, ...], Fields]]]] = []
        for n, _key, row in rows:
            fields = stored_fields(row, self._places)
            for _number, other, stored, copies in kept:
                if other[_FILE] != row[_FILE] and _says_all(stored, fields):
                    copies.append((n, row, fields))
                    break
            else:
                kept.append((n, row, fields, []))
        for n, row, fields, copies in kept:
            if copies:
                self._keep(n, row, fields, copies)

    def _keep(
        self,
        number: int,
        row: tuple[Any, ...],
        fields: Fields,
        copies: Sequence[tuple[int, tuple[Any, ...], Fields]],
    ) -> None:
        also = [*_list(fields["also"])]
        for n, copy, copied in copies:
            also += [copied["source"], *_list(copied["also"])]
            self._replaced[f"m{copy[_ID].hex()}"] = f"m{row[_ID].hex()}"
            self._remove(n, copy)
        also.sort(key=_place)
        self._store(number, row, fields, {"also": also})

    def _store(self, number: int, row: tuple[Any, ...], fields: Fields, changed: Fields) -> None:
        """Write a record with changed fields of the rare ones, and its digest."""
        rare = {**(orjson.loads(row[_RARE]) if row[_RARE] else {}), **changed}
        digest = hashlib.sha256(written({**fields, **changed})).digest()
        self._db.execute(
            "UPDATE message SET rare = ?, sha256 = ? WHERE n = ?",
            (written(dict(sorted(rare.items()))).decode(), digest, number),
        )

    def _remove(self, number: int, row: tuple[Any, ...]) -> None:
        self._db.execute(
            "INSERT INTO message_text (message_text, rowid, text)"
            " SELECT 'delete', n, text FROM searchable WHERE n = ?",
            (number,),
        )
        self._db.execute("DELETE FROM cue WHERE message = ?", (number,))
        self._db.execute("DELETE FROM message WHERE n = ?", (number,))
        tables = self._merged.copies.setdefault(row[_FILE], {})
        tables[row[_TABLE] or ""] = tables.get(row[_TABLE] or "", 0) + 1

    def redirect_replies(self) -> None:
        """Answers to a record that is gone name the one that stands for it."""
        marks = ",".join("?" * len(self._files))
        numbers = self._db.execute(
            f"SELECT n, json_extract(rare, '$.reply_to.id') FROM message WHERE file IN ({marks})"
            " AND rare LIKE '%\"reply_to\":%'",
            tuple(self._files),
        ).fetchall()
        for n, target in numbers:
            kept = self._replaced.get(target) if target is not None else None
            if kept is not None:
                row = tuple(self._db.execute(f"{SELECT} WHERE m.n = ?", (n,)).fetchone())
                fields = stored_fields(row, self._places)
                reply = dict(_mapping(fields["reply_to"]), id=kept)
                self._store(n, row, fields, {"reply_to": reply})

    def account(self) -> None:
        """The rows of the copies are skipped as ``copy`` in the accounting of their files."""
        for file, lost in self._merged.copies.items():
            (stored,) = self._db.execute("SELECT tables FROM file WHERE n = ?", (file,)).fetchone()
            tables = json.loads(stored)
            for table, count in lost.items():
                count_copies(tables, table, count)
            self._db.execute("UPDATE file SET tables = ? WHERE n = ?", (json.dumps(tables), file))


def count_copies(tables: dict[str, dict[str, Any]], table: str, count: int) -> None:
    """Move so many rows of a table's accounting from messages to copies."""
    counted = tables[table]
    counted["messages"] -= count
    counted["skipped"]["copy"] = counted["skipped"].get("copy", 0) + count
    counted["skipped"] = dict(sorted(counted["skipped"].items()))


def _says_all(kept: Fields, other: Fields) -> bool:
    """Whether one record says all that another one says, apart from where it was read."""
    for name, value in other.items():
        if name in _OF_THE_PLACE or value == kept[name]:
            continue
        if name == "reply_to" and _without_id(value) == _without_id(kept[name]):
            continue
        if name == "attachments" and _are_same_files(_list(kept[name]), _list(value)):
            continue
        if name not in _GROWING or not _has_grown(name, kept[name], value):
            return False
    return True


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


def _place(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(source[name]) for name in ("evidence_sha256", "path", "table", "rowid", "rowid_key", "offset")
    )


def _without_id(reply: object) -> object:
    return {**_mapping(reply), "id": None} if reply is not None else None


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
