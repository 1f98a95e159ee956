"""The zip of a delivery: one file, the same bytes from every run, and a bag when it is taken out again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import done, done_in, exported, ingest, new, of, phone, refused, sporen
from test_pictures import pictured

from forensics import pictures as pictures_module
from forensics import zipped
from forensics.cli import reporting

__all__ = ["pictured"]  # a fixture


@contextmanager
def masked(mask: int) -> Iterator[None]:
    """Files are made with that mask; the one before is set again whatever happens."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def written(case: Path, folder: Path, forms: str = "csv") -> Path:
    """The zip of a delivery in that folder."""
    done("report", case, "-o", folder, "--format", forms, "--zip")
    return folder.with_name(f"{folder.name}.zip")


def zips_in_log(case: Path) -> list[dict[str, Any]]:
    """The entries of the log for zips."""
    return [each for each in done_in(case) if each["detail"].get("form") == "zip"]


def test_two_zips_of_a_delivery_are_the_same_bytes_and_hold_the_bag_alone(pictured: Path, tmp_path: Path):
    for name, mask in (("one", 0o022), ("two", 0o077)):
        (tmp_path / name).mkdir()
        with masked(mask):
            written(pictured, tmp_path / name / "bag", "html,jsonl")
    made = tmp_path / "one/bag.zip"
    assert made.read_bytes() == (tmp_path / "two/bag.zip").read_bytes()
    with zipfile.ZipFile(made) as file:
        names = file.namelist()
        assert names == sorted(names) and all(each.startswith("bag/") for each in names)
        file.extractall(tmp_path / "out")
    command = [sys.executable, "-I", "-S", tmp_path / "out/bag/verify_delivery.py", tmp_path / "out/bag"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert sorted(each.name for each in (tmp_path / "one").iterdir()) == ["bag", "bag.zip"]


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2019-03-04T23:30:00.000Z", (2019, 3, 4, 0, 0, 0)),
        ("1970-01-01T00:00:00.000Z", (1980, 1, 1, 0, 0, 0)),
        ("2200-01-01T00:00:00.000Z", (2107, 12, 31, 0, 0, 0)),
    ],
)
def test_every_file_has_the_date_that_is_given_and_not_that_of_the_clock(
    tmp_path: Path, date: str, shown: tuple[int, ...]
):
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag/a.txt").write_bytes(b"a")
    zipped.write_zip(tmp_path / "bag", tmp_path / "bag.zip", date)
    with zipfile.ZipFile(tmp_path / "bag.zip") as file:
        assert [each.date_time for each in file.infolist()] == [shown]


def test_names_beyond_ascii_and_files_beyond_the_first_limit_of_zips_come_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1_000)
    (tmp_path / "geleverd-één").mkdir()
    (tmp_path / "geleverd-één/ü.txt").write_bytes(bytes(5_000))
    place = tmp_path / "geleverd-één.zip"
    assert zipped.write_zip(tmp_path / "geleverd-één", place, "2026-01-31") == sha256(place)
    with zipfile.ZipFile(place) as file:
        assert file.read("geleverd-één/ü.txt") == bytes(5_000)
        assert file.testzip() is None


def sha256(path: Path) -> str:
    """Of the bytes of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_log_names_the_zip_and_a_purge_names_it_among_the_copies(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone"))
    made = written(case, tmp_path / "bag")
    (entry,) = zips_in_log(case)
    assert (entry["action"], entry["object"]) == ("report.write", {"file": str(made)})
    assert entry["detail"] == {"delivery": str(tmp_path / "bag"), "form": "zip", "sha256": sha256(made)}
    shutil.rmtree(tmp_path / "bag")
    key = of(exported(case), "conversation")[0]["id"]
    purged = done("purge", case, "--conversation", key, "--reason", "privileged", "--json")
    copies = {each["path"]: each for each in json.loads(purged.stdout)["copies"]}
    assert (copies[str(made)]["there"], copies[str(made)]["sha256"]) == (True, sha256(made))
    assert copies[str(tmp_path / "bag")]["there"] is False


@pytest.fixture
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test fails where a passphrase or PIN would be asked, or a picture made."""

    def asked(*_: object) -> None:
        pytest.fail("the places are looked at first")

    monkeypatch.setattr(reporting, "seal_of", asked)
    monkeypatch.setattr(pictures_module, "pictures", asked)


