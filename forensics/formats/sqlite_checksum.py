"""The checksum of a write-ahead log: over pairs of 32-bit words, each sum taking in the one before it.

Source: https://www.sqlite.org/fileformat2.html section 4.2. A pair (a, b) makes of the sums (s, t) the sums
(s + a + t, t + b + s + a + t), modulo 2**32: a linear step. So the pairs of a page can be put together by
halves, all of a level at once, as the lanes of one large integer.
"""

from __future__ import annotations

import struct
from functools import lru_cache

Sums = tuple[int, int]
_MASK = 0xFFFFFFFF
_LANE = 12  # bytes: two products of 32 bits each and what is added to them
_FEW = 256  # bytes, of which a plain loop is sooner done


def checksum(data: bytes, little_endian: bool, sums: Sums = (0, 0)) -> Sums:
    """The log's checksum over whole pairs of 32-bit words, going on from ``sums``."""
    if len(data) % 8:
        raise ValueError("the checksum is over whole pairs of words")
    return (_by_pairs if len(data) < _FEW else _by_halves)(data, little_endian, sums)


def _by_pairs(data: bytes, little_endian: bool, sums: Sums) -> Sums:
    first, second = sums
    for even, odd in struct.iter_unpack("<II" if little_endian else ">II", data):
        first = (first + even + second) & _MASK
        second = (second + odd + first) & _MASK
    return first, second


def _by_halves(data: bytes, little_endian: bool, sums: Sums) -> Sums:
    pairs = len(data) // 8
    lanes = 1 << (pairs - 1).bit_length()
    first, second = _lanes(data, 0, little_endian, lanes), _lanes(data, 4, little_endian, lanes)
    second += first
    for bits, low, mask, (a, b, c) in _levels(lanes):
        one, two = first & low, second & low  # the earlier half; pairs of zeros before the first add nothing
        first = (a * one + b * two + (first >> bits)) & mask
        second = (b * one + c * two + (second >> bits)) & mask
    a, b, c = _power(pairs)
    return (a * sums[0] + b * sums[1] + first) & _MASK, (b * sums[0] + c * sums[1] + second) & _MASK


def _lanes(data: bytes, start: int, little_endian: bool, lanes: int) -> int:
    """Every second word of the data, a lane each."""
    spread = bytearray(_LANE * lanes)
    room = _LANE * (lanes - len(data) // 8)
    for place in range(4):
        spread[room + place :: _LANE] = data[start + (place if little_endian else 3 - place) :: 8]
    return int.from_bytes(spread, "little")


@lru_cache(maxsize=32)
def _levels(lanes: int) -> list[tuple[int, int, int, tuple[int, int, int]]]:
    """For each level the bits of a half, the mask of its bits, that of its lanes, and its step."""
    found = []
    while lanes := lanes >> 1:
        bits = 8 * _LANE * lanes
        mask = int.from_bytes((b"\xff" * 4 + bytes(_LANE - 4)) * lanes, "little")
        found.append((bits, (1 << bits) - 1, mask, _power(lanes)))
    return found


@lru_cache(maxsize=64)
def _power(pairs: int) -> tuple[int, int, int]:
    """The step of so many pairs of zeros, a symmetric matrix: three Fibonacci numbers in a row."""
    one, two = 0, 1
    for _ in range(2 * pairs - 1):
        one, two = two, (one + two) & _MASK
    return one, two, (one + two) & _MASK
