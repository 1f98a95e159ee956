"""Ordinary words that name goods only beside a drug that has no other meaning, before a number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Entry, Term
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_COUNTED = "NQMU"
_OPENING = frozenset(
    {"alb", "albu", "has", "hex", "nep", "pul", "pura", "ros", "solto", "tas"}
)  # other words inside a clause: "he has 5"
_HAVE = frozenset({"am", "avem", "si"})  # before goods, in Romanian


def in_company(atoms: list[Atom], tokens: Sequence[Token], first: int, *, sure: bool) -> list[Atom]:
    """The atoms of the line from ``tokens[first]`` on with such words as goods. ``sure``: the message names a
    drug that has no other meaning; without one "kola" is a drink.
    """
    names = vocabulary().company
    if not sure or not any(a.kind == "W" and a.text in names for a in atoms):
        return atoms
    return [
        _named(atom, names[atom.text], tokens, first) if _is_sold(atoms, place) else atom
        for place, atom in enumerate(atoms)
    ]


def _is_sold(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the word is one of them, and nothing but signs stands before the next number or measure."""
    atom = atoms[place]
    if atom.kind != "W" or atom.text not in vocabulary().company:
        return False
    before = atoms[place - 1] if place else None
    glued = place + 1 < len(atoms) and atoms[place + 1].start == atom.end  # "has70"
    opens = before is None or before.kind in "OB" or before.text in _HAVE
    if atom.text in _OPENING and not (opens or glued):
        return False
    behind = next((a for a in atoms[place + 1 :] if not _is_between(a)), None)
    return behind is not None and behind.kind in _COUNTED


def _is_between(atom: Atom) -> bool:
    """Whether a sign, a word for that or the micrograms of one stand there: "pul 150µg 1 adet"."""
    return atom.kind in "OE" or atom.text == "/" or (atom.kind == "W" and atom.text[:1].isdigit())


def _named(atom: Atom, substance: str, tokens: Sequence[Token], first: int) -> Atom:
    """The word as the name of the substance."""
    place = bisect_left(tokens, atom.start, lo=first, key=lambda token: token.start)
    entry = Entry(atom.text, (), (substance,), 1, False)
    return atom._replace(kind="P", term=Term(place, place + 1, atom.start, atom.end, entry), text="")
