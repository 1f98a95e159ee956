"""The zip of a delivery: one file, the same bytes from every run, and a bag when it is taken out again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sporen_runs import done, done_in, refused
from test_pictures import pictured
from test_reports_cases import small_case

from forensics.errors import MachineFailed
from reports import delivery, zipped

__all__ = ["pictured"]  # a fixture


def test_two_zips_of_a_case_are_the_same_bytes_and_hold_the_bag_alone(pictured: Path, tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        os.umask(0o077 if name == "two" else 0o022)
        done("report", pictured, "-o", tmp_path / name / "bag", "--format", "html,jsonl", "--zip")
    os.umask(0o022)
    made = tmp_path / "one/bag.zip"
    assert made.read_bytes() == (tmp_path / "two/bag.zip").read_bytes()
    logged = [each["detail"] for each in done_in(pictured) if each["action"] == "report.write"][-1]
    assert logged["zip_sha256"] == hashlib.sha256(made.read_bytes()).hexdigest()
    with zipfile.ZipFile(made) as file:
        names = file.namelist()
        assert names == sorted(names) and all(each.startswith("bag/") for each in names)
        assert {(each.date_time[0] >= 2026, each.date_time[3:]) for each in file.infolist()} == {
            (True, (0, 0, 0))
        }
        file.extractall(tmp_path / "out")
    command = [sys.executable, "-I", "-S", tmp_path / "out/bag/verify_delivery.py", tmp_path / "out/bag"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_zip_that_is_there_already_stays_as_it_is(pictured: Path, tmp_path: Path):
    (tmp_path / "bag.zip").write_bytes(b"another")
    said = refused(2, "report", pictured, "-o", tmp_path / "bag", "--format", "csv", "--zip")
    assert "bag.zip: is there already" in said
    assert (tmp_path / "bag.zip").read_bytes() == b"another"
    assert not (tmp_path / "bag").exists()


def test_without_space_for_it_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipped.shutil, "copyfileobj", full)
    with pytest.raises(MachineFailed, match=r"bag\.zip: could not be written: No space left"):
        delivery.write(small_case(), tmp_path / "bag", ("csv",), language="nl", version="0.1", is_zipped=True)
    assert list(tmp_path.iterdir()) == []
