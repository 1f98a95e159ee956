"""Entries of an index whose row is gone from the table's pages: what the key says, and the row id."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest
from sqlite_pages_made import LOST, entries_of_one_row

from forensics.formats.sqlite_recovery import RecoveredRow, recover
from forensics.formats.sqlite_recovery_limits import Limits
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


EQUAL = (40, 45, 50, 55, 60)  # rows of one key


def alike(path: Path, gone: tuple[int, ...], wiped: tuple[int, ...]) -> bytes:
    """An index on two columns, and rows with one key that are gone. Zeros stand where those that are
    ``wiped`` were in the table."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=4096", "auto_vacuum=0", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, day INTEGER, jid TEXT, body TEXT)")
    connection.execute("CREATE INDEX by_day ON m(day, jid)")
    rows = ((at, 20_000 + at % 5, "31600000001@s.example", f"MSG{at:04} and text") for at in range(1, 61))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO m VALUES(?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.executemany("DELETE FROM m WHERE id = ?", [(number,) for number in gone])
    connection.close()
    data = bytearray(path.read_bytes())
    for number in wiped:
        end = data.index(f"MSG{number:04}".encode()) + 16
        data[end - 47 : end] = bytes(47)  # the whole cell
    return bytes(data)


@pytest.mark.parametrize("whole", [(), (40,), (50,), (60,), (40, 60), (45, 50, 55), EQUAL])
def test_a_row_without_its_id_stands_for_one_row_of_its_key(tmp_path: Path, whole: tuple[int, ...]):
    wiped = tuple(number for number in EQUAL if number not in whole)
    rows = recovered(alike(tmp_path / "a.db", EQUAL, wiped), tmp_path)
    texts = [row.values[3] for row in rows if row.values[3] is not None]
    assert sorted(map(str, texts)) == [f"MSG{number:04} and text" for number in whole]
    assert len(rows) == len(EQUAL)


def test_a_row_with_its_id_hides_its_own_entry_only(tmp_path: Path):
    """Row 60 is deleted in the log: the main file still has it whole."""
    path = tmp_path / "a.db"
    path.write_bytes(alike(path, EQUAL[:-1], EQUAL[:-1]))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("DELETE FROM m WHERE id = 60")
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    connection.close()
    rows = list(recover(io.BytesIO(main), io.BytesIO(wal), work=tmp_path / "work", name="a.db"))
    assert sorted((row.rowid, row.complete) for row in rows) == [
        *((number, False) for number in EQUAL[:-1]),
        (60, True),
    ]


def test_of_one_row_id_no_more_than_eight_variants_are_given_and_the_others_are_told(tmp_path: Path):
    limits = Limits()
    data = entries_of_one_row(2)
    rows = list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db", limits=limits))
    assert [row.rowid for row in rows] == [500_000] * 8
    assert list(limits.told()) == [
        f"{2 * LOST - 8} entries of indexes were left out: there are too many of rows that are gone"
    ]


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
