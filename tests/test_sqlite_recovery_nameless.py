"""Rows of a table that no schema describes any more, on pages that another table took over."""

from __future__ import annotations

import io
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from forensics.formats.sqlite_pages import PADDING, Span
from forensics.formats.sqlite_recovery import RecoveredRow, recover
from forensics.formats.sqlite_recovery_nameless import former_cells

COUNT = 40


def unknown(_cell: object) -> bool:
    return False


def taken_over(path: Path, new: int) -> bytes:
    """A table of COUNT rows, dropped; its page and its row of the schema are another table's now."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE gone(id INTEGER PRIMARY KEY, text TEXT, at INTEGER, left REAL)")
        for number in range(1, COUNT + 1):
            row = (f"Bericht {number} van hier", 1_600_000_000 + number, number / 8)
            connection.execute("INSERT INTO gone(text, at, left) VALUES(?, ?, ?)", row)
        connection.execute("DROP TABLE gone")
        connection.execute("CREATE TABLE successor(name TEXT, size INTEGER, more TEXT, rest TEXT, last TEXT)")
        for number in range(new):
            connection.execute("INSERT INTO successor VALUES(?, ?, NULL, NULL, NULL)", (f"f{number}.jpg", 1))
    return path.read_bytes()


def rows(data: bytes, tmp_path: Path) -> list[RecoveredRow]:
    return list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"))


def test_what_the_new_table_did_not_write_over_is_given_without_a_table(tmp_path: Path):
    data = taken_over(tmp_path / "a.db", new=3)
    found = {row.rowid: row for row in rows(data, tmp_path) if row.complete}
    kept = [n for n in range(1, COUNT + 1) if f"Bericht {n} van hier".encode() in data]
    assert set(found) == set(kept[1:]) | ({kept[0]} & set(found))  # the first may have lost its beginning
    assert len(found) > COUNT - 6
    row = found[COUNT]
    values = (None, f"Bericht {COUNT} van hier", 1_600_000_000 + COUNT, COUNT / 8)
    assert (row.table, row.values, row.state) == (None, values, "deleted")
    assert data[row.offset or 0 :].startswith(bytes([row_length(data, row), COUNT]))


def row_length(data: bytes, row: RecoveredRow) -> int:
    assert row.offset is not None
    return data[row.offset]


def test_no_row_of_the_successor_is_among_them(tmp_path: Path):
    data = taken_over(tmp_path / "a.db", new=3)
    assert not [row for row in rows(data, tmp_path) if any("jpg" in str(value) for value in row.values)]


def cells(count: int, first: int = 1) -> bytes:
    """Cells of two values, the newest first, as SQLite lays them down (fileformat2.html section 1.6)."""
    made = [bytes([10, first + n, 3, 1, 25, 50 + n]) + b"abcdef" for n in range(count)]
    return b"".join(reversed(made))


def page(content: bytes, pointers: bytes = b"") -> bytes:
    body = bytes(8) + pointers
    return body + bytes(512 - len(body) - len(content)) + content + PADDING


def test_cells_without_pointers_are_found_by_following_each_other():
    data = page(cells(5))
    assert [cell.rowid for cell in former_cells(data, Span(8, 512, 0), unknown)] == [1, 2, 3, 4, 5]


def test_three_cells_are_too_few_to_be_believed():
    assert former_cells(page(cells(3)), Span(8, 512, 0), unknown) == []


def test_cells_out_of_order_are_not_believed():
    assert former_cells(page(cells(2, first=5) + cells(3, first=20)), Span(8, 512, 0), unknown) == []


def test_a_former_pointer_to_a_cell_that_was_written_over_is_passed_by():
    content = cells(5)
    places = [512 - 12 * (n + 1) for n in range(5)]
    pointers = b"".join(place.to_bytes(2, "big") for place in places)
    hurt = content[:24] + b"\xff" * 12 + content[36:]
    found = former_cells(page(b"\x01" * 40 + hurt, pointers), Span(8, 512, 0), unknown)
    assert [cell.rowid for cell in found] == [1, 2, 4, 5]


def test_bytes_of_chance_hold_no_former_cells():
    chance = random.Random(1)
    for _ in range(300):
        assert former_cells(chance.randbytes(512) + PADDING, Span(8, 512, 0), unknown) == []
