"""Amounts and as many prices, each parted by slashes: "0,5 / 1 / 2 = 30 / 50 / 95", "50/130/220 (1/3/5)"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, pairwise, takewhile
from math import ceil
from typing import NamedTuple

from forensics.analysis.atoms import Atom

_BETWEEN = frozenset("EOB")  # what parts amounts from prices: an equals sign, a bracket, a colon, a bar
_NUMERIC = "NQM"
_PARTED = "POB"  # what may stand beside a pair
_DEAR = 5  # the price of one is more
_COSTLY = 20  # what one costs where a price for each number of them follows
_WEIGHED = frozenset(
    {"cocaine", "crack", "heroin", "ketamine", "mdma", "methamphetamine", "3-mmc", "pink-cocaine"}
)
_DEAREST = 120  # euros for one of them, at most
_MANY = 3  # prices of one product that are such
_PAIR = 2  # numbers of an amount and its price
_DISTRICTS = 30  # of a town at most
_FEW = 10  # what is sold for two prices is less than so many


def are_districts(atoms: Sequence[Atom]) -> bool:
    """Whether a line holds words and three numbers or more with slashes between ("Wien 2/10/20"), or small
    ones that rise behind a word with commas between: "Dublin 2, 4, 6, 8".
    """
    if any(atom.kind not in "NWOX" for atom in atoms):
        return False
    if _are_postal(atoms):
        return True
    return any(len(run.numbers) > _PAIR and len(run.numbers) % _PAIR for run in _runs(atoms))


def _are_postal(atoms: Sequence[Atom]) -> bool:
    """Whether a line opens with one word and such numbers, with a comma or a point between each two."""
    kinds = cycle("NO")
    listed = list(takewhile(lambda atom: atom.kind == next(kinds), atoms[1:]))
    numbers, between = [a.value for a in listed if a.kind == "N"], {a.text for a in listed if a.kind == "O"}
    rising = all(a < b <= _DISTRICTS for a, b in pairwise(numbers))
    return len(numbers) >= _MANY and rising and between <= {",", "."} and atoms[0].kind == "W"


class _Run(NamedTuple):
    """Numbers with a slash between each and the next, from one place to before another."""

    first: int
    after: int
    numbers: tuple[Atom, ...]


class Series:
    """Puts amounts and prices of such series together, line by line."""

    def __init__(self) -> None:
        self._amounts: list[Atom] = []  # of the line before, for one that says only prices

    def in_pairs(self, atoms: Sequence[Atom]) -> list[Atom]:
        """The atoms with each amount of such a series right before its own price."""
        runs = _barred_runs(atoms) or _runs(atoms)
        if _are_turned(runs) and _are_alone(atoms, runs):
            return _turned(atoms, runs)
        ordered = _paired(atoms, [*runs, *_loose_runs(atoms)])
        if ordered:
            self._amounts = [a for a in ordered if a.kind == "Q"]
        elif self._amounts and len(runs) == 1 and _is_alike(runs[0], self._amounts, atoms):
            turns = zip(self._amounts, runs[0].numbers, strict=False)
            spot = runs[0].numbers[0]
            pairs = [
                each
                for amount, price in turns
                for each in (amount._replace(start=spot.start, end=spot.start), price)
            ]
            return [*atoms[: runs[0].first], *pairs, *atoms[runs[0].after :]]
        counted = [] if ordered else _of_one_two_three(atoms, sorted([*runs, *_spaced_runs(atoms)]))
        if counted:
            self._amounts = [a for a in counted if a.kind == "Q"][:_MANY]
        return ordered or counted or list(atoms)


def _of_one_two_three(atoms: Sequence[Atom], runs: Sequence[_Run]) -> list[Atom]:
    """The atoms with prices of one, two and three behind their product as such: "wit 50/95/135, k 25/45".
    Nobody sells fifty for 95; none where no product of the line has three.
    """
    found = [run for run in runs if _is_behind_product(atoms, run) and _counts_up(run)]
    if all(len(run.numbers) < _MANY for run in found):
        return []
    ordered: list[Atom] = []
    done = 0
    for run in found:
        ordered += atoms[done : run.first]
        for count, price in enumerate(run.numbers, start=1):
            ordered += [
                price._replace(kind="Q", value=float(count), unit=None, end=price.start),
                price,
            ]
        done = run.after
    return [*ordered, *atoms[done:]]


def _is_behind_product(atoms: Sequence[Atom], run: _Run) -> bool:
    """Whether a drug that is sold by the gram for so much stands right before the run, or before a colon or
    dash there: "Coke: 50/95/135". No hemp: fifty is for five of it.
    """
    before = [a for a in atoms[max(0, run.first - 2) : run.first] if a.kind in "POE"]
    named = before[-1] if before and before[-1].kind == "P" else before[0] if len(before) > 1 else None
    return named is not None and named.term is not None and named.term.entry.targets[0] in _WEIGHED


def _counts_up(run: _Run) -> bool:
    """Whether each number is the price of one more than the one before, at no more than the first does."""
    one = run.numbers[0].value
    plain = all(a.kind in "NM" for a in run.numbers) and _COSTLY <= one <= _DEAREST
    return plain and all(ceil(a.value / one) == count for count, a in enumerate(run.numbers, start=1))


def _paired(atoms: Sequence[Atom], runs: Sequence[_Run]) -> list[Atom]:
    """The atoms with the series that belong together in turns; none where none do."""
    ordered: list[Atom] = []
    done = 0
    for one, other in pairwise(sorted(runs)):
        pairs = _pairs(one, other, atoms[one.after : other.first]) if one.first >= done else None
        if pairs:
            ordered += [*atoms[done : one.first], *pairs]
            done = other.after
    return [*ordered, *atoms[done:]] if ordered else []


def _is_alike(run: _Run, amounts: Sequence[Atom], atoms: Sequence[Atom]) -> bool:
    """Whether a line behind one of amounts with prices has prices alone, of the first of those amounts:
    "25/45" below "50/90/130 (1/2/3)". More of one costs less for each.
    """
    alone = all(a.kind in "POBNM" or a.text == "/" for a in atoms)
    alone = alone and sum(a.kind in _NUMERIC for a in atoms) == len(run.numbers) <= len(amounts)
    if not alone or not all(amount.value for amount in amounts):
        return False
    each = [price.value / amount.value for amount, price in zip(amounts, run.numbers, strict=False)]
    cheaper = all(before >= after for before, after in pairwise(each))
    return _rises(run) and cheaper and run.numbers[0].value >= _DEAR


def _are_turned(runs: Sequence[_Run]) -> bool:
    """Whether each pair is a price and the few that it buys: "60/1 115/2", "€40/0,7"."""
    pairs = [run.numbers for run in runs]
    bare = all(len(pair) == _PAIR and pair[0].kind in "NM" and pair[1].kind in "NQ" for pair in pairs)
    signed = bool(pairs) and all(pair[0].kind == "M" or pair[-1].unit == "g" for pair in pairs)
    one = bare and len(pairs) == 1 and 0 < pairs[0][1].value <= 1 < _DEAR < pairs[0][0].value
    if one or (bare and _fall(pairs)):
        return True
    return (
        (len(pairs) > 1 or signed)
        and bare
        and all(_DEAR * few.value <= sum_.value > few.value < _FEW for sum_, few in pairs)
    )


def _fall(pairs: Sequence[tuple[Atom, ...]]) -> bool:
    """Whether from one pair to the next both numbers rise and what one of the smaller costs falls, from one
    or less on: "8/1 35/5 110/28".
    """
    if len(pairs) < _MANY or not 0 < pairs[0][1].value <= 1:
        return False
    each = [(sum_.value, few.value) for sum_, few in pairs]
    rising = all(a < c and b < d for (a, b), (c, d) in pairwise(each))
    return (
        rising
        and all(few < sum_ for sum_, few in each)
        and all(c * b <= a * d for (a, b), (c, d) in pairwise(each))
    )


def _are_alone(atoms: Sequence[Atom], runs: Sequence[_Run]) -> bool:
    """Whether no number beside a pair belongs to it, as in "1 = 50 / 3 = 130"."""
    ends = {run.after for run in runs}
    priced = any(r.numbers[0].kind == "M" for r in runs)
    if (priced or len(runs) == 1) and sum(a.kind in _NUMERIC for a in atoms) > _PAIR * len(runs):
        return False
    said = [atoms[r.first - 1] for r in runs if r.first and r.first not in ends]
    before = all(_is_parting(a) and a.unit != "also" for a in said)  # "1 tank 50 / 2 tanks 90"
    firsts = {run.first for run in runs}
    return before and all(
        r.after in firsts or _is_parting(a) or _is_of_one(atoms, r.after)
        for r in runs
        for a in atoms[r.after : r.after + 1]
    )


def _is_of_one(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a price and what it is for stand there: the last of "30/3.5 55/7 200/oz"."""
    return atoms[place].kind in "NM" and place + 1 < len(atoms) and atoms[place + 1].kind == "R"


