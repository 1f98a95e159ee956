"""Several goods for one price: "PAKKET 1 sos, 1 keta, 4 snoep = 95", "Pakket €75: 2 wit, 5 pillen"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.pairing import JOINTS, is_unspecified

_SEVERAL = 2  # goods of a bundle
_MOST = 30  # of one good without a unit
_NUMBERS = "NQMURSTX"
_AMOUNTS = "NQU"
_DEAR = 10  # what a bundle costs at least that has its price before a word for it: "120 pakketje"
_TOGETHER = frozenset(
    {"samen", "totaal", "total", "together", "zusammen", "ensemble", "junto", "razem", "totale", "insieme"}
)


class Bundle(NamedTuple):
    """The goods with how much of each, their price, and the place behind all of them."""

    goods: tuple[tuple[Atom, Term], ...]
    price: Atom
    after: int


def bundle_of(atoms: Sequence[Atom]) -> Bundle | None:
    """The bundle that a line opens with; None where it opens with none."""
    first = next((place for place, a in enumerate(atoms) if _is_number(a)), len(atoms))
    named = [a for a in atoms[:first] if a.kind in "PU"]
    if not all(a.kind == "U" or is_unspecified(a.term) or _is_emblem(a.term) for a in named):
        return None
    if first + 1 < len(atoms) and atoms[first + 1].text == ":" and atoms[first].kind in "NM":
        goods, after = _goods(atoms, first + 2)
        if len(goods) >= _SEVERAL and not any(a.kind in _NUMBERS for a in atoms[after:]):
            return Bundle(goods, atoms[first], after)  # "Starterspakket €75: 2 wit, 5 pillen"
        first += 2
    goods, after = _goods(atoms, first)
    sum_ = _price(atoms, after) if len(goods) >= _SEVERAL else None
    if sum_ is None or not (named or _is_said(atoms[after : sum_ + 1])):
        return None
    return Bundle(goods, atoms[sum_], sum_ + 1)


def _is_number(atom: Atom) -> bool:
    """Whether the atom is a number or unit, besides the word for the bundle: "PAKKET"."""
    return atom.kind in _NUMBERS and (atom.kind, atom.unit) != ("U", "pack")


def _is_emblem(term: Term | None) -> bool:
    return term is not None and not term.entry.term[0].isalnum()


def _goods(atoms: Sequence[Atom], place: int) -> tuple[tuple[tuple[Atom, Term], ...], int]:
    """The amounts with their goods that commas, words or plus signs join, and where they end."""
    goods: list[tuple[Atom, Term]] = []
    after = place
    while (good := _good(atoms, place)) is not None:
        amount, term, after = good
        goods.append((amount, term))
        place = after
        while place < len(atoms) and _joins(atoms[place]):
            place += 1
        if place == after:
            break
    return tuple(goods), after


def _good(atoms: Sequence[Atom], place: int) -> tuple[Atom, Term, int] | None:
    """An amount and its product, and the place behind them."""
    amount, product = (*atoms[place : place + 2], None, None)[:2]
    if amount is None or product is None or amount.kind not in _AMOUNTS or product.term is None:
        return None
    few = amount.kind != "N" or (amount.value < _MOST and amount.value % 1 == 0)
    return (amount, product.term, place + 2) if few and product.kind == "P" else None


def _joins(atom: Atom) -> bool:
    return atom.kind == "C" or atom.text in JOINTS or atom.text == ","


def _price(atoms: Sequence[Atom], after: int) -> int | None:
    """The place of the price behind the goods, where only signs and words for that stand between and no
    product or number makes it one of an amount.
    """
    place = next((p for p in range(after, len(atoms)) if atoms[p].kind not in "EOW"), len(atoms))
    if place == len(atoms) or atoms[place].kind not in "NMQ":
        return None
    price = atoms[place]
    worded = any(a.kind == "W" and a.text not in _TOGETHER for a in atoms[after:place])
    packed = price.kind == "Q" and price.unit == "pack" and price.value >= _DEAR
    behind = next((a.kind for a in atoms[place + 1 :] if a.kind != "O"), "")
    return None if worded or behind in tuple("PERTU") or (price.kind == "Q" and not packed) else place


def _is_said(between: Sequence[Atom]) -> bool:
    """Whether an equals sign, a word for all together or one for a bundle stands by the price."""
    return any(a.kind == "E" or a.text in _TOGETHER or a.kind == "Q" for a in between)
