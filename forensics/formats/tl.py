"""TL, the type language of MTProto: its primitives as bytes -> values.

Source: core.telegram.org/mtproto/serialize. Numbers are little-endian, everything is a multiple of four
bytes long, and nothing says what it is but the constructor ids. What a constructor's fields are is known
from a schema, which is the business of whoever reads an app's data.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

VECTOR = 0x1CB5C415
BOOL_TRUE = 0x997275B5
BOOL_FALSE = 0xBC799737
# struct formats of the types that have one size
FIXED = {"int": "i", "#": "I", "long": "q", "double": "d", "int128": "16s", "int256": "32s"}
# From 254 bytes on a length takes four bytes; 255 is reserved.
_LONG_LENGTH, _RESERVED = 254, 255

_word = struct.Struct("<I")


class TlError(ValueError):
    """The bytes are not what the type asks for. ``offset`` is where; ``constructor`` the id that is not
    known, if that is what is wrong."""

    def __init__(self, text: str, offset: int, constructor: int | None = None) -> None:
        super().__init__(f"{text} at offset {offset}")
        self.offset = offset
        self.constructor = constructor


class DamagedText(NamedTuple):
    """A string that is not valid UTF-8: where its bytes start, and they."""

    offset: int
    raw: bytes


def word(data: bytes, at: int) -> int:
    """The unsigned 32-bit number at ``at``: a constructor id, a count."""
    if len(data) - at < 4:
        raise TlError(f"4 bytes expected, {max(0, len(data) - at)} are there", at)
    number: int = _word.unpack_from(data, at)[0]
    return number


def bytes_span(data: bytes, at: int) -> tuple[int, int, int]:
    """Where the bytes of the ``bytes`` or ``string`` at ``at`` start and end, and where the next value is."""
    if at >= len(data):
        raise TlError("a string expected, nothing is there", at)
    length, start = data[at], at + 1
    if length >= _LONG_LENGTH:
        if length == _RESERVED:
            raise TlError("a string's length is given as 255, which is reserved", at)
        length, start = word(data, at) >> 8, at + 4
    end = start + length
    following = end + (-(end - at) & 3)
    if following > len(data):
        raise TlError(f"a string of {length} bytes expected, {len(data) - start} bytes are there", at)
    return start, end, following


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """The ``bytes`` at ``at``, and where the next value is."""
    start, end, following = bytes_span(data, at)
    return data[start:end], following


def read_string(data: bytes, at: int, damaged: list[DamagedText]) -> tuple[str, int]:
    """The ``string`` at ``at``, and where the next value is; bytes that are not valid UTF-8 become U+FFFD and
    are added to ``damaged``."""
    start, end, following = bytes_span(data, at)
    raw = data[start:end]
    try:
        return raw.decode(), following
    except UnicodeDecodeError:
        damaged.append(DamagedText(start, raw))
        return raw.decode("utf-8", "replace"), following


def read_bool(data: bytes, at: int) -> tuple[bool, int]:
    """The ``Bool`` at ``at``, and where the next value is."""
    number = word(data, at)
    if number not in (BOOL_TRUE, BOOL_FALSE):
        raise TlError(f"a Bool expected, {number:#010x} is there", at, number)
    return number == BOOL_TRUE, at + 4


def vector_count(data: bytes, at: int, least: int) -> tuple[int, int]:
    """How many items the vector at ``at`` has and where the first one is. ``least`` is the smallest size of
    an item in bytes: a count that cannot be is refused before anything is made of it."""
    number = word(data, at)
    if number != VECTOR:
        raise TlError(f"a vector expected, {number:#010x} is there", at, number)
    count, start = word(data, at + 4), at + 8
    if count * least > len(data) - start:
        raise TlError(f"a vector of {count} items expected, {len(data) - start} bytes are there", at)
    return count, start
