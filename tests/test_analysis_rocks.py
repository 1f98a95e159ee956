"""Rocks by their price; kilos by "p/k" and "à"; packs with a comma before their price; pence in words."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Classifier
from forensics.analysis.goods import listed
from forensics.flag_work import built_in


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("crack 10, 3 for 25\nketamine 20", [(1, "piece"), (3, "piece"), (1, None)]),
        ("crack 60\nketamine 20", [(1, None), (1, None)]),
        ("crack 1g 15\nketamine 20", [(1, "g"), (1, None)]),
    ],
)
def test_crack_for_less_than_a_gram_costs_is_sold_by_the_rock(
    text: str, goods: list[tuple[float, str | None]], classifier: Classifier
) -> None:
    found = listed(classifier.reader.read(text), "menu", ())
    assert [(g.quantity, g.unit) for g in found] == goods


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("amnesia haze 3200 p/k", [("cannabis", 1, "kg", 3200, None)]),
        ("haze 6 kilo à 2800", [("cannabis", 1, "kg", 2800, None)]),
        ("haze 6 kilo voor 14000", [("cannabis", 6, "kg", 14000, None)]),
        ("Oxazepam 10 mg, doos van 30 stuks, 40,-", [("oxazepam", 1, "box", 40, None)]),
        ("Tilidin 50/4er Streifen 12, 100/8er 20", [("tilidine", 1, "strip", 12, None)]),
        ("z of haze 180", [("cannabis", 28, "g", 180, None)]),
        ("tramadol fifty pence each", [("tramadol", 1, "piece", 0.5, "GBP")]),
    ],
)
def test_prices_of_kilos_packs_and_pieces(text: str, rows: list[Row]) -> None:
    assert rows_of(text)[: len(rows)] == rows


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("1 x 50\n3 x 130\nsnow ❄️ zoals altijd", ["cocaine", "cocaine"]),
        ("0.5 30\n1 55\n2 100\naltijd wit, altijd vers", ["cocaine", "cocaine", "cocaine"]),
        ("1 voor 2\n2 voor 3,50\naltijd wit, altijd vers", []),  # bread
        ("maat 38 20\nmaat 40 20\nkleur: wit", [None, None]),
    ],
)
def test_an_ordinary_word_below_names_amounts_that_cost_as_drugs_do(
    text: str, goods: list[str | None]
) -> None:
    assert [name for name, *_ in rows_of(text)] == goods


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ketamine 5 veur 90", [("ketamine", 5, "g", 90, None)]),
        ("xtc een knaak per stuk", [("xtc-tablet", 1, "piece", 2.5, None)]),
    ],
)
def test_words_of_dialects_and_old_money(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
