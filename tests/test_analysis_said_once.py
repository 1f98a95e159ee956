"""What is said once for several goods, shares of an ounce, prices beside others, and numbers of no goods."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

_EACH_FOR_TWENTY: list[Row] = [
    ("ketamine", 1, "g", 20, None),
    ("amphetamine", 5, "g", 20, None),
    ("xtc-tablet", 6, "piece", 20, None),
]
_PER_GRAM: list[Row] = [
    ("cocaine", 1, "g", 50, None),
    ("ketamine", 1, "g", 25, None),
    ("mdma", 1, "g", 20, None),
]


@pytest.mark.parametrize(
    "text",
    [
        "voor 20: 1 g keta | 5 g snelle | 6 pillen",
        "voor 20: 1 g keta of 5 g snelle of 6 pillen",
        "menu 20: 1g keta / 5g speed / 6 pillen",
        "for 20: keta 1g or 5g speed or 6 pills",
    ],
)
def test_a_sum_before_goods_of_which_one_is_had_is_the_price_of_each(text: str) -> None:
    assert rows_of(text) == _EACH_FOR_TWENTY


@pytest.mark.parametrize(
    "text", ["voor 50: 1g wit + 2 pillen", "€75: 2 wit, 5 pillen", "voor 50: 1g wit en 2g keta"]
)
def test_one_before_goods_that_are_had_together_is_the_price_of_none(text: str) -> None:
    assert [row[3] for row in rows_of(text)] == [None, None]


def test_lines_of_such_sums_stand_below_each_other() -> None:
    text = "voor €20: 1g keta | 6 pillen\nvoor €50: 1g wit | 20 pillen"
    assert rows_of(text) == [
        ("ketamine", 1, "g", 20, "EUR"),
        ("xtc-tablet", 6, "piece", 20, "EUR"),
        ("cocaine", 1, "g", 50, "EUR"),
        ("xtc-tablet", 20, "piece", 50, "EUR"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "50 wit 25 keta 20 mdma per gram",
        "50 wit, 25 keta, 20 mdma p/g",
        "per gram: 50 wit 25 keta 20 mdma",
        "50 wit 25 keta 20 mdma per gram. 24u. delft",
    ],
)
def test_prices_before_their_goods_are_of_the_weight_that_is_said_once(text: str) -> None:
    assert rows_of(text) == _PER_GRAM


def test_so_are_those_with_a_currency() -> None:
    rows = rows_of("£40 coke £20 ket £10 weed per g")
    assert [row[3:] for row in rows] == [(40, "GBP"), (20, "GBP"), (10, "GBP")]
    assert {row[1:3] for row in rows} == {(1, "g")}


def test_goods_by_the_piece_are_of_no_such_weight() -> None:
    assert rows_of("20 pillen 50 wit per gram")[0][2] != "g"


def test_the_number_of_a_day_is_no_sum() -> None:
    assert [row[3] for row in rows_of("week 12: 1g wit of 2g keta")] == [None, None]


def test_without_such_a_weight_a_number_before_goods_is_how_many() -> None:
    assert rows_of("20 keta 50 wit, pillen 3 per stuk")[0][:2] == ("ketamine", 20)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("weed 1/8 £25, 1/4 £45, 1/2 £85", [(3.5, 25), (7, 45), (14, 85)]),
        ("half weed £85", [(14, 85)]),
        ("half g weed £5", [(0.5, 5)]),
        ("1/2 weed €10", [(0.5, 10)]),
        ("half coke £45", [(0.5, 45)]),
        ("half p weed $900", [(0.5, 900)]),
        ("weed lb $1200, half $650", [(448, 1200), (224, 650)]),
        ("weed 100g £500, half £270", [(100, 500), (50, 270)]),
        ("weed 7g £60, half £35", [(7, 60), (0.5, 35)]),
    ],
)
def test_a_share_of_cannabis_that_would_be_dear_is_one_of_an_ounce(
    text: str, rows: list[tuple[float, float]]
) -> None:
    assert [(row[1], row[3]) for row in rows_of(text)] == rows


def test_how_many_are_paid_for_counts_nothing() -> None:
    assert rows_of("3 voor de prijs van 2! xtc 10 voor €40") == [("xtc-tablet", 10, "piece", 40, "EUR")]
    assert rows_of("3 pour le prix de 2, taz 10€") == [("xtc-tablet", None, None, 10, "EUR")]
    assert rows_of("xtc 10 prijs: 5")[0][1] == 10


@pytest.mark.parametrize("text", ["pillen 5, vanaf 10: 4, vanaf 50: 3", "pillen 5, vanaf 10 4, vanaf 50 3"])
def test_from_so_many_on_one_costs_less(text: str) -> None:
    assert [row[1:4] for row in rows_of(text)] == [(None, None, 5), (1, "piece", 4), (1, "piece", 3)]


def test_a_strip_has_the_price_before_the_box_behind_it() -> None:
    rows = [("pregabalin", 1, "strip", 20, None), ("pregabalin", 1, "box", 70, None)]
    assert rows_of("lyrica 300 strip 20 doos 70") == rows


def test_so_many_times_a_weight_of_other_goods_are_no_tanks() -> None:
    assert rows_of("lachgas: 2kg tank €50, coke 2x 1g €90")[1][:3] == ("cocaine", 2, "g")


def test_so_many_tanks_of_a_size_are_those_tanks() -> None:
    rows = rows_of("lachgas: 2kg tank €50, 4x 2kg €180")
    assert [row[1:4] for row in rows] == [(1, "tank", 50), (4, "tank", 180)]


def test_words_for_banknotes_of_twenty_and_fifty() -> None:
    assert [row[3] for row in rows_of("tientje wiet, twintigje hasj, vijftigje coke")] == [10, 20, 50]
