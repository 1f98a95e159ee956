"""Lines of goods with amounts and prices, parsed into one item per price tier.

The grammar is that of price lists as people send them: one product a line or several, tiers parted by anything,
a product above its tiers, prices per unit, "50 = 1" turned round, columns of amounts over columns of prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forensics.analysis.amounts import Atom, LineReader, split
from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.text import Folded, Token, fold, tokenize

_FILLERS = frozenset(
    """de het een the a an of en and y et und i e met with per p voor for vanaf v va from nu now ook also nog only
    alleen maar price prijs prijzen each stuk gratis nieuw new top beste kwaliteit weer op euro ik je doe mij me
    wil graag neem kan mag heb got get take want need please pls ja ok oke nee dan is die dat""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One amount of one product for one price; any of them may be unsaid."""

    term: Term | None
    name: str  # the words of an unknown product
    quantity: float | None
    unit: str | None
    price: float | None
    currency: str | None
    start: int
    end: int
    line: int
    written: bool = False  # the unit is written, not taken from the kind of product
    inherited: bool = False  # the product stands on an earlier line


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message as tokens, terms and tiers."""

    text: str
    folded: Folded
    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]
    tiers: tuple[Tier, ...]
    lines: int


def read(text: str, lexicon: Lexicon) -> Reading:
    """Tokens, drug terms and tiers of a message."""
    folded = fold(text)
    tokens = split(tokenize(folded), lexicon.first_words)
    terms = lexicon.find(tokens)
    reader = _Tiers(text, tokens, terms, lexicon)
    tiers = reader.read()
    return Reading(
        text=text,
        folded=folded,
        tokens=tuple(tokens),
        terms=tuple(_positioned(terms, tokens)),
        tiers=tuple(_one_currency(tiers, reader.currencies)),
        lines=reader.lines,
    )


def _positioned(terms: Sequence[Term], tokens: Sequence[Token]) -> list[Term]:
    """Without single letters that do not open a line: "k" and "g" mean too much elsewhere."""
    return [
        t
        for t in terms
        if t.end - t.start > 1
        or t.entry.grade > 1
        or _opens_line(t.first, tokens)
        or not t.entry.term.isalpha()
    ]


def _opens_line(place: int, tokens: Sequence[Token]) -> bool:
    while place > 0 and tokens[place - 1].kind == "s":
        place -= 1
    return place == 0 or tokens[place - 1].kind == "l"


def _one_currency(tiers: list[Tier], named: set[str]) -> list[Tier]:
    """A message that names one currency means it for every price in it."""
    if len(named) != 1:
        return tiers
    (currency,) = named
    return [replace(t, currency=currency) if t.price is not None else t for t in tiers]


class _Tiers:
    """Walks the lines of a message; a product without amounts is the heading of the lines below it."""

    def __init__(self, text: str, tokens: Sequence[Token], terms: Sequence[Term], lexicon: Lexicon) -> None:
        self._text = text
        self._tokens = tokens
        self._terms = _positioned(terms, tokens)
        self._lexicon = lexicon
        self._heading: Term | None = None
        self._is_heading = False
        self._table: list[Atom] = []
        self.currencies: set[str] = set()
        self.lines = 0

    def read(self) -> list[Tier]:
        tiers: list[Tier] = []
        first = 0
        ends = [i for i, t in enumerate(self._tokens) if t.kind == "l"]
        for after in [*ends, len(self._tokens)]:
            if after > first:
                self.lines += 1
                tiers.extend(self._line(first, after))
            first = after + 1
        return tiers

    def _line(self, first: int, after: int) -> list[Tier]:
        atoms = LineReader(self._tokens, self._terms, first, after).read()
        self.currencies.update(a.unit for a in atoms if a.kind == "M" and a.unit)
        atoms = _without_fees(atoms)
        rows = self._columns(atoms)
        if rows is not None:
            return rows
        own = [a.term for a in atoms if a.kind == "P" and a.term]
        strong = [t for a, t in ((a, a.term) for a in atoms if a.kind == "P") if t and a.unit != "also"]
        name = _unknown_name(atoms)
        found = _Line(self.lines, self._unit_of, name, self._heading if not strong else None).read(atoms)
        if found:
            if name and not strong and not (self._heading and self._is_heading):
                self._heading = None
        elif own:
            self._heading, self._is_heading = own[0], True
        if found and strong:
            self._heading, self._is_heading = strong[-1], False
        return found

    def _columns(self, atoms: Sequence[Atom]) -> list[Tier] | None:
        """A table: a row of amounts, then rows of a product with as many prices."""
        amounts = [a for a in atoms if a.kind == "Q"]
        prices = [a for a in atoms if a.kind in "NM"]
        named = [a.term for a in atoms if a.kind == "P" and a.term]
        if len(amounts) >= 2 and not prices and not any(t.entry.grade > 1 for t in named):
            self._table = amounts
            return []
        if not self._table or amounts or len(prices) != len(self._table):
            return None
        line = _Line(
            self.lines, self._unit_of, _unknown_name(atoms), None, product=named[0] if named else None
        )
        for amount, price in zip(self._table, prices, strict=True):
            line.emit(amount.value, amount.unit, price, price)
        return line.named()

    def _unit_of(self, term: Term | None) -> str | None:
        if term is None:
            return None
        return self._lexicon.substances[term.entry.targets[0]].unit or None


