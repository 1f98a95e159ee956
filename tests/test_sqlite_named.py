"""Rows that another table names, and the values of a column, found by SQLite where the tables are whole."""

from __future__ import annotations

import io
import sqlite3

import pytest

from forensics.formats.sqlite import Database

PAGE = 512
MESSAGES = 200


@pytest.fixture
def made(tmp_path):
    """Messages of which the quotes name every fifth, one of them in another case and one by a blob."""
    path = tmp_path / "made.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, key_id TEXT, chat INTEGER)")
    connection.execute("CREATE TABLE quoted(_id INTEGER PRIMARY KEY, key_id TEXT)")
    rows = [(number, f"KEY{number:04}", number % 3) for number in range(1, MESSAGES + 1)]
    connection.executemany("INSERT INTO message VALUES(?, ?, ?)", rows)
    named = [(f"KEY{number:04}",) for number in range(5, MESSAGES + 1, 5)]
    connection.executemany("INSERT INTO quoted(key_id) VALUES(?)", [*named, ("key0001",), (b"KEY0002",)])
    connection.commit()
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchone()[0]
    connection.close()
    return path.read_bytes(), root


def opened(data: bytes, tmp_path):
    return Database.open(io.BytesIO(data), work=tmp_path / "work", name="made.db")


def damaged(data: bytes, tmp_path, *, without: int) -> bytes:
    """With a leaf of the table whose root that is overwritten: its cells are no longer what they were."""
    number = int.from_bytes(data[(without - 1) * PAGE + 12 :][:2], "big")  # the cell of its first child
    child = int.from_bytes(data[(without - 1) * PAGE + number :][:4], "big")
    start = (child - 1) * PAGE
    return data[:start] + b"\xff" * PAGE + data[start + PAGE :]


def test_only_the_rows_that_the_other_table_names_are_given(made, tmp_path):
    data, _root = made
    with opened(data, tmp_path) as database:
        rows = list(database.rows_named("message", ("key_id", "chat"), "key_id", ("quoted", "key_id")))
        wanted = [(number, f"KEY{number:04}", number % 3) for number in range(5, MESSAGES + 1, 5)]
        assert rows == wanted
        assert database.problems == []


def test_a_damaged_table_gives_every_row_that_can_be_read_and_tells_the_rest(made, tmp_path):
    data, root = made
    with opened(damaged(data, tmp_path, without=root), tmp_path) as database:
        named = list(database.rows_named("message", ("key_id",), "key_id", ("quoted", "key_id")))
        told = list(database.problems)
    with opened(damaged(data, tmp_path, without=root), tmp_path) as database:
        assert named == list(database.rows("message", ("key_id",)))
        assert told == database.problems != []
    assert 0 < len(named) < MESSAGES


def test_a_column_that_is_absent_names_nothing_and_leaves_nothing_out(made, tmp_path):
    data, _root = made
    with opened(data, tmp_path) as database:
        rows = list(database.rows_named("message", ("key_id",), "key_id", ("quoted", "gone")))
        assert len(rows) == MESSAGES
        with pytest.raises(KeyError):
            database.rows_named("message", ("key_id",), "key_id", ("gone", "key_id"))


def test_each_value_comes_once_from_a_whole_table_and_at_least_once_from_a_damaged_one(made, tmp_path):
    data, root = made
    with opened(data, tmp_path) as database:
        assert sorted(database.distinct("message", "chat")) == [0, 1, 2]
        assert list(database.distinct("message", "gone")) == [None] * MESSAGES
    with opened(damaged(data, tmp_path, without=root), tmp_path) as database:
        values = list(database.distinct("message", "chat"))
        assert set(values) == {0, 1, 2}
        assert len(values) > 3
