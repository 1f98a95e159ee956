"""Messages by what they weigh alone: what tells a trade, what denies one, and what is a list."""

from __future__ import annotations

import re
from functools import cache

import pytest
from small_weights import classifier_of, of_lists, on_balance

from forensics.analysis.findings import Classifier, Line
from forensics.analysis.talk import verdicts
from forensics.analysis.verdicts import Verdict
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in

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
_BALANCED = (
    _ROWS + on_balance("alone", deal=1200, menu=1200) + of_lists(apart=1000, answers=-300, prices_2=10)
)
_NAMED = "die wiet wat pakken wij daar nou eens van regelen"
_QUIET = ("hoeveel kost dat nou dan", "hoe laat kom je dan langs")


_LEAST = {
    "balance": 900,
    "solitary": 0,
    "alone": 900,
    "ruled": 1400,
    "hidden": 0,
    "price": 0,
    "prices": 0,
    "rows": 0,
    "unnamed": 150,
    "otherwise": 0,
    "worth": -500,
    "glance": 5000,
    "glance_near": -5000,
    "glance_alone": 0,
    "lists": 300,
    "listed": 100,
}


@cache
def _classifier() -> Classifier:
    """The rules with a handful of weights, and thresholds of their own."""
    return classifier_of(_BALANCED, _LEAST)


def _lines(*texts: str) -> list[tuple[str | None, Line]]:
    lines = [Line(f"m{n}", text, n * 60_000, "AB"[n % 2]) for n, text in enumerate(texts)]
    return [(None if len(texts) == 1 else "talk", line) for line in lines]


def _told(*texts: str, weights: bytes = _BALANCED) -> list[Verdict]:
    return list(verdicts(_lines(*texts), _classifier().weighing(Weights(weights))))


def test_a_message_is_trade_where_it_weighs_enough_alone() -> None:
    (verdict,) = _told(_NAMED)
    assert (verdict.label, verdict.score) == ("deal", 11)
    alone, less, *forms = verdict.rules
    assert [hit.id for hit in (alone, less)] == ["learnt-alone", "learnt-less"]
    assert "(+1100 = -200 +1300 +0; v3, sha256 " in alone.reason
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


def test_weights_without_a_balance_leave_all_to_the_rules() -> None:
    assert _told(_NAMED, weights=_ROWS)[0].label == "mention"
    assert _told("heb je nog wiet voor me oma", weights=_ROWS)[0].label == "deal"


def test_without_a_word_for_a_drug_its_words_must_say_enough_at_a_glance_and_it_weighs_less() -> None:
    at_a_glance = "die bakker wat pakken wij daar nou eens van regelen, 3 of 4"
    (verdict,) = _told(at_a_glance)
    assert verdict.label == "deal"
    assert "(+1600 = -200 +2100 +0, doubt -300;" in verdict.rules[0].reason  # a bakery is another subject
    (verdict,) = _told(at_a_glance.replace("bakker", "slager"))
    assert verdict.label == "none"


@pytest.mark.parametrize(("base", "label"), [(-1300, "deal"), (-1301, "none")])
def test_what_weighs_less_alone_than_is_worth_it_is_not_put_on_the_balance(base: int, label: str) -> None:
    """Whatever it would weigh there: bakker 800, so -500 and -501."""
    weights = _BALANCED.replace(b"\n(alone),-200", f"\n(alone),{base}".encode())
    weights = weights.replace(b"balance:alone:-600,-600", b"balance:alone:-600,2000")
    assert _told("die bakker wat van 3", *_QUIET, weights=weights)[0].label == label


def test_a_line_among_others_is_one_of_a_trade_for_what_it_weighs_alone_too() -> None:
    found = _told(_NAMED, *_QUIET)
    assert [verdict.label for verdict in found] == ["deal", "none", "none"]


@pytest.mark.parametrize(
    ("side", "weight"),
    [("most:1000", 1500), ("close:400", 1500), ("around:400", 1500), ("stretch:-300", 2000)],
)
def test_and_those_around_may_be_for_what_it_weighs(side: str, weight: int) -> None:
    """Alone the three weigh 1100, -200 and -200: around each of the last two 1100 is the most and 450 the
    mean; together all weigh -200."""
    weights = re.sub(f"\nbalance:{side},.*".encode(), b"", _BALANCED) + f"balance:{side},{weight}\n".encode()
    assert [verdict.label for verdict in _told(_NAMED, *_QUIET, weights=weights)] == ["deal"] * 3
    first = "heeft oma wiet" if not side.startswith("stretch") else "zij heeft oma"
    assert [verdict.label for verdict in _told(first, *_QUIET, weights=weights)][1:] == ["none", "none"]


