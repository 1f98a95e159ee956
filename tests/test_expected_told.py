"""``ingest --expect``: one digest for each item, and what came in without one is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, change, ingest, log, new, phone, sporen


@pytest.fixture
def items(tmp_path: Path) -> tuple[Path, Path]:
    first, second = phone(tmp_path / "first"), phone(tmp_path / "second")
    change(second / MSGSTORE, "UPDATE message SET starred = 1 WHERE _id = 5")
    return first, second


def digest(tmp_path: Path, item: Path) -> str:
    case = new(tmp_path / "asked")
    ingest(case, item)
    (found,) = (each["object"]["sha256"] for each in log(case) if each["action"] == "evidence.add")
    return f"sha256:{found}"


def test_an_item_that_came_in_without_one_is_named(tmp_path: Path, items: tuple[Path, Path]):
    stated = digest(tmp_path, items[0])
    result = sporen("ingest", new(tmp_path / "case"), *items, "--expect", stated)
    assert result.exit_code == 0
    (note,) = [line for line in result.stderr.splitlines() if "--expect" in line]
    assert str(items[1]) in note
    alone = sporen("ingest", new(tmp_path / "alone"), items[0], "--expect", stated)
    assert (alone.exit_code, "--expect" in alone.stderr) == (0, False)


def test_the_same_digest_twice_is_of_two_items(tmp_path: Path, items: tuple[Path, Path]):
    stated = digest(tmp_path, items[0])
    case = new(tmp_path / "case")
    found = ingest(case, *items, "--expect", stated, "--expect", stated, code=3)
    assert [each["path"] for each in found["problems"]] == [str(items[1])]
    assert "expected was" in found["problems"][0]["text"]
