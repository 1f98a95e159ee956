"""How far hashing and listing are: told with the time that is left, on a terminal only, in 80 columns."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest
from rich.console import Console
from source_tree import ROOT
from sporen_runs import MSGSTORE, done, ingest, messages, new, phone

from forensics.authority import Scope
from forensics.cli import finding, handing_over, talk
from forensics.cli.progress_words import amount
from forensics.evidence import Limits
from forensics.progressed import Hashing, Progressed, told_while
from forensics.reading import Request, read

sys.path.insert(0, str(ROOT / "benchmarks"))
import discovery

MEMBERS = 22_000
SPOREN = (sys.executable, "-c", "from forensics.cli import main; main()")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of so many members that it is a whole file system."""
    path = tmp_path_factory.mktemp("large") / "phone.zip"
    discovery.make(path, MEMBERS)
    return path


def told(work: Path, *paths: Path) -> list[Progressed]:
    scope = Scope(apps=frozenset(), since=None, until=None, privileged=frozenset(), secret="")
    request = Request(
        paths=paths, keys=(), scope=scope, exhibit=None, expected=(), known={}, work=work,
        limits=Limits(),
    )  # fmt: skip
    return [each for each in read(request) if isinstance(each, Progressed)]


def of_kind(found: list[Progressed], what: str) -> list[Progressed]:
    return [each for each in found if each.what == what]


# --- What is told -------------------------------------------------------------------------------------------


def test_listing_tells_of_the_members_that_the_end_record_announces(tmp_path: Path, large: Path):
    found = of_kind(told(tmp_path, large), "members")
    assert len(found) == MEMBERS // 2000
    assert {each.total for each in found} == {MEMBERS}
    assert sum(each.count for each in found) == MEMBERS


def test_hashing_tells_of_the_bytes_of_all_named_files(tmp_path: Path, large: Path):
    other = tmp_path / "other.bin"
    other.write_bytes(bytes(1000))
    found = of_kind(told(tmp_path, large, other), "bytes")
    whole = large.stat().st_size + 1000
    first = [each for each in found if not each.part]
    assert sum(each.count for each in first) == whole
    assert {each.total for each in first} == {whole}


def test_of_a_folder_the_files_are_counted_and_then_its_bytes_hashed(tmp_path: Path):
    folder = phone(tmp_path / "phone")
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    found = told(tmp_path, folder)
    hashed = [each for each in of_kind(found, "bytes") if each.part == str(folder)]
    assert {each.total for each in hashed} == {sum(sizes)}
    counted = of_kind(found, "members")
    # counted twice: for its size, then to look into its files, of which there are so many
    assert counted[-1].total == len(sizes)
    assert [each.count for each in counted] == [len(sizes)] * 2


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_tells_how_much_of_it_was_passed(tmp_path: Path, mode: str):
    path = tmp_path / "phone.tar"
    with tarfile.open(path, mode) as archive:
        for number in range(250):
            info = tarfile.TarInfo(f"data/{number}")
            info.size = 3000
            archive.addfile(info, io.BytesIO(os.urandom(3000)))
    found = of_kind(told(tmp_path, path), "bytes passed")
    assert len(found) >= 2
    assert {each.total for each in found} == {path.stat().st_size}
    assert 0.5 < sum(each.count for each in found) / path.stat().st_size <= 1


def test_a_large_member_that_is_hashed_tells_of_its_bytes():
    steps: list[Progressed] = []
    hashing = Hashing(steps.append, 200 << 20, "x")
    for _ in range(200):
        hashing(1 << 20)
    assert [each.count for each in steps] == [64 << 20] * 3
    hashing.close()
    assert sum(each.count for each in steps) == 200 << 20


def test_whoever_stops_waiting_stops_the_work():
    ended = threading.Event()

    def work(tell):
        try:
            while True:
                tell(Progressed(what="bytes", count=1))
        finally:
            ended.set()

    waiting = told_while(work)
    next(waiting)
    waiting.close()
    assert ended.is_set()


def test_an_error_of_the_work_is_that_of_whoever_waits():
    def work(tell):
        tell(Progressed(what="bytes", count=1))
        raise FileNotFoundError

    waiting = told_while(work)
    next(waiting)
    with pytest.raises(FileNotFoundError):
        next(waiting)


