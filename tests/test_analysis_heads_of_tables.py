"""Amounts over columns beside the name of what all rows are of; prices before the few that they buy."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    "head", ["Weed | 3.5 | 7 | 14", "🍃 | 3.5 | 7 | 14", "Weed 3.5 7 14", "Hierba | 3.5 | 7 | 14"]
)
def test_bare_amounts_beside_a_name_stand_over_columns(head: str) -> None:
    rows = [
        (q, u, price)
        for _, q, u, price, _ in rows_of(f"{head}\nGushers | 40 | 75 | 140\nSkunk | 30 | 55 | 100")
    ]
    assert rows == [
        *((3.5, "g", 40), (7, "g", 75), (14, "g", 140)),
        *((3.5, "g", 30), (7, "g", 55), (14, "g", 100)),
    ]


def test_rows_of_prices_alone_are_no_head() -> None:
    rows = rows_of("Coke | 50 | 90 | 130\nKet | 60 | 110 | 150")
    assert [(quantity, price) for _, quantity, _, price, _ in rows] == [
        *((None, 50), (None, 90), (None, 130)),
        *((None, 60), (None, 110), (None, 150)),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "speed 8/1 35/5 110/28",
            [
                ("amphetamine", 1, "g", 8, None),
                ("amphetamine", 5, "g", 35, None),
                ("amphetamine", 28, "g", 110, None),
            ],
        ),
        (
            "ketamine 25/.5\nketamine 45/1",
            [("ketamine", 0.5, "g", 25, None), ("ketamine", 1, "g", 45, None)],
        ),
        ("ketamine 1/25 5/110", [("ketamine", 1, "g", 25, None), ("ketamine", 5, "g", 110, None)]),
        ("ket bag 30 (.5)", [("ketamine", 0.5, "g", 30, None)]),
    ],
)
def test_a_price_before_the_few_that_it_buys(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_packs_said_in_brackets_before_a_colon_hold_for_the_list() -> None:
    assert rows_of("In stock (strips of 10):\nOxazepam 10mg £6\nTemazepam 20mg £9") == [
        ("oxazepam", 1, "strip", 6, "GBP"),
        ("temazepam", 1, "strip", 9, "GBP"),
    ]
