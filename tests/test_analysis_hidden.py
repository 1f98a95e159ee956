"""Goods, amounts and prices of lists that are written so as to be missed."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "c0c4 1g 6O eur0s, m4r14 5g 3O eur0s",
            [("cocaine", 1, "g", 60, "EUR"), ("cannabis", 5, "g", 30, "EUR")],
        ),
        ("p4st4 k1l0 650", [("amphetamine", 1, "kg", 650, None)]),
        (
            "a.s.s.i.e 1 -> 45\ns0s 1/2 -> 75",
            [("hashish", 1, "g", 45, None), ("cocaine", 0.5, "g", 75, None)],
        ),
        ("B E U H 3 , 5 g 4 0 €", [("cannabis", 3.5, "g", 40, "EUR")]),
        (
            "c.o.k.e 1.g 50 // x.t.c 5.st 15",
            [("cocaine", 1, "g", 50, None), ("xtc-tablet", 5, "piece", 15, None)],
        ),
    ],
)
def test_amounts_beside_a_hidden_name(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
