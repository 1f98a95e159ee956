"""Sums in words of eight languages, and the words of those languages for what a sum is of."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "tengo perico a sesenta el gramo y tusi a noventa, pastis a cinco cada una",
            [
                ("cocaine", 1, "g", 60, None),
                ("pink-cocaine", None, None, 90, None),
                ("xtc-tablet", 1, "piece", 5, None),
            ],
        ),
        (
            "dix grammes de beuh c'est quatre-vingts, vingt grammes cent cinquante.",
            [("cannabis", 10, "g", 80, None), ("cannabis", 20, "g", 150, None)],
        ),
        ("la brune septante euros les cinq grammes", [("heroin", 5, "g", 70, "EUR")]),
        ("boas, tenho pastilhas a sete cada", [("xtc-tablet", 1, "piece", 7, None)]),
        (
            "haszyk po pięćdziesiąt gram, piątka za dwieście",
            [("hashish", 1, "g", 50, None), ("hashish", 5, "g", 200, None)],
        ),
        (
            "skunk yarım gram bin altı yüz, beş gram iki bin iki yüze bırakırım",
            [("cannabis", 0.5, "g", 1600, None), ("cannabis", 5, "g", 2200, None)],
        ),
        (
            "skunk gramı üç yüz elli, on gram alana üç bin",
            [("cannabis", 1, "g", 350, None), ("cannabis", 10, "g", 3000, None)],
        ),
        ("bonzai 5 paket bin", [("spice-unspecified", 5, "pack", 1000, None)]),
    ],
)
def test_sums_in_words_are_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coca mezza 40 euro intera 75 euro",
            [("cocaine", 0.5, "g", 40, "EUR"), ("cocaine", 1, "g", 75, "EUR")],
        ),
        ("❄️ meia 30 uma 55", [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 55, None)]),
        ("lbayda 50 lnos w 90 lkamla", [("cocaine", 0.5, "g", 50, None), ("cocaine", 1, "g", 90, None)]),
        (
            "la blanca, medio pollo treinta y el pollo entero cincuenta y cinco",
            [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 55, None)],
        ),
        (
            "branca meia grama 30 e uma inteira 55",
            [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 55, None)],
        ),
        (
            "keta çeyrek 900 yarım 1700",
            [("ketamine", 0.25, "g", 900, None), ("ketamine", 0.5, "g", 1700, None)],
        ),
    ],
)
def test_halves_and_whole_ones_are_amounts(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "piguły 15 szt, 10 za 120",
            [("xtc-tablet", 1, "piece", 15, None), ("xtc-tablet", 10, "piece", 120, None)],
        ),
        (
            "pastis 10€ o 3x25€",
            [("xtc-tablet", None, None, 10, "EUR"), ("xtc-tablet", 3, "piece", 25, "EUR")],
        ),
        ("ecstasy l wa7da 80 dh", [("xtc-tablet", 1, "piece", 80, "MAD")]),
        ("zetla 100 l 10g", [("hashish", 10, "g", 100, None)]),
        ("zetla 5g 30, kayn ta l 2 dlil", [("hashish", 5, "g", 30, None)]),
        ("ghb 1 l 100", [("ghb", 1000, "ml", 100, None)]),
        (
            "kokain 1/3500 5/15000 TL kurye dahil",
            [
                ("cocaine", 1, "g", 3500, "TRY"),
                ("cocaine", 5, "g", 15000, "TRY"),
            ],
        ),
        ("coke 50 le meuge", [("cocaine", 1, "g", 50, None)]),
        (
            "mefa po 45 za gieta, piątka 200",
            [("mephedrone", 1, "g", 45, None), ("mephedrone", 5, "g", 200, None)],
        ),
        ("lyrica 300 plaqua 120", [("pregabalin", 1, "strip", 120, None)]),
        ("rivotril 5 7abbat 250 dh", [("clonazepam", 5, "piece", 250, "MAD")]),
        ("galette 20 la petite", [("crack", 1, "piece", 20, None)]),
        ("haze 20 la petite", [("cannabis", None, None, 20, None)]),
    ],
)
def test_words_say_what_a_sum_is_of(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tengo keta a dos calles", []),
        ("wiet is on gram level 5", []),
        ("haschisch 5g 40, ich bin sechs Uhr da", [("hashish", 5, "g", 40, None)]),
    ],
)
def test_other_words_stay_words(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coca el medio 30 el entero 55", [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 55, None)]),
        ("coca o meio 30 a inteira 55", [("cocaine", 0.5, "g", 30, None), ("cocaine", 1, "g", 55, None)]),
    ],
)
def test_a_half_with_its_article_has_its_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("coca 1kg = 34 mil", [("cocaine", 1, "kg", 34000, None)]),
        ("hash 10kg 24 mil", [("hashish", 10, "kg", 24000, None)]),
        ("ghb 50 mil 30", [("ghb", 50, "ml", 30, None)]),
    ],
)
def test_mil_behind_kilograms_is_thousands(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_a_number_behind_a_percent_sign_is_no_amount() -> None:
    rows = [("mdma", 1, "g", 3000, None), ("cocaine", None, None, 6000, None)]
    assert rows_of("MD %82 gram 3000 | kok %90 6000") == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("un ventino: 2g di fumo", [("hashish", 2, "g", 20, None)]),
        ("shit un keus la barrette", [("hashish", None, None, 10, None)]),
        ("coca 1g 800 dhs", [("cocaine", 1, "g", 800, "MAD")]),
        ("Zolpidem 10mg carteira 12€", [("zolpidem", 1, "strip", 12, "EUR")]),
        ("le meuj de c 60", [("cocaine", None, None, 60, None)]),
    ],
)
def test_further_words_of_romance_languages(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tramadol 225 plaka 300", [("tramadol", 1, "strip", 300, None)]),
        ("Relanium 5 listek 30", [("diazepam", 1, "strip", 30, None)]),
        ("Viagra 100 plaquette 15€", [("sildenafil", 1, "strip", 15, "EUR")]),
        ("Durogesic 100 45€", [("fentanyl", None, None, 45, "EUR")]),
        ("zettla 30 lgram, haruina 80", [("hashish", 1, "g", 30, None), ("heroin", None, None, 80, None)]),
    ],
)
def test_the_strength_before_one_strip_is_no_number_of_strips(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("hasj drie gram voor zestien euro", [("hashish", 3, "g", 16, "EUR")]),
        ("Tavor ein Streifen für achtzehn Euro", [("lorazepam", 1, "strip", 18, "EUR")]),
        ("haxixe cinco gramas por quarenta euros", [("hashish", 5, "g", 40, "EUR")]),
        ("coca três gramas cento e trinta euros", [("cocaine", 3, "g", 130, "EUR")]),
        ("hachís tres gramos por diecisiete euros", [("hashish", 3, "g", 17, "EUR")]),
        ("weed two grams for nineteen quid", [("cannabis", 2, "g", 19, "GBP")]),
        ("hachich 3chrin euro l gram", [("hashish", 1, "g", 20, "EUR")]),
    ],
)
def test_the_words_for_teens_and_tens_of_every_language_are_numbers(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
