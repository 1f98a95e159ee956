"""Names in the cases of Polish, and the words for shares of more languages."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("3g mefy 130 zł", [("mephedrone", 3, "g", 130, "PLN")]),
        (
            "tusi: połówka 140, jedynka 260, dwójka 500",
            [
                ("pink-cocaine", 0.5, "g", 140, None),
                ("pink-cocaine", 1, "g", 260, None),
                ("pink-cocaine", 2, "g", 500, None),
            ],
        ),
        ("koks 1 kg 150 tys. zł", [("cocaine", 1, "kg", 150_000, "PLN")]),
        ("Xanax tableta 20€", [("alprazolam", 1, "strip", 20, "EUR")]),
        (
            "Mousse du Rif\n2 → 20€\n5 → 40€",
            [("hashish", 2, "g", 20, "EUR"), ("hashish", 5, "g", 40, "EUR")],
        ),
    ],
)
def test_such_goods_are_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "pastile 1-30, 5-130 (ron)",
            [("xtc-tablet", 1, "piece", 30, "RON"), ("xtc-tablet", 5, "piece", 130, "RON")],
        ),
        ("coca gram 40, joj 75", [("cocaine", 1, "g", 40, None), ("cocaine", 2, "g", 75, None)]),
    ],
)
def test_a_currency_in_brackets_and_the_two_of_darija(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["Küche 900, Couch 80", "mousse au chocolat 4€, tarte 5€"])
def test_ordinary_words_that_look_so_are_no_goods(text: str) -> None:
    assert not any(row[0] for row in rows_of(text))


def test_a_word_for_a_tank_that_names_gas_is_its_unit() -> None:
    assert rows_of("coca 65, bombona grande 45 €")[1] == ("nitrous-oxide", 1, "tank", 45, "EUR")
