"""Processes that analyse are begun while the case is still being written; what comes of it is the same."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import done, new
from test_demo import make

from forensics import case_analysis
from forensics.case_analysis import Analysts
from forensics.case_writer import CaseWriter
from forensics.flag_work import Packed, packed_flags
from forensics.workers import Pool


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


def exported(phone: Path, folder: Path, processes: int) -> tuple[bytes, str]:
    case = new(folder)
    done("ingest", case, phone, "--workers", processes)
    done("export", case, "--format", "jsonl", "-o", case / "out.jsonl")
    done("verify", case)
    return (case / "out.jsonl").read_bytes(), done("flags", case, "--json").output


def test_they_are_begun_before_the_indexes_are_made(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_finish: list[int]
) -> None:
    monkeypatch.setattr(case_analysis, "_WORTH_A_POOL", 1)
    one = exported(phone, tmp_path / "one", 1)
    assert at_finish == [0]
    assert exported(phone, tmp_path / "three", 3) == one
    assert at_finish == [0, 2]


def test_this_process_analyses_as_well(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_finish: list[int]
) -> None:
    """One process less holds the words of the analysis; what comes of it is the same."""
    here: list[Packed] = []

    def noted(part: Packed) -> list[bytes]:
        here.append(part)
        return packed_flags(part)

    one = exported(phone, tmp_path / "one", 1)
    monkeypatch.setattr(case_analysis, "_WORTH_A_POOL", 1)
    monkeypatch.setattr(case_analysis, "Pool", partial(_Counting, noted))
    assert exported(phone, tmp_path / "two", 2) == one
    assert here
    assert at_finish == [0, 1]


class _Counting(Pool[Packed, list[bytes]]):
    """A pool that does what it does here in a way of the test."""

    def __init__(self, here: Callable[[Packed], list[bytes]], *given: Any) -> None:
        super().__init__(*given)
        self._work = here


def test_a_small_item_has_none(phone: Path, tmp_path: Path, at_finish: list[int]) -> None:
    exported(phone, tmp_path / "small", 2)
    assert at_finish == [0]


def test_few_lines_and_one_worker_begin_none() -> None:
    for processes, lines in ((2, case_analysis._WORTH_A_POOL - 1), (1, case_analysis._WORTH_A_POOL)):
        with Analysts(processes) as analysts:
            assert analysts.begin(lines, lines) is None


def test_many_lines_of_which_none_speaks_of_a_drug_are_worth_them() -> None:
    with Analysts(2) as analysts:
        assert analysts.begin(case_analysis._LINES_WORTH_A_POOL, 0) is not None


def test_they_are_begun_once() -> None:
    with Analysts(2) as analysts:
        pool = analysts.begin(0, case_analysis._WORTH_A_POOL)
        assert analysts.begin(0, 0) is pool is not None
    assert not multiprocessing.active_children()
