"""Damaged databases: what can be read is read exactly, the rest is named, and nothing hangs."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import DamagedEvidence, UnknownKind
from forensics.formats.sqlite import Database, ReadProblem
from forensics.formats.sqlite_tree import Node, Pages

PAGE = 512
LONG = {20: "lange tekst " * 150, 130: "nog een " * 400}
ROWS = {i: (LONG.get(i, f"bericht {i}"), i * i) for i in range(1, 201)}
CALLS = {i: (f"gesprek {i}",) for i in range(1, 41)}


def make(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.execute("PRAGMA auto_vacuum=NONE")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT UNIQUE, n INTEGER)")
    connection.execute("CREATE TABLE call(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("CREATE TABLE setting(k TEXT PRIMARY KEY, v) WITHOUT ROWID")
    connection.executemany("INSERT INTO message VALUES(?, ?, ?)", [(i, *row) for i, row in ROWS.items()])
    connection.executemany("INSERT INTO call VALUES(?, ?)", [(i, *row) for i, row in CALLS.items()])
    connection.executemany("INSERT INTO setting VALUES(?, ?)", [(f"k{i:03}", i) for i in range(60)])
    connection.commit()
    connection.close()
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return make(tmp_path_factory.mktemp("whole") / "a.db")


def read(data: bytes, work: Path) -> tuple[dict, dict, list, list[ReadProblem]] | None:
    """The rows of the three tables; None when the database cannot be opened, which is an answer too."""
    try:
        database = Database.open(io.BytesIO(data), work=work, name="a.db")
    except (DamagedEvidence, UnknownKind):
        return None
    with database:
        found: list[list] = []
        for table, columns in (("message", ["text", "n"]), ("call", ["text"]), ("setting", ["k", "v"])):
            found.append(list(database.rows(table, columns)) if database.has(table) else [])
        message, call, setting = found
        for rows in (message, call):
            rowids = [row[0] for row in rows]
            assert rowids == sorted(set(rowids))
        problems = database.problems
    return {r[0]: r[1:] for r in message}, {r[0]: r[1:] for r in call}, setting, problems


def is_told(table: str, rowid: int, problems: list[ReadProblem]) -> bool:
    for problem in problems:
        if problem.table == table and problem.rowids is not None:
            low, high = problem.rowids
            if (low is None or low <= rowid) and (high is None or rowid <= high):
                return True
    return any(problem.kind == "schema" for problem in problems)


def demand_accounted(expected: dict, found: dict, table: str, problems: list[ReadProblem]) -> None:
    """Each row is given as it was, or its loss is told."""
    assert found.keys() <= expected.keys()
    for rowid, row in expected.items():
        if found.get(rowid) != row:
            assert is_told(table, rowid, problems), (table, rowid)


def test_a_whole_database_gives_every_row_and_no_problem(whole, tmp_path):
    message, call, setting, problems = read(whole, tmp_path)
    assert (message, call) == (ROWS, CALLS)
    assert setting == [(None, f"k{i:03}", i) for i in range(60)]
    assert problems == []


@pytest.mark.parametrize("inside", [0, 1, 300])
def test_a_file_cut_at_any_page_gives_what_is_left_and_tells_the_rest(whole, inside, tmp_path):
    pages = len(whole) // PAGE
    for cut in range(pages):
        result = read(whole[: cut * PAGE + inside], tmp_path)
        if result is None:
            assert cut == 0
            continue
        if (cut, inside) == (0, 0):
            continue
        message, call, _setting, problems = result
        demand_accounted(ROWS, message, "message", problems)
        demand_accounted(CALLS, call, "call", problems)
        assert problems[0].kind == "missing"
        assert problems[0].pages == ((cut + 1, pages),)
        # What is given is given as it was: no text ends in zeros that the evidence does not hold.
        assert all(ROWS[rowid] == row for rowid, row in message.items())


@pytest.mark.parametrize("filling", ["zeros", "ones", "noise", "text"])
def test_a_page_that_is_overwritten_costs_its_own_rows_only(whole, filling, tmp_path):
    noise = random.Random(7)
    leaves = {number: (low, high) for number, low, high in table_leaves(whole, "message")}
    for page in range(len(whole) // PAGE):
        fill = {
            "zeros": bytes(PAGE),
            "ones": b"\xff" * PAGE,
            "noise": noise.randbytes(PAGE),
            "text": b"tekst " * 85 + b"..",
        }[filling]
        result = read(whole[: page * PAGE] + fill + whole[(page + 1) * PAGE :], tmp_path)
        if page == 0:
            assert result is None
            continue
        message, call, _setting, problems = result
        lost = [rowid for rowid, row in ROWS.items() if message.get(rowid) != row]
        if filling == "zeros":
            demand_accounted(ROWS, message, "message", problems)
            demand_accounted(CALLS, call, "call", problems)
        else:
            # On an overflow page any bytes are as good as others: only the long texts may differ.
            assert all(is_told("message", rowid, problems) or rowid in LONG for rowid in lost)
        if page + 1 in leaves:
            low, high = leaves[page + 1]
            assert lost == list(range(low, high + 1))


def test_several_holes_are_told_apart_with_their_rows_between(whole, tmp_path):
    leaves = table_leaves(whole, "message")
    data = bytearray(whole)
    for index in (2, 3, 6):
        data[leaves[index][0] * PAGE - PAGE] = 0
    message, _call, _setting, problems = read(bytes(data), tmp_path)
    holes = [problem for problem in problems if problem.kind == "page"]
    spans = [(leaves[2][1], leaves[3][2]), (leaves[6][1], leaves[6][2])]
    assert [problem.rowids for problem in holes] == spans
    assert [problem.pages for problem in holes] == [
        tuple(sorted((p, p) for p in (leaves[2][0], leaves[3][0])))
        if abs(leaves[2][0] - leaves[3][0]) > 1
        else ((min(leaves[2][0], leaves[3][0]), max(leaves[2][0], leaves[3][0])),),
        ((leaves[6][0], leaves[6][0]),),
    ]
    lost = {i for low, high in spans for i in range(low, high + 1)}
    assert message == {i: row for i, row in ROWS.items() if i not in lost}


def table_leaves(data: bytes, table: str) -> list[tuple[int, int, int]]:
    """(page, first row id, last row id) of the leaves of a table of two levels, without its last one."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    connection.close()
    base = (root - 1) * PAGE
    assert data[base] == 5
    (cells,) = struct.unpack_from(">H", data, base + 3)
    leaves, low = [], 1
    for pointer in struct.unpack_from(f">{cells}H", data, base + 12):
        (child,) = struct.unpack_from(">I", data, base + pointer)
        key = data[base + pointer + 4]
        if key > 127:
            key = (key & 127) << 7 | data[base + pointer + 5]
        leaves.append((child, low, key))
        low = key + 1
    return leaves


