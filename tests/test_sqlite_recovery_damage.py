"""A recovery says what it could not read: each kind of damage, with its pages; nothing of a sound file."""

from __future__ import annotations

import io
import pickle
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_recovery import recover
from forensics.formats.sqlite_recovery_damage import CELLS, KINDS, CutRow, Damage
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.sentences import translated

PAGE = 512
LOCK_BYTE = 1 << 30
FIRST_LONG = 37  # the row of m that goes on in overflow pages


class File:
    """The bytes of a database and what they hold by number."""

    def __init__(self, data: bytes, roots: dict[str, int]) -> None:
        self.data, self.roots = bytearray(data), roots

    @property
    def pages(self) -> int:
        return len(self.data) // PAGE

    def put(self, page: int, offset: int, form: str, *values: int) -> None:
        struct.pack_into(form, self.data, (page - 1) * PAGE + offset, *values)

    def get(self, page: int, offset: int, form: str) -> int:
        number: int = struct.unpack_from(form, self.data, (page - 1) * PAGE + offset)[0]
        return number

    def child(self, root: str, number: int) -> int:
        """A page below the root, by its place."""
        return self.get(self.roots[root], self.get(self.roots[root], 12 + 2 * number, ">H"), ">I")

    def chain(self) -> list[int]:
        """The overflow pages of the long row: those that begin with its letters, by their order."""
        holding = [
            page
            for page in range(2, self.pages + 1)
            if self.data[(page - 1) * PAGE + 4 :][:9] == b"xyxyxyxyx"
        ]
        following = {page: self.get(page, 0, ">I") for page in holding}
        first = next(page for page in holding if page not in following.values())
        found = [first]
        while following.get(found[-1]):
            found.append(following[found[-1]])
        return found


