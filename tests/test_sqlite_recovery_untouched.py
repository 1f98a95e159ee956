"""An index of a table that lost nothing tells of no row, whatever copies balancing left in its pages."""

from __future__ import annotations

import io
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from forensics.formats.sqlite_recovery import RecoveredRow, recover

ROWS = 40_000


def name(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()[:32].upper()


def made(path: Path, gone: tuple[int, ...] = ()) -> bytes:
    """Rows whose keys come in no order, so that the pages of the index are divided all the time."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=1024", "auto_vacuum=0", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE m(_id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER, name TEXT, body TEXT)"
    )
    connection.execute("CREATE UNIQUE INDEX by_name ON m(chat, name)")
    names = ((name(number),) for number in range(ROWS))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO m(chat, name, body) VALUES(1, ?, 'x')", names)
    connection.execute("COMMIT")
    connection.executemany("DELETE FROM m WHERE _id = ?", ((each,) for each in gone))
    connection.close()
    return path.read_bytes()


def recovered(data: bytes, tmp_path: Path) -> list[RecoveredRow]:
    return list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"))


def test_a_table_that_has_every_id_it_ever_gave_has_lost_none(tmp_path: Path):
    assert recovered(made(tmp_path / "a.db"), tmp_path) == []


@pytest.mark.parametrize("gone", [(20_000,), (ROWS,), (1, 2, ROWS - 1)])
def test_of_ids_that_were_given_only_those_that_are_gone_are_told(tmp_path: Path, gone: tuple[int, ...]):
    found = recovered(made(tmp_path / "a.db", gone), tmp_path)
    assert {row.rowid for row in found} <= {None, *gone}
    assert sorted(str(row.values[2]) for row in found) == sorted(name(each - 1) for each in gone)
