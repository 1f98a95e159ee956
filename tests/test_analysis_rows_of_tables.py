"""Rows that look like the amounts over the columns of a table, and are goods."""

from __future__ import annotations

from menu_rows import rows_of


def test_sizes_over_columns_may_be_words_an_article_among_them() -> None:
    assert rows_of("meio / um / cinco\ncoca     30 / 55 / 250\nketa     20 / 35 / 140") == [
        ("cocaine", 0.5, "g", 30, None),
        ("cocaine", 1, "g", 55, None),
        ("cocaine", 5, "g", 250, None),
        ("ketamine", 0.5, "g", 20, None),
        ("ketamine", 1, "g", 35, None),
        ("ketamine", 5, "g", 140, None),
    ]


def test_numbers_without_units_are_not_over_columns_that_have_amounts_with_theirs() -> None:
    rows = rows_of("mal  1gr  5gr  10gr\notto  500  2300  4200\nkubar 800  3700  7000")
    assert [(q, p) for _, q, _, p, _ in rows] == [
        (1, 500),
        (5, 2300),
        (10, 4200),
        (1, 800),
        (5, 3700),
        (10, 7000),
    ]


def test_an_unknown_name_among_goods_with_their_amount_and_price_heads_no_columns() -> None:
    rows = rows_of("Cali US | 3,5 | 60\nHollandaise | 5 | 45\nStatic | 5 | 90")
    assert rows == [("cannabis", 3.5, "g", 60, None), ("hashish", 5, "g", 90, None)]
