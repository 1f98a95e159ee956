"""Tables: a row of amounts, then rows of a product with as many prices."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_COLUMNS = 2  # amounts over the columns of a table
_BARE_COLUMNS = 3  # and over those of one without lines between the columns
_OUNCE = 28.0
_PARTING = frozenset("/|")


class Table:
    """The amounts over the columns, once their row was read."""

    def __init__(self) -> None:
        self._over: list[Atom] = []
        self._bars = 0

    def read(self, atoms: Sequence[Atom], *, sizes: bool) -> list[tuple[Atom, Atom]] | None:
        """Amount and price of each cell of a row; none for the row over them; None where it is neither.
        ``sizes``: the line names nothing but units between bars or slashes.
        """
        over = _sizes(atoms) if sizes else self._amounts(atoms)
        if over is None:
            return None
        if over:
            self._over, self._bars = over, sum(a.kind == "B" for a in atoms)
            return []
        prices = [a for a in atoms if a.kind in "NM"]
        columns = self._columns(prices, atoms) if self._over else None
        return None if columns is None else list(zip(columns, prices, strict=True))

    def _amounts(self, atoms: Sequence[Atom]) -> list[Atom] | None:
        """The amounts of a row of such; none where it can be one of prices; None where it is neither."""
        is_row = bool(self._over) and sum(a.kind == "N" for a in atoms) == len(self._over)
        is_row = is_row and any(a.kind in "WP" and a.text != "/" for a in atoms)
        amounts = [a for a in atoms if a.kind == "Q"] or ([] if is_row else _over_columns(atoms))
        if len(amounts) < _COLUMNS:
            return None if amounts or not self._over else []
        spots = {(a.start, a.end) for a in amounts}
        prices = [a for a in atoms if a.kind in "NM" and (a.start, a.end) not in spots]
        named = [a.term for a in atoms if a.kind == "P" and a.term]
        return amounts if not prices and _is_over_columns(named, atoms) else None

    def _columns(self, prices: Sequence[Atom], atoms: Sequence[Atom]) -> list[Atom] | None:
        """The amount over each price of a row; of one with fewer prices than columns, by the lines before
        each ("wit | 60 | - | 280"). None where the row is none of the table.
        """
        if len(prices) == len(self._over):
            return list(self._over)
        empty = sum(a.kind == "O" for a in atoms)
        if not prices or len(prices) > len(self._over) or empty < len(self._over) - len(prices):
            return None
        lines = [a.start for a in atoms if a.kind == "B"][int(atoms[0].kind == "B") :]
        before = 0 if len(lines) == self._bars == len(self._over) - 1 else 1
        cells = [bisect_left(lines, price.start) - before for price in prices]
        apart = len(set(cells)) == len(cells) and len(lines) + 1 - before in (
            len(self._over),
            len(self._over) + 1,
        )
        fits = apart and min(cells) >= 0 and max(cells) < len(self._over)
        return [self._over[cell] for cell in cells] if fits else None


def are_sizes(line: Sequence[Token]) -> bool:
    """Whether a line names units or shares between bars or slashes and no number: "Q / half / oz"."""
    parted = sum(t.text in _PARTING for t in line)
    if not parted or any(t.kind == "n" for t in line):
        return False
    words = vocabulary()
    sizes = sum(words.counts(t.text) or t.text in words.shares for t in line)
    return sizes >= _COLUMNS and parted >= sizes - 1


def _sizes(atoms: Sequence[Atom]) -> list[Atom] | None:
    """Such units as amounts; a share is one of the ounce that follows."""
    shares = vocabulary().shares
    sizes = [
        a if a.kind in "UQRN" else a._replace(kind="N", value=shares[a.text]) for a in atoms if _is_size(a)
    ]
    if len(sizes) < _COLUMNS or any(a.kind == "M" or (a.kind == "N" and a.value > 1) for a in atoms):
        return None
    found: list[Atom] = []
    for size, following in zip(sizes, [*sizes[1:], None], strict=True):
        ounce = following is not None and following.value == _OUNCE and size.kind == "N"
        value = size.value * _OUNCE if ounce else size.value
        found.append(size._replace(kind="Q", value=value, unit="g" if ounce else size.unit))
    return found


def _is_size(atom: Atom) -> bool:
    return atom.kind in "UQRN" or (atom.kind == "W" and atom.text in vocabulary().shares)


def _over_columns(atoms: Sequence[Atom]) -> list[Atom]:
    """The numbers of a row of a table that are the amounts over its columns: rising, and nothing else beside
    them but signs between the columns and words.
    """
    numbers = [a for a in atoms if a.kind == "N"]
    if len(numbers) < _COLUMNS:
        return []
    rising = all(before.value < after.value for before, after in pairwise(numbers))
    parted = sum(a.kind == "B" for a in atoms) >= len(numbers)
    parted = parted or (len(numbers) >= _BARE_COLUMNS and _are_slashed(atoms))
    parted = parted or len(atoms) == len(numbers) >= _BARE_COLUMNS
    if not rising or not parted or any(a.kind not in "NBWP" for a in atoms):
        return []
    if any(a.term and not is_unspecified(a.term) for a in atoms):
        return []
    return [a._replace(kind="Q", unit=None) for a in numbers]


def _are_slashed(atoms: Sequence[Atom]) -> bool:
    """Whether a line says that prices are per amounts with slashes between: "price per 1/2/5/10"."""
    first = next(place for place, a in enumerate(atoms) if a.kind == "N")
    numbers = sum(a.kind == "N" for a in atoms)
    says = any(a.text in vocabulary().per and a.text.isalpha() for a in atoms[:first])
    return says and all(a.text == "/" for a in atoms[first + 1 : first + 2 * numbers - 1 : 2])


def _is_over_columns(named: Sequence[Term], atoms: Sequence[Atom]) -> bool:
    """Whether the products named in a row of amounts are none: words for any drug, or an ordinary word over
    columns with lines between them ("Sorte | 10g | 50g").
    """
    barred = sum(a.kind == "B" for a in atoms) >= _COLUMNS
    return all(is_unspecified(t) or (barred and t.entry.grade == 1 and len(named) == 1) for t in named)
