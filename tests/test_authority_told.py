"""What ``new`` says of the authority: one without a reference is recorded too."""

from __future__ import annotations

from pathlib import Path

from sporen_runs import done

NEW = ("--number", "1", "--examiner", "x")
SAID = "No authority is recorded"


def test_an_authority_without_a_reference_is_recorded(tmp_path: Path):
    given = ("--authority", "prosecutor::2026-01-01")
    assert SAID not in done("new", tmp_path / "with", *NEW, *given).stderr
    assert SAID in done("new", tmp_path / "without", *NEW).stderr
