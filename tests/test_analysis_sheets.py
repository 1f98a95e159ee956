"""Sheets, plates and kilos: what a sheet holds is the amount, and a sum like that of a kilo is of one."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Trips 10€, cartela 25 por 180€",
            [("lsd", None, None, 10, "EUR"), ("lsd", 25, "piece", 180, "EUR")],
        ),
        ("LSD 10, la plaque de 100 : 500", [("lsd", None, None, 10, None), ("lsd", 100, "piece", 500, None)]),
        ("haxe placa de 100 = 110", [("hashish", 100, "g", 110, None)]),
        ("Xanax strip 10 25", [("alprazolam", 1, "strip", 25, None)]),
    ],
)
def test_blotters_of_a_sheet_and_grams_of_a_plate_are_the_amount(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_sum_like_that_of_a_kilo_is_of_one() -> None:
    assert rows_of("hachís doble cero 1.900 el kg, marihuana 2.400, polen normal 900") == [
        ("hashish", 1, "kg", 1900, None),
        ("cannabis", 1, "kg", 2400, None),
        ("hashish", 1, "kg", 900, None),
    ]
    assert rows_of("hachís 1.900 el kg, coca 60")[1] == ("cocaine", None, None, 60, None)
