"""``sporen recover``: what it prints of a database, and that it writes nothing beside it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import done, refused, snapshot, sporen

KEYS = {"table", "values", "rowid", "state", "origin", "page", "offset", "also", "complete"}


def database(folder: Path) -> Path:
    path = folder / "notes.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, size INTEGER)")
        rows = [(f"note number {n} with some words", n) for n in range(40)]
        connection.executemany("INSERT INTO note (text, size) VALUES (?, ?)", rows)
        connection.execute("DELETE FROM note WHERE id = 20")
    return path


def test_a_deleted_row_is_printed_as_the_contract_says_and_no_live_one(tmp_path: Path) -> None:
    path = database(tmp_path)
    before = snapshot(tmp_path)
    result = done("recover", path, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(row) for row in rows] == [KEYS]
    (row,) = rows
    assert (row["table"], row["values"][1:], row["state"]) == (
        "note",
        ["note number 19 with some words", 19],
        "deleted",
    )
    assert path.read_bytes().find(b"note number 19") in range(row["offset"], row["offset"] + 100)
    assert "1 deleted" in result.stderr
    assert snapshot(tmp_path) == before


def broken(path: Path) -> None:
    """Gives the notes an index of which the only page is none of a b-tree."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX by_text ON note(text)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'by_text'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    data[(root - 1) * size] = 0x77
    path.write_bytes(data)


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_damage_is_one_sentence_and_the_code_of_evidence_that_cannot_be_read(
    quiet: tuple[str, ...], tmp_path: Path
) -> None:
    path = database(tmp_path)
    rows = done("recover", path, "--json").stdout
    broken(path)
    result = sporen("recover", path, "--json", *quiet)
    assert (result.exit_code, result.stdout) == (3, rows)
    (sentence,) = [line for line in result.stderr.splitlines() if line.startswith("sporen: ")]
    assert "notes.db: only a part of it could be read" in sentence
    assert "pages that are not what their place in a table or an index demands: 1 (3)" in sentence


def test_a_cut_database_gives_what_is_left_and_names_the_pages(tmp_path: Path) -> None:
    path = database(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE later(text TEXT)")
        connection.executemany("INSERT INTO later VALUES (?)", [("words " * 100,)] * 40)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    path.write_bytes(path.read_bytes()[: -2 * size])
    result = sporen("recover", path, "--json")
    assert result.exit_code == 3
    assert "note number 19" in result.stdout
    assert f"the file is truncated: pages {pages - 1}..{pages} are missing" in result.stderr


def test_without_json_it_is_told_in_words(tmp_path: Path) -> None:
    assert "note number 19 with some words" in done("recover", database(tmp_path)).stdout


def test_a_folder_and_a_file_of_another_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no database at all, only words")
    assert "not a single file" in refused(3, "recover", tmp_path)
    assert "other" in refused(3, "recover", tmp_path / "other")
    assert "no such file" in refused(3, "recover", tmp_path / "missing.db")
