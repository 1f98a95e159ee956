"""Text of unknown origin made safe to print: what cannot be seen becomes a visible token such as ⟨U+202E⟩.

The raw text stays in the data files. Rules: domain page on court reports, section 6, rules 1 to 3; PDF/A-2a
and PDF/UA-1 refuse NUL, U+FEFF, private-use code points and characters without a glyph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from forensics.signs import compound_pattern, coverage, following_characters, following_pattern, is_drawable

_JOINER, _NON_JOINER = 0x200D, 0x200C
_VARIATION = frozenset((0xFE0E, 0xFE0F))
# First strong isolate and its end: put around the parts of a joined text (Unicode annex 9).
_ISOLATE, _END = "\u2068", "\u2069"
_TAGS = range(0xE0020, 0xE0080)
_TAG_END = 0xE007F
_BLACK_FLAG = 0x1F3F4
# Zero-width and bidirectional controls: never printed as they are (Unicode 15, sections 23.2 and 23.3).
_INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE0FFF),
)
_ASCII_SUSPECT = re.compile(r"[^\t\n -~]")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}

Ranges = Iterable[tuple[int, int]]


class Joined(str):
    """Several texts in one line, each in its own direction; it is also their plain text."""

    parts: tuple[str, ...]
    separator: str


def written(number: float) -> str:
    """A number of goods or of money in digits, however large; a whole one without a point."""
    return f"{number:.15g}"


def joined(*parts: str | None, separator: str = " · ") -> Joined:
    """The texts that are not empty in one line, so that no right-to-left name turns its neighbours around."""
    kept = tuple(part for part in parts if part)
    line = Joined(separator.join(kept))
    line.parts, line.separator = kept, separator
    return line


def visible(text: str, *, printed: bool = False, refused: frozenset[str] = frozenset()) -> str:
    """The text with every character that could not be seen as a token; CR LF becomes LF.

    ``printed``: also what no shipped font draws (a PDF); ``refused``: further characters to show as tokens.
    """
    if not refused and text.isascii() and text.isprintable():
        return str(text)
    if isinstance(text, Joined):
        if not refused and all(map(str.isascii, text.parts)) and all(map(str.isprintable, text.parts)):
            return str(text)  # most, a million times in a report
        shown = (visible(part, printed=printed, refused=refused) for part in text.parts)
        return text.separator.join(each if each.isascii() else f"{_ISOLATE}{each}{_END}" for each in shown)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if refused:
        text = "".join(token(character) if character in refused else character for character in text)
    if text.isascii():
        return text if text.isprintable() else _ASCII_SUSPECT.sub(_shown, text)
    found = _suspect(printed).sub(_shown, text)
    if not printed or following_characters().isdisjoint(found):
        return found
    return compound_pattern().sub(_drawable, found)


def token(character: str) -> str:
    """The visible token of one character, such as ⟨U+202E⟩."""
    return f"⟨U+{ord(character):04X}⟩"


def direction(text: str) -> str:
    """``ltr`` or ``rtl``: that of the first strong character, ``ltr`` without one and for joined texts."""
    return "ltr" if isinstance(text, Joined) or text.isascii() else _direction(text)


@lru_cache(maxsize=4096)
def _direction(text: str) -> str:
    classes = (_STRONG.get(unicodedata.bidirectional(character)) for character in text)
    return next((found for found in classes if found), "ltr")


def code_points(text: str) -> str:
    """Non-ASCII characters (but €) in words, as ``U+1F600 GRINNING FACE``, each once, in order."""
    seen = dict.fromkeys(character for character in text if ord(character) > 0x7F and character != "€")
    return ", ".join(f"U+{ord(each):04X} {unicodedata.name(each, '')}".rstrip() for each in seen)


@lru_cache(maxsize=2)
def _suspect(printed: bool) -> re.Pattern[str]:
    known = coverage()["drawn"] + ([] if printed else coverage()["assigned"])
    plain = "".join(_character_class(first, last) for first, last in _without(known, _INVISIBLE))
    return re.compile(f"[^\\t\\n{plain}]")


def _character_class(first: int, last: int) -> str:
    return f"\\U{first:08x}" if first == last else f"\\U{first:08x}-\\U{last:08x}"


def _without(ranges: Ranges, holes: Ranges) -> list[tuple[int, int]]:
    """The ranges from U+0020, merged, minus the holes and the C1 controls; private use is a hole too."""
    holes = [*holes, (0, 0x1F), (0x7F, 0x9F), (0xE000, 0xF8FF), (0xF0000, 0x10FFFF)]
    kept: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if kept and first <= kept[-1][1] + 1:
            kept[-1] = (kept[-1][0], max(last, kept[-1][1]))
        else:
            kept.append((first, last))
    return [part for first, last in kept for part in _around(first, last, sorted(holes))]


def _around(first: int, last: int, holes: Ranges) -> Iterator[tuple[int, int]]:
    """What is left of a range beside the holes, which are sorted."""
    for start, end in holes:
        if end >= first and start <= last:
            if first < start:
                yield first, start - 1
            first = end + 1
    if first <= last:
        yield first, last


def _drawable(match: re.Match[str]) -> str:
    """The sign; tokens for a mark that stands on nothing, and for all but the first if no font draws it."""
    sign = match.group()
    kept = 0 if unicodedata.category(sign[0])[0] == "M" else 1
    if kept and is_drawable(sign):
        return sign
    return sign[:kept] + "".join(
        token(each) if following_pattern().match(each) else each for each in sign[kept:]
    )


def _shown(match: re.Match[str]) -> str:
    character, text, place = match.group(), match.string, match.start()
    return character if _belongs(ord(character), text, place) else token(character)


def _belongs(code: int, text: str, place: int) -> bool:
    """Whether an invisible character is part of a visible sign: emoji sequences and joining scripts."""
    before = ord(text[place - 1]) if place else 0
    after = ord(text[place + 1]) if place + 1 < len(text) else 0
    if code in _VARIATION:
        return _is_pictorial(before) or chr(before) in "0123456789#*"
    if code == _JOINER and (before in _VARIATION or _is_pictorial(before)):
        return _is_pictorial(after)
    if code in (_JOINER, _NON_JOINER):
        return _is_joining(before) and _is_joining(after)
    return code in _TAGS and _is_flag(text, place)


def _is_pictorial(code: int) -> bool:
    """Blocks that hold emoji: arrows to miscellaneous symbols, and the pictographs from U+1F000."""
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2190 <= code <= 0x2BFF
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _is_joining(code: int) -> bool:
    """Arabic to Myanmar: scripts in which a joiner or non-joiner is ordinary spelling."""
    return 0x0600 <= code <= 0x109F


def _is_flag(text: str, place: int) -> bool:
    """Whether the tag character stands in a closed sequence that begins with a black flag."""
    start, end = place, place
    while start and ord(text[start]) in _TAGS:
        start -= 1
    while end < len(text) - 1 and ord(text[end]) in _TAGS and ord(text[end]) != _TAG_END:
        end += 1
    return ord(text[start]) == _BLACK_FLAG and ord(text[end]) == _TAG_END and end - start <= 8
