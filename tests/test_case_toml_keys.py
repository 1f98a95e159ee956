"""A misspelt limit in case.toml is refused: passed over, more would be read than may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from sporen_runs import refused


@pytest.mark.parametrize(
    "text", ['[scope]\napp = ["telegram"]', '[scope]\nform = "2026-01-01"', '[privilege]\nsealfor = ["age1"]']
)
def test_an_unknown_key_of_a_limit_is_refused(tmp_path: Path, text: str):
    (tmp_path / "case.toml").write_text(text)
    given = ("--number", "1", "--examiner", "x", "--config", tmp_path / "case.toml")
    assert "unknown key" in refused(2, "new", tmp_path / "case", *given)
    assert not (tmp_path / "case").exists()
