"""Which frames of a write-ahead log belong to the current view, compared with SQLite's own."""

from __future__ import annotations

import io
import random
import shutil
import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.formats.sqlite import Database
from forensics.formats.sqlite_checksum import chained, checksum, frame_sums
from forensics.formats.sqlite_wal import MAGIC_BIG, MAGIC_LITTLE, WalError, read_wal, read_wal_header

PAGE = 1024
FRAME = PAGE + 24


@pytest.fixture
def phone(tmp_path):
    """A database of 3 rows, and a log with two commits (rows 4..40, then a change of row 1)."""
    path = tmp_path / "live.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO message VALUES(?, ?)", [(i, f"main {i}") for i in (1, 2, 3)])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO message VALUES(?, ?)", [(i, f"log {i} " * 9) for i in range(4, 41)])
    connection.execute("COMMIT")
    connection.execute("UPDATE message SET text = 'changed' WHERE _id = 1")
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    connection.close()
    return main, wal


def sqlites_own(main: bytes, wal: bytes, tmp_path: Path) -> list[tuple]:
    folder = tmp_path / "own"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "a.db").write_bytes(main)
    (folder / "a.db-wal").write_bytes(wal)
    connection = sqlite3.connect(folder / "a.db")
    rows = connection.execute("SELECT _id, text FROM message ORDER BY _id").fetchall()
    connection.close()
    return rows


def view(main: bytes, wal: bytes | None, tmp_path: Path) -> tuple[list[tuple], Database]:
    log = None if wal is None else io.BytesIO(wal)
    with Database.open(io.BytesIO(main), wal=log, work=tmp_path / "work", name="m.db") as database:
        rows = list(database.rows("message", ["text"])) if database.has("message") else []
    return rows, database


def texts(database: Database) -> list[tuple[str, str]]:
    return [(problem.kind, problem.text) for problem in database.problems]


def test_the_view_holds_what_the_log_committed(phone, tmp_path):
    main, wal = phone
    rows, database = view(main, wal, tmp_path)
    assert rows == sqlites_own(main, wal, tmp_path)
    assert len(rows) == 40
    assert rows[0] == (1, "changed")
    assert database.wal_frames_applied == (len(wal) - 32) // FRAME
    assert database.problems == []
    assert view(main, None, tmp_path)[0] == [(i, f"main {i}") for i in (1, 2, 3)]


def test_every_truncation_of_the_log_gives_sqlites_own_view(phone, tmp_path):
    main, wal = phone
    cuts = [
        0,
        1,
        31,
        32,
        *(32 + n * FRAME + d for n in range((len(wal) - 32) // FRAME) for d in (0, 23, 500)),
    ]
    for cut in cuts:
        rows, database = view(main, wal[:cut], tmp_path)
        assert rows == sqlites_own(main, wal[:cut], tmp_path), cut
        if cut > 32 and (cut - 32) % FRAME:
            text = f"the write-ahead log ends within a frame, {(cut - 32) % FRAME} bytes of which are there"
            assert ("wal", text) in texts(database)


def test_a_flipped_byte_in_any_frame_ends_the_view_where_sqlite_ends_it(phone, tmp_path):
    main, wal = phone
    frames = (len(wal) - 32) // FRAME
    for number in range(frames):
        for offset in (2, 9, 17, 24, 600):
            position = 32 + number * FRAME + offset
            changed = wal[:position] + bytes([wal[position] ^ 0x41]) + wal[position + 1 :]
            rows, database = view(main, changed, tmp_path)
            assert rows == sqlites_own(main, changed, tmp_path), (number, offset)
            assert any("were left out" in text for _kind, text in texts(database))


def test_garbage_after_the_last_frame_is_counted_and_ignored(phone, tmp_path):
    main, wal = phone
    garbage = random.Random(1).randbytes(2 * FRAME + 7)
    rows, database = view(main, wal + garbage, tmp_path)
    assert rows == sqlites_own(main, wal, tmp_path)
    assert texts(database) == [
        ("wal", "2 frames of the write-ahead log of an older generation were left out"),
        ("wal", "the write-ahead log ends within a frame, 7 bytes of which are there"),
    ]


def test_frames_of_an_older_generation_are_not_the_view(tmp_path):
    path = tmp_path / "live.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO message VALUES(?, ?)", [(i, "old " * 60) for i in range(1, 30)])
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("DELETE FROM message WHERE _id > 2")
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    connection.close()
    rows, database = view(main, wal, tmp_path)
    assert rows == sqlites_own(main, wal, tmp_path) == [(1, "old " * 60), (2, "old " * 60)]
    left_out = (len(wal) - 32) // FRAME - database.wal_frames_applied
    assert left_out > 0
    assert texts(database) == [
        ("wal", f"{left_out} frames of the write-ahead log of an older generation were left out")
    ]


def test_an_uncommitted_tail_is_not_the_view(tmp_path):
    path = tmp_path / "live.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA cache_size=4")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'kept')")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO message VALUES(?, ?)", [(i, "never " * 60) for i in range(2, 60)])
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    connection.close()
    rows, database = view(main, wal, tmp_path)
    assert rows == [(1, "kept")]
    ((kind, text),) = texts(database)
    assert kind == "wal"
    assert text.endswith("frames of the write-ahead log after the last commit (not committed) were left out")


