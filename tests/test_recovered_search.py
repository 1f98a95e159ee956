"""Deleted rows that are sought beside the reading of the live ones are the same, however long that takes."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import MSGSTORE
from test_demo import make
from test_engine import request_for

from forensics import reading, recovered_rows, recovered_search
from forensics.beside import begin
from forensics.formats.sqlite_recovery import RecoveredRow
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.reading import read
from forensics.recovered_search import Search


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    assert make(folder).returncode == 0
    return folder


@pytest.fixture(params=["whole", "damaged"])
def phone(demo: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The demonstration phone, whose log holds deleted rows; and with pages of two tables overwritten."""
    if request.param == "whole":
        return demo
    damaged = tmp_path / "damaged"
    shutil.copytree(demo, damaged)
    with closing(sqlite3.connect(f"file:{damaged / MSGSTORE}?immutable=1", uri=True)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        pages = [
            db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            for name in ("jid", "message")
        ]
    with (damaged / MSGSTORE).open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size + 200)
            file.write(b"\xff" * 64)
    return damaged


def told(phone: Path, work: Path, workers: int) -> list[str]:
    """Everything that reading tells, but how far it is."""
    work.mkdir()
    events = read(replace(request_for(phone, work), workers=workers))
    return [text for text in map(repr, events) if not text.startswith("Progressed")]


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovered_search, "_WORTH_A_PROCESS", 0)


def test_it_makes_no_difference_when_the_search_ends(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = told(phone, tmp_path / "here", 1)
    assert any("recovered" in text for text in here)
    # every live message waits
    monkeypatch.setattr(Search, "is_done", property(lambda _search: False))
    assert told(phone, tmp_path / "late", 2) == here
    # none does
    monkeypatch.setattr(Search, "is_done", property(lambda search: search._process.join() is None))
    assert told(phone, tmp_path / "early", 2) == here


def test_a_search_that_is_killed_is_made_again(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = []

    def begin_and_kill(*given: object) -> object:
        process = begin(*given)  # type: ignore[arg-type]  # as it was given
        process.kill()
        killed.append(process)
        return process

    here = told(demo, tmp_path / "here", 1)
    monkeypatch.setattr(recovered_search, "begin", begin_and_kill)
    assert told(demo, tmp_path / "killed", 2) == here
    assert all(each.exitcode for each in killed)
    assert killed


def test_a_search_leaves_nothing_in_the_case_folder(demo: Path, tmp_path: Path) -> None:
    told(demo, tmp_path / "work", 2)
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize("fails", ["begin", "tempfile.mkdtemp"])
def test_a_search_that_cannot_be_begun_is_made_here(
    fails: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = told(demo, tmp_path / "here", 1)

    def refused(*given: Any, **how: Any) -> Any:
        if fails == "tempfile.mkdtemp" and how.get("prefix") != "search-":
            return mkdtemp(*given, **how)
        raise OSError(28, "No space left on device")

    mkdtemp = tempfile.mkdtemp
    monkeypatch.setattr(f"forensics.recovered_search.{fails}", refused)
    assert told(demo, tmp_path / "there", 2) == here


def test_what_the_limits_left_out_is_told_when_there_are_too_many_rows(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (recovered_rows, recovered_search):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    found = recovered_rows.recovered_rows

    def limited(streams: Any, work: Path, name: str, limits: Limits) -> Iterator[RecoveredRow]:
        for row in found(streams, work, name, limits):
            limits.entries += 1
            yield row

    monkeypatch.setattr(recovered_search, "recovered_rows", limited)
    here = told(demo, tmp_path / "here", 1)
    assert sum("4 entries of indexes were left out" in text for text in here) == 1
    # in this process, where what is patched is patched
    monkeypatch.setattr(recovered_search, "begin", Ran)
    assert told(demo, tmp_path / "there", 2) == here


class Ran:
    """A process that has ended as soon as it is begun."""

    exitcode = 0

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        work(*given)

    def is_alive(self) -> bool:
        return False

    def join(self) -> None: ...

    def kill(self) -> None: ...


def test_the_search_runs_beside_the_process_that_reads_when_there_are_two(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that writes waits then: its core would be idle."""
    begun: list[object] = []

    def counted(work: Callable[..., None], *given: object) -> object:
        begun.append(work)
        return begin(work, *given)

    monkeypatch.setattr(recovered_search, "begin", counted)
    here = told(demo, tmp_path / "one", 1)
    assert not begun
    assert told(demo, tmp_path / "two", 2) == here
    assert begun


def test_the_search_is_begun_before_anything_of_the_database_is_read(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            order.append(name)
            return function(*given)

        return called

    monkeypatch.setattr(recovered_search, "begin", noted("search", begin))
    monkeypatch.setattr(reading, "ranges_of", noted("ranges", reading.ranges_of))
    told(demo, tmp_path / "two", 2)
    assert order[0] == "search"
    assert "ranges" in order
