"""Signs and words for tablets behind the strength of named ones: "Perc 30 💊 1 st", "2cb 20mg pressies"."""

from __future__ import annotations

from collections.abc import Callable

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.vocabulary import vocabulary

_PILLS = frozenset({"💊", "pilletjes", "presses", "pressies"})


def without_pill_signs(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms without a sign or word for tablets behind the strength of known ones: "Perc 30 💊 1 st"."""
    found: list[Atom] = []
    for atom in atoms:
        named = atom.term is not None and atom.term.entry.term in _PILLS and len(found) > 1
        if named and _is_strength(found[-2], found[-1]) and unit_of(found[-2].term) == "piece":
            found[-1] = found[-1]._replace(kind="S", unit="mg")
        else:
            found.append(atom)
    return found


def _is_strength(named: Atom, number: Atom) -> bool:
    """Whether the number behind a product is one of its strengths."""
    if named.kind != "P" or named.term is None or number.kind not in "NS":
        return False
    return number.kind == "S" or number.value in vocabulary().milligrams(named.term.entry.targets[0])
