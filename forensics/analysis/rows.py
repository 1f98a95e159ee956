"""The order within a line of goods: products that stand behind their amounts and prices."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import PER, Atom

_NUMERIC = "QNMR"
_CLAUSES = frozenset({",", ".", ";", "/", "-"})  # signs between goods
_ENDS = frozenset(".;")  # between clauses, besides bars
_LINKS = frozenset(
    {"/", "vom", "van", "de", "of", "di"}
)  # beside the numbers of a clause and before its product
_BOUGHT, _TO_COUNTED = frozenset({"NENTP", "MENTP"}), 3  # a sum, "=", a number, "x", goods
_MULTIPLIED = tuple([*"NTN", sign, price] for sign in "EO" for price in "NM")
_GROUPS = 2  # products so written that make it the order of the line
_OF_A_TIER, _MOST = 2, 3  # numbers of each
_DEAR = 4  # times an amount in grams: what it costs at least
_FOUR = 4.0
_NEAR = 12  # atoms looked back for an amount with its price
_BRACKETED = 4  # atoms of a price and the amount in brackets behind it
_LONGEST = 8  # where each amount has its price behind an equals sign: "80=1 220=3 keta"


def products_first(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with each product before its numbers, where every product of the line stands behind an amount
    with its price: "1g 50 coke, 5g 45 wiet".
    """
    groups = _groups(atoms)
    if any(a.kind == "P" and a.unit == "also" for a in atoms) and _starts_with_product(atoms):
        return list(atoms)
    if len(groups) < _GROUPS or not all(_is_trailing(group) for group in groups):
        return list(atoms)
    ordered: list[Atom] = []
    for group in groups:
        first = next(place for place, atom in enumerate(group) if atom.kind in _NUMERIC)
        last = next(place for place, atom in enumerate(group) if atom.kind == "P")
        products = [atom._replace(unit=None) for atom in group[last:]]
        ordered += [*group[:first], *products, *_amount_first(group[first:last])]
    after = sum(len(group) for group in groups)
    return [*ordered, *atoms[after:]]


def _starts_with_product(atoms: Sequence[Atom]) -> bool:
    first = next((a for a in atoms if a.kind in (*_NUMERIC, "P")), None)
    return first is not None and first.kind == "Q"


