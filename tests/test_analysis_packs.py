"""Tablets in strips and boxes, and the numbers that say which tablets they are."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Oxazepam 10mg doosje 28 €22", [("oxazepam", 1, "box", 22, "EUR")]),
        ("Rivotril la plaquette 12 à 18€", [("clonazepam", 1, "strip", 18, "EUR")]),
        ("Tramadol 100 plaquette de 12 14€", [("tramadol", 1, "strip", 14, "EUR")]),
        ("Temazepam 20 mg (strip 14) 19,50", [("temazepam", 1, "strip", 19.5, None)]),
        ("Zops 7.5mg £12 strip of 28", [("zopiclone", 1, "strip", 12, "GBP")]),
        ("xanax 20lü kutu 45€", [("alprazolam", 1, "box", 45, "EUR")]),
        ("Tilidin 50er Packung 55 €", [("tilidine", 1, "box", 55, "EUR")]),
        (
            "OXAZEPAM (strip of 10)\n10mg: £6\n50mg: £9\nXANAX\n2mg £4",
            [
                ("oxazepam", 1, "strip", 6, "GBP"),
                ("oxazepam", 1, "strip", 9, "GBP"),
                ("alprazolam", None, None, 4, "GBP"),
            ],
        ),
        (
            "Preise pro Blister (10 Stk)\nLyrica 300 mg 30€\nRivotril 2 mg 28€",
            [("pregabalin", 1, "strip", 30, "EUR"), ("clonazepam", 1, "strip", 28, "EUR")],
        ),
        ("Modafinil 200 | 60 tabs | €70", [("modafinil", 60, "piece", 70, "EUR")]),
        ("Temazepam 20 cutie 80 lei", [("temazepam", 1, "box", 80, "RON")]),
        ("Diazepam 10 strips 90", [("diazepam", 10, "strip", 90, None)]),
        ("Tramadol 100mg — plaquette : 15€", [("tramadol", 1, "strip", 15, "EUR")]),
        ("Tilidin 14er Streifen 25 €", [("tilidine", 1, "strip", 25, "EUR")]),
        ("valium 5s strip 9", [("diazepam", 1, "strip", 9, None)]),
        ("Lorazepam 2,5 12er Streifen 20€", [("lorazepam", 1, "strip", 20, "EUR")]),
        ("Temazepam 10 strip 14", [("temazepam", 1, "strip", 14, None)]),
        ("concerta 54 €5", [("methylphenidate", None, None, 5, "EUR")]),
        ("zopiclone 7.5 (14) £12", [("zopiclone", 14, "piece", 12, "GBP")]),
        ("Pregabs 150 x 56 = £40", [("pregabalin", 56, "piece", 40, "GBP")]),
        ("xanax 40 €50", [("alprazolam", 40, "piece", 50, "EUR")]),
        ("zopi 3.75 28 for 18", [("zopiclone", 28, "piece", 18, None)]),
        (
            "oxazepam strip 12, diazepam strip 14",
            [("oxazepam", 1, "strip", 12, None), ("diazepam", 1, "strip", 14, None)],
        ),
        ("diazepam 2 strips van 10 = 25", [("diazepam", 2, "strip", 25, None)]),
        ("Tramadol 100 la plaquette 12€", [("tramadol", 1, "strip", 12, "EUR")]),
        (
            "le kilo de shit 2900. la plaquette de lyrica 30",
            [("hashish", 1, "kg", 2900, None), ("pregabalin", 1, "strip", 30, None)],
        ),
    ],
)
def test_a_pack_that_says_how_many_it_holds_is_one_pack(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
