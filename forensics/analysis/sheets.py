"""What a sheet of blotters or a plate of hashish says that it holds is the amount: "lámina 25 = 200"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import HOLDING, Atom
from forensics.analysis.lexicon import Term

_BLOTTERS = frozenset({"lsd", "1p-lsd", "1cp-lsd", "1v-lsd", "ald-52"})
_OF_PLATES, _PLATES = "hashish", (100.0, 250.0)  # grams of one
_SHEETS = frozenset({"sheet", "sheets", "vel", "vellen", "velletje"})  # that count as pieces
_TABLETS = frozenset({"tab", "tabs"})  # of other goods too
_HELD = 3  # atoms that say what a slab weighs and costs
_MOST = 1000  # blotters of a sheet
_BETWEEN = frozenset("OE")


def held_counted(atoms: list[Atom], heading: Term | None) -> list[Atom]:
    """The atoms of a line with such a number as so many pieces or grams. ``heading``: what the line is of
    where it names nothing.
    """
    if not any(a.kind in "UPR" for a in atoms):
        return atoms
    found: list[Atom] = []
    term, place = heading, 0
    while place < len(atoms):
        atom = atoms[place]
        term = atom.term if atom.kind == "P" and atom.term else term
        if _is_slab(atoms, place, term):
            place += 2
            continue
        held = _held(atoms, place, term)
        if held:
            kept = [atom] if atom.kind == "P" else []
            found += [*kept, atoms[held]._replace(kind="Q", unit=_unit_of(term), text="")]
            place = held + 1
        else:
            found.append(atom)
            place += 1
    return found


def _is_slab(atoms: Sequence[Atom], place: int, term: Term | None) -> bool:
    """Whether the word for a slab of hashish stands before its weight and price: "la plaque de 100g 280"."""
    if atoms[place].unit != "strip" or atoms[place].kind not in "UR":
        return False
    resin = term is None or term.entry.targets[0] == _OF_PLATES
    said = atoms[place + 1 : place + 4]
    if not resin or len(said) < _HELD:
        return False
    of, weight, price = said
    return of.text in HOLDING and weight.kind == "Q" and weight.unit in ("g", "kg") and price.kind in "NME"


def _unit_of(term: Term | None) -> str:
    return "g" if term is not None and term.entry.targets[0] == _OF_PLATES else "piece"


def _held(atoms: Sequence[Atom], place: int, term: Term | None) -> int:
    """The place of the number that the sheet or plate at ``place`` holds; 0 where it says none, or no price
    follows.
    """
    if term is None:
        return 0
    at = place + 1
    of = at < len(atoms) and atoms[at].text in HOLDING
    at += of
    if at + 1 >= len(atoms) or atoms[at].kind not in "NX":
        return 0
    behind = next((a for a in atoms[at + 1 :] if a.kind not in _BETWEEN and a.text not in ("a", "por")), None)
    if behind is None or behind.kind not in "NM" or atoms[at].text:
        return 0
    holds = _holds_blotters if term.entry.targets[0] in _BLOTTERS else _holds_grams
    return at if holds(atoms[place], atoms[at].value, of=of, term=term) else 0


def _holds_blotters(atom: Atom, many: float, *, of: bool, term: Term) -> bool:
    """Whether the word is for a sheet and the number one of blotters: "cartela 25 por 180€"."""
    plate = atom.unit == "strip" or (of and atom.text in _SHEETS)
    sheet = atom.kind in "UQR" and plate and atom.value == 1 and term.entry.term not in _TABLETS
    return sheet and 1 < many <= _MOST and many % 1 == 0


def _holds_grams(atom: Atom, many: float, *, of: bool, term: Term) -> bool:
    """Whether the word is for a plate of hashish and the number its grams: "placa de 100 = 110"."""
    plate = atom.kind == "P" and atom.term is term and term.entry.targets[0] == _OF_PLATES
    return plate and of and many in _PLATES
