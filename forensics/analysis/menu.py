"""Lines of goods with amounts and prices, parsed into one tier per price.

The grammar is that of price lists as people send them: one product a line or several, tiers parted by
anything, a product above its tiers, prices per unit, "50 = 1" turned round, columns of amounts over
columns of prices.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from forensics.analysis.amounts import LineReader
from forensics.analysis.atoms import Atom
from forensics.analysis.compounds import split
from forensics.analysis.cursor import is_numeral, opens_line
from forensics.analysis.disguised import plain_amounts
from forensics.analysis.each import of_each
from forensics.analysis.elsewhere import named_elsewhere, sure_of_gas
from forensics.analysis.fees import without_fees
from forensics.analysis.gifts import with_gifts
from forensics.analysis.letters import LETTERS, with_letters
from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.marks import without_marks
from forensics.analysis.names import agreed
from forensics.analysis.packs import in_kilos, in_packs, without_bags, without_sizes
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.rows import (
    emblems_counted,
    multiplied,
    pieces_priced,
    prices_last,
    products_first,
    products_last,
)
from forensics.analysis.series import are_districts, in_pairs
from forensics.analysis.text import Token, fold, tokenize
from forensics.analysis.tier import PIECES, Tier
from forensics.analysis.tiers import LineTiers
from forensics.analysis.vocabulary import vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message as tokens, terms and tiers."""

    text: str
    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]
    tiers: tuple[Tier, ...]
    lines: int


def read(text: str, lexicon: Lexicon) -> Reading:
    """Tokens, drug terms and tiers of a message."""
    folded = fold(text)
    tokens = split(tokenize(folded), lexicon.first_words)
    terms = lexicon.find(tokens)
    plain = plain_amounts(tokens, terms)
    if plain is not None:
        tokens, terms = plain, lexicon.find(plain)
    terms = with_letters(_positioned(terms, tokens), tokens, lexicon)
    reader = _Tiers(tokens, terms, lexicon)
    tiers = reader.read()
    terms, tiers = sure_of_gas(terms, tiers)
    return Reading(
        text=text,
        tokens=tuple(tokens),
        terms=tuple(terms),
        tiers=tuple(named_elsewhere(_one_currency(tiers, reader.currencies), terms, tokens)),
        lines=reader.lines,
    )


def _positioned(terms: Sequence[Term], tokens: Sequence[Token]) -> list[Term]:
    """Without single letters that do not open a line: "k" and "g" mean too much elsewhere."""
    return [
        t
        for t in terms
        if t.end - t.start > 1
        or t.entry.grade > 1
        or opens_line(t.first, tokens)
        or not t.entry.term.isalpha()
    ]


def _one_currency(tiers: list[Tier], named: set[str]) -> list[Tier]:
    """A message that names one currency means it for every price in it (the contract: null where the text has
    none)."""
    if len(named) != 1:
        return tiers
    (currency,) = named
    return [replace(t, currency=currency) if t.price is not None or t.bundled else t for t in tiers]


_SIGNS = frozenset("€$£")
_NAMED = frozenset(
    {"eur", "euro", "euros", "gbp", "usd", "dollars", "aud", "pln", "zl", "lei", "tl", "mad", "dh"}
)
_COLUMNS = 2  # amounts over the columns of a table
_LONGEST_SUM = 5  # tokens of a line that is a price
_BARE_COLUMNS = 3  # and over those of one without lines between the columns


