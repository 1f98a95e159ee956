"""Verdicts and findings: labels, reasons that can be checked, windows, and what cannot matter."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from said_lines import said, some_said

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.findings import Line, Verdict, find
from forensics.analysis.glance import Glance
from forensics.analysis.validation import cases
from forensics.flag_work import built_in

MENU = "Menu\nWiet 5g €50\nWiet 10g €90\nCoke 1g €50"


def _verdict(text: str) -> Verdict:
    return built_in().conversation().read(Line(id="m", text=text, sent_at=1_700_000_000_000))


def _lines(*texts: str, minutes: int = 1) -> list[Line]:
    return [
        Line(id=f"m{n}", text=t, sent_at=1_700_000_000_000 + n * minutes * 60_000)
        for n, t in enumerate(texts)
    ]


def _labels(*texts: str, minutes: int = 1) -> list[str]:
    window = built_in().conversation()
    return [window.read(line).label for line in _lines(*texts, minutes=minutes)]


def test_a_verdict_is_the_object_of_the_contract() -> None:
    given_ = _verdict(MENU).as_dict()
    assert list(given_) == ["id", "label", "score", "rules", "items", "markets"]
    rules = given_["rules"]
    assert isinstance(rules, list)
    assert all(list(r) == ["id", "version", "start", "end", "text", "reason"] for r in rules)
    items = given_["items"]
    assert isinstance(items, list)
    assert [list(i) for i in items] == [
        ["substance", "candidates", "text", "quantity", "unit", "price", "currency", "list", "law"]
    ] * 3
    assert (given_["label"], given_["markets"]) == ("menu", ["soft", "hard"])
    assert items[0]["quantity"] == 5 and isinstance(items[0]["quantity"], int)
    assert [i["list"] for i in items] == ["II", "II", "I"]


@pytest.mark.parametrize("case", [c for c in cases() if c.conversation is None], ids=lambda c: c.id)
def test_every_reason_quotes_its_place_and_the_weights_add_up(case: object) -> None:
    text = getattr(case, "text", "")
    verdict = _verdict(text)
    assert verdict.score == sum(h.weight for h in verdict.rules)
    for hit in verdict.rules:
        assert text[hit.start : hit.end] == hit.text
        assert hit.reason and hit.sign == ("+" if hit.weight >= 0 else "-")


def test_without_the_drug_the_hit_is_gone() -> None:
    assert "drug-name" in {h.id for h in _verdict("doe mij 5g wiet").rules}
    assert "drug-name" not in {h.id for h in _verdict("doe mij 5g").rules}


def test_a_drug_list_and_a_shop_list_of_one_layout_are_told_apart() -> None:
    drugs, bread = _verdict("Wit 1g 50\nBruin 1g 40"), _verdict("Wit brood 2 st 5\nBruin brood 2 st 4")
    assert (drugs.label, bread.label) == ("menu", "none")
    assert {h.id for h in bread.rules if h.weight < 0} == {"innocent-goods"}


def test_an_implicit_deal_is_recognised_by_what_was_said_before() -> None:
    assert _labels("heb je nog keta?", "ja hoeveel moet je", "5g", "100", "zelfde plek") == ["deal"] * 5
    assert _labels("ja hoeveel moet je", "5", "100", "zelfde plek") == ["none"] * 4


def test_an_order_after_a_list_is_a_deal_also_days_later() -> None:
    assert _labels(MENU, "doe er maar 2") == ["menu", "deal"]
    assert _labels(MENU, "doe er maar 2", minutes=3 * 24 * 60) == ["menu", "deal"]
    assert _labels(MENU, "doe er maar 2", minutes=30 * 24 * 60) == ["menu", "none"]


def test_place_and_time_after_a_mention_are_no_deal() -> None:
    assert _labels("die docu over coke gezien?", "ben er over 10 min", "50 euro")[1:] == ["none", "none"]


def test_a_deal_that_rests_for_a_day_is_over() -> None:
    assert _labels("doe mij 5g wiet", "sta buiten", minutes=24 * 60) == ["deal", "none"]


def test_an_unnamed_drug_takes_the_substance_of_the_window_or_none() -> None:
    window = built_in().conversation()
    verdicts = [window.read(line) for line in _lines("heb je nog keta?", "2 voor 50")]
    assert [(i.substance, i.quantity, i.price) for i in verdicts[1].items] == [("ketamine", 2, 50)]


def test_findings_group_the_messages_of_a_deal_and_keep_lists_apart() -> None:
    found = find(_lines(MENU, "doe er maar 2", "is goed waar ben je", "sta voor de deur"), built_in())
    assert [(f.kind, f.messages) for f in found] == [("menu", ("m0",)), ("deal", ("m1", "m2", "m3"))]
    assert [law["substance"] for law in found[0].laws] == ["cannabis", "cocaine"]
    assert all(f.score == sum(h.weight for h in f.rules) for f in found)
    assert {h.message for h in found[1].rules} == {"m1", "m2", "m3"}


def test_a_deal_that_takes_its_goods_from_an_earlier_message_names_that() -> None:
    menu, deal = find(_lines(MENU, "doe er maar 2", "is goed waar ben je"), built_in())
    assert (deal.messages, deal.markets, deal.goods_from) == (("m1", "m2"), ("soft", "hard"), ("m0",))
    assert deal.as_dict()["goods_from"] == ["m0"]
    assert (menu.goods_from, "goods_from" in menu.as_dict()) == ((), False)
    (named,) = find(_lines("heb je nog keta?", "2 voor 50"), built_in())
    assert (named.messages, named.goods_from) == (("m0", "m1"), ())
    keta = find(_lines("Keta lijst\nketa 1g 25\nketa 5g 100", "doe 5 voor 90"), built_in())
    (taken,) = (each for each in keta if each.kind == "deal")
    assert [(item.substance, item.price) for item in taken.items] == [("ketamine", 90)]
    assert taken.goods_from == ("m0",)


def test_goods_of_no_amount_or_price_are_no_items() -> None:
    items = _verdict("Menu\ncoke 0 gram 50\nketa 1g 20\nwiet 5g 0 euro").items
    assert [(i.substance, i.quantity, i.price) for i in items] == [("ketamine", 1, 20)]


def test_three_findings_make_a_finding_of_the_conversation() -> None:
    found = find(_lines(MENU, "doe mij 5g wiet", MENU, minutes=600), built_in())
    assert [f.kind for f in found] == ["menu", "deal", "menu", "conversation"]
    assert found[-1].messages == ("m0", "m1", "m2")
    assert json.loads(json.dumps(found[-1].as_dict()))["score"] == sum(f.score for f in found[:-1])


@cache
def _glance() -> Glance:
    return Glance(built_in().learnt)


def _says_little(text: str) -> bool:
    """Whether a line neither opens anything nor, by its words, weighs enough that it is looked at alone."""
    least = built_in().rules.thresholds["learnt"]["glance_alone"]
    return not built_in().speaks(text) & CUE_OPENS and _glance().of(text).weight < least


def _say_little(texts: list[str]) -> bool:
    """Whether no stretch of these lines weighs so much at a glance that it is looked at."""
    found = {mark for text in texts for mark in _glance().of(text).found}
    most = _glance().base + sum(max(_glance().worth[mark], 0) for mark in found)
    return most < built_in().rules.thresholds["learnt"]["glance"]


_said_little = st.deferred(lambda: st.sampled_from(list(filter(_says_little, said()))))
_QUIET = ["haha", "lekker weertje", "😂😂", "mooi hoor", "slaap lekker"]


def test_quiet_lines_do_not_speak() -> None:
    assert [built_in().speaks(t) for t in _QUIET] == [0] * len(_QUIET)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(some_said, st.sampled_from(_QUIET)), max_size=12))
def test_lines_that_do_not_speak_change_no_finding(texts: list[str]) -> None:
    lines = _lines(*texts)
    speaking = [line for line in lines if built_in().speaks(line.text)]
    assert find(lines, built_in()) == find(speaking, built_in())


@settings(max_examples=60, deadline=None)
@given(st.lists(_said_little, max_size=12))
def test_without_a_cue_or_words_that_say_much_at_a_glance_there_is_no_finding(texts: list[str]) -> None:
    assume(_say_little(texts))
    assert find(_lines(*texts), built_in()) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_verdict_whose_places_hold(text: str) -> None:
    verdict = _verdict(text)
    assert verdict.label in ("menu", "deal", "mention", "none")
    assert all(text[h.start : h.end] == h.text for h in verdict.rules)


def test_two_processes_give_the_same_bytes() -> None:
    program = (
        "import json; from forensics.analysis.findings import *; c = Classifier.load();"
        f"v = c.conversation().read(Line(id='1', text={MENU!r}, sent_at=0));"
        "print(json.dumps(v.as_dict()), c.version, c.sha256)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def test_importing_reads_no_data() -> None:
    program = (
        "import sys; import forensics.analysis.findings, forensics.analysis.lexicon as l, "
        "forensics.analysis.vocabulary as v; sys.exit(v.vocabulary.cache_info().currsize)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
