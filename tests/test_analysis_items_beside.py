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