class _Tiers:
    """Walks the lines of a message; a product without amounts is the heading of the lines below it."""

    def __init__(self, tokens: Sequence[Token], terms: Sequence[Term], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._terms = terms
        self._lexicon = lexicon
        self._words = vocabulary()
        self._heading: Term | None = None
        self._is_heading = False
        self._table: list[Atom] = []
        self._inverted = False
        self.currencies: set[str] = set()
        self.lines = 0

    def read(self) -> list[Tier]:
        """The tiers of all lines; a line that counts nothing has none, and is at most a heading."""
        tiers: list[Tier] = []
        first = 0
        ends = [i for i, t in enumerate(self._tokens) if t.kind == "l"]
        for after in [*ends, len(self._tokens)]:
            if after > first and self._goes_on(first, after):
                continue
            if after > first:
                self.lines += 1
                product = self._product_of(first, after)
                self.currencies.update(self._signs(first, after))
                if self._counts(first, after, sells=product is not None):
                    tiers.extend(self._line(first, after))
                elif product:
                    self._take_heading(first, after, product)
            first = after + 1
        return tiers

    def _heads(self) -> bool:
        """Whether the line above is the heading of one with words of its own: the name of a drug, no emoji
        or ordinary word that may stand there for anything.
        """
        return self._is_heading and self._heading is not None and self._heading.entry.grade > 1

    def _goes_on(self, first: int, after: int) -> bool:
        """Whether a line ends in an amount and the next is its price and nothing else."""
        tokens, money = self._tokens, self._words.currencies
        if after + 1 >= len(tokens) or not self._words.counts(tokens[after - 1].text):
            return False
        if any(t.text in money or t.kind == "l" for t in tokens[first:after]):
            return False
        ahead = tokens[after + 1 : after + 2 + _LONGEST_SUM]
        end = next((place for place, t in enumerate(ahead) if t.kind == "l"), len(ahead))
        line = ahead[:end]
        numbers = sum(t.kind == "n" for t in line)
        signs = any(t.text in money for t in line)
        return (
            0 < end <= _LONGEST_SUM
            and numbers == 1
            and signs
            and all(t.kind == "n" or t.text in money or t.text in ",.-=:>" for t in line)
        )

    def _product_of(self, first: int, after: int) -> Term | None:
        return next(iter(self._terms_in(first, after)), None)

    def _terms_in(self, first: int, after: int) -> Sequence[Term]:
        low, high = (bisect_left(self._terms, place, key=lambda t: t.first) for place in (first, after))
        return self._terms[low:high]

    def _take_heading(self, first: int, after: int, product: Term) -> None:
        """A line that names a product and counts nothing heads those below it."""
        if not (self._is_heading and is_unspecified(product)):
            self._heading, self._is_heading = self._heading_of(first, after), True

    def _heading_of(self, first: int, after: int) -> Term:
        """The surest product that a line names; two words for the same one make each other sure."""
        terms = self._terms_in(first, after)
        best = max(terms, key=lambda t: t.entry.grade)
        words = {t.entry.term for t in terms if t.entry.targets[0] == best.entry.targets[0]}
        if best.entry.grade == 1 and len(words) > 1:
            return best._replace(entry=best.entry._replace(grade=2))
        return best

    def _signs(self, first: int, after: int) -> set[str]:
        """The currencies that a line without a number names: "| what | amount | € |", "prices in euro"."""
        line = self._tokens[first:after]
        if any(t.kind == "n" for t in line):
            return set()
        return {self._words.currencies[t.text] for t in line if t.text in _SIGNS | _NAMED}

    def _counts(self, first: int, after: int, *, sells: bool) -> bool:
        """Whether the line may hold an amount or a price. A word for a number counts beside one for money, a
        measure or an equals sign, and a measure beside a product; else they are words as others: "at six",
        "the keys".
        """
        words, tokens = self._words, self._tokens
        for place in range(first, after):
            token = tokens[place]
            text = token.text
            if text in words.counting or text == "~" or (not text.isalpha() and is_numeral(token)):
                return True
            if text in words.measures and (sells or (text in words.spelled and self._beside(place))):
                return True
        return False

    def _beside(self, place: int) -> bool:
        """Whether the words beside a word for a number make it one of an amount or a price."""
        words, tokens = self._words, self._tokens
        ahead = place + 1 < len(tokens) and tokens[place + 1].text in words.countable
        return ahead or (place > 0 and tokens[place - 1].text in words.equals)

    def _line(self, first: int, after: int) -> list[Tier]:
        atoms = LineReader(self._tokens, self._terms, first, after).read()
        self.currencies.update(a.unit for a in atoms if a.kind == "M" and a.unit)
        atoms = of_each(with_gifts(without_marks(without_fees(atoms))))
        if sum(a.kind == "P" for a in atoms) > 1:
            atoms = agreed(atoms)
            atoms = products_last(products_first(atoms))
        if not self._heads() and are_districts(atoms):
            return []
        atoms = in_pairs(
            without_sizes(in_packs(in_kilos(_in_order(without_bags(atoms)), self._unit_of), self._unit_of))
        )
        atoms = emblems_counted(atoms)
        rows = self._columns(atoms)
        if rows is not None:
            return rows
        products = [a for a in atoms if a.kind == "P"]
        own = [a.term for a in products if a.term]
        strong = [a.term for a in products if a.term and a.unit != "also"]
        name = _unknown_name(atoms)
        carried = self._heading if not strong and (self._heads() or not name) else None
        line = LineTiers(self.lines, self._unit_of, name, carried, inverted=self._inverted)
        found = line.read(atoms)
        self._inverted = line.inverted
        if found:
            if name and not strong and not (self._heading and self._is_heading):
                self._heading = None
        elif own:
            self._take_heading(first, after, own[0])
        if found and strong:
            self._heading, self._is_heading = strong[-1], False
        return found

    def _columns(self, atoms: Sequence[Atom]) -> list[Tier] | None:
        """A table: a row of amounts, then rows of a product with as many prices."""
        is_row = bool(self._table) and sum(a.kind == "N" for a in atoms) == len(self._table)
        is_row = is_row and any(a.kind in "WP" and a.text != "/" for a in atoms)
        amounts = [a for a in atoms if a.kind == "Q"] or ([] if is_row else _over_columns(atoms))
        if len(amounts) < _COLUMNS and (amounts or not self._table):
            return None
        spots = {(a.start, a.end) for a in amounts}
        prices = [a for a in atoms if a.kind in "NM" and (a.start, a.end) not in spots]
        named = [a.term for a in atoms if a.kind == "P" and a.term]
        if len(amounts) >= _COLUMNS and not prices and _is_over_columns(named, atoms):
            self._table = amounts
            return []
        columns = _columns_of(prices, atoms, self._table) if self._table and not amounts else None
        if columns is None:
            return None
        line = LineTiers(
            self.lines, self._unit_of, _unknown_name(atoms), None, product=named[0] if named else None
        )
        for amount, price in zip(columns, prices, strict=True):
            line.emit(amount.value, amount.unit, price, price)
        return line.named()

    def _unit_of(self, term: Term | None) -> str | None:
        if term is None:
            return None
        if not PIECES.isdisjoint(term.entry.term.split(" ")):
            return "piece"
        return self._lexicon.substances[term.entry.targets[0]].unit or None


def _in_order(atoms: list[Atom]) -> list[Atom]:
    """The atoms with amounts before their prices, where the line tells that they are otherwise."""
    kinds = {atom.kind for atom in atoms}
    if "Q" in kinds:
        atoms = pieces_priced(atoms)
    if "M" in kinds:
        atoms = prices_last(atoms)
    return multiplied(atoms) if "T" in kinds else atoms


def _columns_of(prices: Sequence[Atom], atoms: Sequence[Atom], table: Sequence[Atom]) -> list[Atom] | None:
    """The amount over each price of a row; of one with fewer prices than columns, by the lines before each
    ("wit | 60 | - | 280"). None where the row is none of the table.
    """
    if len(prices) == len(table):
        return list(table)
    if not prices or len(prices) > len(table) or sum(a.kind == "O" for a in atoms) < len(table) - len(prices):
        return None
    lines = [a.start for a in atoms if a.kind == "B"][int(atoms[0].kind == "B") :]
    cells = [sum(start < price.start for start in lines) - 1 for price in prices]
    apart = len(set(cells)) == len(cells) and len(lines) in (len(table), len(table) + 1)
    return [table[cell] for cell in cells] if apart and min(cells) >= 0 and max(cells) < len(table) else None


def _over_columns(atoms: Sequence[Atom]) -> list[Atom]:
    """The numbers of a row of a table that are the amounts over its columns: rising, and nothing else beside
    them but signs between the columns and words.
    """
    numbers = [a for a in atoms if a.kind == "N"]
    if len(numbers) < _COLUMNS:
        return []
    rising = all(before.value < after.value for before, after in pairwise(numbers))
    parted = sum(a.kind == "B" for a in atoms) >= len(numbers)
    parted = parted or len(atoms) == len(numbers) >= _BARE_COLUMNS
    if not rising or not parted or any(a.kind not in "NBWP" for a in atoms):
        return []
    if any(a.term and not is_unspecified(a.term) for a in atoms):
        return []
    return [a._replace(kind="Q", unit=None) for a in numbers]


def _is_over_columns(named: Sequence[Term], atoms: Sequence[Atom]) -> bool:
    """Whether the products named in a row of amounts are none: words for any drug, or an ordinary word over
    columns with lines between them ("Sorte | 10g | 50g").
    """
    barred = sum(a.kind == "B" for a in atoms) >= _COLUMNS
    return all(is_unspecified(t) or (barred and t.entry.grade == 1 and len(named) == 1) for t in named)


def _unknown_name(atoms: Sequence[Atom]) -> str:
    """The words before the first amount of a line."""
    words: list[str] = []
    fillers = vocabulary().fillers
    for atom in atoms:
        if atom.kind in "QNMS":
            break
        word = atom.text if atom.kind == "W" and atom.text not in fillers and atom.text.isalpha() else ""
        if len(word) > 1 or (word in LETTERS and atom is atoms[0]):
            words.append(word)
    return " ".join(words)
