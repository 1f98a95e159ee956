"""Several goods with one price: bundles, which have none by themselves, and goods that are sold alike."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "DISCOPAKKET 🎈 2 sos, 3 keta, 6 snoep = 180",
            [
                ("cocaine", 2, "g", None, None),
                ("ketamine", 3, "g", None, None),
                ("xtc-tablet", 6, "piece", None, None),
            ],
        ),
        (
            "Proefpakket €65: 1 coke, 2 gram speed, 3 zegels",
            [
                ("cocaine", 1, "g", None, "EUR"),
                ("amphetamine", 2, "g", None, "EUR"),
                ("lsd", 3, "piece", None, "EUR"),
            ],
        ),
        (
            "Slaapset €30: strip oxazepam en strip temazepam",
            [("oxazepam", 1, "strip", None, "EUR"), ("temazepam", 1, "strip", None, "EUR")],
        ),
        (
            "PACK NOCHE 1 coca + 3 pastis = 85€",
            [("cocaine", 1, "g", None, "EUR"), ("xtc-tablet", 3, "piece", None, "EUR")],
        ),
        (
            "Paket B: 2g Koks, 4 Teile zusammen 150€",
            [("cocaine", 2, "g", None, "EUR"), ("xtc-tablet", 4, "piece", None, "EUR")],
        ),
        (
            "3 wit + 2 keta 170 pakketje, los keta 30",
            [
                ("cocaine", 3, "g", None, None),
                ("ketamine", 2, "g", None, None),
                ("ketamine", None, None, 30, None),
            ],
        ),
        (
            "1 ket + 4 balloons £40",
            [("ketamine", 1, "g", None, "GBP"), ("nitrous-oxide", 4, "piece", None, "GBP")],
        ),
        ("coke 2 g 90, keta 1 g 25", [("cocaine", 2, "g", 90, None), ("ketamine", 1, "g", 25, None)]),
    ],
)
def test_the_goods_of_a_bundle_have_no_price_of_their_own(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke or crack £55, ket £25",
            [
                ("crack", None, None, 55, "GBP"),
                ("cocaine", None, None, 55, "GBP"),
                ("ketamine", None, None, 25, "GBP"),
            ],
        ),
        (
            "keta, speed y mefe 25€ g",
            [
                ("mephedrone", 1, "g", 25, "EUR"),
                ("ketamine", 1, "g", 25, "EUR"),
                ("amphetamine", 1, "g", 25, "EUR"),
            ],
        ),
        ("hasis sau iarba 70 lei", [("cannabis", None, None, 70, "RON"), ("hashish", None, None, 70, "RON")]),
        (
            "lsd 2cb xtc allemaal €7",
            [
                ("xtc-tablet", None, None, 7, "EUR"),
                ("lsd", None, None, 7, "EUR"),
                ("2c-b", None, None, 7, "EUR"),
            ],
        ),
        (
            "diazepam/temazepam strip €14",
            [("temazepam", 1, "strip", 14, "EUR"), ("diazepam", 1, "strip", 14, "EUR")],
        ),
        ("ket en speed komen morgen weer, hasj 5g 35", [("hashish", 5, "g", 35, None)]),
        ("paddo's en truffels! coke 1g 50", [("cocaine", 1, "g", 50, None)]),
        ("a few bars of hash, 2g 20", [("hashish", 2, "g", 20, None)]),
    ],
)
def test_goods_that_are_joined_are_sold_alike(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("wiet 5+1 gram 30", ("cannabis", 6, "g", 30, None)),
        ("hasj 10+2 80", ("hashish", 12, "g", 80, None)),
        ("xtc 10+2 stuks 30", ("xtc-tablet", 12, "piece", 30, None)),
        ("coke 1+1 90", ("cocaine", 1, "g", 90, None)),
        ("1 coke + 1 gram keta 90", ("ketamine", 1, "g", None, None)),
    ],
)
def test_a_few_more_of_the_same_are_sold_with_it_for_its_price(text: str, row: Row) -> None:
    assert row in rows_of(text)
