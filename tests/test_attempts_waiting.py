"""Attempts that wait beside the log: none is lost or logged twice, and what stands there harms no command."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import done, log, new, refused, sporen, verified

from forensics import attempts
from forensics.attempts import adopt
from forensics.case import Case
from forensics.waiting import wait

WAITED = {
    "time": "2026-03-01T10:00:00.000Z", "command": "show", "error": "CaseLocked", "exit_code": 5,
    "by": "A. Attempter", "role": "investigator", "reason": "tip 9", "account": "desk", "host": "room-4",
}  # fmt: skip
# One process that notes refused commands on a case while others take them into its log.
WRITER = """
import sys
from pathlib import Path
from forensics.waiting import wait
for n in range(25):
    wait(Path(sys.argv[1]), {"command": f"{sys.argv[2]}-{n}", "error": "CaseLocked", "exit_code": 5})
"""
TAKER = """
import sys, time
from pathlib import Path
from forensics.attempts import adopt
from forensics.case import Case
from forensics.errors import SporenError
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    try:
        with Case.open(Path(sys.argv[1])) as case:
            adopt(case)
    except SporenError:
        continue
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


def found(case: Path) -> list[str]:
    return [each["object"]["command"] for each in log(case) if each["action"] == "attempt"]


def files(case: Path) -> list[Path]:
    return sorted(case.glob("attempts*"))


def started(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)])


def test_what_is_noted_while_others_take_it_is_logged_once_each(case: Path):
    takers = [started(TAKER, case, 5) for _ in range(2)]
    writers = [started(WRITER, case, name) for name in ("a", "b")]
    assert [each.wait(60) for each in (*writers, *takers)] == [0, 0, 0, 0]
    with Case.open(case) as opened:
        adopt(opened)
    assert sorted(found(case)) == sorted(f"{name}-{n}" for name in ("a", "b") for n in range(25))
    assert files(case) == []
    assert verified(case) == []


def test_commands_refused_by_a_process_that_holds_the_case_are_all_on_record(case: Path):
    program = "from forensics.cli import main; main()"
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        running = [
            subprocess.Popen([sys.executable, "-c", program, "flags", str(case)], stderr=subprocess.PIPE)
            for _ in range(3)
        ]
        assert [each.communicate(timeout=60)[1].count(b"\n") for each in running] == [1, 1, 1]
        other.execute("ROLLBACK")
    done("flags", case)
    assert found(case) == ["flags"] * 3


