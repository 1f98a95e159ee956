"""Looking through a zip of a whole file system: as quick as listing it twice, in little memory; time left."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager

import pytest
from rich.console import Console
from source_tree import ROOT

from forensics.cli import talk
from forensics.events import Progressed

sys.path.insert(0, str(ROOT / "benchmarks"))
import discovery


@pytest.mark.full
def test_discovery_takes_at_most_twice_the_time_of_listing(tmp_path):
    path = tmp_path / "sparse.zip"
    discovery.make(path, 500_000)
    listing = discovery.listing(path)
    assert discovery.measured(path)["seconds"] <= 2 * listing


@pytest.mark.full
def test_two_million_members_take_less_than_300_mb(tmp_path):
    path = tmp_path / "sparse.zip"
    discovery.make(path, 2_000_000)
    assert discovery.measured(path)["mebibytes"] < 300


def test_the_bar_says_how_much_time_is_left(monkeypatch):
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=160)
    monkeypatch.setattr(talk, "console", lambda: terminal)
    monkeypatch.setattr(talk, "is_quiet", lambda: False)

    @contextmanager
    def watching():
        with talk.progress() as watch:
            yield watch

    with watching() as watch:
        for _ in range(4):
            watch(Progressed(what="bytes", count=1000, total=8000))
    assert "4,000 bytes" in out.getvalue()
    assert "left" in out.getvalue()
