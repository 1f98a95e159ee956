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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "zatla 10, bida 600, 7lwa 80",
            [
                ("hashish", None, None, 10, None),
                ("cocaine", None, None, 600, None),
                ("xtc-tablet", None, None, 80, None),
            ],
        ),
        ("heroină 50, piatră 60", [("heroin", None, None, 50, None), ("crack", None, None, 60, None)]),
        (
            "4-CMC 35zł, HEX 40zł",
            [("4-cmc", None, None, 35, "PLN"), ("n-ethylhexedrone", None, None, 40, "PLN")],
        ),
        ("keta 35\nl bida 600dh", [("ketamine", None, None, 35, "MAD"), ("cocaine", None, None, 600, "MAD")]),
    ],
)
def test_ordinary_words_beside_a_sure_name_are_goods_with_their_price(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


def test_the_same_words_alone_are_none() -> None:
    assert not any(r[0] for t in ("dar bida 600", "bombe 45, hex 40", "piatră 60") for r in rows_of(t))


def test_balls_of_italian_and_romanian_are_pieces() -> None:
    assert rows_of("heroina 25 la pallina, 3 palline 60") == [
        ("heroin", 1, "piece", 25, None),
        ("heroin", 3, "piece", 60, None),
    ]
    assert rows_of("heroină o bilă 50 lei") == [("heroin", 1, "piece", 50, "RON")]
