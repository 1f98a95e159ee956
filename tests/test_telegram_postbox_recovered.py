"""Rows deleted from Postbox's t7 come back through the decoder of live ones (Telegram reference 5.2, 5.3)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postbox_installations import load
from sporen_runs import balance, export_bytes, exported, ingest, new, of, verified

BUILD = load("build")
Record = dict[str, Any]


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    folder: Path = BUILD.build("direct", tmp_path / "phone")
    return folder


def database_of(phone: Path) -> Path:
    (found,) = phone.rglob("db_sqlite")
    return found


def change(database: Path, sql: str, *values: object) -> None:
    """Without the zeros that this machine's SQLite may write over what it frees."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        assert connection.execute(sql, values).rowcount > 0


def read(case: Path, phone: Path) -> list[Record]:
    balance(ingest(new(case), phone))
    return exported(case)


def rows_of(records: list[Record], *states: str) -> dict[str, Record]:
    """Messages of t7 by their key."""
    found = [each for each in of(records, "message") if each["source"]["table"] == "t7"]
    return {each["source"]["rowid_key"]: each for each in found if each["state"] in states}


def what(message: Record) -> dict[str, Any]:
    """What a message says, without its place and state."""
    apart = ("id", "record_sha256", "source", "state", "also", "reply_to")
    return {key: value for key, value in message.items() if key not in apart}


def test_a_deleted_row_says_what_the_live_one_said(phone: Path, tmp_path: Path):
    live = rows_of(read(tmp_path / "before", phone), "live")
    key, told = max(live.items(), key=lambda one: (len(one[1]["reactions"]), one[0]))
    assert told["reactions"]
    change(database_of(phone), "DELETE FROM t7 WHERE key = ?", bytes.fromhex(key))
    records = read(tmp_path / "after", phone)
    found = rows_of(records, "recovered")
    assert [*found] == [key]
    assert key not in rows_of(records, "live")
    assert what(found[key]) == what(told)
    source = found[key]["source"]
    data = database_of(phone).read_bytes()
    assert source["page"] is not None
    assert bytes.fromhex(key)[4:] in data[source["offset"] : source["offset"] + 100]
    assert verified(tmp_path / "after", "--evidence", phone) == []
    read(tmp_path / "again", phone)
    assert export_bytes(tmp_path / "again") == export_bytes(tmp_path / "after")


def test_rows_on_free_pages_are_known_by_what_they_hold(phone: Path, tmp_path: Path):
    """Ten tables have the same two columns: a free page is of none of them."""
    live = rows_of(read(tmp_path / "before", phone), "live", "hidden")
    change(database_of(phone), "DELETE FROM t7")
    found = rows_of(read(tmp_path / "after", phone), "recovered")
    assert found.keys() == live.keys()
    differing = [key for key, each in found.items() if what(each) != what(live[key])]
    assert differing == []


def test_an_older_text_is_told_of_the_message_that_took_its_place(phone: Path, tmp_path: Path):
    live = rows_of(read(tmp_path / "before", phone), "live")
    key = next(key for key, each in live.items() if each["text"] and each["kind"] == "text")
    text, newer, database = live[key]["text"], "x" * len(live[key]["text"].encode()), database_of(phone)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        (value,) = connection.execute("SELECT value FROM t7 WHERE key = ?", (bytes.fromhex(key),)).fetchone()
        changed = value.replace(text.encode(), newer.encode())
        connection.execute("UPDATE t7 SET value = ? WHERE key = ?", (changed, bytes.fromhex(key)))
        copies = {name: name.read_bytes() for name in (database, database.with_name(f"{database.name}-wal"))}
    for name, data in copies.items():
        name.write_bytes(data)
    records = read(tmp_path / "after", phone)
    assert rows_of(records, "live")[key]["text"] == newer
    older = rows_of(records, "recovered")
    assert {name: each["text"] for name, each in older.items()} == {key: text}


def test_a_row_of_another_table_is_no_message(phone: Path, tmp_path: Path):
    """What stood in t6 or t9 has no key of a message."""
    change(database_of(phone), "DELETE FROM t9")
    records = read(tmp_path / "case", phone)
    assert rows_of(records, "recovered") == {}
