"""The same evidence gives the same export, whatever the process, time zone, locale and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import ROOT

MACHINES = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"},
]


def sporen(machine: dict[str, str], home: Path, *arguments: str | Path) -> bytes:
    """Standard output of the command on such a machine; it must end with 0."""
    environment = {**os.environ, **machine, "SPOREN_HOME": str(home)}
    command = [sys.executable, "-c", "from forensics.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration phone: groups, LIDs, deleted rows, a write-ahead log, menus and deals."""
    folder = tmp_path_factory.mktemp("evidence") / "phone"
    subprocess.run(
        [sys.executable, ROOT / "fixtures/demo/make_demo.py", folder], check=True, capture_output=True
    )
    return folder


def export(phone: Path, folder: Path, machine: dict[str, str]) -> bytes:
    case = folder / "case"
    sporen(machine, folder, "new", case, "--number", "1", "--examiner", "E")
    sporen(machine, folder, "ingest", case, phone)
    return sporen(machine, folder, "export", case, "--format", "jsonl", "-o", "-")


def test_two_runs_on_different_machines_export_the_same_bytes(
    phone: Path, tmp_path_factory: pytest.TempPathFactory
):
    first, second = (export(phone, tmp_path_factory.mktemp("machine"), machine) for machine in MACHINES)
    assert first.count(b"\n") > 2000
    assert first == second