def test_an_adoption_that_was_broken_off_before_its_files_went_is_not_made_twice(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    for command in ("c0", "c1", "c2"):
        wait(case, {**WAITED, "command": command})
        time.sleep(0.002)  # names begin with the millisecond
    with monkeypatch.context() as patched:
        patched.setattr(attempts, "remove", lambda _: None)  # as if killed there
        done("flags", case)
    assert (found(case), len(files(case))) == (["c0", "c1", "c2"], 3)
    wait(case, {**WAITED, "command": "c3"})
    done("flags", case)
    assert (found(case), files(case)) == (["c0", "c1", "c2", "c3"], [])


def test_an_adoption_that_fails_in_between_logs_nothing_and_is_made_by_the_next(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    for command in ("c0", "c1", "c2"):
        wait(case, {**WAITED, "command": command})
        time.sleep(0.002)
    real, calls = attempts._log, []

    def failing(*given: object, **named: object) -> None:
        calls.append(given)
        if len(calls) == 3:
            raise attempts.CaseLocked("another process is using this case")
        real(*given, **named)  # type: ignore[arg-type]  # handed on as it came

    with monkeypatch.context() as patched:
        patched.setattr(attempts, "_log", failing)
        done("flags", case)
    assert (found(case), len(files(case))) == ([], 3)
    done("flags", case)
    assert (found(case), files(case)) == (["c0", "c1", "c2"], [])


def test_role_and_reason_are_those_of_the_attempt_and_not_of_who_takes_it_up(case: Path):
    wait(case, WAITED)
    wait(case, {**WAITED, "by": "", "role": "", "reason": "", "command": "search"})
    done("--by", "R. Viewer", "--role", "reviewer", "--reason", "second reading", "flags", case)
    entries = {each["object"]["command"]: each["detail"] for each in log(case) if each["action"] == "attempt"}
    told = ("person", "role", "reason", "account", "workstation", "at", "exit_code")
    assert [entries["show"][name] for name in told] == [
        "A. Attempter", "investigator", "tip 9", "desk", "room-4", WAITED["time"], 5,
    ]  # fmt: skip
    assert [entries["search"][name] for name in told[:3]] == [None, "", ""]


def test_a_destruction_takes_what_waits_into_the_log_that_stays(case: Path):
    wait(case, WAITED)
    done("erase", case, "--reason", "order 3", "--confirm", "T-1")
    assert found(case) == ["show"]
    assert verified(case) == []


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"command":"show","exit_code":123456789012345678901234567890}',
        b'{"command":"show","exit_code":' + b"9" * 5000 + b"}",
        b'{"command":"show","exit_code":true,"role":"boss","by":["x"],"error":NaN}',
        b'{"command":"show","by":"\\ud800","error":"\\u0000\\u202e"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_a_hostile_line_is_an_entry_and_no_traceback(case: Path, line: bytes):
    (case / "attempts.jsonl").write_bytes(line + b"\n")
    done("flags", case)
    (entry,) = [each for each in log(case) if each["action"] == "attempt"]
    assert entry["object"]["command"] in ("show", "unknown")
    assert (entry["detail"]["exit_code"], entry["detail"]["role"]) == (None, "")
    assert files(case) == []
    assert verified(case) == []


def test_of_a_long_text_the_log_takes_the_beginning(case: Path):
    line = {**WAITED, "command": "s" * 300_000, "by": "b" * 300_000}
    (case / "attempts.jsonl").write_text(json.dumps(line) + "\n")
    done("flags", case)
    (entry,) = [each for each in log(case) if each["action"] == "attempt"]
    assert entry["object"]["command"] == "s" * 39 + "…"
    assert len(entry["detail"]["person"]) == 500


def test_a_huge_file_is_taken_in_part_and_the_log_says_how_much_there_was(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("forensics.waiting._MOST_LINES", 20)
    (case / "attempts.jsonl").write_bytes(b"[1]\n" * 1_000_000)
    done("flags", case)
    entries = [each for each in log(case) if each["action"] == "attempt"]
    assert len(entries) == 21
    assert entries[-1]["detail"]["file"] == "attempts.jsonl: 4000000 bytes, of which 20 lines were taken"
    assert files(case) == []


def test_what_is_no_file_is_not_waited_for(case: Path):
    os.mkfifo(case / f"attempts.{0:024x}.jsonl")
    (case / f"attempts.{1:024x}.jsonl").symlink_to("/dev/zero")
    (case / f"attempts.{2:024x}.jsonl").mkdir()
    wait(case, WAITED)
    done("flags", case)
    assert found(case) == ["show"]


def test_nothing_is_written_over_what_waits(case: Path):
    wait(case, WAITED)
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(5, "flags", case)
        other.execute("ROLLBACK")
    for name in ("attempts.jsonl", files(case)[0].name):
        said = refused(2, "export", case, "--format", "jsonl", "-o", case / name)
        assert "overwrite the case" in said


def test_commands_that_name_their_case_as_output_and_a_wrong_role_are_on_record(case: Path, tmp_path: Path):
    (tmp_path / "evidence").mkdir()
    refused(2, "run", tmp_path / "evidence", "-o", case)
    refused(2, "run", "-o", case)
    refused(5, "receive", tmp_path / "evidence", "-o", case, "--by", "X")
    refused(2, "--by", "N. Ame", "--role", "boss", "flags", case)
    assert found(case) == ["run", "run", "receive", "flags"]
    assert log(case)[-1]["actor"].startswith("N. Ame (")
    assert sporen("--role", "boss").exit_code == 2
