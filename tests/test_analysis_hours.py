"""Hours, telephone numbers and districts on lists of goods, which count nothing."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

_HASH: Row = ("hashish", 5, "g", 40, None)


@pytest.mark.parametrize(
    "line",
    [
        "open from 12-12",
        "Mara rijdt 14 tot 2 uur",
        "täglich 15 bis 3 Uhr",
        "bereikbaar 11-23",
        "bel 06-00000000",
        "bel 06 00 00 00 00",
        "bel 0600 00 01 23",
        "Wien 2-9 Bezirk",
        "Dublin 1, 3, 5, 7",
        "Leeds + 15 miles",
        "kapıda 25 dakika",
        "text before 7 for tonight",
        "lighters free over 60",
        "najmniej 4g na dowóz",
        "hasta las 3 y mañana",
        "fino alle 2",
        "bestellen tot de 28e",
        "stuur dit naar 3 vrienden en krijg er 2 extra",
    ],
)
def test_numbers_of_times_and_places_are_no_goods(line: str) -> None:
    assert rows_of(f"hash 5g 40\n{line}") == [_HASH]
    assert rows_of(f"{line}\nhash 5g 40") == [_HASH]


def test_a_sum_beside_goods_is_no_hour() -> None:
    assert rows_of("keta 12-12€") == [("ketamine", 12, "g", 12, "EUR")]
    assert rows_of("pillen 10 = 20") == [("xtc-tablet", 10, "piece", 20, None)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("blok wit 24.500\nons 2700", [("cocaine", 1, "kg", 24500, None), ("cocaine", 100, "g", 2700, None)]),
        ("erba 5g 60 franchi", [("cannabis", 5, "g", 60, "CHF")]),
        ("fleurs 100g 480\nC 10g 480", [("cannabis", 100, "g", 480, None), ("cocaine", 10, "g", 480, None)]),
    ],
)
def test_counts_units_and_words_for_money_of_lists(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
