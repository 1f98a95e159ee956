"""Steps of a price behind slashes, arrows and equals signs; what "base" is."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sos 50/halfje 30", [("cocaine", 1, "g", 50, None), ("cocaine", 0.5, "g", 30, None)]),
        ("keta 30, halfje 15", [("ketamine", 1, "g", 30, None), ("ketamine", 0.5, "g", 15, None)]),
        ("snow 1=70 / half=40", [("cocaine", 1, "g", 70, None), ("cocaine", 0.5, "g", 40, None)]),
        ("coke 70/gram 40/half", [("cocaine", 1, "g", 70, None), ("cocaine", 0.5, "g", 40, None)]),
    ],
)
def test_a_share_behind_a_slash_or_comma_has_its_own_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("🍄 25/7g", [("magic-mushrooms", 7, "g", 25, None)]),
        (
            "tina £25/0.5, £45/1",
            [("methamphetamine", 0.5, "g", 25, "GBP"), ("methamphetamine", 1, "g", 45, "GBP")],
        ),
        (
            "keta 25 → 2 voor 45 → 4 voor 85",
            [
                ("ketamine", None, None, 25, None),
                ("ketamine", 2, "g", 45, None),
                ("ketamine", 4, "g", 85, None),
            ],
        ),
        (
            "30 = halfje snuif\n50 = hele snuif",
            [("cocaine", 0.5, "g", 30, None), ("cocaine", None, None, 50, None)],
        ),
    ],
)
def test_prices_and_amounts_in_an_order_of_their_own(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("snuif 1g 50\nbase 1g 40", [("cocaine", 1, "g", 50, None), ("crack", 1, "g", 40, None)]),
        ("speed 5g 25\nbase 5g 40", [("amphetamine", 5, "g", 25, None), ("amphetamine", 5, "g", 40, None)]),
        (
            "coke 1g 60, whizz 5g 25, base 5g 40",
            [
                ("cocaine", 1, "g", 60, None),
                ("amphetamine", 5, "g", 25, None),
                ("amphetamine", 5, "g", 40, None),
            ],
        ),
    ],
)
def test_base_is_crack_beside_cocaine_alone(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "spice paper A5 80, A4 150",
            [("spice-unspecified", 1, "piece", 80, None), ("spice-unspecified", 1, "piece", 150, None)],
        ),
        ("sheet soaked 2 for 300", [("spice-unspecified", 2, "piece", 300, None)]),
        ("lsd strip of ten 50", [("lsd", 10, "piece", 50, None)]),
        ("pillz 4 for 20", [("xtc-tablet", 4, "piece", 20, None)]),
        ("0xy 80 1 for 15", [("oxycodone", 1, "piece", 15, None)]),
        ("proto poeder 1g 60", [("protonitazene", 1, "g", 60, None)]),
        ("cokane 1g 70, ketermine 1g 30", [("cocaine", 1, "g", 70, None), ("ketamine", 1, "g", 30, None)]),
    ],
)
def test_sheets_strips_and_spellings(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["paper A5 80, A4 150", "the sheets soaked 20 minutes"])
def test_sheets_of_nothing_else_are_no_spice(text: str) -> None:
    assert "spice-unspecified" not in {row[0] for row in rows_of(text) if row[3]}
