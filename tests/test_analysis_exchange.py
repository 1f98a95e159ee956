"""Short exchanges: an order of a few words, the answer of the other party, and talk that looks like it."""

from __future__ import annotations

import random

import pytest
from test_analysis_ordinary import _message

from forensics.analysis.findings import Finding, Line, Verdict, find
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in

MENU = "Menu\nWiet 5g 50\nWiet 10g 90\nCoke 1g 50"
DAY = 24 * 60

# Weights that say nothing: what the rules find by themselves.
_NONE = b"form,thousandths\n(version),3\n(base),-50\n(line),1000\n(list),-1000\n"


def _lines(texts: tuple[str, ...], minutes: int = 1) -> list[Line]:
    """Two people in turn."""
    return [
        Line(id=f"m{n}", text=t, sent_at=1_700_000_000_000 + n * minutes * 60_000, sender="AB"[n % 2])
        for n, t in enumerate(texts)
    ]


def _verdicts(*texts: str, minutes: int = 1) -> list[Verdict]:
    window = built_in().conversation()
    return [window.read(line) for line in _lines(texts, minutes)]


def _found(*texts: str, minutes: int = 1, learnt: bool = True) -> list[Finding]:
    classifier = built_in() if learnt else built_in().weighing(Weights(_NONE))
    return [f for f in find(_lines(texts, minutes), classifier) if f.kind != "conversation"]


@pytest.mark.parametrize(
    "texts",
    [
        ("4 xtc", "20"),
        ("hasj 10", "70 tunnel", "ja"),
        ("wiet 5 kan dat?", "Ja, 45 bij elkaar"),
        ("wat doet miauw nu?", "25", "zelfde plek"),
        ("2 wit, ingang sporthal", "90"),
        ("10 pillen graag", "35 euro, adres?"),
        ("wij willen 3 sos", "ja hoor 140 zoals altijd"),
        ("20 temazepam", "25", "bieb?"),
        ("3 ket", "55"),
        ("5 hash pls", "40 quid, corner"),
        ("ik heb 50 pillen voor je", "hoeveel", "150"),
        ("abi 3 tane hap", "15 euro"),
        ("2 gram m", "40"),
    ],
)
def test_a_sum_answers_an_order_of_a_few_words(texts: tuple[str, ...]) -> None:
    (deal,) = _found(*texts, learnt=False)  # what the rules say: the weights may hold against it
    assert deal.kind == "deal" and deal.messages[0] == "m0"
    assert "answers-order" in {h.id for h in deal.rules}
    assert deal.score == sum(h.weight for h in deal.rules)


def test_the_answer_says_what_it_leans_on() -> None:
    verdict = _verdicts("4 xtc", "20")[1]
    assert [(h.id, h.text, h.weight) for h in verdict.rules] == [
        ("context-drug", "", 3),
        ("answers-order", "20", 4),
        ("role-seller", "20", 0),
    ]
    assert "message m0" in verdict.rules[0].reason and verdict.score == 7


@pytest.mark.parametrize(
    "texts",
    [
        ("zelfde", "45"),
        ("1", "50 euro"),
        ("weer 1?", "station half 10"),
        ("zelfde als vorige keer?", "ja is goed", "120 toch"),
        ("het bekende graag", "ja 45"),
    ],
)
def test_after_a_list_a_bare_order_is_answered(texts: tuple[str, ...]) -> None:
    assert [f.kind for f in _found("hoi", MENU, *texts, minutes=30)] == ["menu", "deal"]
    assert _found(*texts) == []


def test_a_list_of_long_ago_explains_nothing() -> None:
    lines = _lines((MENU, "zelfde", "45"))
    late = [
        Line(id=m.id, text=m.text, sent_at=(m.sent_at or 0) + d * DAY * 60_000, sender=m.sender)
        for m, d in zip(lines, (0, 90, 90), strict=True)
    ]
    assert [f.kind for f in find(late, built_in())] == ["menu"]


