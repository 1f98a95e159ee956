"""Goods, amounts and prices of lists that are written so as to be missed."""

from __future__ import annotations

import pytest
from menu_rows import Row, lexicon, rows_of

from forensics.analysis.menu import read


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "c0c4 1g 6O eur0s, m4r14 5g 3O eur0s",
            [("cocaine", 1, "g", 60, "EUR"), ("cannabis", 5, "g", 30, "EUR")],
        ),
        ("p4st4 k1l0 650", [("amphetamine", 1, "kg", 650, None)]),
        (
            "a.s.s.i.e 1 -> 45\ns0s 1/2 -> 75",
            [("hashish", 1, "g", 45, None), ("cocaine", 0.5, "g", 75, None)],
        ),
        ("B E U H 3 , 5 g 4 0 €", [("cannabis", 3.5, "g", 40, "EUR")]),
        (
            "c.o.k.e 1.g 50 // x.t.c 5.st 15",
            [("cocaine", 1, "g", 50, None), ("xtc-tablet", 5, "piece", 15, None)],
        ),
    ],
)
def test_amounts_beside_a_hidden_name(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("C 0 K 3  1g = 80 quid", [("cocaine", 1, "g", 80, "GBP")]),
        ("K 3 T  1g = 30 quid", [("ketamine", 1, "g", 30, "GBP")]),
        ("k 3 t 4 1g 30", [("ketamine", 1, "g", 30, None)]),
        ("K 0 K S  1 70", [("cocaine", 1, "g", 70, None)]),
        ("k e t a 1 25\nm d m 4 1g 30", [("ketamine", 1, "g", 25, None), ("mdma", 1, "g", 30, None)]),
        ("b r 4 n c 4 1g - 50", [("cocaine", 1, "g", 50, None)]),
    ],
)
def test_digits_stand_for_letters_of_a_name_written_apart(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("pillllennn 10 voor 25", [("xtc-tablet", 10, "piece", 25, None)]),
        ("keeettttaaa 1 voor 25", [("ketamine", 1, "g", 25, None)]),
    ],
)
def test_each_stretched_letter_is_squeezed_for_itself(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("k0ka!n 1 = 4000 TL", [("cocaine", 1, "g", 4000, "TRY")]),
        ("4ssie 5=30", [("hashish", 5, "g", 30, None)]),
        ("3ndo 5 50", [(None, 5, None, 50, None)]),  # a word of Darija
        ("xan4x 10 st 25", [("alprazolam", 10, "piece", 25, None)]),
    ],
)
def test_a_name_in_digits_is_read_whole(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Hash10g70Wiet10g80Wit1g50",
            [
                ("hashish", 10, "g", 70, None),
                ("cannabis", 10, "g", 80, None),
                ("cocaine", 1, "g", 50, None),
            ],
        ),
        ("Keta1g25 Md1g15", [("ketamine", 1, "g", 25, None), ("mdma", 1, "g", 15, None)]),
    ],
)
def test_goods_with_amounts_written_as_one_word(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "w . i . t   1 = €50\nh . a . s . h   10 = €60",
            [("cocaine", 1, "g", 50, "EUR"), ("hashish", 10, "g", 60, "EUR")],
        ),
        ("4.m.m.c 1g €18", [("mephedrone", 1, "g", 18, "EUR")]),
        ("m d m a 1g 20\n2 c b per stuk 6,-", [("mdma", 1, "g", 20, None), ("2c-b", 1, "piece", 6, None)]),
        ("2m a day", []),  # no code
    ],
)
def test_letters_with_points_apart_and_codes_with_their_number(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "c*ke 1g 50, k*ta 1g 25\nSp**d 10g 50",
            [
                ("cocaine", 1, "g", 50, None),
                ("ketamine", 1, "g", 25, None),
                ("amphetamine", 10, "g", 50, None),
            ],
        ),
        ("zo'n k*t 5", []),  # an ordinary word
        ("h*sch", []),  # no number
    ],
)
def test_stars_stand_for_vowels_before_a_number(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("k | e | t | a  1 = 2 5", [("ketamine", 1, "g", 25, None)]),
        ("G-r-a-s 5er 4-5", [("cannabis", 5, "g", 45, None)]),
        ("wi-et  5 gr  4-0", [("cannabis", 5, "g", 40, None)]),
        ("_c_o_k_e_ 1 g 5_0", [("cocaine", 1, "g", 50, None)]),
        ("k3t4 1g 2S", [("ketamine", 1, "g", 25, None)]),
    ],
)
def test_signs_between_letters_and_digits_are_passed_over(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_range_beside_letters_with_hyphens_is_no_sum() -> None:
    assert all(price != 25 for *_, price, _ in rows_of("g-r-a-s 2-5 g 10"))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Kosk 1g 65\nKeat 1g 25\nSppeed 5g 40",
            [
                ("cocaine", 1, "g", 65, None),
                ("ketamine", 1, "g", 25, None),
                ("amphetamine", 5, "g", 40, None),
            ],
        ),
        (
            "coke 1 garm 50, pilen 5 sutks 20",
            [("cocaine", 1, "g", 50, None), ("xtc-tablet", 5, "piece", 20, None)],
        ),
    ],
)
def test_typing_errors_where_goods_stand(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "Koek 1 2,50\nTaart 2 5\nweit 3",
        "week 1 50\nweek 2 60",
        "weit 10 km",
        "hajs 200\nkiks 100",
        "telas 2 50\ncoxa 1 20",
    ],
)
def test_such_words_without_a_name_are_none(text: str) -> None:
    assert not read(text, lexicon()).terms


