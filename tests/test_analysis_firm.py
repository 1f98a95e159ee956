"""What begins a deal that names its drug, what goes on from it, and what is no trade though it looks so."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line, Verdict
from forensics.flag_work import built_in


def _read(*texts: str) -> list[Verdict]:
    window = built_in().conversation()
    return [
        window.read(Line(id=str(n), text=text, sender="AB"[n % 2], sent_at=1_700_000_000_000 + n * 60_000))
        for n, text in enumerate(texts)
    ]


def _label(text: str) -> str:
    return _read(text)[0].label


def test_an_o_behind_a_digit_at_the_end_of_a_tier_is_a_zero() -> None:
    (verdict,) = _read("coke 1g 5o / 2g 9o\nketamine 1g 3o")
    assert [(i.substance, i.quantity, i.price) for i in verdict.items] == [
        ("cocaine", 1, 50),
        ("cocaine", 2, 90),
        ("ketamine", 1, 30),
    ]


def test_the_cells_of_a_row_are_an_amount_and_its_price_in_the_currency_over_the_column() -> None:
    (verdict,) = _read("| wat | aantal | € |\n| Coke | 1 | 55 |\n| Coke | 3 | 150 |\n| Speed | 5 | 30 |")
    assert [(i.quantity, i.unit, i.price, i.currency) for i in verdict.items] == [
        (1, "g", 55, "EUR"),
        (3, "g", 150, "EUR"),
        (5, "g", 30, "EUR"),
    ]


def test_more_of_a_drug_than_anyone_uses_is_trade_and_a_report_of_a_find_is_not() -> None:
    (verdict,) = _read("4 kilo hash, zit in de bus")
    assert verdict.label == "deal"
    assert "bulk" in {hit.id for hit in verdict.rules}
    assert _label("Bij de controle werd 90 kilo hash aangetroffen in een vrachtwagen uit Marokko") != "deal"


@pytest.mark.parametrize(
    "text",
    [
        "Wij heten u welkom bij de bowlingclub van Xtreme Crack, consumptiebonnen 10 voor 20",
        "ja g nog 1 paar, wit groen",
        "PSA the green Xanax bars going round the festival site tested positive for bromazolam",
    ],
)
def test_names_colours_and_warnings_are_no_trade(text: str) -> None:
    assert _label(text) in ("none", "mention")


def test_a_pharmacy_that_speaks_of_a_medicine_before_takes_the_price_from_trade() -> None:
    read = _read(
        "Goedemorgen, apotheek De Linde. Uw temazepam 10 mg ligt klaar.",
        "Wat zijn de kosten",
        "Bezorgen is gratis. Voor temazepam betaalt u 7,40",
    )
    assert {verdict.label for verdict in read} <= {"none", "mention"}


def test_a_verb_behind_its_drug_asks_for_it() -> None:
    assert _label("Lyrica kaldı mı elinde") == "deal"


def test_a_deal_that_named_its_drug_takes_in_no_lines_of_unknown_words_and_ends() -> None:
    lines = ["doe mij 5 gram coke", "250 dan, waar sta je", "heb je mn jas gezien?"]
    assert [verdict.label for verdict in _read(*lines)] == ["deal", "deal", "none"]
    on = ["kom om 8 uur bij de kerk", "ok waar sta je"] * 60
    labels = [verdict.label for verdict in _read("doe mij 5 gram coke", *on)]
    assert labels[1:10] == ["deal"] * 9
    assert set(labels[60:]) == {"none"}
