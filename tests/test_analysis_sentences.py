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
        ("1 oz coke for six fifty", [("cocaine", 28, "g", 650, None)]),
        ("coke is two fifty an oz", [("cocaine", 28, "g", 250, None)]),
        ("2 oz coke for twelve fifty", [("cocaine", 56, "g", 1250, None)]),
        ("3 strips xanax for seven fifty", [("alprazolam", 3, "strip", 7.5, None)]),
    ],
)
def test_fifty_behind_a_number_in_words_adds_hundreds_and_is_never_multiplied(
    text: str, rows: list[Row]
) -> None:
    assert rows_of(text) == rows


def test_a_banknote_before_goods_is_no_weight() -> None:
    assert rows_of("hast du nen Zehner Weed") == [("cannabis", None, None, 10, None)]


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "roze tusi, 45 voor een en 120 voor drie",
            [("pink-cocaine", 1, "g", 45, None), ("pink-cocaine", 3, "g", 120, None)],
        ),
        (
            "ket is sixty for two and one-fifty for six",
            [("ketamine", 2, "g", 60, None), ("ketamine", 6, "g", 150, None)],
        ),
        (
            "haze gram 10, 2tje 18 halfje 6",
            [
                ("cannabis", 1, "g", 10, None),
                ("cannabis", 2, "g", 18, None),
                ("cannabis", 0.5, "g", 6, None),
            ],
        ),
        (
            "coke 60 euro, wenn du 4 nimmst 220",
            [("cocaine", None, None, 60, "EUR"), ("cocaine", 4, "g", 220, "EUR")],
        ),
        (
            "5 g de coke c'est 280 €, si vous prenez 2 ça fait 120 €",
            [("cocaine", 5, "g", 280, "EUR"), ("cocaine", 2, "g", 120, "EUR")],
        ),
        (
            "oxy 3 strips die gaan voor 35 per strip, neem je alle 3 dan 90 euro",
            [("oxycodone", 1, "strip", 35, "EUR"), ("oxycodone", 3, "strip", 90, "EUR")],
        ),
        (
            "wit is 45 per gram, bij 3 betaal je 125",
            [("cocaine", 1, "g", 45, None), ("cocaine", 3, "g", 125, None)],
        ),
        (
            "Keta prijs: 30. keta 5 voor 120",
            [("ketamine", None, None, 30, None), ("ketamine", 5, "g", 120, None)],
        ),
        (
            "hasj 6 peg, 10 voor 50",
            [("hashish", 1, "g", 6, None), ("hashish", 10, "g", 50, None)],
        ),
        ("hasj 25 peg voor 120", [("hashish", 25, "g", 120, None)]),
        ("md sześć za osiem dych", [("mdma", 6, "g", 80, None)]),
        ("zes gram haze kosten vijftig euro", [("cannabis", 6, "g", 50, "EUR")]),
        ("three and a half grams of haze, it's thirty", [("cannabis", 3.5, "g", 30, None)]),
    ],
)
def test_what_is_said_for_more_or_fewer_is_a_tier_of_its_own(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "alprazolam is £2 per bar. For 50 bars £80",
            [("alprazolam", 1, "piece", 2, "GBP"), ("alprazolam", 50, "piece", 80, "GBP")],
        ),
        (
            "oxazepam 12 euro per strip of 4 strips voor 40",
            [("oxazepam", 1, "strip", 12, "EUR"), ("oxazepam", 4, "strip", 40, "EUR")],
        ),
        (
            "le pochon de beuh est à 15€, le pochon de C à 45€",
            [("cannabis", 1, "pack", 15, "EUR"), ("cocaine", 1, "pack", 45, "EUR")],
        ),
        (
            "coke €50, een gram K is €20",
            [("cocaine", None, None, 50, "EUR"), ("ketamine", 1, "g", 20, "EUR")],
        ),
        ("speed 480 per k", [("amphetamine", 1, "kg", 480, None)]),
        ("Amnesia k 3600", [("cannabis", 1, "kg", 3600, None)]),
        ("Polm gram 6, onder de 5 geen bezorging", [("hashish", 1, "g", 6, None)]),
        (
            "haze 11 das Gramm, ab 15g mach ich dir 9€",
            [("cannabis", 1, "g", 11, "EUR"), ("cannabis", 1, "g", 9, "EUR")],
        ),
        ("keta a fiver €5", [("ketamine", None, None, 5, "EUR")]),
        ("Grand, keta 30", [("ketamine", None, None, 30, None)]),
    ],
)
def test_what_one_costs_is_said_in_many_ways(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("keta 4 voor barkie twintig", [("ketamine", 4, "g", 120, None)]),
        ("keta 4 voor een barkie en 20", [("ketamine", 4, "g", 120, None)]),
        ("sos hele = meier min 10", [("cocaine", 1, "g", 90, None)]),
        (
            "sos: hele voor 60, halve voor 35",
            [("cocaine", 1, "g", 60, None), ("cocaine", 0.5, "g", 35, None)],
        ),
        ("bruin: half 14 hele 25", [("heroin", 0.5, "g", 14, None), ("heroin", 1, "g", 25, None)]),
        (
            "keta 2 voor bankoe, 5 voor 110",
            [("ketamine", 2, "g", 50, None), ("ketamine", 5, "g", 110, None)],
        ),
    ],
)
def test_words_for_sums_are_added_to_and_taken_from(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "£60 for flake and £20 for ket",
            [("cocaine", None, None, 60, "GBP"), ("ketamine", None, None, 20, "GBP")],
        ),
        (
            "xans are 2 each or 10 for sixteen, vals one each",
            [
                ("alprazolam", 1, "piece", 2, None),
                ("alprazolam", 10, "piece", 16, None),
                ("diazepam", 1, "piece", 1, None),
            ],
        ),
        (
            "vals are a quid each or 40 for 30",
            [("diazepam", 1, "piece", 1, "GBP"), ("diazepam", 40, "piece", 30, "GBP")],
        ),
        (
            "le paste 8 euro l'una e quattro a 28. La neve arriva lunedì",
            [("xtc-tablet", 1, "piece", 8, "EUR"), ("xtc-tablet", 4, "piece", 28, "EUR")],
        ),
        (
            "haschich 11 dh lgram, ila khditi 100g ghadi ndirha lik b 950 dh",
            [("hashish", 1, "g", 11, "MAD"), ("hashish", 100, "g", 950, "MAD")],
        ),
        ("weed 9 a g, k 30 a g", [("cannabis", 1, "g", 9, None), ("ketamine", 1, "g", 30, None)]),
        (
            "koks 80 owa guad, speed 10 g 50",
            [("cocaine", None, None, 80, None), ("amphetamine", 10, "g", 50, None)],
        ),
    ],
)
def test_each_product_of_a_sentence_keeps_its_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