def _unknown_name(atoms: Sequence[Atom]) -> str:
    """The words before the first amount of a line."""
    words = []
    for atom in atoms:
        if atom.kind in "QNMS":
            break
        if atom.kind == "W" and atom.text not in _FILLERS and atom.text.isalpha() and len(atom.text) > 1:
            words.append(atom.text)
    return " ".join(words)


def _without_fees(atoms: list[Atom]) -> list[Atom]:
    """Without the amounts that belong to a delivery fee, a deposit or a smallest order."""
    if not any(a.kind == "F" for a in atoms):
        return atoms
    kept: list[Atom] = []
    after_fee = False
    for place, atom in enumerate(atoms):
        if atom.kind == "F":
            if not any(a.kind in "QNM" for a in atoms[place + 1 :]):
                while (
                    kept
                    and kept[-1].kind in "QNMEWO"
                    and not (kept[-1].kind == "W" and kept[-1].text not in _FILLERS)
                ):
                    number = kept[-1].kind in "QNM"
                    kept.pop()
                    if number:
                        break
            after_fee = True
        elif atom.kind in "PB":
            after_fee = False
        if not (after_fee and atom.kind in "QNMSU"):
            kept.append(atom)
    return kept


@dataclass(slots=True)
class _Line:
    """The state while the atoms of one line are paired."""

    number: int
    unit_of: object
    name: str
    heading: Term | None
    product: Term | None = None
    quantities: list[Atom] = field(default_factory=list)
    bare: Atom | None = None
    money: Atom | None = None
    per: Atom | None = None
    strength: Atom | None = None
    turned: bool = False
    times: float = 0.0
    unknown: int = 0  # words since the last amount that are no known product
    bare_before_product: bool = False
    bundle: bool = False
    tank: bool = False
    tiers: list[Tier] = field(default_factory=list)

    def read(self, atoms: Sequence[Atom]) -> list[Tier]:
        self.tank = any(
            a.kind in "PUQ" and (a.unit == "tank" or (a.term and "tank" in a.term.entry.term)) for a in atoms
        )
        for place, atom in enumerate(atoms):
            self._take(atom, atoms[place + 1 :])
        self._flush()
        return self.named()

    def _take(self, atom: Atom, rest: Sequence[Atom]) -> None:
        kind = atom.kind
        if kind == "P" and atom.term:
            self._product(atom)
        elif kind in "QU":
            self._quantity(atom, rest)
        elif kind in "NM":
            self._price(atom, rest)
        elif kind == "R":
            self._per(atom)
        elif kind == "S":
            self.strength = atom
        elif kind == "E":
            self.turned = True
        elif kind == "T" and self.bare:
            self.times, self.quantities = self.bare.value, [self.bare]
            self.bare = None
        elif kind == "B":
            self._flush()
        elif kind == "W" and atom.text not in _FILLERS and atom.text.isalpha() and len(atom.text) > 1:
            self.unknown += 1
        elif kind == "C" and self.quantities:
            self._flush()
            self.bundle = True

    def _product(self, atom: Atom) -> None:
        if atom.unit == "also" and (self.product or self.heading):
            return
        if self.product and atom.term and self.product.entry.targets == atom.term.entry.targets:
            if atom.term.entry.grade > self.product.entry.grade:
                self.product = atom.term
            return
        if self.product and (self.money or (self.bare and not self.bare_before_product)):
            self._flush(keep_quantities=False)
        elif self.product and self.bare is None and not self.quantities:
            self.strength = None
        self.product = atom.term
        self.bare_before_product = self.bare is not None

    def _quantity(self, atom: Atom, rest: Sequence[Atom]) -> None:
        if atom.kind == "U" and not any(a.kind in "NM" for a in rest[:3]) and not self.money:
            return
        price = self.money or (self.bare if self.turned else None)
        ahead = next((a.kind for a in rest if a.kind in "NMQR"), "")
        if price and self.turned and not self.quantities:
            self.emit(atom.value, atom.unit, price, atom)
            return
        if self.money and not self.quantities and ahead in ("", "M") and not self.tiers and ahead == "":
            self.emit(atom.value, atom.unit, self.money, atom)
            return
        if self.times:
            atom = atom._replace(value=atom.value * self.times)
            self.quantities, self.times = [], 0.0
        self.bare, self.turned, self.unknown = None, False, 0
        self.quantities.append(atom)

    def _price(self, atom: Atom, rest: Sequence[Atom]) -> None:
        if self.per:
            self.emit(self.per.value, self.per.unit, atom, self.per)
            self.per = None
        elif self.quantities and not self._is_apart(atom, rest):
            self._price_quantity(atom, rest)
        elif self.bare is not None:
            first, second = self.bare, atom
            if self.turned and first.kind == "N" and _is_inverted(first.value, second.value):
                first, second = second, first
            self.emit(first.value, None, second, first)
        elif atom.kind == "M":
            if self.money:
                self._flush()
            self.money = atom
        else:
            if self.money and self.turned:
                self.emit(atom.value, None, self.money, atom)
                return
            self.bare = atom
            self.bare_before_product = self.product is None and self.heading is None
        if atom is not self.bare and atom is not self.money:
            self.turned = False

    def _is_apart(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether words stand between an amount and a number, so that it is not its price."""
        last = atom.kind == "M" or not any(a.kind in "QNMPW" for a in rest)
        if self.unknown <= (2 if last else 0):
            return False
        self._flush()
        return True

    def _price_quantity(self, atom: Atom, rest: Sequence[Atom]) -> None:
        waiting = len(self.quantities)
        prices = 1
        for later in rest:
            if later.kind in "PQU":
                break
            prices += later.kind in "NM"
        if self.bundle:  # one price for several goods: it is the price of none of them
            self.bundle = False
            atom = atom._replace(kind="X")
        quantity = self.quantities.pop(0) if waiting > 1 and prices == waiting else self.quantities.pop()
        if waiting > 1 and prices != waiting:
            self.quantities = []
        self.emit(quantity.value, quantity.unit if quantity.kind != "N" else None, atom, quantity)

    def _per(self, atom: Atom) -> None:
        price = self.money or self.bare
        if price:
            self.emit(atom.value, atom.unit, price, atom)
        elif self.tiers and self.tiers[-1].quantity is not None and not self.quantities:
            last = self.tiers[-1]
            self.tiers[-1] = replace(last, quantity=atom.value, unit=atom.unit or last.unit, end=atom.end)
        else:
            self.per = atom

    def emit(self, quantity: float | None, unit: str | None, price: Atom | None, at: Atom) -> None:
        if self.strength and quantity is None and price is None:
            return
        amount = price.value if price and price.kind != "X" else None
        spot = [a for a in (at, price) if a]
        self.tiers.append(
            Tier(
                term=self.product,
                name=self.name,
                quantity=quantity,
                unit=unit,
                price=amount,
                currency=price.unit if price and price.kind == "M" else None,
                start=min(a.start for a in spot),
                end=max(a.end for a in spot),
                line=self.number,
            )
        )
        self.bare = self.money = None
        self.turned = False
        self.times = 0.0

    def _flush(self, keep_quantities: bool = False) -> None:
        if self.money:
            self.emit(*self._strength_quantity(), self.money, self.money)
        elif self.bare is not None and (self.product or self.heading):
            if self.bare_before_product:
                self.emit(self.bare.value, None, None, self.bare)
            else:
                self.emit(*self._strength_quantity(), self.bare, self.bare)
        if not keep_quantities:
            for quantity in self.quantities:
                unit = quantity.unit if quantity.kind != "N" else None
                self.emit(quantity.value, unit, None, quantity)
            self.quantities = []
        self.bare = self.money = self.per = None
        self.bundle = False

    def _strength_quantity(self) -> tuple[float | None, str | None]:
        """A weight in mg is the amount only where nothing else counts and the product is no tablet."""
        unit = self.unit_of(self.product or self.heading) if callable(self.unit_of) else None
        if self.strength and unit == "g" and self.strength.unit == "mg":
            return self.strength.value, "mg"
        return None, None

    def named(self) -> list[Tier]:
        """Tiers before the first product of the line belong to it; those of a line without one to the heading."""
        first = next((t.term for t in self.tiers if t.term), self.product)
        named = []
        for tier in self.tiers:
            term = tier.term or first or self.heading
            unit = tier.unit
            if unit is None and tier.quantity is not None and callable(self.unit_of):
                unit = self.unit_of(term)
            if term is None and not tier.name and tier.unit is None and tier.price is None:
                continue
            tier = replace(tier, term=term, unit=unit, written=tier.unit is not None, inherited=tier.term is None and first is None)
            named.append(_tank(tier) if self.tank else tier)
        return named


def _tank(tier: Tier) -> Tier:
    """The kilograms of a gas tank are its size, not the amount sold."""
    if tier.term is None or tier.term.entry.targets[0] != "nitrous-oxide":
        return tier
    if tier.unit == "kg":
        return replace(tier, quantity=1.0, unit="tank")
    return replace(tier, unit="tank") if tier.unit in (None, "piece") else tier


def _is_inverted(first: float, second: float) -> bool:
    """Whether "50 = 1" puts the price first."""
    return first >= 10 and second <= 10 and first / second >= 5 if second else False
