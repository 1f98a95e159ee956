"""A full disk behind standard output and too little memory are the machine's failure: 7 and one sentence."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sporen_runs import new, sporen

from forensics import engine
from forensics.cli import judging
from forensics.errors import MachineFailed

RUN = "from forensics.cli import main; main()"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("command", ["flags", "log", "verify"])
def test_a_full_disk_behind_standard_output_is_7(tmp_path: Path, command: str):
    case = new(tmp_path / "case")
    with Path("/dev/full").open("w") as full:
        asked = [sys.executable, "-c", RUN, command, str(case), "--json"]
        result = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 7
    assert "Traceback" not in result.stderr and "make room" in result.stderr


def test_too_little_memory_is_the_machines_failure_and_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def too_much(*_given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(judging, "_lines", too_much)
    result = sporen("classify", stdin="")
    assert (result.exit_code, result.stdout) == (7, "")
    (sentence,) = result.stderr.splitlines()
    assert "too little memory" in sentence


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory")])
def test_too_little_memory_where_another_process_reads_is_told_as_here(
    monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def too_much(_request: object) -> None:
        raise error

    sent: list[bytes] = []
    monkeypatch.setattr(engine, "read", too_much)
    engine._serve(SimpleNamespace(send_bytes=sent.append), None)
    with pytest.raises(MachineFailed, match="too little memory"):
        list(engine._decoded(iter([*sent, None]).__next__))
