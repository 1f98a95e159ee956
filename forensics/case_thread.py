"""Any stretch of a conversation by position, however long it is: its messages' numbers in reading order.

The numbers of a conversation are read once and kept in memory (eight bytes a message); a stretch is then
fetched by number, so that the end of a chat of 200,000 messages costs no more than its beginning.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from forensics.message_row import SELECT, FilePlace, reading_order, stored_record

Record = dict[str, Any]
Order: TypeAlias = "array[int]"

_AT_ONCE = 500
_FEW = 10
_NUMBERED = SELECT.replace("SELECT m.id", "SELECT m.n, m.id", 1)


def order_of(db: sqlite3.Connection, conversation: int) -> Order:
    """The numbers of the messages of a conversation in reading order."""
    rows = db.execute(
        f"SELECT m.n FROM message AS m WHERE m.conversation = ? ORDER BY {reading_order(db)}", (conversation,)
    )
    return array("q", (number for (number,) in rows))


def number_of(db: sqlite3.Connection, key: str) -> tuple[int, int] | None:
    """The number of the conversation and of the message with that id; None where there is none."""
    try:
        row = db.execute(
            "SELECT conversation, n FROM message WHERE id = ?", (bytes.fromhex(key[1:]),)
        ).fetchone()
    except ValueError:
        return None
    return row if row and key.startswith("m") else None


def stretch(
    db: sqlite3.Connection, files: dict[int, FilePlace], order: Order, first: int, count: int
) -> list[tuple[int, Record]]:
    """The messages from that position on, each with its position; fewer at the end."""
    first = max(0, first)
    wanted = order[first : first + max(0, count)].tolist()
    found = records(db, files, wanted)
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


def places_of(db: sqlite3.Connection, order: Order, keys: Iterable[str]) -> dict[str, int]:
    """The positions of messages of one conversation by id, in its order; what is not in it is left out."""
    numbers = {number: key for key, number in numbers_of(db, keys).items()}
    if len(numbers) < _FEW:  # a look for each costs less than going through all of them here
        found = sorted((place, key) for number, key in numbers.items() for place in _places(order, number))
        return {key: place for place, key in found}
    return {numbers[number]: place for place, number in enumerate(order) if number in numbers}


def _places(order: Order, number: int) -> list[int]:
    """The position of a message, or none where it is not of that conversation."""
    try:
        return [order.index(number)]
    except ValueError:
        return []
