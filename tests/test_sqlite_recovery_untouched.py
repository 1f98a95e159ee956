"""An index of a table that lost nothing tells of no row, whatever copies balancing left in its pages."""

from __future__ import annotations

import io
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from forensics.formats.sqlite_recovery import recover

ROWS = 40_000


def made(path: Path, key: str, gone: tuple[int, ...] = ()) -> bytes:
    """Rows whose keys come in no order, so that the pages of the index are divided all the time."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=1024", "auto_vacuum=0", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"CREATE TABLE m(_id INTEGER PRIMARY KEY {key}, chat INTEGER, name TEXT, body TEXT)")
    connection.execute("CREATE UNIQUE INDEX by_name ON m(chat, name)")
    names = (sha256(str(number).encode()).hexdigest()[:32].upper() for number in range(ROWS))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO m(chat, name, body) VALUES(1, ?, 'x')", ((each,) for each in names))
    connection.execute("COMMIT")
    connection.executemany("DELETE FROM m WHERE _id = ?", ((each,) for each in gone))
    connection.close()
    return path.read_bytes()


def row_ids(data: bytes, tmp_path: Path) -> list[int | None]:
    return [row.rowid for row in recover(io.BytesIO(data), work=tmp_path / "work", name="a.db")]


def test_a_table_that_has_every_id_it_ever_gave_has_lost_none(tmp_path: Path):
    assert row_ids(made(tmp_path / "a.db", "AUTOINCREMENT"), tmp_path) == []


@pytest.mark.parametrize("gone", [(20_000,), (ROWS,), (1, 2, ROWS - 1)])
def test_of_ids_that_were_given_only_those_that_are_gone_are_told(tmp_path: Path, gone: tuple[int, ...]):
    found = row_ids(made(tmp_path / "a.db", "AUTOINCREMENT", gone), tmp_path)
    assert set(found) <= {None, *gone}
    assert found
