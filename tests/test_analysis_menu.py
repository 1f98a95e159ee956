"""Goods with amounts and prices, in the layouts people use."""

from __future__ import annotations

import pytest
from menu_rows import Row, lexicon, rows_of

from forensics.analysis.findings import Line
from forensics.analysis.menu import read
from forensics.flag_work import built_in


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Wiet 5g 50", [("cannabis", 5, "g", 50, None)]),
        ("Wiet 1½ gram 15", [("cannabis", 1.5, "g", 15, None)]),
        ("Wiet 5 gram voor 50 euro", [("cannabis", 5, "g", 50, "EUR")]),
        ("coke 1g 50,- 2g 90,-", [("cocaine", 1, "g", 50, None), ("cocaine", 2, "g", 90, None)]),
        ("coke 1g €50 2g €90", [("cocaine", 1, "g", 50, "EUR"), ("cocaine", 2, "g", 90, "EUR")]),
        ("coke 1g 50€ 2g 90€", [("cocaine", 1, "g", 50, "EUR"), ("cocaine", 2, "g", 90, "EUR")]),
        ("Coke:\n1g 50\n5g 200", [("cocaine", 1, "g", 50, None), ("cocaine", 5, "g", 200, None)]),
        ("wiet 1x50 2x90", [("cannabis", 1, "g", 50, None), ("cannabis", 2, "g", 90, None)]),
        ("wiet 1/50 2/90", [("cannabis", 1, "g", 50, None), ("cannabis", 2, "g", 90, None)]),
        ("50 = 1g coke", [("cocaine", 1, "g", 50, None)]),
        ("50 = 1 coke", [("cocaine", 1, "g", 50, None)]),
        ("€50 voor 1g coke", [("cocaine", 1, "g", 50, "EUR")]),
        ("coke 50 p/g", [("cocaine", 1, "g", 50, None)]),
        ("keta €20 per gram", [("ketamine", 1, "g", 20, "EUR")]),
        (
            "pills £5 each, xtc 10 for £40",
            [("xtc-tablet", 1, "piece", 5, "GBP"), ("xtc-tablet", 10, "piece", 40, "GBP")],
        ),
        (
            "Sos 0,5 / 1 / 2 = 30 / 50 / 95",
            [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 50, None), ("cocaine", 2, "g", 95, None)],
        ),
        ("coke 50/130 (1/3)", [("cocaine", 1, "g", 50, None), ("cocaine", 3, "g", 130, None)]),
        (
            "xtc 4 p/s 10 voor 30",
            [("xtc-tablet", 1, "piece", 4, None), ("xtc-tablet", 10, "piece", 30, None)],
        ),
        ("wiet 10g CHF 80", [("cannabis", 10, "g", 80, "CHF")]),
        ("koks 1g 90 stutz", [("cocaine", 1, "g", 90, "CHF")]),
        ("hash 5g 300 AED", [("hashish", 5, "g", 300, "AED")]),
        ("lkoka 1g 600 derhem", [("cocaine", 1, "g", 600, "MAD")]),
        (
            "crystal 1g 80, 5g 300",
            [("methamphetamine", 1, "g", 80, None), ("methamphetamine", 5, "g", 300, None)],
        ),
        ("crystal 1g 40, 5g 150", [("mdma", 1, "g", 40, None), ("mdma", 5, "g", 150, None)]),
        ("Lyrica 300 strip 35", [("pregabalin", 1, "strip", 35, None)]),
        ("Xanax 2 strips 50", [("alprazolam", 2, "strip", 50, None)]),
        ("Xanax 2mg 10 st 30", [("alprazolam", 10, "piece", 30, None)]),
        ("Oxy 80mg strip 60", [("oxycodone", 1, "strip", 60, None)]),
        ("500mg mdma 30", [("mdma", 500, "mg", 30, None)]),
        ("hasj ons 300", [("hashish", 100, "g", 300, None)]),
        ("hasj 25g 90 ons 300", [("hashish", 25, "g", 90, None), ("hashish", 100, "g", 300, None)]),
        ("blok hasj 2500", [("hashish", 1, "kg", 2500, None)]),
        ("GHB 1 liter 100", [("ghb", 1000, "ml", 100, None)]),
        ("oz of weed 160", [("cannabis", 28, "g", 160, None)]),
        ("8 ball coke 150", [("cocaine", 3.5, "g", 150, None)]),
        ("een halfje coke 25", [("cocaine", 0.5, "g", 25, None)]),
        ("coke: half 30, hele 50", [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 50, None)]),
        ("2 gram coke een barkie", [("cocaine", 2, "g", 100, None)]),
        ("speed 10g ~60~ 50", [("amphetamine", 10, "g", 50, None)]),
        ("speed 10g van 60 voor 50", [("amphetamine", 10, "g", 50, None)]),
        ("Lachgas tank 2kg €45 (borg €20)", [("nitrous-oxide", 1, "tank", 45, "EUR")]),
        (
            "wiet 5g/10g/25g 40/75/170",
            [
                ("cannabis", 5, "g", 40, None),
                ("cannabis", 10, "g", 75, None),
                ("cannabis", 25, "g", 170, None),
            ],
        ),
        (
            "| | 1g | 5g |\n| coke | 50 | 220 |",
            [("cocaine", 1, "g", 50, None), ("cocaine", 5, "g", 220, None)],
        ),
        ("2g coke + 5g wiet 100", [("cocaine", 2, "g", None, None), ("cannabis", 5, "g", None, None)]),
        ("xtc 10er 35", [("xtc-tablet", 10, "piece", 35, None)]),
        ("wiet: vijf gram 50", [("cannabis", 5, "g", 50, None)]),
        ("hash 8e/g", [("hashish", 1, "g", 8, "EUR")]),
        ("mefedron 1g/40zł", [("mephedrone", 1, "g", 40, "PLN")]),
        ("Doe mij 2 wiet", [("cannabis", 2, "g", None, None)]),
        ("Frobnik 5g 50", [(None, 5, "g", 50, None)]),
        ("min. bestelling 50 euro", []),
        ("bezorgkosten 5 euro, 24/7 open, bel 0600000012", []),
        ("trein van 10:30, 3 personen, 20 min", []),
    ],
)
def test_a_line_is_read_as_its_tiers(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("piece", ["coke 1g 50\n", "a b ", "w1et ", "c.", "1g ", "€", "heb je nog wit "])
def test_long_texts_are_read_in_time_that_grows_with_their_length(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert len(read(text, lexicon()).tokens) > 100


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("2 coke 1 keta, 115", [("cocaine", 2.0, None), ("ketamine", 1.0, None)]),
        ("2 coke + 1 keta voor 115", [("cocaine", 2.0, None), ("ketamine", 1.0, None)]),
        ("2 coke 90 3 keta 60", [("cocaine", 2.0, 90.0), ("ketamine", 3.0, 60.0)]),
        ("2 coke 100, 1 keta 25", [("cocaine", 2.0, 100.0), ("ketamine", 1.0, 25.0)]),
        ("coke flake | 5 g | 230 euro", [("cocaine", 5.0, 230.0)]),
        ("4 strips oxazepam en 2 strips tramadol graag", [("oxazepam", 4.0, None), ("tramadol", 2.0, None)]),
        ("2g speed en 3 xtc", [("amphetamine", 2.0, None), ("xtc-tablet", 3.0, None)]),
        ("keta 1g 3o,-", [("ketamine", 1.0, 30.0)]),
        ("drie gram coke voor honderddertig euro", [("cocaine", 3.0, 130.0)]),
        ("2 gram keta für fünfundvierzig euro", [("ketamine", 2.0, 45.0)]),
        ("c o c a 1g 55", [("cocaine", 1.0, 55.0)]),
        (
            "coke half g 30 / heel 50 / 3 voor 140",
            [("cocaine", 0.5, 30.0), ("cocaine", 1.0, 50.0), ("cocaine", 3.0, 140.0)],
        ),
    ],
)
def test_a_shared_total_is_the_price_of_none_and_a_count_is_no_price(
    text: str, items: list[tuple[str, float, float | None]]
) -> None:
    verdict = built_in().conversation().read(Line(id="m", text=text))
    assert [(item.substance, item.quantity, item.price) for item in verdict.items] == items