@pytest.mark.parametrize("side", ["before:1000", "behind:-200"])
def test_and_so_may_the_one_right_before_or_behind(side: str) -> None:
    """Right before the second stands what weighs 1100, right behind it what weighs -200; so by no other."""
    weights = _BALANCED + f"balance:{side},1500\n".encode()
    assert [verdict.label for verdict in _told(_NAMED, *_QUIET, weights=weights)] == ["deal", "deal", "none"]


def test_what_the_rules_take_for_a_deal_alone_is_denied_where_it_weighs_little() -> None:
    (verdict,) = _told("heb je nog wiet voor me oma")
    assert verdict.label == "mention"
    denied, more, form = verdict.rules[-3:]
    assert (denied.id, denied.weight) == ("learnt-denies-alone", 0)
    assert "(+300 = -200 -900 +0, rules:deal +1400; v3" in denied.reason
    assert (more.id, more.reason.endswith("(+600)")) == ("learnt-more", True)
    assert (form.id, form.text, form.thousandths) == ("learnt-against", "oma", -900)
    assert _told("heb je nog wiet voor me")[0].label == "deal"


def test_a_name_written_so_as_to_be_missed_counts_for_a_deal_of_the_rules() -> None:
    """300 as above, where it is hidden 100 more, and 600 are as much as is asked."""
    (denied,) = verdicts(
        _lines("heb je nog w1et voor me oma"), classifier_of(_BALANCED, _LEAST | {"hidden": 100})
    )
    (reason,) = (hit.reason for hit in denied.rules if hit.id == "learnt-denies-alone")
    assert "(+400 = -200 -900 +0, rules:deal +1400, hidden +100; v3" in reason
    hidden = classifier_of(_BALANCED, _LEAST | {"hidden": 600})
    told = [
        verdicts(_lines(text), hidden)
        for text in ("heb je nog w1et voor me oma", "heb je nog wiet voor me oma")
    ]
    assert [verdict.label for found in told for verdict in found] == ["deal", "mention"]


def test_what_speaks_clearly_against_a_deal_alone_takes_points_off() -> None:
    """-200, -900 and, for the baker, 800 and a doubt of 150, with 250 for the deal: -200."""
    classifier = classifier_of(_BALANCED, _LEAST | {"ruled": 250})
    (verdict,) = verdicts(_lines("heb je nog wiet voor me oma bakker"), classifier)
    denied = next(hit for hit in verdict.rules if hit.id == "learnt-denies-alone")
    assert "(-200 = -200 -100 +0, rules:deal +250, doubt -150; v3" in denied.reason
    assert (verdict.label, denied.weight) == ("mention", -2)


_PRICED = {"price": 100, "prices": 300, "rows": 150}


@pytest.mark.parametrize(
    ("text", "told", "total"),
    [
        ("pakken wij die wiet nou eens", "", 400),
        ("pakken C 50 en K 25", ", price +100", 500),
        ("pakken\nwitte 50\nbruine 40", ", prices +300, rows +150", 850),
        ("pakken snoepjes 5 is 40", ", price +50, doubt -150", 300),
        ("pakken snoepjes 5 is 40 en 10 is 75", ", prices +150, doubt -150", 400),
        ("pakken\nsnoepjes 5 = 40\nsnoepjes 10 = 75", ", prices +150, doubt -150", 400),
    ],
)
def test_prices_count_for_a_message_alone_and_more_in_rows(text: str, told: str, total: int) -> None:
    """With -200, 600 for pakken, and a doubt for sweets, whose prices count half; of a trade at that sum, of
    none where more is asked."""
    found = _found(text, total)
    assert found is not None
    assert f"(+{total} = -200 +600 +0{told}; v3" in found
    assert _found(text, total + 1) is None


def _found(text: str, alone: int) -> str | None:
    """Why a message is of a trade alone where so much is asked, or None; no outcome of the rules counts."""
    classifier = classifier_of(_BALANCED, _LEAST | _PRICED | {"alone": alone, "ruled": 0})
    (verdict,) = verdicts(_lines(text), classifier)
    return next((hit.reason for hit in verdict.rules if hit.id == "learnt-alone"), None)


def test_of_two_lines_neither_is_denied_for_what_it_weighs_alone() -> None:
    assert _told("heb je nog wiet voor me oma", "hoe laat kom je dan langs")[0].label == "deal"


