"""A reader that has had enough (``| head``) ends a command quietly, and never as a difference (1)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, ingest, new, phone

RUN = "from forensics.cli import main; main()"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gone")
    ingest(new(folder / "case"), phone(folder / "phone"))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes there")
@pytest.mark.parametrize(
    "asked",
    [
        ("flags", "case"),
        ("log", "case"),
        ("log", "case", "--json"),
        ("search", "case", "een"),
        ("verify", "case", "--json"),
        ("export", "case", "--format", "jsonl", "-o", "-"),
        ("recover", f"phone/{MSGSTORE}"),
    ],
    ids=" ".join,
)
def test_it_ends_quietly(place: Path, asked: tuple[str, ...]):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stream:
        command = [sys.executable, "-c", RUN, "--quiet", *asked]
        result = subprocess.run(
            command, cwd=place, stdout=stream, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (result.returncode in (0, 141), result.stderr) == (True, "")
