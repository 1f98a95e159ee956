"""Lines in which every sum stands before what it buys: "100 lei 2 grame, 200 lei 4,5, 500 lei 12"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom

_COUNTERS = frozenset("NMQR")
_LEAST = 4  # two pairs of a sum and an amount
_DEAR = 3.0  # times an amount: what it costs at least
_SLACK = 1.05  # what one of a larger amount costs at most, of one of a smaller
_OTHERS = frozenset("TBCXUSF")  # atoms of lines that say more than that
_SMALL = (10.0, 10.0)  # a sum in a line of one pair, and how many times the amount in brackets it is at least
_BRACKETED = 4  # atoms of "60 (0,9)"
_HALF = 0.5  # amounts without a unit are in halves
_LEAST_SUM, _DEARER = 20, 3  # what is no number of a line; times the grams that it buys


def amounts_before_sums(atoms: list[Atom]) -> list[Atom]:
    """The atoms with each amount before its sum, where sums and amounts take turns from a sum on, both rise,
    and one costs no more the more are bought.
    """
    if len(atoms) < _BRACKETED:
        return atoms
    if place := _bracketed(atoms):
        return [*atoms[:place], atoms[place + 2], _equals(atoms[place]), atoms[place], *atoms[place + 4 :]]
    counters = [a for a in atoms if a.kind in _COUNTERS]
    if len(counters) < _LEAST or len(counters) % 2 or not _OTHERS.isdisjoint(a.kind for a in atoms):
        return atoms
    pairs = list(zip(counters[::2], counters[1::2], strict=True))
    named = [a for a in atoms if a.kind == "P"]
    goods = [a for a in named if a.unit != "also"] or [a._replace(unit=None) for a in named]
    alike = len({a.term.entry.targets[0] for a in goods if a.term}) <= 1
    if not alike or not _are_bought(pairs) or _is_price_of_one(atoms) or _has_tier_in_brackets(atoms):
        return atoms
    turned = list(goods[:1])
    for sum_, amount in pairs:
        made = amount._replace(kind="Q" if amount.unit else "N", text="")
        turned += [made, _equals(amount), sum_._replace(kind="M"), Atom("O", sum_.end, sum_.end, text=";")]
    return turned


def _has_tier_in_brackets(atoms: Sequence[Atom]) -> bool:
    """Whether brackets behind a sum hold an amount and its own: "60 (2 Stk 110)"."""
    kinds = "".join("(" if a.text == "(" else ")" if a.text == ")" else a.kind for a in atoms)
    return any(f"{sum_}({amount}{its})" in kinds for sum_ in "NM" for amount in "NQ" for its in "NM")


def _equals(atom: Atom) -> Atom:
    return Atom("E", atom.end, atom.end, text="=")


def _are_bought(pairs: Sequence[tuple[Atom, Atom]]) -> bool:
    """Whether each is a sum and what it buys, more for more and none of it dearer."""
    if any(sum_.kind not in "NM" or amount.kind == "M" for sum_, amount in pairs):
        return False
    if any(sum_.value < amount.value * _DEAR or amount.value <= 0 for sum_, amount in pairs):
        return False
    told = all(s.kind == "M" for s, _ in pairs) or all(a.kind in "QR" for _, a in pairs)
    rising = all(s.value < t.value and a.value < b.value for (s, a), (t, b) in pairwise(pairs))
    falling = all(t.value / b.value <= s.value / a.value * _SLACK for (s, a), (t, b) in pairwise(pairs))
    return told and rising and falling


def _is_price_of_one(atoms: Sequence[Atom]) -> bool:
    """Whether what a price is for is said to be that: "50€/g, 90€/2g" needs no turning."""
    return any(a.kind == "R" and a.value == 1 and a.text for a in atoms)


def _bracketed(atoms: Sequence[Atom]) -> int:
    """The place of the sum in a line that has only that and, in brackets, a small broken amount: "Grand 100
    (1.6)"; 0 without one.
    """
    place = next((at for at, a in enumerate(atoms) if a.kind in _COUNTERS), 0)
    found = atoms[place : place + _BRACKETED]
    if not place or [a.text if a.kind == "O" else a.kind for a in found] not in (["N", "(", "N", ")"],):
        return 0
    sum_, amount = found[0].value, found[2].value
    alone = not any(a.kind in _COUNTERS for a in atoms[place + _BRACKETED :])
    return place if alone and amount % 1 and sum_ >= max(_SMALL[0], amount * _SMALL[1]) else 0


def counted_behind_sum(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line that is a sum of money, a number and goods with the number and its sum behind them:
    "95,- 2 wit", "€95 2 wit".
    """
    read = [a for a in atoms if a.kind != "O"]
    if [a.kind for a in read] not in (["M", "N", "P"], ["M", "N", "P", "P"]) or atoms[0].kind != "M":
        return atoms
    sum_, amount = read[:2]
    if not 0 < amount.value * _DEAR <= sum_.value or amount.value % _HALF:
        return atoms
    return [*read[2:], amount, _equals(sum_), sum_]


def dashes_turned(atoms: list[Atom]) -> list[Atom]:
    """The atoms of a line that is a sum, a dash and what it buys with an equals sign for the dash: "120 – 10g
    Amnesia".
    """
    if [a.kind for a in atoms[:3]] != ["N", "O", "Q"] or atoms[1].text != "-":
        return atoms
    sum_, dash, amount = atoms[:3]
    dear = sum_.value >= _LEAST_SUM and sum_.value >= _DEARER * amount.value
    if not dear or amount.unit != "g" or any(a.kind in "NMQURST" for a in atoms[3:]):
        return atoms
    return [sum_, Atom("E", dash.start, dash.end, text="="), *atoms[2:]]
