"""Names without vowels or backwards, in look-alikes, by the names of their letters, with signs in them."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of

from forensics.analysis.findings import Line
from forensics.analysis.talk import verdicts
from forensics.flag_work import built_in


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("\u0441.\u043e.\u043a.\u0435 3g 120", [("cocaine", 3, "g", 120, None)]),  # Cyrillic
        ("3-\u041c\u041c\u0421 2g 30", [("3-mmc", 2, "g", 30, None)]),
        (
            "wiet 2g 20\n\u0430-\u0420\u041d\u0420 2g 50",
            [("cannabis", 2, "g", 20, None), ("a-php", 2, "g", 50, None)],
        ),
        ("m@nd\u00a5 2g 60", [("mdma", 2, "g", 60, None)]),
        ("gh8 100ml 35", [("ghb", 100, "ml", 35, None)]),
        ("7ch1ch 10g 300 dh", [("hashish", 10, "g", 300, "MAD")]),
        ("c!onaz0lam 20 st 35", [("clonazolam", 20, "piece", 35, None)]),
        ("3-m\u20ac0-pcp 200mg 40", [("3-meo-pcp", 200, "mg", 40, None)]),
        ("k3ta 1g 20\ndiaz3pam str!p 9", [("ketamine", 1, "g", 20, None), ("diazepam", 1, "strip", 9, None)]),
        (
            "dispo : c 70 le g, k\u00e9ta 30 le g",
            [("cocaine", 1, "g", 70, None), ("ketamine", 1, "g", 30, None)],
        ),
    ],
)
def test_look_alikes_and_signs_are_the_letters_that_they_stand_for(text: str, rows: list[Row]) -> None:
    assert rows_of(text) == rows
    (verdict,) = verdicts([(None, Line("m", text))], built_in())
    read = [(i.substance, i.quantity, i.unit, i.price, i.currency) for i in verdict.items]
    assert read == rows, "what the grammar reads has a cue"


def test_a_name_that_is_written_so_says_it_whatever_else_is() -> None:
    (verdict,) = verdicts([(None, Line("m", "ktmn 2g 45\nspd 10g 30\nKosk 1g 65"))], built_in())
    assert [h.text for h in verdict.rules if h.id == "disguise"][:2] == ["ktmn", "spd"]
