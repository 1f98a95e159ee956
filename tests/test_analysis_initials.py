"""Goods called by one letter: rows of such, and letters beside other goods."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Line
from forensics.analysis.initials import initials
from forensics.analysis.text import fold, tokenize
from forensics.flag_work import built_in


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "C 55€\nK 25€\nH 15€",
            [
                ("cocaine", None, None, 55, "EUR"),
                ("ketamine", None, None, 25, "EUR"),
                ("heroin", None, None, 15, "EUR"),
            ],
        ),
        (
            "H 20€ / C 60€ / S 10€",
            [
                ("heroin", None, None, 20, "EUR"),
                ("cocaine", None, None, 60, "EUR"),
                ("amphetamine", None, None, 10, "EUR"),
            ],
        ),
        (
            "K. 35€\nP. 40€\nM. 30€",
            [
                ("ketamine", None, None, 35, "EUR"),
                (None, None, None, 40, "EUR"),
                ("mdma", None, None, 30, "EUR"),
            ],
        ),
        (
            "W........45€\nM........15€\nP........10€",
            [
                ("cocaine", None, None, 45, "EUR"),
                ("mdma", None, None, 15, "EUR"),
                (None, None, None, 10, "EUR"),
            ],
        ),
        (
            "C | 1g 60 | 3g 160\nK | 1g 30 | 3g 75",
            [
                ("cocaine", 1, "g", 60, None),
                ("cocaine", 3, "g", 160, None),
                ("ketamine", 1, "g", 30, None),
                ("ketamine", 3, "g", 75, None),
            ],
        ),
        (
            "(C) 1 = €50 / (K) 1 = €25 / (M) 1 = €20",
            [
                ("cocaine", 1, "g", 50, "EUR"),
                ("ketamine", 1, "g", 25, "EUR"),
                ("mdma", 1, "g", 20, "EUR"),
            ],
        ),
        (
            "C 1 = €50\nK 1 = €25\nM 1 = €20",
            [
                ("cocaine", 1, "g", 50, "EUR"),
                ("ketamine", 1, "g", 25, "EUR"),
                ("mdma", 1, "g", 20, "EUR"),
            ],
        ),
    ],
)
def test_rows_of_letters_of_one_form_are_goods(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "S 30 M 30 L 35 XL 40",
        "A 10€\nB 20€\nC 30€",
        "C 12\nlater meer",
        "vit C 8€, vit D 12€, magnesium 9€, zink 5€",
        "K 5 C 5 K 6 C 7",
        "H 20€ / K 10€",
        "H 20€\nS 10€",
        "stand poule:\nK 12\nM 9\nW 7\nC 3",
        "K 3 punten\nW 5 punten\nC 2 punten",
        "C 98\nW 79\nH 104",
        "C 12.5\nM 40\nY 0\nK 80",
        "kaartjes M €12 W €10 K €6",
        "maat M 35€ / X 40€ / K 20€",
        "wie moet nog: K 12€ / M 8€ / C 5€",
        "k=3\nm=5\nx=15",
        "breien: k 2, m 1, k 3",
    ],
)
def test_sizes_and_parts_called_by_letters_are_no_goods(text: str) -> None:
    assert initials(tokenize(fold(text))) == {}
    line = Line(id="1", text=text, sent_at=None, sender=None, from_owner=None)
    assert built_in().conversation().read(line).label == "none"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("shit 5g 30\nC 65€ le g", [("hashish", 5, "g", 30, "EUR"), ("cocaine", 1, "g", 65, "EUR")]),
        (
            "beuh 10g 80, la c 55 le g",
            [("cannabis", 10, "g", 80, None), ("cocaine", 1, "g", 55, None)],
        ),
        (
            "55 = 1g flake\n25 = 1g k\n65 = 3g k",
            [
                ("cocaine", 1, "g", 55, None),
                ("ketamine", 1, "g", 25, None),
                ("ketamine", 3, "g", 65, None),
            ],
        ),
        (
            "🟫 SHIT\n5g 30€\n⬜ C\n1g 65€\n2g 120€",
            [
                ("hashish", 5, "g", 30, "EUR"),
                ("cocaine", 1, "g", 65, "EUR"),
                ("cocaine", 2, "g", 120, "EUR"),
            ],
        ),
        (
            "shit 5g 30€\nOffre C : 2g 110€",
            [("hashish", 5, "g", 30, "EUR"), ("cocaine", 2, "g", 110, "EUR")],
        ),
        (
            "À l'unité : kéta 35€, taz 9€",
            [("ketamine", 1, "g", 35, "EUR"), ("xtc-tablet", 1, "piece", 9, "EUR")],
        ),
    ],
)
def test_a_letter_beside_other_goods_is_one(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("c : 60\nmd : 50", [("cocaine", None, None, 60, None), ("mdma", None, None, 50, None)]),
        ("md : 50\nc : 2", [("mdma", None, None, 50, None)]),
        (
            "c o k e 1 - 80\nk 3 t 1 - 30, 7 - 140",
            [("cocaine", 1, "g", 80, None), ("ketamine", 1, "g", 30, None), ("ketamine", 7, "g", 140, None)],
        ),
        (
            "C 0 K 3 1g = 80\nK 3 T 1g = 30\nM D 1g = 30",
            [("cocaine", 1, "g", 80, None), ("ketamine", 1, "g", 30, None), ("mdma", 1, "g", 30, None)],
        ),
    ],
)
def test_a_letter_alone_on_a_line_and_letters_apart_are_names(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
