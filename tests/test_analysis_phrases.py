"""Phrases of trade: a number that stands for any other, wherever in the phrase it stands."""

from __future__ import annotations

import pytest

from forensics.analysis.phrases import Phrase, Phrases
from forensics.analysis.text import fold, tokenize

_PHRASES = Phrases(
    [("order", 2, "# graag"), ("order", 1, "doe er # "), ("price", 2, "2 voor #"), ("place", 1, "graag")]
)


def _found(text: str) -> list[Phrase]:
    return _PHRASES.find(list(tokenize(fold(text))))


@pytest.mark.parametrize("number", ["3", "12", "2"])
def test_a_phrase_may_begin_with_any_number(number: str) -> None:
    order, place = _found(f"{number} graag")
    assert (order.name, order.strength, order.start, order.end) == ("order", 2, 0, len(number) + 6)
    assert place.name == "place"


def test_a_number_in_the_middle_or_at_the_end_counts_as_before() -> None:
    assert [each.name for each in _found("doe er 5")] == ["order"]
    assert [each.name for each in _found("2 voor 70")] == ["price"]


def test_a_phrase_with_a_number_needs_one() -> None:
    assert [each.name for each in _found("heel graag")] == ["place"]
    assert _found("3") == []


def test_a_sign_is_no_number() -> None:
    assert [each.name for each in _found("# graag")] == ["place"]
    assert _found("doe er #") == []


def test_of_phrases_that_begin_with_that_number_or_with_any_the_longest_is_found() -> None:
    phrases = Phrases([("order", 1, "2"), ("order", 2, "# graag")])
    (found,) = phrases.find(list(tokenize(fold("2 graag"))))
    assert (found.strength, found.after) == (2, 2)
