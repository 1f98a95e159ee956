"""Names with their sums written against them, a whole row of such."""

from __future__ import annotations

from menu_rows import rows_of


def test_short_names_and_ordinary_words_are_parted_from_their_sums_in_a_row_of_such() -> None:
    assert [(s, p) for s, _, _, p, _ in rows_of("iarba60 has70 coca400 md250")] == [
        ("cannabis", 60),
        ("hashish", 70),
        ("cocaine", 400),
        ("mdma", 250),
    ]


def test_thousands_stand_before_the_next_name() -> None:
    assert rows_of("esrar 600, koko 4 bin keta 2500")[1:] == [
        ("cocaine", None, None, 4000, None),
        ("ketamine", None, None, 2500, None),
    ]


def test_a_code_among_other_words_stays_whole() -> None:
    assert rows_of("room md45, gate b12, coke 60") == [("cocaine", None, None, 60, None)]


def test_a_word_for_a_number_and_a_sum_with_its_currency_are_a_line_of_the_goods_above() -> None:
    assert rows_of("coca\numa 65€\ntrês 180€") == [
        ("cocaine", 1, "g", 65, "EUR"),
        ("cocaine", 3, "g", 180, "EUR"),
    ]
    assert not any(row[0] for row in rows_of("três 180€"))
