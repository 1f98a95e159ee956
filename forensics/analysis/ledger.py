"""What was read of a line of goods so far, and the tiers made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from forensics.analysis.atoms import HOLDERS, Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import (
    are_sorts,
    are_two,
    buys_next,
    following,
    is_inverted,
    is_listed,
    is_of_one,
    is_sold_near,
    is_unspecified,
    joins_next,
    sum_ahead,
)
from forensics.analysis.tier import GAS, PIECES, Tier, completed, in_vapes
from forensics.analysis.vocabulary import vocabulary

_FEW = 10  # what is counted is less, a sum no less
_SHARED = 5  # goods before the last of several that are sold alike
_PAPER, _TABLET = "lsd", "xtc-tablet"
_COUNTED = frozenset({"piece", "tank"})
_OF = "of"  # is "or" in Dutch, but "bits of white"
_DEARER = 1.6  # times what one of many costs is what one of few does


@dataclass(slots=True)
class Ledger:
    """Enters amounts with their prices; its fields are the state on the way through a line."""

    number: int
    unit_of: Callable[[Term | None], str | None]
    name: str
    heading: Term | None
    product: Term | None = None
    inverted: bool = False  # the sums of the lines before stand before what they buy
    quantities: list[Atom] = field(default_factory=list)
    bare: Atom | None = None
    money: Atom | None = None
    per: Atom | None = None
    for_all: Atom | None = None  # what every price of the line is for: "per kilo: speed 900"
    strength: Atom | None = None
    turned: bool = False
    equals_end: int = 0  # where the last word between an amount and its price ended
    times: float = 0.0
    comma: int = 0  # where the last one ended
    tiers_of_product: bool = False
    price_first: bool = False
    unknown: int = 0  # words since the last amount that are no known product
    said: bool = False  # a word that is no known product stands on the line
    bare_before_product: bool = False
    counts_first: bool = False  # the amount stood before its product: "4 strips oxazepam"
    bundle: bool = False
    tank: bool = False
    joint: str = ""  # the word or sign right behind a product that joins it to the next
    shared: list[Term] = field(default_factory=list)  # products that have amounts and prices in common
    tiers: list[Tier] = field(default_factory=list)

    def share(self, atom: Atom, rest: Sequence[Atom]) -> None:
        """Notes that this product and the one before are sold alike: "keta en mdma 20 per gram"."""
        before = self.product
        unsold = not (self.money or self.quantities or self.tiers_of_product or self.bare)
        alike = bool(before and atom.term and self.joint) and unsold and is_sold_near(rest)
        if alike and before and atom.term and self._are_two(before, atom.term, rest):
            self.shared = [*self.shared[-_SHARED:], before]
        elif not (alike and following(rest) == "P"):
            price = self.money or self.bare
            if self.shared and price and before and atom.unit != "also" and self.is_of_both(before, price):
                self.flush()  # "coke or crack £50, ket £30": the price before is of both
            self.shared = []

    def _are_two(self, before: Term, term: Term, rest: Sequence[Atom]) -> bool:
        """Whether what follows is of this product and of the one before: two drugs, or two sorts of one where
        a word for both stands there.
        """
        if following(rest) not in tuple("QUNMP"):
            return False
        ordinary = bool(self.shared) or self.joint != _OF
        return are_two(before, term, ordinary=ordinary) or are_sorts(before, term, rest)

    def joins(self, rest: Sequence[Atom]) -> str:
        """What joins the product to the next, if anything; a comma alone does only where they open the
        line.
        """
        opens = not (self.tiers or self.said or self.money or self.quantities or self.bare)
        joined = bool(rest) and (joins_next(rest) or (opens and is_listed(rest)))
        return (rest[0].text or ",") if joined else ""

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
                currency=(price.unit or None) if price and price.kind == "M" else None,
                start=min(a.start for a in spot),
                end=max(a.end for a in spot),
                line=self.number,
                bundled=self.bundle or bool(price and price.kind == "X"),
                tank=self.tank,
            )
        )
        self.tiers += [replace(self.tiers[-1], term=term) for term in self.shared]
        self.bare = self.money = None
        self.turned = False
        self.times = 0.0
        self.tiers_of_product = True

    def flush(self, keep_quantities: bool = False) -> None:
        if self.money:
            if self.product or not (self.said and self.heading):
                self.emit(*self._strength_quantity(), self.money, self.money)
        elif self.bare is not None and (self.product or self.heading):
            if self.bare_before_product:
                self.emit(self.bare.value, None, None, self.bare)
            elif self.product or not self.said:
                self.emit(*self._strength_quantity(), self.bare, self.bare)
        if not keep_quantities:
            for quantity in self.quantities:
                unit = quantity.unit if quantity.kind != "N" else None
                self.emit(quantity.value, unit, None, quantity)
            self.quantities = []
        self.bare = self.money = self.per = None
        self.bundle = False

    def take_strength(self, atom: Atom) -> None:
        """Notes the strength of tablets, of which those of another have their price before."""
        price = self.money or (None if self.bare_before_product else self.bare)
        if self.strength and price and price.start > self.strength.end:
            self.flush()
        self.strength = atom

    def take_price_of_one(self, price: Atom, per: Atom) -> None:
        """Keeps the price of one; that of a powder in the clause before is no number of pieces: "coke 60, 5 a
        pill"; nor is one that is not lower: "pillen 5, vanaf 10 stuks 4".
        """
        bare = None if self.bare_before_product or per.unit not in ("piece", None) else self.bare
        lower = bare is not None and per.start == per.end and price.value <= bare.value
        powder = per.unit == "piece" and self.unit_of(self.product) == "g"
        if bare and (powder or lower) and bare.end < self.comma <= price.start:
            self.flush()
        self.quantities = []
        self.bare, self.money = None, price

    def _strength_quantity(self) -> tuple[float | None, str | None]:
        """What a price of no amount is for: a weight in mg where nothing else counts and it is no tablet."""
        unit = self.unit_of(self.product or self.heading)
        if self.for_all:  # "à l'unité : C 60€": one of what is weighed is a gram
            return self.for_all.value, unit if self.for_all.unit == "piece" and unit else self.for_all.unit
        if self.strength and unit == "g" and self.strength.unit == "mg":
            return self.strength.value, "mg"
        return None, None

    def named(self) -> list[Tier]:
        """Tiers before the first product of the line belong to it; those of a line without one to the
        heading.
        """
        first = next((t.term for t in self.tiers if t.term), self.product)
        named = completed(self.tiers, first, self.heading, self.unit_of)
        return [in_vapes(whole) for whole in named]

    def is_paid_for_one(self, price: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the word for that stands between the product and the sum, and the amount that follows has a
        sum of its own.
        """
        before = self.product is not None and self.product.end <= self.equals_end <= price.start
        return before and price.start - self.equals_end <= 1 and bool(rest) and rest[0].kind in "NM"

    def is_share(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number is a share of one that has its own price: "coke 80, half 45"."""
        said = self.bare or (None if self.turned else self.money)
        bare = said if self.product and not self.bare_before_product else None
        per = vocabulary().per
        priced = next((a.kind in "NM" for a in rest if a.kind not in "OE" and a.text not in per), False)
        return bare is not None and atom.kind == "N" and atom.value < 1 and bare.value >= _FEW and priced

    def is_said_before(self, price: Atom, count: Atom, rest: Sequence[Atom]) -> bool:
        """Whether what one costs was said in the clause before, and what more of it does follows: "wit 50,
        twee 95", "koks 80, wenn du zwei nimmst 150".
        """
        sum_ = sum_ahead(rest) if price.end < self.comma <= count.start else None
        return sum_ is not None and count.value > 1 and is_of_one(price.value, count.value, sum_.value)

    def is_more(self, count: Atom, sum_: Atom) -> bool:
        """Whether so many of the goods just priced cost that sum, by what one of them does: "70 al g, due te
        le lascio a 130".
        """
        last = self.tiers[-1] if self.tiers and self.tiers_of_product else None
        if last is None or not last.price or last.term != self.product:
            return False
        few, per_unit = last.quantity or 1.0, last.price / (last.quantity or 1.0)
        if count.value < few:
            return per_unit * count.value <= sum_.value <= per_unit * count.value * _DEARER
        return count.value > few and is_of_one(per_unit, count.value, sum_.value)

    def buys_more(self, price: Atom, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number opens a clause of its own and has its own price: "coca b 600 dh, jouj b
        1100".
        """
        return bool(self.product) and price.end < self.comma <= atom.start and buys_next(rest)

    def is_right_behind(self, bare: Atom) -> bool:
        """Whether the number stands right behind its product: "koks 90, owa guad"."""
        return self.product is not None and 0 <= bare.start - self.product.end <= 1

    def is_cut_off(self, product: Atom) -> bool:
        """Whether a comma stands between a number and a word that may mean a drug, so that it counts none:
        "20, let op met drank".
        """
        ordinary = product.term is not None and product.term.entry.grade == 1 and product.unit != "also"
        return ordinary and self.bare is not None and self.bare.end < self.comma <= product.start

    def is_of_last(self) -> bool:
        """Whether an amount of this product was priced last."""
        return self.tiers_of_product and bool(self.tiers) and self.tiers[-1].quantity is not None

    def is_weighed(self, heading: Term | None) -> bool:
        """Whether the product of an earlier line is weighed, or is any drug, and the amount counts pieces."""
        counted = bool(self.quantities) and self.quantities[-1].unit == "piece"
        counted = counted or (
            bool(self.tiers) and self.tiers[-1].term is None and self.tiers[-1].unit == "piece"
        )
        return counted and heading is not None and (self.unit_of(heading) == "g" or is_unspecified(heading))

    def counts_tablets(self, word: Term | None) -> bool:
        """Whether the last amount counts pieces or tanks although the product is sold by weight, or tablets
        (by this word) although it comes on paper.
        """
        product = self.product
        counted = bool(self.quantities) and self.quantities[-1].unit in _COUNTED and not self.money
        if product is None or not counted:
            return False
        papers = product.entry.term in vocabulary().units  # "10 trips 70, 50 teile 200"
        tablets = word is not None and word.entry.targets[0] == _TABLET
        papers = papers or (tablets and product.entry.targets[0] == _PAPER)
        return self.unit_of(product) == "g" or papers

    def counts_pieces(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether a whole number stands right before goods that come in pieces and have their price behind:
        "haze 7g 60, 10 pills 40".
        """
        if not rest or rest[0].kind != "P" or atom.kind != "N" or atom.value % 1:
            return False
        if rest[0].start - atom.end > 1:
            return False
        priced = [a.kind in "NME" for a in rest[1:2]] == [True]
        return priced and self.unit_of(rest[0].term) == "piece" and self.unit_of(self.product) == "g"

    def holds_amount(self, atom: Atom) -> bool:
        """Whether the unit is what the amount right before it is in."""
        last = self.quantities[-1] if self.quantities else None
        weighed = last is not None and last.kind == "Q" and last.unit in ("g", "ml")
        bottled = last is not None and last.unit == "ml" and atom.unit == "tank" and not self.tank_of_gas()
        held = atom.unit in HOLDERS or bottled
        return weighed and last is not None and held and atom.start - last.end <= 1

    def tank_of_gas(self) -> bool:
        """Whether what is sold is gas, of which a bottle is one tank whatever it holds."""
        product = self.product or self.heading
        return product is None or product.entry.targets[0] == GAS

    def is_of_both(self, product: Term, price: Atom) -> bool:
        """Whether no clause ends between the second of two products and the price behind them."""
        return price.start > product.end and not product.end <= self.comma <= price.start

    def is_inverted(self, first: float, second: float) -> bool:
        """Whether the sum stands before what it buys, here or on the lines before: "50 = 1", "20 = 5 xtc"."""
        turned = is_inverted(first, second) or (self.inverted and first > second)
        return turned or self._is_sum_of(first, second)

    def _is_sum_of(self, sum_: float, count: float) -> bool:
        """Whether so many of the goods just priced cost that sum, and not the other way round: "£4 each or 35
        for 10".
        """
        last = self.tiers[-1] if self.tiers and self.tiers_of_product else None
        if last is None or not last.price or last.term != self.product or sum_ <= count:
            return False
        each = last.price / (last.quantity or 1.0)
        return is_of_one(each, count, sum_) and not is_of_one(each, sum_, count)

    def is_form(self, product: Term, form: Term) -> bool:
        """Whether a word behind a named product in its clause says in which pieces it is sold."""
        named = product.entry.term[0].isalnum() and form.entry.term in PIECES
        return named and not product.end <= self.comma <= form.start

    def is_next(self, atom: Atom) -> bool:
        """Whether the atom stands right behind the product and nothing of that was sold: "white stuff 80"."""
        sold = self.money or self.quantities or self.tiers_of_product or self.bare
        return not sold and self.product is not None and atom.start - self.product.end == 1

    def names_other(self, rest: Sequence[Atom]) -> bool:
        """Whether what follows at once names another product than the last: "xanax 5, strip zolpidem 20"."""
        named = rest[0].term if rest and rest[0].kind == "P" and rest[0].unit != "also" else None
        return named is not None and self.product is not None and not self.is_same(self.product, named)

    def is_same(self, product: Term, term: Term) -> bool:
        """Whether both mean the same drug; an emblem, and a word behind a number, also
        where they can mean others: "LSD 1 tripi", "wit ❄️".
        """
        first, second = product.entry.targets, term.entry.targets
        counted = self.bare is not None and not self.bare_before_product
        emblem = not term.entry.term[0].isalnum()
        return first == second or ((counted or emblem) and first[0] == second[0])

    def is_sum_of_several(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the price of one was said and a sum for a few follows: "wit 50 barkie voor 2"."""
        bare = self.bare if self.product and not self.bare_before_product else None
        if bare is None or (self.turned and self.equals_end > bare.start):
            return False
        if [a.kind for a in rest[:2]] != ["E", "N"]:
            return False
        return rest[1].value < _FEW <= bare.value < atom.value
