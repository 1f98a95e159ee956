"""Whether bytes that decode as text look written by someone: in UTF-16 nearly all bytes decode."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SMALLEST, _LARGEST = 1e-12, 1e18
_COMMON, _EAST_ASIAN = -1, -2
_MOST_LOOKED_AT = 400
ALL_SCRIPTS = frozenset({_EAST_ASIAN, *range(3, 0x1F0)})


@lru_cache(maxsize=4096)
def script_of(letter: str) -> int:
    """The script of a character, roughly: those that texts of every language hold are one."""
    number = ord(letter)
    if number < 0x300 or 0x2000 <= number < 0x2C00 or 0xFE00 <= number < 0xFE10 or number >= 0x1F000:
        return _COMMON
    if 0x3000 <= number < 0xA000:
        return _EAST_ASIAN
    return number >> 8


def scripts_of(texts: Iterable[str]) -> frozenset[int]:
    """The scripts of texts, without the one that stands in every text."""
    return frozenset(script_of(letter) for text in texts for letter in text[:_MOST_LOOKED_AT]) - {_COMMON}


def has_control(data: bytes) -> bool:
    """Whether ASCII holds a character that no text has."""
    return _CONTROL_BYTES.search(data) is not None


def is_written(text: str, scripts: frozenset[int] | None) -> bool:
    """Whether a text holds no control or unassigned character, and no script but those of the table's other
    rows; of a table without rows (None) at most one."""
    if _CONTROL.search(text):
        return False
    if text.isascii():
        return True
    text = text[:_MOST_LOOKED_AT]
    if any(unicodedata.category(letter) in ("Cn", "Co", "Cs") for letter in text):
        return False
    found = scripts_of([text])
    return found <= scripts if scripts is not None else len(found) <= 1


def is_measured(data: bytes) -> bool:
    """Whether eight bytes are a real number within all measure."""
    (real,) = struct.unpack(">d", data)
    return not real or _SMALLEST < abs(real) < _LARGEST
