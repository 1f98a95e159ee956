"""The pieces of a line of goods: numbers, units, products, and the signs between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token


class Atom(NamedTuple):
    """One piece of a line: P product, Q quantity, N bare number, M money, S strength, U unit alone, R price
    per unit, E equals, T times, B boundary, C plus, F fee, W word, X a number that counts nothing for
    sale.
    """

    kind: str
    start: int
    end: int
    value: float = 0.0
    unit: str | None = None  # of M: the currency
    term: Term | None = None
    text: str = ""


# What stands from a place on as it is meant, and how many atoms it takes; None where it is as it stands.
Rewriting = Callable[[Sequence[Atom], int], tuple[list[Atom], int] | None]

# Words that join a measure to what it holds: "zakje van 3", "oz of weed".
HOLDING = frozenset({"van", "of", "von", "mit", "de", "di", "da", "a", "dyal"})
HOLDERS = frozenset({"pack", "box"})  # units that may hold an amount said beside them
THOUSAND = "k"  # the text of a number written with it: "2k"
PER = "per"  # the text of a price per unit that says so
ATOM_OF = partial(tuple.__new__, Atom)  # all seven fields as one tuple: half the time of Atom(...)
_STRONG = frozenset("|;•")  # signs that end what was said before


def word_of(token: Token) -> Atom:
    """A word of a line that names neither goods nor an amount."""
    return ATOM_OF(("W", token.start, token.end, 0.0, None, None, token.text))


def sign_of(token: Token) -> Atom:
    """A sign or anything else of a line that is no word."""
    text, start, end, kind, *_ = token
    if kind == "s":
        if text in _STRONG:
            return Atom("B", start, end, text=text)
        if text == "+":
            return Atom("C", start, end)
    return ATOM_OF(("W" if text in "/~" else "O", start, end, 0.0, None, None, text))


def rewritten(atoms: Sequence[Atom], rewritings: Sequence[Rewriting]) -> list[Atom]:
    """The atoms as the first rewriting that says anything has them, at each place."""
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        read = next(filter(None, (each(atoms, place) for each in rewritings)), None)
        made, used = read or ([atoms[place]], 1)
        found += made
        place += used
    return found
