"""Sums before what they buy, several on a line: "50 = 1 / 90 = 2 / 130 = 3"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom

_PAIR, _STEP = 3, 4  # atoms of a sum with what it buys; to the next
_FEWEST = 2  # such pairs
_BUYS, _FEW = 5, 10  # times what it buys a sum is at least once; how much is bought at most
_APART = frozenset("/,|;-")


def sums_before(atoms: list[Atom], *, inverted: bool) -> list[Atom]:
    """The atoms with what is bought before each such sum. ``inverted``: a line before had them so."""
    if sum(a.kind == "E" for a in atoms) < _FEWEST:
        return atoms
    place = 0
    while place + _PAIR + _STEP <= len(atoms):
        pairs = _pairs(atoms, place)
        if len(pairs) >= _FEWEST and _are_sums(atoms, pairs, inverted=inverted):
            return [*atoms[:place], *_turned(atoms, pairs), *atoms[pairs[-1] + _PAIR :]]
        place = pairs[-1] + _PAIR if pairs else place + 1
    return atoms


def _pairs(atoms: Sequence[Atom], first: int) -> list[int]:
    """Where pairs begin from there on, with one sign between each and the next."""
    found: list[int] = []
    while _is_pair(atoms[first : first + _PAIR]):
        found.append(first)
        if [a.text in _APART for a in atoms[first + _PAIR : first + _STEP]] != [True]:
            break
        first += _STEP
    return found


def _is_pair(atoms: Sequence[Atom]) -> bool:
    kinds = "".join(a.kind for a in atoms)
    return kinds in ("NEN", "MEN", "NEQ", "MEQ") and not atoms[1].text.isalpha()


def _are_sums(atoms: Sequence[Atom], pairs: Sequence[int], *, inverted: bool) -> bool:
    """Whether both numbers rise from pair to pair, and the first of each is by far the larger."""
    both = [(atoms[place].value, atoms[place + 2].value) for place in pairs]
    rising = all(a < c and b < d for (a, b), (c, d) in pairwise(both))
    dear = any(sum_ >= few * _BUYS for sum_, few in both)
    return rising and all(few <= _FEW < 2 * sum_ and few < sum_ for sum_, few in both) and (dear or inverted)


def _turned(atoms: Sequence[Atom], pairs: Sequence[int]) -> list[Atom]:
    found: list[Atom] = []
    for place in pairs:
        sum_, _, few = atoms[place : place + _PAIR]
        unit = few.unit if few.kind == "Q" else None
        found += [few._replace(kind="Q", unit=unit), sum_, sum_._replace(kind="O", text=",")]
    return found[:-1]
