"""What lies on the balance is named by the step in which it is, and the sum of their weights decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analysis.balance import Offer, Sides, list_steps, steps
from forensics.analysis.weights import Weights

_WEIGHTS = st.integers(-5000, 5000)


@pytest.mark.parametrize(
    ("sides", "names"),
    [
        (
            Sides("deal", True, -2001, None, None, [0, 199]),
            ["rules:deal", "subject", "alone:-2000", "around:0", "most:0"],
        ),
        (
            Sides("mention", True, 400, -1, -301, [-3000, 250, 199]),
            # (-2000 + 250 + 199) / 3 = -517
            [
                "rules:mention",
                "subject",
                "alone:400",
                "amid:-200",
                "stretch:-600",
                "around:-600",
                "most:200",
            ],
        ),
        (
            Sides("menu", False, 9999, None, 9999, [0]),
            ["rules:menu", "alone:2000", "stretch:3000", "around:0", "most:0"],
        ),
        (
            Sides("none", False, 0, 0, None, [9999, 9999]),
            ["rules:none", "alone:0", "amid:0", "around:2000", "most:2000"],
        ),
    ],
)
def test_a_side_is_named_by_where_its_step_begins(sides: Sides, names: list[str]) -> None:
    assert list(steps(sides)) == names


def test_what_is_only_of_lines_that_are_too_long_does_not_lie_on_it() -> None:
    assert list(steps(Sides("deal", False, 0, None, None, []))) == ["rules:deal", "alone:0"]


@given(_WEIGHTS, _WEIGHTS, _WEIGHTS, st.lists(_WEIGHTS, min_size=1, max_size=16))
def test_every_side_lies_in_its_step(alone: int, amid: int, stretch: int, around: list[int]) -> None:
    named = dict(step.split(":") for step in steps(Sides("none", False, alone, amid, stretch, around)))
    assert list(named) == ["rules", "alone", "amid", "stretch", "around", "most"]
    usual = (("alone", alone), ("amid", amid), ("most", max(around)))
    held = [(name, value, 200, 2000) for name, value in usual]
    for name, value, width, most in (*held, ("stretch", stretch, 300, 3000)):
        start = int(named[name])
        assert start <= max(-most, min(value, most)) < start + width and start % width == 0


@pytest.mark.parametrize(
    ("offer", "names"),
    [
        (Offer("deal", -1, False, 0, 0, False), ["rules:deal", "list:-200", "prices:0", "priced:0"]),
        (
            Offer("none", 9999, True, 9, 6, True),
            ["rules:none", "list:2000", "prices:5", "priced:5", "answers", "apart"],
        ),
    ],
)
def test_so_is_what_says_whether_a_line_is_a_list(offer: Offer, names: list[str]) -> None:
    assert list(list_steps(offer)) == names


def test_the_steps_weigh_what_the_file_says_and_a_step_that_is_not_there_nothing() -> None:
    rows = b"""form,thousandths
(version),1
(balance),-20
(lists),-7
balance:rules:none,-30
balance:alone:200,400
lists:rules:none,5
"""
    weights = Weights(rows)
    assert weights.balance_total(steps(Sides("none", False, 399, None, None, [0]))) == 350
    assert weights.balance_total(steps(Sides("deal", False, 0, None, None, [0]))) == -20
    assert weights.lists_total(list_steps(Offer("none", 0, False, 0, 0, False))) == -2
    assert (weights.base_of("(lists)"), weights.base_of("(line)")) == (-7, None)
