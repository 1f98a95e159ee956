"""Any stretch of a conversation by position, however long it is: its messages' numbers in reading order.

Nothing of that order is kept, and no more of it is read than is asked for: a position is counted off in the
index of the messages by conversation and time, which SQLite does without looking at a message. Of 200,000
messages the last is found as the first is, in some thousandths of a second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from forensics.message_row import BY_TIME, SELECT, FilePlace, reading_order, stored_record

Record = dict[str, Any]

_AT_ONCE = 500
_NUMBERED = SELECT.replace("SELECT m.id", "SELECT m.n, m.id", 1)
_OF = "FROM message AS m WHERE m.conversation = ?"


class Order:
    """The reading order of the messages of a conversation, by position from 0."""

    def __init__(self, db: sqlite3.Connection, conversation: int, length: int) -> None:
        """``length``: how many messages it has (case_overview)."""
        self.db = db
        self._conversation = conversation
        self._length = length
        self._terms = reading_order(db)

    def __len__(self) -> int:
        """How many messages there are."""
        return self._length

    def numbers(self, first: int, count: int) -> list[int]:
        """The numbers of the messages from that position on; fewer at the end."""
        first, count = max(0, first), max(0, count)
        bound = ""
        values: list[Any] = [self._conversation]
        if first and self._terms != BY_TIME:
            # the items of evidence change places only within one time: the times before it are counted off
            when = self._time_at(first)
            if when is not None:
                bound = " AND m.sent_at >= ?"
                values.append(when)
                first -= self._before(None, when)
        rows = self.db.execute(
            f"SELECT m.n {_OF}{bound} ORDER BY {self._terms} LIMIT ? OFFSET ?", [*values, count, first]
        )
        return [number for (number,) in rows]

    def _time_at(self, position: int) -> Any:
        """The time of the message at that position; None without a time, and behind the end."""
        row = self.db.execute(
            f"SELECT m.sent_at {_OF} ORDER BY {BY_TIME} LIMIT 1 OFFSET ?", (self._conversation, position)
        ).fetchone()
        return row and row[0]

    def _before(self, since: Any, when: Any) -> int:
        """How many messages are of a time from ``since`` on (None: from those without a time on) and before
        ``when``."""
        if since is not None:
            sql, values = f"SELECT count(*) {_OF} AND m.sent_at >= ? AND m.sent_at < ?", (since, when)
        else:
            sql = f"SELECT (SELECT count(*) {_OF} AND m.sent_at IS NULL) + count(*) {_OF} AND m.sent_at < ?"
            values = (self._conversation, when)
        (count,) = self.db.execute(sql, (self._conversation, *values)).fetchone()
        return int(count)

    def places(self, keys: Iterable[str]) -> dict[str, int]:
        """The positions of messages by id, in their order; what is not of this conversation is left out."""
        wanted = {number: key for key, number in numbers_of(self.db, keys).items()}
        return {wanted[number]: place for number, place in self._counted(wanted)}

    def _counted(self, wanted: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The numbers that are of this conversation, each with its position, from the first on."""
        by_time: dict[Any, set[int]] = {}
        for number, when in self._times(wanted):
            by_time.setdefault(when, set()).add(number)
        before, last = 0, None
        for when, numbers in by_time.items():
            before += 0 if when is None else self._before(last, when)
            last = when
            yield from self._among(numbers, when, before)

    def _times(self, wanted: Iterable[int]) -> list[tuple[int, Any]]:
        return self.db.execute(
            "SELECT m.n, m.sent_at FROM message AS m WHERE m.n IN (SELECT value FROM json_each(?))"
            f" AND +m.conversation = ? ORDER BY {BY_TIME}",
            (json.dumps(list(wanted)), self._conversation),
        ).fetchall()

    def _among(self, numbers: set[int], when: Any, before: int) -> Iterator[tuple[int, int]]:
        """The position of each of several messages of one time."""
        rows = self.db.execute(
            f"SELECT m.n {_OF} AND m.sent_at IS ? ORDER BY {self._terms}", (self._conversation, when)
        )
        for place, (number,) in enumerate(rows, before):
            if number in numbers:
                yield number, place


def number_of(db: sqlite3.Connection, key: str) -> tuple[int, int] | None:
    """The number of the conversation and of the message with that id; None where there is none."""
    try:
        row = db.execute(
            "SELECT conversation, n FROM message WHERE id = ?", (bytes.fromhex(key[1:]),)
        ).fetchone()
    except ValueError:
        return None
    return row if row and key.startswith("m") else None


def stretch(files: dict[int, FilePlace], order: Order, first: int, count: int) -> list[tuple[int, Record]]:
    """The messages from that position on, each with its position; fewer at the end."""
    first = max(0, first)
    wanted = order.numbers(first, count)
    found = records(order.db, files, wanted)
    return [(first + step, found[number]) for step, number in enumerate(wanted) if number in found]


def records(db: sqlite3.Connection, files: dict[int, FilePlace], numbers: Iterable[int]) -> dict[int, Record]:
    """The records of messages by number."""
    rows = db.execute(
        f"{_NUMBERED} WHERE m.n IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)
    )
    return {number: stored_record(tuple(row), files) for number, *row in rows}


def keys_of(db: sqlite3.Connection, numbers: Sequence[int]) -> list[str]:
    """The ids of messages in the order of their numbers as given."""
    rows = db.execute(
        "SELECT n, id FROM message WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)
    )
    found = {number: f"m{key.hex()}" for number, key in rows}
    return [found[number] for number in numbers if number in found]


def numbers_of(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of messages by id; an id of no message is left out."""
    found: dict[str, int] = {}
    wanted = [key for key in dict.fromkeys(keys) if key.startswith("m")]
    for start in range(0, len(wanted), _AT_ONCE):
        part = [bytes.fromhex(key[1:]) for key in wanted[start : start + _AT_ONCE]]
        marks = ",".join("?" * len(part))
        for key, number in db.execute(f"SELECT id, n FROM message WHERE id IN ({marks})", part):
            found[f"m{key.hex()}"] = number
    return found