@pytest.mark.parametrize(
    "texts",
    [
        ("2 wit graag", "4,80"),
        ("wit of rood?", "2 flessen wit", "25"),
        ("3 wit brood", "10"),
        ("2 witte stoelen", "50", "ophalen bij station"),
        ("heb jij pillen gehaald?", "ja 20"),
        ("ik heb 15 pillen gezien", "50"),
        ("do you have the bar?", "50"),
        ("10 pillen voor de vaatwasser", "15 euro"),
        ("2 coke en 3 bier", "15 euro"),
        ("kan je me 50 lenen", "ja 50", "station"),
        ("5 3m maskers en 2 tape", "30"),
        ("hoeveel mg mdma is veilig", "100"),
        ("we gaan met 5 man", "10 euro"),
        ("heb je 2 oxazepam genomen?", "ja 20"),
        ("500 gram gehakt", "10 euro"),
        ("5 gram gist", "10"),
        ("2 gram saffraan", "15"),
        ("3 punten voor tesla", "250"),
        ("2 truffels bij de koffie", "bakkerij 10"),
    ],
)
def test_ordinary_exchanges_are_none(texts: tuple[str, ...]) -> None:
    assert _found(*texts) == []


@pytest.mark.parametrize("texts", [("5 wiet", "20 min"), ("5 wiet", "om 20:00"), ("5 wiet", "Bosweg 40")])
def test_a_time_or_a_house_number_is_no_sum(texts: tuple[str, ...]) -> None:
    assert "answers-order" not in {hit.id for hit in _verdicts(*texts)[1].rules}


def test_nobody_answers_himself() -> None:
    window = built_in().conversation()
    read = [window.read(Line(id=str(n), text=t, sender="A")) for n, t in enumerate(("3 witte", "45"))]
    assert [verdict.label for verdict in read] == ["none", "none"]


@pytest.mark.parametrize(
    "text",
    ["5 wiet", "half g coke", "2 gram 3mmc graag", "tikkie voor de coke is gestuurd", "quiero 2g de coca"],
)
def test_what_speaks_of_nothing_but_the_drug_is_an_order_or_an_answer_to_one(text: str) -> None:
    assert _verdicts(text)[0].label == "deal"


@pytest.mark.parametrize(
    "text",
    [
        "oxazepam 10 mg",
        "2 oxazepam",
        "doe maar 2 coke en 1 fanta",
        "need more speed work",
        "hoeveel ketamine krijgt het paard, 5 ml?",
        "ik was zo high gister van die wiet man",
    ],
)
def test_a_dose_a_drink_and_talk_of_use_are_no_order(text: str) -> None:
    assert _verdicts(text)[0].label in ("none", "mention")


@pytest.mark.parametrize(
    "texts",
    [
        ("miauw?", "20 per, 5 voor 80"),
        ("is die amnesia er weer", "ja net binnen 9 pg"),
        ("mal geldi mi", "geldi, beyaz 50", "2 tane"),
    ],
)
def test_lines_that_say_little_one_by_one_are_an_exchange_together(texts: tuple[str, ...]) -> None:
    assert "exchange" in {hit.id for verdict in _verdicts(*texts) for hit in verdict.rules}
    assert all(verdict.label == "none" for each in texts for verdict in _verdicts(each))


def test_a_trade_whose_goods_are_not_named_is_found_by_its_turns() -> None:
    texts = ("can i grab 2 on tick", "yeah 80", "same spot?", "usual, 10 mins")
    assert [v.label for v in _verdicts(*texts)][-2:] == ["deal", "deal"]
    hits = {h.id for v in _verdicts(*texts) for h in v.rules}
    assert {"coded-exchange", "coded-sign", "coded-step"} <= hits


@pytest.mark.parametrize(
    ("texts", "learnt"),
    [
        (("5 wiet", "45", "kom naar station", "contant he"), False),  # by the rules: weights hold against it
        (("heb je 5 wiet?", "45", "kom naar station", "contant he"), True),
    ],
)
def test_places_after_the_answer_belong_to_the_deal(texts: tuple[str, ...], learnt: bool) -> None:
    (deal,) = _found(*texts, learnt=learnt)
    assert deal.messages == ("m0", "m1", "m2", "m3")


def test_after_a_deal_ordinary_talk_stays_out() -> None:
    texts = (
        "5 wiet",
        "45",
        "heb je mn jas gezien?",
        "bij oma op de stoel",
        "eten we pizza?",
        "ja 2 margherita",
    )
    assert [f.messages for f in _found(*texts, learnt=False)] == [("m0", "m1")]


