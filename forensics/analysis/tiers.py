"""The amounts and prices of one line, paired: what is sold for how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forensics.analysis.atoms import PER, Atom
from forensics.analysis.ledger import Ledger
from forensics.analysis.pairing import (
    buys_next,
    counts_what_is_before,
    following,
    is_apart_from_number,
    is_glued,
    is_money,
    is_paid_per,
    is_pair,
    is_price_near,
    is_quality,
    is_sieved,
    is_tank,
    is_unspecified,
    one_of_strength,
    rest_sells,
    turns,
)
from forensics.analysis.tier import PIECES, Tier, by_piece
from forensics.analysis.vocabulary import vocabulary

_COUNT = 10  # a smaller number before a product counts it
_AHEAD = 64  # atoms of a line that are looked at for what one means: no line of goods is longer
_DEAR_KILO = 300  # more than anyone counts
_CELLS = 8  # atoms behind the name of a sort that are looked at
_STOPS = frozenset(",.;")  # end a clause
_REACH = 5  # words between an amount and the "voor" of its price


@dataclass(slots=True)
class LineTiers(Ledger):
    """Pairs the atoms of one line."""

    def read(self, atoms: Sequence[Atom]) -> list[Tier]:
        fillers = vocabulary().fillers
        for place, atom in enumerate(atoms):
            kind, text = atom.kind, atom.text
            if kind == "W":
                says = len(text) > 1 and text.isalpha() and text not in fillers
                self.unknown += says and text not in PIECES
                self.said = self.said or says
            elif kind == "O":
                ends = text in _STOPS and not (text == "." and is_glued(atoms, place))
                self.comma = atom.end if ends else self.comma
            elif kind in "PQUNM":
                self.tank = self.tank or is_tank(atom)
                self._take(atom, atoms[place + 1 : place + 1 + _AHEAD])
            else:
                self._pass(atom, atoms[place + 1 : place + 1 + _AHEAD])
        self.flush()
        return self.named()

    def _take(self, atom: Atom, rest: Sequence[Atom]) -> None:
        kind = atom.kind
        if kind == "P":
            self.share(atom, rest)
        self.joint = self.joins(rest) if kind == "P" else ""
        if kind == "P" and atom.term:
            self._product(atom, rest)
        elif kind in "QU":
            self._quantity(atom, rest)
        elif kind in "NM":
            self._price(atom, rest)

    def _pass(self, atom: Atom, rest: Sequence[Atom]) -> None:
        """Takes an atom that names neither goods nor an amount or price, and is no word."""
        kind = atom.kind
        is_price_next = any(a.kind in "NM" for a in rest[:1])
        if kind == "R" and self._is_for_all(rest):
            self.for_all, self.bare = atom, None
        elif kind == "R":
            self._per(atom, is_price_next=is_price_next)
        elif kind == "S":
            self.take_strength(atom)
        elif kind == "E":
            self.turned, self.equals_end = True, atom.end
        elif kind == "T" and is_sieved(rest):
            self.bare = None
        elif kind == "T" and self.bare:
            self.times, self.quantities = self.bare.value, [self.bare]
            self.bare = None
        elif kind == "B":
            if self.bare and self.product and not self.bare_before_product and self._is_cell(rest):
                self.quantities, self.bare = [self.bare._replace(kind="Q")], None  # product | number | sum
            elif not (self.quantities and is_price_next and self.money is None):  # product | amount | price
                self.flush()
        elif kind == "C" and (self.quantities or (self.bare and self.bare_before_product)):
            self.bundle = True
            self.flush()
            self.bundle = True

    def _is_for_all(self, rest: Sequence[Atom]) -> bool:
        """Whether what a price is for stands before the goods and a colon: "per kilo: speed 900"."""
        article = self.bare is not None and self.bare.value == 1  # "à l'unité"
        opens = self.product is None and not (self.tiers or self.money or self.quantities)
        opens = opens and (self.bare is None or article)
        return opens and bool(rest) and rest[0].text == ":" and following(rest) == "P"

    def _is_cell(self, rest: Sequence[Atom]) -> bool:
        """Whether the next cell of a row is the sum for the amount in the one before."""
        if is_money(rest[:1]):
            return True
        others = [a for a in rest if a.kind in "PQUNMSX"]
        dear = (
            bool(rest) and rest[0].kind == "N" and self.bare is not None and rest[0].value > self.bare.value
        )
        return dear and len(others) == 1 and not self.tiers

    def _closes(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the product stands right behind amounts and prices of its own and ends its clause: "twee
        voor tachtig wit, hasj ...".
        """
        ends = bool(rest) and rest[0].kind in "OB" and following(rest) == "P"
        unnamed = self.product is None and self.heading is None and not (self.bare or self.quantities)
        return ends and unnamed and bool(self.tiers) and atom.start - self.tiers[-1].end <= 1

    def _product(self, atom: Atom, rest: Sequence[Atom]) -> None:
        if self._closes(atom, rest):
            self.tiers = [replace(t, term=atom.term) for t in self.tiers]
        if atom.unit == "also" and self.product is None and self.is_weighed(self.heading):
            pass  # "5 pastilhas" below a powder: no tablets of that
        elif atom.unit == "also" and (self.product or self.heading):
            if self.counts_tablets(atom.term) and (self.tiers_of_product or len(self.quantities) > 1):
                self.product = atom.term  # "2 gram keta en 5 pillen": no tablets of a powder
            return
        unsold = not (self.money or self.quantities or self.tiers_of_product or self.bare)
        if self.product and atom.term and unsold and self.is_form(self.product, atom.term):
            self.product = by_piece(self.product, atom.term)
            return
        if self.product and atom.term and self.is_same(self.product, atom.term):
            self.tank = is_tank(atom) or (self.tank and not self.tiers_of_product)
            if atom.term.entry.grade > self.product.entry.grade:
                self.product = atom.term
            elif atom.term.entry.term in PIECES and self.bare:
                self.product = by_piece(self.product, atom.term)  # "gekookt: 1 steen 5"
            if self.bare and not self.bare_before_product and self._is_sold_again(atom, rest):
                self.flush(keep_quantities=True)  # "prijs wit: 50. prijs wit vanaf 5: 44"
            return
        said = self.unknown > 1 or (self.unknown > 0 and self.is_cut_off(atom))
        if self.bare and said and not (self.turned or self.is_right_behind(self.bare)):
            self.bare = None  # a number with other words behind it counts something else
        counted = next((a.kind for a in rest if a.kind in "PQNMR"), "P") != "P"
        minor = self.product and atom.term and atom.term.entry.grade == 1 < self.product.entry.grade
        if minor and self.quantities and not counted:
            return
        if self.product and (not counted or self.is_next(atom)) and is_unspecified(atom.term):
            return  # "wit spul 50": what it is was said
        alike = bool(self.shared) and self.shared[-1] is self.product
        if self.product and atom.term and unsold and not alike and is_quality(atom.term, self.product):
            return
        if self.product and (self.money or (self.bare and not self.bare_before_product)):
            self.flush(keep_quantities=False)
        elif self.product and self.bare is None and not self.quantities:
            self.strength = None
        self.tank = is_tank(atom) or (self.tank and not self.tiers_of_product)
        self.product = atom.term
        self.tiers_of_product = False
        self.price_first = self.price_first and turns(rest)
        self.bare_before_product = self.bare is not None
        self.unknown = 0

    def _is_sold_again(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number before is the price of a sort, and another sort of the same has its own: "sos
        gewoon 45 / sos top 55".
        """
        bare = self.bare.value if self.bare else 0.0
        if (self.bare and self.bare.end < self.comma <= atom.start) or is_pair(rest):
            return True
        numbers = [a for a in rest[:_CELLS] if a.kind in "QNMRTP"]
        priced = [a.kind for a in numbers[:1]] == ["N"] and [a.kind for a in numbers[1:2]] in (
            [],
            ["P"],
            ["R"],
        )
        return priced and not self.turned and _COUNT <= bare <= numbers[0].value * 2 <= bare * 4

    def _quantity(self, atom: Atom, rest: Sequence[Atom]) -> None:
        if atom.kind == "U" and self._is_no_amount(atom, rest):
            return
        # "wiet 3500 kg": what a kilo costs
        if self.product and atom.unit == "kg" and atom.value >= _DEAR_KILO:
            self.emit(1.0, "kg", atom._replace(kind="N", unit=None), atom)
            return
        if not (self.quantities or self.money or self.tiers_of_product):
            atom = one_of_strength(atom, self.unit_of(self.product or self.heading))
        price = self.money or (self.bare if self.turned else None)
        ahead = next((a.kind for a in rest if a.kind in "NMQR"), "")
        if price and self.turned and not self.quantities:
            if self.is_paid_for_one(price, rest):
                self.flush()  # "wit is 45 en halfje 25"
                self.quantities.append(atom)
                return
            self.emit(atom.value, atom.unit, price, atom)
            return
        before = self.money or (self.bare if self.price_first else None)
        ends = ahead == "" or self.price_first or is_paid_per(rest)
        if before and not self.quantities and ends:
            self.emit(atom.value, atom.unit, before, atom)
            self.price_first = True
            return
        if self.times:
            atom = atom._replace(value=atom.value * self.times)
            self.quantities, self.times = [], 0.0
        if self.money and not self.quantities:
            self.flush()
        if self.product and self.quantities and following(rest) == "P" and not self.money:
            self.flush()
        self.counts_first = self.counts_first or (self.product is None and following(rest) == "P")
        if self._is_said_for_one(atom, rest) or self._begins_others(atom, rest):
            self.flush()
        self.bare, self.turned, self.unknown = None, False, 0
        self.quantities.append(atom)

    def _is_no_amount(self, unit: Atom, rest: Sequence[Atom]) -> bool:
        """Whether a unit alone is not one of it for the price that follows."""
        if not self.money:
            if not is_price_near(rest, of_kilos=unit.unit == "kg") or is_apart_from_number(rest):
                return True  # "ja g nog 1 paar"
            if rest and rest[0].kind == "Q" and not self.quantities:
                return True  # "onza 28g 300": the amount is said twice
        # "15 gr bakje 10"; "fles 1 x 30", "pill: 1 = 8": the number counts them
        return self.holds_amount(unit) or counts_what_is_before(rest)

    def _begins_others(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the amount is of what is named behind it: "1 keta 5 pillen", "1 coke 3 strips oxa"."""
        product, term = self.product, rest[0].term if rest and rest[0].kind == "P" else None
        if self.bare is None or not self.bare_before_product or product is None or term is None:
            return False
        weighed = self.unit_of(product) == "g" and atom.unit not in ("g", "kg")
        return weighed and term.entry.targets[0] != product.entry.targets[0]

    def _is_said_for_one(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number before is the price of one, and the amount has its own: "keta 25, 5g 100"."""
        bare, price = self.bare, next((a for a in rest if a.kind in "NMQP"), None)
        if bare is None or self.product is None or self.bare_before_product or self.turned or self.strength:
            return False
        apart = bare.end < self.comma <= atom.start and not self.quantities
        dearer = price is not None and price.kind in "NM" and bare.value < price.value
        return apart and (dearer or self.names_other(rest))

    def _price(self, atom: Atom, rest: Sequence[Atom]) -> None:
        if rest and rest[0].kind == "T":
            waits = self.quantities or self.bare_before_product
            if self.product and (self.money or self.bare) and not waits:
                self.flush()  # "keta 40, 3 x 105": what one costs was said
            self.bare, self.bare_before_product, self.unknown = atom, self.product is None, 0
        elif self.per:
            self.emit(self.per.value, self.per.unit, atom, self.per)
            self.per = None
        elif rest and rest[0].kind == "R" and self.money is None and self._is_of_one(rest):
            self.take_price_of_one(atom, rest[0])  # it pairs with nothing before it
        elif self._opens_next(atom, rest):
            pass
        elif self.quantities and not self._is_apart(atom, rest):
            self._price_quantity(atom, rest)
        elif self.bare is not None and (not self.unknown or self.turned or self.is_more(self.bare, atom)):
            first, second = self.bare, atom
            if self.bundle:
                second, self.bundle = second._replace(kind="X"), False
            bare = first.kind == "N" and second.kind != "M"  # "1000 voor €10": the sum has its sign
            if self.turned and bare and self.is_inverted(first.value, second.value):
                first, second, self.inverted = second, first, True
            self.emit(first.value, None, second, first)
        elif atom.kind == "M":
            if self.money and self.money.value != atom.value:
                self.flush()  # unless it is said twice: "a fiver €5"
            self.money = atom
        elif self.money and self.turned and not self.buys_more(self.money, atom, rest):
            self.emit(atom.value, None, self.money, atom)
            return
        elif not self._wait(atom, rest):
            return
        if atom is not self.bare and atom is not self.money:
            self.turned = False

    def _opens_next(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number begins something new, so that the one before is a price by itself."""
        bundle = self._counts_next(atom, rest)
        if self.is_sum_of_several(atom, rest) or self.is_share(atom, rest):
            before_product = False
        elif bundle or self._is_price_of_one(atom, rest):
            before_product = bundle
        elif self._is_dear_before(atom, rest):
            before_product = True
        else:
            return False
        self.flush()
        if atom.kind == "M" and not (bundle or before_product):
            self.money = atom
        else:
            self.bare, self.bare_before_product, self.bundle = atom, before_product, bundle
        return True

    def _wait(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Keeps a bare number until it is known what it is; False where it belongs to no goods."""
        if self.money and self.product and buys_next(rest):
            self.flush()  # "pills £10, 3 for £25": what one costs was said
        if self.unknown and self.tiers_of_product and not rest_sells(rest):
            return False  # "... 5g 45. Samstag ab 20": behind the goods other words and a number of theirs
        self.bare, self.unknown = atom, 0
        stops = bool(rest) and rest[0].text in _STOPS
        few = atom.value < _COUNT or self.counts_pieces(atom, rest)
        counts = self.tiers_of_product and few and following(rest) == "P" and not stops
        self.bare_before_product = counts or (self.product is None and self.heading is None)
        return True

    def _is_of_one(self, rest: Sequence[Atom]) -> bool:
        """Whether a price is that of one of its unit: nothing was counted, or only from where on it holds
        ("vanaf 10 stuks 2,50 p.st.").
        """
        counted = self.quantities[-1] if self.quantities else None
        if counted is None:
            return True
        per, next_tier = rest[0], any(later.kind in "NM" for later in rest[1:2])
        alike = counted.kind == "Q" and counted.unit == per.unit
        return len(self.quantities) == 1 and per.text == PER and alike and not next_tier

    def _counts_next(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether a small number before another product counts that product: "2 coke 1 keta, 115"."""
        counted = self.bare is not None and self.bare_before_product
        counted = (counted or (self.counts_first and bool(self.quantities))) and self.product is not None
        return counted and atom.kind == "N" and atom.value < _COUNT and following(rest) == "P"

    def _is_dear_before(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number before is the price of its product and this one counts the next: "thc vape 35, 2
        vapes 60".
        """
        named = following(rest) == "P" and any(later.kind in "NM" for later in rest)
        return not self.turned and self._dear_bare(atom) is not None and named

    def _dear_bare(self, atom: Atom) -> Atom | None:
        """The number before, where it is the price of its product and this one is small enough to count."""
        bare = self.bare if self.product and not self.bare_before_product else None
        is_small = atom.kind == "N" and atom.value < _COUNT
        return bare if bare is not None and bare.value >= _COUNT and is_small else None

    def _is_price_of_one(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether the number before is a price and this one counts for the next: "sos 50, 3 voor 130"."""
        kinds = [later.kind for later in rest[:2]]
        if self.money and self.product and atom.kind == "N" and self.is_said_before(self.money, atom, rest):
            return True
        before = self.bare if self.product and not self.bare_before_product else None
        if before is None or atom.kind != "N":
            return False
        if self.turned and self.equals_end > before.start and not before.end < self.comma < self.equals_end:
            return False
        if kinds not in (["E", "N"], ["E", "M"]):
            return self.is_said_before(before, atom, rest)
        is_dear = self._dear_bare(atom) is not None and rest[1].value > before.value
        of_one = before.value / 2 <= rest[1].value / max(atom.value, 1.0) <= before.value
        return is_dear or (atom.value > 1 and of_one)

    def _is_apart(self, atom: Atom, rest: Sequence[Atom]) -> bool:
        """Whether words stand between an amount and a number, so that it is not its price."""
        ends = not rest or rest[0].kind in "OB"
        reach = 2 if atom.kind == "M" or ends else 0
        if self.unknown <= _REACH and self.is_more(self.quantities[-1], atom):
            return False
        if self.unknown <= (_REACH if self.equals_end and atom.start - self.equals_end <= 1 else reach):
            return False
        self.flush()
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

    def _per(self, atom: Atom, *, is_price_next: bool) -> None:
        price = self.money or self.bare
        if price and price.end < self.comma <= atom.start and is_price_next:
            self.flush()  # "joint 10, per gram 25"
            self.per = atom
        elif price:
            self.emit(atom.value, atom.unit, price, atom)
            self.price_first = True
        elif self.is_of_last() and not (self.quantities or is_price_next):
            last = self.tiers[-1]
            self.tiers[-1] = replace(last, quantity=atom.value, unit=atom.unit or last.unit, end=atom.end)
        else:
            self.per = atom
