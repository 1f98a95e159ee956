"""A misspelt key of case.toml is refused: passed over, a limit is wider than was meant, or a fact is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_tree import ROOT
from sporen_runs import refused

from forensics.case_settings import _KEYS, Options, settings

EXPLAINED = set(re.findall(r"`([a-z]+)\.([a-z_]+)`", (ROOT / "docs" / "case-toml.md").read_text("utf-8")))
VALUES = {
    "number": "'1'",
    "retain_until": "'2031-01-01'",
    "timezone": "'Europe/Amsterdam'",
    "language": "'nl'",
    "seal_for": "[]",
    "persons": "['x']",
    "apps": "[]",
    "from": "'2026-01-01'",
    "until": "'2026-01-02'",
    "enforced": "true",
    **dict.fromkeys(("filter", "investigator", "reviewer"), "[]"),
}


@pytest.mark.parametrize(
    "text",
    [
        '[scope]\napp = ["telegram"]',
        '[scope]\nform = "2026-01-01"',
        '[privilege]\nsealfor = ["age1"]',
        '[case]\ntime_zone = "Europe/Amsterdam"',
        '[device]\nmodle = "8"',
        '[examiner]\nroll = "x"',
        '[reviewer]\nnaam = "x"',
        '[state]\nlocked_by = "x"',
        '[acquisition]\ntools = "x"',
        '[report]\nstate = "final"',
        '[law]\nfile = "x.csv"',
    ],
)
def test_an_unknown_key_is_refused(tmp_path: Path, text: str):
    (tmp_path / "case.toml").write_text(text)
    given = ("--number", "1", "--examiner", "x", "--config", tmp_path / "case.toml")
    assert "unknown key" in refused(2, "new", tmp_path / "case", *given)
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("table", "key"), sorted((table, key) for table, key in EXPLAINED if table in _KEYS and table != "law")
)
def test_every_key_that_is_explained_is_taken(tmp_path: Path, table: str, key: str):
    (tmp_path / "case.toml").write_text(f"[{table}]\n{key} = {VALUES.get(key, repr('x'))}\n")
    if (table, key) in (("roles", "reviewer"), ("examiner", "reviewer")):
        (tmp_path / "case.toml").write_text(f"[{table}]\n{key} = {'[]' if table == 'roles' else repr('x')}\n")
    settings(Options(number="1", examiner="x", config=tmp_path / "case.toml"))


def test_every_key_that_is_taken_is_explained():
    known = {(table, key) for table, keys in _KEYS.items() for key in keys or ()}
    of_the_state = {("device", key) for key in _KEYS["state"] or ()}  # "each also read from `device`"
    assert known - of_the_state <= EXPLAINED


def test_a_reviewer_may_stand_there_as_a_name_alone(tmp_path: Path):
    (tmp_path / "case.toml").write_text('reviewer = "B. Reviewer"\n')
    found = settings(Options(number="1", examiner="x", config=tmp_path / "case.toml"))
    assert found["config"] == {"reviewer": "B. Reviewer"}
