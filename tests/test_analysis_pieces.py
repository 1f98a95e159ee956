"""Goods by the piece, and names that are written so as to be missed, in lists."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "heroine bolletje 12, 3 voor 30",
            [("heroin", None, None, 12, None), ("heroin", 3, "piece", 30, None)],
        ),
        ("crack steentje 1 voor 12", [("crack", 1, "piece", 12, None)]),
        ("CRACK 2 sassi 18€", [("crack", 2, "piece", 18, "EUR")]),
        ("stones 1 12 3 30", [("crack", 1, "piece", 12, None), ("crack", 3, "piece", 30, None)]),
        ("mdma rocks g £35", [("mdma", 1, "g", 35, "GBP")]),
        ("rivotril 2mg cartela 45", [("clonazepam", 1, "strip", 45, None)]),
        ("Xanax 1mg lâmina 14€", [("alprazolam", 1, "strip", 14, "EUR")]),
        ("Clonazepam opak 140 zł", [("clonazepam", 1, "box", 140, "PLN")]),
    ],
)
def test_a_word_for_pieces_or_packs_behind_the_name_counts_them(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("5p33d 10g 45€", [("amphetamine", 10, "g", 45, "EUR")]),
        ("3cst4sy 5 Stk 30€", [("xtc-tablet", 5, "piece", 30, "EUR")]),
        ("5pil 10", [("xtc-tablet", 5, "piece", 10, None)]),
        ("Сосаїnе 2g 95€", [("cocaine", 2, "g", 95, "EUR")]),
        ("Ƙєтαмιηє 3 = 70", [("ketamine", 3, "g", 70, None)]),
        ("sooooos 2 vr 95", [("cocaine", 2, "g", 95, None)]),
        ("piiiills 5 for 20", [("xtc-tablet", 5, "piece", 20, None)]),
        ("sp33d 1Og 45", [("amphetamine", 10, "g", 45, None)]),
        ("c.o.k.e 1g 70\nm.d 1g 30", [("cocaine", 1, "g", 70, None), ("mdma", 1, "g", 30, None)]),
        ("coke 1g 70\nm d 1g 30", [("cocaine", 1, "g", 70, None), (None, 1, "g", 30, None)]),
    ],
)
def test_names_with_other_letters_digits_or_gaps_are_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Wit blok €26.000\nHalve blok €13.500",
            [("cocaine", 1, "kg", 26000, "EUR"), ("cocaine", 0.5, "kg", 13500, "EUR")],
        ),
        ("the white stuff 75", [("cocaine", None, None, 75, None)]),
        ("💊 Purple Rolex 10 £40", [("xtc-tablet", 10, "piece", 40, "GBP")]),
        ("PILLEN\nGroene Ferrari 10 voor 25", [("xtc-tablet", 10, "piece", 25, None)]),
        ("paard 1g 25", [("ketamine", 1, "g", 25, None)]),
        ("الحشيش 40 درهم", [("hashish", None, None, 40, "MAD")]),
        ("Space brownies 7 per stuk", [("thc", 1, "piece", 7, None)]),
    ],
)
def test_what_the_company_of_a_word_makes_of_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "wit 45 keta 22 pillen 3 wiet 9",
            [
                ("cocaine", None, None, 45, None),
                ("ketamine", None, None, 22, None),
                ("xtc-tablet", None, None, 3, None),
                ("cannabis", None, None, 9, None),
            ],
        ),
        (
            "md 1 18 keta 1 22 pillen 10 28",
            [
                ("mdma", 1, "g", 18, None),
                ("ketamine", 1, "g", 22, None),
                ("xtc-tablet", 10, "piece", 28, None),
            ],
        ),
        ("coke 25 pillen", [("cocaine", 25, "piece", None, None)]),
        ("ket 8,5 per k", [("ketamine", 1, "kg", 8500, None)]),
        ("speed 1 kg 650", [("amphetamine", 1, "kg", 650, None)]),
    ],
)
def test_pairs_in_a_row_and_kilos_in_thousands(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "1 coke 1 keta 5 pillen",
            [
                ("cocaine", 1, "g", None, None),
                ("ketamine", 1, "g", None, None),
                ("xtc-tablet", 5, "piece", None, None),
            ],
        ),
        (
            "2 keta 10 pillen 80 euro",
            [("ketamine", 2, "g", None, None), ("xtc-tablet", 10, "piece", 80, "EUR")],
        ),
        ("5 wiet en 2 pillen", [("cannabis", 5, "g", None, None), ("xtc-tablet", 2, "piece", None, None)]),
    ],
)
def test_tablets_behind_a_counted_powder_are_no_tablets_of_that(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("zegels 1000 voor €10", [("lsd", 1000, "piece", 10, "EUR")]),
        ("zegels €10 voor 1", [("lsd", 1, "piece", 10, "EUR")]),
        ("zegels 10 voor 1", [("lsd", 1, "piece", 10, None)]),
    ],
)
def test_a_sum_with_its_sign_is_the_sum_whatever_stands_first(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