@pytest.mark.parametrize("text", ["coke 1g 50\nweit 5 km", "koks 1g 250, hajs 200", "coke 1g 50\ngran 5"])
def test_ordinary_words_are_no_errors_beside_goods_either(text: str) -> None:
    assert len(read(text, lexicon()).terms) == 1


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("lyrica 300 strp 20", [("pregabalin", 1, "strip", 20, None)]),
        ("stilnox bakya 180", [("zolpidem", 1, "pack", 180, None)]),
        ("wiet 5grm 40", [("cannabis", 5, "g", 40, None)]),
    ],
)
def test_units_cut_short(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("🏔️1️⃣🟰5️⃣0️⃣", [("cocaine", 1, "g", 50, None)]),
        ("🥛 1 700", [("cocaine", 1, "g", 700, None)]),
        ("🥬 5 45", [("cannabis", 5, "g", 45, None)]),
    ],
)
def test_emoji_of_goods_with_amount_and_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("zolpidem 10 x28 - 40", [("zolpidem", 28, "piece", 40, None)]),
        ("temaz 20 x28 — 60", [("temazepam", 28, "piece", 60, None)]),
    ],
)
def test_a_strength_before_how_many_tablets(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_strip_in_portuguese() -> None:
    assert rows_of("Diazepam 10 carteira 8€") == [("diazepam", 1, "strip", 8, "EUR")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Zops 7.5 strip of 14 £20", [("zopiclone", 1, "strip", 20, "GBP")]),
        ("xanax 3 strips 40", [("alprazolam", 3, "strip", 40, None)]),
    ],
)
def test_a_strength_before_one_strip(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ѕоѕ 1 5о\nhaѕј 5 2о", [("cocaine", 1, "g", 50, None), ("hashish", 5, "g", 20, None)]),
        ("Haze 1 = 10, рер 5 = 2О", [("cannabis", 1, "g", 10, None), ("amphetamine", 5, "g", 20, None)]),
        ("wіt 1 vооr 5О, 2 vооr 9О", [("cocaine", 1, "g", 50, None), ("cocaine", 2, "g", 90, None)]),
        ("сок яблочный 1 50, мак 2 30", [(None, 1, None, 50, None), (None, 2, None, 30, None)]),
    ],
)
def test_three_letters_and_zeros_in_look_alikes(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
