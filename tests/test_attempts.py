"""Refused commands on an existing case: each is in the log once, by its kind and without content."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import done, ingest, log, new, refused, sporen, verified
from whatsapp_phones import Line, Phone

from forensics.case import Case
from forensics.verify import verify_case

FRIEND = "31600000042"
LINES = [Line(key="A1", minute=0, sender=FRIEND, text="hallo", chat=f"{FRIEND}@s.whatsapp.net")]
SECRET = "zeldzaamwoord"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    made = new(tmp_path / "case")
    ingest(made, Phone(number="31600000040").write(tmp_path / "phone", LINES))
    return made


def attempts(case: Path) -> list[tuple[str, str, int]]:
    found = [each for each in log(case) if each["action"] == "attempt"]
    return [(each["object"]["command"], each["result"], each["detail"]["exit_code"]) for each in found]


def waits(case: Path) -> list[Path]:
    return sorted(case.glob("attempts*"))


def test_each_refused_command_is_in_the_log_once_and_without_content(case: Path, tmp_path: Path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "something").write_text("x")
    refusals: list[tuple[int, tuple[object, ...]]] = [
        (2, ("decide", case, SECRET, "confirmed", "--reason", SECRET)),
        (2, ("decide", case, SECRET, "perhaps", "--reason", SECRET)),
        (2, ("show", case, SECRET)),
        (2, ("search", case, f'"{SECRET}')),
        (2, ("purge", case, "--conversation", SECRET, "--reason", SECRET)),
        (2, ("erase", case, "--reason", SECRET)),
        (2, ("export", case, "--format", SECRET, "-o", tmp_path / "x")),
        (2, ("report", case, "-o", tmp_path / "there")),
        (2, ("key", case, "--revoke", SECRET, "--reason", SECRET)),
        (2, ("anchor", case)),
        (2, ("log", case, "--from", SECRET)),
        (2, ("handover", case, "--to", "X", "-o", tmp_path / "there")),
        (2, ("authority", case, "--add", SECRET)),
    ]
    for number, (code, arguments) in enumerate(refusals, 1):
        refused(code, *arguments)
        found = attempts(case)
        assert len(found) == number, arguments
        assert found[-1] == (arguments[0], "refused: WrongUse", code)
    assert SECRET.encode() not in (case / "custody.jsonl").read_bytes()
    assert verified(case) == []


def test_who_tried_and_in_which_role_stands_with_it(case: Path):
    result = sporen("--by", "R. Reader", "--role", "reviewer", "--reason", "tip 7", "show", case, "m0")
    assert result.exit_code == 2
    entry = log(case)[-1]
    assert entry["action"] == "attempt"
    assert entry["actor"].startswith("R. Reader (")
    assert (entry["detail"]["role"], entry["detail"]["reason"]) == ("reviewer", "tip 7")


def test_a_refused_ingest_is_in_the_log_once(tmp_path: Path):
    (tmp_path / "case.toml").write_text(
        '[[authority]]\nkind = "prosecutor"\nreference = "OLD-1"\n'
        'date = "2020-01-01"\nexpires = "2020-02-01"\n'
    )
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    before = len(log(case))
    refused(6, "ingest", case, Phone(number="31600000040").write(tmp_path / "phone", LINES))
    assert [each["action"] for each in log(case)[before:]] == ["evidence.add"]


def test_an_attempt_with_a_signing_key_that_does_not_open_waits_and_is_logged_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "right")
    case = new(tmp_path / "case")
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "wrong")
    refused(2, "flags", case)
    assert attempts(case) == []
    assert len(waits(case)) == 1
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "right")
    done("flags", case)
    assert attempts(case) == [("flags", "refused: KeyLocked", 2)]
    assert waits(case) == []
    assert verified(case) == []


def test_an_attempt_on_a_case_in_use_waits_and_verify_tells_of_it(case: Path):
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(5, "flags", case)
        other.execute("ROLLBACK")
        (waiting,) = waits(case)
        assert json.loads(waiting.read_bytes())["error"] == "CaseLocked"
    with Case.open(case) as opened:
        assert any("1 refused attempts" in each for each in verify_case(opened).remarks)
    done("flags", case)
    assert attempts(case) == [("flags", "refused: CaseLocked", 5)]


def test_a_line_that_anybody_wrote_there_is_no_traceback(case: Path):
    (case / "attempts.jsonl").write_bytes(b'\xff{\n[1]\n{"command": {"a": 1}, "exit_code": 1e400}\n')
    done("flags", case)
    assert [each[0] for each in attempts(case)] == ["unknown", "unknown", "unknown"]
    assert verified(case) == []


def test_a_case_whose_log_was_cut_takes_no_attempt_and_says_so_itself(case: Path):
    path = case / "custody.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    before = path.read_bytes()
    refused(5, "flags", case)
    assert path.read_bytes() == before