def products_last(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with the product of a clause before its numbers, where it ends one of only amounts with
    their prices: "3x20 10x60 (xtc) | weed 5x40".
    """
    ordered: list[Atom] = []
    first = 0
    for place in range(len(atoms) + 1):
        if place == len(atoms) or atoms[place].kind == "B" or atoms[place].text in _ENDS:
            ordered += _product_first(atoms[first:place])
            ordered += atoms[place : place + 1]
            first = place + 1
    return ordered


def _product_first(clause: Sequence[Atom]) -> Sequence[Atom]:
    """A clause with its one product in front, where all its numbers stand before it and make whole tiers."""
    products = [place for place, atom in enumerate(clause) if atom.kind == "P"]
    if len(products) != 1 or not _is_word(clause[products[0]]):
        return clause
    last = products[0]
    first = next((place for place, atom in enumerate(clause) if atom.kind in _NUMERIC), last)
    numbers = [atom.kind for atom in clause[:last] if atom.kind in _NUMERIC]
    tiers = len(numbers) >= _OF_A_TIER and len(numbers) % _OF_A_TIER == 0
    if not tiers or any(atom.kind in (*_NUMERIC, "U", "S", "X") for atom in clause[last:]):
        return clause
    if any(
        atom.kind not in (*_NUMERIC, "T", "E", "O") and atom.text not in _LINKS for atom in clause[first:last]
    ):
        return clause
    return [*clause[:first], clause[last], *clause[first:last], *clause[last + 1 :]]


def pieces_priced(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with a broken number of pieces as what one costs: "brownie 7,50 stuk"."""
    found: list[Atom] = []
    for place, atom in enumerate(atoms):
        broken = atom.kind == "Q" and atom.unit == "piece" and atom.value > 1 and atom.value % 1
        if broken and _next_kind(atoms, place) in ("", "P", "N"):
            found += [
                atom._replace(kind="N", unit=None),
                Atom("R", atom.end, atom.end, 1.0, "piece", text=PER),
            ]
        else:
            found.append(atom)
    return found


def prices_last(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with each price behind the amount that it is written before, where all of a product are:
    "jaune 10€ 1,5g / 50€ 8g".
    """
    ordered = list(atoms)
    run: list[int] = []
    for place in range(len(atoms) + 1):
        if place == len(atoms) or atoms[place].kind in "PER":
            _turn(ordered, _without_joined(atoms, run, place))
            run = []
        elif atoms[place].kind in _NUMERIC:
            run.append(place)
    return ordered


def _without_joined(atoms: Sequence[Atom], run: list[int], place: int) -> list[int]:
    """A run up to a place without what is joined to something else: the sum behind "1 gram kost", the amount
    before an equals sign, the price of one.
    """
    kind = atoms[place].kind if place < len(atoms) else ""
    if kind == "R" or (kind == "E" and run and atoms[run[-1]].kind == "Q"):
        run = run[:-1]
    before = [a.kind for a in atoms[max(0, run[0] - _OF_A_TIER) : run[0]]] if run else []
    of_unit = before[-1:] == ["U"]  # "gramı 3000 lira, iki gram 5500 lira"
    return run[1:] if (before == ["Q", "E"] or of_unit) and atoms[run[0]].kind == "M" else run


def _next_kind(atoms: Sequence[Atom], place: int) -> str:
    """The kind of the next number or product that stands near."""
    return next((a.kind for a in atoms[place + 1 : place + 4] if a.kind in (*_NUMERIC, "P")), "")


def brackets_first(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each amount in brackets before the price that it stands behind: "60 (1g) 110 (2g)"."""
    places = [place for place in range(len(atoms) - 3) if _is_bracketed(atoms, place)]
    ends = {place + _BRACKETED for place in places}.difference(places)
    loose = any(end < len(atoms) and atoms[end].kind in _NUMERIC for end in ends)
    if not places or loose:
        return atoms
    ordered = list(atoms)
    for place in places:
        ordered[place], ordered[place + 2] = atoms[place + 2], atoms[place]
    return ordered


def sums_counted(atoms: list[Atom]) -> list[Atom]:
    """The atoms with a word for a sum as an amount where the next number is its price, by what one costs:
    "hele 45, vijfje 200".
    """
    found = list(atoms)
    for place in range(len(found)):
        if _is_sum_counted(found, place):
            found[place] = found[place]._replace(kind="N")
    return found


def _is_sum_counted(atoms: Sequence[Atom], place: int) -> bool:
    at = place + 1 + next((i for i, a in enumerate(atoms[place + 1 : place + 3]) if a.kind != "W"), 0)
    word, behind = atoms[place], atoms[at : at + 2]  # "neem je een vijfje dan 240"
    if word.kind != "M" or word.unit is not None or word.value <= 0:
        return False
    if not behind or behind[0].kind not in "NM":
        return False
    ends = len(behind) == 1 or behind[1].kind in "OB" or behind[1].text == "/"
    few, price = _priced_last(atoms[max(0, place - _NEAR) : place])
    if not ends or not few:
        return False
    each = behind[0].value / word.value
    return 0 < few < word.value and price / few / 2 <= each <= price / few


def _priced_last(atoms: Sequence[Atom]) -> tuple[float, float]:
    """The last amount and its price, one of the product where nothing else is counted; zeroes without one."""
    before = [a for a in atoms if a.kind in "PQUNMR"]
    if not before or before[-1].kind not in "NM" or before[-2:-1] == []:
        return 0.0, 0.0
    counted = before[-2]
    if counted.kind not in "PNQU":
        return 0.0, 0.0
    return (1.0 if counted.kind == "P" else counted.value), before[-1].value


def fours_said(atoms: list[Atom]) -> list[Atom]:
    """The atoms with the digit that English writes for a word between an amount and its price: "10 4 30"."""
    places = {place for place in range(len(atoms) - 2) if _is_four(atoms, place)}
    return [a._replace(kind="E", text="for") if place - 1 in places else a for place, a in enumerate(atoms)]


def _is_four(atoms: Sequence[Atom], place: int) -> bool:
    """Whether three bare numbers stand there by themselves, a four between a smaller and a larger one."""
    kinds = [a.kind for a in atoms[place : place + 4]]
    if kinds[:3] != ["N", "N", "N"] or kinds[3:] in (["N"], ["M"], ["E"], ["T"], ["Q"]):
        return False
    few, four, sum_ = atoms[place : place + 3]
    alone = place == 0 or atoms[place - 1].kind not in "NMQET"
    return alone and four.value == _FOUR and few.value != _FOUR and sum_.value > max(few.value, _FOUR)


def bracketed_prices_last(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each price in brackets behind the amount that it stands before: "(50) 1 gram coke"."""
    places = [
        place
        for place in range(len(atoms) - 3)
        if (atoms[place].text, atoms[place + 2].text) == ("(", ")")
        and atoms[place + 1].kind in "NM"
        and atoms[place + 3].kind == "Q"
        and atoms[place + 1].value > atoms[place + 3].value
    ]
    if not places or sum(a.kind in (*_NUMERIC, "U") for a in atoms) != _OF_A_TIER * len(places):
        return atoms
    ordered = list(atoms)
    for place in places:
        ordered[place + 1], ordered[place + 3] = atoms[place + 3], atoms[place + 1]
    return ordered


def _is_bracketed(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a price without its currency, and in brackets what it is for, stand there."""
    price, opens, amount, closes = atoms[place : place + _BRACKETED]
    dear = price.kind == "N" and amount.kind == "Q" and price.value > amount.value
    return dear and (opens.text, closes.text) == ("(", ")")


def _turn(atoms: list[Atom], run: Sequence[int]) -> None:
    """Changes places of price and amount where they take turns, a price first and an amount last."""
    kinds = "".join(atoms[place].kind for place in run)
    turned = len(kinds) > _OF_A_TIER and kinds == "MQ" * (len(kinds) // _OF_A_TIER)
    if turned or _are_bare(atoms, run, kinds) or (kinds == "MQ" and _is_clause(atoms, *run)):
        for price, amount in zip(run[::2], run[1::2], strict=True):
            atoms[price], atoms[amount] = atoms[amount]._replace(kind="Q"), atoms[price]


def _is_clause(atoms: Sequence[Atom], price: int, amount: int) -> bool:
    """Whether a product, a price and right behind it an amount make a clause before the next product: "speed
    15 euro 2 gram, wiet 10 euro 1g".
    """
    ends = atoms[amount + 1 : amount + 3]
    parted = len(ends) > 1 and ends[0].text in _CLAUSES and ends[1].kind == "P"
    return parted and amount - price == 1 and price > 0 and atoms[price - 1].kind == "P"


def _are_bare(atoms: Sequence[Atom], run: Sequence[int], kinds: str) -> bool:
    """Whether each price has an amount without a unit behind it: "£50 3.5 / £95 7"."""
    if not kinds or kinds != "MN" * (len(kinds) // _OF_A_TIER):
        return False
    if any(
        atoms[few].value * _DEAR > atoms[sum_].value for sum_, few in zip(run[::2], run[1::2], strict=True)
    ):
        return False
    close = all(few - sum_ == 1 for sum_, few in zip(run[::2], run[1::2], strict=True))
    return close and (len(kinds) > _OF_A_TIER or atoms[run[1]].value % 1 != 0)


def emblems_counted(atoms: list[Atom]) -> list[Atom]:
    """The atoms with as many of a product as its emoji stands behind the price: "95€ ❄️❄️"."""
    solid = [a for a in atoms if a.kind != "O"]
    terms = {a.term.entry.term for a in solid[1:] if a.kind == "P" and a.term}
    if (
        len(solid) < 2
        or solid[0].kind not in "NM"
        or any(a.kind != "P" for a in solid[1:])
        or len(terms) != 1
    ):
        return atoms
    if terms.pop()[0].isalnum():
        return atoms
    count = Atom("Q", solid[1].start, solid[-1].end, float(len(solid) - 1))
    return [solid[1], count, solid[0]]


def multiplied(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with so many of an amount as one: "2 x 0,8 = 90"."""
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        if _is_multiplied(atoms, place):
            times, amount = atoms[place], atoms[place + 2]
            found.append(amount._replace(kind="Q", start=times.start, value=times.value * amount.value))
            place += 3
        else:
            found.append(atoms[place])
            place += 1
    return found


def bought(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms without the "x" of what is bought for a sum before it: "80 = 1x koks"."""
    kinds = "".join(a.kind for a in atoms)
    starts = (place for place in range(len(kinds)) if kinds[place : place + 5] in _BOUGHT)
    counted = {place + _TO_COUNTED for place in starts}
    return [atom for place, atom in enumerate(atoms) if place not in counted]


def _is_word(atom: Atom) -> bool:
    return atom.term is not None and atom.term.entry.term[0].isalnum() and atom.unit != "also"


def _is_multiplied(atoms: Sequence[Atom], place: int) -> bool:
    if atoms[place].kind != "N" or place + 1 == len(atoms) or atoms[place + 1].kind != "T":
        return False
    kinds = [atom.kind for atom in atoms[place : place + 5]]
    return kinds in _MULTIPLIED and atoms[place + 2].value % 1 != 0


def _groups(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """The atoms up to and with each product; what is behind the last one belongs to none."""
    groups: list[list[Atom]] = []
    group: list[Atom] = []
    for place, atom in enumerate(atoms):
        group.append(atom)
        following = atoms[place + 1].kind if place + 1 < len(atoms) else ""
        if atom.kind == "P" and following != "P":
            groups.append(group)
            group = []
    if any(atom.kind in _NUMERIC for atom in group):
        groups.append(group)
    return groups


def _amount_first(tier: list[Atom]) -> list[Atom]:
    """A price and the amount behind it the other way round: "50 euro 1 gram"."""
    numbers = [atom for atom in tier if atom.kind in _NUMERIC]
    if [atom.kind for atom in numbers] not in (["N", "Q"], ["M", "Q"]):
        return tier
    return [numbers[1], numbers[0], *(atom for atom in tier if atom.kind in "WOB")]


def _is_trailing(group: Sequence[Atom]) -> bool:
    """Whether a whole tier stands before the product."""
    kinds = [atom.kind for atom in group]
    if "P" not in kinds:
        return False
    before = kinds[: kinds.index("P")]
    numbers = sum(kind in _NUMERIC for kind in before)
    paired = numbers == _OF_A_TIER * before.count("E") and numbers <= _LONGEST
    return (_OF_A_TIER <= numbers <= _MOST or paired) and ("N" in before or "M" in before)
