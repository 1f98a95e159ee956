"""What the limits of a recovery leave out is told in words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlite_pages_made import PAGE, SQL, cell, first_page, leaf
from test_sqlite_recovery_linear import cells_over_each_other, deleted, freed, tables_without_end

from forensics.formats.sqlite_recovery import recover
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.model import Source
from forensics.recovered_rows import Recovered
from forensics.recovered_words import summary


def told(data: bytes, folder: Path) -> list[str]:
    limits = Limits()
    for _row in recover(io.BytesIO(data), work=folder / "work", name="a.db", limits=limits):
        pass
    return list(limits.told())


def test_of_an_ordinary_file_nothing_is_said(tmp_path: Path):
    assert told(freed([leaf([deleted(at) for at in range(9)])], []), tmp_path) == []
    live = first_page([("t", 2, SQL)], 2) + leaf([cell(1, None, "live", 1)])
    assert len(live) == 2 * PAGE
    assert told(live, tmp_path) == []


def test_cells_that_lie_over_each_other_are_told_by_their_pages(tmp_path: Path):
    (sentence,) = told(cells_over_each_other(8), tmp_path)
    assert sentence.startswith("cells were left out on 2 pages or more")


def test_tables_beyond_the_limit_are_told(tmp_path: Path):
    sentences = told(tables_without_end(60), tmp_path)
    crowded, doubtful = sentences
    assert crowded.startswith("160 tables have 3 columns")
    assert doubtful.startswith("records left out because")  # no table of the file has a root that is there


@pytest.mark.parametrize("entries", [0, 7])
def test_the_summary_of_a_case_says_it_too(entries: int):
    source = Source(evidence_sha256="e", file_sha256="f", path="a.db")
    notices = [each.text for each in summary(Recovered(limits=Limits(entries=entries)), {}, 0, source)]
    said = [each for each in notices if each.startswith("deleted rows: 7 entries of indexes were left out")]
    assert len(said) == (entries > 0)
