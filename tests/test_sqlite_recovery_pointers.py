"""Which of two tables of one shape a page was of: in a database with auto_vacuum its pointer map says."""

from __future__ import annotations

import io
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery import RecoveredRow, recover

PAGE = 1024
FREED = (6, 7, 8)  # pages of ``talk`` that pointed_freed.sql leaves on the freelist as they were
FIXTURES = Path(__file__).parent.parent / "fixtures" / "sqlite_recovery"
Files = tuple[bytes, bytes | None, bytes | None]


def made(folder: Path, script: str, mode: str) -> Files:
    """The files as a script of the fixtures leaves them, before the connection is closed."""
    path = folder / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (f"page_size={PAGE}", "auto_vacuum=2", "secure_delete=OFF", f"journal_mode={mode}"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        for line in (FIXTURES / script).read_text(encoding="utf-8").splitlines():
            if not line.startswith("--"):
                connection.execute(line).fetchall()
        files = [Path(f"{path}{end}") for end in ("", "-wal", "-journal")]
        main, wal, journal = (each.read_bytes() if each.exists() else None for each in files)
    assert main is not None
    return main, wal, journal


def rows(files: Files, folder: Path) -> list[RecoveredRow]:
    streams = [io.BytesIO(data) if data is not None else None for data in files]
    assert streams[0] is not None
    return list(recover(streams[0], streams[1], streams[2], work=folder / "work", name="a.db"))


def tables(found: list[RecoveredRow], word: str, pages: tuple[int, ...] = ()) -> set[str | None]:
    """The tables of the whole rows whose text begins with a word, on these pages where any are named."""
    whole = [row for row in found if row.complete and (not pages or row.page in pages)]
    texts = [(row.table, row.values[1]) for row in whole]
    return {table for table, text in texts if str(text).startswith(word)}


def images(journal: bytes) -> dict[int, int]:
    """Where the image of each page begins in a journal of one transaction (section 3)."""
    found = {}
    for at in range(512, len(journal) - PAGE - 7, PAGE + 8):
        found.setdefault(int.from_bytes(journal[at : at + 4], "big"), at + 4)
    return found


def forged(files: Files, change: Callable[[bytearray, int], None]) -> Files:
    """The files with another pointer map in the journal: that of page 2."""
    main, wal, journal = files
    assert journal is not None
    hurt = bytearray(journal)
    change(hurt, images(journal)[2])
    return main, wal, bytes(hurt)


def test_a_freed_page_is_of_the_table_that_the_map_of_its_time_leads_to(tmp_path: Path):
    found = rows(made(tmp_path, "pointed_freed.sql", "PERSIST"), tmp_path)
    texts = {row.values[1] for row in found if row.complete}
    assert {f"gone {number:03d} of the talk" for number in range(1, 121)} <= texts
    assert tables(found, "gone") == {"talk"}
    assert {row.origin for row in found if row.complete and row.page in FREED} == {"freelist"}


def test_without_the_map_the_content_alone_decides_nothing(tmp_path: Path):
    main, _wal, _journal = made(tmp_path, "pointed_freed.sql", "PERSIST")
    assert tables(rows((main, None, None), tmp_path), "gone", FREED) == {None}


def test_a_page_used_again_by_another_table_is_of_the_first_one_in_its_older_images(tmp_path: Path):
    found = rows(made(tmp_path, "pointed_reused.sql", "WAL"), tmp_path)
    texts = {row.values[1] for row in found if row.complete}
    assert {f"gone {number:03d} of the talk" for number in range(1, 121)} <= texts
    assert tables(found, "gone") == {"talk"}


def lies_that_lead_elsewhere(map_: bytearray, at: int) -> None:
    """Every page of a b-tree is said to hang below the root of the other table."""
    for entry in range(at, at + PAGE - 4, 5):
        if map_[entry] == 5:
            struct.pack_into(">I", map_, entry + 1, 4)


def lies_that_name_roots(map_: bytearray, at: int) -> None:
    for entry in range(at, at + PAGE - 4, 5):
        struct.pack_into(">BI", map_, entry, 1, 0)


def lies_that_go_round(map_: bytearray, at: int) -> None:
    for entry in range(at, at + PAGE - 4, 5):
        struct.pack_into(">BI", map_, entry, 5, 3 + (entry - at) // 5)


def lies_that_name_no_page(map_: bytearray, at: int) -> None:
    for entry in range(at, at + PAGE - 4, 5):
        struct.pack_into(">BI", map_, entry, 5, 0xFFFFFFFF)


LIES = [lies_that_lead_elsewhere, lies_that_name_roots, lies_that_go_round, lies_that_name_no_page]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lying_map_decides_nothing_and_costs_no_row(lie: Callable[[bytearray, int], None], tmp_path: Path):
    files = made(tmp_path, "pointed_freed.sql", "PERSIST")
    true, found = rows(files, tmp_path), rows(forged(files, lie), tmp_path)
    assert tables(found, "gone", FREED) == {None}
    assert {row.values[1] for row in found} == {row.values[1] for row in true}


def test_no_live_row_of_another_table_is_given_for_one_of_the_table_that_the_map_names(tmp_path: Path):
    """Map and inner pages all say that the page was of ``talk``, and a row on it is one of ``note`` today."""
    main, wal, journal = made(tmp_path, "pointed_freed.sql", "PERSIST")
    live = main.replace(b"gone 050 of the talk", b"kept 050 of the note")
    assert journal is not None and live != main
    found = rows((live, wal, journal), tmp_path)
    assert tables(found, "kept 050") == set()
    assert tables(found, "gone") == {"talk"}


def test_a_journal_of_an_older_transaction_decides_nothing(tmp_path: Path):
    main, wal, journal = made(tmp_path, "pointed_freed.sql", "PERSIST")
    count = int.from_bytes(main[24:28], "big") + 1
    later = main[:24] + count.to_bytes(4, "big") + main[28:92] + count.to_bytes(4, "big") + main[96:]
    assert tables(rows((later, wal, journal), tmp_path), "gone", FREED) == {None}


@pytest.mark.parametrize(
    ("size", "page", "stands"),
    [(512, 3, 2), (512, 104, 2), (512, 106, 105), (1024, 206, 2), (1024, 208, 207)],
)
def test_each_map_tells_of_the_pages_behind_it(size: int, page: int, stands: int):
    assert Layout(size, size).pointer_map_of(page) == stands


def test_the_map_that_would_stand_on_the_lock_byte_s_page_stands_behind_it():
    layout, lock = Layout(1024, 1024), (1 << 30) // 1024 + 1
    assert [layout.pointer_map_of(page) for page in (lock - 1, lock + 5)] == [lock - 205, lock + 1]
    assert [page for page in range(lock - 1, lock + 3) if layout.is_pointer_map(page)] == [lock + 1]
