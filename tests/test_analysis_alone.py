"""Messages weighed alone: what tells a trade, what denies one, what is a list and what no part of a deal."""

from __future__ import annotations

from functools import cache

import pytest
from small_weights import classifier_of

from forensics.analysis.findings import Classifier, Line
from forensics.analysis.learnt import Weights
from forensics.analysis.talk import verdicts
from forensics.analysis.verdicts import Verdict

_ROWS = b"""form,thousandths
(version),3
(base),-200
(line),500
(glance),-100
(alone),-200
(list),-500
word:oma,-900
line:word:oma,-700
glance:bakker,150
glance:zonder,900
alone:word:regelen,700
alone:word:pakken,600
alone:word:oma,-900
alone:word:bakker,800
list:word:lijst,900
"""
_NAMED = "die wiet wat pakken wij daar nou eens van regelen"
_QUIET = ("hoeveel kost dat nou dan", "hoe laat kom je dan langs")


@cache
def _classifier() -> Classifier:
    """The rules with a handful of weights, and thresholds of their own."""
    least = {
        "opens": 2000,
        "alone": 900,
        "among": 300,
        "alone_denies": -500,
        "amid": -1500,
        "lists": 300,
        "joins": 0,
    }
    least |= {"line": 400, "listed": 100, "denies": -3000, "glance": 5000, "glance_alone": 0, "unnamed": 150}
    least |= {"glance_near": -5000}
    return classifier_of(_ROWS, least)


def _told(*texts: str, weights: bytes = _ROWS) -> list[Verdict]:
    lines = [Line(f"m{n}", text, n * 60_000, "AB"[n % 2]) for n, text in enumerate(texts)]
    asked = ((None if len(texts) == 1 else "talk", line) for line in lines)
    return list(verdicts(asked, _classifier().weighing(Weights(weights))))


def test_a_message_is_trade_where_it_weighs_enough_alone() -> None:
    (verdict,) = _told(_NAMED)
    assert (verdict.label, verdict.score) == ("deal", 11)
    alone, less, *forms = verdict.rules
    assert [hit.id for hit in (alone, less)] == ["learnt-alone", "learnt-less"]
    assert "+1100 = -200 +1300 +0; v3, sha256 " in alone.reason
    assert less.reason.endswith("(-201)")  # 899 would be too little
    assert [(hit.id, hit.text, hit.thousandths) for hit in forms] == [
        ("learnt-for", "pakken", 600),
        ("learnt-for", "regelen", 700),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "die wiet wat pakken wij daar nou eens van",  # weighs too little
        "die wiet van oma wat pakken wij daar nou eens van regelen",  # something speaks against it
        "wat pakken wij daar nou eens van regelen",  # no word for a drug, and nothing at a glance
        f"{_NAMED} {'ja ' * 330}",  # longer than what is weighed
    ],
)
def test_else_it_is_left_to_the_rules(text: str) -> None:
    (verdict,) = _told(text)
    assert verdict.label in ("none", "mention")


def test_without_a_word_for_a_drug_its_words_must_say_enough_at_a_glance_and_it_weighs_less() -> None:
    at_a_glance = "die bakker wat pakken wij daar nou eens van regelen, 3 of 4"
    (verdict,) = _told(at_a_glance)
    assert verdict.label == "deal"
    assert "+1600 = -200 +2100 +0 -300;" in verdict.rules[0].reason
    (verdict,) = _told(at_a_glance.replace("bakker", "slager"))
    assert verdict.label == "none"


def test_a_line_among_others_tells_alone_too() -> None:
    found = _told(_NAMED, *_QUIET)
    assert [verdict.label for verdict in found] == ["deal", "none", "none"]


def test_and_opens_the_deal_for_those_whose_stretch_weighs_enough() -> None:
    weights = _ROWS + b"word:dan,300\n"
    for first, labels in ((_NAMED, ["deal"] * 3), ("heeft oma wiet", ["mention", "none", "none"])):
        assert [verdict.label for verdict in _told(first, *_QUIET, weights=weights)] == labels


