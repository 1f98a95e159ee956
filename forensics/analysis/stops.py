"""Numbers that only say which one of a list: "3 stops: 1 park 5k, 2 plein pizzeria 2k, 3 sporthal 1k"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.vocabulary import vocabulary

_SIGNS = frozenset(",;:.")
_SEVERAL, _LONG = 3, 4  # clauses of a list; letters of a word that is no joint


def without_stops(atoms: list[Atom]) -> list[Atom]:
    """Without the numbers of clauses that each open with the next, and a word of no goods behind it; nor the
    sums of such clauses, where no goods are named on the line.
    """
    if any(a.kind in "PQU" for a in atoms):
        return atoms
    opening = [place for place in range(len(atoms)) if _opens(atoms, place)]
    numbered = _counted_from_one(atoms, opening)
    return [a for a in atoms if a.kind not in "NM"] if len(numbered) >= _SEVERAL else atoms


def _opens(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a number opens a clause and a word follows it."""
    first = place == 0 or atoms[place - 1].text in _SIGNS
    behind = atoms[place + 1 : place + 2]
    return atoms[place].kind == "N" and first and any(_is_name(a) for a in behind)


def _is_name(atom: Atom) -> bool:
    """Whether a word counts, prices and joins nothing."""
    words, text = vocabulary(), atom.text
    joins = text in words.fillers or text in words.per or text in words.marks
    return atom.kind == "W" and len(text) >= _LONG and text.isalpha() and not joins


def _counted_from_one(atoms: Sequence[Atom], opening: Sequence[int]) -> list[int]:
    """The places of 1, 2, 3 and so on among the numbers that open a clause."""
    found: list[int] = []
    for place in opening:
        if atoms[place].value == len(found) + 1:
            found.append(place)
    return found
