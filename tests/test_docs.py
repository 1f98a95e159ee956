"""The documents say what the program does: examples of case.toml load, keys and thresholds are explained."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from source_tree import ROOT

from forensics.analysis.score import Rules
from forensics.case_settings import Options, settings
from reports import identification

DOCUMENT = (ROOT / "docs" / "case-toml.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"`([a-z]+\.[a-z_]+)`", DOCUMENT))
GIVEN = chain(
    identification._CASE,
    identification._DEVICE,
    identification._EXAMINER,
    identification._ACQUISITION,
    identification._STATE,
)


def examples() -> list[str]:
    return [each for text in (DOCUMENT, README) for each in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize("text", examples())
def test_the_examples_of_case_toml_make_a_case(text: str, tmp_path: Path):
    (tmp_path / "case.toml").write_text(text, "utf-8")
    found = settings(Options(config=tmp_path / "case.toml"))
    assert found["number"] == "2026-0417"
    assert found["apps"] == ["whatsapp"]
    assert [each["kind"] for each in found["authorities"]] == ["prosecutor"]


def test_every_key_of_the_example_is_explained():
    tables = {name: table for name, table in tomllib.loads(examples()[0]).items() if name != "authority"}
    keys = {f"{name}.{key}" for name, table in tables.items() for key in table}
    assert keys <= EXPLAINED


@pytest.mark.parametrize("paths", [paths for _, _, paths in GIVEN], ids=lambda paths: paths[0])
def test_every_item_that_the_report_takes_from_case_toml_is_explained(paths: tuple[str, ...]):
    assert EXPLAINED & set(paths)


def test_every_key_of_an_authority_is_explained():
    assert all(f"`{name}`" in DOCUMENT for name in identification._AUTHORITY)


def test_every_threshold_of_the_learnt_weights_is_named_with_its_number():
    """As "150 (`alone`)", or inside brackets "-600, `amid`"."""
    text = " ".join((ROOT / "docs" / "detection.md").read_text("utf-8").split())
    rules, _raw = Rules.load()
    assert f"(rules version {rules.version})" in text
    told = {
        name: int(number)
        for number, name in re.findall(r"(-?\d+)(?: thousandths)?(?:,| \(| at a glance \()\s?`(\w+)`", text)
    }
    least = rules.thresholds["learnt"]
    assert {name: told.get(name) for name in least} == least
