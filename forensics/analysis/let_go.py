"""Prices behind a verb of giving, and behind "um": "10 grammi te li lascio a 60", "Gras 5 um 50"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_VERBS = frozenset({
    "cedo", "dau", "deixo", "dejamos", "dejo", "fica", "ficam", "las", "lascio", "lasciamo", "oddam",
    "puszczam", "queda", "quedan", "sai", "saem", "sale", "salen", "vengono", "viene", "vind",
})  # fmt: skip
_FOR = frozenset({"a", "en", "la", "por", "um", "za", "cu", "po"})
_REACH = 5  # atoms from the amount to the verb
_AT = "aan"  # of Flanders, between an amount and its price: "doosje aan 20"
_UM, _DEARER = "um", 2  # of Austria, between an amount and its price: so many times as much at least


def for_sums(atoms: list[Atom]) -> list[Atom]:
    """The atoms with the word between such a verb and a sum as one for that, where an amount stands before
    them in the same clause.
    """
    if not any(a.kind == "W" and (a.text in _VERBS or a.text in (_UM, _AT)) for a in atoms):
        return atoms
    return [
        a._replace(kind="E") if _is_for(atoms, place) or _is_um(atoms, place) or _is_at(atoms, place) else a
        for place, a in enumerate(atoms)
    ]


def _is_um(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the word stands between an amount of goods and a larger sum: "Gras 5 um 50, 10 um 90"."""
    if atoms[place].text != _UM or not 0 < place < len(atoms) - 1:
        return False
    few, sum_ = atoms[place - 1], atoms[place + 1]
    sold = any(a.kind == "P" for a in atoms[:place])
    return sold and few.kind in "NQ" and sum_.kind in "NM" and few.value * _DEARER <= sum_.value


def _is_at(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the word stands between an amount and a number."""
    if atoms[place].text != _AT or not 0 < place < len(atoms) - 1:
        return False
    return atoms[place - 1].kind in "QUR" and atoms[place + 1].kind in "NM"


def _is_for(atoms: Sequence[Atom], place: int) -> bool:
    verb = place - 1
    if atoms[place].kind != "W" or atoms[place].text not in _FOR or verb < 1:
        return False
    sum_ = [a.kind for a in atoms[place + 1 : place + 2]] in (["N"], ["M"])
    if not sum_ or atoms[verb].text not in _VERBS:
        return False
    before = next((a for a in reversed(atoms[max(0, verb - _REACH) : verb]) if a.kind not in "W"), None)
    if before is not None and before.text == "-":
        return True  # "vi-l las la"
    return before is not None and before.kind in "QPN"
