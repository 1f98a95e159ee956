"""Several goods with one sum for all of them, which is the price of none."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

_COKE_AND_WEED: list[Row] = [("cocaine", 1, "g", None, None), ("cannabis", 5, "g", None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "coke 1 en 5 wiet",
        "coke 1 en 5 wiet 90",
        "1 wit + 5 wiet, 95",
        "1 wit en 5 wiet, thuis, 95",
        "Yous: 1 wit + 5 wiet, Bosweg 8, 95",
        "Bosweg 8, 1 wit + 5 wiet, 95",
        "wit 1 en 5 wiet, 90",
        "coke 1g, wiet 5g, 90",
    ],
)
def test_a_sum_for_all_is_the_price_of_none(text: str) -> None:
    assert rows_of(text) == _COKE_AND_WEED


def test_a_sum_right_behind_goods_with_their_units_is_the_price_of_none() -> None:
    assert rows_of("1g coke en 2g keta 90") == [
        ("cocaine", 1, "g", None, None),
        ("ketamine", 2, "g", None, None),
    ]
    assert rows_of("1g coke en 2g keta en 3 pillen 90") == [
        ("cocaine", 1, "g", None, None),
        ("ketamine", 2, "g", None, None),
        ("xtc-tablet", 3, "piece", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke 1g en mdma 2g, 90 euro",
            [("cocaine", 1, "g", None, "EUR"), ("mdma", 2, "g", None, "EUR")],
        ),
        (
            "1 wit 50 en 2 keta, 40",
            [("cocaine", 1, "g", 50, None), ("ketamine", 2, "g", 40, None)],
        ),
        (
            "xtc 10 en 5 wiet 50",
            [("xtc-tablet", None, None, 10, None), ("cannabis", 5, "g", 50, None)],
        ),
        (
            "Kev Havenstraat 12, 2 witte en 1 k, 120",
            [("cocaine", 2, "g", None, None), ("ketamine", 1, "g", None, None)],
        ),
        ("coke 1g 50, mdma 2g, 40", [("cocaine", 1, "g", 50, None), ("mdma", 2, "g", 40, None)]),
    ],
)
def test_prices_of_single_goods_remain_theirs(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("3 stops: 1 park ingang 5k, 2 Marktplein pizzeria 2k, 3 sporthal 1k", []),
        ("20, let op met drank", []),
        ("95 is geen barkie", []),
        ("coke 95, is geen barkie", [("cocaine", None, None, 95, None)]),
        (
            "coke: 1 voor 50, 2 voor 90, 3 voor 120",
            [
                ("cocaine", 1, "g", 50, None),
                ("cocaine", 2, "g", 90, None),
                ("cocaine", 3, "g", 120, None),
            ],
        ),
    ],
)
def test_numbers_of_stops_and_sums_that_are_none_are_no_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
