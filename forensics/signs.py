"""Signs of several characters: a letter with its marks, an emoji sequence, a flag.

A page draws each with one font. Which characters belong together follows HarfBuzz (hb-ot-shape,
``hb_set_unicode_props``), the shaping engine that the typesetter follows too; a sign that no single font
covers would end up as a box, which PDF/A refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

Ranges = list[tuple[int, int]]
# Variation selectors, joiners and tags need no glyph of their own.
_NO_GLYPH = re.compile("[\u200c\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]")
_FOLLOWING_RANGES = ((0x200C, 0x200D), (0xFF9E, 0xFF9F), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F))


def _inside_class(ranges: Iterable[tuple[int, int]]) -> str:
    """Ranges of code points as the inside of a character class."""
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_OTHER_FOLLOWING = _inside_class(_FOLLOWING_RANGES)
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"


@lru_cache(maxsize=1)
def coverage() -> dict[str, Ranges]:
    """Code points as ranges: ``assigned``, ``drawn`` by some font."""
    found = _coverage_file()
    return {name: [(first, last) for first, last in found[name]] for name in ("drawn", "assigned")}


@lru_cache(maxsize=1)
def sign_pattern() -> re.Pattern[str]:
    """One whole sign: a character and all that belongs to it."""
    return re.compile(f"(?s:{_FLAG}|.(?:[{_marks()}{_OTHER_FOLLOWING}]|(?<=\u200d).)*)")


@lru_cache(maxsize=1)
def compound_pattern() -> re.Pattern[str]:
    """A sign of more than one character, or a mark that stands on nothing."""
    return re.compile(f"(?s:.(?:[{_marks()}{_OTHER_FOLLOWING}]|(?<=\u200d).)+|[{_marks()}])")


@lru_cache(maxsize=1)
def following_pattern() -> re.Pattern[str]:
    """A character that belongs to the one before it."""
    return re.compile(f"[{_marks()}{_OTHER_FOLLOWING}]")


@lru_cache(maxsize=65_536)
def is_drawable(sign: str) -> bool:
    """Whether one of the fonts that come with the program draws the whole sign."""
    needed = set(map(ord, _NO_GLYPH.sub("", sign)))
    return any(needed <= font for font in _fonts())


@lru_cache(maxsize=1)
def following_characters() -> frozenset[str]:
    """The characters of ``following_pattern``: to see that a text has none, thirty times as fast."""
    ranges: Ranges = [*_coverage_file()["marks"], *_FOLLOWING_RANGES]
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


def marked_pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each inside or outside the spans; no piece ends within a sign."""
    inside = bytearray(len(text))
    for start, end in spans:
        first, last = max(0, start), min(end, len(text))
        inside[first:last] = b"\1" * max(0, last - first)
    pieces: list[tuple[str, bool]] = []
    for sign in sign_pattern().finditer(text):
        is_marked = any(inside[sign.start() : sign.end()])
        if pieces and pieces[-1][1] == is_marked:
            pieces[-1] = (pieces[-1][0] + sign.group(), is_marked)
        else:
            pieces.append((sign.group(), is_marked))
    return pieces


def whole_signs(text: str, most: int) -> str:
    """The beginning of the text: at most ``most`` characters, and the rest of the sign that stands there."""
    if len(text) <= most:
        return text
    start = max(0, most - 32)
    for sign in sign_pattern().finditer(text, start, most + 32):
        if sign.end() >= most:
            return text[: sign.end()]
    return text[:most]


def _coverage_file() -> dict[str, Any]:
    text = (files("forensics") / "data" / "coverage.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@lru_cache(maxsize=1)
def _fonts() -> tuple[frozenset[int], ...]:
    """The code points of each font."""
    found: dict[str, Ranges] = _coverage_file()["fonts"]
    return tuple(
        frozenset(code for first, last in found[name] for code in range(first, last + 1))
        for name in sorted(found)
    )


@lru_cache(maxsize=1)
def _marks() -> str:
    """The combining marks (variation selectors among them), as the inside of a character class."""
    return _inside_class(_coverage_file()["marks"])
