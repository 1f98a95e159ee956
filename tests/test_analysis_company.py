"""Ordinary words that name goods only beside a drug that has no other meaning."""

from __future__ import annotations

import pytest
from menu_rows import Row, lexicon, rows_of

from forensics.analysis.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "skunk 1g 700 tl\nkola 1g 4000 tl",
            [("cannabis", 1, "g", 700, "TRY"), ("cocaine", 1, "g", 4000, "TRY")],
        ),
        (
            "ketamină 5g 300 lei\nhaș 5g 280 lei\nbombo 50 lei buc",
            [
                ("ketamine", 5, "g", 300, "RON"),
                ("hashish", 5, "g", 280, "RON"),
                ("xtc-tablet", 1, "piece", 50, "RON"),
            ],
        ),
        (
            "mescaline 1g 5€\ntruffes 15g 18€",
            [("mescaline", 1, "g", 5, "EUR"), ("truffles", 15, "g", 18, "EUR")],
        ),
        (
            "sabonete 100g 250, kilo 2000. md 1g 40",
            [
                ("hashish", 100, "g", 250, None),
                ("hashish", 1, "kg", 2000, None),
                ("mdma", 1, "g", 40, None),
            ],
        ),
    ],
)
def test_ordinary_words_are_goods_beside_a_drug(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("kola 1l 40 tl, ayran 20 tl", set()),
        ("coke 1g 50, he has 5 left", {"cocaine"}),
        ("mdma 1g 40, keta pura 30", {"mdma", "ketamine"}),
    ],
)
def test_they_are_none_without_one_and_none_as_words_of_a_clause(text: str, substances: set[str]) -> None:
    assert {row[0] for row in rows_of(text)} - {None} == substances


def test_no_such_word_is_a_name_of_the_lexicon_too() -> None:
    """What the lexicon names is a product before these words are looked at."""
    names = {term for term, entries in lexicon().first_words.items() if any(not e.rest for e in entries)}
    assert not names & vocabulary().company.keys()


def test_first_names_and_carts_are_no_goods() -> None:
    assert rows_of("kokain 1g 4000\nmetin 500\nahmet 300") == [("cocaine", 1, "g", 4000, None)]
    assert rows_of("wiet 10g 80\nkar 50") == [("cannabis", 10, "g", 80, None)]
