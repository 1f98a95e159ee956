"""Rows in logs and journals, from files written byte by byte from the file format (sections 3 and 4).

The state of each row is known from the file format alone: which frames count, and which never did.
"""

from __future__ import annotations

import io
import sqlite3
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlite_pages_made import PAGE, SQL, cell, first_page, leaf

from forensics.formats.sqlite_checksum import frame_sums
from forensics.formats.sqlite_recovery import FoundAt, RecoveredRow, recover
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_live import LiveRows

HEAD, FRAME = 32, PAGE + 24
SECTOR = 512


def rows_of(main: bytes, wal: bytes | None, journal: bytes | None, folder: Path) -> list[RecoveredRow]:
    streams = [io.BytesIO(data) if data is not None else None for data in (main, wal, journal)]
    return list(recover(streams[0], streams[1], streams[2], work=folder / "work", name="a.db"))


def told(row: RecoveredRow) -> tuple[object, ...]:
    return row.rowid, row.values[1], row.state, row.origin, row.file, row.page, row.offset


def text(rowid: int, words: str) -> bytes:
    return cell(rowid, None, words, 1_600_000_000 + rowid)


def table(**rows: str) -> bytes:
    """A leaf of the table: its rows by their id (r1, r2, ...)."""
    return leaf([text(int(name[1:]), words) for name, words in rows.items()])


def main_file(page: bytes) -> bytes:
    return first_page([("t", 2, SQL)], 2) + page


def in_page(page: bytes, words: str, rowid: int) -> int:
    """The offset of a row's cell in its page."""
    return page.index(text(rowid, words))


def sums(data: bytes, before: tuple[int, int]) -> tuple[int, int]:
    first, second = before
    for even, odd in struct.iter_unpack(">II", data):
        first = (first + even + second) % (1 << 32)
        second = (second + odd + first) % (1 << 32)
    return first, second


class Log:
    """A write-ahead log with right checksums, of one generation after the other."""

    def __init__(self, salts: tuple[int, int]) -> None:
        self.head = self._head(salts)
        self.frames: list[bytes] = []

    def _head(self, salts: tuple[int, int]) -> bytes:
        self.salts = salts
        start = struct.pack(">6I", 0x377F0683, 3_007_000, PAGE, 0, *salts)
        self.sums = sums(start, (0, 0))
        return start + struct.pack(">II", *self.sums)

    def frame(self, page: int, data: bytes, commit: int = 0, at: int | None = None) -> None:
        """One frame more, or one written over the frame ``at``."""
        start = struct.pack(">II", page, commit)
        self.sums = sums(data, sums(start, self.sums))
        made = start + struct.pack(">4I", *self.salts, *self.sums) + data
        if at is None:
            self.frames.append(made)
        else:
            self.frames[at] = made

    def restart(self, salts: tuple[int, int]) -> None:
        """A new generation over the old one, as after a checkpoint."""
        self.head = self._head(salts)

    @property
    def data(self) -> bytes:
        return self.head + b"".join(self.frames)


def test_a_frame_that_a_later_commit_replaced_holds_deleted_and_older_rows(tmp_path: Path):
    before, after = table(r1="first", r2="a row that goes", r3="its old words"), table(r1="first", r3="newer")
    log = Log((5, 99))
    log.frame(2, before, commit=2)
    log.frame(2, after, commit=2)
    rows = rows_of(main_file(table(r1="first")), log.data, None, tmp_path)
    base = HEAD + 24
    assert sorted(map(told, rows)) == [
        (2, "a row that goes", "deleted", "wal", "wal", 2, base + in_page(before, "a row that goes", 2)),
        (3, "its old words", "older_version", "wal", "wal", 2, base + in_page(before, "its old words", 3)),
    ]


def test_frames_of_an_older_generation_are_read_by_their_salts(tmp_path: Path):
    """The log began anew with the salts (6, 11): of the first generation (5, 99) two frames are left."""
    gone, last = table(r1="first", r7="only in the old log"), table(r1="first", r8="also only there")
    log = Log((5, 99))
    log.frame(2, table(r1="first"), commit=2)
    log.frame(2, gone, commit=2)
    log.frame(2, last, commit=2)
    log.restart((6, 11))
    log.frame(2, table(r1="first", r9="live"), commit=2, at=0)
    rows = rows_of(main_file(table(r1="first")), log.data, None, tmp_path)
    second, third = HEAD + FRAME + 24, HEAD + 2 * FRAME + 24
    assert sorted(map(told, rows)) == [
        (
            7,
            "only in the old log",
            "deleted",
            "wal",
            "wal",
            2,
            second + in_page(gone, "only in the old log", 7),
        ),
        (8, "also only there", "deleted", "wal", "wal", 2, third + in_page(last, "also only there", 8)),
    ]


