"""Names whose letters are parted by a sign that parts nothing else so, or by several points."""

from __future__ import annotations

import pytest
from menu_rows import Row, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("k;e;t 25 / w;e;e;d 10", [("ketamine", None, None, 25, None), ("cannabis", None, None, 10, None)]),
        ("m,d,m,a 20", [("mdma", None, None, 20, None)]),
        ("x+t+c = 4", [("xtc-tablet", None, None, 4, None)]),
        ("h...a...s...c...h 8", [("hashish", None, None, 8, None)]),
        ("T.e.m.a.z.e.p.a.m 20mg ... 2,50", [("temazepam", None, None, 2.5, None)]),
    ],
)
def test_letters_apart_are_a_name(text: str, rows: list[Row]) -> None:
    assert rows_of(text)[: len(rows)] == rows


@pytest.mark.parametrize(
    "text", ["zaal a,b,c 10", "optie a:b:c 10 euro", "x,y,z = 1,2,3", ";;;", "a;", "a;b;"]
)
def test_letters_that_are_no_name_stay_letters(text: str) -> None:
    assert all(name is None for name, *_ in rows_of(text))
    assert rows_of(f"{text}\nwiet 10")[-1][0] == "cannabis", "what stands with it is read"
