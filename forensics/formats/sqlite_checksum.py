"""The checksum of a write-ahead log: over pairs of 32-bit words, each sum taking in the one before it.

Source: https://www.sqlite.org/fileformat2.html section 4.2. A pair (a, b) makes of the sums (s, t) the sums
(s + a + t, t + b + s + a + t), modulo 2**32: what a frame adds does not depend on what stood before, and the
start grows by Fibonacci's numbers. So the frames of a batch are summed side by side, one in each 40 bits of a
large integer, and chained afterwards; in Python that is many times as fast as one after the other. With numpy
(extra ``speed``) each sum is its words times Fibonacci's numbers, which is many times as fast again.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final

Sums = tuple[int, int]
_MASK: Final = 0xFFFFFFFF
_WORD, _LANE = 4, 5  # bytes of a word; of a frame's sum, which may exceed 32 bits for a while
# In so many pairs of steps, of words and sums below 2^32, a sum stays below 143 times that (Fibonacci).
_PAIRS = 4
# Bytes from which on numpy is worth its loading (a tenth of a second, once).
_LEAST = 1 << 19


def checksum(data: bytes, little_endian: bool, sums: Sums = (0, 0)) -> Sums:
    """The log's checksum over whole pairs of 32-bit words, going on from ``sums``; for many frames see
    ``frame_sums``."""
    if len(data) % 8:
        raise ValueError("the checksum is over whole pairs of words")
    first, second = sums
    for even, odd in struct.iter_unpack("<II" if little_endian else ">II", data):
        first = (first + even + second) & _MASK
        second = (second + odd + first) & _MASK
    return first, second


def frame_sums(frames: Sequence[bytes], little_endian: bool) -> list[Sums]:
    """The checksum of each of these equally long parts of a log (whole pairs of words), from zero."""
    if not frames:
        return []
    numpy = _numpy() if len(frames) * len(frames[0]) >= _LEAST else None
    if numpy is None:
        return side_by_side(frames, little_endian)
    return weighted(numpy, frames, little_endian)


def weighted(numpy: ModuleType, frames: Sequence[bytes], little_endian: bool) -> list[Sums]:
    """The same as sums of words times Fibonacci's numbers; 32 unsigned bits are kept of each, as there."""
    stored = numpy.frombuffer(b"".join(frames), dtype="<u4" if little_endian else ">u4")
    words = stored.reshape(len(frames), -1).astype(numpy.uint32, copy=False)
    found: list[list[int]] = numpy.einsum("ij,kj->ki", words, _weights(words.shape[1])).tolist()
    return list(zip(*found, strict=True))


def side_by_side(frames: Sequence[bytes], little_endian: bool) -> list[Sums]:
    """The same in large integers: what is done where numpy is not installed."""
    columns = _columns(frames, little_endian)
    row = _LANE * len(frames)
    mask = int.from_bytes(_MASK.to_bytes(_LANE, "little") * len(frames), "little")
    first = second = 0
    for start in range(0, len(columns), 2 * row * _PAIRS):
        for at in range(start, min(start + 2 * row * _PAIRS, len(columns)), 2 * row):
            first += second + int.from_bytes(columns[at : at + row], "little")
            second += first + int.from_bytes(columns[at + row : at + 2 * row], "little")
        first &= mask
        second &= mask
    return list(zip(*(_lanes(each, len(frames)) for each in (first, second)), strict=True))


def _columns(frames: Sequence[bytes], little_endian: bool) -> bytearray:
    """The first words of all frames, then the second ones, each in a lane, its lowest byte first."""
    row = _LANE * len(frames)
    columns = bytearray(len(frames[0]) // _WORD * row)
    for lane, frame in enumerate(frames):
        for place in range(_WORD):
            stored = place if little_endian else _WORD - 1 - place
            columns[lane * _LANE + place :: row] = frame[stored::_WORD]
    return columns


def _lanes(sums: int, count: int) -> tuple[int, ...]:
    data = sums.to_bytes(_LANE * count, "little")
    return tuple(int.from_bytes(data[at : at + _LANE], "little") for at in range(0, len(data), _LANE))


def chained(sums: Sums, frame: Sums, length: int) -> Sums:
    """The checksum after a frame of so many bytes, whose own one from zero is known."""
    before, steps, beyond = _fibonacci(length // _WORD)
    first, second = sums
    return (
        before * first + steps * second + frame[0] & _MASK,
        steps * first + beyond * second + frame[1] & _MASK,
    )


@lru_cache(maxsize=64)
def _fibonacci(steps: int) -> tuple[int, int, int]:
    """Fibonacci's numbers around that one, modulo 2^32."""
    before, this = 1, 0
    for _ in range(steps):
        before, this = this, before + this & _MASK
    return before, this, before + this & _MASK


@lru_cache(maxsize=8)
def _weights(count: int) -> Any:  # an array of numpy, which is not always there
    """How often each of so many words is in the first and in the second sum: Fibonacci's numbers, the last
    word 0 times and once."""
    numbers = [0, 1]
    for _ in range(count):
        numbers.append(numbers[-2] + numbers[-1] & _MASK)
    return import_module("numpy").array([numbers[count - 1 :: -1], numbers[count:0:-1]], dtype="u4")


@lru_cache(maxsize=1)
def _numpy() -> ModuleType | None:
    try:
        return import_module("numpy")
    except ImportError:
        return None
