"""The private view of a whole database: what it gives, what it never touches, and what hostile files get."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from forensics.errors import DamagedEvidence, MachineFailed, UnknownKind
from forensics.formats.sqlite import BadText, Database

PEOPLE = [(1, "Anouk", 31600000001), (2, "Bram", None), (7, "Çağla 🌷", 31600000003)]


def build(path: Path, *statements: str) -> bytes:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


def edit_schema(path: Path, *statements: str) -> bytes:
    return build(path, "PRAGMA writable_schema=ON", *statements)


@pytest.fixture
def people(tmp_path):
    return build(
        tmp_path / "people.db",
        "PRAGMA user_version=42",
        "PRAGMA application_id=1234",
        "CREATE TABLE person(_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, phone INTEGER)",
        "INSERT INTO person VALUES(1, 'Anouk', 31600000001), (2, 'Bram', NULL), (7, 'Çağla 🌷', 31600000003)",
        "INSERT INTO person VALUES(9, 'Gone', 0)",
        "DELETE FROM person WHERE _id = 9",
    )


def open_bytes(data: bytes, tmp_path: Path) -> Database:
    return Database.open(io.BytesIO(data), work=tmp_path / "work", name="people.db")


def test_rows_come_with_their_row_id_and_in_its_order(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        assert list(database.rows("person", ["name", "phone"])) == PEOPLE
        assert list(database.rows("PERSON", ["phone", "NAME"])) == [(i, p, n) for i, n, p in PEOPLE]
        assert database.problems == []


def test_a_column_that_is_absent_gives_none(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        assert next(database.rows("person", ["nickname", "_id"])) == (1, None, 1)
        assert database.has("person", "name", "phone")
        assert not database.has("person", "name", "nickname")
        assert not database.has("message")


def test_a_range_of_row_ids_is_inclusive(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        assert [row[0] for row in database.rows("person", [], where_rowid=(2, 7))] == [2, 7]
        assert list(database.rows("person", [], where_rowid=(3, 6))) == []
        assert [row[0] for row in database.rows("person", [], where_rowid=(-(1 << 70), 1 << 70))] == [1, 2, 7]


def test_rows_can_be_ordered_by_a_column_and_then_by_row_id(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(v)",
        "INSERT INTO t VALUES('b'), (2), (NULL), (x'00'), ('a'), (1.5), ('b')",
    )
    with open_bytes(data, tmp_path) as database:
        assert [row[0] for row in database.rows("t", [], order_by="v")] == [3, 6, 2, 5, 1, 7, 4]
        assert list(database.rows("t", ["v"], order_by="V", where_rowid=(1, 3))) == [
            (3, None),
            (2, 2),
            (1, "b"),
        ]
        assert [row[0] for row in database.rows("t", [], order_by="absent")] == [1, 2, 3, 4, 5, 6, 7]


def test_the_header_is_told(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        assert (database.user_version, database.application_id) == (42, 1234)
        assert (database.page_size, database.page_count) == (4096, len(people) // 4096)
        assert database.encoding == "utf-8"
        assert (database.wal_frames_applied, database.journal_applied) == (0, False)


def test_count_sequence_and_row(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        assert database.count("person") == 3
        assert database.count("absent") is None
        assert database.sequence("person") == 9
        assert database.sequence("absent") is None
        assert database.row("person", 2) == {"_id": 2, "name": "Bram", "phone": None}
        assert database.row("person", 3) is None
        with pytest.raises(KeyError):
            database.rows("absent", [])


def test_a_table_is_described_as_declared(people, tmp_path):
    with open_bytes(people, tmp_path) as database:
        (table,) = database.tables().values()
    assert [(c.name, c.declared_type, c.primary_key) for c in table.columns] == [
        ("_id", "INTEGER", 1),
        ("name", "TEXT", 0),
        ("phone", "INTEGER", 0),
    ]
    assert (table.name, table.rowid_alias, table.without_rowid) == ("person", "_id", False)
    assert table.sql.startswith("CREATE TABLE person(_id")


def test_a_table_without_rowid_gives_none_and_its_keys_order(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(k TEXT PRIMARY KEY, v) WITHOUT ROWID",
        "INSERT INTO t VALUES('z', 1), ('a', 3), ('m', 2)",
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.rows("t", ["k", "v"])) == [(None, "a", 3), (None, "m", 2), (None, "z", 1)]
        assert list(database.rows("t", ["k"], order_by="v")) == [(None, "z"), (None, "m"), (None, "a")]
        assert database.tables()["t"].without_rowid
        assert (database.count("t"), database.row("t", 1)) == (3, None)


def test_an_integer_primary_key_desc_is_no_alias_of_the_row_id(tmp_path):
    data = build(
        tmp_path / "a.db", "CREATE TABLE t(k INTEGER PRIMARY KEY DESC)", "INSERT INTO t VALUES(50), (40)"
    )
    with open_bytes(data, tmp_path) as database:
        assert database.tables()["t"].rowid_alias is None
        assert list(database.rows("t", ["k"])) == [(1, 50), (2, 40)]


def test_columns_that_take_the_names_of_the_row_id_do_not_hide_it(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(rowid, oid)",
        "INSERT INTO t VALUES('x', 'y')",
        "CREATE TABLE u(rowid, oid, _rowid_)",
        "INSERT INTO u VALUES(1, 2, 3)",
        "CREATE TABLE w(rowid, oid, _rowid_ INTEGER PRIMARY KEY)",
        "INSERT INTO w VALUES(1, 2, 30)",
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.rows("t", ["rowid", "oid"])) == [(1, "x", "y")]
        assert list(database.rows("u", ["rowid"])) == [(None, 1)]
        assert list(database.rows("w", ["rowid"])) == [(30, 1)]


def test_names_with_quotes_are_names(tmp_path):
    table, column = "a\"b'c]d`e; DROP", 'x"y" FROM z --'
    quoted = [name.replace('"', '""') for name in (table, column)]
    data = build(
        tmp_path / "a.db",
        f'CREATE TABLE "{quoted[0]}"("{quoted[1]}")',
        f'INSERT INTO "{quoted[0]}" VALUES(5)',
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.tables()) == [table]
        assert list(database.rows(table, [column, "absent"], order_by=column)) == [(1, 5, None)]


def test_invalid_text_comes_as_its_bytes_and_costs_no_other_row(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(v TEXT, n)",
        "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000) "
        "INSERT INTO t SELECT CASE WHEN i % 250 = 0 THEN CAST(x'61ff62' AS TEXT) ELSE 'é' || i END, i FROM c",
    )
    expected = [(i, b"a\xffb" if i % 250 == 0 else f"é{i}", i) for i in range(1, 1001)]
    with open_bytes(data, tmp_path) as database:
        rows = list(database.rows("t", ["v", "n"]))
        assert rows == expected
        assert [type(row[1]) for row in rows if row[0] % 250 == 0] == [BadText] * 4
        assert sorted(database.rows("t", ["v", "n"], order_by="v")) == expected
        assert database.row("t", 250) == {"v": b"a\xffb", "n": 250}
        assert database.problems == []


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_utf16_database_gives_text_and_the_bytes_of_invalid_text(encoding, tmp_path):
    data = build(
        tmp_path / "a.db",
        f"PRAGMA encoding='{encoding}'",
        "CREATE TABLE naïef(v)",
        "INSERT INTO naïef VALUES('Çağla 🌷'), (x'd83d')",
        "INSERT INTO naïef VALUES(CAST(x'3dd8' AS TEXT)), (CAST(x'd83d' AS TEXT)), (4)",
    )
    lone = {"UTF-16le": b"\x3d\xd8", "UTF-16be": b"\xd8\x3d"}[encoding]
    with open_bytes(data, tmp_path) as database:
        rows = list(database.rows("naïef", ["v"]))
        assert database.encoding == encoding.lower().replace("6l", "6-l").replace("6b", "6-b")
    assert [rows[0], rows[1], rows[4]] == [(1, "Çağla 🌷"), (2, b"\xd8\x3d"), (5, 4)]
    assert [type(row[1]) for row in rows] == [
        str,
        bytes,
        *[BadText if r[1] == lone else str for r in rows[2:4]],
        int,
    ]
    assert lone in [row[1] for row in rows[2:4]]


def test_a_text_of_a_million_letters_and_one_with_a_zero_come_whole(tmp_path):
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t(v)")
    connection.executemany("INSERT INTO t VALUES(?)", [("é" * 1_000_000,), ("a\x00b",), (b"\x00" * 9000,)])
    connection.commit()
    connection.close()
    with open_bytes(path.read_bytes(), tmp_path) as database:
        assert [row[1] for row in database.rows("t", ["v"])] == ["é" * 1_000_000, "a\x00b", b"\x00" * 9000]


def test_the_streams_are_only_read_and_all_is_gone_at_the_end(people, tmp_path):
    class Guarded(io.BytesIO):
        def write(self, data, /):
            raise AssertionError("evidence is written to")

        truncate = write

    work = tmp_path / "work"
    before = {path for path in tmp_path.rglob("*") if work not in (path, *path.parents)}
    stream = Guarded(people)
    with Database.open(stream, work=work, name="../people.db") as database:
        (folder,) = work.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(database.rows("person", ["name"], order_by="phone"))
        assert [path.name for path in folder.rglob("*") if path.is_file()] == ["view"]
    assert list(work.iterdir()) == []
    assert {path for path in tmp_path.rglob("*") if work not in (path, *path.parents)} == before
    assert not stream.closed
    assert stream.getvalue() == people


def test_a_failed_open_leaves_nothing_behind(tmp_path):
    for data in (b"not a database at all", bytes(4096), b"SQLite format 3\x00" + bytes(4080), b"SQL"):
        with pytest.raises((UnknownKind, DamagedEvidence)):
            open_bytes(data, tmp_path)
    assert list((tmp_path / "work").iterdir()) == []


def test_what_is_encrypted_or_random_is_of_an_unknown_kind(people, tmp_path):
    for data in (bytes(range(256)) * 64, b"\x93" * 16 + people[16:], b"x", people[:10]):
        with pytest.raises(UnknownKind):
            open_bytes(data, tmp_path)


def test_an_empty_file_is_a_database_without_tables(tmp_path):
    with open_bytes(b"", tmp_path) as database:
        assert (database.tables(), database.problems, database.page_count) == ({}, [], 0)
        assert not database.has("message")
        assert database.sequence("message") is None


def test_a_work_folder_that_cannot_be_made_is_the_machines_failure(people, tmp_path):
    (tmp_path / "work").write_text("in the way")
    with pytest.raises(MachineFailed, match=r"people\.db"):
        open_bytes(people, tmp_path)


def test_evidence_that_cannot_be_read_on_is_named(people, tmp_path):
    class Failing(io.BytesIO):
        def read(self, size=-1, /):
            raise OSError(5, "Input/output error")

    with pytest.raises(
        DamagedEvidence, match=r"people\.db cannot be read from byte 0 on: Input/output error"
    ):
        Database.open(Failing(people), work=tmp_path / "work", name="people.db")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_closed_database_says_so(people, tmp_path):
    database = open_bytes(people, tmp_path)
    database.close()
    database.close()
    assert not database.has("person")


ENDLESS = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT i AS text FROM c"


def test_a_view_a_trigger_or_a_virtual_table_is_never_read(tmp_path):
    data = build(
        tmp_path / "a.db",
        f"CREATE VIEW message AS {ENDLESS}",
        "CREATE TABLE chat(_id INTEGER PRIMARY KEY, subject TEXT)",
        "CREATE TRIGGER t AFTER INSERT ON chat BEGIN DELETE FROM chat; END",
        "CREATE VIRTUAL TABLE search USING fts4(content)",
        "INSERT INTO search VALUES('hallo')",
        "DROP TRIGGER t",
        "INSERT INTO chat VALUES(1, 'Familie')",
    )
    with open_bytes(data, tmp_path) as database:
        assert not database.has("message")
        assert not database.has("search")
        assert list(database.rows("chat", ["subject"])) == [(1, "Familie")]
        assert list(database.rows("search_content", ["c0content"])) == [(1, "hallo")]
        assert database.problems == []


@pytest.mark.parametrize(
    "sql",
    [
        f"CREATE VIEW message AS {ENDLESS}",
        f"CREATE/**/VIEW message AS {ENDLESS}",
        "CREATE TABLE other(text)",
        "",
        "(((",
    ],
)
def test_an_entry_that_is_not_what_it_says_costs_itself_only(sql, tmp_path):
    path = tmp_path / "a.db"
    build(path, "CREATE TABLE message(text)", "CREATE TABLE chat(a)", "INSERT INTO chat VALUES('b')")
    data = edit_schema(path, f"UPDATE sqlite_master SET sql = '{sql}' WHERE name = 'message'")
    with open_bytes(data, tmp_path) as database:
        assert list(database.tables()) == ["chat"]
        assert list(database.rows("chat", ["a"])) == [(1, "b")]
        assert [(problem.kind, problem.table) for problem in database.problems] == [("schema", "message")]


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE bad(((", "CREATE TABLE bad AS SELECT 1", "CREATE TABLE bad(a, a)"]
)
def test_a_description_that_sqlite_refuses_costs_its_table_only(sql, tmp_path):
    path = tmp_path / "a.db"
    build(
        path,
        "CREATE TABLE a(x UNIQUE)",
        "CREATE TABLE bad(x UNIQUE)",
        "CREATE TABLE z(x)",
        "INSERT INTO z VALUES(3)",
    )
    data = edit_schema(path, f"UPDATE sqlite_master SET sql = '{sql}' WHERE name = 'bad'")
    with open_bytes(data, tmp_path) as database:
        assert list(database.tables()) == ["a", "z"]
        assert list(database.rows("z", ["x"])) == [(1, 3)]
        assert [(problem.kind, problem.table) for problem in database.problems] == [("schema", "bad")]


def test_broken_views_indexes_and_statistics_are_of_no_concern(tmp_path):
    path = tmp_path / "a.db"
    build(
        path,
        "CREATE TABLE a(x)",
        "CREATE INDEX i ON a(x)",
        "CREATE VIEW v AS SELECT 1",
        "INSERT INTO a VALUES(3)",
        "ANALYZE",
    )
    data = edit_schema(
        path,
        "UPDATE sqlite_master SET sql = 'CREATE INDEX i ON a(nothing(' WHERE name = 'i'",
        "UPDATE sqlite_master SET sql = 'CREATE VIEW' WHERE name = 'v'",
        "UPDATE sqlite_master SET rootpage = 1 WHERE name = 'sqlite_stat1'",
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.rows("a", ["x"], order_by="x")) == [(1, 3)]
        assert database.problems == []


def test_an_index_that_lies_hides_no_row(tmp_path):
    path = tmp_path / "a.db"
    build(path, "CREATE TABLE a(x)", "CREATE INDEX i ON a(x)", "INSERT INTO a VALUES(3), (1), (2)")
    edit_schema(path, "DELETE FROM sqlite_master WHERE name = 'i'")
    build(path, "DELETE FROM a WHERE x = 2", "INSERT INTO a(rowid, x) VALUES(9, 0)")
    data = edit_schema(
        path, "INSERT INTO sqlite_master VALUES('index', 'i', 'a', 3, 'CREATE INDEX i ON a(x)')"
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.rows("a", ["x"], order_by="x")) == [(9, 0), (2, 1), (1, 3)]


def test_a_computed_column_is_not_read_and_that_is_said(tmp_path):
    path = tmp_path / "a.db"
    build(path, "CREATE TABLE t(a, costly AS (1), kept AS (a * 2) STORED)", "INSERT INTO t(a) VALUES(4), (5)")
    data = edit_schema(
        path, "UPDATE sqlite_master SET sql = replace(sql, '(1)', '(length(hex(zeroblob(400000000))))')"
    )
    with open_bytes(data, tmp_path) as database:
        assert list(database.rows("t", ["a", "costly", "kept"])) == [(1, 4, None, 8), (2, 5, None, 10)]
        assert database.row("t", 1) == {"a": 4, "kept": 8}
        assert [problem.kind for problem in database.problems] == ["generated"]


def test_a_schema_of_ten_thousand_tables_opens(tmp_path):
    path = tmp_path / "a.db"
    build(path, "CREATE TABLE t(a)", "INSERT INTO t VALUES('one root for all')")
    data = edit_schema(
        path,
        "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 9999) "
        "INSERT INTO sqlite_master SELECT type, name || i, name || i, rootpage, "
        "'CREATE TABLE t' || i || '(a)' FROM c, sqlite_master",
    )
    with open_bytes(data, tmp_path) as database:
        assert len(database.tables()) == 10_000
        assert list(database.rows("t9999", ["a"])) == [(1, "one root for all")]
        assert database.problems == []


def test_a_header_that_lies_is_read_and_told(people, tmp_path):
    def changed(offset: int, value: bytes) -> bytes:
        return people[:offset] + value + people[offset + len(value) :]

    lies = [
        (18, b"\x07\x07", "file versions"),
        (21, b"\x00\x00\x00", "payload fractions"),
        (28, b"\x00\x00\x00\x01", "states 1 pages"),
        (44, b"\x00\x00\x00\x09", "schema format 9"),
        (56, b"\x00\x00\x00\x09", "text encoding 9"),
    ]
    for offset, value, said in lies:
        with open_bytes(changed(offset, value), tmp_path) as database:
            assert list(database.rows("person", ["name", "phone"])) == PEOPLE
            assert [said in problem.text for problem in database.problems] == [True], offset
    for size in (b"\x00\x00", b"\x01\x23", b"\x00\x80"):
        with pytest.raises(DamagedEvidence, match="page size"):
            open_bytes(changed(16, size), tmp_path)