# --- What is shown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "count", "total", "said"),
    [
        ("members", 1_200_000, 2_000_000, "1,200,000 of 2,000,000 members"),
        ("members", 1_200_000, None, "1,200,000 members"),
        ("bytes", 12_345_678_901, 200_000_000_000, "12.3 of 200.0 GB"),
        ("bytes passed", 5_000_000, 2_000_000_000_000, "0.0 of 2.0 TB"),
        ("bytes", 1000, 8000, "1,000 of 8,000 bytes"),
        ("bytes", 3_000_000, None, "3.0 MB"),
        ("messages", 7, None, "7 messages"),
    ],
)
def test_how_much_in_words(what, count, total, said):
    assert amount(what, count, total) == said


# What moves the cursor and colours on a terminal.
CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def shown(monkeypatch, *events: Progressed) -> str:
    """What stands on a terminal of 80 columns after these."""
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, width=80)
    monkeypatch.setattr(talk, "console", lambda: terminal)
    monkeypatch.setattr(talk, "is_quiet", lambda: False)
    with talk.progress() as watch:
        for event in events:
            watch(event)
    return CODES.sub("", out.getvalue())


@pytest.mark.parametrize("total", [5_000_000, None])
def test_the_longest_line_fits_80_columns_whole(monkeypatch, total):
    steps = [Progressed(what="members", count=500_000, total=total, part="x.zip") for _ in range(9)]
    lines = [each.rstrip() for each in re.split(r"[\r\n]", shown(monkeypatch, *steps))]
    assert all(len(each) <= 80 for each in lines)
    (last,) = [each for each in lines if "4,500,000" in each]
    of = " of 5,000,000" if total else ""
    assert f"4,500,000{of} members" in last
    assert last.startswith("listing ")
    # nothing is said of the time that is left where it cannot be known
    assert re.search(r" \d:\d\d:\d\d" + (r" left (\d:\d\d:\d\d|-:--:--)$" if total else "$"), last)


def test_the_count_of_a_step_goes_on_after_another_step(monkeypatch):
    steps = [
        Progressed(what="members", count=4000, total=8000, part="x.zip"),
        Progressed(what="bytes", count=1 << 30, total=4 << 30, part="x.zip!/msgstore.db"),
        Progressed(what="members", count=2000, total=8000, part="x.zip"),
    ]
    assert "6,000 of 8,000 members" in shown(monkeypatch, *steps)


def run(case: Path, evidence: Path, columns: int) -> tuple[str, str]:
    """Standard error of an ingest on a terminal that is so wide, and the same without one."""
    command = [*SPOREN, "ingest", str(case), str(evidence)]
    master, slave = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm"}
    process = subprocess.Popen(
        command, stderr=slave, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment
    )
    os.close(slave)
    pieces = []
    try:
        while piece := os.read(master, 65536):
            pieces.append(piece)
    except OSError:
        pass  # Linux: the end of a terminal that nobody holds any more
    os.close(master)
    process.wait()
    plain = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return b"".join(pieces).decode(), plain.stderr


def test_a_terminal_shows_it_and_anything_else_nothing(tmp_path: Path, large: Path):
    terminal, plain = run(new(tmp_path / "case"), large, 80)
    assert "listing" in terminal
    assert "left" in terminal
    assert re.search(r"of 22,000 members", terminal)
    bars = [each for each in re.split(r"[\r\n]+", CODES.sub("", terminal)) if "left" in each]
    assert bars
    assert all(len(each.rstrip()) <= 80 for each in bars)
    assert "left" not in plain
    assert "\x1b" not in plain


def test_a_terminal_shows_it_for_verify_and_show_too(tmp_path: Path, monkeypatch):
    folder = phone(tmp_path / "phone")
    case = new(tmp_path / "case")
    ingest(case, folder / MSGSTORE)
    seen: list[Progressed] = []

    class _Watching:
        def __enter__(self):
            return seen.append

        def __exit__(self, *_error):
            return None

    monkeypatch.setattr(finding, "progress", _Watching)
    monkeypatch.setattr(handing_over, "progress", _Watching)
    done("verify", case, "--evidence", folder / MSGSTORE)
    assert of_kind(seen, "bytes")
    seen.clear()
    done("show", case, messages(case)[0]["id"])
    assert of_kind(seen, "bytes")
