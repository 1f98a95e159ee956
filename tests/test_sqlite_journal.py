"""The rollback journal: a hot one is rolled back as SQLite does it, and nothing else is."""

from __future__ import annotations

import io
import shutil
import sqlite3
import struct
from pathlib import Path

import pytest

from forensics.formats.sqlite import Database
from forensics.formats.sqlite_journal import MAGIC, journal_checksum
from forensics.formats.sqlite_rows import decode_text

BEFORE = [(i, f"before {i} " * 12) for i in range(1, 81)]


@pytest.fixture
def interrupted(tmp_path):
    """A database in the middle of a large transaction: half of it is in the file, the rest in the journal."""
    path = tmp_path / "live.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size=1024")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO message VALUES(?, ?)", BEFORE)
    connection.execute("COMMIT")
    connection.execute("PRAGMA cache_size=3")
    connection.execute("BEGIN")
    connection.execute("UPDATE message SET text = 'half ' || text")
    connection.executemany("INSERT INTO message(text) VALUES(?)", [("never " * 40,)] * 60)
    main, journal = path.read_bytes(), Path(f"{path}-journal").read_bytes()
    connection.close()
    return main, journal


def view(main: bytes, journal: bytes, tmp_path: Path) -> tuple[list[tuple], Database]:
    with Database.open(
        io.BytesIO(main), journal=io.BytesIO(journal), work=tmp_path / "work", name="m.db"
    ) as database:
        return list(database.rows("message", ["text"])), database


def sqlites_own(main: bytes, journal: bytes, tmp_path: Path) -> list[tuple] | None:
    folder = tmp_path / "own"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "a.db").write_bytes(main)
    (folder / "a.db-journal").write_bytes(journal)
    connection = sqlite3.connect(folder / "a.db")
    connection.text_factory = decode_text
    try:
        return connection.execute("SELECT _id, text FROM message ORDER BY _id").fetchall()
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()


def test_a_hot_journal_is_rolled_back(interrupted, tmp_path):
    main, journal = interrupted
    assert len(main) > 80 * 100
    rows, database = view(main, journal, tmp_path)
    assert rows == BEFORE == sqlites_own(main, journal, tmp_path)
    assert database.journal_applied
    assert [problem.kind for problem in database.problems] == ["journal"]
    assert "is hot" in database.problems[0].text


def test_every_truncation_of_a_hot_journal_gives_sqlites_own_view(interrupted, tmp_path):
    main, journal = interrupted
    for cut in range(28, len(journal), 997):
        own = sqlites_own(main, journal[:cut], tmp_path)
        rows, database = view(main, journal[:cut], tmp_path)
        if own is None or any(problem.kind == "page" for problem in database.problems):
            assert len(database.problems) > 1, cut
        elif database.journal_applied:
            assert rows == own, cut


def test_a_flipped_byte_in_a_record_ends_the_playback_where_sqlite_ends_it(interrupted, tmp_path):
    main, journal = interrupted
    starts = [at for at in range(0, len(journal), 512) if journal[at : at + 8] == MAGIC]
    assert len(starts) > 2  # a small cache spills: the journal has several segments
    for start in starts:
        # Byte 824 of a page (1024 - 200) is one that the checksum covers.
        position = start + 512 + 4 + 824
        changed = journal[:position] + bytes([journal[position] ^ 0xFF]) + journal[position + 1 :]
        own = sqlites_own(main, changed, tmp_path)
        rows, database = view(main, changed, tmp_path)
        if own is None or any(problem.kind == "page" for problem in database.problems):
            assert len(database.problems) > 1, position
        elif database.journal_applied:
            assert rows == own, position
        assert any("fails its checksum" in problem.text for problem in database.problems)


def test_a_persisted_journal_with_a_zero_header_is_not_hot(tmp_path):
    path = tmp_path / "persist.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=PERSIST")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'first')")
    connection.execute("UPDATE message SET text = 'second'")
    connection.close()
    journal = Path(f"{path}-journal").read_bytes()
    assert len(journal) > 512
    rows, database = view(path.read_bytes(), journal, tmp_path)
    assert rows == [(1, "second")]
    assert not database.journal_applied
    assert [problem.text for problem in database.problems] == [
        "the rollback journal is not hot: its header is zero: the transaction was completed"
    ]


def test_an_empty_journal_is_no_problem_and_one_that_is_none_is_named(tmp_path):
    path = tmp_path / "plain.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'x')")
    connection.commit()
    connection.close()
    assert view(path.read_bytes(), b"", tmp_path)[1].problems == []
    for data in (b"short", b"\x01" * 600, MAGIC + struct.pack(">5I", 1, 0, 1, 512, 777) + bytes(900)):
        rows, database = view(path.read_bytes(), data, tmp_path)
        assert rows == [(1, "x")]
        assert [problem.kind for problem in database.problems] == ["journal"]


def test_the_name_of_a_super_journal_is_told_and_never_followed(interrupted, tmp_path):
    main, journal = interrupted
    victim = tmp_path / "victim-mj0001"
    victim.write_bytes(MAGIC + bytes(500))
    name = str(victim).encode()
    aligned = journal + bytes(-len(journal) % 512)
    tail = struct.pack(">I", 1 << 20) + name + struct.pack(">II", len(name), sum(name)) + MAGIC
    rows, database = view(main, aligned + tail, tmp_path)
    assert rows == BEFORE
    assert victim.read_bytes() == MAGIC + bytes(500)
    assert any(f"names a super-journal ({victim})" in problem.text for problem in database.problems)


def test_a_journal_that_states_a_giant_database_makes_no_giant_file(interrupted, tmp_path):
    main, journal = interrupted
    giant = journal[:16] + b"\xff\xff\xff\xff" + journal[20:]
    _rows, database = view(main, giant, tmp_path)
    assert not database.journal_applied
    assert "lie far beyond the end" in " ".join(problem.text for problem in database.problems)


def test_the_journal_of_another_database_is_not_used(interrupted, tmp_path):
    _main, journal = interrupted
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size=1024")
    connection.execute("CREATE TABLE call(a TEXT)")
    connection.executemany("INSERT INTO call VALUES(?)", [("own " * 50,)] * 40)
    connection.commit()
    connection.close()
    with Database.open(
        io.BytesIO(path.read_bytes()), journal=io.BytesIO(journal), work=tmp_path / "work"
    ) as database:
        assert list(database.rows("call", ["a"])) == [(i, "own " * 50) for i in range(1, 41)]
        assert not database.journal_applied
        assert [problem.text for problem in database.problems] == [
            "the rollback journal was not used: it does not fit this database"
        ]


def test_the_checksum_counts_every_200th_byte_down_to_the_first():
    page = bytearray(1024)
    for offset in (824, 624, 424, 224, 24):
        page[offset] = 1
    assert journal_checksum(bytes(page), 7) == 12
    assert journal_checksum(bytes([255]) * 512, 0xFFFFFFFF) == 2 * 255 - 1
