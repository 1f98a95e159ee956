"""Sums as they are written and said, the currency of a message, fees, hours and marks that price nothing."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

_COKE: list[Row] = [("cocaine", 1, "g", 60, None)]


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("Hasch 1kg 3'200 CHF", 3200, "CHF"),
        ("Hasch 1kg 3’200 CHF", 3200, "CHF"),
        ("haschisch 5kg R$ 14 mil", 14_000, "BRL"),
        ("hash 1kg 12k, coke 1g 60", 12_000, None),
    ],
)
def test_thousands_are_of_one_sum(text: str, price: float, currency: str | None) -> None:
    (first, *_) = rows_of(text)
    assert first[0] == "hashish"
    assert first[2:] == ("kg", price, currency)


def test_a_colombian_sum_in_thousands_stands_behind_its_grams() -> None:
    assert rows_of("tusi 1g 90 mil, 2g 170 mil pesos colombianos") == [
        ("pink-cocaine", 1, "g", 90_000, "COP"),
        ("pink-cocaine", 2, "g", 170_000, "COP"),
    ]


def test_thousands_of_pieces_are_so_many_and_no_price_of_one() -> None:
    assert rows_of("pills 1k pcs 500, 10k pcs 4000") == [
        ("xtc-tablet", 1000, "piece", 500, None),
        ("xtc-tablet", 10_000, "piece", 4000, None),
    ]
    assert rows_of("pillen 50k stuks 0,28") == [("xtc-tablet", 1, "piece", 0.28, None)]
    assert rows_of("3k pillen, 2 kilo mdma")[0][:3] == ("xtc-tablet", 3000, "piece")


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("wit 3g voor een barkie en 2 donnies", 120),
        ("coke cinq grammes trois cents", 300),
        ("coke 5 for a hunnit", 100),
        ("Teile 10 stück für nen Vierziger", 40),
        ("mdma a pony a g", 25),
        ("lkoka gram wa7ed b seb3 mya drham", 700),
    ],
)
def test_sums_in_words_of_the_street(text: str, price: float) -> None:
    assert [row[3] for row in rows_of(text)] == [price]


def test_a_word_for_a_thousand_before_a_colon_is_a_colour() -> None:
    assert rows_of("tramadol de rooie: 2 p.s") == [("tramadol", 1, "piece", 2, None)]


@pytest.mark.parametrize(
    ("said", "currency"),
    [
        ("(all AUD)", "AUD"),
        ("prices CAD", "CAD"),
        ("prijzen in CHF", "CHF"),
        ("alles in euries", "EUR"),
        ("ceny w złotych", "PLN"),
        ("precios en MXN", "MXN"),
        ("2 cad.", None),
    ],
)
def test_one_currency_that_is_named_is_that_of_all(said: str, currency: str | None) -> None:
    assert rows_of(f"coke 1g 60\n{said}")[0] == ("cocaine", 1, "g", 60, currency)


def test_the_sign_of_dollars_is_of_the_country_that_is_named() -> None:
    assert rows_of("mota 10g $350\nprecios en MXN") == [("cannabis", 10, "g", 350, "MXN")]
    assert rows_of("mota 10g $350") == [("cannabis", 10, "g", 350, "USD")]


def test_sums_of_south_africa_have_their_letter_where_several_have_it() -> None:
    assert rows_of("dagga 10g R100 / 50g R400") == [
        ("cannabis", 10, "g", 100, "ZAR"),
        ("cannabis", 50, "g", 400, "ZAR"),
    ]


def test_francs_stand_before_a_unit_and_for_is_no_franc() -> None:
    assert rows_of("LSD 10Fr Stk 10 Stk 80Fr") == [
        ("lsd", 1, "piece", 10, "CHF"),
        ("lsd", 10, "piece", 80, "CHF"),
    ]
    assert rows_of("xtc 12 fr s stück, 4 für 40.-")[0] == ("xtc-tablet", 1, "piece", 12, "CHF")
    assert rows_of("ket £25 fr 1")[0][3:] == (25, "GBP")


@pytest.mark.parametrize(
    "more",
    [
        "Schiedam 5 euro bezorg, verder niet",
        "dojazd Wrocław 20",
        "Skihütten gegen Aufpreis 30",
        "señal 50",
        "minim 200 comanda",
        "kwaliteit 9/10 uncut",
        "odbior Gdansk Wrzeszcz 12-22",
        "🕐 11-23 📍Torino nord",
        "de 18 a 4",
        "no 1gs dont ask",
        "10 gr üstü pazarlık",
        "gratis acima de 300",
    ],
)
def test_what_counts_and_prices_no_goods(more: str) -> None:
    assert [row[:4] for row in rows_of(f"coke 1g 60\n{more}")] == [_COKE[0][:4]]


def test_a_range_of_prices_and_an_amount_with_its_price_are_no_hours() -> None:
    assert rows_of("wiet 10-20")[0][1:4] == (10, "g", 20)
    assert rows_of("keta 12-22")[0][1:4] == (12, "g", 22)


@pytest.mark.parametrize("text", ["coke ieri 80€, oggi 60€ il g", "coke gisteren 80€ vandaag 60€ per g"])
def test_the_price_of_yesterday_holds_no_more(text: str) -> None:
    assert rows_of(text) == [("cocaine", 1, "g", 60, "EUR")]


def test_smoke_that_is_breathed_out_or_left_behind_is_no_hemp() -> None:
    assert rows_of("coke 1g 60 😮‍💨") == _COKE
    assert rows_of("coke 1g 60\n🚗💨 5 euro benzine")[0][:4] == _COKE[0][:4]
    assert rows_of("💨 5g 40, coke 1g 60")[0][0] == "cannabis"
