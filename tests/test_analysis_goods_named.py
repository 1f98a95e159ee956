"""Goods named together, behind their amounts, below them or in another line."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke, bruin of gekookt: €55",
            [
                ("crack", None, None, 55, "EUR"),
                ("cocaine", None, None, 55, "EUR"),
                ("heroin", None, None, 55, "EUR"),
            ],
        ),
        ("xtc + 2cb €6 p/s", [("2c-b", 1, "piece", 6, "EUR"), ("xtc-tablet", 1, "piece", 6, "EUR")]),
        ("beuh, shit 11€ le g", [("hashish", 1, "g", 11, "EUR"), ("cannabis", 1, "g", 11, "EUR")]),
        (
            "amnesia en haze allebei 9 p.g.",
            [("cannabis", 1, "g", 9, None), ("cannabis", 1, "g", 9, None)],
        ),
        ("light n dark 3 for 25", [("heroin", 3, "g", 25, None), ("crack", 3, "g", 25, None)]),
    ],
)
def test_goods_that_are_joined_have_the_price_together(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coke 60, keta 25", [("cocaine", None, None, 60, None), ("ketamine", None, None, 25, None)]),
        ("bits of white 1 40", [("cocaine", 1, "g", 40, None)]),
    ],
)
def test_goods_with_a_price_each_are_not_joined(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("50 = 1\n95 = 2\n❄️ sos", [("cocaine", 1, None, 50, None), ("cocaine", 2, None, 95, None)]),
        (
            "20€ = 2g\n50€ = 6g\n🍀 amnesia",
            [("cannabis", 2, "g", 20, "EUR"), ("cannabis", 6, "g", 50, "EUR")],
        ),
    ],
)
def test_amounts_without_a_product_are_of_the_one_named_below_them(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_legend_says_what_a_strange_name_is() -> None:
    text = "keta 1g 25\nblorp 1g 40\n(blorp = 3mmc)"
    assert rows_of(text) == [("ketamine", 1, "g", 25, None), ("3-mmc", 1, "g", 40, None)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("4-CMC kryształ 1g 45", [("4-cmc", 1, "g", 45, None)]),
        ("[2] 2C-B roze 5x €22", [("2c-b", 5, "piece", 22, "EUR")]),
        ("haszyk 5 g po 55", [("hashish", 5, "g", 55, None)]),
        ("pó 1g 50", [("cocaine", 1, "g", 50, None)]),
        ("rivotril 7abba 30 dh", [("clonazepam", None, None, 30, "MAD")]),
        (
            "kama strip 8\njelly 7 voor 15",
            [("sildenafil", 1, "strip", 8, None), ("sildenafil", 7, None, 15, None)],
        ),
        ("Pink Audi 200mg\n10 st 25", [("xtc-tablet", 10, "piece", 25, None)]),
        ("exotic 3.5g 60\ngas 1g 12", [("cannabis", 3.5, "g", 60, None), ("cannabis", 1, "g", 12, None)]),
    ],
)
def test_words_beside_a_named_drug_do_not_name_another(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_the_weight_of_a_tank_below_other_goods_is_of_gas() -> None:
    assert rows_of("ghb 100ml 25\ntank 2kg 60") == [
        ("ghb", 100, "ml", 25, None),
        ("nitrous-oxide", 1, "tank", 60, None),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "300 g haze en 2 kilo pep",
            [("cannabis", 300, "g", None, None), ("amphetamine", 2, "kg", None, None)],
        ),
        (
            "60 sos 25 keta 20 blorp 15 molly",
            [
                ("cocaine", None, None, 60, None),
                ("ketamine", None, None, 25, None),
                ("mdma", None, None, 15, None),
            ],
        ),
        (
            "sos gewoon 45 / sos top 60",
            [("cocaine", None, None, 45, None), ("cocaine", None, None, 60, None)],
        ),
        ("10 sos 5 keta", [("cocaine", 10, "g", None, None), ("ketamine", 5, "g", None, None)]),
    ],
)
def test_amounts_and_prices_are_of_the_goods_behind_them(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "amnesia 1g 10\nblorp snop 1g 11\nhash 1g 8",
            [("cannabis", 1, "g", 10, None), (None, 1, "g", 11, None), ("hashish", 1, "g", 8, None)],
        ),
        ("amnesia 1g 10\nblorp 1g 60", [("cannabis", 1, "g", 10, None), (None, 1, "g", 60, None)]),
        ("keta 1g 25\nblorp 1g 25", [("ketamine", 1, "g", 25, None), (None, 1, "g", 25, None)]),
    ],
)
def test_a_strange_name_beside_others_stays_unknown_whatever_it_costs(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("name", ["Psilocybe truffels", "psilocybine truffels", "truffels Atlantis"])
def test_truffles_of_psilocybe_are_no_mushrooms(name: str) -> None:
    assert rows_of(f"{name} 15g €17") == [("truffles", 15, "g", 17, "EUR")]
