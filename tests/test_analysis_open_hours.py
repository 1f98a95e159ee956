"""Hours and telephone numbers in adverts: they are no amounts and no prices."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Line
from forensics.analysis.talk import verdicts
from forensics.flag_work import built_in


def _items(text: str) -> list[tuple[str | None, float | None, float | None]]:
    (verdict,) = verdicts([(None, Line("m", text))], built_in())
    return [(item.substance, item.quantity, item.price) for item in verdict.items]


@pytest.mark.parametrize(
    "text",
    [
        "weed and hash for sale, hmu 12-12, text 06-00000123",
        "weed and hash for sale, täglich 14 bis 2 Uhr",
        "weed and hash for sale, open 8-8, text 020-1234567",
    ],
)
def test_hours_and_numbers_to_call_are_no_goods(text: str) -> None:
    assert _items(text) == [("cannabis", None, None), ("hashish", None, None)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("coke 1-50 2-95", [("cocaine", 1, 50), ("cocaine", 2, 95)]),
        ("xtc 1 st 10 - 10 st 80", [("xtc-tablet", 1, 10), ("xtc-tablet", 10, 80)]),
        ("weed 10-10", [("cannabis", 10, 10)]),
        ("xtc:\n1-5\n10-10", [("xtc-tablet", 1, 5), ("xtc-tablet", 10, 10)]),
        ("ketamine\n20-20\n50-40", [("ketamine", 20, 20), ("ketamine", 50, 40)]),
        ("wiet: 5-40, 10-10", [("cannabis", 5, 40), ("cannabis", 10, 10)]),
        ("coke 1-50 10-10", [("cocaine", 1, 50), ("cocaine", 10, 10)]),
        ("blok (col) 1 = 23.500\n3 = 69.000", [("cocaine", 1, 23500), ("cocaine", 3, 69000)]),
    ],
)
def test_amounts_with_their_prices_are(text: str, items: list[tuple[str, float | None, float]]) -> None:
    assert _items(text) == items
