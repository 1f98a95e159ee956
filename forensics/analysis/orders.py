"""What is ordered at once: goods that each have an amount, and one sum for all of them or none: "coke 1 en 5
wiet", "coke 1g en mdma 2g, 90 euro", "1g coke en 2g keta 90".
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis import dates
from forensics.analysis.atoms import Atom
from forensics.analysis.bundles import Bundle
from forensics.analysis.lexicon import Term

_SEVERAL = 2  # goods of an order
_COUNT = 10  # of one good without a unit: fewer
_LEAST_SUM = 10
_WORDS = 3  # of a place or time between the goods and their sum
AND = dates.AND | {"n"}
_SOLD = tuple("NQMURSTP")


def order_of(atoms: Sequence[Atom]) -> Bundle | None:
    """The order that a line holds and nothing besides it; None where it holds none. The sum stands behind a
    comma, or at once where the amounts stand on both sides of what they count, or all before it with a unit.
    """
    first = next((place for place, a in enumerate(atoms) if a.kind in _SOLD), len(atoms))
    goods, after, joined = _goods(atoms, first)
    if len(goods) < _SEVERAL or len({term.entry.targets[0] for _, term in goods}) < _SEVERAL:
        return None
    turned = joined and len({amount.start < term.start for amount, term in goods}) > 1
    weighed = joined and all(a.kind == "Q" and a.unit and a.start < term.start for a, term in goods)
    rest = [place for place in range(after, len(atoms)) if atoms[place].kind in _SOLD]
    if not rest:
        return Bundle(goods, goods[-1][0], after) if turned else None
    paid = len(rest) == 1 and _is_sum(atoms, after, rest[0], apart=not (turned or weighed))
    return Bundle(goods, atoms[rest[0]], rest[0] + 1) if paid else None


def _goods(atoms: Sequence[Atom], place: int) -> tuple[tuple[tuple[Atom, Term], ...], int, bool]:
    """The amounts with their goods, where they end, and whether a word or a plus joins the last two."""
    goods: list[tuple[Atom, Term]] = []
    after, joined, said = place, False, False
    while (good := _good(atoms[place : place + 2], is_further=bool(goods))) is not None:
        goods.append(good)
        joined, after = said, place + 2
        said = after < len(atoms) and (atoms[after].kind == "C" or atoms[after].text in AND)
        if not said and [a.text for a in atoms[after : after + 1]] != [","]:
            break
        place = after + 1
    return tuple(goods), after, joined


def _good(pair: Sequence[Atom], *, is_further: bool) -> tuple[Atom, Term] | None:
    """An amount and its product, in either order; a word for pieces is one behind other goods only."""
    amount = next((a for a in pair if a.kind in "NQ"), None)
    counts = is_further and amount is not None and amount.unit == "piece"
    term = next((a.term for a in pair if a.kind == "P" and (counts or a.unit != "also")), None)
    if amount is None or term is None or (amount.kind == "N" and amount.value >= _COUNT):
        return None
    return amount, term


def _is_sum(atoms: Sequence[Atom], after: int, place: int, *, apart: bool) -> bool:
    """Whether the number is the sum of the goods: in a clause of its own, and few words before it."""
    sum_, between = atoms[place], atoms[after:place]
    ends = [a.text for a in between[-1:]] == [","] or not (apart or between)
    few = sum(a.kind == "W" for a in between) <= _WORDS and all(a.kind in "WXO" for a in between)
    return sum_.kind in "NM" and sum_.value >= _LEAST_SUM and ends and few
