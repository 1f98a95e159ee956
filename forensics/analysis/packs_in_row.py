"""A strip and a box behind each other, each with its price: "lyrica strip 20 doos 70"; and a pack with the
price of several in brackets: "jelly doosje 15 (2 = 25)".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from forensics.analysis.atoms import Atom

_PRICE = 5  # what one costs at least
_IN_BRACKETS = 4  # atoms from the bracket to the price of several
_FEWEST, _LONGEST = 2, 7  # atoms in such brackets
_MEASURED = frozenset({"g", "ml", "piece", "box", "pack", "strip", "tank"})
_PACKS, _FOR = frozenset({"box", "pack", "strip", "tank"}), frozenset({"a", "for", "voor"})


def prices_of_packs(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with the number between the two as the price of the strip, where the box has its own behind
    it: a box of so many strips would be named first.
    """
    if not any(map(_is_strip, atoms)):
        return list(atoms)
    found: list[Atom] = []
    for atom, following in zip_longest(atoms, atoms[1:]):
        priced = following is not None and following.kind in "NM"
        if priced and found and _is_strip(found[-1]) and _is_box(atom):
            price = Atom("N", atom.start, atom.start, atom.value)
            found += [price, atom._replace(kind="U", value=1.0)]
        else:
            found.append(atom)
    return found


def several_in_brackets(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with brackets behind a price that hold the price of several as tiers of their own: of an
    amount with its unit, of so many as a number says, or of packs like the one before.
    """
    found = list(atoms)
    for place in range(2, len(found) - 3):
        if found[place].text != "(":
            continue
        pack, price, *inside = found[place - 2 : place + _IN_BRACKETS]
        if _is_priced(found[place + 1 : place + _LONGEST], price):
            found[place] = inside[0]._replace(text=",")  # "vape 1ml 60 (2 Stk 110)"
        elif (
            pack.kind == "P" and (inside[2].text == "a" or inside[2].kind == "E") and _is_tier(inside, price)
        ):
            found[place] = inside[0]._replace(text=",")  # "cartoni 10 (5 a 40)"
            found[place + 2] = inside[2]._replace(kind="E")
        elif pack.unit in _PACKS and pack.kind in "UQ" and _is_tier(inside, price):
            found[place + 1] = inside[1]._replace(kind="Q", unit=pack.unit)
            found[place + 2] = inside[2]._replace(kind="E")
    return found


def _is_priced(inside: Sequence[Atom], price: Atom) -> bool:
    """Whether brackets hold an amount with its unit, and last its price, higher than the one before."""
    end = next((at for at, a in enumerate(inside) if a.text == ")"), 0)
    if (
        end < _FEWEST
        or price.kind not in "NM"
        or inside[0].kind not in "QU"
        or inside[0].unit not in _MEASURED
    ):
        return False
    return inside[end - 1].kind in "NM" and price.value < inside[end - 1].value


def _is_tier(inside: Sequence[Atom], price: Atom) -> bool:
    """Whether brackets hold a few and what these cost, more than one of them."""
    _, few, joint, sum_ = inside[:_IN_BRACKETS]
    joined = joint.kind == "E" or joint.text in _FOR
    return (
        joined and few.kind == "N" and price.kind in "NM" and sum_.kind in "NM" and price.value < sum_.value
    )


def _is_strip(atom: Atom) -> bool:
    return (atom.kind, atom.unit) == ("U", "strip")


def _is_box(atom: Atom) -> bool:
    """Whether it is a box behind a number that may be a price."""
    return (atom.kind, atom.unit) == ("Q", "box") and atom.value >= _PRICE
