"""For any script of inserts, updates and deletes: no row of the current view, and nothing that never was."""

from __future__ import annotations

import io
import sqlite3
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.formats.sqlite_recovery import recover

SCHEMAS = (
    "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c REAL, d BLOB)",
    "CREATE TABLE t(id INTEGER, a TEXT NOT NULL, b INT, c FLOAT, d BLOB)",
    "CREATE TABLE t(id INTEGER, a TEXT, b INT, c FLOAT, d BLOB, PRIMARY KEY(id)) WITHOUT ROWID",
)
texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x4FF), max_size=300
)
values = st.tuples(
    texts,
    st.one_of(st.none(), st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-200, 200)),
    st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.binary(max_size=40)),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(1, 60), values),
        st.tuples(st.just("insert"), st.integers(1, 60), values),
        st.tuples(st.just("update"), st.integers(1, 60), values),
        st.tuples(st.just("delete"), st.integers(1, 60), st.integers(0, 9)),
        st.tuples(st.just("commit"), st.none(), st.none()),
    ),
    max_size=60,
)


def run(connection: sqlite3.Connection, step: tuple) -> None:
    kind, key, data = step
    if kind == "insert":
        connection.execute("INSERT OR REPLACE INTO t VALUES(?, ?, ?, ?, ?)", (key, *data))
    elif kind == "update":
        connection.execute("UPDATE t SET a = ?, b = ?, c = ?, d = ? WHERE id = ?", (*data, key))
    elif kind == "delete":
        connection.execute("DELETE FROM t WHERE id BETWEEN ? AND ?", (key, key + data))
    elif connection.in_transaction:
        connection.execute("COMMIT")
        connection.execute("BEGIN")


@settings(max_examples=25, deadline=None)
@given(
    steps=steps,
    schema=st.sampled_from(SCHEMAS),
    page_size=st.sampled_from((512, 1024, 4096)),
    auto_vacuum=st.sampled_from((0, 1)),
    mode=st.sampled_from(("DELETE", "WAL", "PERSIST")),
)
def test_no_live_row_and_no_invented_one(steps, schema, page_size, auto_vacuum, mode):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.db"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"PRAGMA page_size={page_size}")
        connection.execute(f"PRAGMA auto_vacuum={auto_vacuum}")
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute(schema)
        ever = set()
        connection.execute("BEGIN")
        for step in steps:
            run(connection, step)
            ever |= set(connection.execute("SELECT * FROM t"))
        connection.execute("COMMIT")
        now = set(connection.execute("SELECT * FROM t"))
        files = [
            Path(f"{path}{end}").read_bytes() if Path(f"{path}{end}").exists() else None
            for end in ("", "-wal", "-journal")
        ]
        connection.close()
        streams = [io.BytesIO(data) if data is not None else None for data in files]
        rows = list(recover(*streams, work=Path(name) / "work", name="a.db"))
    for row in rows:
        assert row.table in ("t", None)
        assert row.values not in now
        if row.complete:
            known = [old for old in ever if row.values[0] is None or old[0] == row.values[0]]
            assert any(old[1:] == row.values[1:] for old in known)
