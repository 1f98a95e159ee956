"""What is said about an amount with several words: "kg 10: 9000", "3 strips of oxa 15 each", "bag of weed €50
for 3g", "half O a ton".
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import HOLDING, PER, Atom, rewritten
from forensics.analysis.vocabulary import vocabulary

_PACKED = frozenset({"strip", "box", "pack"})
_EACH, _AT = "je", frozenset({"a", "at", "for", "fur", "voor", "zu"})
_SEVERAL = 2  # packs
_TON = 100.0  # of British money
_ENDS = frozenset("OB")


def amounts_said(atoms: list[Atom]) -> list[Atom]:
    """The atoms with such amounts and prices in the usual order."""
    if not any(a.kind in "UQ" for a in atoms):
        return atoms
    return rewritten(atoms, (_counted_behind, _each_of_packs, _bag_of, _ton))


def _counted_behind(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """A unit with its number behind it, and a colon before the price: "kg 1: 1000€, kg 10: 9000€"."""
    unit, *behind = atoms[place : place + 4]
    kinds = "".join(a.kind for a in behind)
    if (
        unit.kind != "U"
        or unit.unit not in ("g", "kg")
        or kinds not in ("NON", "NOM")
        or behind[1].text != ":"
    ):
        return None
    return [unit._replace(kind="Q", value=unit.value * behind[0].value, end=behind[0].end)], 2


def _each_of_packs(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one of several packs: "drei Packungen Zolpidem zu je 25", "3 strips of oxa 15 each"."""
    pack = atoms[place]
    if pack.kind != "Q" or pack.unit not in _PACKED or pack.value < _SEVERAL:
        return None
    at = _behind_goods(atoms, place + 1)
    goods, after = list(atoms[place + 1 : at]), at
    while after < len(atoms) and atoms[after].text in _AT:
        after += 1
    is_each = [a.text for a in atoms[after : after + 1]] == [_EACH]
    after = after + 1 if is_each else at
    price, behind = atoms[after : after + 1], atoms[after + 1 : after + 2]
    if not goods or not price or price[0].kind not in "NM":
        return None
    is_rate = [(a.kind, a.unit) for a in behind] == [("R", "piece")]
    if not is_rate and not (is_each and all(a.kind in "OBWP" for a in behind)):
        return None
    one = Atom("R", price[0].end, price[0].end, 1.0, pack.unit, text=PER)
    return [*goods, price[0], one], after + 1 + is_rate - place


def _behind_goods(atoms: Sequence[Atom], place: int) -> int:
    """The place behind the goods that stand there with their strength, if any."""
    place += place < len(atoms) and atoms[place].text in HOLDING
    term = atoms[place].term if place < len(atoms) else None
    if term is None or atoms[place].kind != "P":
        return place
    name = term.entry.targets[0]
    known = vocabulary().strengths.get(name, frozenset()) | vocabulary().doses.get(name, frozenset())
    strong = [a.kind == "S" or (a.kind == "N" and a.value in known) for a in atoms[place + 1 : place + 2]]
    return place + 1 + (strong == [True])


def _bag_of(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """What is in a bag, where its price stands before that: "bag of weed €50 for 3g"."""
    bag = atoms[place]
    at = place + 1 + (place + 1 < len(atoms) and atoms[place + 1].text in HOLDING)
    kinds = "".join(a.kind for a in atoms[at : at + 4])
    if bag.kind != "U" or bag.unit != "pack" or kinds not in ("PMEQ", "PNEQ") or atoms[at + 3].unit != "g":
        return None
    goods, price, _, amount = atoms[at : at + 4]
    return [goods, amount, price], at + 4 - place


def _ton(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """A hundred pounds behind an amount: "half O a ton"."""
    if (
        [a.text for a in atoms[place : place + 2]] != ["a", "ton"]
        or place == 0
        or atoms[place - 1].kind != "Q"
    ):
        return None
    if [a.kind for a in atoms[place + 2 : place + 3] if a.kind not in _ENDS]:
        return None
    return [Atom("M", atoms[place].start, atoms[place + 1].end, _TON)], 2
