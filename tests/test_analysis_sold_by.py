"""Amounts that are said in several words, by slang, or over columns; and currencies of some countries."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("hasj kg 2: 3.000€, kg 5: 7.000€", [
            ("hashish", 2, "kg", 3000, "EUR"), ("hashish", 5, "kg", 7000, "EUR"),
        ]),
        ("zwei Packungen Zolpidem zu je 30 Euro", [("zolpidem", 1, "box", 30, "EUR")]),
        ("4 strips of temazepam 10mg 12 each", [("temazepam", 1, "strip", 12, None)]),
        ("bag of weed €40 for 2g", [("cannabis", 2, "g", 40, "EUR")]),
        ("hash half O a ton", [("hashish", 14, "g", 100, None)]),
        ("full O coke 1.2 grand", [("cocaine", 28, "g", 1200, None)]),
        ("hele O wiet 1,6 barkie", [("cannabis", 28, "g", 160, None)]),
        ("Runtz qtr 60 half 110 oz 200", [
            ("cannabis", 7, "g", 60, None),
            ("cannabis", 14, "g", 110, None),
            ("cannabis", 28, "g", 200, None),
        ]),
        ("haze 7g 60, 10 pills 45", [("cannabis", 7, "g", 60, None), ("xtc-tablet", 10, "piece", 45, None)]),
        ("10 trips 80 | 40 teile 150", [
            ("lsd", 10, "piece", 80, None), ("xtc-tablet", 40, "piece", 150, None),
        ]),
        ("AL-LAD blotters x5 40", [("al-lad", 5, "piece", 40, None)]),
        ("Amnesia stekken 4 p.st.\nvanaf 50 stuks 3,-", [
            ("cannabis", 1, "piece", 4, None), ("cannabis", 1, "piece", 3, None),
        ]),
        ("Delivery all day. One gram of hash is nine euros", [("hashish", 1, "g", 9, "EUR")]),
        ("flake 80 quid for one, 200 quid gets you three", [
            ("cocaine", 1, "g", 80, "GBP"), ("cocaine", 3, "g", 200, "GBP"),
        ]),
    ],
)  # fmt: skip
def test_amounts_in_several_words(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("hash 5g 250 AED", 250, "AED"),
        ("koks 1g 95 stutz", 95, "CHF"),
        ("koks 1g 95 Fr.", 95, "CHF"),
        ("koks 1g fr 95", 95, None),
        ("7chich 10g 300 derhem", 300, "MAD"),
        ("wiet 5g vijf en veertig", 45, None),
    ],
)
def test_sums(text: str, price: float, currency: str | None) -> None:
    assert [row[3:] for row in rows_of(text)] == [(price, currency)]


def test_amounts_over_columns() -> None:
    assert rows_of("0.5  1g  3.5g\nBolivian  50  95  300\nKet  -  30  90") == [
        ("cocaine", 0.5, "g", 50, None),
        ("cocaine", 1, "g", 95, None),
        ("cocaine", 3.5, "g", 300, None),
        ("ketamine", 1, "g", 30, None),
        ("ketamine", 3.5, "g", 90, None),
    ]
    assert rows_of("prices per 500 pressed\nTesla 400\nMDMA kg 3000") == [
        ("xtc-tablet", 500, "piece", 400, None),
        ("mdma", 1, "kg", 3000, None),
    ]


def test_the_price_of_one_before_a_half() -> None:
    assert rows_of("el pollo de coca está a 60 euros y el medio a 35")[:2] == [
        ("cocaine", None, None, 60, "EUR"),
        ("cocaine", 0.5, "g", 35, "EUR"),
    ]