def _is_parting(atom: Atom) -> bool:
    return atom.kind in _PARTED or atom.text == "/"


def _turned(atoms: Sequence[Atom], runs: Sequence[_Run]) -> list[Atom]:
    ordered = list(atoms)
    for run in runs:
        price, amount = run.numbers
        unit = amount.unit if amount.kind == "Q" else None
        ordered[run.first], ordered[run.after - 1] = amount._replace(kind="Q", unit=unit), price
    return ordered


def _runs(atoms: Sequence[Atom]) -> list[_Run]:
    found: list[_Run] = []
    place = 0
    while place < len(atoms):
        after = place + 1
        if atoms[place].kind in _NUMERIC:
            after = _end_of_run(atoms, place, "/")
            if after == place + 1:
                after = _end_of_run(atoms, place, "-")
                after = after if after > place + 2 * _PAIR else place + 1
            if after > place + 1:
                found.append(_Run(place, after, tuple(atoms[place:after:2])))
        place = after
    return found


def _barred_runs(atoms: Sequence[Atom]) -> list[_Run]:
    """Two series with bars between, about an equals sign or arrow: "1 | 5 | 10 -> 8 | 35 | 60"."""
    turns = [place for place, a in enumerate(atoms) if a.kind == "E"]
    if len(turns) != 1 or not any(a.text == "|" for a in atoms):
        return []
    first = next((place for place, a in enumerate(atoms) if a.kind in _NUMERIC), turns[0])
    runs = [(start, _end_of_run(atoms, start, "|")) for start in (first, turns[0] + 1) if start < len(atoms)]
    found = [_Run(start, after, tuple(atoms[start:after:2])) for start, after in runs]
    parted = atoms[found[0].after : turns[0]] if len(found) == _PAIR else atoms
    whole = len(found) == _PAIR and all(a.kind == "O" for a in parted)
    counted = sum(len(run.numbers) for run in found) == sum(a.kind in _NUMERIC for a in atoms)
    return found if whole and counted and min(len(run.numbers) for run in found) >= _PAIR else []


