"""Names and units with a typing error, where goods stand."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "chralie .5 fro 40\nweed 2 for 20",
            [("cocaine", 0.5, "g", 40, None), ("cannabis", 2, "g", 20, None)],
        ),
        ("Hsaj 10 g 60 / wite 10 g 80", [("hashish", 10, "g", 60, None), ("cannabis", 10, "g", 80, None)]),
        ("lijst: mdam 1 gr 20, ghhb 50 ml 15", [("mdma", 1, "g", 20, None), ("ghb", 50, "ml", 15, None)]),
        (
            "oxycodone 10 strpi 30\nzolpidem 10 stirp 20",
            [("oxycodone", 1, "strip", 30, None), ("zolpidem", 1, "strip", 20, None)],
        ),
        (
            "keta 1 gr 30\nxtzc 4 voro 10",
            [("ketamine", 1, "g", 30, None), ("xtc-tablet", 4, "piece", 10, None)],
        ),
    ],
)
def test_goods_with_a_typing_error(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "wede 3 tegen 2, hasjt 10",
        "gars 10 g, weit 5 g",
        "LDS 9, kerk 5",
        "wite 5 euro",
    ],
)
def test_one_such_word_or_two_without_weights_are_none(text: str) -> None:
    assert not [row for row in rows_of(text) if row[0]]
