"""Texts that a full-text index still holds of rows that are gone."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

from forensics.formats.sqlite_recovery import RecoveredRow, recover

TEXTS = [f"Bericht nummer {n}, tot morgen!" for n in range(1, 41)]


def database(path: Path, *, module: str, is_alike: bool = True, is_erased: bool = True) -> bytes:
    """Messages with an index of their texts as an app writes it; row 7 is gone from the messages only."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA secure_delete={'ON' if is_erased else 'OFF'}")
        connection.execute("CREATE TABLE chat(_id INTEGER PRIMARY KEY, subject TEXT)")
        connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, chat INTEGER, text TEXT)")
        connection.execute(f"CREATE VIRTUAL TABLE search USING {module}")
        for number, text in enumerate(TEXTS, 1):
            folded = text.lower().replace(",", " , ").replace("!", " !")
            connection.execute("INSERT INTO chat VALUES(?, ?)", (number, f"chat {number}"))
            connection.execute("INSERT INTO message VALUES(?, 1, ?)", (number, text))
            connection.execute(
                "INSERT INTO search(rowid, content) VALUES(?, ?)", (number, folded if is_alike else "x" * 9)
            )
        connection.execute("DELETE FROM message WHERE _id = 7")
    return path.read_bytes()


def rows(data: bytes, tmp_path: Path) -> list[RecoveredRow]:
    return list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"))


def test_a_text_whose_row_is_gone_is_given_as_the_index_has_it(tmp_path: Path):
    for module in ("fts4(content)", "fts3(content)", "fts5(content)"):
        data = database(tmp_path / f"{module[:4]}.db", module=module)
        (row,) = rows(data, tmp_path)
        text = "bericht nummer 7 ,  tot morgen !"
        assert (row.table, row.values, row.rowid) == ("message", (7, None, text), 7)
        assert (row.origin, row.state, row.complete, row.also) == ("fts", "deleted", False, ())
        assert row.offset is not None
        assert data.index(text.encode()) in range(row.offset, row.offset + 40)
        assert row.page == row.offset // 4096 + 1


def test_a_row_that_is_still_there_itself_is_not_given_by_its_copy_too(tmp_path: Path):
    found = rows(database(tmp_path / "a.db", module="fts4(content)", is_erased=False), tmp_path)
    whole = [row for row in found if row.values[-1] == TEXTS[6]]
    assert [row.origin for row in whole] == ["freeblock"]


def test_an_index_of_other_texts_says_nothing_of_rows(tmp_path: Path):
    assert rows(database(tmp_path / "a.db", module="fts4(content)", is_alike=False), tmp_path) == []
