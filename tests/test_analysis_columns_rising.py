"""Tables whose prices rise from row to row, or whose head is a word for any goods."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


def _table(*rows: tuple[str | None, str | None, tuple[float, ...]], sizes: tuple[float, ...]) -> list[Row]:
    return [
        (name, size, unit, price, None)
        for name, unit, prices in rows
        for size, price in zip(sizes, prices, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "PRODUCT     1      5      10\nspeed       8      30     50\n4-mmc       20     80     150",
            _table(("amphetamine", "g", (8, 30, 50)), ("mephedrone", "g", (20, 80, 150)), sizes=(1, 5, 10)),
        ),
        (
            "soort/5/10/25\nLimonade/40/70/160\nHaze/45/80/180",
            _table((None, None, (40, 70, 160)), ("cannabis", "g", (45, 80, 180)), sizes=(5, 10, 25)),
        ),
        (
            "1g 5g 10g\nZilver 10 40 70\nketa 25 110 200",
            _table((None, "g", (10, 40, 70)), ("ketamine", "g", (25, 110, 200)), sizes=(1, 5, 10)),
        ),
        (
            "wat 1 2 5\nketa 25 45 100\n\nwat 5 10 20\nhaze 45 80 150",
            [
                *_table(("ketamine", "g", (25, 45, 100)), sizes=(1, 2, 5)),
                *_table(("cannabis", "g", (45, 80, 150)), sizes=(5, 10, 20)),
            ],
        ),
    ],
)
def test_a_row_below_a_row_is_no_head_of_the_next(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
