"""Vapes and cartridges: what they hold is their size, not the amount sold ("thc carts 1ml, 2 for 60")."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_WORDS = frozenset({
    "caneta", "canetas", "cart", "carts", "cartridge", "cartridges", "disposable", "disposables", "kalem",
    "pen", "penna", "penne", "pens", "puff", "stylo", "stylos", "svapo", "vape", "vapes",
})  # fmt: skip
_HELD = {"ml": 5.0, "g": 2.0}  # the most that one holds
_NEAR = 3  # atoms from the word to its size


def without_held(atoms: list[Atom]) -> list[Atom]:
    """The atoms without the sizes of such goods."""
    if not any(a.kind == "Q" and a.unit in _HELD for a in atoms) or not any(map(_is_vape, atoms)):
        return atoms
    return [a for place, a in enumerate(atoms) if not _is_size(atoms, place)]


def _is_vape(atom: Atom) -> bool:
    """Whether the atom is a product or word for one."""
    words = atom.term.entry.term.split(" ") if atom.kind == "P" and atom.term else (atom.text,)
    return not _WORDS.isdisjoint(words)


def _is_size(atoms: Sequence[Atom], place: int) -> bool:
    """Whether an amount stands right behind such goods, or right before the word for them."""
    atom = atoms[place]
    if atom.kind not in "QU" or atom.unit not in _HELD or not 0 < atom.value <= _HELD[atom.unit]:
        return False
    before = atoms[max(0, place - _NEAR) : place]
    last = next((at for at in range(len(before) - 1, -1, -1) if _is_vape(before[at])), None)
    behind = last is not None and all(a.kind in "OWP" for a in before[last + 1 :])
    ahead = atoms[place + 1 : place + 2]
    return behind or (bool(ahead) and _is_vape(ahead[0]) and not any(a.kind in "NM" for a in before))
