"""Numbers that say which medicine is sold and count none."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Subu 8er 15", [("buprenorphine", None, None, 15, None)]),
        ("substis 200er € 25", [("morphine", None, None, 25, "EUR")]),
        ("suboxone 8 la 90", [("buprenorphine", None, None, 90, None)]),
        ("Fentanyl patch 50 30€", [("fentanyl", None, None, 30, "EUR")]),
        ("Morphin retard 200 – 15€", [("morphine", None, None, 15, "EUR")]),
        ("Tilidin 50er 60", [("tilidine", 50, "piece", 60, None)]),
        ("subutex 8 stuks 30", [("buprenorphine", 8, "piece", 30, None)]),
    ],
)
def test_a_strength_is_no_number_of_tablets(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
