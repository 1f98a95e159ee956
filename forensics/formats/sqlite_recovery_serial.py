"""Serial types by the row: the bytes that values take, and the kinds of values, with as few steps as can be.

Source: https://www.sqlite.org/fileformat2.html section 2.1. Every record that is looked at passes here, so
types below 128, which take one byte of a header, are looked up as bytes.
"""

from __future__ import annotations

from functools import lru_cache

Types = tuple[int, ...]
WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # of the integers that take bytes
_SMALL = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
_ONE_BYTE = bytes(_SMALL[serial] if serial < 12 else (serial - 12) // 2 for serial in range(256))
_KINDS = bytes(serial if serial < 12 else 12 + serial % 2 for serial in range(256))
_MEANINGLESS = frozenset((10, 11))
_LIMITS = tuple((serial, 1 << (8 * width - 1)) for serial, width in WIDTHS.items())


def kind_of(serial: int) -> int:
    """The serial type of a number; 12 for every BLOB, 13 for every text."""
    return serial if serial < 12 else 12 + serial % 2


def kinds_of(types: Types) -> bytes:
    """The kind of every value, a byte each."""
    try:
        return bytes(types).translate(_KINDS)
    except ValueError:  # a type above 255: bytes hold none
        return bytes(map(kind_of, types))


@lru_cache(maxsize=1024)  # a record's types are asked for several times in a row
def sizes(types: Types) -> Types | None:
    """The bytes that each value takes; None when a type has no meaning."""
    if not _MEANINGLESS.isdisjoint(types):
        return None
    try:
        return tuple(bytes(types).translate(_ONE_BYTE))
    except ValueError:
        return None if min(types) < 0 else tuple(map(width_of, types))


def width_of(serial: int) -> int:
    """The bytes that a value of this serial type takes."""
    return _SMALL[serial] if serial < 12 else (serial - 12) >> 1


def header_widths(header: bytes) -> bytes | None:
    """The bytes that each value takes, by a header's types of one byte each; None when one has no meaning."""
    return None if b"\x0a" in header or b"\x0b" in header else header.translate(_ONE_BYTE)


def narrowest(number: int, small_constants: bool) -> int:
    """The serial type by which SQLite stores an integer."""
    if small_constants and 0 <= number <= 1:
        return 8 + number
    for serial, limit in _LIMITS:
        if -limit <= number < limit:
            return serial
    return 6