def _loose_runs(atoms: Sequence[Atom]) -> list[_Run]:
    """Prices with their currency, one behind the other: "10€ 20€ 50€"."""
    found: list[_Run] = []
    place = 0
    while place < len(atoms):
        after = place + 1
        while after < len(atoms) and atoms[place].kind == atoms[after].kind == "M":
            after += 1
        if after > place + 1:
            found.append(_Run(place, after, tuple(atoms[place:after])))
        place = after
    return found


def _spaced_runs(atoms: Sequence[Atom]) -> list[_Run]:
    """Three bare numbers behind a product, parted by spaces alone: "wit 50 95 135"."""
    found: list[_Run] = []
    for place, atom in enumerate(atoms):
        numbers = tuple(atoms[place + 1 : place + 1 + _MANY])
        behind = atoms[place + 1 + _MANY : place + 2 + _MANY]
        alone = not behind or behind[0].kind in "PB"
        if atom.kind == "P" and alone and [a.kind for a in numbers] == ["N"] * _MANY:
            found.append(_Run(place + 1, place + 1 + _MANY, numbers))
    return found


def _end_of_run(atoms: Sequence[Atom], place: int, sign: str) -> int:
    """The place behind the numbers from here on with such a sign between each and the next."""
    after = place + 1
    while after + 1 < len(atoms) and atoms[after].text == sign and atoms[after + 1].kind in _NUMERIC:
        after += 2
    return after


def _pairs(one: _Run, other: _Run, between: Sequence[Atom]) -> list[Atom] | None:
    """Amount and price in turns, the smaller numbers the amounts; None where they do not belong together."""
    apart = len(between) <= 2 and all(atom.kind in _BETWEEN for atom in between)
    if not apart or len(one.numbers) != len(other.numbers) or not (_rises(one) and _rises(other)):
        return None
    amounts, prices = (one, other) if one.numbers[-1].value < other.numbers[-1].value else (other, one)
    if _are_tiers(amounts, prices, between) or prices.numbers[0].value < amounts.numbers[0].value:
        return None
    if any(atom.kind == "M" for atom in amounts.numbers) or any(a.kind == "Q" for a in prices.numbers):
        return None
    unit = next((atom.unit for atom in reversed(amounts.numbers) if atom.kind == "Q"), None)
    turns = zip(amounts.numbers, prices.numbers, strict=True)
    return [each for amount, price in turns for each in (amount._replace(kind="Q", unit=unit), price)]


def _are_tiers(amounts: _Run, prices: _Run, between: Sequence[Atom]) -> bool:
    """Whether two pairs are an amount with its price each: "1/30 | 3/75", "1/30 — 3/75", "1/5 10/40"."""
    apart = any(a.kind == "E" or a.text == "(" for a in between) or amounts.numbers[-1].kind == "Q"
    if len(amounts.numbers) > _PAIR or apart:
        return False
    if not between and all(a.kind == "N" for a in (*amounts.numbers, *prices.numbers)):
        return True
    return amounts.numbers[-1].value >= min(_FEW, prices.numbers[0].value)


def _rises(run: _Run) -> bool:
    return all(before.value < after.value for before, after in pairwise(run.numbers))