def test_frames_behind_the_last_commit_were_never_committed(tmp_path: Path):
    tail = table(r1="first", r5="spilled, then rolled back")
    log = Log((5, 99))
    log.frame(2, table(r1="first", r4="live"), commit=2)
    log.frame(2, tail)
    (row,) = rows_of(main_file(table(r1="first")), log.data, None, tmp_path)
    at = HEAD + FRAME + 24 + in_page(tail, "spilled, then rolled back", 5)
    assert told(row) == (5, "spilled, then rolled back", "uncommitted", "wal", "wal", 2, at)


def test_a_commit_whose_checksum_is_wrong_is_no_commit(tmp_path: Path):
    changed = table(r1="first", r5="in a frame that was changed")
    log = Log((5, 99))
    log.frame(2, table(r1="first", r4="live"), commit=2)
    log.frame(2, changed, commit=2)
    damaged = bytearray(log.data)
    damaged[HEAD + FRAME + 20] ^= 1  # in the checksum of the second frame
    (row,) = rows_of(main_file(table(r1="first")), bytes(damaged), None, tmp_path)
    assert told(row)[:4] == (5, "in a frame that was changed", "uncommitted", "wal")


def test_what_a_checkpoint_left_in_the_main_file_is_older_than_the_log(tmp_path: Path):
    """The committed log replaces page 2: its image in the main file is a version before."""
    old = table(r1="first", r2="deleted since the checkpoint")
    log = Log((5, 99))
    log.frame(2, table(r1="first"), commit=2)
    (row,) = rows_of(main_file(old), log.data, None, tmp_path)
    at = PAGE + in_page(old, "deleted since the checkpoint", 2)
    assert told(row) == (2, "deleted since the checkpoint", "deleted", "wal", "main", 2, at)


def test_one_row_in_many_frames_is_one_record_with_every_place(tmp_path: Path):
    pages = [table(**{"r1": "first", "r2": "the same words", f"r{n}": f"other {n}"}) for n in (5, 6, 7)]
    log = Log((5, 99))
    for page in pages:
        log.frame(2, page, commit=2)
    log.frame(2, table(r1="first"), commit=2)
    rows = rows_of(main_file(table(r1="first")), log.data, None, tmp_path)
    (row,) = (row for row in rows if row.rowid == 2)
    places = [HEAD + n * FRAME + 24 + in_page(page, "the same words", 2) for n, page in enumerate(pages)]
    assert row.offset == places[0]
    assert row.also == tuple(FoundAt(origin="wal", page=2, offset=at, file="wal") for at in places[1:])
    assert [row.rowid for row in rows].count(2) == 1


def journal(images: list[tuple[int, bytes]], pages: int, *, is_zeroed: bool = False) -> bytes:
    """A rollback journal (section 3): a header of one sector, then page number, image and checksum each."""
    nonce = 0x1234
    head = bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", len(images), nonce, pages, SECTOR, PAGE)
    data = bytes(SECTOR) if is_zeroed else head.ljust(SECTOR, b"\x00")
    for number, image in images:
        check = nonce + sum(image[at] for at in range(PAGE - 200, 0, -200))
        data += struct.pack(">I", number) + image + struct.pack(">I", check & 0xFFFFFFFF)
    return data


def test_a_hot_journal_is_rolled_back_and_the_main_file_was_never_committed(tmp_path: Path):
    committed, half = table(r1="first", r2="second"), table(r1="first", r6="half written")
    rows = rows_of(main_file(half), None, journal([(2, committed)], 2), tmp_path)
    at = PAGE + in_page(half, "half written", 6)
    assert [told(row) for row in rows] == [
        (6, "half written", "uncommitted", "journal", "main", 2, at),
    ]


