"""Numbers that are written together or apart: "1,50 / 2,95 / 3,140" for 1 at 50, 2 at 95 and 3 at 140; "1 g
2 0, 5 g 8 0" for 20 and 80.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token

_WRITTEN = re.compile(r"(\d{1,2})[.,]([1-9]\d{1,2})")
_DIGITS = 4  # of a sum at most
_FEWEST = 2  # such numbers of a line that tell it
_SUM = 100  # no price in money and cents has three digits behind its point
_LEAST = 20  # what a gram or more of anything costs at least that is written so
_SHARE = 0.5  # of what one costs is what one of many does at least
_COUNTED = frozenset("NMQURTES")


class Spaced:
    """Puts together the digits of sums that are written apart, behind amounts with a unit; a sum that ends in
    a nought tells it.
    """

    def __init__(self) -> None:
        self._told = False

    def read(self, atoms: list[Atom], tokens: Sequence[Token]) -> list[Atom]:
        """The atoms with each such sum as one number."""
        if not any(a.kind == "N" for a in atoms):
            return atoms
        digits = {t.start for t in tokens if t.kind == "n" and len(t.text) == 1}
        sums = {place: used for place in range(len(atoms)) if (used := _apart(atoms, place, digits))}
        self._told = self._told or any(atoms[place + used - 1].value == 0 for place, used in sums.items())
        return _together(atoms, sums) if self._told and sums else atoms


def _together(atoms: Sequence[Atom], sums: Mapping[int, int]) -> list[Atom]:
    """The atoms with the digits of each sum as one; ``sums``: how many digits begin where."""
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        run = atoms[place : place + sums.get(place, 1)]
        sum_ = float("".join(str(int(a.value)) for a in run)) if place in sums else run[0].value
        found.append(run[0]._replace(end=run[-1].end, value=sum_))
        place += len(run)
    return found


def _apart(atoms: Sequence[Atom], place: int, digits: set[int]) -> int:
    """How many digits there are the sum of the amount before, one space between each, to the end of its
    clause; 0 where they are none.
    """
    if atoms[place].kind != "N" or place == 0 or atoms[place - 1].kind != "Q":
        return 0
    after = place
    while after < min(len(atoms), place + _DIGITS) and atoms[after].start in digits:
        if atoms[after].kind != "N" or (after > place and atoms[after].start - atoms[after - 1].end != 1):
            break
        after += 1
    ends = after == len(atoms) or atoms[after].kind in "OB"
    return after - place if ends and after - place > 1 else 0


class Pointed:
    """Reads such lines: rising amounts with rising prices of what is weighed; below one of them also a single
    pair.
    """

    def __init__(self, unit_of: Callable[[Term | None], str | None]) -> None:
        self._unit_of = unit_of
        self._told = False

    def read(self, atoms: list[Atom], tokens: Sequence[Token]) -> list[Atom]:
        """The atoms with each such number as an amount and its price."""
        numbers = [a for a in atoms if a.kind in _COUNTED]
        named = [a.term for a in atoms if a.kind == "P"]
        if not numbers or any(a.kind != "N" for a in numbers) or len(named) != 1:
            return atoms
        starts = {t.start: t.text for t in tokens if t.kind == "n"}
        pairs = [_pair(starts.get(a.start, "")) for a in numbers]
        if self._unit_of(named[0]) != "g" or not self._are_pairs([p for p in pairs if p], len(pairs)):
            return atoms
        ordinary = named[0] is None or named[0].entry.grade == 1 or len(pairs) < _FEWEST
        if ordinary and not any(pair and pair[1] >= _SUM for pair in pairs):
            return atoms  # "brood wit 1,40 / 2,60"
        self._told = True
        return [made for atom in atoms for made in _parted(atom, starts)]

    def _are_pairs(self, pairs: Sequence[tuple[float, float]], count: int) -> bool:
        if len(pairs) != count or (count < _FEWEST and not self._told):
            return False
        dear = all(price >= _LEAST and price > amount for amount, price in pairs)
        return dear and all(_goes_on(first, second) for first, second in pairwise(pairs))


def _goes_on(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether more costs more, and each of it no more than before and not much less."""
    (few, price), (more, sum_) = first, second
    return few < more and price < sum_ and _SHARE * price / few <= sum_ / more <= price / few


def _pair(text: str) -> tuple[float, float] | None:
    written = _WRITTEN.fullmatch(text)
    amount = float(written[1]) if written else 0.0
    return (amount, float(written[2])) if written and amount else None


def _parted(atom: Atom, starts: dict[int, str]) -> list[Atom]:
    pair = _pair(starts.get(atom.start, "")) if atom.kind == "N" else None
    if pair is None:
        return [atom]
    point = atom.start + len(re.split("[.,]", starts[atom.start])[0])
    return [
        atom._replace(end=point, value=pair[0]),
        Atom("E", point, point + 1, text="="),
        atom._replace(start=point + 1, value=pair[1]),
    ]
