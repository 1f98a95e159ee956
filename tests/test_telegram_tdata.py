"""The data folder of Telegram Desktop is named for what it is and not read (Telegram reference 7)."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import pytest
from sporen_runs import exported, ingest, new, of, verified

from parsers.telegram_tdata import TelegramTdata

FOLDER = "Users/Evi/AppData/Roaming/Telegram Desktop/tdata"


def framed(content: bytes, version: int = 5_002_003) -> bytes:
    """A file of the folder: TDF$, the version, the data, and an MD5 over data, length, version and TDF$."""
    number = struct.pack("<I", version)
    checked = hashlib.md5(content + struct.pack("<I", len(content)) + number + b"TDF$", usedforsecurity=False)
    return b"TDF$" + number + content + checked.digest()


def unread(tmp_path: Path, name: str, data: bytes) -> list[str]:
    folder = tmp_path / "computer" / FOLDER
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
    (folder / "settingss").write_bytes(framed(b"settings"))
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "computer")
    assert verified(case, "--evidence", tmp_path / "computer") == []
    records = exported(case)
    assert of(records, "message") == []
    return [each["text"] for each in of(records, "notice") if each["severity"] == "unread"]


def test_the_folder_is_named_and_nothing_of_it_is_read(tmp_path: Path):
    (text,) = unread(tmp_path, "key_datas", framed(bytes(range(256))))
    assert "tdata" in text
    assert "messages are not kept there" in text
    assert "may not be used" in text
    assert text.endswith("version 5.2.3")


def test_a_changed_file_is_called_that(tmp_path: Path):
    data = bytearray(framed(bytes(300)))
    data[20] ^= 1
    (text,) = unread(tmp_path, "key_datas", bytes(data))
    assert "its checksum does not fit" in text


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("tdata/key_datas", b"TDF$"),
        ("tdata/key_datas", b"TDF#" + bytes(60)),
        ("tdata/settingss", framed(bytes(60))),
        ("tdata/key_datas/map", framed(bytes(60))),
    ],
)
def test_another_file_is_not_taken_for_it(path: str, head: bytes):
    assert not TelegramTdata().recognises(head, path)