def test_a_sum_beside_no_goods_is_no_item_of_a_list() -> None:
    text = "coke 1g 55\nketa 1g 20\npillen 5 voor 20\nOmrijden kost 15 euro"
    verdict = built_in().conversation().read(Line(id="m", text=text))
    assert verdict.label == "menu"
    assert [(i.substance, i.price) for i in verdict.items] == [
        ("cocaine", 55),
        ("ketamine", 20),
        ("xtc-tablet", 20),
    ]


def test_the_keycap_of_ten_is_a_number() -> None:
    assert rows_of("🥦🔟 85") == [("cannabis", 10, "g", 85, None)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("wit 1g 50\nsnelle 5g 20", ("amphetamine", 5, "g", 20, None)),
        ("sabonete 100g 250", ("hashish", 100, "g", 250, None)),
        ("keta 1g 28, 2 pill 7", ("xtc-tablet", 2, "piece", 7, None)),
        ("K0k$ 1g 70", ("cocaine", 1, "g", 70, None)),
    ],
)
def test_ordinary_words_are_goods_beside_amounts(text: str, row: Row) -> None:
    assert row in rows_of(text)


def test_loaves_that_cost_less_than_any_gram_are_bread() -> None:
    assert rows_of("halfje wit 1,80") == rows_of("wit 2,50 bruin 2,80") == []
    assert ("cocaine", 0.5, "g", 25.5, None) in rows_of("wit 0.5 25,50")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("كوكا 1غ ٦٠ يورو", ("cocaine", 1, "g", 60, "EUR")),
        ("fumo 1 stecca 10€", ("hashish", 1, "piece", 10, "EUR")),
        ("savonnette 250g 650€", ("hashish", 250, "g", 650, "EUR")),
    ],
)
def test_measures_and_digits_of_other_languages(text: str, row: Row) -> None:
    assert row in rows_of(text)
