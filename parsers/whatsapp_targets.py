"""The messages that some row quotes, by conversation, direction and the app's key, in 41 bytes each.

A phone may quote a million of its messages: they are held as numbers in arrays, in the order of a digest of
128 bits, and the keys that quotes name as numbers too, so that memory hardly grows with the evidence.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from heapq import merge
from itertools import groupby
from typing import NamedTuple

Key = tuple[str, object, object]  # id of the conversation, direction, the app's key
_HALF = 8  # bytes of a digest in one number
_LONGEST_KEPT = 128  # letters of a sender whose digest is kept
_EDITED, _UNTYPED = 1, 2
_PART = 1 << 16  # what is sorted at once: objects, of which there are never more


class Target(NamedTuple):
    """A message that is quoted: its place as stored, and its type as it is now."""

    table: str
    rowid: int
    message_type: int | None
    is_edited: bool


def digest_of(*values: object) -> int:
    """Values as a number of 64 bits that tells them from others but for what somebody makes to be alike; 1.0
    is 1."""
    return int.from_bytes(_digest(values, _HALF), "big")


def _digest(values: Iterable[object], size: int) -> bytes:
    return blake2b(b"".join(map(_marked, values)), digest_size=size).digest()


def _marked(value: object) -> bytes:
    """A value as bytes that no other value has, nor values behind each other."""
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        return b"s%d:%b" % (len(data), data)
    if isinstance(value, bytes):
        return b"b%d:%b" % (len(value), value)
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    return b"%b;" % repr(number).encode("ascii")


class Numbers:
    """A set of whole numbers of 64 bits in eight bytes each. ``kind``: ``q`` where some are below 0."""

    def __init__(self, values: Iterable[int], kind: str = "Q") -> None:
        given = array(kind, values)
        parts = (array(kind, sorted(given[at : at + _PART])) for at in range(0, len(given), _PART))
        self._values = array(kind, (each for each, _same in groupby(merge(*parts))))

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, value: int) -> bool:
        place = bisect_left(self._values, value)
        return place < len(self._values) and self._values[place] == value


class Targets:
    """Filled first, asked then: ``find`` after ``add`` sorts anew. However many messages bear one key, each
    question takes a few steps."""

    def __init__(self, tables: tuple[str, ...]) -> None:
        """``tables``: the names that targets may have, the one that goes before the others first."""
        self._tables = tables
        self._upper, self._lower = array("Q"), array("Q")  # the digest of the key
        self._rowids, self._senders, self._types = array("q"), array("Q"), array("q")
        self._places = bytearray()  # of the table, and the marks
        self._is_sorted = True
        # there are few senders, and they come again and again
        self._kept_digest = lru_cache(maxsize=4096, typed=True)(digest_of)

    def add(self, key: Key, sender: object, target: Target) -> None:
        """A message that is quoted, with what quotes name it by."""
        upper, lower = _halves(key)
        self._upper.append(upper)
        self._lower.append(lower)
        self._rowids.append(target.rowid)
        self._senders.append(self._sender(sender))
        self._types.append(target.message_type or 0)
        marks = _EDITED * target.is_edited + _UNTYPED * (target.message_type is None)
        self._places.append(self._tables.index(target.table) << 2 | marks)
        self._is_sorted = False

    def find(self, key: Key, sender: object) -> Target | None:
        """The message that a quote names so: of those in several tables one of the first; of several there
        the one of the sender that was added first, None where none is the sender's."""
        if not self._is_sorted:
            self._sort()
        upper, lower = _halves(key)
        some = range(bisect_left(self._upper, upper), bisect_right(self._upper, upper))
        some = _equal(some, self._lower.__getitem__, lower)
        if some:
            some = _equal(some, self._table, self._table(some[0]))
        if len(some) > 1:
            some = _equal(some, self._senders.__getitem__, self._sender(sender))
        return self._at(some[0]) if some else None

    def _sender(self, sender: object) -> int:
        is_long = isinstance(sender, (str, bytes)) and len(sender) > _LONGEST_KEPT
        return digest_of(sender) if is_long else self._kept_digest(sender)

    def _table(self, place: int) -> int:
        return self._places[place] >> 2

    def _at(self, place: int) -> Target:
        marks = self._places[place]
        return Target(
            table=self._tables[marks >> 2],
            rowid=self._rowids[place],
            message_type=None if marks & _UNTYPED else self._types[place],
            is_edited=bool(marks & _EDITED),
        )

    def _sort(self) -> None:
        """By key, table and sender; of the same the first that was added stays the first."""
        by = self._upper.__getitem__
        size = len(self._upper)
        parts = (array("q", sorted(range(at, min(at + _PART, size)), key=by)) for at in range(0, size, _PART))
        order = array("q", merge(*parts, key=by))
        for start, end in _repeated(map(by, order)):
            order[start:end] = array("q", sorted(order[start:end], key=self._within))
        self._upper, self._lower, self._senders = (
            array("Q", map(column.__getitem__, order)) for column in (self._upper, self._lower, self._senders)
        )
        self._rowids, self._types = (
            array("q", map(column.__getitem__, order)) for column in (self._rowids, self._types)
        )
        self._places = bytearray(map(self._places.__getitem__, order))
        self._is_sorted = True

    def _within(self, place: int) -> tuple[int, int, int]:
        return self._lower[place], self._table(place), self._senders[place]


def _halves(key: Key) -> tuple[int, int]:
    whole = _digest(key, 2 * _HALF)
    return int.from_bytes(whole[:_HALF], "big"), int.from_bytes(whole[_HALF:], "big")


def _equal(places: range, value_at: Callable[[int], int], value: int) -> range:
    """Those of places in rising order of a value that have this one."""
    first = bisect_left(places, value, key=value_at)
    return places[first : bisect_right(places, value, lo=first, key=value_at)]


def _repeated(values: Iterable[int]) -> Iterator[tuple[int, int]]:
    """From where on, and up to before where, sorted values are the same more than once."""
    start = 0
    for _value, same in groupby(values):
        end = start + sum(1 for _each in same)
        if end - start > 1:
            yield start, end
        start = end