def test_a_journal_whose_header_is_zero_holds_what_the_last_transaction_changed(tmp_path: Path):
    before, after = table(r1="first", r2="deleted last", r3="old words"), table(r1="first", r3="new words")
    rows = rows_of(main_file(after), None, journal([(2, before)], 2, is_zeroed=True), tmp_path)
    base = SECTOR + 4
    assert sorted(map(told, rows)) == [
        (2, "deleted last", "deleted", "journal", "journal", 2, base + in_page(before, "deleted last", 2)),
        (3, "old words", "older_version", "journal", "journal", 2, base + in_page(before, "old words", 3)),
    ]


def test_a_journal_of_older_transactions_is_read_behind_the_newest(tmp_path: Path):
    """A persistent journal that was longer before: the images behind those of the last transaction."""
    now = table(r1="first")
    last, older = table(r1="first", r2="deleted last"), table(r1="first", r3="deleted before that")
    data = journal([(2, last), (2, older)], 2, is_zeroed=True)
    rows = rows_of(main_file(now), None, data, tmp_path)
    assert sorted((row.rowid, row.state, row.origin) for row in rows) == [
        (2, "deleted", "journal"),
        (3, "deleted", "journal"),
    ]


def long_rows(path: Path, *, is_used_again: bool) -> tuple[bytes, bytes]:
    """Three rows of 200 kB, the telling columns behind the long one. Row 1 was changed 60 times in the log;
    ``is_used_again``: then deleted, and its id given to a row that has nothing of it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=4096", "journal_mode=WAL", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, n INTEGER, a TEXT, b TEXT)")
    for number in (1, 2, 3):
        values = (number, 1000 + number, "x" * 200_000 + f"t{number}", f"same {number}")
        connection.execute("INSERT INTO m VALUES(?, ?, ?, ?)", values)
    for at in range(60):
        connection.execute("UPDATE m SET n = ? WHERE id = 1", (2000 + at,))
    if is_used_again:
        connection.execute("DELETE FROM m WHERE id = 1")
        connection.execute("INSERT INTO m VALUES(1, 9, ?, 'another')", ("y" * 210_000,))
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    connection.close()
    return main, wal


@pytest.mark.parametrize(
    ("is_used_again", "states"), [(False, {"older_version": 60}), (True, {"deleted": 61})]
)
def test_the_many_versions_of_one_long_row_are_all_judged_alike(
    tmp_path: Path, is_used_again: bool, states: dict[str, int]
):
    main, wal = long_rows(tmp_path / "a.db", is_used_again=is_used_again)
    assert Counter(row.state for row in rows_of(main, wal, None, tmp_path)) == states


def test_a_long_row_that_cannot_be_read_so_often_makes_no_deleted_row(tmp_path: Path, monkeypatch):
    """Of its versions are told that they could not be compared."""
    main, wal = long_rows(tmp_path / "a.db", is_used_again=False)
    limits = Limits()
    made = LiveRows.__init__

    def spent(self: LiveRows, *arguments: Any) -> None:
        made(self, *arguments)
        self._budget = 0

    monkeypatch.setattr(LiveRows, "__init__", spent)
    streams = io.BytesIO(main), io.BytesIO(wal)
    rows = list(recover(*streams, work=tmp_path / "work", name="a.db", limits=limits))
    assert Counter(row.state for row in rows) == {"older_version": 60}
    (sentence,) = limits.told()
    assert sentence.startswith("60 rows could not be compared with the live row of their id")


def test_the_frames_behind_those_known_to_be_whole_are_summed_in_batches(tmp_path: Path, monkeypatch):
    """Every frame's checksum goes through the one sum of many frames; one wrong frame ends its chain."""
    log = Log((5, 99))
    for at in range(5):
        log.frame(2, table(r1=f"words {at}"), commit=2)
    log.restart((6, 11))
    log.frame(2, table(r1="now"), commit=2, at=0)
    log.frames[3] = log.frames[3][:-1] + b"\x01"
    sizes: list[int] = []

    def counted(frames: Any, *arguments: Any) -> Any:
        sizes.append(len(frames))
        return frame_sums(frames, *arguments)

    monkeypatch.setattr("forensics.formats.sqlite_wal.frame_sums", counted)
    rows = rows_of(main_file(table(r1="now")), log.data, None, tmp_path)
    states = {row.values[1]: row.state for row in rows}
    assert states["words 2"] == "older_version"
    assert sizes[-1] == 4  # the frames of the older generation
