"""Tanks with their sizes: the weight of what is in one is no amount that is sold."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import HOLDING, Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import is_tank
from forensics.analysis.tier import GAS

_SIZED = 3  # atoms of a tank, its weight, and "x"
_TIMES = 2  # atoms of a number and "x"
_WEIGHED = frozenset({"g", "kg"})


def without_sizes(atoms: list[Atom]) -> list[Atom]:
    """The atoms without the size of tanks that are counted: "3 bouteilles de 640g", "2 kg 3 flessen"."""
    if not any(map(is_tank, atoms)):
        return atoms
    kept: list[Atom] = []
    product: Term | None = None
    for place, atom in enumerate(atoms):
        tank = next((a for a in reversed(kept[-2:]) if a.kind != "W" or a.text not in HOLDING), None)
        if atom.kind == "Q" and atom.unit in _WEIGHED and tank is not None and _are_tanks(tank):
            continue
        sized = bool(kept) and kept[-1].kind == "Q" and kept[-1].unit in _WEIGHED and _holds(atoms, place)
        size = kept.pop() if sized else None
        if atom.kind == "N" and [a.text for a in kept[-1:]] == ["x"] and _are_sized(kept):
            kept[-_SIZED:] = [a for a in kept[-_SIZED : -_SIZED + 1] if a.kind == "P"]
            kept.append(atom._replace(kind="Q", unit="tank"))  # "tank 2 kg x2"
            continue
        product = atom.term if atom.kind == "P" else product
        if _is_gas(product) and _is_multiplied(atom, kept):
            kept[-_TIMES:] = [kept[-_TIMES]._replace(kind="Q", unit="tank")]  # "4x 2kg" behind "2kg tank"
            continue
        kept.append(atom)
        if size and atom.unit == "tank" and not _are_tanks(atom):
            kept.append(size)  # "2kg fles": the word first, as in "fles 2kg"
    return kept


def _holds(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the atom is of tanks, or counts what has the size said before it: "fastgas 670g 1 szt"."""
    atom, celled = atoms[place], [a.kind for a in atoms[place + 1 : place + 2]] == ["B"]
    named = celled and atom.kind == "P" and is_tank(atom)
    return named or atom.unit == "tank" or (atom.kind, atom.unit) == ("Q", "piece")


def _are_sized(kept: Sequence[Atom]) -> bool:
    """Whether a tank with its weight stands before the sign for how many."""
    tank = kept[-_SIZED:-1]
    weighed = [a.kind for a in tank[1:]] == ["Q"] and tank[1].unit in _WEIGHED
    return weighed and tank[0].kind in "PU" and is_tank(tank[0])


def _is_gas(product: Term | None) -> bool:
    return product is not None and product.entry.targets[0] == GAS


def _is_multiplied(atom: Atom, kept: Sequence[Atom]) -> bool:
    """Whether it is the size of so many as stand before it."""
    return atom.kind == "Q" and atom.unit in _WEIGHED and [a.kind for a in kept[-_TIMES:]] == ["N", "T"]


def _are_tanks(atom: Atom) -> bool:
    return atom.kind == "Q" and atom.unit == "tank" and atom.value > 1