def test_a_log_with_other_pages_is_not_used(phone, tmp_path):
    _main, wal = phone
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size=4096")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'own')")
    connection.commit()
    connection.close()
    rows, database = view(path.read_bytes(), wal, tmp_path)
    assert rows == [(1, "own")]
    assert database.wal_frames_applied == 0
    assert texts(database) == [
        (
            "wal",
            "the write-ahead log was not used: its pages are of 1024 bytes, those of the database of 4096",
        )
    ]


def test_the_log_of_another_database_is_not_used(phone, tmp_path):
    main, _wal = phone
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE k(a TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO k VALUES(?)", [(f"{i:050}",) for i in range(90)])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("UPDATE k SET a = a || 'x' WHERE a < '2'")
    foreign = Path(f"{path}-wal").read_bytes()
    connection.close()
    rows, database = view(main, foreign, tmp_path)
    assert rows == [(i, f"main {i}") for i in (1, 2, 3)]
    assert ("wal", "the write-ahead log was not used: it does not fit this database") in texts(database)


def test_no_log_and_an_encrypted_log_are_not_used(phone, tmp_path):
    main, wal = phone
    for data in (b"", bytes(5000), random.Random(2).randbytes(9000), wal[:20] + b"\x00" + wal[21:]):
        rows, database = view(main, data, tmp_path)
        assert rows == [(i, f"main {i}") for i in (1, 2, 3)]
        assert [kind for kind, _text in texts(database)] == (["wal"] if data else [])


def with_frames(wal: bytes, frames: list[tuple[int, int, bytes]]) -> bytes:
    """The log's header with these frames, each with the right salts and checksum."""
    header = read_wal_header(wal)
    made, sums = [wal[:32]], header.sums
    for page, commit, image in frames:
        head = struct.pack(">II", page, commit)
        sums = checksum(image, header.little_endian, checksum(head, header.little_endian, sums))
        made.append(head + wal[16:24] + struct.pack(">II", *sums) + image)
    return b"".join(made)


def test_a_log_that_reaches_far_beyond_the_file_makes_no_giant_file(phone, tmp_path):
    main, wal = phone
    rows, database = view(main, with_frames(wal, [(4_000_000_000, 4_000_000_000, bytes(PAGE))]), tmp_path)
    assert rows == [(i, f"main {i}") for i in (1, 2, 3)]
    assert [text for _kind, text in texts(database)] == [
        "the write-ahead log was not used: its pages lie far beyond the end of the file"
    ]


def test_pages_that_neither_file_nor_log_holds_are_missing(phone, tmp_path):
    main, wal = phone
    whole = view(main, wal, tmp_path)[0]
    rows, database = view(main[:PAGE], wal, tmp_path)
    assert rows == whole  # page 2 is in the log
    assert database.problems == []
    frames = [wal[32 + n * FRAME :][:FRAME] for n in range((len(wal) - 32) // FRAME)]
    pages = sorted({int.from_bytes(frame[:4], "big") for frame in frames})
    kept = [(int.from_bytes(f[:4], "big"), int.from_bytes(f[4:8], "big"), f[24:]) for f in frames]
    lost = pages[3]
    rows, database = view(main, with_frames(wal, [f for f in kept if f[0] != lost]), tmp_path)
    assert {problem.kind for problem in database.problems} == {"missing", "page"}
    assert [problem.pages for problem in database.problems] == [((lost, lost),), ((lost, lost),)]
    low, high = next(problem.rowids for problem in database.problems if problem.rowids)
    assert rows == [row for row in whole if not low <= row[0] <= high]
    assert 0 < len(rows) < len(whole)


def test_a_database_of_which_only_the_log_is_left_is_read_from_it(tmp_path):
    path = tmp_path / "fresh.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'only in the log')")
    log = Path(f"{path}-wal").read_bytes()
    connection.close()
    assert view(b"", log, tmp_path)[0] == [(1, "only in the log")]


def test_the_checksum_is_that_of_the_specification():
    # s0 += x[i] + s1; s1 += x[i+1] + s0 (fileformat2.html section 4.2), worked by hand.
    words = struct.pack(">4I", 1, 2, 3, 0xFFFFFFFF)
    assert checksum(words, little_endian=False) == (1 + 3 + 3, 3 + 0xFFFFFFFF + 7 & 0xFFFFFFFF)
    swapped = struct.pack("<4I", 1, 2, 3, 0xFFFFFFFF)
    assert checksum(swapped, little_endian=True) == (7, 9)
    assert checksum(words[8:], False, checksum(words[:8], False)) == (7, 9)


def test_a_short_or_foreign_header_is_an_error_of_its_own(phone):
    _main, wal = phone
    for length in range(32):
        with pytest.raises(WalError, match="cut off"):
            read_wal(io.BytesIO(wal[:length]))
    for position in range(32):
        changed = wal[:position] + bytes([wal[position] ^ 0x10]) + wal[position + 1 : 32]
        with pytest.raises(WalError):
            read_wal(io.BytesIO(changed))


def log_of(pages: list[bytes], magic: int, salts: tuple[int, int], spoilt: int | None) -> bytes:
    """A log of these pages by the format's own rule, one frame after the other; one of them spoilt."""
    little = magic == MAGIC_LITTLE
    head = struct.pack(">6I", magic, 3_007_000, len(pages[0]), 0, *salts)
    sums = checksum(head, little)
    data = head + struct.pack(">2I", *sums)
    for number, page in enumerate(pages, 1):
        start = struct.pack(">2I", number, number)
        sums = checksum(page, little, checksum(start, little, sums))
        written = page[:-1] + bytes([page[-1] ^ 1]) if number == spoilt else page
        data += start + struct.pack(">2I", *salts) + struct.pack(">2I", *sums) + written
    return data


@given(st.lists(st.binary(min_size=512, max_size=512), min_size=1, max_size=9), st.data())
@settings(max_examples=60)
def test_frames_summed_side_by_side_are_summed_as_one_after_the_other(pages, data):
    magic = data.draw(st.sampled_from([MAGIC_LITTLE, MAGIC_BIG]))
    salts = data.draw(st.tuples(*[st.integers(0, 0xFFFFFFFF)] * 2))
    spoilt = data.draw(st.none() | st.integers(1, len(pages)))
    view = read_wal(io.BytesIO(log_of(pages, magic, salts, spoilt)))
    whole = len(pages) if spoilt is None else spoilt - 1
    assert (view.applied, view.bad_checksum) == (whole, len(pages) - whole)
    start, own = data.draw(st.tuples(*[st.integers(0, 0xFFFFFFFF)] * 2)), frame_sums(pages, True)
    assert [chained(start, each, 512) for each in own] == [checksum(page, True, start) for page in pages]


def test_the_largest_words_do_not_flow_over():
    frames = [b"\xff" * 65_536, bytes(65_536), b"\xff" * 65_536]
    assert frame_sums(frames, False) == [checksum(each, False) for each in frames]
    assert frame_sums([], True) == []