@pytest.mark.usefixtures("nothing_asked")
def test_a_folder_with_something_in_it_is_seen_before_anything_is_asked(pictured: Path, tmp_path: Path):
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag/x").write_bytes(b"another")
    said = refused(2, "report", pictured, "-o", tmp_path / "bag")
    assert said == "bag: is not an empty folder; name a folder that does not exist yet"


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize("name", ["bag.zip", "bag.zip.part"])
def test_what_is_there_already_stays_as_it_is_and_is_seen_first(pictured: Path, tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"another")
    said = refused(2, "report", pictured, "-o", tmp_path / "bag", "--zip")
    assert said == f"{name}: is there already; move it away or name another folder"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("bag")] == [name]
    assert (tmp_path / name).read_bytes() == b"another"


def test_a_link_that_leads_nowhere_is_there_already(pictured: Path, tmp_path: Path):
    (tmp_path / "bag.zip").symlink_to(tmp_path / "nowhere")
    said = refused(2, "report", pictured, "-o", tmp_path / "bag", "--format", "csv", "--zip")
    assert said.startswith("bag.zip: is there already")
    assert (tmp_path / "bag.zip").is_symlink() and not (tmp_path / "bag").exists()


def test_a_file_that_appears_meanwhile_is_not_replaced_and_the_delivery_stays(
    pictured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fill = zipped._fill

    def slow(*arguments: object) -> None:
        fill(*arguments)  # type: ignore[arg-type]  # as they came
        (tmp_path / "bag.zip").write_bytes(b"another")

    monkeypatch.setattr(zipped, "_fill", slow)
    result = sporen("report", pictured, "-o", tmp_path / "bag", "--format", "csv", "--zip")
    assert result.exit_code == 2
    assert result.stderr.endswith("bag.zip: is there already; move it away or name another folder\n")
    assert (tmp_path / "bag.zip").read_bytes() == b"another"
    kept_whole(pictured, tmp_path)


def kept_whole(case: Path, folder: Path) -> None:
    """The delivery is there, as its log says, and no remains of a zip."""
    assert not (folder / "bag.zip.part").exists()
    assert json.loads(done("verify", folder / "bag", "--json").stdout)["problems"] == []
    entry = [each for each in done_in(case) if each["action"] == "report.write"][-1]
    assert entry["object"] == {"folder": str(folder / "bag")}
    assert entry["detail"]["tagmanifest_sha256"] == sha256(folder / "bag/tagmanifest-sha256.txt")
    assert str(folder / "bag.zip") not in [each["object"].get("file") for each in zips_in_log(case)]


def test_without_space_for_it_the_delivery_is_kept_and_the_code_says_what_failed(
    pictured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipped.shutil, "copyfileobj", full)
    result = sporen("report", pictured, "-o", tmp_path / "bag", "--format", "csv", "--zip")
    assert result.exit_code == 7
    assert result.stderr.splitlines()[-1] == (
        "sporen: bag.zip: could not be written: No space left on device;"
        " the delivery in bag is whole without it"
    )
    assert not (tmp_path / "bag.zip").exists()
    kept_whole(pictured, tmp_path)


def test_an_interrupted_zip_leaves_no_part_of_itself(
    pictured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy, copied = zipped.shutil.copyfileobj, []

    def interrupted(*arguments: object) -> None:
        copied.append(arguments)
        if len(copied) == 4:
            raise KeyboardInterrupt
        copy(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(zipped.shutil, "copyfileobj", interrupted)
    result = sporen("report", pictured, "-o", tmp_path / "bag", "--format", "csv", "--zip")
    assert result.exit_code != 0 and len(copied) == 4
    assert not (tmp_path / "bag.zip").exists()
    kept_whole(pictured, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are those of Linux")
def test_a_folder_whose_name_is_no_utf8_has_no_zip(pictured: Path, tmp_path: Path):
    folder = tmp_path / os.fsdecode(b"bag\xff")
    said = refused(2, "report", pictured, "-o", folder, "--format", "csv", "--zip")
    assert said == "bag⟨U+DCFF⟩: is no name in UTF-8, as a zip needs; name another folder"
    assert not folder.exists()
    done("report", pictured, "-o", folder, "--format", "csv")


def test_a_zip_is_not_verified_as_it_is_and_the_sentence_says_what_to_do(tmp_path: Path):
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag/bagit.txt").write_bytes(b"BagIt-Version: 1.0\n")
    zipped.write_zip(tmp_path / "bag", tmp_path / "bag.zip", "2026-01-31")
    assert refused(2, "verify", tmp_path / "bag.zip") == (
        "bag.zip: is a zip; take it out first (unzip bag.zip), and name the folder of the delivery that was"
        " in it"
    )
    (tmp_path / "bag.txt").write_bytes(b"no zip")
    assert "take it out" not in refused(2, "verify", tmp_path / "bag.txt")
