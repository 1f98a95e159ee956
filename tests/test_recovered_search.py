"""Deleted rows that are sought beside the reading of the live ones are the same, however long that takes."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE
from test_demo import make
from test_engine import request_for

from forensics import recovered_search
from forensics.beside import begin
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
    assert told(phone, tmp_path / "late", 3) == here
    # none does
    monkeypatch.setattr(Search, "is_done", property(lambda search: search._process.join() is None))
    assert told(phone, tmp_path / "early", 3) == here


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
    assert told(demo, tmp_path / "killed", 3) == here
    assert all(each.exitcode for each in killed)
    assert killed
