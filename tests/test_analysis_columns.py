"""Menus as tables: sizes over columns, amounts over their prices, one number a line."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Q / half / oz\nLemon haze 60 / 110 / 200\nSkunk 55 / 100 / 190",
            [
                ("cannabis", 7, "g", 60, None),
                ("cannabis", 14, "g", 110, None),
                ("cannabis", 28, "g", 200, None),
                ("cannabis", 7, "g", 55, None),
                ("cannabis", 14, "g", 100, None),
                ("cannabis", 28, "g", 190, None),
            ],
        ),
        (
            "Soort / ons / kilo\nPolm / €230 / €2.000\nHaze / €460 / €4.100",
            [
                ("hashish", 100, "g", 230, "EUR"),
                ("hashish", 1, "kg", 2000, "EUR"),
                ("cannabis", 100, "g", 460, "EUR"),
                ("cannabis", 1, "kg", 4100, "EUR"),
            ],
        ),
        (
            "wat | halfje | hele\nketa | 15 | 25\nsnuif | 30 | 55",
            [
                ("ketamine", 0.5, "g", 15, None),
                ("ketamine", 1, "g", 25, None),
                ("cocaine", 0.5, "g", 30, None),
                ("cocaine", 1, "g", 55, None),
            ],
        ),
        (
            "     1g | 3g | 5g\nKETA €25 | €60 | €95\nMDMA €20 | €45 | -",
            [
                ("ketamine", 1, "g", 25, "EUR"),
                ("ketamine", 3, "g", 60, "EUR"),
                ("ketamine", 5, "g", 95, "EUR"),
                ("mdma", 1, "g", 20, "EUR"),
                ("mdma", 3, "g", 45, "EUR"),
            ],
        ),
        (
            "prices per 1/2/5\nketa 25/45/100",
            [
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 2, "g", 45, None),
                ("ketamine", 5, "g", 100, None),
            ],
        ),
        (
            "             5 st   20 st   50 st\nOxazepam 10  €4     €14     €30",
            [
                ("oxazepam", 5, "piece", 4, "EUR"),
                ("oxazepam", 20, "piece", 14, "EUR"),
                ("oxazepam", 50, "piece", 30, "EUR"),
            ],
        ),
        (
            "🍁 2g / 5g / 10g\nAmnesia 20€ / 45€ / 80€\nZomaar 25€ / 55€ / 95€",
            [
                ("cannabis", 2, "g", 20, "EUR"),
                ("cannabis", 5, "g", 45, "EUR"),
                ("cannabis", 10, "g", 80, "EUR"),
                ("cannabis", 2, "g", 25, "EUR"),
                ("cannabis", 5, "g", 55, "EUR"),
                ("cannabis", 10, "g", 95, "EUR"),
            ],
        ),
        (
            "Hash 5g 10g 25g\nfrozen 40 75 170",
            [
                ("hashish", 5, "g", 40, None),
                ("hashish", 10, "g", 75, None),
                ("hashish", 25, "g", 170, None),
            ],
        ),
        (
            "2 | 4 | 8\nketa 45 | 85 | 150",
            [
                ("ketamine", 2, "g", 45, None),
                ("ketamine", 4, "g", 85, None),
                ("ketamine", 8, "g", 150, None),
            ],
        ),
        (
            "gram: 1 / 3 / 5\nketa 25 / 60 / 95",
            [
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 3, "g", 60, None),
                ("ketamine", 5, "g", 95, None),
            ],
        ),
        (
            "GRAM   KETA   SNUIF\n1      €25    €60\n3      €65    €160",
            [
                ("ketamine", 1, "g", 25, "EUR"),
                ("cocaine", 1, "g", 60, "EUR"),
                ("ketamine", 3, "g", 65, "EUR"),
                ("cocaine", 3, "g", 160, "EUR"),
            ],
        ),
    ],
)
def test_sizes_stand_over_the_columns_of_prices(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "Amnesia haze\n1/3/5\n40/110/170",
        "haze 1/3/5\n40/110/170",
        "haze\n1-3-5\n40-110-170",
        "Haze 🌳\n1 / 3 / 5\n40 / 110 / 170",
    ],
)
def test_a_line_of_amounts_stands_over_one_of_as_many_prices(text: str) -> None:
    assert rows_of(text) == [
        ("cannabis", 1, "g", 40, None),
        ("cannabis", 3, "g", 110, None),
        ("cannabis", 5, "g", 170, None),
    ]


@pytest.mark.parametrize("text", ["coke\n12/10/24\n13/11/24", "1/3/5\n40/110/170", "coke\n1/3/5\n9/40/90"])
def test_other_numbers_over_as_many_are_no_amounts(text: str) -> None:
    assert ("cocaine", 5, "g", 170, None) not in rows_of(text)
    assert not {("cocaine", 12, "g", 13, None), ("cocaine", 3, "g", 40, None)}.intersection(rows_of(text))


def test_prices_over_those_of_another_drug_are_no_sizes() -> None:
    assert ("ketamine", 10, "g", 50, None) not in rows_of("coke 10/20/30\nketa 50/60/70")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "keta 1/3/5 gr\n25/60/95 euro",
            [
                ("ketamine", 1, "g", 25, "EUR"),
                ("ketamine", 3, "g", 60, "EUR"),
                ("ketamine", 5, "g", 95, "EUR"),
            ],
        ),
        (
            "KETA\n1\n25\n4\n80\nCOKE\n1\n55",
            [
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 4, "g", 80, None),
                ("cocaine", 1, "g", 55, None),
            ],
        ),
        (
            "keta naald 25 / 45 / 95 (1-2-5)",
            [
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 2, "g", 45, None),
                ("ketamine", 5, "g", 95, None),
            ],
        ),
    ],
)
def test_amounts_stand_over_or_beside_as_many_prices(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke 0.5/1/3 £45/£80/£210",
            [
                ("cocaine", 0.5, "g", 45, "GBP"),
                ("cocaine", 1, "g", 80, "GBP"),
                ("cocaine", 3, "g", 210, "GBP"),
            ],
        ),
        (
            "hasj 15€ 35€ (2g / 5g)\nwiet 15€",
            [
                ("hashish", 2, "g", 15, "EUR"),
                ("hashish", 5, "g", 35, "EUR"),
                ("cannabis", None, None, 15, "EUR"),
            ],
        ),
        ("speed 1-5-10 9-40-70", [("amphetamine", n, "g", p, None) for n, p in ((1, 9), (5, 40), (10, 70))]),
        (
            "coke 55/105/150 (1/2/3)\nketa 25/45",
            [
                ("cocaine", 1, "g", 55, None),
                ("cocaine", 2, "g", 105, None),
                ("cocaine", 3, "g", 150, None),
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 2, "g", 45, None),
            ],
        ),
        ("keta — 1 / 25 — 3 / 60", [("ketamine", 1, "g", 25, None), ("ketamine", 3, "g", 60, None)]),
        ("xtc 1/5 10/40", [("xtc-tablet", 1, "piece", 5, None), ("xtc-tablet", 10, "piece", 40, None)]),
        ("keta 25/45", [("ketamine", 25, "g", 45, None)]),
    ],
)
def test_amounts_and_prices_stand_in_two_groups(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_names_above_one_row_have_it_each() -> None:
    row = [("cannabis", 3.5, "g", 45, None), ("cannabis", 7, "g", 80, None)]
    assert rows_of("Amnesia Haze\nRainbow Sherbert\nZkittlez\n3.5 = 45 | 7 = 80") == [*row, *row, *row]
    assert rows_of("Amnesia Haze\nZkittlez\n3.5 = 45\n7 = 80\nhasj 5g 40") == [
        *(row[0], row[0], row[1], row[1]),
        ("hashish", 5, "g", 40, None),
    ]
    assert rows_of("Cali\nZkittlez\n3.5 = 45 | 7 = 80") == row
    assert rows_of("Super Polm\nZkittlez\n3.5 = 45 | 7 = 80") == row


def test_a_heading_names_the_amount_of_the_prices_below_it() -> None:
    assert rows_of("Cali weed 3,5g\nGelato 33 60\nZkittlez 65") == [
        ("cannabis", 3.5, "g", 60, None),
        ("cannabis", 3.5, "g", 65, None),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Prijslijst per kg\nspeed 900\nketa 4200",
            [("amphetamine", 1, "kg", 900, None), ("ketamine", 1, "kg", 4200, None)],
        ),
        (
            "Per kilo: speed 900, keta 4200",
            [("amphetamine", 1, "kg", 900, None), ("ketamine", 1, "kg", 4200, None)],
        ),
        (
            "PILLS\nTeslas £6 / 10 £45\nTREES\nHome brand 3.5 £35",
            [
                ("xtc-tablet", None, None, 6, "GBP"),
                ("xtc-tablet", 10, "piece", 45, "GBP"),
                ("cannabis", 3.5, "g", 35, "GBP"),
            ],
        ),
        (
            "Amnesia haze 5g 45\nMorgenrood 5g 50\nWhite widow 5g 40",
            [
                ("cannabis", 5, "g", 45, None),
                ("cannabis", 5, "g", 50, None),
                ("cannabis", 5, "g", 40, None),
            ],
        ),
        ("95€ ❄️❄️\n50€ ❄️", [("cocaine", 2, None, 95, "EUR"), ("cocaine", 1, None, 50, "EUR")]),
    ],
)
def test_headings_and_neighbours_say_what_a_line_is_of(text: str, rows: list[Row]) -> None:
    found = rows_of(text)
    assert [(*row[:2], row[3], row[4]) for row in found] == [(*row[:2], row[3], row[4]) for row in rows]
    assert all(row[2] == wanted[2] for row, wanted in zip(found, rows, strict=True) if wanted[2])


@pytest.mark.parametrize(
    ("text", "currencies"),
    [
        ("keta 1g 25\nmdma 1g 20\nprijzen in euro, per gram", ["EUR", "EUR"]),
        ("xtc 5 20\n(stuks / euro)", ["EUR"]),
        ("alle Preise in €\nketa 1g 25", ["EUR"]),
        ("keta 💶25\nmdma 💶20", ["EUR", "EUR"]),
        ("keta 1g 25\nalles in euro • minimaal 3 gram", ["EUR"]),
        ("keta 1g 25\n£££ till 2am", ["GBP"]),
        ("k€ta 1g 25", [None]),
        ("keta 1g 25\nvanaf 3 gram een euro eraf", [None]),
    ],
)
def test_words_for_a_currency_name_that_of_all_prices(text: str, currencies: list[str]) -> None:
    assert [row[4] for row in rows_of(text)] == currencies


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "      1g   2g   5g\nWit   45   85   200\nSpeed   9   16   --",
            [
                ("cocaine", 1, "g", 45, None),
                ("cocaine", 2, "g", 85, None),
                ("cocaine", 5, "g", 200, None),
                ("amphetamine", 1, "g", 9, None),
                ("amphetamine", 2, "g", 16, None),
            ],
        ),
        (
            "   0.5  1  2\nwit  28  48  92\nketa  -  30  55",
            [
                ("cocaine", 0.5, "g", 28, None),
                ("cocaine", 1, "g", 48, None),
                ("cocaine", 2, "g", 92, None),
                ("ketamine", 1, "g", 30, None),
                ("ketamine", 2, "g", 55, None),
            ],
        ),
        (
            "Prijzen per 1 / 10 / 50 stuks\n2C-B geel 7 / 45 / 190",
            [
                ("2c-b", 1, "piece", 7, None),
                ("2c-b", 10, "piece", 45, None),
                ("2c-b", 50, "piece", 190, None),
            ],
        ),
        (
            "ILOŚĆ 1 | 5 | 10\nFeta 40 | 160 | 280\nceny w zł",
            [
                ("amphetamine", 1, "g", 40, "PLN"),
                ("amphetamine", 5, "g", 160, "PLN"),
                ("amphetamine", 10, "g", 280, "PLN"),
            ],
        ),
    ],
)
def test_dashes_stand_for_empty_cells_and_lines_name_what_prices_are_in(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_unit_alone_is_an_amount_over_its_column() -> None:
    assert rows_of("1g  7g  oz\nweed 10 60 200\nhash 9 50 170") == [
        ("cannabis", 1, "g", 10, None),
        ("cannabis", 7, "g", 60, None),
        ("cannabis", 28, "g", 200, None),
        ("hashish", 1, "g", 9, None),
        ("hashish", 7, "g", 50, None),
        ("hashish", 28, "g", 170, None),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "wit 50/95/135\nketa: 25/45",
            [
                ("cocaine", 1, "g", 50, None),
                ("cocaine", 2, "g", 95, None),
                ("cocaine", 3, "g", 135, None),
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 2, "g", 45, None),
            ],
        ),
        (
            "coke €50/€95/€140",
            [
                ("cocaine", 1, "g", 50, "EUR"),
                ("cocaine", 2, "g", 95, "EUR"),
                ("cocaine", 3, "g", 140, "EUR"),
            ],
        ),
        ("wiet 5/45", [("cannabis", 5, "g", 45, None)]),
        # nobody pays fifty for a gram of hemp
        ("wiet 50/95/135", [("cannabis", 50, "g", 95, None), ("cannabis", None, None, 135, None)]),
    ],
)
def test_three_prices_behind_a_product_are_of_one_two_and_three(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