def test_but_not_where_all_around_speaks_clearly_against_it() -> None:
    talk = ("oma kom je 3 keer langs", _NAMED, "oma is er om 5 uur")
    assert _told(*talk)[1].label == "deal"
    clearly = _ROWS.replace(b"\nword:oma,-900", b"\nword:oma,-1900")
    assert _told(*talk, weights=clearly)[1].label == "mention"


def test_what_the_rules_take_for_a_deal_alone_is_denied_where_it_weighs_little() -> None:
    (verdict,) = _told("heb je nog wiet voor me oma")
    assert verdict.label == "mention"
    denied, more, form = verdict.rules[-3:]
    assert (denied.id, denied.weight) == ("learnt-denies-alone", -11)
    assert "-1100; v3" in denied.reason
    assert (more.id, more.reason.endswith("(+600)")) == ("learnt-more", True)
    assert (form.id, form.text, form.thousandths) == ("learnt-against", "oma", -900)
    assert _told("heb je nog wiet voor me")[0].label == "deal"


def test_of_two_lines_neither_is_denied_for_what_it_weighs_alone() -> None:
    assert _told("heb je nog wiet voor me oma", "hoe laat kom je dan langs")[0].label == "deal"


def test_a_list_is_denied_among_others_too() -> None:
    goods = "wiet 5g 40\ncoke 1g 50\nketa 1g 25"
    assert _told(goods, *_QUIET)[0].label == "menu"
    assert _told(f"van oma:\n{goods}", *_QUIET)[0].label == "mention"


def test_what_is_found_and_prices_several_goods_is_a_list_with_its_items() -> None:
    (verdict,) = _told("regelen pakken mannen\nwit 50\nbruin 40")
    assert verdict.label == "menu"
    assert [(item.substance, item.quantity, item.price) for item in verdict.items] == [
        ("cocaine", 1.0, 50.0),
        ("heroin", 1.0, 40.0),
    ]


def test_what_weighs_as_a_list_is_one_where_the_rules_saw_a_deal() -> None:
    text = "heb nog wiet voor je, 5g is 40"
    assert _told(text)[0].label == "deal"
    (verdict,) = _told(f"lijst: {text}")
    assert verdict.label == "menu"
    (item,) = verdict.items
    assert (item.substance, item.quantity, item.price) == ("cannabis", 5.0, 40.0)
    assert verdict.rules[-1].id == "learnt-list"
    assert "(+400; -101; v3" in verdict.rules[-1].reason


def test_an_answer_to_another_is_no_list_by_its_weight() -> None:
    asked, answer = "heb je nog wiet?", "lijst: heb nog wiet voor je, 5g is 40"
    assert [verdict.label for verdict in _told(asked, answer)] == ["deal", "deal"]
    lines = [Line(f"m{n}", text, n, "A") for n, text in enumerate((asked, answer))]
    assert list(verdicts((("talk", line) for line in lines), _classifier()))[1].label == "menu"


def test_a_line_that_the_rules_draw_into_a_deal_must_say_something_of_it_itself() -> None:
    deal = ("heb je nog wiet?", "ja, 40 voor 5")
    taken = _told(*deal, "kom je om 5 uur langs dan", "ja is goed", "tot zo")
    denied = _told(*deal, "kom je om 5 uur langs oma", "ja is goed", "tot zo")
    assert (taken[2].label, denied[2].label) == ("deal", "none")
    assert denied[2].rules[-1].id == "learnt-no-part"
    assert "(-200; +600; v3" in denied[2].rules[-1].reason


def test_the_number_of_a_house_counts_no_goods_in_a_list_either() -> None:
    (verdict,) = _told("lijst: Dirk Merelhof 21, 3 wit, 150")
    assert {"delivery-note", "learnt-list"} <= {hit.id for hit in verdict.rules}
    assert 21.0 not in [item.quantity for item in verdict.items]
    assert 3.0 not in [item.price for item in verdict.items]