def test_of_three_one_is_denied_where_the_balance_speaks_against_it() -> None:
    verdict, *_others = _told("heb je nog wiet voor me oma", *_QUIET)
    assert verdict.label == "mention"
    denied, more, _form = verdict.rules[-3:]
    # the rules 1200, and -1100 alone lies in the step from -1200
    assert (denied.id, denied.weight) == ("learnt-denies", 0)
    assert "(+0 = +0, rules:deal +1200, score:" in denied.reason
    assert ", alone:-1200 -1200, " in denied.reason
    assert (more.id, "(+900; alone +1001100)" in more.reason) == ("learnt-more", True)
    assert verdict.score == sum(hit.weight for hit in verdict.rules)
    assert _told("heb je nog wiet voor me", *_QUIET)[0].label == "deal"


@pytest.mark.parametrize(("stays", "label"), [(1100, "deal"), (1101, "mention")])
def test_what_the_rules_found_and_speaks_for_itself_stays_whatever_lies_around_it(
    stays: int, label: str
) -> None:
    """It weighs 1100 alone, and on the balance nothing."""
    weights = re.sub(rb"(balance:.*),-?\d+\n", rb"\1,0\n", _BALANCED)
    said = _lines(f"heb je nog wiet, {_NAMED}", *_QUIET)
    found = list(verdicts(said, classifier_of(weights, _LEAST | {"stays": stays})))
    assert [verdict.label for verdict in found] == [label, "none", "none"]
    told = {hit.id: (hit.weight, hit.reason) for hit in found[0].rules}
    if label == "deal":
        weight, reason = told["learnt-stays"]
        assert (weight, "(+1100, -1; +0 = +0, rules:deal +0, " in reason) == (0, True)
    else:
        assert told["learnt-more"][1].endswith("(+900; alone +1)")
        assert "learnt-stays" not in told


def _beside(beside: int, *texts: str, alone: int = 0) -> list[Verdict]:
    """With thresholds of their own for lines beside one of a trade; ``alone``: what they must weigh by
    themselves."""
    least = {"beside": beside, "beside_alone": alone}
    return list(verdicts(_lines(*texts), classifier_of(_BALANCED, _LEAST | least)))


def test_a_line_that_weighs_less_is_of_a_trade_beside_one_and_says_so() -> None:
    """It weighs 600 alone: 300 are missing."""
    weak, strong = "die bakker 5 g", "heb je nog wiet"
    found, *_others = _beside(500, weak, strong, *_QUIET)
    told = {hit.id: (hit.weight, hit.reason) for hit in found.rules}
    assert found.label == "deal"
    assert (found.score, told["learnt-beside"][0]) == (6, 6)
    assert "(+300, -101, alone -601; +600 = +0, rules:none +0, " in told["learnt-beside"][1]
    assert "learnt-for" in told
    assert "learnt" not in told
    assert _beside(601, weak, strong, *_QUIET)[0].label == "none"
    assert _beside(500, weak, *_QUIET)[0].label == "none"


@pytest.mark.parametrize(("alone", "label"), [(600, "deal"), (601, "none")])
def test_a_line_that_the_rules_did_not_find_must_weigh_something_alone_too(alone: int, label: str) -> None:
    """Small talk between the lines of a deal: it weighs 600 alone here."""
    assert _beside(500, "die bakker 5 g", "heb je nog wiet", *_QUIET, alone=alone)[0].label == label


def test_what_the_rules_found_may_weigh_whatever_it_does_alone_beside_a_trade() -> None:
    found, *_others = _beside(0, "heb je nog wiet voor me oma", "heb je nog wiet", *_QUIET, alone=5000)
    assert found.label == "deal"


def test_what_the_rules_found_stays_beside_a_trade_though_it_weighs_less() -> None:
    denied, strong = "heb je nog wiet voor me oma", "heb je nog wiet"
    found, *_others = _beside(0, denied, strong, *_QUIET)
    (told,) = [hit for hit in found.rules if hit.id == "learnt-beside"]
    assert (found.label, told.weight) == ("deal", 0)
    assert "(+900, -1; +0 = +0, rules:deal +1200, " in told.reason
    other, *_others = _beside(1, denied, strong, *_QUIET)
    (more,) = [hit for hit in other.rules if hit.id == "learnt-more"]
    assert (other.label, "(+900; beside +1; alone +" in more.reason) == ("mention", True)


def test_a_list_amid_small_talk_is_a_list() -> None:
    """With the weights of the package."""
    said = (
        "boodschappen doen",
        "coke 50 p/g, 3mmc 15 p/g",
        "ik neem brood mee",
        "ok tot zo",
        "laat ben je thuis?",
    )
    found = list(verdicts(_lines(*said), built_in()))
    assert [verdict.label for verdict in found] == ["none", "menu", "none", "none", "none"]


