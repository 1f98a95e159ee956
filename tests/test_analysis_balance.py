"""What lies on the balance is named by the step in which it is, and the sum of their weights decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_weights import STEPS

from forensics.analysis.balance import Offer, Sides, list_steps, steps
from forensics.analysis.weights import Weights

_WEIGHTS = st.integers(-5000, 5000)


_ROUND = ("around", "most", "before", "behind", "close", "earlier", "later")
_SIDES = ("rules", "score", "subject", "alone", "amid", "stretch", *_ROUND)


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        # nothing around but two lines before
        (
            Sides("deal", 7, True, -1501, -200, -301, [0, 199], []),
            "deal 6 - -1600 -200 -600 0 0 0 none 0 0 none",
        ),
        # around (250 + 199 - 2000 + 1000) / 4 = -138, close (250 - 2000 + 1000) / 3 = -250, earlier 224
        (
            Sides("mention", -1, False, 400, -1, 299, [None, 250, 199], [-3000, 1000]),
            "mention -3 400 -200 0 -200 1000 none -2000 -400 200 -600",
        ),
        # earlier (100 + 200 + 300 - 10) / 4 = 147: of five before the four nearest
        (
            Sides("none", 0, False, 0, 0, 0, [100, 200, 300, -10, 2000], [-1]),
            "none 0 0 0 0 400 2000 0 -200 0 0 -200",
        ),
        (
            Sides("menu", 99, False, 9999, 9999, 9999, [], [None, None, 9999]),
            "menu 18 2000 2000 3000 2000 2000 none none none none 2000",
        ),
        (
            Sides("none", -99, False, -9999, -9999, -9999, [], [None]),
            "none -18 -2000 -2000 -3000 none none none none none none none",
        ),
    ],
)
def test_a_side_is_named_by_where_its_step_begins(sides: Sides, told: str) -> None:
    names = [name for name in _SIDES if sides.subject or name != "subject"]
    said = [f"{name}:{step}" for name, step in zip(names, told.split(), strict=True)]
    assert list(steps(sides)) == ["subject" if name == "subject:-" else name for name in said]


@given(_WEIGHTS, _WEIGHTS, _WEIGHTS, st.lists(_WEIGHTS, min_size=1, max_size=8), st.integers(-40, 40))
def test_every_side_lies_in_its_step(
    alone: int, amid: int, stretch: int, behind: list[int], score: int
) -> None:
    around = sum(max(-2000, min(each, 2000)) for each in behind) // len(behind)
    held = [
        ("score", score, 3, 18),
        ("alone", alone, 200, 2000),
        ("amid", amid, 200, 2000),
        ("around", around, 100, 2000),
        ("stretch", stretch, 300, 3000),
        ("behind", behind[0], 200, 2000),
        ("most", max(behind), 200, 2000),
    ]
    named = dict(
        step.split(":") for step in steps(Sides("none", score, False, alone, amid, stretch, [], behind))
    )
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
balance:alone:200,400
lists:rules:none,5
"""
    weights = Weights(rows)
    assert weights.balance_total(steps(Sides("none", 0, False, 399, 0, 0, [], [0]))) == 350
    assert weights.balance_total(steps(Sides("deal", 0, False, 0, 0, 0, [], [0]))) == -20
    assert weights.lists_total(list_steps(Offer("none", 0, False, 0, 0, False))) == -2
    assert (weights.base_of("(lists)"), weights.base_of("(line)")) == (-7, None)


def test_every_step_of_the_weights_of_the_package_is_one_that_something_can_lie_in() -> None:
    """Else they were learnt by another balance, and most of what lies on this one would weigh nothing."""
    labels = {f"rules:{label}" for label in ("none", "mention", "deal", "menu")}
    steps_of = {
        side: {f"{side}:{start}" for start in (*range(-most // width * width, most + 1, width), "none")}
        for side, (width, most) in STEPS.items()
    }
    lists = {*steps_of.pop("list"), *(f"{name}:{n}" for name in ("prices", "priced") for n in range(6))}
    weights, _ = Weights.load()
    assert set(weights.balance) <= labels | {"subject"}.union(*steps_of.values())
    assert set(weights.list_balance) <= labels | lists | {"answers", "apart"}
    for side, names in steps_of.items():
        assert names & set(weights.balance), side
