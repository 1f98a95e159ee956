"""The pieces of a line of goods: numbers, units, products, and the signs between them."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from forensics.analysis.lexicon import Term


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


# Words that join a measure to what it holds: "zakje van 3", "oz of weed".
HOLDING = frozenset({"van", "of", "von", "mit", "de", "di", "da", "a", "dyal"})
HOLDERS = frozenset({"pack", "box"})  # units that may hold an amount said beside them
THOUSAND = "k"  # the text of a number written with it: "2k"
PER = "per"  # the text of a price per unit that says so
ATOM_OF = partial(tuple.__new__, Atom)  # all seven fields as one tuple: half the time of Atom(...)
