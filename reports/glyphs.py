"""The characters that a report shows as tokens such as ⟨U+202E⟩: invisible, or drawn by no font."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from forensics.textual import visible
from reports.blocks import Row

_TOKEN = re.compile("⟨U\\+([0-9A-F]{4,6})⟩")


def tokens(texts: Iterable[str]) -> Counter[int]:
    """In how many of the texts each character stands that is printed as a token."""
    found: Counter[int] = Counter()
    for text in texts:
        if text.isascii() and text.isprintable():
            continue
        shown = visible(text, printed=True)
        if "⟨U+" in shown:
            here = Counter(_TOKEN.findall(shown)) - Counter(_TOKEN.findall(text))  # one may have typed it
            found.update(int(code, 16) for code in here)
    return found


def token_rows(found: Counter[int]) -> list[Row]:
    """Rows: token, Unicode name or category, number of texts; those in most texts first."""
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [(f"⟨U+{code:04X}⟩", _name(chr(code)), str(count)) for code, count in ordered]


def _name(character: str) -> str:
    return unicodedata.name(character, "") or f"({unicodedata.category(character)})"
