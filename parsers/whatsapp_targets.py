"""The messages that some row quotes, by conversation, direction and the app's key, in 49 bytes each.

A phone may quote a million of its messages: they are held as numbers in arrays, in the order of a digest of
128 bits, so that memory hardly grows with the evidence. The digest depends on nothing but what is stored.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

Key = tuple[str, object, object]  # id of the conversation, direction, the app's key
_HALF = 8  # bytes of a digest in one number
_EDITED, _UNTYPED = 1, 2


class Target(NamedTuple):
    """A message that is quoted: its place as stored, what tells its sender from others, and its type as it is
    now."""

    table: str
    rowid: int
    sender: int
    message_type: int | None
    is_edited: bool


def digest_of(value: object) -> int:
    """A value as a number of 64 bits that tells it from others, the same in every run."""
    return int.from_bytes(_digest(value, _HALF), "big")


@lru_cache(maxsize=4096)
def sender_digest(sender: object) -> int:
    """The same of a sender: there are few, and they come again and again."""
    return digest_of(sender)


def _digest(value: object, size: int) -> bytes:
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=size).digest()


class Numbers:
    """A set of numbers of 64 bits, none below 0, in eight bytes each."""

    def __init__(self, values: Iterable[int]) -> None:
        self._values = array("Q", values)
        self._values = array("Q", sorted(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, value: int) -> bool:
        place = bisect_left(self._values, value)
        return place < len(self._values) and self._values[place] == value


class Targets:
    """Filled first, asked then: ``of`` after ``add`` sorts anew."""

    def __init__(self, tables: tuple[str, ...]) -> None:
        """``tables``: the names that targets may have."""
        self._tables = tables
        self._upper, self._lower = array("Q"), array("Q")  # the digest of the key
        self._rowids, self._senders, self._types = array("q"), array("Q"), array("q")
        self._places = bytearray()  # of the table, and the marks
        self._is_sorted = True

    def add(self, key: Key, target: Target) -> None:
        """A message that is quoted, with what quotes name it by."""
        whole = _digest(key, 2 * _HALF)
        self._upper.append(int.from_bytes(whole[:_HALF], "big"))
        self._lower.append(int.from_bytes(whole[_HALF:], "big"))
        self._rowids.append(target.rowid)
        self._senders.append(target.sender)
        self._types.append(target.message_type or 0)
        marks = _EDITED * target.is_edited + _UNTYPED * (target.message_type is None)
        self._places.append(self._tables.index(target.table) << 2 | marks)
        self._is_sorted = False

    def of(self, key: Key) -> list[Target]:
        """The messages that a quote names so, in the order in which they were added."""
        if not self._is_sorted:
            self._sort()
        whole = _digest(key, 2 * _HALF)
        upper, lower = int.from_bytes(whole[:_HALF], "big"), int.from_bytes(whole[_HALF:], "big")
        found = []
        place = bisect_left(self._upper, upper)
        while place < len(self._upper) and self._upper[place] == upper:
            if self._lower[place] == lower:
                found.append(self._at(place))
            place += 1
        return found

    def _at(self, place: int) -> Target:
        marks = self._places[place]
        return Target(
            table=self._tables[marks >> 2],
            rowid=self._rowids[place],
            sender=self._senders[place],
            message_type=None if marks & _UNTYPED else self._types[place],
            is_edited=bool(marks & _EDITED),
        )

    def _sort(self) -> None:
        """Of the same digest the first that was added stays the first."""
        order = array("q", sorted(range(len(self._upper)), key=self._upper.__getitem__))
        self._upper, self._lower, self._senders = (
            array("Q", map(column.__getitem__, order)) for column in (self._upper, self._lower, self._senders)
        )
        self._rowids, self._types = (
            array("q", map(column.__getitem__, order)) for column in (self._rowids, self._types)
        )
        self._places = bytearray(map(self._places.__getitem__, order))
        self._is_sorted = True
