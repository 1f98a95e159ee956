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


@pytest.mark.parametrize("also", [(), (7, 200, 9999), (39,), (1, 40, 41)])
def test_rows_that_the_other_table_has_no_row_for_come_with_those_asked_for(made, tmp_path, also):
    data, _root = made  # the quotes have row ids 1 to 42
    with opened(data, tmp_path) as database:
        rows = list(database.rows_apart("message", ("key_id", "chat"), "quoted", also))
        wanted = [(n, f"KEY{n:04}", n % 3) for n in range(1, MESSAGES + 1) if n > 42 or n in also]
        assert rows == wanted
        assert database.problems == []


def test_invalid_text_among_rows_apart_is_given_as_bytes(made, tmp_path):
    data, _root = made
    data = data.replace(b"KEY0007", b"KEY\xff007").replace(b"KEY0100", b"KEY\xff100")
    with opened(data, tmp_path) as database:
        rows = {row[0]: row[1] for row in database.rows_apart("message", ("key_id",), "quoted", (7,))}
    assert (rows[7], rows[100]) == (b"KEY\xff007", b"KEY\xff100")
    assert len(rows) == MESSAGES - 42 + 1


def test_a_damaged_table_gives_every_row_once_when_rows_apart_are_asked_for(made, tmp_path):
    data, root = made
    with opened(damaged(data, tmp_path, without=root), tmp_path) as database:
        apart = list(database.rows_apart("message", ("key_id",), "quoted", (7, 41)))
        told = list(database.problems)
    with opened(damaged(data, tmp_path, without=root), tmp_path) as database:
        assert apart == list(database.rows("message", ("key_id",)))
        assert told == database.problems != []


def test_blank_pages_in_a_large_file_are_found_each(tmp_path):
    path = tmp_path / "large.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b)")
    connection.executemany("INSERT INTO t VALUES(?, ?)", ((n, bytes(300)) for n in range(6000)))
    connection.commit()
    connection.close()
    data = bytearray(path.read_bytes())
    together = (1 << 20) // PAGE
    blank = [together, together + 1, 2 * together, len(data) // PAGE]
    for page in blank:
        data[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    with opened(bytes(data), tmp_path) as database:
        (problem,) = [each for each in database.problems if each.kind == "zeroed"]
    found = [page for first, last in problem.pages for page in range(first, last + 1)]
    assert found == blank
