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
            Sides("deal", True, -1501, None, None, [0, 199], []),
            [
                "rules:deal",
                "subject",
                "alone:-1500:amid:none",
                "amid:none:around:0",
                "before:0",
                "behind:none",
                "close:0",
                "most:0",
            ],
        ),
        (
            Sides("mention", False, 400, -1, -301, [None, 250, 199], [-3000, 1000]),
            # around (250 + 199 - 2000 + 1000) / 4 = -138, close (250 - 2000 + 1000) / 3 = -250
            [
                "rules:mention",
                "alone:300:amid:-300",
                "amid:-300:around:-200",
                "stretch:-600",
                "before:none",
                "behind:-2000",
                "close:-400",
                "most:1000",
            ],
        ),
        (
            Sides("menu", False, 9999, 9999, 9999, [], [None, None, 9999]),
            [
                "rules:menu",
                "alone:1500:amid:1500",
                "amid:1500:around:1000",
                "stretch:3000",
                "before:none",
                "behind:none",
                "most:2000",
            ],
        ),
    ],
)
def test_a_side_is_named_by_where_its_step_begins(sides: Sides, names: list[str]) -> None:
    assert list(steps(sides)) == names


def test_of_a_line_that_is_too_long_to_be_weighed_amid_others_there_is_none_of_that() -> None:
    sides = Sides("deal", False, 0, None, None, [None], [None])
    beside = ["alone:0:amid:none", "amid:none:around:none"]
    assert list(steps(sides)) == ["rules:deal", *beside, "before:none", "behind:none"]


@given(_WEIGHTS, _WEIGHTS, _WEIGHTS, st.lists(_WEIGHTS, min_size=1, max_size=8))
def test_every_side_lies_in_its_step(alone: int, amid: int, stretch: int, behind: list[int]) -> None:
    around = sum(max(-2000, min(each, 2000)) for each in behind) // len(behind)
    held = [
        ("alone", alone, 300, 1500),
        ("amid", amid, 300, 1500),
        ("around", around, 200, 1000),
        ("stretch", stretch, 300, 3000),
        ("behind", behind[0], 200, 2000),
        ("most", max(behind), 200, 2000),
    ]
    named: dict[str, str] = {}
    for step in steps(Sides("none", False, alone, amid, stretch, [], behind)):
        parts = step.split(":")
        named.update(zip(parts[::2], parts[1::2], strict=True))
    for name, value, width, most in held:
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
balance:alone:300:amid:none,400
lists:rules:none,5
"""
    weights = Weights(rows)
    assert weights.balance_total(steps(Sides("none", False, 399, None, None, [], [0]))) == 350
    assert weights.balance_total(steps(Sides("deal", False, 0, None, None, [], [0]))) == -20
    assert weights.lists_total(list_steps(Offer("none", 0, False, 0, 0, False))) == -2
    assert (weights.base_of("(lists)"), weights.base_of("(line)")) == (-7, None)
