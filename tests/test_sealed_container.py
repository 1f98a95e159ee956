"""The container of sealed parts: in the log before it is given, and opened whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
import test_sealing
from sporen_runs import change, done, log, refused, sporen

from forensics import sealed_container, sealing
from forensics.model import Account, Call, Conversation, Participant, Source
from forensics.purged import Purged

evidence, key, case, container = (
    test_sealing.evidence, test_sealing.key, test_sealing.case, test_sealing.container
)  # fmt: skip


def given(case: Path) -> list[str]:
    return [each["result"] for each in log(case) if each["action"] == "disclose"]


def test_what_is_not_in_the_log_is_not_given(case: Path, tmp_path: Path):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(5, "privilege", case, "--sealed", target, "--to", "X")
    assert list(target.parent.iterdir()) == []
    assert given(case) == []
    done("privilege", case, "--sealed", target, "--to", "X")
    assert [each.name for each in target.parent.iterdir()] == ["sealed.zip"]
    assert given(case) == ["sealed container given"]


def test_without_space_nothing_is_left_and_nothing_is_logged(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()

    class Full(zipfile.ZipFile):
        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sealed_container.zipfile, "ZipFile", Full)
        assert "No space left" in refused(7, "privilege", case, "--sealed", target, "--to", "X")
    assert list(target.parent.iterdir()) == []
    assert given(case) == []


def test_a_name_that_is_taken_meanwhile_is_told_in_the_log(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "out" / "sealed.zip"
    target.parent.mkdir()
    write = sealed_container._write

    def slow(*arguments: object) -> str:
        target.write_bytes(b"of another")
        return write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(sealed_container, "_write", slow)
        assert "exists already" in refused(2, "privilege", case, "--sealed", target, "--to", "X")
    assert [each.read_bytes() for each in target.parent.iterdir()] == [b"of another"]
    assert given(case) == ["sealed container given", "failed: sealed container not given"]


@pytest.mark.parametrize(
    "value",
    [
        "content = 9000000000000",
        "content = 'text'",
        "content = zeroblob(300)",
        "kind = '../x'",
        "records = 'x'",
    ],
)
def test_a_part_that_is_not_what_was_sealed_is_not_given(case: Path, tmp_path: Path, value: str):
    """A whole number as content asks for so many bytes where it is taken for them."""
    change(case / "case.db", f"UPDATE sealed SET {value} WHERE n = 2")
    said = refused(5, "privilege", case, "--sealed", tmp_path / "x.zip", "--to", "X")
    assert "sealed part 2 is not what was sealed" in said
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("what", ["encrypted", "no UTF-8", "compressed", "bz2", "twice", "larger"])
def test_a_hostile_container_is_4_and_nothing_comes_out(
    container: Path, key: Path, tmp_path: Path, what: str
):
    """Flags, methods, sizes and names as the central directory (PKWARE APPNOTE, 4.3.12) has them."""
    data = bytearray(container.read_bytes())
    with zipfile.ZipFile(container) as made:
        names, start = made.namelist(), made.start_dir
        content = made.read(names[-1])
    last = data.rindex(b"PK\x01\x02", start)
    if what == "encrypted":
        struct.pack_into("<H", data, last + 8, 1)
    elif what == "no UTF-8":
        struct.pack_into("<H", data, last + 8, 0x800)
        data[last + 46] = 0xFF
    elif what in ("compressed", "bz2"):
        struct.pack_into("<H", data, last + 10, zipfile.ZIP_DEFLATED if what == "compressed" else 12)
    elif what == "larger":
        struct.pack_into("<II", data, last + 20, 1 << 31, 1 << 31)
    hostile = tmp_path / "hostile.zip"
    hostile.write_bytes(data)
    if what == "twice":
        with zipfile.ZipFile(hostile, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr(names[-1], content)
    refused(4, "unseal", hostile, "--key", key, "-o", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_nothing_is_printed_of_what_cannot_be_opened_whole(container: Path, key: Path, tmp_path: Path):
    data = bytearray(container.read_bytes())
    with zipfile.ZipFile(container) as made:
        records = next(each for each in made.infolist() if each.filename.endswith("-records.age"))
    data[records.header_offset + 30 + len(records.filename) + records.file_size - 1] ^= 1
    (tmp_path / "changed.zip").write_bytes(data)
    result = sporen("unseal", tmp_path / "changed.zip", "--key", key, "-o", "-")
    assert (result.exit_code, result.stdout) == (4, "")


def test_a_record_of_any_size_is_opened_again(key: Path, tmp_path: Path):
    """A part is one batch and one record more, and how long a record may be nobody says."""
    public = pyrage.x25519.Recipient.from_str(key.with_suffix(".pub").read_text().strip())
    content = pyrage.encrypt(b"x" * (65 << 20) + b"\n", [public])
    listed = {"name": "parts/0001-records.age", "kind": "records"}
    listed["sha256"] = hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as made:
        made.writestr("parts.json", json.dumps({"parts": [listed]}))
        made.writestr(listed["name"], content)
    done("unseal", tmp_path / "large.zip", "--key", key, "-o", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size == (65 << 20) + 1


def test_people_are_no_records_however_many_there_are(key: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "_PART_BYTES", 1000)
    public = key.with_suffix(".pub").read_text().strip()
    sealer = sealing.Sealer([public], "00" * 32, Purged())
    source = Source(evidence_sha256="e" * 64, path="x.db", file_sha256="f" * 64)
    people = {
        f"p{n}": Participant(id=f"p{n}", app="whatsapp", handle=None, phone=None, names=(), is_owner=False)
        for n in range(60)
    }
    call = (
        Call(id="c00", app="whatsapp", account="a1", conversation="k1", sender=None, from_owner=None, at=None,
             seconds=None, video=None, result=None, participants=tuple(people), source=source)
    )  # fmt: skip
    sealer.call(call, (None, None))
    talk = Conversation(id="k1", app="whatsapp", platform="android", account="a1", kind="group", title=None,
                        handle=None, participants=tuple(people))  # fmt: skip
    account = Account(
        id="a1", app="whatsapp", platform="android", handle=None, phone=None, name=None, exhibit=None
    )
    parts = [*sealer.take(), *sealer.end([account], {"k1": talk}, people)]
    assert sum(each.records for each in parts if each.kind == sealing.RECORDS) == 1
    assert sum(each.records for each in parts if each.kind == sealing.PEOPLE) == 62
    assert len(parts) > 3, "people in more than one part"
    assert sealing.told(parts, {}, {})["sealed"] == 1
