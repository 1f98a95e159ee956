"""Numbers, times and encodings that evidence may hold and that no record, file or reader has room for."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
import telegram_installations
import ufdr_files
from archive_files import tar_bytes, zip_bytes
from source_tree import ROOT
from sporen_runs import MSGSTORE, balance, change, done, exported, ingest, messages, new, of, phone, verified

TIME = "2026-01-02T10:00:00.000+00:00"
OWNER, BRAM = "31600000100@s.whatsapp.net", "31600000001@s.whatsapp.net"
PAGE = ROOT / "fixtures" / "telegram_export" / "html" / "messages.html"


def with_row_id(folder: Path, row_id: int) -> Path:
    """A phone in which a message, and a row that fails, have such a row id."""
    root = phone(folder)
    with closing(sqlite3.connect(root / MSGSTORE)) as connection:
        kept, failing = (
            row[0]
            for row in connection.execute(
                "SELECT _id FROM message WHERE text_data IS NOT NULL ORDER BY _id LIMIT 2"
            )
        )
    change(
        root / MSGSTORE,
        ("UPDATE message SET _id = ? WHERE _id = ?", (row_id, kept)),
        ("UPDATE message SET _id = ?, timestamp = 'gisteren' WHERE _id = ?", (row_id - 1, failing)),
    )
    return root


@pytest.mark.parametrize("row_id", [2**53 + 1, 6_442_450_948_294_967_301, 2**63 - 2])
def test_a_row_id_that_no_double_holds_goes_the_whole_way(row_id: int, tmp_path: Path):
    evidence = with_row_id(tmp_path / "phone", row_id)
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    assert row_id in {each["source"]["rowid"] for each in messages(case)}
    assert row_id - 1 in {(each["source"] or {}).get("rowid") for each in of(exported(case), "notice")}
    verified(case, "--evidence", evidence)
    done("report", case, "-o", tmp_path / "out", "--format", "jsonl,csv")
    verified(tmp_path / "out")
    assert recomputed(tmp_path / "out" / "data" / "messages.jsonl", row_id) == [True]
    told = (tmp_path / "out" / "VERIFY.txt").read_text("utf-8").split("CHECKING WITHOUT SPOREN")
    assert ["2^53 - 1" in each for each in told] == [True, True], "that is one difference from RFC 8785"


def recomputed(lines: Path, row_id: int) -> list[bool]:
    """Whether whoever does as VERIFY.txt says gets the hash of the record of that row."""
    found = []
    for record in map(json.loads, lines.read_text("utf-8").splitlines()):
        if record["record"] == "message" and record["source"]["rowid"] == row_id:
            kept = {name: each for name, each in record.items() if name not in ("id", "record_sha256")}
            form = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            found.append(hashlib.sha256(form.encode()).hexdigest() == record["record_sha256"])
    return found


def report(text: bytes, folder: Path) -> Path:
    path = folder / "report.ufdr"
    path.write_bytes(ufdr_files.package(text))
    return path


def package(at: str) -> bytes:
    said = ufdr_files.message("m1", "hoi", at, ufdr_files.party(BRAM, "Bram"))
    people = (ufdr_files.party(OWNER, "Ik", owner=True), ufdr_files.party(BRAM, "Bram"))
    return ufdr_files.report(ufdr_files.chat("WhatsApp", OWNER, BRAM, said, people=people))


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.000-14:00", "0001-01-01T00:00:00.000+14:00"])
def test_a_time_that_its_zone_takes_out_of_the_calendar_is_none(at: str, tmp_path: Path):
    case = new(tmp_path / "case")
    balance(ingest(case, report(package(at), tmp_path)))
    (found,) = messages(case)
    assert (found["text"], found["sent_at"]) == ("hoi", None)


@pytest.mark.parametrize("zone", ["UTC-12:00", "UTC+99:99"])
def test_a_time_on_a_page_too(zone: str, tmp_path: Path):
    page = re.sub(
        r'title="[0-9.]+ [0-9:]+[^"]*"', f'title="31.12.9999 23:59:59 {zone}"', PAGE.read_text("utf-8")
    )
    (tmp_path / "messages.html").write_text(page, "utf-8")
    case = new(tmp_path / "case")
    balance(ingest(case, tmp_path / "messages.html"))
    assert {each["sent_at"] for each in messages(case)} == {None}


@pytest.mark.parametrize("encoding", ["utf-7", "gb2312", "klingon"])
def test_an_encoding_that_is_not_known_is_damage(encoding: str, tmp_path: Path):
    text = package(TIME).replace(b"utf-8", encoding.encode())
    document = ingest(new(tmp_path / "case"), report(text, tmp_path), code=3)
    assert "damaged" in json.dumps(document["problems"])


@pytest.mark.parametrize("size", [b"\x80" + b"\xff" * 11, b"\x80\0\0\0\x7f" + b"\xff" * 7])
def test_a_size_that_no_file_has_is_damage(size: bytes, tmp_path: Path):
    head = bytearray(tarfile.TarInfo("large.db").tobuf(tarfile.USTAR_FORMAT))
    head[124:136], head[148:156] = size, b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    database = (phone(tmp_path / "phone") / MSGSTORE).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(whole := tar_bytes(("msgstore.db", database)))) as opened:
        (member,) = opened
        end = member.offset_data + -(-member.size // 512) * 512
    (tmp_path / "phone.tar").write_bytes(whole[:end] + head + whole[end:])
    case = new(tmp_path / "case")
    balance(ingest(case, tmp_path / "phone.tar", code=3))
    assert messages(case)


@pytest.mark.parametrize("seconds", ["1e999990", "1e999999", "-1e99999999999", "nan", "infinity", "9" * 5000])
def test_a_time_of_a_file_that_is_no_decimal_number_is_none(seconds: str, tmp_path: Path):
    database = (phone(tmp_path / "phone") / MSGSTORE).read_bytes()
    with tarfile.open(tmp_path / "phone.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo(MSGSTORE)
        info.size, info.pax_headers = len(database), {"mtime": seconds}
        archive.addfile(info, io.BytesIO(database))
    case = new(tmp_path / "case")
    balance(ingest(case, tmp_path / "phone.tar"))
    assert messages(case)


@pytest.mark.parametrize("degrees", ["nan", "-inf", "1e999", "52,1", "52_1", "1234", "90.5", "-91"])
def test_degrees_that_are_no_number_are_none_and_told(degrees: str, tmp_path: Path):
    place = ufdr_files.model(
        "Coordinate", ufdr_files.value("Latitude", degrees), ufdr_files.value("Longitude", "4.5")
    )
    position = ufdr_files.one("Position", "Coordinate", place)
    said = ufdr_files.message("m1", "hier", TIME, ufdr_files.party(BRAM, "Bram"), position)
    case = new(tmp_path / "case")
    balance(ingest(case, report(ufdr_files.report(ufdr_files.chat("WhatsApp", OWNER, BRAM, said)), tmp_path)))
    (found,) = messages(case)
    assert (found["location"]["latitude"], found["location"]["longitude"]) == (None, 4.5)
    told = {each["text"]: each["raw"] for each in of(exported(case), "notice")}
    assert told["message 1: Latitude is no number"] == degrees


def test_numbers_of_thousands_of_digits_in_names_and_preferences_are_none(tmp_path: Path):
    (database,) = telegram_installations.load("build").build("direct", tmp_path / "phone").rglob("cache4.db")
    digits = "1" * 5000
    files = {
        f"data/data/org.telegram.messenger/files/account{digits}/cache4.db": database.read_bytes(),
        "data/system/users/0.xml": f'<user id="0" flags="{digits}"><name>Noor</name></user>'.encode(),
    }
    (tmp_path / "phone.zip").write_bytes(zip_bytes(*files.items()))
    case = new(tmp_path / "case")
    found = ingest(case, tmp_path / "phone.zip")
    balance(found)
    assert messages(case)
    assert "user 0: Noor" in {each["value"] for each in found["acquisition"]}
