"""Pounds and pence in words, and pounds that weigh; shares of a gram or an ounce with a slash."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "sniff 65 pound, pills 4 pounds each, weed 3.5 for 30 pound",
            [
                ("cocaine", None, None, 65, "GBP"),
                ("xtc-tablet", 1, "piece", 4, "GBP"),
                ("cannabis", 3.5, "g", 30, "GBP"),
            ],
        ),
        ("ketamine thirty pound a gram", [("ketamine", 1, "g", 30, "GBP")]),
        (
            "gabbies 60p, zopis £1",
            [("gabapentin", None, None, 0.6, "GBP"), ("zopiclone", None, None, 1, "GBP")],
        ),
        ("pregabs 300mg - 75p", [("pregabalin", None, None, 0.75, "GBP")]),
    ],
)
def test_pounds_and_pence_are_money(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("5 pounds of weed for 4000", [("cannabis", 2240, "g", 4000, None)]),
        ("can i get 20 pounds of weed", [("cannabis", 20, "g", None, None)]),
        ("one pound of hash 1100", [("hashish", 448, "g", 1100, None)]),
        ("5 pounds of that for 40", [(None, 5, None, 40, None)]),
    ],
)
def test_pounds_of_goods_weigh_sixteen_ounces(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["weed 2 pounds 1700", "xanax 50p 60", "weed 10 pounds"])
def test_pounds_that_weigh_and_a_letter_before_a_sum_are_none(text: str) -> None:
    assert [currency for *_, currency in rows_of(text)] == [None]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ketamine 1/2 20", [("ketamine", 0.5, "g", 20, None)]),
        ("tina 1/4 45", [("methamphetamine", 0.25, "g", 45, None)]),
        ("keta 1/25 2/45", [("ketamine", 1, "g", 25, None), ("ketamine", 2, "g", 45, None)]),
    ],
)
def test_a_share_before_its_price_is_one_number(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
