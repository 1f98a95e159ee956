"""Abbreviations for one piece, of which the letters and signs stand apart: "4 p/s", "5 p.s.", "7€/u"."""

from __future__ import annotations

from forensics.analysis.atoms import PER, Atom

_OF_ONE = (["p", "/", "s"], ["p", ".", "s"], ["c", "/", "u"])
_UNIT = ["/", "u"]  # behind a sum of money: elsewhere the letter is an hour
_SOLD = 6  # atoms from a product to "p.s."


def of_one_piece(atoms: list[Atom]) -> list[Atom]:
    """The atoms with such letters as a price per piece; "p.s." only where a product stands before it."""
    for place in range(len(atoms) - 3, -1, -1):
        found = atoms[place : place + 3]
        texts = [atom.text for atom in found]
        if found[0].kind == "M" and texts[1:] == _UNIT:
            atoms[place + 1 : place + 3] = [_one(found[1], found[2])]
        elif texts in _OF_ONE and (texts[1] == "/" or _is_of_goods(atoms, place)):
            atoms[place : place + 3] = [_one(found[0], found[2])]
    return atoms


def _is_of_goods(atoms: list[Atom], place: int) -> bool:
    """Whether the letters are written against each other, behind goods or a number."""
    first, point, last = atoms[place : place + 3]
    sold = any(a.kind in "PMQ" for a in atoms[max(0, place - _SOLD) : place])
    sold = sold or (place > 0 and atoms[place - 1].kind == "N")
    return sold and first.end == point.start and point.end == last.start


def _one(first: Atom, last: Atom) -> Atom:
    return Atom("R", first.start, last.end, 1.0, "piece", text=PER)
