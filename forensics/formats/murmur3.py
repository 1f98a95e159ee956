"""MurmurHash3 for x86, 32 bits: a checksum, no digest.

Source: Austin Appleby's reference (smhasher, public domain), by its published constants.
"""

from __future__ import annotations

import struct

_MASK = 0xFFFFFFFF
_FIRST, _SECOND = 0xCC9E2D51, 0x1B873593
_MULTIPLIER, _ADDEND = 5, 0xE6546B64
_BLOCK = 4


def murmur3(data: bytes, seed: int) -> int:
    """The hash as a signed 32-bit number; ``seed`` is taken modulo 2**32."""
    state = seed & _MASK
    whole = len(data) // _BLOCK * _BLOCK
    for (block,) in struct.iter_unpack("<I", data[:whole]):
        state = _turn(state ^ _mixed(block), 13) * _MULTIPLIER + _ADDEND & _MASK
    state ^= _mixed(int.from_bytes(data[whole:], "little")) ^ len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        state = (state ^ state >> shift) * factor & _MASK
    state ^= state >> 16
    return state - (1 << 32) if state >> 31 else state


def _mixed(block: int) -> int:
    return _turn(block * _FIRST & _MASK, 15) * _SECOND & _MASK


def _turn(value: int, by: int) -> int:
    return (value << by | value >> (32 - by)) & _MASK
