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
from forensics.analysis.letters import LETTERS, with_letters
from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.packs import in_packs, without_sizes
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.rows import multiplied, products_first, products_last
from forensics.analysis.series import are_districts, in_pairs
from forensics.analysis.text import Token, fold, tokenize
from forensics.analysis.tier import GAS, PIECES, Tier, in_tanks
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
    terms, tiers = _sure_of_gas(terms, tiers)
    return Reading(
        text=text,
        tokens=tuple(tokens),
        terms=tuple(terms),
        tiers=tuple(_named_elsewhere(_one_currency(tiers, reader.currencies), terms, tokens)),
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
    return [replace(t, currency=currency) if t.price is not None else t for t in tiers]


def _named_elsewhere(tiers: list[Tier], terms: Sequence[Term], tokens: Sequence[Token]) -> list[Tier]:
    """The tiers with what another line says of their product."""
    return _of_strains(_of_footer(_of_gas(tiers, terms), terms, tokens), terms)


def _of_footer(tiers: list[Tier], terms: Sequence[Term], tokens: Sequence[Token]) -> list[Tier]:
    """Amounts without a product are of the one that a line behind them names for all: "All hash"."""
    if sum(t.price is not None for t in tiers) < _WORDS or any(t.term or t.name for t in tiers):
        return tiers
    behind = [t for t in terms if t.start >= tiers[-1].end]
    named = [t for t in behind if t.entry.grade > 1 or (t.first and tokens[t.first - 1].text in _ALL)]
    if len({t.entry.targets[0] for t in named}) != 1 or is_unspecified(named[0]):
        return tiers
    return [replace(t, term=named[0], inherited=True) for t in tiers]


def _of_strains(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """What is weighed beside cannabis is no syrup and holds no tobacco: "Purple 5g", "vape pens 1g"."""
    cannabis = next((t for t in terms if t.entry.targets[0] == "cannabis" and t.entry.grade > 1), None)
    if cannabis is None:
        return tiers
    return [replace(t, term=_strain(t.term, cannabis)) if t.term and t.unit == "g" else t for t in tiers]


def _strain(term: Term, cannabis: Term) -> Term:
    targets = {_SYRUP: cannabis.entry.targets, _VAPES: _OF_VAPES}.get(term.entry.targets[0])
    if targets is None or term.entry.grade > _STREET:
        return term
    return term._replace(entry=term.entry._replace(targets=targets))


def _of_gas(tiers: list[Tier], terms: Sequence[Term]) -> list[Tier]:
    """Tanks of no named product hold the gas that the message names elsewhere."""
    gas = next((t for t in terms if t.entry.targets[0] == GAS and t.entry.grade > 1), None)
    if gas is not None:
        tiers = [replace(t, term=gas, inherited=True, tank=True) if _is_tank(t) else t for t in tiers]
    sizes = {_grams(t) for t in tiers if _is_gas(t) and t.price and t.unit in ("g", "kg")}
    return [in_tanks(t, sized=len(sizes) > 1) if t.tank and _is_gas(t) else t for t in tiers]


def _is_gas(tier: Tier) -> bool:
    return tier.term is not None and tier.term.entry.targets[0] == GAS


def _grams(tier: Tier) -> float:
    return (tier.quantity or 0.0) * (1000 if tier.unit == "kg" else 1)


def _sure_of_gas(terms: list[Term], tiers: list[Tier]) -> tuple[list[Term], list[Tier]]:
    """Ordinary words for the gas and its tanks make each other sure in a list of such weights with prices."""
    words = {t.entry.term for t in terms if t.entry.targets[0] == GAS}
    priced = [t for t in tiers if t.price and _is_gas(t)]
    weighed = sum(t.unit in ("kg", "tank") or (t.unit == "g" and _grams(t) > _CARTRIDGE) for t in priced)
    if len(words) < _WORDS or weighed < _WORDS:
        return terms, tiers
    return [_sure(t) for t in terms], [replace(t, term=_sure(t.term)) if t.term else t for t in tiers]


def _sure(term: Term) -> Term:
    if term.entry.targets[0] != GAS or term.entry.grade > 1:
        return term
    return term._replace(entry=term.entry._replace(grade=2))


def _is_tank(tier: Tier) -> bool:
    return tier.term is None and (tier.unit == "tank" or "tank" in tier.name.split(" "))


_WORDS = 2  # for the gas, and weights of it, in a list of tanks
_EXTRA = frozenset({"extra", "erbij", "korting", "rabatt"})
_ALL = frozenset({"all", "alleen", "alles", "only", "nur", "solo", "tout", "toute", "tutto", "todo", "tudo"})
_SYRUP, _VAPES, _OF_VAPES = "lean", "tobacco-vapes", ("thc",)
_STREET = 2  # the grade of a name that may mean something else
_CARTRIDGE = 100  # grams; tanks hold more
_SIGNS = frozenset("€$£")
_BACK = 8  # atoms looked back from a smallest sum to what it is of
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
        """The currencies whose sign heads a column, in a line without a number: "| what | amount | € |"."""
        line = self._tokens[first:after]
        if any(t.kind == "n" for t in line):
            return set()
        return {
            self._words.currencies[t.text]
            for t in line
            if t.text in _SIGNS and t.text in self._words.currencies
        }

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
        atoms = _without_extra(_without_least(_without_fees(atoms)))
        if sum(a.kind == "P" for a in atoms) > 1:
            atoms = products_last(products_first(atoms))
        if not self._heads() and are_districts(atoms):
            return []
        atoms = multiplied(atoms)
        atoms = in_pairs(without_sizes(in_packs(atoms, self._unit_of)))
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


def _without_fees(atoms: list[Atom]) -> list[Atom]:
    """Without the amounts that belong to a delivery fee, a deposit or a smallest order."""
    if not any(a.kind == "F" for a in atoms):
        return atoms
    kept: list[Atom] = []
    after_fee = False
    for place, atom in enumerate(atoms):
        if atom.kind == "F":
            if not after_fee and not any(a.kind in "QNM" for a in atoms[place + 1 :]):
                _drop_fee_before(kept)
            after_fee = True
        elif atom.kind in "PB":
            after_fee = False
        if not (after_fee and atom.kind in "QNMSU"):
            kept.append(atom)
    return kept


def _without_least(atoms: list[Atom]) -> list[Atom]:
    """Without an amount that is only the smallest one sold: "vanaf 5g" without a price; nor the sum from
    which something else holds: "Raum Kleve, ab 50€ gratis".
    """
    least = vocabulary().least
    if not any(a.text in least for a in atoms):
        return atoms
    kept: list[Atom] = []
    for place, atom in enumerate(atoms):
        following = atoms[place + 1].kind if place + 1 < len(atoms) else ""
        is_least = bool(kept) and kept[-1].text in least and following not in tuple("NMERT")
        numbers = [a.kind for a in kept[-_BACK:] if a.kind in "NMRP"]
        is_sum = is_least and atom.kind == "N" and (numbers[-1:] == ["R"] or not numbers)
        is_sum = is_sum or (is_least and atom.kind == "M" and _is_said(kept[-_BACK:-1]))
        if is_sum or (is_least and atom.kind == "Q"):
            continue
        kept.append(atom)
    return kept


def _is_said(before: Sequence[Atom]) -> bool:
    """Whether words and no goods stand right before."""
    last = next((a for a in reversed(before) if a.kind != "O"), None)
    return last is None or (last.kind == "W" and last.text.isalpha())


def _without_extra(atoms: list[Atom]) -> list[Atom]:
    """Without a sum that comes on top: "2 euro extra"."""
    return [a for a, behind in zip(atoms, [*atoms[1:], None], strict=True) if not _is_extra(a, behind)]


def _is_extra(atom: Atom, behind: Atom | None) -> bool:
    return atom.kind == "M" and behind is not None and behind.text in _EXTRA


def _drop_fee_before(kept: list[Atom]) -> None:
    """Takes away the sum right before a fee word ("5 euro bezorgkosten") when it is no price of an amount."""
    if not kept or kept[-1].kind not in "NM":
        return
    before = kept[-2].kind if len(kept) > 1 else ""
    if before not in ("Q", "T", "P", "S", "U", "E"):
        kept.pop()
