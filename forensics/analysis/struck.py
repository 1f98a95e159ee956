"""Prices that no longer hold: struck out ("~60~ 50"), former ones ("van 60 voor 50"), before an arrow."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.pairing import is_glued
from forensics.analysis.vocabulary import vocabulary

_FORMER = 3  # atoms that say a former price
_NOW = frozenset(
    {"nu", "now", "jetzt", "ora", "adesso", "ahora", "maintenant", "teraz", "acum", "simdi", "agora"}
)
_INSTEAD, _ONLY = frozenset({"statt", "anstatt", "ipv"}), frozenset({"nur", "only", "maar", "slechts", "nun"})
_ARROWS = frozenset({"→", "->", "➜", "➤", "➔", "⇒"})
_BEFORE = frozenset({"was", "eerst", "eerder", "before", "vorher", "avant", "antes", "wczesniej", "eski"})
_LEAST, _RAISED = 15, 1.5  # a sum, not how many; times it: what a price goes up to at most
_FALLEN = 3  # times a price: what it was before at most
_LOWERED = 3  # atoms of two prices with an arrow between


def without_struck(atoms: list[Atom]) -> list[Atom]:
    """Without what stands between two tildes (struck out) and without the "van 60" of "van 60 voor 50"."""
    atoms = [
        a
        for a, b in zip(atoms, [*atoms[1:], None], strict=True)
        if not (a.text == "~" and b and b.text == "~")
    ]
    tildes = [i for i, a in enumerate(atoms) if a.text == "~"]
    if len(tildes) >= 2 and is_glued(atoms, tildes[0]):
        pairs = zip(tildes[::2], tildes[1::2], strict=False)
        struck = {place for first, last in pairs for place in range(first, last + 1)}
        atoms = [atom for place, atom in enumerate(atoms) if place not in struck]
    kept: list[Atom] = []
    place = 0
    while place < len(atoms):
        used = _former(atoms, place)
        kept += [] if used else [atoms[place]]
        place += used or 1
    return kept


def _former(atoms: Sequence[Atom], place: int) -> int:
    """How many atoms from here on say a price that no longer holds: "van 60 voor", "was 30 nu", "€60 →"."""
    words = vocabulary()
    if _is_lowered(atoms, place) or _is_raised(atoms, place) or _is_said_behind(atoms, place):
        return 2
    behind = atoms[place + 1 : place + 1 + _FORMER]
    if atoms[place].text in _INSTEAD and [a.kind in "NM" for a in behind] == [True, False, True]:
        return _FORMER if behind[1].text in _NOW | _ONLY else 0  # "statt 80€ nur 65€"
    if (
        place + _FORMER >= len(atoms)
        or atoms[place].text not in words.former
        or atoms[place + 1].kind not in "NM"
    ):
        return 0
    turn = place + 2 + (atoms[place + 2].kind in "EO" and atoms[place + 2].text not in words.present)
    if turn + 1 >= len(atoms) or atoms[turn].text not in words.present:
        return 0
    new = turn + 1 + (atoms[turn + 1].text in words.equals and turn + 2 < len(atoms))
    return turn + 1 - place if atoms[new].kind in "NM" else 0


def _is_lowered(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a sum stands there, and behind an arrow a lower one: "1g 80 € → 65 €", "(30 caps) 60 → 45"."""
    old, *behind = atoms[place : place + _LOWERED]
    if len(behind) < _LOWERED - 1 or behind[1].value >= old.value:
        return False
    if behind[0].text in _NOW:
        return old.kind in "NM" and behind[1].kind in "NM"  # "60 nu 50"
    if behind[0].text not in _ARROWS:
        return False
    if old.kind == "M":
        return behind[1].kind == "M"
    before = [a.kind for a in atoms[max(0, place - 3) : place] if a.kind != "O" and a.unit != "also"]
    return old.kind == "N" and behind[1].kind in "NM" and before[-1:] == ["Q"]


def _is_said_behind(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a lower price stands before the word for a former one: "nu 20 was 25"."""
    if atoms[place].text not in _BEFORE or not 0 < place < len(atoms) - 1:
        return False
    new, old = atoms[place - 1], atoms[place + 1]
    near = new.value < old.value <= new.value * _FALLEN  # no amount with its price
    return new.kind in "NM" and old.kind in "NM" and near


def _is_raised(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a sum stands behind goods, and behind an arrow a somewhat higher one: "wit 50 → 55 euro"."""
    some = atoms[place : place + _LOWERED]
    if len(some) < _LOWERED:
        return False
    old, arrow, new = some
    if arrow.text not in _ARROWS or old.kind not in "NM" or new.kind not in "NM":
        return False
    near = _LEAST <= old.value < new.value <= old.value * _RAISED
    behind = place > 0 and atoms[place - 1].kind in ("PQ" if old.kind == "M" else "P")
    return near and behind and "M" in (old.kind, new.kind)
