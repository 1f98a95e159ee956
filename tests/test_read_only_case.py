"""A case on media that cannot be written: it verifies, and nothing is left anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from sporen_runs import change, ingest, new, phone, snapshot, sporen, verified


@pytest.fixture
def case(tmp_path, monkeypatch):
    """A case in a folder that is read-only to this process, root or not."""
    evidence = phone(tmp_path / "phone")
    made = new(tmp_path / "case")
    ingest(made, evidence)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield made
    subprocess.run(["umount", made], check=False, capture_output=True)
    made.chmod(0o755)


def make_read_only(case: Path) -> None:
    for each in case.iterdir():
        each.chmod(0o555 if each.is_dir() else 0o444)
    case.chmod(0o555)
    if not os.access(case, os.W_OK):
        return
    if shutil.which("mount") is None:
        pytest.skip("root, and no way to mount read-only")
    for options in (["--bind", case, case], ["-o", "remount,bind,ro", case]):
        if subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
            pytest.skip("root without the right to mount read-only")


def test_a_case_on_read_only_media_verifies(case, tmp_path):
    make_read_only(case)
    before = snapshot(case)
    assert verified(case) == []
    assert verified(case, "--evidence", tmp_path / "phone") == []
    assert snapshot(case) == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("sporen-")] == []
    result = sporen("verify", case)
    assert "this verification is not in the log" in result.stderr


def test_a_changed_search_index_is_found_there_too(case):
    change(case / "case.db", "DELETE FROM message_text_docsize")
    make_read_only(case)
    (problem,) = [each for each in verified(case, code=1) if "index" in each]
    assert "the search index is not that of the messages' texts" in problem
