"""Digests of rows, eight bytes each, and a compact set of them: which were found, found twice, or are live.

A row is known by the bytes of its record, so that equal rows have equal keys wherever they were found. With
eight bytes, one of a hundred million rows is taken for a live one by chance once in ten thousand databases.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b

from forensics.formats.sqlite_recovery_record import Found, write_payload
from forensics.formats.sqlite_recovery_serial import Types, sizes
from forensics.formats.sqlite_recovery_template import Template

_NONE: array[int] = array("Q")
MOST_COUNTED = 255
_GLIMPSE = 8  # bytes of an incomplete row's values by which it is compared with whole ones


_HIGH = bytes(range(128, 256))


def plain_columns(payload: bytes) -> int:
    """How many values a record has: each serial type ends with its only byte below 128. 0 for a record
    whose header is longer than its first byte can say."""
    size = payload[0] if payload else 0
    return len(payload[1:size].translate(None, _HIGH)) if size < 128 else 0


def _key(kind: bytes, table: int, *parts: bytes) -> int:
    digest = blake2b(kind + table.to_bytes(4, "big"), digest_size=8)
    for part in parts:
        digest.update(part)
    return int.from_bytes(digest.digest(), "big")


def content_key(table: int, payload: bytes) -> int:
    """The key of a row by its values, without its row id."""
    return _key(b"c", table, payload)


def full_key(table: int, payload: bytes, rowid: int) -> int:
    """The key of a row whose id is one of its columns."""
    return _key(b"f", table, rowid.to_bytes(8, "big", signed=True), payload)


def identity_key(table: int, types: Types, body: bytes) -> int:
    """The key of a row WITHOUT ROWID by its primary key's values."""
    return _key(b"i", table, write_payload(types, body))


def glimpse_key(table: int, first: int, types: Types, body: bytes) -> int | None:
    """The key of a row by its types from column ``first`` on and the first bytes there; None where too few
    of them are left to compare."""
    widths = sizes(types) or ()
    rest = body[sum(widths[:first]) :]
    whole = sum(widths[first:])
    if len(rest) < min(_GLIMPSE, whole):
        return None
    return _key(b"g", table, bytes([first]), write_payload(types[first:], rest[:_GLIMPSE]))


def first_certain(found: Found) -> int:
    """The first column from which on an incomplete row can be compared."""
    return max(found.lost, default=-1) + 1


def normal_payload(template: Template | None, types: Types, body: bytes) -> bytes:
    """A record's bytes with the columns that it lacks filled up with their defaults."""
    if template is None or len(types) == len(template.stored):
        return write_payload(types, body)
    full, added = template.padded(types)
    return write_payload(full, body + added)


class KeySet:
    """Keys, kept sorted in eight bytes each; after ``freeze`` each can be asked for and marked."""

    def __init__(self) -> None:
        self._buckets: dict[int, array[int]] = {}
        self._counts: dict[int, bytearray] = {}
        self._marked: dict[int, bytearray] = {}

    def add(self, key: int) -> None:
        bucket = self._buckets.get(key >> 56)
        if bucket is None:
            bucket = self._buckets[key >> 56] = array("Q")
        bucket.append(key)

    def freeze(self) -> None:
        """Sorts the keys and counts how often each was added."""
        for at, bucket in self._buckets.items():
            unique, counts = array("Q"), bytearray()
            for key in sorted(bucket):
                if unique and unique[-1] == key:
                    counts[-1] = min(counts[-1] + 1, MOST_COUNTED)
                else:
                    unique.append(key)
                    counts.append(1)
            self._buckets[at] = unique
            self._counts[at] = counts
            self._marked[at] = bytearray(len(unique))

    def _place(self, key: int) -> int | None:
        bucket = self._buckets.get(key >> 56, _NONE)
        at = bisect_left(bucket, key)
        return at if at < len(bucket) and bucket[at] == key else None

    def mark(self, key: int) -> None:
        """Notes that a live row has this key."""
        at = self._place(key)
        if at is not None:
            self._marked[key >> 56][at] = 1

    def is_marked(self, keys: Iterable[int]) -> bool:
        """Whether a live row has any of these keys."""
        places = ((key >> 56, self._place(key)) for key in keys)
        return any(at is not None and self._marked[bucket][at] for bucket, at in places)

    def count(self, key: int) -> int:
        """How often a key was added; MOST_COUNTED for that and more."""
        at = self._place(key)
        return 0 if at is None else self._counts[key >> 56][at]
