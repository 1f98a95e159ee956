"""What speaks for and against a line being one of a trade, put on one balance.

On it lie the outcome of the rules, what the line weighs by itself and amid the lines around it, what they all
weigh together, and what those around weigh one by one (analysis.learnt). Each is named by the step in which
it lies, in thousandths, and that step has a learnt weight of its own; their sum decides. In the same way it
is decided whether a line of a trade is an offer to many, that is a list, or part of a deal of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# How wide a step is, and from where on all is one step, up and down; thousandths, and points of the rules.
_USUAL, _WIDE, _MEAN = (200, 2000), (300, 3000), (100, 2000)
_SCORE = (3, 18)
_CLOSE, _NEAR = 2, 4  # lines before and behind that are close, and on one side of it near
_NONE = "none"
_MANY = 5  # prices of a list: more say no more


class Sides(NamedTuple):
    """What lies on the balance for a line among others: what the rules said of it, and sums of learnt weights
    in thousandths."""

    label: str
    score: int  # of the rules
    subject: bool  # a word of another subject is in it
    alone: int
    amid: int | None  # None where it was not worked out, the next too
    stretch: int | None
    # what each line before and each behind weighs alone, from the nearest on; None for one that is too long
    before: Sequence[int | None]
    behind: Sequence[int | None]


class Offer(NamedTuple):
    """What says of a line of a trade whether it is a list: the label of the rules, what it weighs for one in
    thousandths, and what it prices."""

    label: str
    weight: int
    answers: bool  # it comes right behind a line of another
    prices: int
    priced: int  # amounts with a price
    apart: bool  # it prices several goods, on lines of their own or of several kinds


def steps(sides: Sides) -> Iterator[str]:
    """The names of the steps, as ``data/learnt.csv`` has them behind "balance:"."""
    before, behind = sides.before, sides.behind
    around = _known((*before, *behind))
    yield f"rules:{sides.label}"
    yield _step("score", sides.score, _SCORE)
    if sides.subject:
        yield "subject"
    yield _step("alone", sides.alone, _USUAL)
    yield _step("amid", sides.amid, _USUAL)
    yield _step("stretch", sides.stretch, _WIDE)
    yield _step("around", _mean(around), _MEAN)
    yield _step("most", max(around, default=None), _USUAL)
    yield _step("before", next(iter(before), None), _USUAL)
    yield _step("behind", next(iter(behind), None), _USUAL)
    yield _step("close", _mean(_known((*before[:_CLOSE], *behind[:_CLOSE]))), _USUAL)
    yield _step("earlier", _mean(_known(before[:_NEAR])), _USUAL)
    yield _step("later", _mean(_known(behind[:_NEAR])), _USUAL)


def list_steps(offer: Offer) -> Iterator[str]:
    """The same behind "lists:"."""
    yield f"rules:{offer.label}"
    yield _step("list", offer.weight, _USUAL)
    yield f"prices:{min(offer.prices, _MANY)}"
    yield f"priced:{min(offer.priced, _MANY)}"
    if offer.answers:
        yield "answers"
    if offer.apart:
        yield "apart"


def _step(name: str, value: int | None, step: tuple[int, int]) -> str:
    """The name of a step: where it begins."""
    if value is None:
        return f"{name}:{_NONE}"
    size, most = step
    return f"{name}:{_within(value, most) // size * size}"


def _within(value: int, most: int) -> int:
    return max(-most, min(value, most))


def _mean(values: Sequence[int]) -> int | None:
    """The mean of what lines weigh, of which none counts for more than 2000 either way; rounded down."""
    most = _USUAL[1]
    return sum(_within(each, most) for each in values) // len(values) if values else None


def _known(values: Sequence[int | None]) -> list[int]:
    return [each for each in values if each is not None]
