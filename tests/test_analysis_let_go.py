"""Prices behind a verb of giving."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("fumo: 10 grammi te li lascio a 60", [("hashish", 10, "g", 60, None)]),
        ("polen. Diez gramos los dejo en 45", [("hashish", 10, "g", 45, None)]),
        ("hash cinci grame vi-l las la 300", [("hashish", 5, "g", 300, None)]),
        ("🌲 5 um 50, 10 um 90", [("cannabis", 5, "g", 50, None), ("cannabis", 10, "g", 90, None)]),
        ("coca 1g 60, alle 8 ti lascio a 30 minuti", [("cocaine", 1, "g", 60, None)]),
    ],
)
def test_the_sum_behind_the_verb_is_the_price_of_the_amount(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_what_a_vape_holds_is_no_amount_in_other_languages_too() -> None:
    assert rows_of("Svapo HHC 2ml €30") == [("hhc", None, None, 30, "EUR")]


def test_nep_is_a_substance_beside_others_only() -> None:
    assert rows_of("3cmc 5g 40, NEP 1g 25")[1] == ("nep", 1, "g", 25, None)
    assert not any(row[0] for row in rows_of("die tas is nep, 25 euro"))
