"""Messages that stand alone, weighed by learnt weights; and lists among what the weights find."""

from __future__ import annotations

from copy import copy
from functools import cache

import pytest

from forensics.analysis.findings import Classifier, Line, Scales
from forensics.analysis.learnt import Weights
from forensics.analysis.talk import verdicts
from forensics.analysis.verdicts import Verdict

_ROWS = b"""form,thousandths
(version),3
(base),-200
(line),500
word:regelen,700
word:pakken,600
word:oma,-900
"""
_NAMED = "die wiet wat pakken wij daar nou eens van regelen"


@cache
def _classifier() -> Classifier:
    """The rules with three weights, and thresholds of their own."""
    own = Classifier.load()
    rules = copy(own.rules)
    least = {"opens": 2000, "alone": 1000, "joins": 0, "line": 400, "listed": 100, "denies": 0}
    least |= {"glance": 500, "unnamed": 150}
    rules.thresholds = {**own.rules.thresholds, "learnt": least}
    return Classifier(Scales(rules, Weights(_ROWS)), own.reader, own._cues, b"", own.laws)


def _told(*texts: str) -> list[Verdict]:
    lines = [Line(f"m{n}", text, n * 60_000, "A") for n, text in enumerate(texts)]
    return list(verdicts(((None if len(texts) == 1 else "talk", line) for line in lines), _classifier()))


def test_a_message_that_stands_alone_is_trade_where_it_weighs_enough() -> None:
    (verdict,) = _told(_NAMED)
    assert verdict.label == "deal"
    assert verdict.score == 11
    assert [hit.id for hit in verdict.rules][:3] == ["learnt", "learnt-line", "learnt-change"]


@pytest.mark.parametrize(
    "text",
    [
        "die wiet wat pakken wij daar nou eens van",  # weighs too little
        "die wiet van oma wat pakken wij daar nou eens van regelen",  # something speaks against it
        "wat pakken wij daar nou eens van regelen",  # no word that may speak of a drug
    ],
)
def test_else_it_is_left_to_the_rules(text: str) -> None:
    (verdict,) = _told(text)
    assert verdict.label in ("none", "mention")


def test_three_lines_are_a_stretch_and_have_to_weigh_what_opens_one() -> None:
    assert {v.label for v in _told(_NAMED, "hoeveel kost dat nou dan", "hoe laat kom je dan langs")} <= {
        "none",
        "mention",
    }


def test_a_deal_of_the_rules_among_fewer_than_three_lines_is_never_denied() -> None:
    (verdict,) = _told("heb je nog wiet voor me oma")
    assert verdict.label == "deal"


def test_a_list_that_the_weights_find_is_a_menu_with_its_items() -> None:
    (verdict,) = _told("regelen pakken mannen\nwit 50\nbruin 40")
    assert verdict.label == "menu"
    assert [(item.substance, item.quantity, item.price) for item in verdict.items] == [
        ("cocaine", 1.0, 50.0),
        ("heroin", 1.0, 40.0),
    ]
