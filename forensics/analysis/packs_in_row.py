"""A strip and a box behind each other, each with its price: "lyrica strip 20 doos 70"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from forensics.analysis.atoms import Atom

_PRICE = 5  # what one costs at least


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


def _is_strip(atom: Atom) -> bool:
    return (atom.kind, atom.unit) == ("U", "strip")


def _is_box(atom: Atom) -> bool:
    """Whether it is a box behind a number that may be a price."""
    return (atom.kind, atom.unit) == ("Q", "box") and atom.value >= _PRICE
