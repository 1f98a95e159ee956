"""The order within a line of goods: products that stand behind their amounts and prices."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_NUMERIC = "QNMR"
_GROUPS = 2  # products so written that make it the order of the line
_OF_A_TIER, _MOST = 2, 3  # numbers of each
_LONGEST = 8  # where each amount has its price behind an equals sign: "80=1 220=3 keta"


def products_first(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with each product before its numbers, where every product of the line stands behind an amount
    with its price: "1g 50 coke, 5g 45 wiet".
    """
    groups = _groups(atoms)
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
