"""Prices in running sentences: more of the same without a unit, numbers in words, goods that are denied."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "bianca 70 al g, tre te le do a 195",
            [("cocaine", 1, "g", 70, None), ("cocaine", 3, "g", 195, None)],
        ),
        (
            "speed mag weg voor 10, als je er vier pakt 32 euro",
            [("amphetamine", None, None, 10, "EUR"), ("amphetamine", 4, "g", 32, "EUR")],
        ),
        (
            "keta 35, neem je er drie 95",
            [("ketamine", None, None, 35, None), ("ketamine", 3, "g", 95, None)],
        ),
        (
            "haze 9 de gram, neem je er tien dan tachtig",
            [("cannabis", 1, "g", 9, None), ("cannabis", 10, "g", 80, None)],
        ),
        ("weed 12, 3 33", [("cannabis", None, None, 12, None), ("cannabis", 3, "g", 33, None)]),
        (
            "lghabra 650 lgram, jouj b 1200",
            [("cocaine", 1, "g", 650, None), ("cocaine", 2, "g", 1200, None)],
        ),
        (
            "coca b 700 dirham, jouj b 1300",
            [("cocaine", None, None, 700, "MAD"), ("cocaine", 2, "g", 1300, "MAD")],
        ),
        ("€45 voor een hele keta", [("ketamine", 1, "g", 45, "EUR")]),
        (
            "€45 voor n hele, €25 voor n halve. Alleen keta",
            [("ketamine", 1, "g", 45, "EUR"), ("ketamine", 0.5, "g", 25, "EUR")],
        ),
        (
            "keta gram 30, een halve 18, en voor twee pak ik 55",
            [
                ("ketamine", 1, "g", 30, None),
                ("ketamine", 0.5, "g", 18, None),
                ("ketamine", 2, "g", 55, None),
            ],
        ),
    ],
)
def test_more_of_the_same_needs_no_unit(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "1 gram costs £40, 3 grams £105. We can do 6 grams for £190. It is ketamine",
            [
                ("ketamine", 1, "g", 40, "GBP"),
                ("ketamine", 3, "g", 105, "GBP"),
                ("ketamine", 6, "g", 190, "GBP"),
            ],
        ),
        (
            "le gramme de beuh est à 9€, le gramme de coke est à 60€",
            [("cannabis", 1, "g", 9, "EUR"), ("cocaine", 1, "g", 60, "EUR")],
        ),
        (
            "bag of coke is 70, bag of weed 40",
            [("cocaine", 1, "pack", 70, None), ("cannabis", 1, "pack", 40, None)],
        ),
        ("oxy patches $20 each, only 9 left", [("oxycodone", 1, "piece", 20, "USD")]),
        ("got ket 25 left", [("ketamine", None, None, 25, None)]),
        ("bin in 15 da. keta 30", [("ketamine", None, None, 30, None)]),
        ("nen halven ons haze voor 260 euro", [("cannabis", 50, "g", 260, "EUR")]),
    ],
)
def test_a_price_belongs_to_what_its_sentence_counts(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("words", "price"),
    [
        ("soixante-dix euros", 70),
        ("quatre-vingt-dix euros", 90),
        ("cent quatre-vingts euros", 180),
        ("deux cent quatre-vingt-quinze euros", 295),
        ("duzentos e vinte euros", 220),
        ("two hundred and fifty euros", 250),
        ("sto czterdzieści euro", 140),
        ("cinci sute euro", 500),
        ("settecento euro", 700),
        ("seiscientos euros", 600),
        ("honderdzestig euro", 160),
    ],
)
def test_sums_in_words_are_whole_numbers(words: str, price: int) -> None:
    assert rows_of(f"coca 5 g {words}") == [("cocaine", 5, "g", price, "EUR")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("koks za trzy sto czterdzieści euro", [("cocaine", 3, "g", 140, "EUR")]),
        ("coca b alf o miya dirham", [("cocaine", None, None, 1100, "MAD")]),
        (
            "mandy at thirty a gram, ket a quarter ounce is one sixty",
            [("mdma", 1, "g", 30, None), ("ketamine", 7, "g", 160, None)],
        ),
        (
            "a gram's twenty, two's thirty eight. All ket",
            [("ketamine", 1, "g", 20, None), ("ketamine", 2, "g", 38, None)],
        ),
        (
            "md een gram vijfendertig, zes gram vraag ik honderdzestig",
            [("mdma", 1, "g", 35, None), ("mdma", 6, "g", 160, None)],
        ),
        ("haze een 10 twee 18", [("cannabis", 1, "g", 10, None), ("cannabis", 2, "g", 18, None)]),
    ],
)
def test_words_for_numbers_end_where_the_next_number_begins(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("white is 3 for 90, dark dont do it", [("cocaine", 3, "g", 90, None)]),
        ("5 gram voor 40. Bruin doe ik niet. Wel haze", [("cannabis", 5, "g", 40, None)]),
        ("Keta doe ik niet. Haze 9 de gram", [("cannabis", 1, "g", 9, None)]),
        ("flakka op, pillen 3x10", [("xtc-tablet", 3, "piece", 10, None)]),
        ("geen coke, keta 30", [("ketamine", None, None, 30, None)]),
        # what is said of goods is no denial of them
        ("keta niet versneden, 30 de gram", [("ketamine", 1, "g", 30, None)]),
        ("coke 60 en niet anders", [("cocaine", None, None, 60, None)]),
    ],
)
def test_goods_that_are_denied_have_no_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
