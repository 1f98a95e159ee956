"""Pages of zeros at the ends of long values: a blob may be stored so, of anything else it is damage."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from forensics.formats.sqlite import Database

PAGE = 512
HELD = PAGE - 4  # bytes of a value in one overflow page


def made(
    folder: Path, *rows: tuple[object, ...], tables: str = "t(id INTEGER PRIMARY KEY, a, b)"
) -> bytearray:
    """A database of these rows, in one table."""
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA page_size={PAGE}")
        db.execute(f"CREATE TABLE {tables}")
        for row in rows:
            db.execute(f"INSERT INTO t VALUES({','.join('?' * len(row))})", row)
        db.commit()
    return bytearray(path.read_bytes())


def blank_pages(data: bytearray) -> list[int]:
    return [n for n in range(1, len(data) // PAGE + 1) if not any(data[(n - 1) * PAGE : n * PAGE])]


def read(data: bytearray, folder: Path) -> tuple[list[tuple[object, ...]], list[tuple[str, list[int]]]]:
    """The rows; the problems, each with its pages."""
    with Database.open(io.BytesIO(bytes(data)), work=folder, name="made.db") as database:
        rows = [row[1:] for row in database.rows("t", ("a", "b"))]
        problems = database.problems
    return rows, [(p.kind, [n for a, b in p.pages for n in range(a, b + 1)]) for p in problems]


def test_a_blob_that_ends_in_zeros_is_no_damage_and_is_said(tmp_path: Path) -> None:
    rows = [(1, "one", bytes(20_000)), (2, "two", b"\x01" * 700 + bytes(3 * HELD)), (3, "three", None)]
    data = made(tmp_path, *rows)
    blank = blank_pages(data)
    assert len(blank) == 2
    assert read(data, tmp_path) == ([row[1:] for row in rows], [("blank", blank)])


def test_so_is_one_in_an_index_and_in_a_table_without_row_ids(tmp_path: Path) -> None:
    tables = "t(id INTEGER PRIMARY KEY, a, b UNIQUE)"
    data = made(tmp_path, (1, "one", bytes(20_000)), tables=tables)
    assert read(data, tmp_path)[1] == [("blank", blank_pages(data))]
    assert len(blank_pages(data)) == 2
    tables = "t(id TEXT PRIMARY KEY, a, b) WITHOUT ROWID"
    data = made(tmp_path, ("k", "one", bytes(20_000)), tables=tables)
    assert read(data, tmp_path)[1] == [("blank", blank_pages(data))]


@pytest.mark.parametrize(
    "row", [(1, bytes(2_000), "a text behind it"), (1, None, "text " * 500), (1, bytes(3_000), 7.5)]
)
def test_where_the_end_is_of_a_text_or_a_number_it_is_damage(tmp_path: Path, row: tuple[object, ...]) -> None:
    data = made(tmp_path, row)
    last = len(data) // PAGE
    assert int.from_bytes(data[(last - 1) * PAGE : (last - 1) * PAGE + 4], "big") == 0
    data[(last - 1) * PAGE : last * PAGE] = bytes(PAGE)
    assert ("zeroed", [last]) in read(data, tmp_path)[1]


def test_a_page_in_the_middle_of_a_blob_is_damage(tmp_path: Path) -> None:
    data = made(tmp_path, (1, "one", b"\x01" * 5_000))
    middle = len(data) // PAGE - 2
    data[(middle - 1) * PAGE : middle * PAGE] = bytes(PAGE)
    assert ("zeroed", [middle]) in read(data, tmp_path)[1]


def test_a_page_that_nothing_names_is_damage(tmp_path: Path) -> None:
    data = made(tmp_path, (1, "one", "two"))
    stated = len(data) // PAGE + 1
    data[28:32] = stated.to_bytes(4, "big")
    assert ("zeroed", [stated]) in read(data + bytes(PAGE), tmp_path)[1]


def test_chains_that_lead_into_each_other_end(tmp_path: Path) -> None:
    data = made(tmp_path, (1, "one", bytes(4_000)), (2, "two", bytes(4_000)))
    for number in range(3, len(data) // PAGE + 1):
        if data[(number - 1) * PAGE] == 0 and any(data[(number - 1) * PAGE : number * PAGE]):
            data[(number - 1) * PAGE : (number - 1) * PAGE + 4] = number.to_bytes(4, "big")
    kinds = {kind for kind, _pages in read(data, tmp_path)[1]}
    assert "zeroed" in kinds
    assert "blank" not in kinds
