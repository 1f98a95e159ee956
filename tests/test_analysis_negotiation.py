"""Menus against lines of two who negotiate, the grammar of amounts in sentences, and what speaks against."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line, Verdict
from forensics.flag_work import built_in


def _verdicts(*texts: str) -> list[Verdict]:
    """Two people in turn."""
    window = built_in().conversation()
    return [window.read(Line(id=str(n), text=text, sender="AB"[n % 2])) for n, text in enumerate(texts)]


def _items(text: str) -> list[tuple[object, ...]]:
    (verdict,) = _verdicts(text)
    return [(i.substance, i.quantity, i.unit, i.price, i.currency) for i in verdict.items]


def _rules(verdict: Verdict) -> set[str]:
    return {hit.id for hit in verdict.rules}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Haze 5g 50, 10g 95", "menu"),
        ("Coke 1g 50\nKeta 1g 25", "menu"),
        ("got some fire coke in, 80 a g or 3 for 210, lmk", "deal"),
        ("ho della coca buona, 70 al grammo, se prendi 5 ti faccio 300", "deal"),
        ("60 voor een gram coke is duur, bij hem betaal ik 45", "deal"),
        ("Feestpakket: 1g coke + 5 pillen voor 60, bestellen via dm", "menu"),
        ("Zou u mij 2 gram coke kunnen bezorgen? Ik betaal contant", "deal"),
    ],
)
def test_who_lists_makes_a_menu_and_who_haggles_a_deal(text: str, label: str) -> None:
    assert _verdicts(text)[0].label == label


def test_a_list_that_answers_a_question_is_part_of_the_deal() -> None:
    assert [v.label for v in _verdicts("heb je lsd?", "ja 8 het stuk of 10 voor 60 lsd")] == ["deal", "deal"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("doe mij 2 gram keta en 5 pillen", [("ketamine", 2, "g"), ("xtc-tablet", 5, "piece")]),
        ("coke vijftig per gram, halfje coke dertig", [("cocaine", 1, "g"), ("cocaine", 0.5, "g")]),
        ("4 zegels lsd voor 25, zie je om 8", [("lsd", 4, "piece")]),
        ("hasj 5g 30, vanaf 5g", [("hashish", 5, "g")]),
        ("coke 1g 50, bezorgen in sector 3 en 6", [("cocaine", 1, "g")]),
        ("een kilo keta 4500, half 2400", [("ketamine", 1, "kg"), ("ketamine", 0.5, "kg")]),
        ("wiet 3500 kg", [("cannabis", 1, "kg")]),
        ("taz 10€ l'unité, md 1g 40€", [("xtc-tablet", 1, "piece"), ("mdma", 1, "g")]),
        (
            "valium 10mg 28 for 30, xanax 2mg 10 for 20",
            [("diazepam", 28, "piece"), ("alprazolam", 10, "piece")],
        ),
        ("k3t 1g 30, m@ndy 1g 40", [("ketamine", 1, "g"), ("mdma", 1, "g")]),
        ("LSD 5 voor 30. 1P-LSD ook 10 st 40", [("lsd", 5, "piece"), ("1p-lsd", 10, "piece")]),
    ],
)
def test_amounts_in_sentences(text: str, items: list[tuple[object, ...]]) -> None:
    assert [item[:3] for item in _items(text)] == items


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("die coke was versneden, ik wil mijn geld terug", "complaint"),
        ("hab dein koks dabei, komm runter", "handover"),
        ("sta buiten met je keta", "role-seller"),
        ("sono sotto casa tua col fumo, scendi e porta i 50", "word-traded"),
    ],
)
def test_what_is_said_of_the_drug_beside_it_is_trade(text: str, rule: str) -> None:
    (verdict,) = _verdicts(text)
    assert verdict.label == "deal" and rule in _rules(verdict)
    assert verdict.score == sum(hit.weight for hit in verdict.rules)


@pytest.mark.parametrize(
    "text",
    [
        "neem jij 3 flessen wit en 1 rood mee, tikkie komt eraan",
        "2 wit en 1 bruin graag",
        "heb jij die witte tas nog? ik wil m voor 20 euro kopen",
        "can i get a coke, 3 pints and some crisps",
        "kan je mn hash even checken, 4f9c2a op de main branch",
        "Pilze 500 g 4 €, Trüffel 10 g 15 € am Markt",
        "gemiddelde prijs op straat: coke 50 euro per gram, speed 8, xtc 3 (bron: Trimbos)",
        "Politie: man aangehouden met 15 gram heroïne, 40 xtc-pillen en 2.350 euro contant",
        "in breaking bad verkoopt hij meth voor 40 per gram",
        "take 2 tramadol every 6 hours, max 4 a day",
    ],
)
def test_other_subjects_are_no_trade(text: str) -> None:
    assert _verdicts(text)[0].label in ("none", "mention")


def test_only_ordinary_words_and_another_subject_lower_the_score_visibly() -> None:
    (verdict,) = _verdicts("wil je wit? 2 wit en 1 bruin graag, brood gesneden, 20 euro")
    hits = {hit.id: hit.weight for hit in verdict.rules}
    assert verdict.label == "none" and hits["only-ordinary"] == -6


@pytest.mark.parametrize(
    "texts",
    [
        ("what u drinking", "coke pls", "that's 14.60 u owe me"),
        ("Uw herhaalrecept ligt klaar bij Apotheek De Linde.", "ja, 1 strip oxazepam graag"),
    ],
)
def test_what_was_spoken_of_right_before_takes_the_meaning(texts: tuple[str, ...]) -> None:
    assert not {v.label for v in _verdicts(*texts)} & {"menu", "deal"}


def test_the_line_before_is_named_in_the_reason() -> None:
    verdict = _verdicts("what u drinking", "coke pls")[1]
    reasons = [hit.reason for hit in verdict.rules if hit.id == "context-other"]
    assert len(reasons) == 1 and "message 0: drinks" in reasons[0]


def test_a_drug_that_is_named_keeps_its_name_whatever_was_spoken_of() -> None:
    assert [v.label for v in _verdicts("what u drinking", "doe mij 5 gram wiet")] == ["none", "deal"]
