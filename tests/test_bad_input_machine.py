"""A machine that fails: a process killed, a full disk, no permission, two at once, a damaged case."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sporen_runs import (
    change,
    done,
    export_bytes,
    ingest,
    log,
    new,
    phone,
    refused,
    snapshot,
    sporen,
    verified,
)

from forensics.case import Case
from forensics.private_copies import private_folder

COMMAND = [sys.executable, "-c", "from forensics.cli import main; main()"]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phone(tmp_path_factory.mktemp("evidence") / "phone")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


@pytest.fixture(scope="module")
def after(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The export of a case that was not disturbed."""
    case = new(tmp_path_factory.mktemp("after") / "case")
    ingest(case, evidence)
    return export_bytes(case)


def started(*arguments: object, limit: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,  # noqa: PLW1509
    )


# --- Killed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "times"),
    [pytest.param(7, 2, id="twice"), pytest.param(8, 12, id="often", marks=pytest.mark.full)],
)
def test_an_ingest_killed_at_any_moment_leaves_the_case_before_or_after_the_item(
    seed: int, times: int, evidence: Path, after: bytes, tmp_path: Path
):
    chance = random.Random(seed)
    begun = time.monotonic()
    done_in = started("ingest", new(tmp_path / "first"), evidence)
    assert done_in.communicate() and done_in.returncode == 0
    whole = time.monotonic() - begun
    for number in range(times):
        case = new(tmp_path / f"case{number}")
        before = export_bytes(case)
        process = started("ingest", case, evidence)
        time.sleep(whole * (0.4 + 0.7 * chance.random()))
        process.kill()
        process.communicate()
        found = export_bytes(case)
        assert found in (before, after)
        assert verified(case) == []
        ingest(case, evidence)
        assert export_bytes(case) == after
        assert verified(case, "--evidence", evidence) == []


@pytest.mark.parametrize(
    "moment", [pytest.param(n, marks=() if n % 4 == 1 else pytest.mark.full) for n in range(1, 40, 3)]
)
def test_a_process_that_ends_at_a_statement_leaves_the_case_before_or_after_the_item(
    moment: int, case: Path, evidence: Path, after: bytes
):
    """The process ends itself, without any cleaning up, when it writes to the case for the n-th time."""
    code = (
        "import os, forensics.case as case, forensics.custody as custody\n"
        "from forensics.cli import main\n"
        f"left = [{moment}]\n"
        "def counted(call):\n"
        "    def run(*args, **kw):\n"
        "        left[0] -= 1\n"
        "        if left[0] == 0: os._exit(9)\n"
        "        return call(*args, **kw)\n"
        "    return run\n"
        "custody.append = counted(custody.append)\n"
        "case.Change.log = counted(case.Change.log)\n"
        "case.Case.set = counted(case.Case.set)\n"
        "case.Change.seal = counted(case.Change.seal)\n"
        "main()\n"
    )
    before = export_bytes(case)
    ended = subprocess.run(
        [sys.executable, "-c", code, "ingest", str(case), str(evidence)], capture_output=True, check=False
    )
    assert ended.returncode in (0, 9)
    assert export_bytes(case) in (before, after)
    assert verified(case) == []
    ingest(case, evidence)
    assert export_bytes(case) == after


@pytest.mark.parametrize("moment", range(1, 9, 2))
def test_a_case_whose_making_was_killed_can_be_made_again_or_is_there(moment: int, tmp_path: Path):
    code = (
        "import os, forensics.case as case, forensics.custody as custody\n"
        "from forensics.cli import main\n"
        f"left = [{moment}]\n"
        "def counted(call):\n"
        "    def run(*args, **kw):\n"
        "        left[0] -= 1\n"
        "        if left[0] == 0: os._exit(9)\n"
        "        return call(*args, **kw)\n"
        "    return run\n"
        "custody.append = counted(custody.append)\n"
        "case.Change.log = counted(case.Change.log)\n"
        "case.Case.set = counted(case.Case.set)\n"
        "case.connect = counted(case.connect)\n"
        "main()\n"
    )
    case = tmp_path / "case"
    subprocess.run(
        [sys.executable, "-c", code, "new", str(case), "--number", "1", "--examiner", "E"], check=False
    )
    if sporen("log", case).exit_code == 0:
        refused(2, "new", case, "--number", "1", "--examiner", "E")
    else:
        assert "no case here" in refused(2, "log", case)
        new(case)
    assert verified(case) == []