def make(path: Path, *pragmas: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (f"page_size={PAGE}", "secure_delete=OFF", "auto_vacuum=0", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE m(id INTEGER PRIMARY KEY, text TEXT, at INTEGER)")
        connection.execute("CREATE INDEX i ON m(text)")
        connection.execute("CREATE TABLE w(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
        connection.execute("CREATE TABLE gone(a TEXT)")
        connection.execute("CREATE VIEW v AS SELECT * FROM m")
        connection.execute("BEGIN")
        for number in range(1, 121):
            text = f"message {number} of some words"
            connection.execute("INSERT INTO m VALUES(?, ?, ?)", (number, text, number))
            connection.execute("INSERT INTO w VALUES(?, ?)", (f"key {number}", text))
            connection.execute("INSERT INTO gone VALUES(?)", (text * 3,))
        connection.execute("UPDATE m SET text = ? WHERE id = ?", ("xy" * 1000 + "z", FIRST_LONG))
        connection.execute("INSERT INTO m VALUES(500, ?, zeroblob(3000))", ("a blob of zeros",))
        connection.execute("COMMIT")
        connection.execute("DELETE FROM gone WHERE rowid > 20")
        connection.execute("DELETE FROM m WHERE id IN (5, 6, 90)")


@pytest.fixture
def file(tmp_path: Path) -> File:
    path = tmp_path / "a.db"
    make(path)
    with closing(sqlite3.connect(path)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0"))
    return File(path.read_bytes(), roots)


def told(tmp_path: Path, main: bytes, wal: bytes | None = None) -> tuple[list[str], int]:
    """What could not be read, and how many rows were recovered."""
    limits = Limits()
    log = io.BytesIO(wal) if wal is not None else None
    rows = list(recover(io.BytesIO(main), log, work=tmp_path / "work", name="a.db", limits=limits))
    return [problem.text for problem in limits.damage.problems()], len(rows)


def outside(file: File) -> str:
    file.put(file.roots["m"], 8, ">I", 70_000)
    return "pages beyond the end of the file to which tables or indexes lead: 1 (70000)"


def circle(file: File) -> str:
    file.put(file.roots["m"], 8, ">I", file.roots["m"])
    return f"pages to which tables or indexes lead more than once: 1 ({file.roots['m']})"


def other_kind(file: File) -> str:
    page = file.child("i", 1)
    file.put(page, 0, ">B", 0x77)
    return f"pages that are not what their place in a table or an index demands: 1 ({page})"


def zeros(file: File) -> str:
    page = file.child("m", 2)
    file.data[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    return f"pages that hold zeros only, yet are not free: 1 ({page})"


def no_cells(file: File) -> str:
    page = file.child("m", 1)
    file.put(page, 3, ">H", 0)
    return f"pages without the cells that they must have: 1 ({page})"


CELLS_TOLD = "cells that lie outside the part of their page that is for cells, or pass its end: {} (pages {})"


def cells_outside(file: File) -> str:
    page = file.child("m", 1)
    file.put(page, 8, ">HHH", PAGE + 9, 3, PAGE - 2)
    return CELLS_TOLD.format(3, page)


def cell_in_the_gap(file: File) -> str:
    page = file.child("w", 1)
    file.put(page, 12, ">H", file.get(page, 5, ">H") - 5)
    return CELLS_TOLD.format(1, page)


def cell_past_the_end(file: File) -> str:
    page = file.child("m", 1)
    file.put(page, file.get(page, 8, ">H"), ">B", 0x7F)  # the first cell stands last on its page
    return CELLS_TOLD.format(1, page)


def inner_cell_outside(file: File) -> str:
    root = file.roots["w"]
    file.put(root, 12, ">H", PAGE - 1)
    return CELLS_TOLD.format(1, root)


CUT = "rows whose overflow pages cannot be followed to their end: 1"


def chain_ends(file: File) -> str:
    file.put(file.chain()[1], 0, ">I", 0)
    return CUT


def chain_in_a_circle(file: File) -> str:
    file.put(file.chain()[2], 0, ">I", file.chain()[1])
    return CUT


def chain_to_outside(file: File) -> str:
    file.put(file.chain()[0], 0, ">I", 70_000)
    return CUT


def chain_to_a_table(file: File) -> str:
    file.put(file.chain()[0], 0, ">I", file.roots["w"])
    return CUT


FREE = "pages by which the list of free pages cannot be followed: 1 ({})"


def free_pages_cut(file: File) -> str:
    file.put(1, 32, ">I", 0)
    return FREE.format(1)


def free_pages_in_a_circle(file: File) -> str:
    trunk = file.get(1, 32, ">I")
    file.put(trunk, 0, ">I", trunk)
    return FREE.format(trunk)


def free_pages_counted_wrongly(file: File) -> str:
    trunk = file.get(1, 32, ">I")
    file.put(trunk, 4, ">I", 1 << 20)
    return FREE.format(trunk)


def free_page_outside(file: File) -> str:
    trunk = file.get(1, 32, ">I")
    file.put(trunk, 8, ">I", 70_000)
    return FREE.format(trunk)


def schema_entry(file: File) -> str:
    at = file.data.index(b"CREATE TABLE w(")
    file.data[at : at + 15] = b"\xff" * 15
    return "entries of the schema that cannot be read: 1 (pages "


DAMAGES = (
    outside, circle, other_kind, zeros, no_cells, cells_outside, cell_in_the_gap, cell_past_the_end,
    inner_cell_outside, chain_ends, chain_in_a_circle, chain_to_outside, chain_to_a_table, free_pages_cut,
    free_pages_in_a_circle, free_pages_counted_wrongly, free_page_outside, schema_entry,
)  # fmt: skip


@pytest.mark.parametrize("hurt", DAMAGES, ids=lambda each: each.__name__)
def test_each_kind_of_damage_is_counted_and_named(
    hurt: Callable[[File], str], file: File, tmp_path: Path
) -> None:
    sentence = hurt(file)
    texts, rows = told(tmp_path, bytes(file.data))
    assert any(text.startswith(sentence) for text in texts), texts
    assert rows


def test_nothing_is_said_of_the_same_file_before(file: File, tmp_path: Path) -> None:
    texts, rows = told(tmp_path, bytes(file.data))
    assert not texts
    assert rows > 50


def test_pages_that_are_missing_are_told_once_and_not_again_by_what_leads_to_them(
    file: File, tmp_path: Path
) -> None:
    whole = file.pages
    last = min(file.chain()) - 1
    texts, _rows = told(tmp_path, bytes(file.data[: last * PAGE]))
    assert texts == [f"the file is truncated: pages {last + 1}..{whole} are missing"]


def test_a_last_page_of_which_a_part_is_there_is_missing(file: File, tmp_path: Path) -> None:
    texts, _rows = told(tmp_path, bytes(file.data[: -PAGE // 2]))
    assert texts == [f"the file is truncated: pages {file.pages} are missing"]
    file.put(1, 92, ">I", 0)  # now the header's count of pages does not hold
    texts, _rows = told(tmp_path, bytes(file.data[: -PAGE // 2]))
    assert texts == [f"the file ends within a page, {PAGE // 2} bytes of which are there"]


def test_the_rest_of_a_page_behind_the_last_one_is_none(file: File, tmp_path: Path) -> None:
    assert told(tmp_path, bytes(file.data) + b"more")[0] == []


def test_pages_of_no_tree_are_told_apart_from_damage(file: File, tmp_path: Path) -> None:
    file.put(file.roots["gone"], 3, ">H", file.get(file.roots["gone"], 3, ">H") - 1)
    limits = Limits()
    rows = list(recover(io.BytesIO(file.data), work=tmp_path / "work", name="a.db", limits=limits))
    assert any("as SQLite leaves none" in sentence for sentence in limits.told())
    outside(file)
    limits = Limits()
    fewer = list(recover(io.BytesIO(file.data), work=tmp_path / "work", name="a.db", limits=limits))
    assert any("were not searched" in sentence for sentence in limits.told())
    assert len(fewer) < len(rows)


def test_rows_that_may_be_live_ones_on_a_page_that_cannot_be_read_are_counted(
    file: File, tmp_path: Path
) -> None:
    _texts, sound = told(tmp_path, bytes(file.data))
    zeros(file)
    limits = Limits()
    rows = list(recover(io.BytesIO(file.data), work=tmp_path / "work", name="a.db", limits=limits))
    assert any(sentence.startswith("records left out because") for sentence in limits.told())
    assert len(rows) < sound


def test_a_log_of_another_database_is_told(file: File, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size=4096")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE other(a)")
        wal = Path(f"{path}-wal").read_bytes()
    (text,), rows = told(tmp_path, bytes(file.data), wal)
    assert text.startswith("the write-ahead log was not used: ")
    assert rows > 50


@pytest.mark.parametrize("vacuum", [0, 1, 2])
@pytest.mark.parametrize("mode", ["DELETE", "PERSIST", "WAL"])
@pytest.mark.parametrize("secure", ["OFF", "FAST", "ON"])
def test_a_sound_database_is_not_accused(vacuum: int, mode: str, secure: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    pragmas = (f"auto_vacuum={vacuum}", f"journal_mode={mode}", f"secure_delete={secure}")
    make(path, *pragmas)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE m SET text = text || 'more' WHERE id > 60")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM w WHERE k > 'key 5'")
        files = [Path(f"{path}{end}") for end in ("", "-wal", "-journal")]
        streams = [io.BytesIO(each.read_bytes()) if each.exists() else None for each in files]
        limits = Limits()
        assert streams[0] is not None
        for _row in recover(streams[0], *streams[1:], work=tmp_path / "work", name="a.db", limits=limits):
            pass
    assert list(limits.damage.problems()) == []
    assert list(limits.told()) == []


def test_the_page_of_the_lock_byte_is_no_damage(tmp_path: Path) -> None:
    """A sparse file of more than 1 GiB: its pages are free, but the one that is never used, and a few rows
    were put on pages behind that one."""
    path, size, count = tmp_path / "large.db", 65536, 16_400
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size={size}")
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE t(a TEXT)")
    special = LOCK_BYTE // size + 1
    free = [page for page in range(3, count + 1) if page != special]
    trunks = (free[-1], free[-2])
    leaves = free[:-2]
    with path.open("r+b") as stream:
        stream.truncate(count * size)
        for at, (trunk, following) in enumerate(zip(trunks, (trunks[1], 0), strict=True)):
            part = leaves[at * 8192 : (at + 1) * 8192] if not at else leaves[8192:]
            stream.seek((trunk - 1) * size)
            stream.write(struct.pack(f">II{len(part)}I", following, len(part), *part))
        stream.seek(28)
        stream.write(struct.pack(">III", count, trunks[0], len(free)))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.executemany("INSERT INTO t VALUES(?)", [(f"row {n} " * 900,) for n in range(200)])
        connection.execute("DELETE FROM t WHERE rowid = 100")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    limits = Limits()
    with path.open("rb") as main:
        rows = list(recover(main, work=tmp_path / "work", name="large.db", limits=limits))
    assert list(limits.damage.problems()) == []
    assert [row.values for row in rows] == [("row 99 " * 900,)]
    path.unlink()


def test_what_others_told_is_not_told_again() -> None:
    damage = Damage(missing=((9, 12),), missing_text="the file is truncated", unused=("not used: x",))
    damage.note(CELLS, 4, 2)
    damage.note(CELLS, 6, 3)
    damage.note(CELLS, 10, 5)  # of a page that is missing
    damage.note_row(CutRow("Message", 7, 5))
    damage.note_row(CutRow(None, None, 8))
    assert [problem.kind for problem in damage.problems()] == ["missing", "wal", "page", "row"]
    others = [
        ReadProblem(kind="missing", text="pages are missing", pages=((9, 12),)),
        ReadProblem(kind="wal", text="not used: x"),
        ReadProblem(kind="page", text="page 4", pages=((3, 4),)),
        ReadProblem(kind="row", text="row 7", table="message", rowids=(7, 7)),
    ]
    left = list(damage.problems(others))
    assert [(problem.kind, problem.pages) for problem in left] == [("page", ((6, 6),)), ("row", ((8, 8),))]
    assert left[0].text == CELLS_TOLD.format(3, 6)
    assert list(damage.problems([*others, *left])) == []


def test_damage_goes_from_one_process_to_another() -> None:
    limits = Limits()
    limits.damage.note(CELLS, 4, 2)
    again = pickle.loads(pickle.dumps(limits))
    assert list(again.damage.problems()) == list(limits.damage.problems())


def test_of_very_many_pages_the_first_are_named_and_all_counted() -> None:
    damage = Damage()
    for page in range(2, 30_002):
        damage.note(CELLS, page)
    (problem,) = damage.problems()
    assert problem.text == CELLS_TOLD.format(30_000, "2..10001 and further ones")


def test_every_sentence_has_its_dutch() -> None:
    damage = Damage(missing=((9, 12),), missing_text="the file is truncated: pages 9..12 are missing")
    for kind in KINDS:
        damage.note(kind, 4)
    damage.note_row(CutRow(None, None, 8))
    said = [problem.text for problem in damage.problems()]
    for searched in (True, False):
        limits = Limits(doubtful=3, strays=2, are_strays_searched=searched)
        said.extend(f"deleted rows: {sentence}" for sentence in limits.told())
    assert len(said) == 2 + len(KINDS) + 4
    assert [text for text in said if translated(text, "nl") == text] == []
