"""The reasons of hits in the language of a report."""

from __future__ import annotations

import csv
import re

import pytest

from forensics.analysis.data_files import data_bytes
from forensics.analysis.findings import Line
from forensics.analysis.talk import verdicts
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in
from forensics.hit_language import leans_on, reason
from forensics.words import WORDS, Words

_HIDDEN = "w\u200bi\u200be\u200bt 5g 50, 𝓀𝑒𝓉𝒶 1g 20, c\u0336o\u0336k\u0336e\u0336 1g 50, ᴍᴅᴍᴀ 1g 30"


def _told(text: str, rule: str, language: str) -> list[str]:
    classifier = built_in()
    rules, words = classifier.rules.rules, Words(language)
    reasons = {name: (r.en, r.nl if language == "nl" else r.en) for name, r in rules.items()}
    hits = classifier.conversation().read(Line(id="1", text=text)).rules
    return [reason(h.as_dict() | {"id": h.id}, reasons, words) for h in hits if h.id == rule]


def test_what_folding_undid_is_counted_and_weighs_nothing() -> None:
    hits = built_in().conversation().read(Line(id="1", text=_HIDDEN)).rules
    found = [(h.text[:3], h.reason.rpartition("(")[2], h.weight) for h in hits if h.id == "rewritten"]
    assert [(how, weight) for _, how, weight in found] == [
        ("invisible characters)", 0),
        ("styled letters)", 0),
        ("combining marks)", 0),
        ("styled letters)", 0),
    ]


@pytest.mark.parametrize("text", ["kokaïne 1g 50", "wiet 5g 50", "❄️ coke 1g 50"])
def test_accents_and_emoji_are_written_as_everyone_writes_them(text: str) -> None:
    assert _told(text, "rewritten", "en") == []


def test_a_detail_stands_in_the_language_of_the_report() -> None:
    assert "(letters uit elkaar)" in _told("k.e.t.a 1g 25", "disguise", "nl")[0]
    assert "(separated)" in _told("k.e.t.a 1g 25", "disguise", "en")[0]
    assert "(onzichtbare tekens)" in _told(_HIDDEN, "rewritten", "nl")[0]
    assert " of " in _told("2 xtc voor 10", "drug-name", "nl")[0]


@pytest.mark.parametrize(
    ("rule", "dutch", "english"),
    [
        ("drug-name", "(hennep (wiet))", "(cannabis (herbal))"),
        ("further-drug", "(cocaïne)", "(cocaine)"),
        ("several-goods", "(hennep (wiet), cocaïne)", "(cannabis (herbal), cocaine)"),
    ],
)
def test_substances_are_named_and_not_told_by_their_ids(rule: str, dutch: str, english: str) -> None:
    text = "wiet 5g 50\ncoke 1g 60"
    for language, told in (("nl", dutch), ("en", english)):
        assert told in _told(text, rule, language)[0]


def test_every_other_subject_has_words() -> None:
    subjects = {row["domain"] for row in csv.DictReader(data_bytes("contexts.csv").decode().splitlines())}
    assert [each for each in sorted(subjects) if f"hit.of.{each}" not in WORDS] == []


