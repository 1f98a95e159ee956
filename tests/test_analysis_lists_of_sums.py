"""Lists whose sums or sizes stand where they are no price or amount of their line."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coke 2g 120€ au lieu de 140€", [("cocaine", 2, "g", 120, "EUR")]),
        ("hierba 5g de 45€ por 40€", [("cannabis", 5, "g", 40, "EUR")]),
        ("oxy 10 $90\n20+ any = $2 off each", [("oxycodone", 10, "piece", 90, "USD")]),
        (
            "xtc 1 t/m 5 pillen 6\n6 t/m 9 5",
            [("xtc-tablet", 1, "piece", 6, None), ("xtc-tablet", 1, "piece", 5, None)],
        ),
        (
            "75 = 1x koks\n140 = 2x koks",
            [("cocaine", 1, "g", 75, None), ("cocaine", 2, "g", 140, None)],
        ),
        (
            "bruin: kwart 7, half 13, heel 24",
            [("heroin", v, "g", p, None) for v, p in ((0.25, 7), (0.5, 13), (1, 24))],
        ),
        ("speed per kg €900 (vanaf 5)", [("amphetamine", 1, "kg", 900, "EUR")]),
        (
            "wit hele 45, tweetje 85, vijfje 200",
            [("cocaine", v, "g", p, None) for v, p in ((1, 45), (2, 85), (5, 200))],
        ),
        ("hasj 3x filt 50g €250", [("hashish", 50, "g", 250, "EUR")]),
        ("jaune 2x filtré : 10g 55€", [("hashish", 10, "g", 55, "EUR")]),
        ("tramadol 50 cada 2€", [("tramadol", 1, "piece", 2, "EUR")]),
        ("coke 50, from 11 till late", [("cocaine", None, None, 50, None)]),
        ("coke 1g 60€\n🎆 31/12 rijden wij", [("cocaine", 1, "g", 60, "EUR")]),
        ("beuh 9€ le g, livré offert dès 80€ d'achat", [("cannabis", 1, "g", 9, "EUR")]),
        (
            "keta 1g 30\n25 los, 5 voor 100",
            [
                ("ketamine", 1, "g", 30, None),
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 5, "g", 100, None),
            ],
        ),
        (
            "modafinil 200mg 20ct $35 / 50ct $80",
            [("modafinil", 20, "piece", 35, "USD"), ("modafinil", 50, "piece", 80, "USD")],
        ),
        ("gekookt: 1 steen 6, 3 steen 15", [("crack", 1, "piece", 6, None), ("crack", 3, "piece", 15, None)]),
        ("120 - 2,4 wit\n90 - 3,5 ket", [("cocaine", 2.4, "g", 120, None), ("ketamine", 3.5, "g", 90, None)]),
        (
            "wit50 wit2 95 wit5 220",
            [
                ("cocaine", None, None, 50, None),
                ("cocaine", 2, "g", 95, None),
                ("cocaine", 5, "g", 220, None),
            ],
        ),
        ("snow 55, md 35 g", [("cocaine", None, None, 55, None), ("mdma", 1, "g", 35, None)]),
        ("md 25 een g, keta 20", [("mdma", 1, "g", 25, None), ("ketamine", None, None, 20, None)]),
        ("md 25, keta 7g", [("mdma", None, None, 25, None), ("ketamine", 7, "g", None, None)]),
        ("lachgas tank 2 kg x3 €120", [("nitrous-oxide", 3, "tank", 120, "EUR")]),
        ("LSD 1 tripi 12€", [("lsd", 1, "piece", 12, "EUR")]),
        (
            "speed per halve kilo 450 / hele kilo 800",
            [("amphetamine", 0.5, "kg", 450, None), ("amphetamine", 1, "kg", 800, None)],
        ),
        (
            "bruin 12 euro een halfje, 20 euro de gram",
            [("heroin", 0.5, "g", 12, "EUR"), ("heroin", 1, "g", 20, "EUR")],
        ),
        ("wit 50, per gram 45", [("cocaine", None, None, 50, None), ("cocaine", 1, "g", 45, None)]),
        ("coke 3 voor barkie 30", [("cocaine", 3, "g", 130, None)]),
        ("verf (wit ❄️) 1 gr 50 euro", [("cocaine", 1, "g", 50, "EUR")]),
    ],
)
def test_sums_that_hold_no_more_or_belong_to_others(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke 1,60 / 2,115 / 3,165",
            [("cocaine", v, "g", p, None) for v, p in ((1, 60), (2, 115), (3, 165))],
        ),
        (
            "keta 1.25 5.95\nwiet 9.100",
            [("ketamine", 1, "g", 25, None), ("ketamine", 5, "g", 95, None), ("cannabis", 9, "g", 100, None)],
        ),
        (
            "keta 1 g 2 0, 5 g 9 0\ncoke 5 g 2 2 5",
            [("ketamine", 1, "g", 20, None), ("ketamine", 5, "g", 90, None), ("cocaine", 5, "g", 225, None)],
        ),
        ("xtc 2,50 / 3,95", [("xtc-tablet", 2.5, "piece", 3.95, None)]),
    ],
)
def test_numbers_written_together_or_apart(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "oz's:\namnesia 170\nstardawg 160",
            [("cannabis", 28, "g", 170, None), ("cannabis", 28, "g", 160, None)],
        ),
        ("OZ PRICES\nAmnesia £180", [("cannabis", 28, "g", 180, "GBP")]),
        (
            "prijs per 50 gram\nhaze 300\namnesia 280",
            [("cannabis", 50, "g", 300, None), ("cannabis", 50, "g", 280, None)],
        ),
        (
            "haze 45\namnesia 40\nprijs per 5 g",
            [("cannabis", 5, "g", 45, None), ("cannabis", 5, "g", 40, None)],
        ),
        (
            "per halve kilo / hele kilo\nhaze 2400 / 4600 €\namnesia 2300 / 4500 €",
            [("cannabis", v, "kg", p, "EUR") for v, p in ((0.5, 2400), (1, 4600), (0.5, 2300), (1, 4500))],
        ),
        ("pastile la folie:\nrivotril 2mg 70 lei", [("clonazepam", 1, "strip", 70, "RON")]),
    ],
)
def test_a_size_above_that_holds_for_all_prices(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("brood wit 1,40 / 2,60", []),
        ("haze 50 9\n100 8", [("cannabis", 50, "g", 9, None), ("cannabis", 100, "g", 8, None)]),
        ("coke 2 normaal 90", [("cocaine", 2, "g", 90, None)]),
        (
            "OZ PRICES\namnesia 170\nhaze 160\n\ncoke 80",
            [
                ("cannabis", 28, "g", 170, None),
                ("cannabis", 28, "g", 160, None),
                ("cocaine", None, None, 80, None),
            ],
        ),
        (
            "prijs per 100 gram\namnesia 250\n\nprijs per 50 gram\n\nhaze 150",
            [("cannabis", 100, "g", 250, None), ("cannabis", 50, "g", 150, None)],
        ),
        ("gas 8g 15€", [("nitrous-oxide", 8, "g", 15, "EUR")]),
        ("jas 40€\nbroek 25€\njas is wit", [(None, None, None, 40, "EUR"), (None, None, None, 25, "EUR")]),
        ("1x 15€\n2x 25€\nT-shirt wit", [(None, 1, None, 15, "EUR"), (None, 2, None, 25, "EUR")]),
    ],
)
def test_what_only_looks_like_such_a_list_is_read_as_it_stands(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