def test_private_copies_that_a_killed_process_left_are_removed_by_the_next(case: Path, evidence: Path):
    left = case / "work" / "intake-left"
    left.mkdir(parents=True)
    left.with_name("intake-left.lock").write_bytes(b"")
    (left / "copy.db").write_bytes(b"decrypted")
    ingest(case, evidence)
    assert list((case / "work").iterdir()) == []


def test_private_copies_of_a_process_that_is_at_work_are_left_alone(case: Path):
    work = case / "work"
    work.mkdir()
    with private_folder(work) as first, private_folder(work) as second:
        assert first.is_dir()
        assert first != second
    assert list(work.iterdir()) == []


# --- Two at once --------------------------------------------------------------------------------------------


def test_a_case_that_another_process_writes_to_is_5(case: Path, evidence: Path):
    with Case.open(case) as opened, opened.change() as changed:
        changed.log("view", {"message": "x"})
        assert "another process is using this case" in refused(5, "ingest", case, evidence)
        assert "another process" in refused(5, "search", case, "word")
    ingest(case, evidence)
    assert verified(case) == []


def test_of_two_ingests_at_once_one_waits_or_is_5(case: Path, evidence: Path, tmp_path: Path, after: bytes):
    both = [started("ingest", case, evidence), started("ingest", case, evidence)]
    said = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 5]), said
    assert b"Traceback" not in b"".join(said)
    assert export_bytes(case) == after
    assert verified(case) == []


def test_a_reader_does_not_cost_the_writer_his_work(case: Path, evidence: Path, after: bytes):
    """A change that is ready to be committed waits until another process has read to its end."""
    reader = sqlite3.connect(case / "case.db", isolation_level=None, check_same_thread=False)
    with closing(reader):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM setting").fetchall()
        process = started("ingest", case, evidence)
        for _ in range(600):
            if (case / "case.db-journal").exists():
                break
            time.sleep(0.05)
        time.sleep(0.3)
        reader.execute("ROLLBACK")
    assert process.communicate() and process.returncode == 0
    assert export_bytes(case) == after


# --- Cases that cannot be used ------------------------------------------------------------------------------


def test_a_case_of_a_newer_version_is_5(case: Path):
    change(case / "case.db", "PRAGMA user_version=99")
    for command in (("flags", case), ("ingest", case, case), ("verify", case), ("log", case)):
        assert "made by a newer version" in refused(5, *command)


def test_a_case_of_an_older_version_is_5(case: Path):
    change(case / "case.db", "PRAGMA user_version=1")
    for command in (("flags", case), ("ingest", case, case), ("verify", case), ("log", case)):
        assert "made by an older version" in refused(5, *command)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"garbage" * 1000,
        lambda data: data[:5000],
        lambda data: data[:50],
        lambda data: data[:4096],
    ],
    ids=["garbage", "cut in a page", "cut in the header", "one page"],
)
def test_a_damaged_database_of_a_case_is_5(case: Path, evidence: Path, spoil: Callable[[bytes], bytes]):
    ingest(case, evidence)
    path = case / "case.db"
    path.write_bytes(spoil(path.read_bytes()))
    for command in (("flags", case), ("search", case, "x"), ("ingest", case, evidence)):
        assert "case.db" in refused(5, *command)


def test_another_database_in_the_place_of_a_case_is_5(tmp_path: Path):
    (tmp_path / "case").mkdir()
    change(tmp_path / "case" / "case.db", "CREATE TABLE t (n)")
    assert "not the database of a case" in refused(5, "flags", tmp_path / "case")


def test_without_its_log_a_case_is_5(case: Path, evidence: Path):
    (case / "custody.jsonl").unlink()
    assert "custody.jsonl" in refused(5, "ingest", case, evidence)


# --- No permission, no space --------------------------------------------------------------------------------


