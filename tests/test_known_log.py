"""A change of the case reads of the log what is new in it, and refuses a log that was changed before that."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from sporen_runs import new, verified

from forensics import custody, known_log, times
from forensics.case import Case
from forensics.custody_entry import read_line
from forensics.errors import CaseDamaged


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with a log of 31 entries and more, which this process has read."""
    folder = new(tmp_path / "case")
    view(folder, 30)
    known_log.key_entries(folder / "custody.jsonl")
    return folder


def view(folder: Path, times: int = 1) -> None:
    with Case.open(folder) as case:
        for number in range(times):
            with case.change() as change:
                change.log("view", {"case": "x"}, query=f"word {number}")


def by_another_process(log: Path, script: str) -> None:
    """Run a script over ``log``, the lines of the file, and write them back in place."""
    program = (
        "import sys; path = sys.argv[1]; log = open(path, 'rb').read().splitlines(True);"
        f"{script}; open(path, 'r+b').truncate(0); open(path, 'r+b').write(b''.join(log))"
    )
    subprocess.run([sys.executable, "-c", program, str(log)], check=True)


def parsed(work: Callable[[], None]) -> int:
    """How many lines are parsed for the keys of a log."""
    with patch.object(known_log, "entry_of", wraps=known_log.entry_of) as entry_of:
        work()
    return entry_of.call_count


def test_a_change_parses_as_many_lines_at_300_entries_as_at_30(case: Path) -> None:
    view(case)
    few = parsed(lambda: view(case))
    view(case, 270)
    assert parsed(lambda: view(case)) == few == 1


def test_a_log_to_which_nothing_was_written_is_not_read_again(case: Path) -> None:
    log = case / "custody.jsonl"
    later = times.now() + 10_000
    with patch.object(times, "now", return_value=later):
        told = known_log.key_entries(log)
        with patch.object(known_log, "_read_on", side_effect=AssertionError):
            assert known_log.key_entries(log) == told
    assert [each.action for each in told] == ["case.open"]


def test_a_log_written_a_moment_ago_is_hashed_again_though_its_times_are_the_same(case: Path) -> None:
    log = case / "custody.jsonl"
    known_log.key_entries(log)
    status = log.stat()
    data = log.read_bytes().replace(b'"word 3"', b'"ward 3"')
    with log.open("r+b") as stream:
        stream.write(data)
    os.utime(log, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(CaseDamaged, match="was changed since it was read"):
        view(case)


@pytest.mark.parametrize(
    "script",
    [
        "log[5] = log[5].replace(b'word', b'ward')",  # one word, in the canonical form
        "log[5], log[6] = log[6], log[5]",
        "del log[5]",
        "log[5] = b'{}\\n'",
        "log[5] = log[5][:-1]",
        "log.insert(5, log[4])",
        "del log[-1]",
        "log.clear()",
        "log[-1] = log[-1][:40]",
    ],
)
def test_a_log_that_another_process_changed_is_refused(case: Path, script: str) -> None:
    log = case / "custody.jsonl"
    before = log.read_bytes()
    by_another_process(log, script)
    changed = log.read_bytes()
    with pytest.raises(CaseDamaged):
        view(case)
    assert log.read_bytes() == changed  # nothing was appended to it
    log.write_bytes(before)
    view(case)  # the log as it was is taken again
    assert verified(case) == []


def test_a_log_of_another_case_in_the_same_place_is_read_anew(case: Path, tmp_path: Path) -> None:
    other = new(tmp_path / "other")
    view(other, 40)
    for name in ("case.db", "custody.jsonl"):
        (case / name).write_bytes((other / name).read_bytes())
    view(case)
    with Case.open(case) as opened:
        entries = list(custody.entries(opened.log_path))
    assert entries[-1].seq == len(entries) == 43


def test_a_key_that_another_process_revoked_is_known_to_be(case: Path) -> None:
    log = case / "custody.jsonl"
    remembered = dict(known_log._remembered)
    with Case.open(case) as opened, opened.change() as change:
        change.log("key.revoke", {"key": opened.key.key_id}, revoked_key=opened.key.key_id)
    assert read_line(log.read_bytes().splitlines(True)[-1]).action == "key.revoke"
    known_log._remembered.clear()
    known_log._remembered.update(remembered)  # as this process knew the log before
    with pytest.raises(Exception, match="was revoked in this case"):
        view(case)
