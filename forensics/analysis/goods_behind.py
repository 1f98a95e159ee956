"""Lines in which every product stands behind its amount or its price."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_NUMERIC = "QNMR"
_GROUPS = 2  # products so written that make it the order of the line
_PAIR = 2  # atoms of a sum and of the piece that costs it
_ARTICLES = frozenset({"the", "de", "die", "het", "la", "le", "les", "der", "das", "il", "el", "da"})
_PRICE = 5  # what one of anything before an article costs at least
_MANY = 20  # of what no word measures are counted at least
_SUMS, _DEAREST = 150, 30  # what a gram of anything, or of the dearest, costs
_WEIGHED = frozenset({
    "cocaine", "crack", "heroin", "ketamine", "mdma", "amphetamine", "methamphetamine", "3-mmc", "mephedrone",
    "cannabis", "hashish", "pink-cocaine",
})  # fmt: skip


def prices_first(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each product before its price, where all of several stand behind one and a word for
    that or an article: "£80 for coke and £25 for the ket", "40 de wit en 20 de keta". The last may have a
    price of one by its name: "30 for md, 60 for coke, 5 a pill".
    """
    pieces = _pieces_last(atoms)
    if pieces:
        named = pieces[0].kind == "P"
        return [*prices_first(atoms[: len(atoms) - len(pieces) + named]), *pieces]
    places = [place for place, a in enumerate(atoms) if a.kind == "P"]
    numbers = sum(a.kind in (*_NUMERIC, "S", "U", "X") for a in atoms)
    if len(places) < _GROUPS or numbers != len(places):
        return atoms
    prices = [_price_before(atoms, place) for place in places]
    if any(price < 0 for price in prices):
        return atoms
    ordered, done = [], 0
    for price, place in zip(prices, places, strict=True):
        ordered += [*atoms[done:price], atoms[place], *_joints(atoms[price + 1 : place]), atoms[price]]
        done = place + 1
    return [*ordered, *atoms[done:]]


def _pieces_last(atoms: Sequence[Atom]) -> list[Atom]:
    """What a line ends with that is a sum and the name of the pieces of which one costs it, the name first;
    nothing where it ends otherwise.
    """
    ended = next((place for place in range(len(atoms), 0, -1) if atoms[place - 1].kind not in "WO"), 0)
    sum_, each = atoms[ended - _PAIR : ended] if ended >= _PAIR else (None, None)
    if sum_ is None or each is None or sum_.kind not in "NM" or each.kind != "R":
        return []
    kinds = [a.kind for a in atoms[: ended - _PAIR]]
    goods, sums = kinds.count("P"), kinds.count("N") + kinds.count("M")
    if not _GROUPS <= goods <= sums or each.unit != "piece" or "R" in kinds:
        return []
    name = [Atom("P", each.term.start, each.term.end, term=each.term)] if each.term else []
    return [*name, sum_, each, *atoms[ended:]]


def _joints(atoms: Sequence[Atom]) -> list[Atom]:
    return [a for a in atoms if a.kind == "E"]


def _price_before(atoms: Sequence[Atom], place: int) -> int:
    """The place of the price that stands before a product with only such words between; -1 without one."""
    at = place - 1
    while at >= 0 and (atoms[at].kind == "E" or (atoms[at].kind == "W" and atoms[at].text in _ARTICLES)):
        at -= 1
    if at < 0 or atoms[at].kind not in "NM" or (at == place - 1 and atoms[at].kind == "N"):
        return -1  # "2 coke" counts, "€50 coke" does not
    dear = atoms[at].kind == "M" or atoms[at].value >= _PRICE or any(a.kind == "E" for a in atoms[at:place])
    return at if dear else -1


def amounts_first(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each product before its amount, where a line names no price and every amount stands
    before its product: "300 g haze en 2 kilo pep".
    """
    solid = [a for a in atoms if a.kind not in "WO"]
    if solid and solid[-1].kind == "E":
        solid.pop()  # "... 2 Kilo Pep da": no sum follows
    pairs = list(zip(solid[::2], solid[1::2], strict=False))
    if len(pairs) < _GROUPS or len(solid) % 2 or not all(_is_counted(*pair) for pair in pairs):
        return atoms
    if not any(amount.kind == "Q" for amount, _ in pairs):
        return atoms
    return [
        each
        for amount, product in pairs
        for each in (product, amount._replace(kind="Q"), Atom("B", product.end, product.end))
    ]


def _is_counted(amount: Atom, product: Atom) -> bool:
    """Whether an amount in a unit, or a number of more than a few, and a product stand there."""
    counts = amount.kind == "Q" or (amount.kind == "N" and amount.value >= _MANY)
    return counts and product.kind == "P" and product.unit != "also"


def priced_before(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each product before its price, where three or more of what is weighed stand right behind
    one each and nothing is measured: "70 weiss / 10 gruen / 40 braun".
    """
    places = [place for place, a in enumerate(atoms[:-1]) if a.kind == "N"]
    sums = [atoms[place].value for place in places]
    goods = [a for a in atoms if a.kind == "P"]
    behind = [atoms[place + 1] for place in places]
    if len(goods) <= _GROUPS or any(a.kind not in "PNWO" for a in atoms):
        return atoms
    if not all(_PRICE <= value <= _SUMS for value in sums) or max(sums, default=0.0) < _DEAREST:
        return atoms
    if [a for a in behind if a.kind != "W"] != goods or not all(is_weighed(a) for a in goods):
        return atoms
    ordered = list(atoms)
    for place, atom in zip(places, behind, strict=True):
        named = atom.kind == "P"
        ordered[place : place + 2] = (
            [atom, atoms[place]] if named else [atoms[place]._replace(kind="X"), atom]
        )
    return ordered


def is_weighed(atom: Atom) -> bool:
    """Whether it names what is sold by weight."""
    return atom.term is not None and atom.term.entry.targets[0] in _WEIGHED
