"""Zips of a phone: a bad member, names that lead out, bombs; the rest is read, and nothing gets out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, exported, ingest, log, messages, new, of, phone, snapshot, sporen, verified

MEMBER = "files/notes.bin"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phone(tmp_path_factory.mktemp("evidence") / "phone")


def packed(file: Path, folder: Path, more: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    """The phone in a zip, with more members behind it."""
    with zipfile.ZipFile(file, "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
        for name, data in more.items():
            archive.writestr(name, data)
    return file


def test_a_zip_gives_the_same_messages_as_its_folder(case: Path, folder: Path, tmp_path: Path):
    other = new(tmp_path / "other")
    ingest(case, packed(tmp_path / "phone.zip", folder, {}, zipfile.ZIP_DEFLATED))
    ingest(other, folder)
    own = {"source", "id", "record_sha256", "also", "reply_to"}
    plain = [
        [{k: v for k, v in each.items() if k not in own} for each in messages(one)] for one in (case, other)
    ]
    assert plain[0] == plain[1]
    assert verified(case, "--evidence", tmp_path / "phone.zip") == []


def test_a_bad_member_is_3_and_the_rest_is_read(case: Path, folder: Path, tmp_path: Path):
    content = b"SQLite format 3\x00" + b"content of the member that is damaged " * 200
    file = packed(tmp_path / "phone.zip", folder, {MEMBER: content})
    data = file.read_bytes()
    file.write_bytes(data.replace(b"that is damaged", b"that is altered", 1))
    found = ingest(case, file, code=3)
    assert any(each["path"] == MEMBER for each in found["problems"])
    assert len(messages(case)) == 49


def test_a_bad_database_in_a_zip_is_3_and_named(case: Path, folder: Path, tmp_path: Path):
    file = packed(tmp_path / "phone.zip", folder, {})
    data = bytearray(file.read_bytes())
    place = data.index(b"SQLite format 3") + 4096 * 20
    data[place : place + 100] = bytes(100)
    file.write_bytes(data)
    found = ingest(case, file, code=3)
    assert any("CRC-32" in each["text"] for each in found["problems"])


def test_a_zip_that_is_cut_off_is_3(case: Path, folder: Path, tmp_path: Path):
    file = packed(tmp_path / "phone.zip", folder, {})
    data = file.read_bytes()
    for part in (0.2, 0.6, 0.95):
        file.write_bytes(data[: int(len(data) * part)])
        ingest(case, file, code=3)


def test_names_that_lead_out_of_a_zip_lead_nowhere(case: Path, folder: Path, tmp_path: Path):
    more = {
        "../../escaped.txt": b"out",
        "/absolute.txt": b"out",
        "C:\\windows.txt": b"out",
        "..\\..\\back.txt": b"out",
        "a/../../../deep.txt": b"out",
        "nul\x01\n\u202e.txt": b"out",
    }
    (tmp_path / "zips").mkdir()
    file = packed(tmp_path / "zips" / "phone.zip", folder, more)
    before = snapshot(tmp_path / "zips")
    found = ingest(case, file)
    assert snapshot(tmp_path / "zips") == before
    assert not list(tmp_path.rglob("*escaped*")) and not list(tmp_path.rglob("*absolute*"))
    assert any("leads out of the archive" in each["text"] for each in found["problems"])
    assert len(messages(case)) == 49


def test_a_bomb_is_3_under_limits_that_can_be_set(case: Path, folder: Path, tmp_path: Path):
    bomb = {"bomb.db": b"SQLite format 3\x00" + bytes(8 << 20)}
    file = packed(tmp_path / "phone.zip", folder, bomb, zipfile.ZIP_DEFLATED)
    found = ingest(case, file, "--member-limit", 1 << 20, code=3)
    (told,) = [each["text"] for each in found["problems"] if each["path"] == "bomb.db"]
    assert "is more than the 1048576 that are allowed" in told
    assert len(messages(case)) == 49
    wide = new(tmp_path / "wide")
    assert "allowed" not in str(ingest(wide, file, "--member-limit", 1 << 30, code=3)["problems"])


def test_a_bomb_by_its_ratio_is_3(case: Path, folder: Path, tmp_path: Path):
    bomb = {"bomb.db": b"SQLite format 3\x00" + bytes(120 << 20)}
    file = packed(tmp_path / "phone.zip", folder, bomb, zipfile.ZIP_DEFLATED)
    found = ingest(case, file, "--ratio-limit", 100, code=3)
    assert any(each["path"] == "bomb.db" for each in found["problems"])
    assert len(messages(case)) == 49


def test_a_zip_in_a_zip_in_a_zip_ends_at_the_allowed_depth(case: Path, folder: Path, tmp_path: Path):
    data = b"x"
    for number in range(8):
        inner = tmp_path / "inner.zip"
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr(f"level{number}.zip", data)
        data = inner.read_bytes()
    found = ingest(case, packed(tmp_path / "phone.zip", folder, {"nested.zip": data}), code=3)
    assert any("containers in each other" in each["text"] for each in found["problems"])
    assert len(messages(case)) == 49


def test_a_phone_in_a_zip_in_a_folder_is_found(case: Path, folder: Path, tmp_path: Path):
    (tmp_path / "all").mkdir()
    packed(tmp_path / "all" / "phone.zip", folder, {})
    ingest(case, tmp_path / "all")
    assert {each["source"]["path"] for each in messages(case)} == {f"phone.zip!/{MSGSTORE}"}
    assert verified(case, "--evidence", tmp_path / "all") == []


def test_a_limit_that_is_no_limit_is_2(case: Path, folder: Path):
    for option in ("--member-limit", "--ratio-limit"):
        for value in ("-1", "0", "many"):
            assert sporen("ingest", case, folder, option, value).exit_code == 2, (option, value)


def test_what_could_not_be_read_stands_in_log_and_case(case: Path, folder: Path, tmp_path: Path):
    content = b"SQLite format 3\x00" + b"content of the member that is damaged " * 200
    file = packed(tmp_path / "phone.zip", folder, {MEMBER: content})
    file.write_bytes(file.read_bytes().replace(b"that is damaged", b"that is altered", 1))
    ingest(case, file, code=3)
    end = next(each for each in log(case) if each["action"] == "parse.end")
    assert end["result"] == "with problems"
    assert of(exported(case), "message")