def test_an_address_with_counted_goods_is_a_note_to_a_courier() -> None:
    (verdict,) = _verdicts("Bo Havenstraat 12, 2 witte en 1 bruine, 120")
    assert (verdict.label, verdict.score) == ("deal", sum(h.weight for h in verdict.rules))
    assert {"delivery-note", "counted-word", "role-seller"} <= {h.id for h in verdict.rules}
    assert all(i.quantity != 12 for i in verdict.items)
    assert _verdicts("Havenstraat 12, 2 witte bollen en 1 bruin brood")[0].label == "none"
    assert _verdicts("Bo Molenweg 30: 4 xtc en 2 keta, 90")[0].label == "deal"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("heb je nog een halve kilo hasj", "kind-wholesale"),
        ("heb je nog 3 strips oxazepam te koop", "kind-medicine"),
        ("5 gram wiet krijg je van mij, mag je hebben", "kind-supply"),
        (MENU, "role-seller"),
        ("doe mij 5g wiet", "role-customer"),
    ],
)
def test_kind_and_part_are_reasons_that_weigh_nothing(text: str, kind: str) -> None:
    hits = {h.id: h for h in _verdicts(text)[0].rules}
    assert hits[kind].weight == 0


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ik heb nog 3 gram keta", "role-seller"),
        ("selling ket", "role-seller"),
        ("keta te koop", "role-seller"),
        ("keta te koop?", "role-customer"),
        ("mdma for sale, 2 g", "role-seller"),
        ("hast du noch 5 g hasch", "role-customer"),
        ("verkoop 500 pillen xtc voor 400 euro", "role-supplier"),
        ("kan ik 1 kilo coke pakken bij je", "role-customer"),
        ("Havenstraat 12, 2 coke graag", "role-customer"),
        ("rij jij vanavond de coke rond? eerste adres damweg 3", "role-courier"),
    ],
)
def test_who_offers_is_no_customer(text: str, part: str) -> None:
    parts = [h.id for h in _verdicts(text)[0].rules if h.id.startswith("role-")]
    assert parts == [part]


@pytest.mark.parametrize(
    "text",
    ["krijg je gratis 2 xtc van mij", "you can have 2 pills of mdma for free", "te regalo 2 g de coca"],
)
def test_what_is_given_away_beside_its_word_is_a_gift(text: str) -> None:
    hits = {h.id for h in _verdicts(text)[0].rules}
    assert "kind-supply" in hits and not {h for h in hits if h.startswith("role-")}


@pytest.mark.parametrize(
    ("texts", "substances"),
    [
        (("heb je 2 g coke", "90", "wis de chat ff"), {"cocaine"}),
        (("ai iarba?", "am cat vrei", "3 grame"), {"cannabis"}),
        (("tens erva?", "sim quanto queres", "3 gramas"), {"cannabis"}),
        (("hast du 2 g koks", "90", "nur bar"), {"cocaine"}),
        (("heb je xtc pillen", "hoeveel pillen"), {"xtc-tablet"}),
    ],
)
def test_words_about_the_chat_the_money_or_how_much_are_no_goods(
    texts: tuple[str, ...], substances: set[str]
) -> None:
    assert {i.substance for v in _verdicts(*texts) for i in v.items} == substances
    assert len({m for v in _verdicts(*texts) for m in v.markets}) == 1


def test_who_haggles_is_the_customer() -> None:
    parts = [
        {h.id for h in v.rules} & {"answers-order", "counter-offer", "role-seller", "role-customer"}
        for v in _verdicts("heb je nog 2 g coke", "90 dan", "kan het niet voor 80", "oke 85 laatste prijs")
    ]
    sells, buys = {"answers-order", "role-seller"}, {"counter-offer", "role-customer"}
    assert parts == [{"role-customer"}, sells, buys, sells]
    offered = _verdicts("ik heb 50 pillen voor je", "hoeveel", "150")[-1]
    assert "role-seller" in {h.id for h in offered.rules}


@pytest.mark.parametrize("text", ["Truffelpasta: 15 g truffel is wel 22 euro hoor", "You got this"])
def test_what_was_wrongly_flagged_is_not(text: str) -> None:
    assert [v.label for v in _verdicts(MENU, text)] == ["menu", "none"]


def _talk_of_two(seed: int) -> list[tuple[str, ...]]:
    """Forty stretches of ordinary lines in no order, with sums, places and words that can mean a drug."""
    chance = random.Random(seed)
    return [tuple(_message(chance) for _ in range(25)) for _ in range(40)]


@pytest.mark.parametrize("seed", range(100, 103))
def test_ordinary_talk_of_two_has_no_finding_by_the_rules(seed: int) -> None:
    classifier = built_in().weighing(Weights(_NONE))
    for texts in _talk_of_two(seed):
        assert find(_lines(texts), classifier) == []


def test_ordinary_talk_of_two_has_hardly_a_finding_by_the_weights() -> None:
    found = [find(_lines(texts), built_in()) for seed in range(100, 103) for texts in _talk_of_two(seed)]
    assert sum(map(bool, found)) <= len(found) // 40