_FAMILY = (
    "zondag komt tante Marijke op de koffie en zij brengt de kinderen mee, papa maakt soep en oma"
    " een appeltaart, dus wie haalt er stoelen bij de buren en wie neemt de jongste mee naar zwemles,"
    " want ik "
)


@pytest.mark.parametrize(
    "text", [_FAMILY, _FAMILY + "naar de tandarts met opa en daarna nog langs de markt " * 3]
)
def test_an_ordinary_message_amid_a_deal_is_none_however_long_it_is(text: str) -> None:
    """With the weights of the package: of more than 300 characters what it weighs alone decides."""
    said = (
        "heb je nog wiet",
        "ja 10 per g",
        "doe maar 5",
        "is goed 50",
        text,
        "ben er over 10 min",
        "top sta buiten",
    )
    found = list(verdicts(_lines(*said), built_in()))
    assert (found[4].label, len(text) > 300) == ("none", text != _FAMILY)
    assert [verdict.label for verdict in found[:2]] == ["deal"] * 2


def test_what_speaks_clearly_against_a_deal_takes_points_off() -> None:
    weights = _BALANCED.replace(b"\n(balance),0", b"\n(balance),-450")
    verdict = _told("heb je nog wiet voor me oma", *_QUIET, weights=weights)[0]
    assert [hit.weight for hit in verdict.rules if hit.id == "learnt-denies"] == [-4]  # -450


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
    (listed,) = [hit for hit in verdict.rules if hit.id == "learnt-list"]
    told = "rules:none +0, list:-600 -600, prices:2 +10, priced:0 +0, apart +1000"
    # the base of what it weighs for a list is -500
    assert f"(+410 = +0, {told}; v3, sha256 " in listed.reason


def test_what_weighs_as_a_list_is_one_where_the_rules_saw_a_deal() -> None:
    text = "heb nog wiet voor je, 5g is 40"
    assert _told(text)[0].label == "deal"
    (verdict,) = _told(f"lijst: {text}")
    assert verdict.label == "menu"
    (item,) = verdict.items
    assert (item.substance, item.quantity, item.price) == ("cannabis", 5.0, 40.0)
    (listed,) = [hit for hit in verdict.rules if hit.id == "learnt-list"]
    # -500 and 900: 400
    assert "(+400 = +0, rules:deal +0, list:400 +400, " in listed.reason
    assert listed.reason.endswith("; -101)")


def test_that_it_answers_another_lies_on_the_balance_of_lists() -> None:
    asked, answer = "heb je nog wiet?", "lijst: heb nog wiet voor je, 5g is 40"
    assert [verdict.label for verdict in _told(asked, answer)] == ["deal", "deal"]
    lines = [Line(f"m{n}", text, n, "A") for n, text in enumerate((asked, answer))]
    assert list(verdicts((("talk", line) for line in lines), _classifier()))[1].label == "menu"


def test_weights_without_a_balance_of_lists_make_none() -> None:
    weights = _ROWS + on_balance("alone", deal=1200)
    assert _told("lijst: heb nog wiet voor je, 5g is 40", weights=weights)[0].label == "deal"


def test_the_number_of_a_house_counts_no_goods_in_a_list_either() -> None:
    (verdict,) = _told("lijst: Dirk Merelhof 21, 3 wit, 150")
    assert {"delivery-note", "learnt-list"} <= {hit.id for hit in verdict.rules}
    assert 21.0 not in [item.quantity for item in verdict.items]
    assert 3.0 not in [item.price for item in verdict.items]


@pytest.mark.parametrize(("weight", "label"), [(1400, "deal"), (1399, "none")])
def test_more_must_be_said_where_nothing_is_counted_and_no_drug_surely_named(weight: int, label: str) -> None:
    """The threshold is 900; 500 are taken off."""
    weights = _BALANCED.replace(b"\n(alone),-200", f"\n(alone),{weight - 1300}".encode())
    told = classifier_of(weights, {**_LEAST, "intangible": 500})
    text = "dat groene spul wat pakken wij daar nou eens van regelen"
    (verdict,) = verdicts(_lines(text), told)
    assert verdict.label == label
    for said in (f"{text}, 5g", _NAMED):  # counted, and named: nothing is taken off
        (verdict,) = verdicts(_lines(said), classifier_of(_BALANCED, {**_LEAST, "intangible": 500}))
        assert verdict.label == "deal"