def test_a_row_id_out_of_order_costs_its_page_only(whole, tmp_path):
    page, low, high = table_leaves(whole, "message")[4]
    data = bytearray(whole)
    base = (page - 1) * PAGE
    (pointer,) = struct.unpack_from(">H", data, base + 8 + 4)
    assert data[base + pointer + 1] == low + 2
    data[base + pointer + 1] = low  # a row id twice
    message, _call, _setting, problems = read(bytes(data), tmp_path)
    assert message == {i: row for i, row in ROWS.items() if not low <= i <= high}
    assert [(p.kind, p.table, p.pages, p.rowids) for p in problems] == [
        ("page", "message", ((page, page),), (low, high))
    ]


def overflow_pages(data: bytes, path: Path, rowid: int) -> list[int]:
    path.write_bytes(data)
    page, low, high = next(leaf for leaf in table_leaves(data, "message") if leaf[1] <= rowid <= leaf[2])
    pages = Pages(path, page_size=PAGE, usable=PAGE, count=len(data) // PAGE)
    (cells,) = struct.unpack_from(">H", data, (page - 1) * PAGE + 3)
    leaf = Node(page=page, is_leaf=True, cells=cells, low=low, high=high)
    found = next(list(pages.overflow(cell)) for cell in pages.cells(leaf) if cell.rowid == rowid)
    pages.close()
    return found


def test_an_overflow_chain_that_leaves_the_file_costs_one_row(whole, tmp_path):
    chain = overflow_pages(whole, tmp_path / "a.db", 130)
    assert len(chain) == 6  # 3,200 bytes, 508 of which fit on a page; the first ones stand in the leaf
    data = bytearray(whole)
    data[(chain[2] - 1) * PAGE : (chain[2] - 1) * PAGE + 4] = b"\x7f\xff\xff\xff"
    message, _call, _setting, problems = read(bytes(data), tmp_path)
    assert message == {i: row for i, row in ROWS.items() if i != 130}
    assert [(p.kind, p.table, p.rowids) for p in problems] == [("row", "message", (130, 130))]


def test_the_last_page_of_a_long_text_that_is_zeroed_is_told(whole, tmp_path):
    last = overflow_pages(whole, tmp_path / "a.db", 130)[-1]
    data = whole[: (last - 1) * PAGE] + bytes(PAGE) + whole[last * PAGE :]
    message, _call, _setting, problems = read(data, tmp_path)
    assert message[130][0].rstrip("\x00") != ROWS[130][0]
    assert {i: row for i, row in message.items() if i != 130} == {i: r for i, r in ROWS.items() if i != 130}
    assert [(p.kind, p.pages, p.rowids) for p in problems] == [
        ("zeroed", ((last, last),), None),
        ("row", ((last, last),), (130, 130)),
    ]


def linked(whole: bytes, table: str, change) -> bytes:
    """The database with the child pointers of the table's root changed by ``change(root, children)``."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(whole)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    connection.close()
    data = bytearray(whole)
    base = (root - 1) * PAGE
    (cells,) = struct.unpack_from(">H", data, base + 3)
    slots = [base + slot for slot in struct.unpack_from(f">{cells}H", data, base + 12)]
    for slot, child in zip(slots, change(root, [data[slot : slot + 4] for slot in slots]), strict=True):
        data[slot : slot + 4] = child
    return bytes(data)


def test_loops_in_a_tree_end(whole, tmp_path):
    own = linked(whole, "message", lambda root, children: [root.to_bytes(4, "big")] * len(children))
    message, call, _setting, problems = read(own, tmp_path)
    assert call == CALLS
    assert message == {i: ROWS[i] for i in range(min(message), 201)}
    assert is_told("message", 1, problems)
    same = linked(whole, "message", lambda _root, children: [children[1]] * len(children))
    message, _call, _setting, problems = read(same, tmp_path)
    demand_accounted(ROWS, message, "message", problems)


def test_a_tree_that_would_take_ages_to_scan_ends_at_once(tmp_path):
    """Twenty levels whose pages link the next level a hundred times: 10^40 rows for a simple scan."""
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size=1024")
    connection.execute("CREATE TABLE message(_id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO message VALUES(1, 'one')")
    connection.commit()
    connection.close()
    data = bytearray(path.read_bytes())
    leaf = bytes(data[1024:2048])

    def interior(child: int) -> bytes:
        slots = [1024 - 5 * (i + 1) for i in range(100)]
        page = bytearray(1024)
        page[:12] = struct.pack(">BHHHBI", 5, 0, 100, slots[-1], 0, child)
        page[12:212] = struct.pack(">100H", *slots)
        for number, slot in enumerate(slots):
            page[slot : slot + 5] = struct.pack(">IB", child, number + 1)
        return bytes(page)

    data[1024:] = b"".join([*(interior(number + 1) for number in range(2, 19)), leaf])
    with Database.open(io.BytesIO(bytes(data)), work=tmp_path / "w") as database:
        assert database.count("message") is None
        assert list(database.rows("message", ["text"])) == [(1, "one")]
        assert list(database.rows("message", ["text"], order_by="text")) == [(1, "one")]
        assert "linked more than once" in database.problems[-1].text


def test_a_schema_of_several_pages_with_a_hole_gives_the_other_tables(tmp_path):
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA page_size={PAGE}")
    for number in range(40):
        connection.execute(f"CREATE TABLE table_{number:02}(a, b, c, d)")
        connection.execute(f"INSERT INTO table_{number:02}(a) VALUES({number})")
    connection.commit()
    connection.close()
    data = path.read_bytes()
    page = data.index(b"CREATE TABLE table_20") // PAGE
    for hole in (bytes(PAGE), b"\xff" * PAGE):
        with Database.open(
            io.BytesIO(data[: page * PAGE] + hole + data[(page + 1) * PAGE :]), work=tmp_path / "w"
        ) as database:
            names = list(database.tables())
            assert 30 < len(names) < 40
            assert "table_20" not in names
            for name in names:
                assert list(database.rows(name, ["a"])) == [(1, int(name[-2:]))]
            assert ("schema", ((page + 1, page + 1),)) in [(p.kind, p.pages) for p in database.problems]


def test_rows_in_another_order_and_by_id_skip_what_is_damaged(whole, tmp_path):
    page, low, high = table_leaves(whole, "message")[3]
    data = bytearray(whole)
    data[(page - 1) * PAGE] = 0
    with Database.open(io.BytesIO(bytes(data)), work=tmp_path) as database:
        left = [i for i in ROWS if not low <= i <= high]
        assert [row[0] for row in database.rows("message", [], order_by="n")] == left
        assert list(database.rows("message", ["n"], where_rowid=(high, high + 1))) == [
            (high + 1, (high + 1) ** 2)
        ]
        assert database.row("message", low) is None
        assert database.row("message", 1) == {"_id": 1, "text": "bericht 1", "n": 1}
        assert (database.count("message"), database.count("call")) == (None, 40)


def test_a_table_without_rowid_is_read_up_to_its_damage(whole, tmp_path):
    page = whole.index(b"k050") // PAGE
    damaged = whole[: page * PAGE] + bytes(PAGE) + whole[(page + 1) * PAGE :]
    _message, _call, setting, problems = read(damaged, tmp_path)
    assert setting == [(None, f"k{i:03}", i) for i in range(len(setting))]
    assert 20 < len(setting) < 60
    assert [(p.kind, p.table, p.pages) for p in problems if p.kind == "page"] == [
        ("page", "setting", ((page + 1, page + 1),))
    ]


def test_what_cannot_be_read_stays_so_in_every_order_and_at_every_reading(whole, tmp_path):
    page, low, high = table_leaves(whole, "message")[3]
    data = bytearray(whole)
    data[(page - 1) * PAGE + 10] |= 0x80  # a cell pointer that leads out of the page
    left = [i for i in ROWS if not low <= i <= high]
    with Database.open(io.BytesIO(bytes(data)), work=tmp_path) as database:
        for order in (None, "n", None, "text"):
            assert sorted(row[0] for row in database.rows("message", [], order_by=order)) == left
        assert [p.rowids for p in database.problems] == [(low, high)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=12))
def test_flipped_bytes_never_raise_anything_else_and_never_hang(whole, tmp_path, changes):
    data = bytearray(whole)
    for position, mask in changes:
        data[position % len(data)] ^= mask
    first = read(bytes(data), tmp_path)
    assert first == read(bytes(data), tmp_path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 511), value=st.integers(0, 255))
def test_any_byte_of_the_first_page_may_be_wrong(whole, tmp_path, position, value):
    read(whole[:position] + bytes([value]) + whole[position + 1 :], tmp_path)
