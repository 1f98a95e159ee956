"""What is recovered from the deletion cases of fixtures/sqlite_recovery, compared with their known truth."""

from __future__ import annotations

import importlib.util
import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from forensics.errors import DamagedEvidence, UnknownKind
from forensics.formats.sqlite_recovery import RecoveredRow, recover, recovered_dict

MAKER = Path(__file__).parent.parent / "fixtures" / "sqlite_recovery" / "make_recovery.py"
spec = importlib.util.spec_from_file_location("make_recovery", MAKER)
maker = importlib.util.module_from_spec(spec)
sys.modules["make_recovery"] = maker
spec.loader.exec_module(maker)

ALIASED = ("message", "letter")
SETTINGS = [
    maker.Settings(),
    maker.Settings(page_size=512, auto_vacuum=1),
    maker.Settings(page_size=1024, encoding="UTF-16le", auto_vacuum=2),
    maker.Settings(page_size=8192, secure_delete="FAST"),
    maker.Settings(page_size=65536, encoding="UTF-16be"),
    maker.Settings(secure_delete="ON"),
]
# The text that described the dropped table is overwritten too: its rows WITHOUT ROWID, and those on a page
# that became a trunk of the freelist, cannot be told from anything else.
UNDESCRIBED = (("drop", 8192), ("reused", 65536))


def stream(data: bytes | None) -> io.BytesIO | None:
    return None if data is None else io.BytesIO(data)


def rows_of(made, tmp_path) -> list[RecoveredRow]:
    sides = stream(made.wal), stream(made.journal)
    return list(recover(io.BytesIO(made.main), *sides, work=tmp_path / "work", name="case.db"))


def build(path: Path, *statements: str) -> bytes:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("PRAGMA auto_vacuum=0")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return path.read_bytes()


def recovered(data: bytes, tmp_path) -> list[RecoveredRow]:
    return list(recover(io.BytesIO(data), work=tmp_path / "work", name="a.db"))


def truths(made, row: RecoveredRow) -> set:
    """The rows of the truth that a recovered row is; one whose id is not known is any with its values."""
    tables = [row.table] if row.table else sorted({table for table, _ in made.gone})
    found = set()
    for table in tables:
        values = maker.normal(table, row.values)[1]
        if (table, values) in made.gone:
            found.add((table, values))
        elif table in ALIASED and values[0] is None:
            found |= {gone for gone in made.gone if gone[0] == table and gone[1][1:] == values[1:]}
    return found


# Every case as SQLite writes it by default, and every other one in turn with each of the further settings.
WAYS = [
    pytest.param(
        case, settings, id=f"{case}-{settings}", marks=pytest.mark.full if way and (way + n) % 2 else ()
    )
    for n, case in enumerate(maker.CASES)
    for way, settings in enumerate(SETTINGS)
]


@pytest.mark.parametrize(("case", "settings"), WAYS)
def test_nearly_every_row_that_is_there_is_found_and_no_other(case, settings, tmp_path):
    made = maker.make(case, settings, tmp_path)
    rows = rows_of(made, tmp_path)
    whole = [row for row in rows if row.complete]
    true = [row for row in whole if truths(made, row)]
    hit = set().union(*(truths(made, row) for row in whole)) & made.present
    live = [row for row in rows if maker.normal(row.table or "", row.values) in made.now]
    assert live == []
    # A cell whose last bytes were overwritten by numbers can look whole.
    assert len(whole) - len(true) <= max(1, 0.03 * len(whole))
    if (case, settings.page_size) not in UNDESCRIBED:
        assert len(hit) >= 0.95 * len(made.present) - 2


def test_a_single_deleted_row_is_found_with_its_place(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER)",
        "INSERT INTO t VALUES(1, 'Anouk', 100), (2, 'Bram', 2000), (3, 'Cem', 30000)",
        "DELETE FROM t WHERE id = 2",
    )
    (row,) = recovered(data, tmp_path)
    at = data.index(b"Bram") - 6
    assert row == RecoveredRow(
        table="t",
        values=(None, "Bram", 2000),
        rowid=None,
        state="deleted",
        origin="freeblock",
        page=2,
        offset=at,
        file="main",
        also=(),
        complete=True,
    )


