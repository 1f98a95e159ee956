"""Lines that are of a trade, or of none, for the outcomes of those around them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from forensics.analysis.glance import Marks
from forensics.analysis.heard_line import HeardLine
from forensics.analysis.neighbours import Neighbours, Outcome
from forensics.analysis.score import Rules
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

HOUR = 3_600_000
LITTLE, MUCH = 950, 1000
GOODS = "3g"


@cache
def _rules() -> Rules:
    return Rules.load()[0]


def _judged(label: str) -> Judged:
    return Judged(label=label, score=1, hits=(), goods=(), targets=())


def _outcome(
    label: str | None, total: int | None = LITTLE, ruled: str | None = None, at: int = 0, text: str = GOODS
) -> Outcome:
    found = _judged(label) if label else None
    judged = _judged(ruled) if ruled else None
    heard = HeardLine(Line("m", text, at), 0, judged, Marks((), 0), near=False)
    return Outcome(heard, found, total)


def _labels(outcomes: Sequence[Outcome]) -> list[str | None]:
    neighbours = Neighbours(_rules(), lambda heard: heard.line.text == GOODS)
    found = [pair for each in outcomes for pair in neighbours.take(each)]
    found += neighbours.rest()
    assert [line for line, _ in found] == [each.heard.line for each in outcomes]
    return [judged.label if judged else None for _, judged in found]


_NONE = _outcome(None)
_REACH, _BESIDE, _PEAK = 8, 3, 12


def test_the_test_knows_the_thresholds() -> None:
    assert _rules().thresholds["learnt"]["solitary"] == MUCH
    assert _rules().window["learnt_lines"] == _REACH
    assert _rules().window["peak_lines"] == _PEAK
    assert (_rules().window["beside_lines"], _rules().window["beside_fewest"]) == (_BESIDE, 2)


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (_outcome("deal"), None),
        (_outcome("deal", ruled="mention"), "mention"),
        (_outcome("deal", MUCH), "deal"),
        (_outcome("deal", None), "deal"),
        (_outcome("menu"), "menu"),
        (_outcome("deal", ruled="deal"), "deal"),
    ],
)
def test_one_among_ordinary_lines_is_as_the_rules_have_it(outcome: Outcome, label: str | None) -> None:
    for before, behind in ((0, 0), (3, 20), (20, 0), (20, 20)):
        labels = _labels([*[_NONE] * before, outcome, *[_NONE] * behind])
        assert labels == [*[None] * before, label, *[None] * behind]


@pytest.mark.parametrize("between", range(_REACH + 2))
def test_two_keep_each_other_as_far_as_lines_are_weighed_together(between: int) -> None:
    labels = _labels([*[_NONE] * 3, _outcome("deal"), *[_NONE] * between, _outcome("deal"), *[_NONE] * 9])
    assert labels.count("deal") == (2 if between < _REACH else 0)


@pytest.mark.parametrize("company", [_outcome("menu", None, "menu"), _outcome("deal", MUCH)])
def test_what_the_rules_found_or_weighs_much_is_company(company: Outcome) -> None:
    assert _labels([_outcome("deal"), _NONE, company]) == ["deal", None, _labels([company])[0]]


def test_a_line_of_another_day_is_no_company() -> None:
    late = _outcome("deal", at=7 * HOUR)
    assert _labels([_outcome("deal"), late]) == [None, None]
    assert _labels([_outcome("deal"), _outcome("deal", at=5 * HOUR)]) == ["deal", "deal"]


def _weak(ruled: str | None = None, at: int = 0) -> Outcome:
    """A line that weighs enough beside one of a trade only."""
    without = "mention" if ruled else None
    return _outcome(without, 200, ruled, at)._replace(beside=_judged("deal"))


_STRONG = _outcome("deal", MUCH)


@pytest.mark.parametrize("between", range(_BESIDE + 1))
@pytest.mark.parametrize("ruled", [None, "deal"])
def test_a_line_that_weighs_less_is_of_a_trade_beside_one(between: int, ruled: str | None) -> None:
    weak = _weak(ruled)
    label = "deal" if between < _BESIDE else _labels([weak])[0]
    for before, behind in ((0, 0), (9, 12), (30, 30)):
        some = [weak, *[_NONE] * between, _STRONG, _STRONG]
        for lines, place in ((some, 0), (some[::-1], len(some) - 1)):
            labels = _labels([*[_NONE] * before, *lines, *[_NONE] * behind])
            assert labels[before + place] == label
            assert labels.count("deal") == 2 + (label == "deal")


@pytest.mark.parametrize("away", range(1, _REACH + 2))
def test_two_lines_of_a_trade_must_be_around(away: int) -> None:
    """On one side or on both."""
    for before in ([], [_NONE] * 20):
        near, far = (
            [_STRONG, _weak(), *[_NONE] * (away - 1), _STRONG],
            [_STRONG, *[_NONE] * (away - 1), _weak()],
        )
        label = "deal" if away <= _REACH else None
        assert _labels([*before, *near])[len(before) + 1] == label
        labels = _labels([*before, *far, _STRONG, *[_NONE] * 20])
        assert labels[len(before) + away] == label
    assert _labels([_weak(), _STRONG]) == [None, "deal"]


def test_lines_that_weigh_less_do_not_make_each_other_of_a_trade() -> None:
    assert _labels([_weak()] * 5) == [None] * 5
    labels = _labels([_STRONG, _STRONG, *[_weak()] * 5])
    assert labels == ["deal"] * (2 + _BESIDE) + [None] * 2


def test_those_that_are_chance_by_themselves_make_no_other_of_a_trade() -> None:
    far = [_outcome("deal"), *[_NONE] * 7, _weak(), *[_NONE] * 2, _outcome("deal")]
    assert _labels(far) == [None] * len(far)


@pytest.mark.parametrize("before", [0, 9, 40])
def test_a_line_leans_on_what_keeps_those_around_it(before: int) -> None:
    """The one eight lines away is of a trade for the one eight lines further."""
    lines = [_STRONG, *[_NONE] * 2, _weak(), *[_NONE] * 7, _outcome("deal"), *[_NONE] * 7, _outcome("deal")]
    for some, weak in ((lines, 3), (lines[::-1], len(lines) - 4)):
        for behind in (0, 40):
            labels = _labels([*[_NONE] * before, *some, *[_NONE] * behind])
            assert labels[before + weak] == "deal"
            assert labels.count("deal") == 4
    assert _labels([*[_NONE] * before, *lines[:-1]])[before + 3] is None


def test_a_line_of_another_day_makes_none_of_a_trade() -> None:
    for hours, label in ((7, None), (5, "deal")):
        strong = _outcome("deal", MUCH, at=hours * HOUR)
        assert _labels([_weak(), strong, strong]) == [label, "deal", "deal"]


_OTHER = "what then"  # counts nothing, names nothing
_PEAK_OF = {GOODS: 900, _OTHER: 1200}


def test_the_test_knows_the_peaks() -> None:
    least = _rules().thresholds["learnt"]
    assert (least["peak"], least["peak_intangible"]) == (_PEAK_OF[GOODS], _PEAK_OF[_OTHER])


def _pair(total: int, text: str, weighs: int = 700) -> list[Outcome]:
    """Two lines that keep each other, and what the second weighs."""
    return [_outcome("deal", weighs, text=text), _outcome("deal", total, text=text)]


@pytest.mark.parametrize("text", [GOODS, _OTHER])
@pytest.mark.parametrize("less", [0, 1])
def test_what_the_balance_finds_is_of_a_trade_where_a_line_weighs_much(text: str, less: int) -> None:
    """More where nothing is counted and no drug surely named."""
    for before in (0, 30):
        silent = [_outcome(None, None, text=_OTHER)] * before
        labels = _labels([*silent, *_pair(_PEAK_OF[text] - less, text), *silent])
        assert labels[before : before + 2] == ([None, None] if less else ["deal", "deal"])


@pytest.mark.parametrize("away", [1, 5, 12, 13, 14])
def test_the_line_that_weighs_much_is_within_twelve_lines(away: int) -> None:
    """Lines of 700 all the way keep each other."""
    lines = [_outcome("deal", 900), *[_outcome("deal", 700)] * 30]
    assert _labels(lines)[away] == ("deal" if away <= _PEAK else None)
    assert _labels(lines[::-1])[-1 - away] == ("deal" if away <= _PEAK else None)


@pytest.mark.parametrize("lines", [_PEAK, 20, 25])
def test_a_line_waits_for_one_that_weighs_much_however_far_it_may_be(
    lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_rules(), "window", {**_rules().window, "peak_lines": lines})
    some = [_outcome("deal", 700), *[_outcome(None, None)] * 5] * 10
    for away in (lines, lines + 1):
        behind = [*some[:away], _outcome("deal", 900), *[_NONE] * 40]
        assert _labels(behind)[0] == ("deal" if away == lines else None)


def test_a_line_of_another_day_is_no_peak() -> None:
    late = _outcome("deal", 5000, at=7 * HOUR)
    assert _labels([*_pair(700, GOODS), late]) == [None, None, "deal"]


def test_one_line_that_counts_or_names_something_is_enough_and_one_of_the_rules_too() -> None:
    low = _pair(900, _OTHER)
    assert _labels(low) == [None, None]
    silent = [_outcome(None, None, text=_OTHER)] * 10
    assert _labels([*low, *silent, _outcome(None, None)])[:2] == ["deal"] * 2
    assert _labels([*low, _outcome("deal", None, "deal", text=_OTHER)]) == ["deal"] * 3


def test_what_the_rules_found_and_lists_stand_however_little_weighs() -> None:
    for outcome in (_outcome("deal", 100, "deal", text=_OTHER), _outcome("menu", 100, text=_OTHER)):
        assert _labels([outcome] * 2) == [outcome.judged and outcome.judged.label] * 2


def test_a_line_that_weighs_enough_beside_others_only_needs_the_peak_too() -> None:
    weak = _weak()
    assert _labels([*_pair(700, GOODS), weak]) == [None, None, None]
    assert _labels([*_pair(900, GOODS), weak]) == ["deal", "deal", "deal"]


def test_a_list_of_the_rules_is_enough() -> None:
    low, silent = _pair(700, _OTHER), [_outcome(None, None, text=_OTHER)] * 10
    assert _labels([*low, *silent, _outcome("menu", None, "menu", text=_OTHER)])[:2] == ["deal"] * 2
    assert _labels([*low, *silent, _outcome("deal", None, "deal", text=_OTHER)])[:2] == [None] * 2


def test_lines_that_are_none_for_want_of_one_that_weighs_much_hold_up_no_others() -> None:
    """The first weighs 900, and is within reach of all but the last two."""
    lines = [_outcome("deal", 900), *[_outcome(None, None)] * 11, _weak(), *[_outcome("deal", 700)] * 2]
    assert _labels(lines)[12:] == [None] * 3
    silent = Line("s", "ok")
    ruled = _outcome("deal", None, "deal")
    ruled.heard.near, ruled.heard.behind = True, silent
    neighbours = Neighbours(_rules(), lambda heard: False)
    found = [pair for each in (ruled, *_pair(700, _OTHER)) for pair in neighbours.take(each)]
    found += neighbours.rest()
    assert [(line.id, judged and judged.label) for line, judged in found] == [
        ("m", "deal"),
        ("s", None),
        ("m", None),
        ("m", None),
    ]
