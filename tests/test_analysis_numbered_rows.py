"""Numbers that open a row, prices of one, two and three with nothing between, sums in words behind a dash."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "#1 ketamine 30\n#2 tusi 85\n#3 2cb 6",
            [
                ("ketamine", None, None, 30, None),
                ("pink-cocaine", None, None, 85, None),
                ("2c-b", None, None, 6, None),
            ],
        ),
        ("#3mmc 20", [("3-mmc", None, None, 20, None)]),
    ],
)
def test_the_number_of_a_row_is_no_amount(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_three_prices_behind_a_product_are_those_of_one_two_and_three() -> None:
    assert rows_of("coke 55 100 145 ket 30 55 80") == [
        ("cocaine", 1, "g", 55, None),
        ("cocaine", 2, "g", 100, None),
        ("cocaine", 3, "g", 145, None),
        ("ketamine", 1, "g", 30, None),
        ("ketamine", 2, "g", 55, None),
        ("ketamine", 3, "g", 80, None),
    ]
    assert rows_of("coke 1 55 100") == [("cocaine", 1, "g", 55, None), ("cocaine", None, None, 100, None)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "1g ketamine - thirty\n1g colombian flake - seventy",
            [("ketamine", 1, "g", 30, None), ("cocaine", 1, "g", 70, None)],
        ),
        (
            "amnesia haze lb 900, half 480",
            [("cannabis", 448, "g", 900, None), ("cannabis", 224, "g", 480, None)],
        ),
    ],
)
def test_sums_in_words_behind_a_dash_and_halves_of_a_pound(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cannabisolie 30", "hash-oil"),
        ("zimmovane 1", "zopiclone"),
        ("dmt pens 80", "dmt"),
        ("crackstenen 10", "crack"),
        ("coacin 1g 50", "cocaine"),
        ("cannabbis 1g 10", "cannabis"),
        ("trufels 15g 12", "truffles"),
        ("ketamine 30\nwitteke 50", "cocaine"),
        ("ketamine 30\ngoey 20", "amphetamine"),
    ],
)
def test_common_names_of_goods(text: str, name: str) -> None:
    assert rows_of(text)[-1][0] == name
