"""Goods that come with others for nothing: "5+1 voor 20", "buy 5 get 1 free £20", "3 halen 2 betalen"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.vocabulary import vocabulary

_MOST = 3  # goods that are given with others
_FEWEST = 2  # atoms behind a number that say how many come with it
_NEAR = 8  # atoms to the price


def with_gifts(atoms: list[Atom]) -> list[Atom]:
    """The atoms with what is sold and what comes with it as one number; without both where no price follows
    that is theirs.
    """
    words = vocabulary()
    says = words.free | words.paid
    if not any(a.kind == "C" or a.text in says for a in atoms):
        return atoms
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        used = _length(atoms, place)
        if used and _is_priced(atoms[place + used : place + used + _NEAR]):
            whole = sum(a.value for a in atoms[place : place + used])
            found.append(atoms[place]._replace(value=whole, end=atoms[place + used - 1].end))
        elif not used and not _is_paid(atoms, place):
            found.append(atoms[place])
        place += used or 1
    return found


def _length(atoms: Sequence[Atom], place: int) -> int:
    """How many atoms from here on say how many are sold and how many come with them; 0 where they do not."""
    words, atom, behind = vocabulary(), atoms[place], atoms[place + 1 : place + 4]
    if atom.kind not in "NQ" or atom.value < 1 or len(behind) < _FEWEST:
        return 0
    joined = behind[0].kind == "C" or behind[0].text in words.taken
    if not joined or behind[1].kind not in "NX" or not 0 < behind[1].value <= min(atom.value, _MOST):
        return 0
    free = len(behind) > _FEWEST and behind[2].text in words.free
    priced = len(behind) > _FEWEST and behind[2].kind in "EM" and behind[0].kind == "C"
    other = behind[0].kind == "C" and behind[1].value == 1 and len(behind) > _FEWEST and behind[2].kind == "W"
    return 3 + free if free or priced or other else 0


def _is_priced(ahead: Sequence[Atom]) -> bool:
    """Whether a price follows."""
    return any(a.kind in "NM" for a in ahead)


def _is_paid(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the number is one of "3 halen 2 betalen", also with the goods in between."""
    if atoms[place].kind not in "NQ":
        return False
    words = vocabulary()
    if place + 1 < len(atoms) and atoms[place + 1].text in words.paid:
        priced = any(a.kind in "NM" for a in atoms[place + 2 : place + 4])  # "bij 3 betaal je 120"
        return not priced or any(a.text in words.taken for a in atoms[max(0, place - 2) : place])
    ahead = [a for a in atoms[place + 1 : place + 6] if a.kind != "P"]
    return len(ahead) > _FEWEST and ahead[0].text in words.taken and ahead[2].text in words.paid
