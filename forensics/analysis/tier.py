"""One amount of one product for one price: what the rest of its line adds to it, and what the sizes of tanks
and vapes make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from forensics.analysis.lexicon import Term

UNSPECIFIED, GAS = "drug-unspecified", "nitrous-oxide"
_CRACK = "crack"
_KILO = 4000  # what a share of a kilo costs at least that says no unit
_DEAR_GOODS, _DEAR_KILO = frozenset({"cocaine", "heroin", "crack"}), 12_000  # and a whole one of these
_BRICK = 20000  # what a gram costs in no currency of Western Europe
_POURED = frozenset({"lean"})  # what is sold by the bottle, and by weight too
_THOUSANDS = 50  # a kilo of any drug costs more than so much
_PARTS, _LARGE = (0.25, 0.5), (28.0, 100.0, 250.0, 448.0, 500.0)
_OF_OUNCE, _HALF_OUNCE = (3.5, 7.0), 14.0
_OUNCE, _SHARES_OF_OUNCE = 28.0, (0.125, 0.25, 0.5)
_SOLD_BY_OUNCE = ("GBP", "USD")  # where shares of it go without a unit
_GREEN, _DEAR_GREEN = frozenset({"cannabis", "hashish"}), 60  # what a gram of it costs less than
_OF_SEVERAL = (3.5, 7.0, 14.0, 28.0)  # grams of what is sold by name
_TWICE, _MOST, _CHEAPER = 2, 8, 0.75  # so many of it; what they cost at least of as many single ones
_DEARER = 1.6  # times its share of the price is what a part of an amount costs at most
_TURNED = 10  # times a price: no gram costs less
_NEAR = 12  # tiers looked back for the price of one
_SHARES = (0.25, 0.5, 1.0)
# words of what is sold by the piece whatever is in it
PIECES = frozenset({
    "7abba", "a4", "adderal", "adderall", "addies", "addy", "addys", "bar", "bars", "bila", "bile", "blotter",
    "blotters", "blunt", "blunts", "bolletje", "bolletjes", "brownie", "brownies", "caillou", "cailloux",
    "canne", "cart", "carts", "chocoreep", "edible", "edibles", "galette", "galettes", "gummies", "joint",
    "jointje", "jointjes", "joints", "jonko", "jonkos", "klaar", "nasal", "nasenspray", "neusspray", "paper",
    "papier", "papiertje", "pedra", "pedras", "pen", "pens", "porro", "porros", "preroll", "prerolls", "reep",
    "rock", "rocks", "roll", "rolls", "sassi", "sasso", "schokopilze", "sheet", "sheets", "space",
    "spacecake", "spacecakes", "spliff", "spliffs", "steen", "steentje", "steentjes", "stein", "steine",
    "stenen", "stone", "stones", "thaipille", "thaipillen", "vape", "vapes", "zegels",
})  # fmt: skip
PACKED = frozenset({"strip", "box"})  # units that hold tablets
_ROCKS = frozenset({"rock", "rocks", "stone", "stones"})
_TELLING = frozenset({"g", "piece", "ml"})  # units that tell a powder from tablets and liquids
_WHOLE = frozenset({"kg", "strip", "box", "tank", "pack", "ml"})


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
    bundled: bool = False  # one price for it and other goods
    tank: bool = False  # a word for a tank stands beside it


def is_bare(tier: Tier) -> bool:
    """Whether it has a price and says of no amount."""
    return tier.price is not None and tier.quantity is None


def in_tanks(tier: Tier) -> Tier:
    """A tank of gas. The kilograms are its size, not the amount sold."""
    if tier.unit in ("g", "kg") or (tier.quantity is None and tier.price is not None):
        return replace(tier, quantity=1.0, unit="tank")
    return replace(tier, unit="tank") if tier.unit in (None, "piece") else tier


def by_piece(product: Term, form: Term) -> Term:
    """The product as one that is sold by such pieces: "bruin bolletje"; rocks of another drug than crack are
    only how it is.
    """
    if form.entry.term in _ROCKS and form.entry.targets[0] != product.entry.targets[0]:
        return product
    return product._replace(entry=product.entry._replace(term=f"{product.entry.term} {form.entry.term}"))


def in_vapes(tier: Tier) -> Tier:
    """The millilitres of a vape are its size, not the amount sold."""
    if tier.term is None or tier.unit not in ("ml", "g") or "vape" not in tier.term.entry.term:
        return tier
    if tier.unit == "ml":
        return replace(tier, quantity=1.0, unit="piece")
    return tier if tier.written else replace(tier, unit="piece")


def completed(
    tiers: Sequence[Tier],
    first: Term | None,
    heading: Term | None,
    unit_of: Callable[[Term | None], str | None],
) -> list[Tier]:
    """The tiers of a line, each with its product (its own, else the ``first`` of the line, else the heading)
    and its unit; without those that are nothing but a number.
    """
    found: list[Tier] = []
    before: Term | None = None
    for tier in tiers:
        named = tier.term or first or heading
        as_before = tier.unit is None and bool(found) and named is before
        term, before = found[-1].term if as_before else _fitting(named, tier.unit, unit_of), named
        unit = tier.unit
        if unit is None and tier.quantity is not None:
            alike = None if tier.tank else _same_unit(found, term, tier.quantity)
            unit = alike or ("g" if term and _is_of_rock(term, tier.quantity) else unit_of(term))
        if term is None and not tier.name and tier.unit is None and tier.price is None:
            continue
        if unit == "tank" and term is not None and term.entry.targets[0] != GAS:
            unit = "piece"  # a bottle of anything else
        if (unit in ("g", None) and _is_of_kilos(tier, term)) or (
            unit == "box" and _is_box(tier, unit_of(term))
        ):
            unit = "kg"
        one = _turned(tier) if unit == "g" and term is not None else tier
        brick = _is_brick(one, unit_of(term))
        unit = "kg" if brick else unit
        whole = replace(
            one,
            price=_in_thousands(one.price, one) if term and unit == "kg" else one.price,
            term=term,
            quantity=1.0 if brick else _of_share(one, found, term),
            unit=unit,
            written=one.unit is not None,
            inherited=one.term is None and first is None,
        )
        found.append(whole)
    return found


def _is_of_rock(term: Term, quantity: float) -> bool:
    """Whether the number is the weight of a rock: "stein 0,2 15"."""
    return 0 < quantity < _PARTS[1] and quantity != _PARTS[0] and term.entry.targets[0] == _CRACK


def _turned(tier: Tier) -> Tier:
    """The tier with its numbers the other way round where so many grams would cost less than anything does,
    and the price is a broken number as amounts are: "150 - 3,4 wit".
    """
    bare = tier.unit is None and tier.currency is None and not tier.bundled
    broken = bare and tier.price is not None and tier.price != int(tier.price)
    cheap = broken and 0 < (tier.price or 0.0) * _TURNED <= (tier.quantity or 0.0)
    return replace(tier, quantity=tier.price, price=tier.quantity) if cheap else tier


def _fitting(
    term: Term | None, unit: str | None, unit_of: Callable[[Term | None], str | None]
) -> Term | None:
    """The term with what it can mean in the order that the written unit tells: "candy 5 pcs" is no powder."""
    weighed = "g" if unit == "kg" else unit
    if (
        term is None
        or weighed not in _TELLING
        or len(term.entry.targets) == 1
        or unit_of(term) in (weighed, "ml", None)
        or term.entry.targets[0] in _POURED
    ):
        return term
    for target in term.entry.targets[1:]:
        others = tuple(t for t in term.entry.targets if t != target)
        fitting = term._replace(entry=term.entry._replace(targets=(target, *others)))
        if unit_of(fitting) == weighed:
            return fitting
    return term


def _of_share(tier: Tier, before: Sequence[Tier], term: Term | None) -> float | None:
    """The amount of a half or quarter of the one before: "oz 140, half 80"."""
    last = before[-1] if before else None
    if tier.quantity == _HALF_OUNCE and tier.price and _costs_more(before, tier.price, term):
        return _PARTS[1]  # "a gram eighty, halves forty five"
    several = _of_several(tier, before, term)
    if several:
        return several
    if (
        last is None
        or tier.quantity not in _PARTS
        or tier.unit is not None
        or not (tier.price and last.price)
    ):
        return _of_ounce(tier, last, term) or tier.quantity
    alike = last.unit == "g" and last.written and last.term == term and last.quantity in _LARGE
    share = tier.quantity or 0.0
    of_ounce = last.unit == "g" and last.written and last.quantity in _OF_OUNCE and last.term == term
    if share == _PARTS[1] and of_ounce and tier.price > last.price:
        return _HALF_OUNCE  # "eighth 30, quarter 55, half 100"
    near = share <= tier.price / last.price <= share * _DEARER
    return share * (last.quantity or 0.0) if alike and near else _of_ounce(tier, last, term) or tier.quantity


def _of_ounce(tier: Tier, last: Tier | None, term: Term | None) -> float | None:
    """The grams of a share of an ounce, where so much of a gram would be dear ("1/8 weed £25") and it is more
    for more money than the amount of the same before.
    """
    share, price = tier.quantity, tier.price or 0.0
    green = term is not None and term.entry.targets[0] in _GREEN
    bare = tier.unit is None and tier.currency in _SOLD_BY_OUNCE
    if not (green and bare) or share not in _SHARES_OF_OUNCE or price < share * _DEAR_GREEN:
        return None
    grams = share * _OUNCE
    follows = last is not None and last.term == term and last.unit == "g"
    rises = last is not None and (last.quantity or 0.0) < grams and (last.price or 0.0) < price
    return grams if (rises or not follows) and price <= grams * _DEAR_GREEN else None


def _of_several(tier: Tier, before: Sequence[Tier], term: Term | None) -> float | None:
    """The weight of several of the named amount before: "50 an eighth, 2 for 90", "half o 60, whole 100"."""
    weighed = next((t for t in reversed(before[-_NEAR:]) if t.written), None)
    if weighed is None or weighed.unit != "g" or weighed.term != term or tier.unit is not None:
        return None
    if not (tier.price and weighed.price and tier.quantity) or weighed.quantity not in _OF_SEVERAL:
        return None
    times = tier.price / weighed.price
    if tier.quantity == 1 and weighed.quantity == _HALF_OUNCE and 1 < times <= _TWICE:
        return _HALF_OUNCE * _TWICE
    counts = _TWICE <= tier.quantity <= _MOST and tier.quantity % 1 == 0
    near = tier.quantity * _CHEAPER <= times <= tier.quantity
    return tier.quantity * weighed.quantity if counts and near else None


def _costs_more(before: Sequence[Tier], price: float, term: Term | None) -> bool:
    """Whether one gram of the same product costs more than the price."""
    grams = (t for t in before[-_NEAR:] if t.unit == "g" and t.quantity == 1.0 and t.term == term)
    return any((t.price or 0.0) > price for t in grams)


def _in_thousands(price: float | None, tier: Tier) -> float | None:
    """The price of one kilo where it is said in thousands: "keta 9,5 per k"."""
    few = tier.quantity == 1.0 and price is not None and 0 < price < _THOUSANDS
    gas = tier.term is not None and tier.term.entry.targets[0] == GAS
    return price * 1000 if few and price is not None and not gas and not tier.tank else price


def _is_box(tier: Tier, unit: str | None) -> bool:
    """Whether a box of what is weighed costs what a kilo does: British wholesale calls it so."""
    dear = (tier.price or 0) >= _KILO * (tier.quantity or 1.0)
    return unit == "g" and dear and tier.currency in (None, "EUR", "GBP")


def _is_brick(tier: Tier, unit: str | None) -> bool:
    """Whether what is weighed and said without an amount costs what a kilo does: "block of white 25k"."""
    bare = tier.quantity is None and tier.unit is None and unit == "g" and tier.term is not None
    return bare and _costs(tier, _BRICK)


def _is_of_kilos(tier: Tier, term: Term | None) -> bool:
    """Whether what costs so much is a part of a kilo: "halve 14.000"; of some goods that is a gram, in
    another currency.
    """
    few = tier.unit is None and tier.quantity in _SHARES
    dear = term is not None and term.entry.targets[0] in _DEAR_GOODS
    return few and _costs(tier, _DEAR_KILO if dear and tier.quantity == 1 else _KILO)


def _costs(tier: Tier, least: float) -> bool:
    """Whether its price is so much at least, in a currency in which that is much."""
    return (tier.price or 0) >= least and tier.currency in (None, "EUR", "GBP")


def _same_unit(before: Sequence[Tier], term: Term | None, quantity: float) -> str | None:
    """The unit of the amount before, where it is no gram or piece: "een kilo 900, twee 1700"."""
    last = before[-1] if before else None
    if (
        last is None
        or not last.price
        or (term and last.term and term.entry.targets != last.term.entry.targets)
    ):
        return None
    pieces = last.unit == "piece" and quantity % 1 == 0
    shared = last.quantity in _PARTS and quantity == 1  # "kwart kilo 200 halve 350 hele 600"
    whole = last.unit in _WHOLE and (last.written or shared)
    return last.unit if whole or (last.written and pieces) else None
