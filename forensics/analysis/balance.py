"""What speaks for and against a line being one of a trade, put on one balance.

On it lie the outcome of the rules, what the line weighs by itself and amid the lines around it, what they all
weigh together, and what those around weigh one by one (analysis.learnt). Each is named by the step in which
it lies, in thousandths, and that step has a learnt weight of its own; their sum decides. In the same way it
is decided whether a line of a trade is an offer to many, that is a list, or part of a deal of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# How wide a step is, and from where on all is one step, up and down; thousandths.
_FINE, _USUAL, _WIDE = (100, 2000), (200, 2000), (300, 3000)
_MANY = 5  # prices of a list: more say no more


class Sides(NamedTuple):
    """What lies on the balance for a line among others: the label of the rules, and sums of learnt weights
    in thousandths; None for what is of lines that are not too long only, where there are none."""

    label: str
    subject: bool  # a word of another subject is in it
    alone: int
    amid: int | None
    stretch: int | None
    around: Sequence[int]  # what each of the lines around weighs alone, of those that are not too long


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
    yield f"rules:{sides.label}"
    if sides.subject:
        yield "subject"
    yield _step("alone", sides.alone, _USUAL)
    if sides.amid is not None:
        yield _step("amid", sides.amid, _USUAL)
    if sides.stretch is not None:
        yield _step("stretch", sides.stretch, _WIDE)
    if sides.around:
        most = _FINE[1]
        mean = sum(max(-most, min(each, most)) for each in sides.around) // len(sides.around)
        yield _step("around", mean, _FINE)
        yield _step("most", max(sides.around), _USUAL)


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


def _step(name: str, value: int, step: tuple[int, int]) -> str:
    """The name of a step: where it begins."""
    size, most = step
    return f"{name}:{max(-most, min(value, most)) // size * size}"
