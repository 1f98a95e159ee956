"""What is in stock, without prices: "60 gram wit, 400 roze tesla's, 25 g ket"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_PRICED = frozenset("MRTCU")  # atoms of a line that has prices, or amounts of one
_FEWEST = 3  # goods of such a line


def in_stock(atoms: list[Atom]) -> list[Atom]:
    """The atoms with a number right before goods as how many there are, where every amount and number of
    the first sentence stands so and no price is said.
    """
    if not any(a.kind == "N" for a in atoms) or any(a.kind in _PRICED for a in atoms):
        return atoms
    end = next((place for place, a in enumerate(atoms) if a.text == "."), len(atoms))
    counted = [place for place in range(end) if atoms[place].kind in "QNE"]
    if len(counted) < _FEWEST or not all(_counts_goods(atoms, place) for place in counted):
        return atoms
    if not any(atoms[place].kind == "Q" for place in counted):
        return atoms
    sold = [a._replace(kind="Q", unit=None) if a.kind == "N" else a for a in atoms[:end]]
    return [*sold, *atoms[end:]]


def _counts_goods(atoms: Sequence[Atom], place: int) -> bool:
    """Whether goods stand right behind a number or amount, and nothing, a sign or a word before."""
    opens = place == 0 or atoms[place - 1].kind in "OBW"
    counts = atoms[place].kind != "E"
    return counts and opens and [a.kind for a in atoms[place + 1 : place + 2]] == ["P"]
