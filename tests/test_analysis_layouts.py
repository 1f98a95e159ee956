"""Layouts of price lists in which amounts and prices change places, or other numbers stand beside them."""

from __future__ import annotations

from functools import cache

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Classifier, Line, find


@cache
def _classifier() -> Classifier:
    return Classifier.load()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("keta 1/20 | 4/70", [("ketamine", 1, "g", 20, None), ("ketamine", 4, "g", 70, None)]),
        ("keta .5/15 | 1/25", [("ketamine", 0.5, "g", 15, None), ("ketamine", 1, "g", 25, None)]),
        (
            "xanax 10/15 | 40/55",
            [("alprazolam", 10, "piece", 15, None), ("alprazolam", 40, "piece", 55, None)],
        ),
        ("haze 12/1 50/5", [("cannabis", 1, "g", 12, None), ("cannabis", 5, "g", 50, None)]),
        (
            "coke 60/1 170/3 // keta 20/1 80/5",
            [
                ("cocaine", 1, "g", 60, None),
                ("cocaine", 3, "g", 170, None),
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 5, "g", 80, None),
            ],
        ),
        ("haze 12 per 1, 50 per 5", [("cannabis", 1, "g", 12, None), ("cannabis", 5, "g", 50, None)]),
        ("beuh 9 le g, 40 les 5", [("cannabis", 1, "g", 9, None), ("cannabis", 5, "g", 40, None)]),
        ("coca 70€x1g, 130€x2g", [("cocaine", 1, "g", 70, "EUR"), ("cocaine", 2, "g", 130, "EUR")]),
        ("haze 10er 0,9 / 20er (1,9)", [("cannabis", 0.9, "g", 10, None), ("cannabis", 1.9, "g", 20, None)]),
        ("30 = 3 haze, 45 = 6 polm", [("cannabis", 3, "g", 30, None), ("hashish", 6, "g", 45, None)]),
        ("keta een voor twintig", [("ketamine", 1, "g", 20, None)]),
        ("keta gram 20, vijf 90", [("ketamine", 1, "g", 20, None), ("ketamine", 5, "g", 90, None)]),
        ("xtc 4, 10 voor 35", [("xtc-tablet", None, None, 4, None), ("xtc-tablet", 10, "piece", 35, None)]),
        (
            "keta 1 – 20, 4 – 60. Hash 5 – 40",
            [
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 4, "g", 60, None),
                ("hashish", 5, "g", 40, None),
            ],
        ),
        ("oxycodon strip ........ 22", [("oxycodone", 1, "strip", 22, None)]),
        (
            "keta 1 = 20 ~ 2 = 38 ~ 3 = 55",
            [
                ("ketamine", 1, "g", 20, None),
                ("ketamine", 2, "g", 38, None),
                ("ketamine", 3, "g", 55, None),
            ],
        ),
        ("coke ~60~ 1g 50", [("cocaine", 1, "g", 50, None)]),
        ("coke 1g 50\nM 1/25", [("cocaine", 1, "g", 50, None), ("mdma", 1, "g", 25, None)]),
        ("3mmc 3g 60€ / G 40ml 30€", [("3-mmc", 3, "g", 60, "EUR"), ("3-mmc", 40, "ml", 30, "EUR")]),
        ("keta 2g 30 soles", [("ketamine", 2, "g", 30, "PEN")]),
        (
            "keta 1g veertig\nwiet 5 g veur 35",
            [("ketamine", 1, "g", 40, None), ("cannabis", 5, "g", 35, None)],
        ),
    ],
)
def test_amounts_and_prices_are_paired_in_any_order(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "keta 1 = 20, 3 = 50. Zaterdag open tot half 20",
        "keta 1 = 20, 3 = 50\nBusse am Bahnsteig 60",
        "keta 1 = 20, 3 = 50\nRaum Kleve, ab 50€ gratis",
        "keta 1 = 20, 3 = 50\nmin 40 euro",
        "keta 1 = 20, 3 = 50\nverzending binnen NL, 4€",
        "Neu 08/11\nketa 1 = 20, 3 = 50",
    ],
)
def test_other_numbers_of_a_list_are_no_goods(text: str) -> None:
    assert [row[:4] for row in rows_of(text)] == [("ketamine", 1, "g", 20), ("ketamine", 3, "g", 50)]


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("keta 1g 20€\nwiet 5g 40€\ncoke 1g 50", ["EUR", "EUR", "EUR"]),
        ("keta 1g 20\nwiet 5g 40\ncoke 1g 50 euro", ["EUR", "EUR", "EUR"]),
        ("| wat | hoeveel | € |\n| keta | 1g | 20 |\n| wiet | 5g | 40 |", ["EUR", "EUR"]),
    ],
)
def test_a_currency_that_a_message_names_holds_for_all_its_prices(
    text: str, currencies: list[str | None]
) -> None:
    assert [row[4] for row in rows_of(text)] == currencies


def test_a_word_over_columns_of_amounts_is_no_product() -> None:
    rows = rows_of("Sorte | 10g | 50g\nAmnesia | 70€ | 300€")
    assert rows == [("cannabis", 10, "g", 70, "EUR"), ("cannabis", 50, "g", 300, "EUR")]


def test_a_row_of_rising_prices_is_no_heading_of_a_table() -> None:
    assert rows_of("wat | 1 | 5\nketa | 20 | 90\nOnbekend | 10 | 40\nwiet | 9 | 40") == [
        ("ketamine", 1, "g", 20, None),
        ("ketamine", 5, "g", 90, None),
        (None, 1, None, 10, None),
        (None, 5, None, 40, None),
        ("cannabis", 1, "g", 9, None),
        ("cannabis", 5, "g", 40, None),
    ]


def test_an_empty_cell_of_a_table_has_no_price() -> None:
    assert rows_of("| wat | 1g | 5g | 10g |\n| keta | 20 | - | 160 |\n| wiet | - | 40 | 75 |") == [
        ("ketamine", 1, "g", 20, None),
        ("ketamine", 10, "g", 160, None),
        ("cannabis", 5, "g", 40, None),
        ("cannabis", 10, "g", 75, None),
    ]


def test_noughts_written_as_letters_are_read_beside_a_disguised_drug() -> None:
    assert rows_of("c0ke 1g = 6o | 3g = 15o") == [
        ("cocaine", 1, "g", 60, None),
        ("cocaine", 3, "g", 150, None),
    ]


def test_a_mark_out_of_five_is_no_amount() -> None:
    assert rows_of("Ketamine was a letdown, slept badly. 2/5.") == []


def _label(text: str) -> list[str]:
    return [finding.kind for finding in find([Line(id="1", text=text)], _classifier())]


@pytest.mark.parametrize(
    "text",
    [
        "❄️ 1=55 2=100\n🐴 1=25 2=45\n🍬 5=20 10=35\nring en centrum",
        "beste pó 1g 60 2g 110 / tina 0,5g 80 1g 150. Centro, levo em 1h, sem foto não atendo ninguém hoje",
    ],
)
def test_a_list_of_ordinary_words_with_falling_prices_is_a_menu(text: str) -> None:
    assert _label(text) == ["menu"]


@pytest.mark.parametrize(
    "text",
    [
        "Kabeljauw 1 kg 22 / zalm 500 g 15 / mosselen 2 kg 9\nwoensdag open tot half 6",
        "Bakery: sourdough 5, rye 6, 3 buns for 4. Saturday from 9",
        "Koffie 250g 6,50 / 1kg 22 / thee 100g 4,50 / suiker 1kg 2",
    ],
)
def test_a_price_list_of_food_is_no_menu(text: str) -> None:
    assert _label(text) == []
