"""Sums written so as to be missed, beside names that are."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "z4tl4 25g=2OOdh 1kg=65OOdh",
            [("hashish", 25, "g", 200, "MAD"), ("hashish", 1, "kg", 6500, "MAD")],
        ),
        (
            "c.o.c.a 6.0\nh.i.e.r.b.a 5g 3.0",
            [("cocaine", None, None, 60, None), ("cannabis", 5, "g", 30, None)],
        ),
        (
            "biaaaaancaaaa 1g 70eurooo 3g 190eurooo",
            [("cocaine", 1, "g", 70, "EUR"), ("cocaine", 3, "g", 190, "EUR")],
        ),
        (
            "COOOOCAAAA 6O... ERVAAAA 9",
            [("cocaine", None, None, 60, None), ("cannabis", None, None, 9, None)],
        ),
    ],
)
def test_the_digits_and_the_word_for_money_are_read_as_they_are_meant(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["c.o.c.a 1.0 g 70", "c.o.c.a 1.0 = 70", "c.o.c.a 1.0 70"])
def test_a_number_with_its_price_keeps_its_point(text: str) -> None:
    assert [(q, p) for _, q, _, p, _ in rows_of(text)] == [(1, 70)]
