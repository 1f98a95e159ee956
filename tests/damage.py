"""Damage to the bytes of a file, drawn from a generator of random numbers: the same seed, the same damage."""

from __future__ import annotations

import random
import re

_SIZES = (2, 4, 8)
_EXTREMES = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_HEADERS = re.compile(rb"PK[\x01-\x08][\x02-\x08]|ustar|ANDROID|SQLite format")
_ENDS = 600  # bytes at either end in which containers say how large they are
_LONGEST = 5_000  # bytes of a part that is put in, removed or written twice
_SMALLEST = 20  # bytes that are worth damaging


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The data with one kind of damage; a few bytes more where there is hardly any."""
    if len(data) < _SMALLEST:
        return data + b"\xff\x01"
    changed = bytearray(data)
    while changed == data:
        chance.choice(_KINDS)(changed, chance)
    return bytes(changed)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _flipped(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _overwritten(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        _put_number(data, chance.randrange(len(data)), chance)


def _lying_at_an_end(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        away = chance.randrange(min(len(data), _ENDS))
        _put_number(data, chance.choice((away, len(data) - 1 - away)), chance)


def _lying_in_a_header(data: bytearray, chance: random.Random) -> None:
    places = [found.start() for found in _HEADERS.finditer(data)] or [0]
    for _ in range(chance.randrange(1, 4)):
        _put_number(data, chance.choice(places) + chance.randrange(4, 46), chance)


def _put_number(data: bytearray, at: int, chance: random.Random) -> None:
    size = chance.choice(_SIZES)
    value = chance.choice((*_EXTREMES, chance.randrange(1 << 16))) & (1 << 8 * size) - 1
    number = value.to_bytes(size, chance.choice(("little", "big")))
    data[at : at + size] = number[: max(len(data) - at, 0)]


def _more(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.randbytes(chance.randrange(1, _LONGEST))


def _removed(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randrange(1, _LONGEST)]


def _twice(data: bytearray, chance: random.Random) -> None:
    at, to = chance.randrange(len(data)), chance.randrange(len(data))
    data[to:to] = data[at : at + chance.randrange(1, _LONGEST)]


def _zeroed(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    part = data[at : at + chance.randrange(1, _LONGEST)]
    data[at : at + len(part)] = bytes(len(part))


_KINDS = (
    _cut,
    _flipped,
    _overwritten,
    _lying_at_an_end,
    _lying_in_a_header,
    _more,
    _removed,
    _twice,
    _zeroed,
)
