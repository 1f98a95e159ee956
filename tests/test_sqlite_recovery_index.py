"""Entries of an index whose row is gone from the table's pages: what the key says, and the row id."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from forensics.formats.sqlite_recovery import RecoveredRow, recover
from forensics.formats.sqlite_recovery_sql import read_create_index

COUNT = 60


def made(path: Path, *, keep: bool = False) -> bytes:
    """A table of messages with two indexes. Row 31 is deleted, and zeros stand where it was, in the table's
    pages only; with ``keep`` it is left there."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=4096", "auto_vacuum=0", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, chat INTEGER, key TEXT NOT NULL, text TEXT)")
    connection.execute("CREATE UNIQUE INDEX by_key ON m(chat, key)")
    connection.execute("CREATE INDEX by_text ON m(text COLLATE NOCASE DESC, chat)")
    connection.execute("CREATE INDEX by_length ON m(length(text))")
    connection.execute("BEGIN")
    for number in range(1, COUNT):
        values = (number, 1000 + number, f"KEY-{number * 7919:08X}", f"words of message {number}")
        connection.execute("INSERT INTO m VALUES(?, ?, ?, ?)", values)
    connection.execute("COMMIT")
    connection.execute("DELETE FROM m WHERE id = 31")
    connection.close()
    data = bytearray(path.read_bytes())
    if not keep:
        row = f"KEY-{31 * 7919:08X}words of message 31".encode()
        at = data.index(row)
        data[at - 6 : at + len(row)] = bytes(len(row) + 6)
    return bytes(data)


def recovered(data: bytes, tmp_path: Path) -> list[RecoveredRow]:
    return list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"))


def test_what_two_indexes_still_say_of_a_row_is_one_row_in_part(tmp_path: Path):
    data = made(tmp_path / "a.db")
    (row,) = recovered(data, tmp_path)
    key = f"KEY-{31 * 7919:08X}"
    assert row.values == (31, 1031, key, "words of message 31")
    assert (row.table, row.rowid, row.state, row.complete) == ("m", 31, "deleted", False)
    assert row.origin == "freeblock"
    assert row.offset is not None
    assert key.encode() in data[row.offset : row.offset + 40]
    (other,) = row.also
    assert other.offset is not None
    assert b"words of message 31" in data[other.offset : other.offset + 40]


def test_a_row_that_is_found_itself_is_not_told_by_its_entries_too(tmp_path: Path):
    (row,) = recovered(made(tmp_path / "a.db", keep=True), tmp_path)
    assert row.complete
    assert row.values[1:] == (1031, f"KEY-{31 * 7919:08X}", "words of message 31")


def test_an_entry_of_a_row_that_is_still_there_says_nothing(tmp_path: Path):
    """The old key of a row that was changed lies in the index; its row is live."""
    path = tmp_path / "a.db"
    made(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("VACUUM")
    connection.execute("UPDATE m SET key = 'KEY-CHANGED1' WHERE id = 12")
    connection.close()
    rows = recovered(path.read_bytes(), tmp_path)
    assert [row for row in rows if not row.complete] == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("CREATE INDEX a ON t(b)", ("t", ("b",))),
        ('create unique index if not exists main.a on "my table"("b c" desc, d)', ("my table", ("b c", "d"))),
        ("CREATE INDEX a ON t(b COLLATE NOCASE ASC, c) WHERE c > 0", ("t", ("b", "c"))),
        ("CREATE INDEX a ON t(lower(b))", None),
        ("CREATE INDEX a ON t(b + 1)", None),
        ("CREATE INDEX a ON t", None),
        ("CREATE TABLE t(b)", None),
        ("", None),
    ],
)
def test_the_columns_of_an_index(sql: str, told: object):
    assert read_create_index(sql) == told
