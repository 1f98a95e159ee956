"""The second opinion as lines come: what comes out is the same as when all were heard before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random

import pytest
from small_weights import classifier_of, on_balance

from forensics.analysis.findings import Classifier, Line
from forensics.analysis.window import Judged

_ROWS = b"""form,thousandths
(version),3
(base),-200
(line),500
(glance),-100
(alone),-200
(list),-500
word:oma,-900
word:slecht,-900
word:bakker,300
line:word:oma,-700
line:word:langs,100
glance:bakker,150
glance:zonder,900
alone:word:regelen,700
alone:word:pakken,600
alone:word:oma,-900
alone:word:bakker,800
"""
_BALANCE = on_balance("stretch", "amid", "around", deal=600)
_SAID = (
    "die bakker wat pakken wij daar regelen om 3",
    "zonder oma om 5",
    "slecht weer om 4 uur",
    "hoe laat kom je langs",
    "bakker om 3 uur langs",
    "heb je nog wiet",
    "kost dat 5 euro",
    "oma slecht om 6",
    "zonder meer 5",
    "bakker langs om 3 " + "ja " * 100,  # too long to be counted
    "bakker langs om 3 " + "ja " * 400,  # and to be weighed alone
)
_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 3, 7)  # between one line and the next


@cache
def _classifier() -> Classifier:
    """The rules with a handful of weights, a reach of two lines, and thresholds of their own."""
    least = {
        "balance": 300,
        "beside": -300,
        "beside_alone": -700,
        "solitary": 0,
        "worth": -500,
        "glance": 600,
        "glance_near": -100,
        "glance_alone": 0,
    }
    least |= {
        "lists": 300,
        "listed": 100,
        "alone": 900,
        "ruled": 1400,
        "hidden": 0,
        "price": 0,
        "prices": 0,
        "rows": 0,
        "unnamed": 150,
        "otherwise": 600,
    }
    return classifier_of(_ROWS + _BALANCE, least, learnt_lines=2)


def _labels(known: list[tuple[Line, Judged | None]]) -> list[str]:
    return [judged.label if judged else "none" for _, judged in known]


def _both(said: list[str], times: Sequence[int | None] = ()) -> tuple[list[str], list[str]]:
    """The labels as the lines come, and when all were heard before any comes out."""
    window, taking, hearing = _classifier().conversation(), _classifier().opinion(), _classifier().opinion()
    known: list[tuple[Line, Judged | None]] = []
    for place, text in enumerate(said):
        line = Line(f"m{place}", text, times[place] if times else place * 60_000, "AB"[place % 2])
        line, flags = window.flagged(line)
        judged = window.heard(line, flags)
        known += taking.take(line, flags, judged)
        hearing.hear(line, flags, judged)
    return _labels([*known, *taking.rest()]), _labels(list(hearing.rest()))


@pytest.mark.parametrize(("last", "label"), [(3, "none"), (1, "deal")])
def test_a_line_comes_out_when_nothing_behind_it_can_change_it(last: int, label: str) -> None:
    """The first line is worth weighing for what the third is at a glance with those around it, as far as the
    fifth: the words of that alone open nothing."""
    coming, heard = _both([_SAID[n] for n in (3, 0, 3, 3, last)])
    assert coming == heard
    assert heard[0] == label


@pytest.mark.parametrize("seed", range(4))
def test_however_many_lines_follow_the_outcome_is_the_same(seed: int) -> None:
    random = Random(seed)
    labels: set[str] = set()
    for _ in range(300):
        said = random.choices(_SAID, k=random.randint(3, 14))
        hours = accumulate(random.choices(_HOURS, k=len(said)))
        times = [None if random.random() < 0.1 else hour * 3_600_000 for hour in hours]
        coming, heard = _both(said, times)
        assert coming == heard
        labels.update(heard)
    assert labels == {"none", "mention", "deal"}


def test_a_line_between_others_that_are_too_long_is_weighed_by_what_is_left() -> None:
    coming, heard = _both([_SAID[-1], "heb je nog wiet", _SAID[-1]])
    assert coming == heard == ["none", "deal", "none"]
