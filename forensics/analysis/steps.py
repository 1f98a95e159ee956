"""Amounts and prices of one product in an order of their own, brought to that of others: a share and its
price behind a slash ("50/halfje 30"), the price before a slash ("25/7g"), arrows between steps ("65 → 2 voor
120"), the price before what it buys ("20 = halfje base").
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_SHARES = {0.5: 0.4, 0.25: 0.15}  # and the least part of the price of a whole that one costs
_FEW = 10  # of a bare amount behind the slash
_LEAST = 5  # a price before its amount
_ARROW, _EQUALS, _SLASH = "→", "=", "/"
_SPICE, _SHEETS = "spice-unspecified", frozenset({"a3", "a4", "a5", "a6", "a7"})
_SIGNS = frozenset("→=/,")
_PARTING = frozenset("/,")
_KILO = 1_000  # what a kilo of anything costs at least
_STEP = 3  # atoms of one: "2 voor 120"
_BOUGHT = 4  # atoms of a line of a price and what it buys, at most one a word behind


def in_steps(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line with such amounts before their prices."""
    atoms = _of_sheets(atoms)
    if not any(a.text in _SIGNS or a.kind == "R" for a in atoms):
        return atoms
    return _bought(_shares_apart(_amounts_first(_arrows_apart(atoms))))


def _of_sheets(atoms: list[Atom]) -> list[Atom]:
    """The size of a sheet before its price is one of that: "spice paper A5 80, A4 150"."""
    named = next((place for place, a in enumerate(atoms) if _is_paper(a)), len(atoms))
    return [
        Atom("Q", a.start, a.end, 1.0)
        if named < place and a.kind == "W" and a.text in _SHEETS and behind.kind in "NM"
        else a
        for place, (a, behind) in enumerate(zip(atoms, [*atoms[1:], *atoms[-1:]], strict=True))
    ]


def _is_paper(atom: Atom) -> bool:
    return atom.kind == "P" and atom.term is not None and atom.term.entry.targets[0] == _SPICE


def _arrows_apart(atoms: list[Atom]) -> list[Atom]:
    """An arrow before "2 voor 120" parts it from the step before."""
    return [
        a._replace(kind="O", text=",") if a.text == _ARROW and _is_step(atoms[place + 1 :][:_STEP]) else a
        for place, a in enumerate(atoms)
    ]


def _is_step(ahead: Sequence[Atom]) -> bool:
    """Whether an amount, a word for that and a price follow."""
    if len(ahead) < _STEP or ahead[0].kind not in "NQ" or ahead[1].kind != "E" or ahead[2].kind not in "NM":
        return False
    return ahead[1].text.isalpha() and ahead[0].value < ahead[2].value


def _amounts_first(atoms: list[Atom]) -> list[Atom]:
    """A sum against a slash and an amount stands behind that: "🍄 25/7g", "£25/0.5"."""
    found = list(atoms)
    for place in range(len(found) - 2):
        price, slash, amount = found[place : place + 3]
        if slash.text != _SLASH or price.end != slash.start or slash.end != amount.start:
            continue
        weighed = price.kind in "NM" and (amount.kind, amount.unit) in (("Q", "g"), ("Q", "ml"))
        bare = price.kind == "M" and amount.kind == "N" and amount.value > 0
        bare = bare and (
            amount.value < _FEW or _are_more(found[max(0, place - _STEP) : place], amount, price)
        )
        if (weighed or bare) and price.value >= _LEAST and price.value > amount.value:
            found[place : place + 3] = amount._replace(kind="Q"), slash._replace(kind="E"), price
    return found


def _are_more(before: Sequence[Atom], amount: Atom, price: Atom) -> bool:
    """Whether a smaller amount with its lower price stands right before: "40€/5 70€/10"."""
    if [a.kind for a in before] != ["Q", "E", "M"]:
        return False
    return before[0].value < amount.value and before[2].value < price.value


def _shares_apart(atoms: list[Atom]) -> list[Atom]:
    """A share with its own price, behind a slash or the comma of a whole one, is a step of its own."""
    found: list[Atom] = []
    for place, atom in enumerate(atoms):
        at = place - 1 - (place > 0 and atoms[place - 1].text in _PARTING)  # of the price of the whole
        if not _is_share(atoms, at, place) or not _costs_part(atoms[at], atom.value, atoms[place + 1 :]):
            found.append(atom)
            continue
        whole = found[at - place]
        of_one = [Atom("Q", whole.start, whole.start, 1.0)] if _is_of_one(atoms[:at]) else []
        share = atom._replace(kind="Q", unit=atom.unit if atom.unit == "g" else None, text="")
        found[at - place :] = [*of_one, whole, Atom("O", atom.start, atom.start, text=","), share]
    return found


def _is_share(atoms: Sequence[Atom], at: int, place: int) -> bool:
    """Whether a share stands there that is said with a slash, or with a unit behind one or a comma."""
    atom = atoms[place]
    if at < 1 or atom.value not in _SHARES:
        return False
    slashed = atom.kind == "N" and atoms[place - 1].text == _SLASH and atoms[at].kind == "N"
    return atom.kind == "R" or slashed or (atom.kind == "U" and at < place - 1)


def _costs_part(whole: Atom, share: float, ahead: Sequence[Atom]) -> bool:
    """Whether the price of such a share follows, by that of a whole one."""
    rest = [a for a in ahead if a.kind != "E"][:2]
    if whole.kind not in "NM" or not rest or rest[0].kind not in "NM" or whole.value >= _KILO:
        return False
    is_part = whole.value * _SHARES[share] <= rest[0].value < whole.value
    return is_part and [a.kind for a in rest[1:]] != ["R"]


def _is_of_one(before: Sequence[Atom]) -> bool:
    """Whether a price has its product before it and no amount."""
    kinds = [a.kind for a in before if a.kind not in "WEO"]
    return kinds[-1:] == ["P"] and (kinds[-2:-1] or ["P"])[0] not in "QNU"


def _bought(atoms: list[Atom]) -> list[Atom]:
    """A line of a sum, an equals sign, an amount and its product with the sum behind."""
    if len(atoms) != _BOUGHT or [a.kind for a in atoms[:2]] != ["N", "E"] or atoms[1].text != _EQUALS:
        return atoms
    sum_, equals, amount, product = atoms
    counts = amount.kind in "QUW" and product.kind == "P" and product.unit != "also"
    if not counts or sum_.value < _LEAST or (amount.kind != "W" and amount.value >= sum_.value):
        return atoms
    return [amount._replace(kind="Q") if amount.kind == "U" else amount, product, equals, sum_]
