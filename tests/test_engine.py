"""Where the work runs makes no difference, and a reading process that dies is told as one sentence."""

from __future__ import annotations

import multiprocessing
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import pytest
from sporen_runs import done, new
from test_demo import make

from forensics import engine
from forensics.authority import Scope
from forensics.errors import MachineFailed
from forensics.events import ItemRead
from forensics.evidence import Limits
from forensics.extract import Batch
from forensics.progressed import Progressed
from forensics.reading import Request


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_WORTH_A_PROCESS", 0)


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    made = make(folder)
    assert made.returncode == 0, made.stderr
    return folder


def request_for(phone: Path, work: Path) -> Request:
    scope = Scope(apps=frozenset(), since=None, until=None, privileged=frozenset(), secret="")
    return Request(
        paths=(phone,), keys=(), scope=scope, exhibit=None, expected=(), known={}, work=work,
        limits=Limits(),
    )  # fmt: skip


def test_two_processes_make_the_same_case_as_one(phone: Path, tmp_path: Path) -> None:
    exports = []
    for workers in (1, 2):
        case = new(tmp_path / f"case-{workers}")
        done("ingest", case, phone, "--workers", workers)
        done("export", case, "--format", "jsonl", "-o", case / "out.jsonl")
        exports.append((case / "out.jsonl").read_bytes())
    assert exports[0] == exports[1]


def test_the_events_are_the_same_in_another_process(phone: Path, tmp_path: Path) -> None:
    request = request_for(phone, tmp_path)
    here, there = (list(engine.events(request, workers)) for workers in (1, 2))
    rows = [[row for e in each if isinstance(e, Batch) for row in e.messages] for each in (here, there)]
    assert rows[0] == rows[1]
    assert [e for e in here if not isinstance(e, Batch)] == [e for e in there if not isinstance(e, Batch)]


def test_a_database_that_is_cut_makes_the_same_events_with_any_number_of_workers(
    phone: Path, tmp_path: Path
) -> None:
    found = []
    for workers in (1, 2, 3, 5):
        work = tmp_path / f"work-{workers}"
        work.mkdir()
        events = list(engine.events(replace(request_for(phone, work), rows=90), workers))
        batches = [each for each in events if isinstance(each, Batch)]
        assert len(batches) > 10
        told: dict[str, list[object]] = {
            field.name: [record for each in batches for record in getattr(each, field.name)]
            for field in fields(Batch)
        }
        told["events"] = [each for each in events if not isinstance(each, Batch | Progressed)]
        found.append(told)
    assert found[1:] == found[:1] * 3


def test_a_reading_process_that_is_killed_is_one_sentence(phone: Path, tmp_path: Path) -> None:
    stream = engine.events(request_for(phone, tmp_path), 2)
    next(stream)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(MachineFailed, match="was ended"):
        list(stream)


def test_a_writer_that_stops_takes_its_reading_process_along(phone: Path, tmp_path: Path) -> None:
    stream = engine.events(request_for(phone, tmp_path), 2)
    next(stream)
    stream.close()
    assert not multiprocessing.active_children()


def test_nothing_is_read_ahead_without_an_end(phone: Path, tmp_path: Path) -> None:
    events = list(engine.events(request_for(phone, tmp_path), 2))
    assert isinstance(events[-1], ItemRead)


def test_no_more_processes_are_begun_than_the_work_may_take(phone: Path, tmp_path: Path) -> None:
    """One writes and one reads: what is left may help the one that reads."""
    request = request_for(phone, tmp_path)
    assert engine._spread(request, 2).spread is None
    for workers in (3, 8):
        spread = engine._spread(request, workers).spread
        assert isinstance(spread, partial)
        assert spread.args == (workers - 2,)
