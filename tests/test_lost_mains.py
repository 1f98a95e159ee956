"""A file that lies where an app keeps its database of messages and is none is named, whatever lies beside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, exported, ingest, new, of

from forensics.lost_mains import EMPTY, NO_DATABASE, NO_TABLES, ZEROS
from forensics.sentences import translated

PAGE = 4096
OTHERS = (
    "data/data/org.thoughtcrime.securesms/databases/signal.db",
    "group.org.whispersystems.signal.group/grdb/signal.sqlite",
    "Signal/sql/db.sqlite",
    "data/data/org.telegram.messenger/files/account1/cache4.db",
    "telegram-data/account-101/postbox/db/db_sqlite",
    "group.net.whatsapp.WhatsApp.shared/ChatStorage.sqlite",
    "sdcard/WhatsApp/Databases/msgstore-2026-01-02.1.db.crypt15",
)


def _contacts(root: Path) -> Path:
    path = root / "data/data/com.whatsapp/databases/wa.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT, display_name TEXT)")
        db.execute("INSERT INTO wa_contacts VALUES (1, '31600000001@s.whatsapp.net', 'Bram')")
        db.commit()
    return root


def _schemaless(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE garbage (a)")
        db.commit()
    return path.read_bytes()


def _told(tmp_path: Path, path: str, data: bytes) -> tuple[list[str], list[dict[str, object]]]:
    lost = _contacts(tmp_path / "phone") / path
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(data)
    case = new(tmp_path / "case")
    document = ingest(case, tmp_path / "phone", code=3)
    return [each["text"] for each in document["problems"] if each["path"] == path], of(
        exported(case), "notice"
    )


@pytest.mark.parametrize("what", [EMPTY, ZEROS, NO_DATABASE, NO_TABLES])
def test_it_is_named_beside_contacts_with_the_reason(tmp_path: Path, what: str):
    data = {
        EMPTY: b"",
        ZEROS: bytes(PAGE) + b"\x0d" * PAGE,
        NO_DATABASE: bytes(range(1, 256)) * 100,
        NO_TABLES: _schemaless(tmp_path / "other.db"),
    }
    problems, notices = _told(tmp_path, MSGSTORE, data[what])
    (problem,) = problems
    assert what in problem
    (notice,) = [each for each in notices if each["source"]["path"] == MSGSTORE]
    assert notice["severity"] == "unread"
    assert what in notice["text"]
    assert "maar" in translated(notice["text"], "nl")
    assert what not in translated(notice["text"], "nl")


def test_contacts_beside_it_do_not_say_that_there_is_none(tmp_path: Path):
    _, notices = _told(tmp_path, MSGSTORE, b"")
    (said,) = [each["text"] for each in notices if each["source"]["path"].endswith("wa.db")]
    assert "beside one of messages that could not be read" in said
    assert translated(said, "nl") != said


@pytest.mark.parametrize("path", OTHERS)
def test_those_of_every_app_are_named(tmp_path: Path, path: str):
    problems, notices = _told(tmp_path, path, b"")
    assert len(problems) == 1
    assert [each["severity"] for each in notices if each["source"]["path"] == path] == ["unread"]


def test_an_empty_log_or_an_unknown_file_is_nothing_to_tell(tmp_path: Path):
    root = _contacts(tmp_path / "phone")
    for name in ("wa.db-wal", "stickers.db", "msgstore.db-wal", "backup_of_msgstore.db.txt"):
        (root / "data/data/com.whatsapp/databases" / name).write_bytes(b"")
    assert ingest(new(tmp_path / "case"), root)["problems"] == []
