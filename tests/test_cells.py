"""Cells that a spreadsheet program would take for a formula have an apostrophe in front, and no others."""

from __future__ import annotations

import pytest

from forensics.cells import guarded
from forensics.cli.recording import _plain
from reports.sheets import harmless

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1+1", "\nx", " =1+1", "\u00a0=1+1"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20a", "\u200e=1+1", "\ufeff=1+1", "\u200b\u202e =1+1"),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_taken_for_a_formula_is_guarded(text: str):
    assert guarded(text) == f"'{text}"
    assert harmless(text).startswith("'")
    assert _plain(text).startswith(("'", "⟨"))  # or a token for what nobody sees


@pytest.mark.parametrize("text", ["", " ", "hoi", "a=1", "\u200ehoi", "'=1", "1+1", " x"])
def test_any_other_text_stays(text: str):
    assert guarded(text) == text


def test_a_long_run_of_blanks_is_no_work():
    text = " " * 1_000_000 + "x"
    assert guarded(text) == text
