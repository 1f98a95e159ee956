"""The delivery: complete, checkable with ordinary commands, and the same every time."""

# ruff: noqa: E501  # lists and expected texts: easier to compare unbroken

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_reports_cases import small_case

from forensics.errors import MachineFailed, WrongUse
from reports import delivery, jsonl

ALL = ("pdf", "html", "xlsx", "csv", "jsonl")


def deliver(folder, forms=ALL, language="nl", case=None):
    return delivery.write(case or small_case(), folder, forms, language=language, version="0.1")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivery") / "out"
    return folder, deliver(folder)


def test_everything_is_where_it_is_said_to_be(delivered):
    folder, summary = delivered
    assert list(tree(folder)) == [
        "VERIFY.txt", "bag-info.txt", "bagit.txt", "data/custody.jsonl", "data/flags.pdf", "data/html/chats/c00001.html",
        "data/html/chats/c00002.html", "data/html/chats/c00003.html", "data/html/index.html", "data/html/messages.html", "data/messages.csv",
        "data/messages.jsonl", "data/messages.xlsx", "data/proces-verbaal.txt", "data/public-keys.txt", "data/record-tree.txt", "data/report.pdf", "manifest-sha256.txt",
        "tagmanifest-sha256.txt", "verify_delivery.py",
    ]  # fmt: skip
    assert summary.files == 14
    assert summary.report == folder / "data/report.pdf"
    assert (
        summary.tagmanifest_sha256
        == hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    )


def test_two_deliveries_are_the_same_bytes(delivered, tmp_path):
    folder, _ = delivered
    deliver(tmp_path / "again")
    assert tree(tmp_path / "again") == tree(folder)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
@pytest.mark.parametrize("manifest", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_sha256sum_accepts_the_manifests(delivered, manifest):
    folder, _ = delivered
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", manifest], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len((folder / manifest).read_text().splitlines())


def test_the_manifests_list_every_file_sorted(delivered):
    folder, _ = delivered
    names = {}
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        names[manifest] = [line[66:] for line in (folder / manifest).read_text().splitlines()]
        assert names[manifest] == sorted(names[manifest])
    found = set(tree(folder))
    assert set(names["manifest-sha256.txt"]) == {name for name in found if name.startswith("data/")}
    assert set(names["tagmanifest-sha256.txt"]) == {
        name for name in found if not name.startswith("data/") and name != "tagmanifest-sha256.txt"
    }


def test_the_bag_says_what_it_is_with_the_date_of_the_case(delivered):
    folder, summary = delivered
    assert (folder / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    info = (folder / "bag-info.txt").read_text().splitlines()
    assert "Bagging-Date: 2026-03-01" in info
    assert "External-Identifier: 2026-0001 EX001" in info
    assert f"Payload-Oxum: {summary.bytes}.14" in info


def test_the_stand_alone_checker_accepts_it(delivered):
    folder, summary = delivered
    command = [
        sys.executable,
        "-I",
        str(folder / "verify_delivery.py"),
        str(folder),
        summary.tagmanifest_sha256,
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stand_alone_checker_finds_a_changed_page(delivered, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(delivered[0], folder)
    page = folder / "data/html/chats/c00001.html"
    page.write_bytes(page.read_bytes().replace(b"Bericht 1 ", b"Bericht 9 ", 1))
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_delivery.py")], capture_output=True, check=False
    )
    assert done.returncode == 1


def test_the_report_lists_the_files_written_before_it(delivered):
    folder, _ = delivered
    page = (folder / "data/html/index.html").read_text("utf-8")
    for name in ("messages.jsonl", "messages.csv", "messages.xlsx", "custody.jsonl"):
        assert hashlib.sha256((folder / "data" / name).read_bytes()).hexdigest() in page


def test_verify_txt_is_in_both_languages(delivered):
    text = (delivered[0] / "VERIFY.txt").read_text("utf-8")
    assert "CONTROLEREN ZONDER SPOREN" in text and "CHECKING WITHOUT SPOREN" in text


def test_only_the_forms_asked_for_are_written(tmp_path):
    summary = deliver(tmp_path / "out", ("csv",))
    names = [name for name in tree(tmp_path / "out") if name.startswith("data/")]
    assert names == ["data/custody.jsonl", "data/messages.csv", "data/public-keys.txt"]
    assert summary.report.name == "messages.csv"


def test_the_language_changes_the_words_and_not_the_data(delivered, tmp_path):
    deliver(tmp_path / "en", language="en")
    dutch, english = tree(delivered[0]), tree(tmp_path / "en")
    assert dutch["data/messages.jsonl"] == english["data/messages.jsonl"]
    assert b'<html lang="en">' in english["data/html/index.html"]


@pytest.mark.parametrize("forms", [(), ("pdf", "docx")])
def test_an_unknown_form_is_wrong_use_and_writes_nothing(tmp_path, forms):
    with pytest.raises(WrongUse, match="choose from case, csv, html, jsonl, parquet, pdf, xlsx"):
        deliver(tmp_path / "out", forms)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_wrong_use_and_stays_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(WrongUse, match="not an empty folder"):
        deliver(tmp_path, ("csv",))
    assert tree(tmp_path) == {"mine.txt": b"x"}


def test_a_file_in_place_of_the_folder_is_wrong_use(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(WrongUse):
        deliver(tmp_path / "out", ("csv",))


def test_an_empty_folder_is_used(tmp_path):
    deliver(tmp_path, ("csv",))
    assert (tmp_path / "bagit.txt").exists()


@pytest.mark.parametrize("existed", [True, False])
def test_without_space_the_machine_failed_and_nothing_is_left(tmp_path, monkeypatch, existed):
    class Full:
        name = "jsonl"

        def write(self, case, folder, content):
            jsonl.FORM.write(case, folder, content)
            raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "out"
    if existed:
        folder.mkdir()
    monkeypatch.setattr(delivery, "FORMS", (Full(),))
    with pytest.raises(MachineFailed, match="No space left on device"):
        deliver(folder, ("jsonl",))
    assert folder.exists() == existed
    assert not existed or list(folder.iterdir()) == []


def test_a_path_that_breaks_lines_is_encoded_as_bagit_says():
    assert delivery._manifest({"data/a\n%b": "00", "data/A": "11"}) == "11  data/A\n00  data/a%0A%25b\n"


def test_another_process_with_another_hash_seed_zone_and_locale_writes_the_same(delivered, tmp_path):
    program = (
        "import sys; from pathlib import Path; from test_reports_cases import small_case; from reports import delivery; "
        "print(delivery.write(small_case(), Path(sys.argv[1]), sys.argv[2:], language='nl', version='0.1').tagmanifest_sha256)"
    )
    root = Path(__file__).parents[1]
    environment = os.environ | {
        "PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata", "LC_ALL": "C", "PYTHONPATH": os.pathsep.join((str(root), str(root / "tests"))),
    }  # fmt: skip
    command = [sys.executable, "-c", program, str(tmp_path / "out"), *ALL]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == delivered[1].tagmanifest_sha256
