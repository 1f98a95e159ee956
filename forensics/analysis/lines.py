"""Lines that are one: an amount and its price below it, amounts over as many prices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from forensics.analysis.cursor import is_number
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

_LONGEST_SUM = 5  # tokens of a line that is a price
_LONGEST = 24  # and of one that is several
_SERIES = 2  # numbers of a series
_BARE_SERIES = 3  # and of one without a unit
_PARTING = frozenset("/-")


def goes_on(tokens: Sequence[Token], first: int, after: int, *, below: bool, sold: bool = False) -> bool:
    """Whether the line up to ``after`` and the next one are one. ``below``: a product was named above;
    ``sold``: one is named anywhere.
    """
    if after + 1 >= len(tokens):
        return False
    line, following = tokens[first:after], line_below(tokens, after + 1)
    if not following or any(t.kind == "l" for t in line):
        return False
    if vocabulary().counts(tokens[after - 1].text) and _is_sum(line, following):
        return True
    series = _are_series(line, following) or (sold and _are_bare_series(line, following))
    return series or (below and _is_lone(line) and _is_lone(following))


def line_ends(tokens: Sequence[Token], rows: Iterable[int]) -> list[tuple[int, int]]:
    """Where each line ends and the next begins; ``rows`` are places that begin a line without a break."""
    ends = [(place, place + 1) for place, t in enumerate(tokens) if t.kind == "l"]
    begun = [(place, place) for place in rows if place and tokens[place - 1].kind != "l"]
    return [*(sorted([*ends, *begun]) if begun else ends), (len(tokens), len(tokens) + 1)]


def line_below(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """The line from here on; nothing where it is longer than such a line is."""
    ahead = tokens[place : place + _LONGEST]
    end = next((at for at, t in enumerate(ahead) if t.kind == "l"), None)
    if end is None:
        return ahead if place + _LONGEST >= len(tokens) else ()
    return ahead[:end]


def _is_sum(line: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether a line without a price ends in an amount and the next is its price and nothing else."""
    money = vocabulary().currencies
    if len(following) > _LONGEST_SUM or any(t.text in money for t in line):
        return False
    numbers = sum(t.kind == "n" for t in following)
    signs = any(t.text in money for t in following)
    return (
        numbers == 1
        and signs
        and all(t.kind == "n" or t.text in money or t.text in ",.-=:>" for t in following)
    )


def _is_lone(line: Sequence[Token]) -> bool:
    """Whether a line is one number and nothing else but what it counts or its currency."""
    words = vocabulary()
    others = [t.text for t in line if t.kind != "n"]
    return len(line) - len(others) == 1 and all(words.counts(o) or o in words.currencies for o in others)


def _are_series(line: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether a line ends in numbers with slashes between and the next is as many prices: "1/2/5 gr" over
    "50/95/220".
    """
    words = vocabulary()
    weighed = bool(line) and words.counts(line[-1].text)
    if not weighed or any(t.text in words.currencies for t in line) or not all(map(_is_of_series, following)):
        return False
    prices = sum(is_number(t) for t in following)
    amounts = [t for t in line[-4 * prices :] if is_number(t)] if prices >= _SERIES else []
    slashes = sum(t.text == "/" for t in line)
    parted = sum(t.text == "/" for t in following) == prices - 1 == slashes
    return parted and len(amounts) == prices


def _are_bare_series(line: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether the same holds without a unit: three numbers or more that rise over as many that rise too, of
    which each is a price of its amount that is no more for one than the one before: "1/3/5/10" over
    "40/110/170/300".
    """
    prices = [number(t.text) or 0.0 for t in following if is_number(t)]
    sign = line[-2].text if len(line) > _SERIES and line[-2].text in _PARTING else ""
    if len(prices) < _BARE_SERIES or not all(t.text == sign or _is_of_series(t) for t in following):
        return False
    series = line[-2 * len(prices) + 1 :]
    amounts = [number(t.text) or 0.0 for t in series if is_number(t)]
    parted = [sum(t.text == sign for t in part) + 1 for part in (series, following)]
    whole = len(amounts) == len(prices) == parted[0] == parted[1]
    if not whole or any(is_number(t) for t in line[: -len(series)]) or not all(amounts):
        return False
    each = [price / amount for price, amount in zip(prices, amounts, strict=True)]
    rises = all(a < b for numbers in (amounts, prices) for a, b in pairwise(numbers))
    return rises and each[-1] > 1 and all(a >= b for a, b in pairwise(each))


def _is_of_series(token: Token) -> bool:
    return is_number(token) or token.text == "/" or token.text in vocabulary().currencies
