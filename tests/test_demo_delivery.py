"""The delivery of the demonstration phone: short enough, and checked by its own program on a bare Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from source_tree import ROOT
from sporen_runs import done, ingest, new


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case of the demonstration phone, and its delivery in Dutch."""
    folder = tmp_path_factory.mktemp("demo")
    maker = ROOT / "fixtures" / "demo" / "make_demo.py"
    subprocess.run([sys.executable, "-B", str(maker), str(folder / "phone")], check=True, capture_output=True)
    case = new(folder / "case")
    ingest(case, folder / "phone")
    done("report", case, "-o", folder / "nl", "--format", "pdf,jsonl", "--language", "nl")
    return folder


def checked(folder: Path, *arguments: object) -> tuple[int, str]:
    """What the delivery's own program says, run by a Python that sees no package and no site."""
    command = [sys.executable, "-I", "-S", folder / "verify_delivery.py", folder, *arguments]
    answer = subprocess.run(command, capture_output=True, check=False)
    assert answer.stderr == b""
    return answer.returncode, answer.stdout.decode()


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.full)])
def test_the_summary_has_at_most_thirteen_pages(made: Path, language: str):
    if not (made / language).exists():
        done("report", made / "case", "-o", made / language, "--format", "pdf", "--language", language)
        assert checked(made / language)[0] == 0
    with pikepdf.open(made / language / "data" / "report.pdf") as document:
        assert len(document.pages) <= 13


def test_the_program_in_the_delivery_accepts_it_as_it_was_delivered(made: Path):
    code, said = checked(made / "nl")
    assert (code, "klopt / as delivered" in said) == (0, True), said
    assert "niet getoond / withheld: 0" in said


def line_of(name: str, find: str, put: str) -> Callable[[Path], None]:
    """Change the first such text in a file of the delivery."""

    def change(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert find.encode() in data
        (folder / name).write_bytes(data.replace(find.encode(), put.encode(), 1))

    return change


def cut(name: str) -> Callable[[Path], None]:
    """Take the last line of a file away."""

    def change(folder: Path) -> None:
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        (folder / name).write_bytes(b"".join(lines[:-1]))

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (line_of("data/messages.jsonl", '"kind":"text"', '"kind":"Text"'), "messages.jsonl"),
        (cut("data/messages.jsonl"), "record-tree.txt"),
        (line_of("data/record-tree.txt", "salt 0", "salt 1"), "record-tree.txt"),
        (line_of("data/custody.jsonl", '"result":"ok"', '"result":"OK"'), "custody.jsonl"),
        (cut("data/custody.jsonl"), "data/custody.jsonl: gewijzigd"),
        (line_of("data/report.pdf", "/Title", "/Titel"), "data/report.pdf: gewijzigd"),
        (line_of("data/proces-verbaal.txt", "7.1", "7.2"), "data/proces-verbaal.txt: gewijzigd"),
        (line_of("bag-info.txt", "Record-Tree: ", "Record-Tree: 0"), "bag-info.txt: gewijzigd"),
        (lambda folder: (folder / "data/report.pdf").unlink(), "data/report.pdf: ontbreekt"),
        (lambda folder: (folder / "data/more.txt").write_text("x"), "data/more.txt: alleen in de map"),
    ],
)
def test_a_tampered_delivery_is_refused_and_the_place_is_named(
    made: Path, tmp_path: Path, change: Callable[[Path], None], words: str
):
    folder = tmp_path / "tampered"
    shutil.copytree(made / "nl", folder)
    change(folder)
    code, said = checked(folder)
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("FOUT/WRONG") and words in line], said


def test_one_message_of_it_is_proven(made: Path, tmp_path: Path):
    records = map(json.loads, (made / "nl/data/messages.jsonl").read_bytes().splitlines())
    key = next(each["id"] for each in records if each["record"] == "message" and each["text"])
    done("prove", made / "case", key, "-o", tmp_path / "proof.json")
    root = json.loads((tmp_path / "proof.json").read_bytes())["root"]
    command = [sys.executable, "-I", "-S", made / "nl/verify_delivery.py", tmp_path / "proof.json", root]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    with pikepdf.open(made / "nl/data/report.pdf"):
        assert root in (made / "nl/data/proces-verbaal.txt").read_text("utf-8")
