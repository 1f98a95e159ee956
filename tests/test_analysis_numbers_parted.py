"""Numbers parted in the middle, and numbers that emoji say by how many stand there."""

from __future__ import annotations

from time import process_time

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("weed 200g 1 900 €", [("cannabis", 200, "g", 1900, "EUR")]),
        ("hasz 1 kg = 6 500 zł", [("hashish", 1, "kg", 6500, "PLN")]),
        ("koka 100 kg 1 000 000 zł", [("cocaine", 100, "kg", 1_000_000, "PLN")]),
        ("koka 2 kg 1 250 500 zł", [("cocaine", 2, "kg", 1_250_500, "PLN")]),
        ("coke 100 kg 350000 euro", [("cocaine", 100, "kg", 350_000, "EUR")]),
        ("coke 1 kg 2 000 300", [("cocaine", 1, "kg", 2000, None), ("cocaine", None, None, 300, None)]),
        ("weed 2g5: 20€", [("cannabis", 2.5, "g", 20, "EUR")]),
        ("taz 5000 : 2 000 €", [("xtc-tablet", 5000, "piece", 2000, "EUR")]),
        ("shit 3g5 30€", [("hashish", 3.5, "g", 30, "EUR")]),
        (
            "weed 5 100 €\nweed 10 180 €",
            [("cannabis", 5, "g", 100, "EUR"), ("cannabis", 10, "g", 180, "EUR")],
        ),
    ],
)
def test_a_number_parted_in_the_middle_is_one(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "coke 1g 50, tikkie 612345678 €",
        "coke 1g 50, stuur naar 612345678 euro account",
        "coke 1g 50 iban 12345678 eur",
        "coke 1g 50, code 316100 e",
        "coke 1g 50, code 316123 euro",
    ],
)
def test_a_number_of_an_account_or_a_telephone_is_no_price(text: str) -> None:
    assert rows_of(text)[:1] == [("cocaine", 1, "g", 50, None)]
    assert [price for *_, price, _currency in rows_of(text)[1:] if price] == []


def test_a_row_of_groups_is_read_in_time_by_its_length() -> None:
    started = process_time()
    rows = rows_of("coke 1g 50 " + "111 " * 4_000 + "1 200")
    assert rows[0] == ("cocaine", 1, "g", 50, None)
    assert process_time() - started < 20  # 4 s for 4,000 groups when each went over all that follow


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("🐎 35\n🐎🐎 60", [("ketamine", None, None, 35, None), ("ketamine", 2, "g", 60, None)]),
        ("❄️ 60€\n💊💊💊💊 20€", [("cocaine", None, None, 60, "EUR"), ("xtc-tablet", 4, "piece", 20, "EUR")]),
        ("🌿🌿 7\n🍫🍫 5", [("cannabis", None, None, 7, None), ("hashish", None, None, 5, None)]),
    ],
)
def test_emoji_before_a_price_count_only_beside_fewer(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "hap 2'li 900 6'lı 2400",
            [("xtc-tablet", 2, "piece", 900, None), ("xtc-tablet", 6, "piece", 2400, None)],
        ),
        (
            "skunk\n600 TL'ye 1\n1500 TL'ye 3",
            [("cannabis", 1, "g", 600, "TRY"), ("cannabis", 3, "g", 1500, "TRY")],
        ),
        ("110 – 10g Haze\n60 – 5g", [("cannabis", 10, "g", 110, None), ("cannabis", 5, "g", 60, None)]),
        ("1 - 10g weed", [("cannabis", 10, "g", None, None)]),
    ],
)
def test_sums_before_what_they_buy_are_read(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["weed 12, la c 70", "la beuh 12€ la c à 70€"])
def test_the_letter_behind_an_article_is_what_costs_so_much(text: str) -> None:
    assert [row[0] for row in rows_of(text)] == ["cannabis", "cocaine"]
