"""Letters and words that mean a measure in one language and something else beside money in another."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "clen 200 dh, ozempic 1200 dh l 9lem",
            [("clenbuterol", None, None, 200, "MAD"), ("semaglutide", None, None, 1200, "MAD")],
        ),
        (
            "coca 29 mil cada, 5 por 140 mil euros",
            [("cocaine", 1, "piece", 29000, "EUR"), ("cocaine", 5, "piece", 140000, "EUR")],
        ),
        ("ghb 1 l 300, 100 mil 40", [("ghb", 1000, "ml", 300, None), ("ghb", 100, "ml", 40, None)]),
    ],
)
def test_an_article_is_no_litre_and_thousands_are_no_millilitres(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
