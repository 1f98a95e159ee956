"""Powders that are said by the piece: one of what has no pieces is a gram ("coke 80 al pezzo", "mefa 50 za
sztukę").
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token
from forensics.analysis.tier import PIECES

_POWDERS = frozenset({
    "3-mmc", "4-cmc", "amphetamine", "cocaine", "ketamine", "mephedrone", "methamphetamine", "pink-cocaine",
})  # fmt: skip
_POLISH = frozenset({"sztuk", "sztuka", "sztuke", "sztuki", "szt"})
# words for one of anything; others name a form ("bol", "pil") that powders are sold in too
_ANY = _POLISH | {
    "cadauno", "ea", "each", "elk", "p", "pezzi", "pezzo", "piece", "pieces", "pst", "ps", "st", "stk",
    "stuck", "stuk", "stuks",
}  # fmt: skip
_ROLLED = "joint"
_HERBS = frozenset({"cannabis", "hashish"})


def in_grams(atoms: list[Atom], line: Sequence[Token], *, sure: bool) -> list[Atom]:
    """The atoms with such pieces of a powder as grams. ``sure``: the message names a drug that has no other
    meaning; without one ordinary words are none ("chickens white or brown 18 each").
    """
    if not any(a.unit == "piece" and a.kind in "QR" for a in atoms):
        return atoms
    words = {t.start: t.text for t in line}
    found: list[Atom] = []
    product: Term | None = None
    sold = True  # the product has a number
    for atom in atoms:
        fits = sold or product is None or (atom.term is not None and _is_surer(atom.term, product))
        if atom.kind == "P" and atom.term and (fits or _is_tablet(atom.term)):
            product, sold = atom.term, False
        sold = sold or atom.kind in "NMQ"
        word = atom.text if atom.kind == "Q" else words.get(atom.start, "")
        counted = atom.kind in "QR" and atom.unit == "piece"
        named = product if product is not None and (sure or product.entry.grade > 1) else None
        found.append(atom._replace(unit="g") if counted and named and _is_weighed(named, word) else atom)
    return found


def _is_tablet(term: Term) -> bool:
    """Whether the name is of tablets, which a colour before it only describes: "roze pillen"."""
    return term.entry.targets[0] == "xtc-tablet"


def _is_surer(term: Term, product: Term) -> bool:
    return term.entry.grade > product.entry.grade


def _is_weighed(product: Term, word: str) -> bool:
    """Whether one of the product, said by such a word, is a gram."""
    if not PIECES.isdisjoint(product.entry.term.split(" ")) or product.entry.term.startswith(_ROLLED):
        return False
    name = product.entry.targets[0]
    return (name in _POWDERS and word in _ANY) or (name in _HERBS and word in _POLISH)
