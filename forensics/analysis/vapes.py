"""Vapes and cartridges: what they hold is their size, not the amount sold ("thc carts 1ml, 2 for 60"), and so
is how many puffs they give ("elfbar 600 5").
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom

_WORDS = frozenset({
    "caneta", "canetas", "cart", "cartridge", "cartridges", "carts",
    "disposable", "disposables", "kalem", "pen", "penna", "penne",
    "pens", "pods", "puff", "stylo", "stylos", "svapo", "vape", "vaper", "vapers", "vapes",
})  # fmt: skip
_HELD = {"ml": 5.0, "g": 2.0}  # the most that one holds
_NEAR = 3  # atoms from the word to its size
_TOBACCO = "tobacco-vapes"
_PUFFS, _STEP = range(500, 60_000), 50  # that one gives
_CHEAPER = 5  # times fewer than they are its price is
_TO_PRICE = 2  # atoms from them to the price at most


def without_held(atoms: list[Atom]) -> list[Atom]:
    """The atoms without the sizes of such goods."""
    atoms = [a for place, a in enumerate(atoms) if not _are_puffs(atoms, place)]
    if not any(a.kind == "Q" and a.unit in _HELD for a in atoms) or not any(map(_is_vape, atoms)):
        return atoms
    return [a for place, a in enumerate(atoms) if not _is_size(atoms, place)]


def _are_puffs(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a number right behind nicotine vapes is how many puffs one gives, and a lower price follows."""
    before, count = atoms[place - 1] if place else None, atoms[place]
    if count.kind != "N" or before is None or before.term is None or before.kind != "P":
        return False
    named = before.term.entry.targets[0] == _TOBACCO
    if not named or count.value not in _PUFFS or count.value % _STEP:
        return False
    price = next((a for a in atoms[place + 1 : place + 1 + _TO_PRICE] if a.kind not in "OW"), None)
    return price is not None and price.kind in "NM" and price.value * _CHEAPER < count.value


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
