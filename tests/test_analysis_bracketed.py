"""Amounts, counts and further tiers in brackets."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Classifier
from forensics.analysis.goods import listed
from forensics.flag_work import built_in


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Concerta 36 (30) - 45", [("methylphenidate", 30, "piece", 45, None)]),
        ("Xanax 2 (60) €90", [("alprazolam", 60, "piece", 90, "EUR")]),
        ("Rivotril 2 x 60 = 80 usd", [("clonazepam", 60, "piece", 80, "USD")]),
        (
            "keta 30 (2 gram 55), speed 10 (5 gram 35)",
            [
                ("ketamine", None, None, 30, None),
                ("ketamine", 2, "g", 55, None),
                ("amphetamine", None, None, 10, None),
                ("amphetamine", 5, "g", 35, None),
            ],
        ),
        (
            "polm 28 (5) haze 45 (5) keta 25",
            [
                ("hashish", 5, "g", 28, None),
                ("cannabis", 5, "g", 45, None),
                ("ketamine", None, None, 25, None),
            ],
        ),
        ("ghb - 20 (100ml)", [("ghb", 100, "ml", 20, None)]),
        ("ket bags 40 (1.2)", [("ketamine", 1.2, "g", 40, None)]),
    ],
)
def test_what_stands_in_brackets_is_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_number_of_tablets_in_brackets_is_no_amount_by_itself() -> None:
    assert rows_of("oxycodon 20 (5)") != [("oxycodone", 5, "piece", 20, None)]
    assert all(quantity is None for _name, quantity, *_rest in rows_of("oxycodon 20 (5)"))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "ketamine 35 gr\ncocaine 60 gr\nweed 9 gr",
            [("ketamine", 35, None), ("cocaine", 60, None), ("cannabis", 9, None)],
        ),
        ("cocaine 80g\nxtc 8", [("cocaine", 80, None), ("xtc-tablet", 1, 8)]),
    ],
)
def test_a_written_amount_in_a_list_is_no_price_however_likely_one(
    text: str, rows: list[tuple[str, float, float | None]], classifier: Classifier
) -> None:
    goods = listed(classifier.reader.read(text), "menu", ())
    assert [(g.candidates[0], g.quantity, g.price) for g in goods] == rows
