"""Standard output on a full disk is the machine's failure: exit code 7 and one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sporen_runs import new

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