def test_the_contract_s_form_of_a_row(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(name TEXT NOT NULL, data BLOB, real REAL)",
        "INSERT INTO t VALUES('keep', x'00', 1), ('a name of a row', x'0102ff', 2.5)",
        "DELETE FROM t WHERE real = 2.5",
    )
    (row,) = recovered(data, tmp_path)
    told = recovered_dict(row)
    assert list(told) == ["table", "values", "rowid", "state", "origin", "page", "offset", "also", "complete"]
    assert told["values"] == ["a name of a row", {"blob": "0102ff"}, 2.5]
    assert json.loads(json.dumps(told)) == told


def test_text_that_is_not_valid_is_told_as_its_bytes(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)",
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 700)"
        " INSERT INTO t SELECT i, CASE i WHEN 650 THEN CAST(x'ff41' AS TEXT) ELSE 'row ' || i END FROM n",
        "DROP TABLE t",
    )
    rows = [recovered_dict(row) for row in recovered(data, tmp_path)]
    assert {row["values"][1] for row in rows if row["rowid"] != 650} == {
        f"row {i}" for i in range(1, 701) if i != 650
    }
    assert [row["values"] for row in rows if row["rowid"] == 650] == [[650, {"text_bytes": "ff41"}]]
    assert {(row["table"], row["origin"]) for row in rows} == {("t", "dropped_table")}


def test_an_update_is_an_older_version(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, note TEXT)",
        "WITH RECURSIVE n(i) AS (VALUES(200) UNION ALL SELECT i + 1 FROM n WHERE i < 220)"
        " INSERT INTO t SELECT i, 'name ' || i, substr('once upon a time there was', 1, 20) FROM n",
        "DROP TABLE IF EXISTS x",
    )
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE t SET note = 'changed' WHERE id = 210")
    main, wal = (tmp_path / "a.db").read_bytes(), Path(f"{tmp_path / 'a.db'}-wal").read_bytes()
    connection.close()
    rows = list(recover(io.BytesIO(main), io.BytesIO(wal), work=tmp_path / "work", name="a.db"))
    assert [(row.rowid, row.values, row.state, row.origin) for row in rows] == [
        (210, (210, "name 210", "once upon a time the"), "older_version", "wal")
    ]
    assert data


def test_rows_never_committed_are_marked(tmp_path):
    made = maker.make("wal_uncommitted", maker.Settings(), tmp_path)
    rows = rows_of(made, tmp_path)
    ghosts = [row for row in rows if "never committed" in str(row.values)]
    assert len(ghosts) > 90
    assert {row.state for row in ghosts} == {"uncommitted"}
    gone = {row.values[0] for row in rows if row.table == "message" and row.state == "deleted"}
    assert gone == set(range(50, 61))


def test_a_hot_journal_makes_the_half_written_rows_uncommitted(tmp_path):
    made = maker.make("journal_hot", maker.Settings(), tmp_path)
    rows = rows_of(made, tmp_path)
    assert {row.state for row in rows if "never committed" in str(row.values)} == {"uncommitted"}
    assert {row.origin for row in rows if row.state == "uncommitted"} == {"journal"}


def test_the_same_row_at_several_places_is_one_row(tmp_path):
    made = maker.make("wal_versions", maker.Settings(), tmp_path)
    rows = rows_of(made, tmp_path)
    keys = [(row.table, row.values) for row in rows]
    assert len(keys) == len(set(keys))
    assert any(row.also for row in rows)


def test_two_runs_give_the_same_rows_in_the_same_order(tmp_path):
    made = maker.make("rebalance", maker.Settings(), tmp_path)
    assert rows_of(made, tmp_path) == rows_of(made, tmp_path)


def test_a_long_row_whose_overflow_is_lost_is_incomplete(tmp_path):
    data = build(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO t VALUES(1, 'short'), (2, 'begin ' || replace(hex(zeroblob(6000)), '00', 'ab'))",
        "DELETE FROM t WHERE id = 2",
        "CREATE TABLE other(text TEXT)",
        "INSERT INTO other VALUES(replace(hex(zeroblob(6000)), '00', 'XY'))",
    )
    (row,) = recovered(data, tmp_path)
    assert not row.complete
    assert row.values[1].startswith("begin ababab")
    assert "XY" not in row.values[1]


def test_a_file_that_is_no_database_is_named(tmp_path):
    with pytest.raises(UnknownKind):
        recovered(b"no database at all" * 100, tmp_path)
    with pytest.raises(DamagedEvidence):
        recovered(b"SQLite format 3\x00" + bytes(20), tmp_path)
    assert recovered(b"", tmp_path) == []
