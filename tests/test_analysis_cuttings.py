"""Cuttings of hemp are counted, the sorts that are named behind them too."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Clones de Critical 6€ un, 30 por 150€, mães 80€.",
            [
                ("cannabis", 1, "piece", 6, "EUR"),
                ("cannabis", 30, "piece", 150, "EUR"),
                ("cannabis", None, "piece", 80, "EUR"),
            ],
        ),
        (
            "Boutures Critical 10€, Amnesia 10€. Trim sec 100g 80€",
            [
                ("cannabis", 1, "piece", 10, "EUR"),
                ("cannabis", None, "piece", 10, "EUR"),
                ("cannabis", 100, "g", 80, "EUR"),
            ],
        ),
        (
            "talee Amnesia 7€, erba 8€",
            [("cannabis", 1, "piece", 7, "EUR"), ("cannabis", None, None, 8, "EUR")],
        ),
    ],
)
def test_sorts_behind_a_word_for_cuttings_are_counted_until_dried_goods_are_named(
    text: str, rows: list[Row]
) -> None:
    assert rows_of(text) == rows