@contextmanager
def without_permission(path: Path, mode: int) -> Iterator[None]:
    """The folder with that mode, for a process that is not allowed more than others."""
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def ordinary(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command without the superuser's right to pass over permissions; skips where it cannot be given up."""
    command = [*COMMAND, *map(str, arguments)]
    if os.geteuid() == 0:
        drop = "-dac_override,-dac_read_search"
        if not shutil.which("setpriv"):
            pytest.skip("runs as root, and setpriv is not here")
        command = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_case_folder_that_may_not_be_written_is_7(case: Path, evidence: Path):
    before = export_bytes(case)
    (case / "work").rmdir() if (case / "work").is_dir() else None
    with without_permission(case, 0o555):
        result = ordinary("ingest", case, evidence)
    assert (result.returncode, result.stdout) == (7, ""), result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert str(case) in result.stderr
    assert export_bytes(case) == before


def test_a_case_that_may_not_be_written_can_still_be_verified(case: Path, evidence: Path):
    ingest(case, evidence)
    with without_permission(case, 0o555):
        result = ordinary("verify", case)
    assert result.returncode == 0, result.stderr


def test_a_place_where_no_case_may_be_made_is_7(tmp_path: Path):
    (tmp_path / "locked").mkdir()
    with without_permission(tmp_path / "locked", 0o555):
        result = ordinary("new", tmp_path / "locked" / "case", "--number", "1", "--examiner", "E")
    assert result.returncode == 7, result.stderr
    with without_permission(tmp_path / "locked", 0o000):
        for command in (
            ("flags", tmp_path / "locked"),
            ("new", tmp_path / "locked", "--number", "1", "--examiner", "E"),
        ):
            result = ordinary(*command)
            assert result.returncode == 7, result.stderr
            assert "Traceback" not in result.stderr


def test_evidence_that_may_not_be_written_is_read(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "phone", "wal")
    before = snapshot(evidence)
    for each in sorted(evidence.rglob("*"), reverse=True):
        each.chmod(0o555 if each.is_dir() else 0o444)
    with without_permission(evidence, 0o555):
        result = ordinary("ingest", case, evidence)
    assert result.returncode == 0, result.stderr
    assert snapshot(evidence) == before
    for each in [evidence, *evidence.rglob("*")]:
        each.chmod(0o755)


def test_evidence_that_may_not_be_read_is_3(case: Path, tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    database = next(evidence.rglob("wa.db"))
    with without_permission(database, 0o000):
        result = ordinary("ingest", case, evidence)
    assert result.returncode == 3, result.stderr
    assert "wa.db: cannot be opened" in result.stderr
    assert len(export_bytes(case).splitlines()) > 40


@pytest.mark.parametrize("kilobytes", [8, 40, 100, 200, 350])
def test_a_disk_that_is_full_is_7_and_the_case_is_as_it_was(
    kilobytes: int, case: Path, evidence: Path, after: bytes
):
    """No file may grow beyond that size, which fails as a full disk does."""
    before = export_bytes(case)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    process = started("ingest", case, evidence, limit=limited)
    said = process.communicate()[1].decode()
    assert process.returncode in (0, 7), said
    assert "Traceback" not in said
    if process.returncode == 7:
        assert export_bytes(case) in (before, after)
    assert verified(case) == []
    ingest(case, evidence)
    assert export_bytes(case) == after


def test_a_full_disk_under_a_new_case_is_7(tmp_path: Path):
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    process = started("new", tmp_path / "case", "--number", "1", "--examiner", "E", limit=limited)
    said = process.communicate()[1].decode()
    assert process.returncode == 7, said
    assert len(said.splitlines()) == 1
    new(tmp_path / "case")


def test_an_export_that_cannot_be_written_is_7_and_leaves_nothing(case: Path, evidence: Path, tmp_path: Path):
    ingest(case, evidence)
    assert refused(7, "export", case, "--format", "jsonl", "-o", tmp_path / "nowhere" / "x.jsonl")
    assert not list(tmp_path.glob("**/*.part"))


def test_an_export_never_takes_the_place_of_what_is_no_ordinary_file(case: Path, tmp_path: Path):
    """A device or a pipe would be replaced by the finished file."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        assert "not an ordinary file" in refused(
            2, "export", case, "--format", "jsonl", "-o", tmp_path / name
        )
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_the_log_grows_by_nothing_when_nothing_was_done(case: Path):
    sporen("decide", case, "f0", "confirmed", "--reason", "x")
    count = len(log(case))
    assert log(case)[-1]["action"] == "attempt"
    done("log", case)
    assert len(log(case)) == count
