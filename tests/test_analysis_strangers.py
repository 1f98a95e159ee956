"""A word that is not known in the place of a product: what it sells is not what was named before."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "50 = 1 sos\n95 = 2 sos\n25 = 1 blorp",
            [("cocaine", 1, "g", 50, None), ("cocaine", 2, "g", 95, None), (None, 1, None, 25, None)],
        ),
        ("2gr-wit-90\n2gr-blorp-40", [("cocaine", 2, "g", 90, None), (None, 2, "g", 40, None)]),
        ("keta 1g 25\nbl0rp 1g 40", [("ketamine", 1, "g", 25, None), (None, 1, "g", 40, None)]),
        ("🐎 1 25\n🎾 2 15", [("ketamine", 1, "g", 25, None), (None, 2, None, 15, None)]),
    ],
)
def test_what_is_not_known_does_not_take_the_product_before_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("wiet 1g 10\n5g 40", [("cannabis", 1, "g", 10, None), ("cannabis", 5, "g", 40, None)]),
        (
            "50 = 1 sos\n95 = 2\n130 = 3 alleen vandaag",
            [("cocaine", 1, "g", 50, None), ("cocaine", 2, "g", 95, None), ("cocaine", 3, "g", 130, None)],
        ),
        ("🐎 KETA\n👉 1g 25\n👉 3g 65", [("ketamine", 1, "g", 25, None), ("ketamine", 3, "g", 65, None)]),
    ],
)
def test_what_goes_on_without_a_name_is_of_the_product_before_it(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("🔥 SNOW 🔥\n1g 55€", [("cocaine", 1, "g", 55, "EUR")]),
        ("🟢 Jaune mousseux\n3g 25€", [("hashish", 3, "g", 25, "EUR")]),
        ("💊 BLAUWE TESLA\n5 stuks €20", [("xtc-tablet", 5, "piece", 20, "EUR")]),
    ],
)
def test_the_word_of_a_heading_says_what_it_heads_rather_than_an_emoji(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("★ Koks ★\n1g 80€\n★ Blorp ★\n2 12€", [("cocaine", 1, "g", 80, "EUR"), (None, 2, None, 12, "EUR")]),
        ("haze op ❌\nblorp 5g 30", [(None, 5, "g", 30, None)]),
        (
            "stempel adelaar\n1 blok 23000\nons 2600",
            [("cocaine", 1, "kg", 23000, None), ("cocaine", 100, "g", 2600, None)],
        ),
        ("stempel adelaar\n1 blok 2300", [("hashish", 1, "kg", 2300, None)]),
    ],
)
def test_a_heading_ends_where_another_of_its_kind_begins_or_its_goods_are_gone(
    text: str, rows: list[Row]
) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "55 for the soft 35 for the ket",
            [("cocaine", None, None, 55, None), ("ketamine", None, None, 35, None)],
        ),
        ("45 de wit en 25 de keta", [("cocaine", None, None, 45, None), ("ketamine", None, None, 25, None)]),
        ("2 de wit en 1 de keta", [("cocaine", 2, "g", None, None), ("ketamine", 1, "g", None, None)]),
        ("wit en keta alletwee 45 per g", [("ketamine", 1, "g", 45, None), ("cocaine", 1, "g", 45, None)]),
        ("c le g 65\nbeuh 9 le g", [("cocaine", 1, "g", 65, None), ("cannabis", 1, "g", 9, None)]),
        ("spul:\nwit 50 > 1\n20 > 1 k", [("cocaine", 1, "g", 50, None), ("ketamine", 1, "g", 20, None)]),
    ],
)
def test_prices_stand_before_their_goods_and_one_price_is_of_both(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "KETAMINE\n🔵 1g €20\n🔵 3g €55\nCOCAINE\n⚪️ 1g €50",
            [
                ("ketamine", 1, "g", 20, "EUR"),
                ("ketamine", 3, "g", 55, "EUR"),
                ("cocaine", 1, "g", 50, "EUR"),
            ],
        ),
        ("heroine:\n⚪ 1g 25", [("heroin", 1, "g", 25, None)]),
        ("🟤 5g 40\n⚪ 1g 50", [("hashish", 5, "g", 40, None), ("cocaine", 1, "g", 50, None)]),
        ("menu coke\n⚪ 1g 50\n🟤 1g 25", [("cocaine", 1, "g", 50, None), ("hashish", 1, "g", 25, None)]),
    ],
)
def test_a_coloured_sign_below_a_heading_tells_lines_apart_and_names_nothing(
    text: str, rows: list[Row]
) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "coke 1g 50\n6-mmc 25",
            [("cocaine", 1, "g", 50, None), ("cathinone-unspecified", None, None, 25, None)],
        ),
        (
            "coke 1g 50\n7-cmc 1g 20",
            [("cocaine", 1, "g", 50, None), ("cathinone-unspecified", 1, "g", 20, None)],
        ),
        ("coke 1g 50\n3-mmc 1g 20", [("cocaine", 1, "g", 50, None), ("3-mmc", 1, "g", 20, None)]),
    ],
)
def test_a_code_that_is_not_known_is_neither_its_neighbour_nor_the_goods_above(
    text: str, rows: list[Row]
) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "COKE\n1g €50\n2g €95\n\nFLAPPIES\n1g €25\n2g €45",
            [
                ("cocaine", 1, "g", 50, "EUR"),
                ("cocaine", 2, "g", 95, "EUR"),
                (None, 1, "g", 25, "EUR"),
                (None, 2, "g", 45, "EUR"),
            ],
        ),
        (  # another sort, at about the same price
            "COKE\n1g €50\n\nPERUVIAAN\n1g €60",
            [("cocaine", 1, "g", 50, "EUR"), ("cocaine", 1, "g", 60, "EUR")],
        ),
        (  # hemp has many sorts
            "WIET\n1g €10\n\nBLORP\n1g €20",
            [("cannabis", 1, "g", 10, "EUR"), ("cannabis", 1, "g", 20, "EUR")],
        ),
        ("COKE\n1g €50\nFLAPPIES\n1g €25", [("cocaine", 1, "g", 50, "EUR"), ("cocaine", 1, "g", 25, "EUR")]),
    ],
)
def test_a_strange_word_below_an_empty_line_heads_other_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
