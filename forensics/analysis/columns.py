"""Tables: a row of amounts, then rows of a product with as many prices."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import lt
from typing import NamedTuple

from forensics.analysis.atoms import Atom
from forensics.analysis.cursor import is_number
from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

_COLUMNS = 2  # amounts over the columns of a table
_BARE_COLUMNS = 3  # and over those of one without lines between the columns
_OUNCE = 28.0
_PARTING = frozenset("/|")
_DEAR = 5  # what a bare number over none is at least, to be a price
_OF_ROW = frozenset("QNMOB")


class Cell(NamedTuple):
    """An amount and its price; with a product where one stands over the column."""

    amount: Atom
    price: Atom
    term: Term | None = None


class Table:
    """The amounts or products over the columns, once their row was read."""

    def __init__(self) -> None:
        self._over: list[Atom] = []
        self._goods: tuple[Term, ...] = ()
        self._bars = 0
        self._is_open = False  # the line before is one of it
        self._paired = False  # a row was a product, its amount and its price: "Cali US | 3,5 | 60"

    def head(self, goods: Sequence[Term]) -> None:
        """Takes the products of a line that counts nothing as those over the columns."""
        self._goods = tuple(goods) if len({t.entry.targets for t in goods}) == len(goods) >= _COLUMNS else ()

    def put(self, sizes: Sequence[Atom]) -> None:
        """Takes the sizes that a line of nothing else names as those over the columns."""
        self._over, self._bars, self._goods = list(sizes), 0, ()

    def end(self) -> None:
        """Notes an empty line, below which another table may begin."""
        self._is_open = False

    def has_row(self, atoms: Sequence[Atom]) -> bool:
        """Whether the line is one more row right below, by its numbers: each more than the amount over it."""
        prices = [a.value for a in atoms if a.kind in "NM"]
        is_row = self._is_open and len(prices) == len(self._over)
        return is_row and all(over.value < price for over, price in zip(self._over, prices, strict=True))

    def read(self, atoms: Sequence[Atom], *, sizes: bool, over: bool = False) -> list[Cell] | None:
        """The cells of a row; none for the row over them; None where it is neither. ``sizes``: the line names
        nothing but units between bars or slashes; ``over``: the next line tells that it is of amounts.
        """
        cells = self._read(atoms, sizes=sizes, over=over)
        self._is_open = cells is not None
        return cells

    def _read(self, atoms: Sequence[Atom], *, sizes: bool, over: bool) -> list[Cell] | None:
        if self._goods and _is_row_of(atoms, len(self._goods)):
            amount, *prices = (a for a in atoms if a.kind in "QNM")
            of_row = zip(prices, self._goods, strict=True)
            return [Cell(amount._replace(kind="Q"), price, term) for price, term in of_row]
        atoms = _joined(atoms)
        bare = not self._are_sized() or any(a.kind in "QU" for a in atoms)
        amounts = (_all(atoms) if over and bare else None) or (
            _sizes(atoms) if sizes else self._amounts(atoms)
        )
        paired, self._paired = self._paired, self._paired or _is_pair_of_cells(atoms)
        if amounts is None or (paired and len(amounts) == _COLUMNS):
            return None
        if amounts:
            self._over, self._bars, self._goods = amounts, sum(a.kind == "B" for a in atoms), ()
            return []
        prices = self._prices(atoms)
        columns = self._columns(prices, atoms) if self._over else None
        return None if columns is None else list(map(Cell, columns, prices))

    def _are_sized(self) -> bool:
        """Whether the amounts over the columns have their units."""
        return bool(self._over) and all(a.unit for a in self._over)

    def _prices(self, atoms: Sequence[Atom]) -> list[Atom]:
        """The prices of a row; without a number of its product, where there is one more than columns."""
        prices = [a for a in atoms if a.kind in "NM"]
        of_name = [b for a, b in pairwise(atoms) if a.kind == "P" and b.kind == "N"]
        return prices[1:] if len(prices) == len(self._over) + 1 and prices[:1] == of_name else prices

    def _amounts(self, atoms: Sequence[Atom]) -> list[Atom] | None:
        """The amounts of a row of such; none where it can be one of prices; None where it is neither."""
        numbers = sum(a.kind == "N" for a in atoms)
        is_row = bool(self._over) and numbers in (len(self._over), len(self._over) + self._are_sized())
        is_row = is_row and any(a.kind in "WP" and a.text != "/" for a in atoms)
        amounts = _units(atoms) or ([] if is_row else _over_columns(atoms))
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
        dashed = _dashed(atoms)
        if len(dashed) == len(self._over):
            return [over for over, full in zip(self._over, dashed, strict=True) if full]
        lines = [a.start for a in atoms if a.kind == "B"][int(atoms[0].kind == "B") :]
        before = 0 if len(lines) == self._bars == len(self._over) - 1 else 1
        cells = [bisect_left(lines, price.start) - before for price in prices]
        apart = len(set(cells)) == len(cells) and len(lines) + 1 - before in (
            len(self._over),
            len(self._over) + 1,
        )
        fits = apart and min(cells) >= 0 and max(cells) < len(self._over)
        return [self._over[cell] for cell in cells] if fits else None


def _is_pair_of_cells(atoms: Sequence[Atom]) -> bool:
    """Whether a row is a product and two numbers, with lines between: its amount and its price."""
    kinds = "".join(a.kind for a in atoms if a.kind in "PQNMB")
    return kinds.strip("B") in ("PBNBN", "PBNBM")


def _dashed(atoms: Sequence[Atom]) -> list[bool]:
    """Of each cell of a row without lines between the columns whether it holds a price and no dash: "poes -
    20"; none where the row holds anything else.
    """
    named = next((place for place, a in enumerate(atoms) if a.kind not in "PW"), len(atoms))
    cells = atoms[named:]
    if any(a.kind not in "NM" and a.text != "-" for a in cells):
        return []
    apart = [a for before, a in zip([None, *cells], cells, strict=False) if not _goes_on(before, a)]
    return [a.kind in "NM" for a in apart]


def _goes_on(before: Atom | None, atom: Atom) -> bool:
    """Whether two dashes stand for one empty cell: "--"."""
    return before is not None and before.text == atom.text == "-" and before.end == atom.start


def _all(atoms: Sequence[Atom]) -> list[Atom]:
    """The numbers of a line as amounts, of the one unit that it names if any."""
    unit = next((a.unit for a in atoms if a.kind in "UQ"), None)
    return [a if a.kind == "Q" else a._replace(kind="Q", unit=unit) for a in atoms if a.kind in "QN"]


def _is_row_of(atoms: Sequence[Atom], columns: int) -> bool:
    """Whether a line is an amount and so many prices: "2 | €95 | €38" below the names of two drugs."""
    kinds = [a.kind for a in atoms if a.kind in "QNM"]
    bare = kinds[1:] in (["N"] * columns, ["M"] * columns) and kinds[0] in "QN"
    return bare and all(a.kind in _OF_ROW or a.text == "/" for a in atoms)


def _joined(atoms: Sequence[Atom]) -> Sequence[Atom]:
    """A row of numbers with units as amounts, also where a unit was read as that of the next one."""
    places = {place for place, (a, b) in enumerate(pairwise(atoms)) if (a.kind, b.kind) == ("N", "U")}
    numbers = {place for place, a in enumerate(atoms) if a.kind == "N"}
    if not places or places != numbers or any(a.kind not in "QNUOB" and a.text != "/" for a in atoms):
        return atoms
    if "Q" not in {a.kind for a in atoms}:
        return atoms
    amounts = {
        place: atoms[place]._replace(kind="Q", value=atoms[place].value * unit.value, unit=unit.unit)
        for place in places
        for unit in atoms[place + 1 : place + 2]
    }
    return [amounts.get(place, a) for place, a in enumerate(atoms) if place - 1 not in places]


def are_sizes(line: Sequence[Token]) -> bool:
    """Whether a line names units or shares between bars or slashes and no number: "Q / half / oz"."""
    parted = sum(t.text in _PARTING for t in line)
    if not parted or any(t.kind == "n" for t in line):
        return False
    words = vocabulary()
    sizes = sum(words.counts(t.text) or t.text in words.shares for t in line)
    return sizes >= _COLUMNS and parted >= sizes - 1


def stands_over(line: Sequence[Token], following: Sequence[Token], *, named: bool) -> bool:
    """Whether a line is of amounts, and the next of a name with as many prices, each more than its amount:
    "Weed 3.5g / 7g / 14g" over "Gelato 35 / 65 / 120". ``named``: a product stands in it, so the amounts have
    their units, or are few and broken or parted by bars.
    """
    words = vocabulary()
    sizes, prices = ([number(t.text) or 0 for t in part if is_number(t)] for part in (line, following))
    if len(sizes) < _BARE_COLUMNS or not is_row_below(following, len(sizes)):
        return False
    units = sum(words.counts(t.text) for t in line)
    if any(t.text in words.currencies for t in line) or units not in (0, 1, len(sizes) - 1, len(sizes)):
        return False
    rising = all(a < b for each in (sizes, prices) for a, b in pairwise(each))
    said = sum(t.kind == "w" and t.text not in words.fillers for t in line) - units
    apart = said <= 1 and all(map(_is_of_head, line))
    return (
        rising
        and apart
        and all(map(lt, sizes, prices))
        and (units == len(sizes) or (prices[0] >= _DEAR and (not named or _are_of_head(sizes, line))))
    )


def _are_of_head(sizes: Sequence[float], line: Sequence[Token]) -> bool:
    """Whether bare numbers beside a product are amounts, no prices of it: they begin with few, and one is
    broken or bars stand between them ("Weed | 3.5 | 7 | 14", "🍃 3.5 7 14").
    """
    barred = sum(t.text == "|" for t in line) >= len(sizes) - 1
    return sizes[0] < _DEAR and (any(size % 1 for size in sizes) or (barred and sizes[0] <= 1))


def is_row_below(line: Sequence[Token], columns: int) -> bool:
    """Whether a line opens with a word or emoji and so many numbers follow, each a price if anything."""
    words = vocabulary()
    numbers = [place for place, t in enumerate(line) if is_number(t)]
    if len(numbers) != columns or numbers[0] == 0:
        return False
    behind = line[numbers[0] :]
    return not any(words.counts(t.text) or t.text in words.equals or t.text == "(" for t in behind)


def _is_of_head(token: Token) -> bool:
    return token.text not in "+=" and token.text not in vocabulary().equals


def _units(atoms: Sequence[Atom]) -> list[Atom]:
    """The amounts of a row; where nothing else stands in it, a unit alone is one too: "1g 3.5g 7g oz"."""
    counted = [a for a in atoms if a.kind == "Q"]
    bare = len(counted) >= _COLUMNS and all(a.kind in "QUB" for a in atoms)
    return [a._replace(kind="Q") for a in atoms if a.kind != "B"] if bare else counted


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
    if len(named) == 1 and atoms[0].term is named[0] and not named[0].entry.term[0].isalnum():
        return sum(a.kind == "Q" for a in atoms) > _COLUMNS  # an emoji for what all rows are of
    return all(is_unspecified(t) or (barred and t.entry.grade == 1 and len(named) == 1) for t in named)
