"""Sums, numbers and names on a line of goods that belong to none, or to the next."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coke 2 gr voor 90 (normaal 110)", [("cocaine", 2, "g", 90, None)]),
        ("keta 3g 80 euro ipv 95", [("ketamine", 3, "g", 80, "EUR")]),
        (
            "wit normaal 1 v 40 – 3 v 110",
            [("cocaine", 1, "g", 40, None), ("cocaine", 3, "g", 110, None)],
        ),
        ("polm 1e kwaliteit 10 gr 60", [("hashish", 10, "g", 60, None)]),
        ("keta 20e, 3g 55e", [("ketamine", None, None, 20, "EUR"), ("ketamine", 3, "g", 55, "EUR")]),
        ("smartwhip 640g 30. borg 15 per fles", [("nitrous-oxide", 1, "tank", 30, None)]),
        ("xtc 2,50 stuk", [("xtc-tablet", 1, "piece", 2.5, None)]),
        (
            "xtc 3 p.s. vanaf 20 stuks 50",
            [("xtc-tablet", 1, "piece", 3, None), ("xtc-tablet", 20, "piece", 50, None)],
        ),
        ("3 for 2 on acid, single £9", [("lsd", None, None, 9, "GBP")]),
        ("2 achetés = 1 offert sur le shit\nshit 6€ le g", [("hashish", 1, "g", 6, "EUR")]),
        ("prendi 3 paghi 2 sulla keta\nketa 30€", [("ketamine", None, None, 30, "EUR")]),
        ("10+2 gratis: 12 pillen voor €30", [("xtc-tablet", 12, "piece", 30, "EUR")]),
        ("coke 65,- nu 55,-", [("cocaine", None, None, 55, None)]),
        ("coke 1g ~~65~~ 55", [("cocaine", 1, "g", 55, None)]),
        ("hasj 5g van 45 naar 35", [("hashish", 5, "g", 35, None)]),
        ("keta 1g 25€ instead of 30€", [("ketamine", 1, "g", 25, "EUR")]),
        ("xtc 5 for 20", [("xtc-tablet", 5, "piece", 20, None)]),
    ],
)
def test_what_is_no_price_is_left_alone(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "keta 1g 30 // pillen 12 st 35 // haze 5g 45",
            [
                ("ketamine", 1, "g", 30, None),
                ("xtc-tablet", 12, "piece", 35, None),
                ("cannabis", 5, "g", 45, None),
            ],
        ),
        (
            "Keta\n1-4 g: €24\nvanaf 5 g: €19",
            [("ketamine", 1, "g", 24, "EUR"), ("ketamine", None, None, 19, "EUR")],
        ),
        (
            "xtc 6 € das Stück, ab 20 Stück 4 €",
            [("xtc-tablet", 1, "piece", 6, "EUR"), ("xtc-tablet", 1, "piece", 4, "EUR")],
        ),
        (
            "haze: 20g 6 / 50g 5,50 / 100g 5",
            [
                ("cannabis", 1, "g", 6, None),
                ("cannabis", 1, "g", 5.5, None),
                ("cannabis", 1, "g", 5, None),
            ],
        ),
        (
            "xtc 10 st 15\nxtc 20 st 10",
            [("xtc-tablet", 10, "piece", 15, None), ("xtc-tablet", 20, "piece", 10, None)],
        ),
        (
            "80 kg speed @ 700\n10 kg 3mmc @ 1900\n(prijs per kilo)",
            [("amphetamine", 1, "kg", 700, None), ("3-mmc", 1, "kg", 1900, None)],
        ),
        ("80 kg speed @ 56000", [("amphetamine", 80, "kg", 56000, None)]),
        (
            "XTC 1-9 €5 | 10-49 €4 | 50+ €3",
            [("xtc-tablet", 1, "piece", price, "EUR") for price in (5, 4, 3)],
        ),
        ("Teile:\nab 10 Stk je 5", [("xtc-tablet", 1, "piece", 5, None)]),
        ("pillen:\nvanaf 10 stuks 3 p.s.", [("xtc-tablet", 1, "piece", 3, None)]),
        (
            "haze 3.5 £40 oz £230\nskunk: 28 - £90 / QP - £300",
            [
                ("cannabis", 3.5, "g", 40, "GBP"),
                ("cannabis", 28, "g", 230, "GBP"),
                ("cannabis", 28, "g", 90, "GBP"),
                ("cannabis", 112, "g", 300, "GBP"),
            ],
        ),
        ("1g mdma 20\n1g k 25", [("mdma", 1, "g", 20, None), ("ketamine", 1, "g", 25, None)]),
        ("1P-LSD 100ug – 12 blotters €55", [("1p-lsd", 12, "piece", 55, "EUR")]),
        ("coke: halve 35 / hele 65", [("cocaine", 0.5, "g", 35, None), ("cocaine", 1, "g", 65, None)]),
        ("coca ➜ 35€ (mezza) ➜ 65€ (1)", [("cocaine", 0.5, "g", 35, "EUR"), ("cocaine", 1, "g", 65, "EUR")]),
        ("carts 1g 30 ea / 5 for 120", [("thc", 1, "piece", 30, None), ("thc", 5, "piece", 120, None)]),
    ],
)
def test_the_next_goods_have_their_own_amounts(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("c0ke 1g 8O - 3g 21O.", [("cocaine", 1, "g", 80, None), ("cocaine", 3, "g", 210, None)]),
        ("k3ta 1O g 9o, w33d 5g 4O .", [("ketamine", 10, "g", 90, None), ("cannabis", 5, "g", 40, None)]),
        ("vallies 60p each", [("diazepam", 1, "piece", 0.6, "GBP")]),
        ("xtc pillen 40x1,60€", [("xtc-tablet", 1, "piece", 1.6, "EUR")]),
        ("lsd 20x4,-", [("lsd", 1, "piece", 4, None)]),
        ("xtc 3x12,50€", [("xtc-tablet", 3, "piece", 12.5, "EUR")]),
        ("wit 2x1,5g 120", [("cocaine", 3, "g", 120, None)]),
        ("keta 20 de g, 4 pak je voor 70", [("ketamine", 1, "g", 20, None), ("ketamine", 4, "g", 70, None)]),
        (
            "ketamine 1g 20, ons 12 honderd",
            [("ketamine", 1, "g", 20, None), ("ketamine", 100, "g", 1200, None)],
        ),
        ("coke 45 → 50 euro", [("cocaine", None, None, 50, "EUR")]),
        ("keta 2 → 40 euro", [("ketamine", 2, "g", 40, "EUR")]),
        ("coke 1g 55\n📍 030", [("cocaine", 1, "g", 55, None)]),
        ("coke 1g £70\nPosted 1st class", [("cocaine", 1, "g", 70, "GBP")]),
        ("coke 1g statt 90€ nur 75€", [("cocaine", 1, "g", 75, "EUR")]),
        ("keta 30 das G. 20 - 3 Uhr", [("ketamine", 1, "g", 30, None)]),
        ("xtc 1-9 je 5€", [("xtc-tablet", 1, "piece", 5, "EUR")]),
        ("xtc 50+ je 2,50€", [("xtc-tablet", 1, "piece", 2.5, "EUR")]),
        ("keta 35/1g 90/3g", [("ketamine", 1, "g", 35, None), ("ketamine", 3, "g", 90, None)]),
        (
            "coke kilo 27k, half 14k",
            [("cocaine", 1, "kg", 27000, None), ("cocaine", 0.5, "kg", 14000, None)],
        ),
        (
            "block of white 26k, half 14k",
            [("cocaine", 1, "kg", 26000, None), ("cocaine", 0.5, "kg", 14000, None)],
        ),
        (
            "kwart kilo keta 1500 halve 2800 hele 5000",
            [
                ("ketamine", 0.25, "kg", 1500, None),
                ("ketamine", 0.5, "kg", 2800, None),
                ("ketamine", 1, "kg", 5000, None),
            ],
        ),
    ],
)
def test_numbers_are_read_by_what_is_written_against_them(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
