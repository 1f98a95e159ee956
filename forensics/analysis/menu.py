"""Lines of goods with amounts and prices, parsed into one tier per price.

The grammar is that of price lists as people send them: one product a line or several, tiers parted by
anything, a product above its tiers, prices per unit, "50 = 1" turned round, columns of amounts over
columns of prices.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from forensics.analysis.above import NamesAbove
from forensics.analysis.amounts import LineReader
from forensics.analysis.as_sold import as_sold
from forensics.analysis.aside import without_numbers_aside
from forensics.analysis.atoms import Atom, word_of
from forensics.analysis.bundles import Bundle, bundle_of
from forensics.analysis.columns import Table, are_sizes, stands_over
from forensics.analysis.company import in_company
from forensics.analysis.counting import counts, counts_nothing
from forensics.analysis.cuttings import by_the_piece
from forensics.analysis.denied import is_gone, without_denied
from forensics.analysis.digit_groups import tokens_of
from forensics.analysis.disguised import plain_amounts
from forensics.analysis.each import of_each
from forensics.analysis.elsewhere import named_elsewhere, sure_of_bread, sure_of_gas, sure_of_steps
from forensics.analysis.falling import prices_of_one
from forensics.analysis.fees import without_fees
from forensics.analysis.gifts import with_gifts
from forensics.analysis.grams import in_grams
from forensics.analysis.hidden_names import with_hidden_names
from forensics.analysis.in_stock import in_stock
from forensics.analysis.initials import initials
from forensics.analysis.kilos import of_kilos_too
from forensics.analysis.letters import positioned, with_letters
from forensics.analysis.lexicon import Lexicon, Substance, Term
from forensics.analysis.lines import goes_on, line_below, line_ends
from forensics.analysis.marks import without_marks
from forensics.analysis.mistyped import with_names_meant
from forensics.analysis.named_money import currencies_apart, of_one_currency
from forensics.analysis.names import bullet_of, last_named, surest, without_colours
from forensics.analysis.ordering import by_product
from forensics.analysis.orders import order_of
from forensics.analysis.pairing import is_unspecified
from forensics.analysis.pointed import Pointed, Spaced
from forensics.analysis.rows import emblems_counted
from forensics.analysis.series import Series, are_districts
from forensics.analysis.sizes import (
    are_sizes_alone,
    names_packs,
    packs_over,
    size_of_prices,
    sizes_over,
    unit_of_prices,
)
from forensics.analysis.steps import in_steps
from forensics.analysis.stops import without_stops
from forensics.analysis.strangers import (
    is_name,
    is_strange_emblem,
    is_strange_heading,
    name_before,
    name_behind,
    numbers_before,
    with_codes,
)
from forensics.analysis.sums_before import sums_before
from forensics.analysis.sums_of_several import priced_alike
from forensics.analysis.text import Token, fold
from forensics.analysis.tier import PACKED, PIECES, Tier, is_bare
from forensics.analysis.tiers import LineTiers
from forensics.analysis.vapes import without_held
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
    tokens = tokens_of(folded, lexicon.first_words)
    terms = lexicon.find(tokens)
    plain = plain_amounts(tokens, terms)
    if plain is not None:
        tokens, terms = plain, lexicon.find(plain)
    tokens, terms = with_names_meant(*with_hidden_names(tokens, terms, lexicon), lexicon)
    rows = initials(tokens)
    terms = with_letters(positioned(terms, tokens), tokens, lexicon, rows)
    if not terms and counts_nothing(tokens):  # small talk: the same as below in less time
        return Reading(text=text, tokens=tuple(tokens), terms=(), tiers=(), lines=min(len(tokens), 1))
    reader = _Tiers(tokens, terms, lexicon, rows)
    tiers = reader.read()
    terms, tiers = sure_of_steps(*sure_of_bread(*sure_of_gas(terms, tiers)))
    return Reading(
        text=text,
        tokens=tuple(tokens),
        terms=tuple(terms),
        tiers=tuple(
            by_the_piece(named_elsewhere(of_one_currency(tiers, reader.currencies), terms, tokens), tokens)
        ),
        lines=reader.lines,
    )


_BARE = frozenset("WOXE")  # atoms of a line that neither names goods nor counts any
_KINDS = frozenset({"xtc-tablet", "cannabis", "hashish"})


class _Tiers:
    """Walks the lines of a message; a product without amounts is the heading of the lines below it."""

    def __init__(
        self, tokens: Sequence[Token], terms: Sequence[Term], lexicon: Lexicon, rows: Mapping[int, str]
    ) -> None:
        self._tokens = tokens
        self._terms = terms
        self._rows = rows  # letters that begin lines of their own
        self._sure = any(t.entry.grade > 1 for t in terms)
        self._heading: Term | None = None
        self._is_heading = False
        self._bullet = ""  # the coloured sign that opens the lines below the heading
        self._is_kind = False  # it is a word for a kind of goods and alone on its line: "PILLS", "TREES"
        self._sold = False  # lines without a name stood right below it
        self._stands = 0  # how many numbers stand before the product of the line before
        self._table = Table()
        self._unit_of = partial(_unit_of, lexicon.substances)  # no method: it would keep this alive in a ring
        self._pointed, self._spaced = Pointed(self._unit_of), Spaced()
        self._series = Series()
        self._above = NamesAbove()
        self._inverted = False
        self._spent: set[int] = set()  # where such amounts begin that were given to prices
        self._size: Tier | None = None  # an amount that a heading names for the prices below it
        self._below: tuple[Tier, int] | None = None  # one that stands below so many tiers
        self._each: str | None = None  # the unit of prices that say none: "prices per kilo"
        self._each_of: Sequence[Term] = ()  # the products that are named beside it
        self.currencies: set[str] = set()
        self.lines = 0

    @cached_property
    def _is_only(self) -> bool:
        """Whether the message is one line."""
        return not self._rows and all(token.kind != "l" for token in self._tokens)

    def read(self) -> list[Tier]:
        """The tiers of all lines; a line that counts nothing has none, and is at most a heading."""
        tiers: list[Tier] = []
        first = 0
        for after, following in line_ends(self._tokens, self._rows):
            below, sold = self._heading is not None, bool(self._terms)
            if after > first and goes_on(self._tokens, first, after, below=below, sold=sold):
                continue
            if after == first:
                self._table.end()
            if after == first and self._size is not None and self._size.start in self._spent:
                self._size = None  # an empty line below prices of that size
            if after > first:
                self.lines += 1
                product = self._product_of(first, after)
                self.currencies.update(currencies_apart(self._tokens[first:after]))
                size = size_of_prices(self._tokens[first:after])
                each = unit_of_prices(self._tokens[first:after])
                if each:
                    self._each, self._each_of = each, self._terms_in(first, after)
                if size or self._are_over_columns(first, after):
                    self._size, self._below = size or self._size, (size, len(tiers)) if size else self._below
                elif counts(self._tokens, first, after, sells=product is not None):
                    found = self._above.of_each(self._line(first, after))
                    tiers.extend(t for t in found if t.price is not None or not each)
                else:
                    self._above.take(self._tokens[first:after], self._terms_in(first, after))
                    if product and not is_gone(self._tokens[first:after]):
                        self._take_heading(first, after, product)
                    elif product or self._is_other(first, after, tiers):
                        self._heading, self._is_heading, self._sold = None, False, False
            first = following
        if self._below is not None and self._below[1] == len(tiers) and _are_alike(tiers):
            tiers = [self._of_size(t, self._below[0]) for t in tiers]  # "prijs per 5 g" below all
        tiers = [t for t in tiers if t.price is not None or t.start not in self._spent]
        return of_kilos_too(prices_of_one(tiers, per_kilo=self._each == "kg"))

    def _is_other(self, first: int, after: int, tiers: Sequence[Tier]) -> bool:
        """Whether a line without the name of a drug ends the goods of the heading above."""
        if not self._sold:
            return False
        line, below = self._tokens[first:after], line_below(self._tokens, after + 1)
        apart = first > 1 and self._tokens[first - 2].kind == "l"
        sold = [t for t in tiers if t.term is self._heading]
        return is_name(line) or (apart and is_strange_heading(line, below, sold))

    def _are_over_columns(self, first: int, after: int) -> bool:
        """Whether the line names sizes over the prices of goods below; they are put over their columns."""
        line = self._tokens[first:after]
        alone = are_sizes_alone(line)
        below = line_below(self._tokens, after + 1) if alone or names_packs(line) else ()
        if not below:
            return False
        sizes = sizes_over(line, below) if alone else packs_over(line, below)
        if not sizes or not self._terms_in(after + 1, after + 1 + len(below)):
            return False
        self._table.put(sizes)
        return True

    def _heads(self) -> bool:
        """Whether the line above is the heading of one with words of its own: the name of a drug, no emoji
        or ordinary word that may stand there for anything.
        """
        heading = self._heading if self._is_heading else None
        return heading is not None and (heading.entry.grade > 1 or self._is_kind)

    def _product_of(self, first: int, after: int) -> Term | None:
        return next(iter(self._terms_in(first, after)), None)

    def _terms_in(self, first: int, after: int) -> Sequence[Term]:
        low, high = (bisect_left(self._terms, place, key=lambda t: t.first) for place in (first, after))
        return self._terms[low:high]

    def _take_heading(self, first: int, after: int, product: Term) -> None:
        """A line that names a product and counts nothing heads those below it."""
        self._table.head(self._terms_in(first, after))
        if not (self._is_heading and is_unspecified(product)):
            self._heading, self._is_heading, self._sold = self._heading_of(first, after), True, False
            self._bullet = ""
            words = [t for t in self._tokens[first:after] if t.kind == "w"]
            alone = len(words) == product.after - product.first
            self._is_kind = alone and product.entry.targets[0] in _KINDS and product.entry.term.isalpha()

    def _heading_of(self, first: int, after: int) -> Term:
        """The surest product that a line names; two words for the same one make each other sure."""
        terms = self._terms_in(first, after)
        best = surest(terms)
        words = {t.entry.term for t in terms if t.entry.targets[0] == best.entry.targets[0]}
        if best.entry.grade == 1 and len(words) > 1:
            return best._replace(entry=best.entry._replace(grade=2))
        return best

    def _of_each(self, tier: Tier) -> Tier:
        """A price of no amount as that of one of the unit that holds for the list."""
        weighed = self._each == "kg" and self._unit_of(tier.term) == "g"
        packed = self._each in PACKED and self._unit_of(tier.term) == "piece"
        bare = tier.quantity is None and tier.price is not None and tier.term is not None
        named = self._each_of[0].entry if len(self._each_of) == 1 else None
        if bare and packed and tier.term and named and named.term not in vocabulary().units:
            bare = tier.term.entry.targets == named.targets
        return replace(tier, quantity=1.0, unit=self._each) if bare and (weighed or packed) else tier

    def _sized(self, tiers: list[Tier]) -> list[Tier]:
        """The prices below an amount of their own line as those of that amount: "Cali 3,5g" over "Gelato
        60".
        """
        if any(t.price is not None and t.quantity is not None for t in tiers):
            self._size = None
        if len(tiers) == 1 and tiers[0].price is None and tiers[0].written and tiers[0].unit == "g":
            self._size = tiers[0]
        size = self._size
        if size is None or not tiers or not all(self._fits(t, size) for t in tiers):
            return tiers
        self._spent.add(size.start)
        return [self._of_size(t, size) for t in tiers]

    def _of_size(self, tier: Tier, size: Tier) -> Tier:
        fits = self._fits(tier, size)
        return replace(tier, quantity=size.quantity, unit=size.unit, written=True) if fits else tier

    def _fits(self, tier: Tier, size: Tier) -> bool:
        return is_bare(tier) and self._unit_of(tier.term) == size.unit

    def _line(self, first: int, after: int) -> list[Tier]:
        atoms = self._atoms(first, after)
        if self._is_only and _BARE.issuperset([atom.kind for atom in atoms]):
            return []
        atoms = self._without_bullet(without_colours(self._plain(atoms, first, after), self._heading))
        atoms = priced_alike(atoms)
        bundle = bundle_of(atoms) or order_of(atoms)
        if bundle is None:
            return self._goods(by_product(atoms), first, after)
        return [*self._bundled(bundle), *self._goods(by_product(atoms[bundle.after :]), first, after)]

    def _without_bullet(self, atoms: list[Atom]) -> list[Atom]:
        """The atoms of a line without the sign that opens all lines below a heading; another sign there is
        one of goods again.
        """
        sign = bullet_of(atoms, self._heading if self._is_heading else None)
        self._bullet = self._bullet or sign
        return atoms[1:] if sign and sign == self._bullet else atoms

    def _bundled(self, bundle: Bundle) -> list[Tier]:
        """The goods of a bundle, none of which has a price of its own."""
        line = LineTiers(self.lines, self._unit_of, "", None)
        for amount, term in bundle.goods:
            line.product = term
            line.emit(amount.value, amount.unit, bundle.price._replace(kind="X"), amount)
        return line.named()

    def _goods(self, atoms: list[Atom], first: int, after: int) -> list[Tier]:
        """The tiers of a line that are those of single goods."""
        if not self._heads() and are_districts(atoms):
            return self._row(atoms, first, after) or []
        sold = in_stock(as_sold(atoms, self._heading, self._unit_of))
        turned = sums_before(sold, inverted=self._inverted)
        self._inverted = self._inverted or turned is not sold
        atoms = emblems_counted(self._series.in_pairs(turned))
        rows = self._row(atoms, first, after)
        if rows is not None:
            return rows
        own = [a.term for a in atoms if a.kind == "P" and a.term]
        strong = [a.term for a in atoms if a.kind == "P" and a.term and a.unit != "also"]
        name = self._name_of(atoms)
        carried = self._heading if not strong and (self._heads() or not name) else None
        line = LineTiers(self.lines, self._unit_of, name, carried, inverted=self._inverted)
        found = self._sized([self._of_each(tier) for tier in line.read(atoms)])
        self._inverted = line.inverted
        self._sold = self._sold or bool(found and self._is_heading and not name and not own)
        if found:
            if name and not strong and not (self._heading and self._is_heading):
                self._heading = None
        elif own and self._terms_in(first, after):
            self._take_heading(first, after, own[0])
        if found and strong:
            self._heading, self._is_heading = last_named(atoms) or strong[-1], False
            self._stands = numbers_before(atoms)
        return found

    def _name_of(self, atoms: Sequence[Atom]) -> str:
        """The name of what a line sells that is not known."""
        if self._is_heading:
            return name_before(atoms)
        if is_strange_emblem(atoms, self._heading):
            return atoms[0].text
        return name_before(atoms) or (name_behind(atoms, self._stands) if self._stands else "")

    def _atoms(self, first: int, after: int) -> list[Atom]:
        """The atoms of a line, but of the letter that begins it."""
        is_named = self._rows.get(first) == ""
        return LineReader(self._tokens, self._terms, first + is_named, after).read()

    def _plain(self, atoms: list[Atom], first: int, after: int) -> list[Atom]:
        """Those that are of goods for sale."""
        named = [word_of(self._tokens[first])] if self._rows.get(first) == "" else []
        rest = self._spaced.read(atoms, self._tokens[first:after])
        rest = self._pointed.read(rest, self._tokens[first:after])
        atoms = without_stops(without_denied(with_codes(without_numbers_aside([*named, *rest]))))
        atoms = in_company(atoms, self._tokens, first, sure=self._sure)
        atoms = without_held(in_grams(atoms, self._tokens[first:after], sure=self._sure))
        self.currencies.update(a.unit for a in atoms if a.kind == "M" and a.unit)
        return in_steps(of_each(with_gifts(without_marks(without_fees(atoms)))))

    def _row(self, atoms: Sequence[Atom], first: int, after: int) -> list[Tier] | None:
        """The tiers of a row of a table; none for the row of its amounts; None where the line is neither."""
        tokens, below = self._tokens[first:after], line_below(self._tokens, after + 1)
        named = next((a.term for a in atoms if a.kind == "P" and a.term), None)
        of_any = named is None or is_unspecified(named)  # "PRODUCT 1 5 10"
        over = not self._table.has_row(atoms) and stands_over(tokens, below, named=not of_any)
        cells = self._table.read(atoms, sizes=are_sizes(tokens), over=over)
        if not cells:
            if cells is not None and named and not is_unspecified(named):
                self._heading, self._is_heading, self._is_kind = named, True, True
            return None if cells is None else []
        name = name_before(atoms)
        heading = self._heading if self._heads() or not name else None
        line = LineTiers(self.lines, self._unit_of, name, heading, product=named)
        for amount, price, term in cells:
            line.product = term or named
            line.emit(amount.value, amount.unit, price, price)
        return line.named()


def _unit_of(substances: Mapping[str, Substance], term: Term | None) -> str | None:
    if term is None:
        return None
    if not PIECES.isdisjoint(term.entry.term.split(" ")):
        return "piece"
    return substances[term.entry.targets[0]].unit or None


def _are_alike(tiers: Sequence[Tier]) -> bool:
    """Whether all are of one substance, or of no known one."""
    return len({t.term.entry.targets[0] for t in tiers if t.term}) <= 1
