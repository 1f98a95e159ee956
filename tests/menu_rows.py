"""What the grammar of menus reads in a text, as rows that a test can be held against."""

from __future__ import annotations

from functools import cache

from forensics.analysis.lexicon import Lexicon
from forensics.analysis.menu import read

Row = tuple[str | None, float | None, str | None, float | None, str | None]


@cache
def lexicon() -> Lexicon:
    """The built-in word list, read once."""
    return Lexicon.load()[0]


def rows_of(text: str) -> list[Row]:
    """Substance, quantity, unit, price and currency of each tier."""
    return [
        (t.term.entry.targets[0] if t.term else None, t.quantity, t.unit, t.price, t.currency)
        for t in read(text, lexicon()).tiers
    ]
