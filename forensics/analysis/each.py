"""Prices of one beside how many have to be bought: "100 pillen a 1,20", "vanaf 10 stuks 3 p.s."."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import PER, Atom
from forensics.analysis.vocabulary import vocabulary

_AT = frozenset({"a", "@"})
_CHEAP = 4  # times a price: more than so many are not sold for it
_SAID = 5  # words from an amount to what each costs from there on: "ab 20g mach ich dir 8"
_BACK = 24  # atoms looked back for the price of one
_OF_EACH = frozenset({None, "g", "piece"})


def of_each(atoms: list[Atom]) -> list[Atom]:
    """The atoms with such prices as those of one."""
    words = vocabulary()
    if not any(a.text in _AT or a.text in words.least or a.kind == "C" or a.text == "-" for a in atoms):
        return atoms
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        made, used = _at(atoms, place) or _from(atoms, place) or _upwards(atoms, place) or ([atoms[place]], 1)
        found += made
        place += used
    return found


def _at(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind a large amount and "a", and how many atoms say so: "50 gram a 7"."""
    count = atoms[place]
    if count.kind not in "NQ" or count.unit not in _OF_EACH:
        return None
    goods = place + 1 + sum(a.kind == "P" for a in atoms[place + 1 : place + 2])
    behind = atoms[goods : goods + 3]
    if len(behind) < 2 or behind[0].text not in _AT or behind[1].kind not in "NM":
        return None
    if behind[1].value * _CHEAP > count.value or (len(behind) > 2 and behind[2].kind == "R"):
        return None
    return [*atoms[place + 1 : goods], behind[1], _one(behind[1], count.unit)], goods + 2 - place


def _from(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one from so many on, behind one that is not lower: "8 euro das Gramm, ab 10 Gramm 6"."""
    if atoms[place].text not in vocabulary().least or place + 2 >= len(atoms):
        return None
    count = atoms[place + 1]
    at = place + 2 + (atoms[place + 2].kind == "C")
    at += next((i for i, a in enumerate(atoms[at : at + _SAID]) if a.kind not in "WE"), 0)
    if count.kind not in "NQ" or count.unit not in _OF_EACH or at >= len(atoms) or atoms[at].kind not in "NM":
        return None
    if at + 1 < len(atoms) and atoms[at + 1].kind == "R":
        return [atoms[at]], at + 1 - place
    before = next((a for a in reversed(atoms[max(0, place - _BACK) : place]) if a.kind in "NMQ"), None)
    if count.unit != "g":  # "pil 5 p.s. vanaf 10 stuks 4": our sets count so many for that sum
        return None
    if before is None or before.kind == "Q" or atoms[at].value > before.value:
        return None
    return [atoms[at], _one(atoms[at], count.unit)], at + 1 - place


def _upwards(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind amounts from one to another or with a plus: "5-9g 20/g, 10g+ 18/g"."""
    kinds = "".join(a.kind for a in atoms[place : place + 5])
    if kinds[:1] == "N" and kinds[2:] in ("QNR", "QMR") and atoms[place + 1].text == "-":
        return [atoms[place + 3]], 4  # "10-49 st 4/st"
    glued = kinds[:4] in ("QCNR", "QCMR", "NCNR", "NCMR") and atoms[place + 1].start == atoms[place].end
    return ([atoms[place + 2]], 3) if glued else None


def _one(price: Atom, unit: str | None) -> Atom:
    return Atom("R", price.end, price.end, 1.0, unit, text=PER)
