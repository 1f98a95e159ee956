"""Goods that are named with the form in which they are sold, and the unit that this gives."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "khat vandaag\n1 bundel 10\n4 bundels 35",
            [("khat", 1, "piece", 10, None), ("khat", 4, "piece", 35, None)],
        ),
        ("2 melanotan 2 neusspray €50", [("melanotan-ii", 2, "piece", 50, "EUR")]),
        (
            "blow kant en klaar 3 voor 10\nwiet gram 9",
            [("cannabis", 3, "piece", 10, None), ("cannabis", 1, "g", 9, None)],
        ),
        (
            "paddo chocoreep 2 voor 20\nschokopilze 3 für 70",
            [("magic-mushrooms", 2, "piece", 20, None), ("magic-mushrooms", 3, "piece", 70, None)],
        ),
        ("space cookies 5 für 20€", [("thc", 5, "piece", 20, "EUR")]),
        (
            "al-lad blotters x5 30\ndoc blotters x10 50",
            [("al-lad", 5, "piece", 30, None), ("doc", 10, "piece", 50, None)],
        ),
        ("2c-b tabsy 2/80", [("2c-b", 2, "piece", 80, None)]),
        ("twee cee bee 4 stuks 18", [("2c-b", 4, "piece", 18, None)]),
        ("trips (purple ohms) £6 each", [("lsd", 1, "piece", 6, "GBP")]),
    ],
)
def test_the_form_of_goods_is_their_unit(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("zakje thc gummies 300mg voor 15 euro", [("thc", 1, "pack", 15, "EUR")]),
        ("thc gummies packung 20€", [("thc", 1, "pack", 20, "EUR")]),
        (
            "bag of weed £40 for 4g\nmd £50 a g",
            [("cannabis", 4, "g", 40, "GBP"), ("mdma", 1, "g", 50, "GBP")],
        ),
        (
            "10 trips 60 | 40 teile 180",
            [("lsd", 10, "piece", 60, None), ("xtc-tablet", 40, "piece", 180, None)],
        ),
        ("lsd 10 stuks 60, 20 stuks 100", [("lsd", 10, "piece", 60, None), ("lsd", 20, "piece", 100, None)]),
        (
            "crystal 1g - 85€\n4g - 230€",
            [("methamphetamine", 1, "g", 85, "EUR"), ("methamphetamine", 4, "g", 230, "EUR")],
        ),
        ("dmt 1g 80€ · pul 100µg 2 adet 15€", [("dmt", 1, "g", 80, "EUR"), ("lsd", 2, "piece", 15, "EUR")]),
        ("shore 1g 40\nstein 0,3 25", [("heroin", 1, "g", 40, None), ("crack", 0.3, "g", 25, None)]),
        ("mdma 1g 20\nkaa 2 gram 40", [("mdma", 1, "g", 20, None), ("ketamine", 2, "g", 40, None)]),
    ],
)
def test_packs_and_pieces_are_those_of_their_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
