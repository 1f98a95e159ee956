"""Sweets with a drug in them: they come in packs, also where a box is said, and the milligrams of a pack are
what is in it.
"""

from __future__ import annotations

from forensics.analysis.atoms import Atom

_SWEETS = frozenset({"gomitas", "gommes", "gummi", "gummies", "gummy"})


def of_sweets(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line of such sweets: "THC gummies Packung 25", "zakje thc gummies 500mg 20"."""
    if not any(_are_sweets(atom) for atom in atoms):
        return atoms
    found = [a._replace(unit="pack") if a.unit == "box" else a for a in atoms]
    packed = any(a.kind == "U" and a.unit == "pack" for a in found)
    return [a for a in found if not (packed and a.kind == "S")]


def _are_sweets(atom: Atom) -> bool:
    named = atom.kind == "P" and atom.term is not None
    return named and atom.term is not None and not _SWEETS.isdisjoint(atom.term.entry.term.split(" "))
