"""Strengths and sizes beside what is counted, and one word that means one thing in a message."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Fentanyl Pflaster 50er 2 Stk 45", [("fentanyl", 2, "piece", 45, None)]),
        ("Testo 250 vial €40", [("testosterone", 1, "piece", 40, "EUR")]),
        ("Mounjaro 7.5 pen $200", [("tirzepatide", 1, "piece", 200, "USD")]),
        ("Tramadol 100 ....... 1 cutie 90 lei", [("tramadol", 1, "box", 90, "RON")]),
        ("| Oxy 20 | 6 | $80 |", [("oxycodone", 6, "piece", 80, "USD")]),
        ("Lachgas 2kg Flasche | 1 | 55€", [("nitrous-oxide", 1, "tank", 55, "EUR")]),
        ("fastgas 640g 1 szt 120 zł, 3 szt 330 zł", [
            ("nitrous-oxide", 1, "tank", 120, "PLN"), ("nitrous-oxide", 3, "tank", 330, "PLN"),
        ]),
        ("Lachgas 2kg Flasche 60€, 4 Flaschen 210€", [
            ("nitrous-oxide", 1, "tank", 60, "EUR"), ("nitrous-oxide", 4, "tank", 210, "EUR"),
        ]),
        ("Methadon 50ml fles 25 euro", [("methadone", 50, "ml", 25, "EUR")]),
        ("popper 15 bote", [("poppers", 1, "piece", 15, None)]),
    ],
)  # fmt: skip
def test_a_size_or_strength_is_no_amount(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_crystal_is_one_thing_in_a_message() -> None:
    assert rows_of("Crystal\n1g 85\n5g 350") == [
        ("methamphetamine", 1, "g", 85, None),
        ("methamphetamine", 5, "g", 350, None),
    ]
    assert rows_of("Crystal\n1g 25\n5g 100")[1] == ("mdma", 5, "g", 100, None)
