"""Mutations of small databases with every kind of page: always an answer, soon, and of bounded size."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from forensics.errors import EvidenceUnreadable
from forensics.formats.sqlite_recovery import recover

# A mutation takes about eight milliseconds of one core: a part of the full run, about a minute and a half.
ORDINARY, FULL, PARTS = 1_000, 200_000, 20
LONGEST = 10.0  # seconds for 20 kB, on a machine where much else runs
MOST_ROWS = 20_000
_WORDS = (0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x1FF, 0x200, 0x7FFF, 0x8000, 0xFFFF, 0xFFFFFFFF)


@dataclass
class Sample:
    """The files of a database, and the size of its pages."""

    main: bytes
    wal: bytes | None
    journal: bytes | None
    page: int


def make(path: Path, page: int, vacuum: int, mode: str) -> Sample:
    """A database with a table, an index, a table WITHOUT ROWID, overflow and free pages."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (f"page_size={page}", f"auto_vacuum={vacuum}", "secure_delete=OFF", f"journal_mode={mode}"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, text TEXT, at INTEGER)")
    connection.execute("CREATE INDEX i ON m(at)")
    connection.execute("CREATE TABLE w(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
    connection.execute("CREATE TABLE f(body)")
    connection.execute("BEGIN")
    for i in range(1, 13):
        text = f"message {i} " + "long " * (250 if i == 9 else i % 5)
        connection.execute("INSERT INTO m VALUES(?, ?, ?)", (i, text, 1600000000 + i))
        connection.execute("INSERT INTO w VALUES(?, ?)", (f"key {i}", f"value {i}"))
        if i % 4 == 0:
            connection.execute("INSERT INTO f VALUES(?)", (text[:60],))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("DELETE FROM m WHERE id % 3 = 0")
    connection.execute("DELETE FROM w WHERE k LIKE 'key 1%'")
    connection.execute("DELETE FROM f WHERE rowid = 2")
    connection.execute("UPDATE m SET text = 'newer' WHERE id = 7")
    files = [Path(f"{path}{end}") for end in ("", "-wal", "-journal")]
    data = [each.read_bytes() if each.exists() else None for each in files]
    connection.close()
    assert data[0] is not None
    return Sample(data[0], data[1], data[2], page)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    folder = tmp_path_factory.mktemp("fuzz")
    kinds = [
        (512, 0, "DELETE"),
        (512, 1, "DELETE"),
        (1024, 2, "PERSIST"),
        (512, 0, "WAL"),
        (4096, 1, "DELETE"),
    ]
    return [make(folder / f"{at}.db", *kind) for at, kind in enumerate(kinds)]


def mutated(data: bytes, page: int, chance: random.Random) -> bytes:
    """One to six changes: of bytes, of the numbers by which pages are read, of whole pages, of the length."""
    hurt = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        pages = max(1, len(hurt) // page)
        start = chance.randrange(pages) * page
        kind = chance.randrange(8)
        if not hurt:
            break
        if kind == 0:
            hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        elif kind == 1:
            hurt[chance.randrange(len(hurt))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        elif kind == 2:  # a number of a page's or of the file's header, or a cell pointer
            at = chance.choice((start, start, 0)) + chance.randrange(0, 108, chance.choice((1, 2, 4)))
            wide = chance.choice((2, 4))
            number = chance.choice((*_WORDS, pages, start // page + 1, chance.randrange(page)))
            hurt[at : at + wide] = (number & (1 << 8 * wide) - 1).to_bytes(wide, "big")
        elif kind == 3:  # a page over another one
            source = chance.randrange(pages) * page
            hurt[start : start + page] = hurt[source : source + page].ljust(page, b"\x00")
        elif kind == 4:
            length = chance.randrange(1, page)
            at = chance.randrange(len(hurt))
            hurt[at : at + length] = bytes([chance.choice((0, 0xFF, 0x0D, 0x81))]) * length
        elif kind == 5:  # a freeblock that points at itself, or back
            at = chance.randrange(8, page - 4)
            hurt[start + 1 : start + 3] = struct.pack(">H", at)
            hurt[start + at : start + at + 4] = struct.pack(
                ">HH", chance.choice((at, at - 4, 8)), chance.randrange(page)
            )
        elif kind == 6:  # chains of the freelist and of overflow pages
            hurt[start : start + 8] = struct.pack(">II", chance.randrange(pages + 2), chance.choice(_WORDS))
        else:
            del hurt[chance.randrange(len(hurt)) :]
    return bytes(hurt)


def fuzz(samples: list[Sample], count: int, seed: int, work: Path) -> None:
    chance = random.Random(seed)
    for number in range(count):
        sample = samples[number % len(samples)]
        files = [sample.main, sample.wal, sample.journal]
        which = chance.choice([at for at, data in enumerate(files) if data is not None] + [0])
        files[which] = mutated(files[which] or b"", sample.page, chance)
        streams = [io.BytesIO(data) if data is not None else None for data in files]
        begun = time.process_time()
        try:
            rows = sum(1 for _row in recover(*streams, work=work, name="a.db"))
        except EvidenceUnreadable:
            rows = 0
        except Exception as error:
            raise AssertionError(f"mutation {number} of seed {seed}: {error!r}") from error
        assert time.process_time() - begun < LONGEST, f"mutation {number} of seed {seed}"
        assert rows < MOST_ROWS, f"mutation {number} of seed {seed}"


def test_mutations_give_an_answer(samples: list[Sample], tmp_path: Path):
    fuzz(samples, ORDINARY, 1, tmp_path / "work")


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 2 + PARTS))  # apart, so that several cores can share them
def test_many_mutations_give_an_answer(samples: list[Sample], tmp_path: Path, seed: int):
    fuzz(samples, FULL // PARTS, seed, tmp_path / "work")
