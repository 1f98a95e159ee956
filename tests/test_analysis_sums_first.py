"""Sums before what they buy, through a whole line."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "100 lei 2 grame, 200 lei 4,5, 500 lei 12 amnesia",
            [
                ("cannabis", 2, "g", 100, "RON"),
                ("cannabis", 4.5, "g", 200, "RON"),
                ("cannabis", 12, "g", 500, "RON"),
            ],
        ),
        (
            "1000 liraya 2 gr, 2000 liraya 4,5 gr, 4000 liraya 10 gr ot",
            [
                ("cannabis", 2, "g", 1000, "TRY"),
                ("cannabis", 4.5, "g", 2000, "TRY"),
                ("cannabis", 10, "g", 4000, "TRY"),
            ],
        ),
        (
            "20 pavos 3,5 de marihuana. 50 pavos 10",
            [("cannabis", 3.5, "g", 20, None), ("cannabis", 10, "g", 50, None)],
        ),
        (
            "esrar\n500lük = 1 gr\n1000lik = 2,5 gr",
            [("hashish", 1, "g", 500, None), ("hashish", 2.5, "g", 1000, None)],
        ),
        ("coca 30 (0.4)\nGrand 100 (1.6)", [("cocaine", 0.4, "g", 30, None), (None, 1.6, None, 100, None)]),
    ],
)
def test_each_sum_before_its_amount_is_the_price_of_that(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text", ["coke 1g 50€, 2g 90€, 5g 200€", "coke 50€ 1g, 90€ 2g, 200€ 5g", "coke: 50€/g, 90€ 2g, 200€ 5g"]
)
def test_amounts_and_their_prices_stay_together(text: str) -> None:
    assert [(q, p) for _, q, _, p, _ in rows_of(text)] == [(1, 50), (2, 90), (5, 200)]
