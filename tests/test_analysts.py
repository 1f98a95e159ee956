"""Processes that analyse are begun while the case is still being written; what comes of it is the same."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from sporen_runs import done, new
from test_demo import make

from forensics import case_analysis
from forensics.case_analysis import Analysts
from forensics.case_writer import CaseWriter


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    assert make(folder).returncode == 0
    return folder


@pytest.fixture
def at_finish(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many processes there were when the writer came to its indexes."""
    found: list[int] = []
    finish = CaseWriter.finish

    def counted(writer: CaseWriter) -> None:
        found.append(len(multiprocessing.active_children()))
        finish(writer)

    monkeypatch.setattr(CaseWriter, "finish", counted)
    yield found
    assert not multiprocessing.active_children()


def exported(phone: Path, folder: Path, workers: int) -> tuple[bytes, str]:
    case = new(folder)
    done("ingest", case, phone, "--workers", workers)
    done("export", case, "--format", "jsonl", "-o", case / "out.jsonl")
    done("verify", case)
    return (case / "out.jsonl").read_bytes(), done("flags", case, "--json").output


def test_they_are_begun_before_the_indexes_are_made(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_finish: list[int]
) -> None:
    monkeypatch.setattr(case_analysis, "_WORTH_A_POOL", 1)
    one = exported(phone, tmp_path / "one", 1)
    assert at_finish == [0]
    assert exported(phone, tmp_path / "two", 2) == one
    assert at_finish == [0, 2]


def test_a_small_item_has_none(phone: Path, tmp_path: Path, at_finish: list[int]) -> None:
    exported(phone, tmp_path / "small", 2)
    assert at_finish == [0]


def test_few_lines_and_one_worker_begin_none() -> None:
    for workers, lines in ((2, case_analysis._WORTH_A_POOL - 1), (1, case_analysis._WORTH_A_POOL)):
        with Analysts(workers) as analysts:
            assert analysts.begin(lines, lines) is None


def test_many_lines_of_which_none_speaks_of_a_drug_are_worth_them() -> None:
    with Analysts(2) as analysts:
        assert analysts.begin(case_analysis._LINES_WORTH_A_POOL, 0) is not None


def test_they_are_begun_once() -> None:
    with Analysts(2) as analysts:
        pool = analysts.begin(0, case_analysis._WORTH_A_POOL)
        assert analysts.begin(0, 0) is pool is not None
    assert not multiprocessing.active_children()
