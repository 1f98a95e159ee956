"""Names without vowels or backwards, in look-alikes, by the names of their letters, with signs in them."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "ktmn 2g 45\nspd 10g 30\nwd 5g 40",
            [
                ("ketamine", 2, "g", 45, None),
                ("amphetamine", 10, "g", 30, None),
                ("cannabis", 5, "g", 40, None),
            ],
        ),
        (
            "weed 5g 45 euro, hsch 5g 40 euro",
            [("cannabis", 5, "g", 45, "EUR"), ("hashish", 5, "g", 40, "EUR")],
        ),
        (
            "kt\u200ba 1g 25\n2cb 5 st 30",
            [("ketamine", 1, "g", 25, None), ("2c-b", 5, "piece", 30, None)],
        ),
        (
            "ekoc 1g 70\ntek 2g 40\nsarg 5g 45",
            [("cocaine", 1, "g", 70, None), ("ketamine", 2, "g", 40, None), ("cannabis", 5, "g", 45, None)],
        ),
    ],
)
def test_names_are_read_beside_others_that_are_hidden_alike(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text", ["wd 2tb 60\nssd 1tb 80", "spd 25, cdu 30", "ktm 125 3000", "tek 1 30\nwiet 2 20"]
)
def test_one_alone_is_none(text: str) -> None:
    assert {row[0] for row in rows_of(text)} <= {None, "cannabis"}
