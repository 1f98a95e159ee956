"""Damaged and hostile files: always an answer, and never a live row called deleted."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
import time
from pathlib import Path

import pytest

from forensics.errors import EvidenceUnreadable
from forensics.formats.sqlite_recovery import recover

PAGE = 1024


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    """A database with every kind of page, its log, and its live rows."""
    path = tmp_path_factory.mktemp("faults") / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (f"page_size={PAGE}", "secure_delete=OFF", "auto_vacuum=0", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, text TEXT, at INTEGER)")
    connection.execute("CREATE INDEX i ON m(at)")
    connection.execute("CREATE TABLE w(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
    connection.execute("BEGIN")
    for i in range(1, 200):
        text = f"message {i} " + "long " * (400 if i % 40 == 0 else i % 9)
        connection.execute("INSERT INTO m VALUES(?, ?, ?)", (i, text, 1600000000 + i))
        connection.execute("INSERT INTO w VALUES(?, ?)", (f"key {i}", f"value {i}"))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("DELETE FROM m WHERE id BETWEEN 50 AND 90")
    connection.execute("DELETE FROM w WHERE k LIKE 'key 1_'")
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("UPDATE m SET text = 'newer' WHERE id = 7")
    main, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    live = {*connection.execute("SELECT * FROM m"), *connection.execute("SELECT * FROM w")}
    connection.close()
    return main, wal, live


def answer(main: bytes, wal: bytes | None, tmp_path) -> list | None:
    log = io.BytesIO(wal) if wal is not None else None
    try:
        return list(recover(io.BytesIO(main), log, work=tmp_path / "work", name="a.db"))
    except EvidenceUnreadable:
        return None


def test_the_whole_file_gives_its_rows(phone, tmp_path):
    main, wal, live = phone
    rows = answer(main, wal, tmp_path)
    texts = {row.values[1] for row in rows if row.table == "m"}
    deleted = {f"message {i} " + "long " * (i % 9) for i in range(50, 91) if i % 40}
    there = {text for text in deleted if text.rstrip().encode() + b" " in main + wal}
    assert len(there & texts) >= 0.8 * len(there) > 0
    assert not live & {row.values for row in rows}


def test_truncated_at_any_page_there_is_an_answer(phone, tmp_path):
    main, wal, _live = phone
    for pages in range(1, len(main) // PAGE, 2):
        assert answer(main[: pages * PAGE], wal, tmp_path) is not None
        answer(main[: pages * PAGE + PAGE // 3], None, tmp_path)


@pytest.mark.parametrize("value", [0x00, 0x7F, 0x80, 0xFF])
def test_every_byte_of_a_page_s_head_may_lie(phone, value, tmp_path):
    main, wal, _live = phone
    pages = random.Random(value).sample(range(len(main) // PAGE), 12)
    for page in (0, 1, *pages[:3]):
        for at in range(100, 112) if page == 0 else range(0, 12, 1 + page % 2):
            hurt = bytearray(main)
            hurt[page * PAGE + at] = value
            answer(bytes(hurt), wal if at % 2 else None, tmp_path)


@pytest.mark.parametrize("value", [0x00, 0x01, 0x80, 0xFF])
def test_every_byte_of_the_header_and_of_the_log_s_head_may_lie(phone, value, tmp_path):
    main, wal, _live = phone
    for at in (*range(0, 100, 9), 16, 17, 20, 35, 39, 47, 55, 59):
        answer(main[:at] + bytes([value]) + main[at + 1 :], None, tmp_path)
    for at in range(0, 56, 5):
        answer(main, wal[:at] + bytes([value]) + wal[at + 1 :], tmp_path)


def test_random_damage_gives_an_answer(phone, tmp_path):
    main, wal, _live = phone
    chance = random.Random(7)
    for _ in range(20):
        hurt = bytearray(main)
        for _ in range(chance.randint(1, 60)):
            hurt[chance.randrange(100, len(hurt))] = chance.randrange(256)
        answer(bytes(hurt), wal if chance.random() < 0.5 else None, tmp_path)


def test_a_freeblock_that_points_at_itself_ends(phone, tmp_path):
    main, _wal, _live = phone
    hurt = bytearray(main)
    for page in range(1, len(main) // PAGE):
        start = page * PAGE
        hurt[start + 1 : start + 3] = struct.pack(">H", 600)
        hurt[start + 600 : start + 604] = struct.pack(">HH", 600, 8)
    assert answer(bytes(hurt), None, tmp_path) is not None


def test_loops_of_the_freelist_and_of_overflow_pages_end(phone, tmp_path):
    main, _wal, _live = phone
    hurt = bytearray(main)
    hurt[32:36] = struct.pack(">I", 3)
    hurt[2 * PAGE : 2 * PAGE + 8] = struct.pack(">II", 3, 0xFFFFFFFF)
    for page in range(3, len(main) // PAGE):
        if hurt[page * PAGE] == 0:
            hurt[page * PAGE : page * PAGE + 4] = struct.pack(">I", page + 1)
    begun = time.monotonic()
    assert answer(bytes(hurt), None, tmp_path) is not None
    assert time.monotonic() - begun < 60


def test_a_payload_of_two_gigabytes_is_not_believed(tmp_path):
    path = tmp_path / "big.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE t(a TEXT)")
    connection.execute("INSERT INTO t VALUES('some text of a row')")
    connection.close()
    data = bytearray(path.read_bytes())
    at = data.index(b"some text of a row") - 4
    huge = bytes([0x87, 0xFF, 0xFF, 0xFF, 0x7F, 0x01, 0x06, 0x8F, 0xFF, 0xFF, 0xFF, 0x71])
    data[at - 8 : at + 4] = huge
    assert answer(bytes(data), None, tmp_path) is not None
