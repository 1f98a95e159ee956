"""What the second opinion does not weigh changes no outcome, and what the rules say is weighed."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_weights import classifier_of, on_balance

from forensics.analysis.balance import steps
from forensics.analysis.findings import Classifier, Line
from forensics.analysis.opinion import Opinion
from forensics.analysis.talk import verdicts
from forensics.analysis.validation import cases
from forensics.analysis.validation import verdicts as verdicts_of
from forensics.analysis.weights import LATE, Weights
from forensics.flag_work import built_in

_ROWS = b"""form,thousandths
(version),3
(base),900
(line),-900
(glance),0
(alone),-200
(list),0
line:word:morgen,1000
glance:kom,600
glance:oma,-2000
glance:ver,0
glance:weg,0
word:oma,-600
"""
_BALANCE = on_balance("stretch", "amid", deal=600)
_NEVER = 100_000
_ZERO = ("solitary", "ruled", "hidden", "price", "prices", "rows", "unnamed", "otherwise")
_SAID = ("kom om 5", "om 6 dan", "morgen om 7", "ver weg om 8", "met oma om 9", "heb je nog wiet", "ok 3")


@cache
def _classifier(near: int) -> Classifier:
    """The rules with a handful of weights, a reach of two lines, and this much for ``glance_near``."""
    least = dict.fromkeys(_ZERO, 0) | {"balance": 300, "glance": 500, "glance_near": near}
    least |= dict.fromkeys(("glance_alone", "worth", "lists", "listed", "alone"), _NEVER)
    return classifier_of(_ROWS + _BALANCE, least, learnt_lines=2)


def _labels(said: list[str], near: int = -_NEVER) -> list[str]:
    lines = [("talk", Line(f"m{n}", text, n * 60_000, "AB"[n % 2])) for n, text in enumerate(said)]
    return [each.label for each in verdicts(lines, _classifier(near))]


def test_a_line_within_reach_of_a_glance_is_weighed_where_those_around_it_do_not_speak_against() -> None:
    """The third line is within reach of the first, around which 600 are seen; around itself they are 600 less
    2000."""
    said = ["kom om 5", "om 6 dan", "morgen om 7", "ver weg om 8", "met oma om 9"]
    assert _labels(said, near=-1400)[2] == "deal"
    assert _labels(said, near=-1399)[2] == "none"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_SAID), min_size=3, max_size=14))
@example(["kom om 5", "om 6 dan", "morgen om 7", "ver weg om 8", "met oma om 9"])
def test_a_line_that_cannot_weigh_enough_has_the_outcome_that_it_has_when_all_is_weighed(
    said: list[str],
) -> None:
    quick = _labels(said)
    with patch.object(Weights, "most_on_balance", lambda *_: _NEVER):
        assert _labels(said) == quick


def test_the_verdicts_on_a_set_are_those_when_all_is_weighed() -> None:
    told = cases("ninth")
    quick = verdicts_of(told, built_in())
    with patch.object(Weights, "most_on_balance", lambda *_: _NEVER):
        assert verdicts_of(told, built_in()) == quick


def test_no_line_of_a_set_weighs_more_than_the_most_that_was_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounds: list[tuple[int, int]] = []
    weights, all_sides = built_in().learnt, Opinion._all_sides

    def told(opinion: Opinion, place: int, each: object) -> object:
        sides = all_sides(opinion, place, each)  # type: ignore[arg-type]
        bounds.append((weights.balance_total(steps(sides)), weights.most_on_balance(steps(each))))  # type: ignore[arg-type]
        return sides

    monkeypatch.setattr(Opinion, "_all_sides", told)
    verdicts_of(cases("ninth"), built_in())
    assert len(bounds) > 300
    assert all(total <= most for total, most in bounds)


def test_steps_that_are_not_worked_out_yet_weigh_nothing() -> None:
    assert not {f"{late}:none" for late in LATE} & built_in().learnt.balance.keys()