@pytest.mark.parametrize(
    ("rule", "detail", "dutch", "english"),
    [
        (
            "learnt-alone",
            "+2300 = +100, rules:menu +1000, rows +300; v13",
            "+2300 = +100, uitkomst van de regels: menukaart +1000, prijzen op meer regels +300; v13",
            "+2300 = +100, outcome of the rules: menu +1000, prices on several lines +300; v13",
        ),
        (
            "learnt",
            "-22, rules:none -64, stretch:1800 +3, before:none +64",
            "-22, uitkomst van de regels: geen -64, deze berichten samen: 1800 +3, bericht ervoor: geen +64",
            "-22, outcome of the rules: none -64, these messages together: 1800 +3, message before: none +64",
        ),
        ("learnt-more", "+300; alone +715", "+300; dit bericht alleen +715", "+300; this message alone +715"),
        (
            "learnt-more",
            "+300; beside +100; alone +715",
            "+300; naast een handel +100; dit bericht alleen +715",
            "+300; beside a trade +100; this message alone +715",
        ),
        (
            "learnt-beside",
            "+300, -101; +600 = +0, rules:none +0, alone:600 +600; v14",
            "+300, -101; +600 = +0, uitkomst van de regels: geen +0, dit bericht alleen: 600 +600; v14",
            "+300, -101; +600 = +0, outcome of the rules: none +0, this message alone: 600 +600; v14",
        ),
        ("learnt-for", "letters:more +450", "letters: more +450", "letters: more +450"),
        ("learnt-for", "act:order.2 +450", "handeling: bestelling.2 +450", "act: order.2 +450"),
        ("learnt-for", "word:none +450", "woord: none +450", "word: none +450"),
        (
            "learnt-against",
            "pair:voor (a +b) -9",
            "woordpaar: voor (a +b) -9",
            "pair of words: voor (a +b) -9",
        ),
        (
            "learnt-for",
            "both:act:price+amount:g +80",
            "samen: handeling:prijs+hoeveelheid:g +80",
            "both: act:price+amount:g +80",
        ),
    ],
)
def test_steps_of_learnt_weights_are_told_in_words(rule: str, detail: str, dutch: str, english: str) -> None:
    hit = {"id": rule, "reason": f"weighs ({detail})"}
    for language, told in (("nl", dutch), ("en", english)):
        assert reason(hit, {rule: ("weighs", "weighs")}, Words(language)) == f"weighs ({told})"


@pytest.mark.parametrize(
    "lines",
    [
        ["oxycodon 20 mg over, geen idee"],
        [
            "heb je nog wit",
            "ja",
            "wat kost 2",
            "100",
            "is goed",
            "waar",
            "zelfde plek",
            "5 min",
            "sta voor",
            "tot zo",
        ],
        [
            "salut t'es dispo",
            "oui",
            "t'as quoi",
            "la même, 50",
            "j'en prends 2",
            "ok",
            "je passe à 20h",
            "devant le tabac",
            "je suis là",
            "descends",
        ],
    ],
)
def test_every_step_of_learnt_weights_has_words(lines: list[str]) -> None:
    talk = None if len(lines) == 1 else "a"
    asked = [(talk, Line(id=str(place), text=each)) for place, each in enumerate(lines)]
    reasons = [hit.reason for verdict in verdicts(asked, built_in()) for hit in verdict.rules]
    named = {name for each in reasons for name in re.findall(r"[,;] ([a-z_]+)(?::\S+)? [+-]\d", each)}
    assert [name for name in sorted(named) if f"hit.of.{name}" not in WORDS] == []
    assert "rules" in named or "doubt" in named, reasons


def test_everything_that_is_listed_of_learnt_weights_has_words() -> None:
    weights, classifier = Weights.load()[0], built_in()
    listed = classifier.rules.thresholds["learnt"]["listed"]
    names = {name for name, value in weights.alone.items() if abs(value) >= listed}
    told = names.union(weights.balance, weights.list_balance)
    of_text = re.compile(r"(word|pair|begins|letters):.*")
    parts = {part for name in told for part in re.findall("[a-z_]+", of_text.sub(r"\1", name))}
    assert {part for part in parts if f"hit.of.{part}" not in WORDS} <= {"g", "kg", "mg", "ml"}


def test_a_message_that_a_rule_leans_on_has_the_number_that_a_page_gives_it() -> None:
    rule = {"id": "context-trade", "reason": "leans (message mab12: a price)"}
    reasons = {"context-trade": ("leans", "steunt"), "price": ("a price", "een prijs")}
    assert reason(rule, reasons, Words("nl"), {"mab12": "3-7"}) == "steunt (bericht 3-7: een prijs)"
    assert reason(rule, reasons, Words("nl")) == "steunt (bericht mab12: een prijs)"
    assert leans_on(rule) == "mab12"
    assert leans_on({"id": "price", "reason": "a price"}) is None
