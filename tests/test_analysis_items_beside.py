"""What stands beside goods and says how many, of what, or nothing of them."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "💊 4 de stuk, 💊💊💊 10, 🥥 45 de gram",
            [
                ("xtc-tablet", 1, "piece", 4, None),
                ("xtc-tablet", 3, "piece", 10, None),
                ("cocaine", 1, "g", 45, None),
            ],
        ),
        ("🥥 60€ le g, 🥥🥥 110€", [("cocaine", 1, "g", 60, "EUR"), ("cocaine", 2, "g", 110, "EUR")]),
        ("🌿🌿🌿 9 de gram, ❄️ 50 de gram", [("cannabis", 1, "g", 9, None), ("cocaine", 1, "g", 50, None)]),
    ],
)
def test_a_sign_with_the_price_of_one_says_that_more_of_it_are_more(text: str, rows: list[Row]) -> None:
    found = [
        (name, many, unit or ("g" if many else None), *rest) for name, many, unit, *rest in rows_of(text)
    ]
    assert [(n, m, "piece" if n == "xtc-tablet" else u, *r) for n, m, u, *r in found] == rows


@pytest.mark.parametrize("colour", ["roze", "witte", "bruine"])
def test_tablets_by_their_colour_behind_a_powder_are_sold_by_the_piece(colour: str) -> None:
    assert rows_of(f"speed 6 de gram en {colour} pillen 3 per stuk") == [
        ("amphetamine", 1, "g", 6, None),
        ("xtc-tablet", 1, "piece", 3, None),
    ]


@pytest.mark.parametrize("hours", ["Nog 2 uurtjes open!", "ancora 2 orette!", "jeszcze 2 godzinki!"])
def test_hours_by_a_small_word_count_no_goods(hours: str) -> None:
    assert rows_of(f"{hours} coke 45, 3 = 120") == [
        ("cocaine", None, None, 45, None),
        ("cocaine", 3, "g", 120, None),
    ]


def test_a_strip_is_one_with_the_article_of_darija_too() -> None:
    assert rows_of("Rivotril lplaquette b 30 euro") == [("clonazepam", 1, "strip", 30, "EUR")]


@pytest.mark.parametrize("sums", [("45,-", "85,-"), ("€45", "€85"), ("45 euro", "85 euro")])
def test_a_number_between_a_sum_of_money_and_its_goods_counts_these(sums: tuple[str, str]) -> None:
    rows = rows_of(f"{sums[0]} 1 coke\n{sums[1]} 2 coke")
    assert [row[:4] for row in rows] == [("cocaine", 1, "g", 45), ("cocaine", 2, "g", 85)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("oxazepam een strip voor zeven vijftig", [("oxazepam", 1, "strip", 7.5, None)]),
        ("Tavor ein Streifen für zwölf fünfzig", [("lorazepam", 1, "strip", 12.5, None)]),
        ("coke een barkie vijftig voor drie", [("cocaine", 3, "g", 150, None)]),
        ("ketamin gramı kırk euro, üç gram alırsan yüz on euro", None),
        ("skunk gramı on euro", [("cannabis", 1, "g", 10, "EUR")]),
    ],
)
def test_sums_in_two_words_are_one(text: str, rows: list[Row] | None) -> None:
    found = rows_of(text)
    assert found == rows if rows else found[-1][1:] == (3, "g", 110, "EUR")


@pytest.mark.parametrize("shape", ["pilletjes", "pillen", "pills"])
def test_a_word_for_tablets_behind_a_drug_says_no_other(shape: str) -> None:
    assert rows_of(f"2cb {shape} 6 per stuk") == [("2c-b", 1, "piece", 6, None)]


def test_a_word_of_darija_that_begins_with_a_digit_is_no_sum() -> None:
    assert [row[3] for row in rows_of("hchich 1g 10 w swel 3la taman")] == [10]


@pytest.mark.parametrize("gone", ["sold out", "all gone", "soldout", "esauriti", "épuisé", "esgotado"])
def test_goods_that_are_sold_out_take_no_prices_of_the_next(gone: str) -> None:
    rows = rows_of(f"haze 1x10 3x28, edibles {gone}. pills 5x30 10x50")
    assert [row[:2] for row in rows[2:]] == [("xtc-tablet", 5), ("xtc-tablet", 10)]


def test_a_legend_of_shares_sells_nothing() -> None:
    rows = rows_of("PRODUCT | HALF | HEEL\nCoke | 30 | 55\nKeta | 16 | 30\n(half = 0,5 g, heel = 1 g)")
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("cocaine", 0.5, 30),
        ("cocaine", 1, 55),
        ("ketamine", 0.5, 16),
        ("ketamine", 1, 30),
    ]
    assert [row[3] for row in rows_of("coke halfje = 0,5 g 30, hele = 1g 55")] == [30, 55]


def test_the_tablets_of_france_are_sold_by_the_piece() -> None:
    assert rows_of("coke 60€ le g, pilules 7€ la pièce")[1] == ("xtc-tablet", 1, "piece", 7, "EUR")
