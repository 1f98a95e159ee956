"""Goods that a sentence says are not for sale, of which no price beside is: "bruin doe ik niet"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom
from forensics.analysis.text import Token

_ENDS = frozenset(".,;!?()")
_TURNS = frozenset({"maar", "but", "aber", "mais", "pero", "mas", "ale", "wel", "en", "and", "und", "et"})
_NOT = frozenset({
    "dont", "geen", "kein", "keine", "nao", "naw", "nicht", "nich", "nie", "niet", "nit", "nix", "no", "non",
    "not", "pas",
})  # fmt: skip
# Verbs that say with one of these that something is not sold
_SELLS = frozenset({
    "ai", "deal", "do", "doe", "doen", "fais", "fass", "faccio", "get", "got", "haben", "hab", "habe",
    "handel", "have", "heb", "hebben", "ho", "ma", "mach", "mache", "mam", "sell", "sprzedaje", "tengo",
    "tenho", "touch", "vendo", "vends", "verkauf", "verkaufe", "verkoop", "verkopen",
})  # fmt: skip
_SOLD_OUT = frozenset("❌🚫⛔")
# right before goods
_NONE_OF = frozenset({"geen", "keen", "kein", "keine", "keinen", "no", "niente", "brak", "zero"})
_NO_SUM = frozenset({"geen", "kein", "keine", "keinen", "keen"})  # right before a sum
_GONE = frozenset({
    "gone", "soldout", "esgotado", "esgotada", "esaurito", "esaurita", "esauriti", "epuise", "epuisee",
    "tukendi", "kalmadi", "epuizat", "weg",
    "agotado", "agotada", "ausverkauft", "bitti", "brak", "fini", "finie", "finito", "finita", "finiti",
    "leer", "makaynch", "nix", "op", "salat", "uitverkocht", "yok",
})  # fmt: skip

_WHOLE = frozenset(
    {"heel", "hele", "heeltje", "whole", "ganz", "ganze", "ganzer", "entero", "entier", "intero"}
)
_GONE_IN_TWO = frozenset({("sold", "out"), ("all", "gone"), ("out", "of"), ("en", "rupture"), ("nie", "ma")})
_SOLD = frozenset({"sold", "gone", "rupture", "ma"})  # of these
_SAID = _NOT | _NONE_OF | _GONE | _SOLD


def without_legend(atoms: list[Atom]) -> list[Atom]:
    """The atoms without what only says how much a share is, with no price: "(half = 0,5 g, heel = 1 g)"."""
    found: list[Atom] = []
    for place, atom in enumerate(atoms):
        behind = atoms[place + 1].kind if place + 1 < len(atoms) else ""
        defined = atom.kind == "Q" and atom.unit == "g" and behind not in ("N", "M", "E")
        if defined and found[-1:] and found[-1].kind == "E" and _is_share(found[-2:-1], atom.value):
            found = found[:-2]
        else:
            found.append(atom)
    return found


def _is_share(before: Sequence[Atom], grams: float) -> bool:
    """Whether the atom is a word for a whole, or a share of just so many grams."""
    if not before:
        return False
    return before[0].text in _WHOLE or (before[0].kind == "N" and before[0].value == grams < 1)


def is_gone(line: Sequence[Token]) -> bool:
    """Whether a line of goods ends with a word or sign for sold out: "wiet OP ❌"."""
    return bool(line) and (line[-1].text in _SOLD_OUT or line[-1].text in _GONE)


def without_denied(atoms: list[Atom]) -> list[Atom]:
    """The atoms with the name of such goods as a word, where no amount or price could be meant for them, and
    without a sum that is said not to be one: "95 is geen barkie"; nor what only says how much a share is.
    """
    atoms = without_legend(atoms) if any(a.kind == "E" for a in atoms) else atoms
    if any(a.text in _NONE_OF for a in atoms):
        around = zip([None, *atoms], atoms, [*atoms[1:], None], strict=False)
        atoms = [a for before, a, behind in around if not _is_no_sum(a, before, behind)]
    if sum(a.kind == "P" for a in atoms) == 0 or not any(a.text in _SAID for a in atoms):
        return atoms
    found, following = list(atoms), _following(atoms)
    first = 0
    for after in range(len(atoms) + 1):
        if after == len(atoms) or _parts(atoms[after]):
            if following[after] == "P" and _is_denied(atoms[first:after]):
                found[first:after] = [_word(a) if a.kind in "PU" else a for a in atoms[first:after]]
            first = after + 1
    return found


def _is_no_sum(atom: Atom, before: Atom | None, behind: Atom | None) -> bool:
    """Whether a word says that there is no such sum, or none of such an amount: "no 1gs dont ask"."""
    if before is None or before.text not in _NONE_OF:
        return False
    bare = atom.kind == "Q" and (behind is None or behind.kind in "WO")
    return bare or (atom.kind in "NM" and before.text in _NO_SUM)


def _following(atoms: Sequence[Atom]) -> list[str]:
    """For each place the kind of the next product, amount or price from there on; of a product at the end."""
    found = ["P"]
    for atom in reversed(atoms):
        found.append(atom.kind if atom.kind in "PQNMR" else found[-1])
    return found[::-1]


def _parts(atom: Atom) -> bool:
    return atom.kind == "B" or atom.text in _ENDS or atom.text in _TURNS


def _word(atom: Atom) -> Atom:
    return Atom("O", atom.start, atom.end)


def _is_denied(clause: Sequence[Atom]) -> bool:
    """Whether a clause names goods, counts and prices nothing, and says that there are none."""
    if not any(a.kind == "P" for a in clause) or any(a.kind in "QNMR" for a in clause):
        return False
    words = {a.text for a in clause}
    none = any(a.text in _NONE_OF and b.kind == "P" for a, b in pairwise(clause))
    gone = clause[-1].text in _GONE or tuple(a.text for a in clause[-2:]) in _GONE_IN_TWO
    return none or gone or bool(words & _NOT and words & _SELLS)
