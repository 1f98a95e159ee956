"""Rows of a table by a column that is not its row id: exactly those, in order, however they lie."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats import sqlite_order
from forensics.formats.sqlite import Database

_LOWEST = -(1 << 63)
_KEYS = st.one_of(st.none(), st.integers(-5, 40), st.sampled_from((_LOWEST, (1 << 63) - 1)))
_ROWS = st.dictionaries(st.integers(-50, 400), _KEYS, max_size=120)


def written(path: Path, rows: dict[int, int | None], encoding: str = "UTF-8") -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"PRAGMA encoding = '{encoding}'")
        db.execute("CREATE TABLE side (said TEXT, key)")
        db.executemany(
            "INSERT INTO side (rowid, said, key) VALUES (?, ?, ?)",
            [(rowid, f"row {rowid}", key) for rowid, key in rows.items()],
        )
    return path


@given(
    rows=_ROWS,
    step=st.sampled_from((1, 2, 3, 64)),
    batch=st.sampled_from((1, 2, 500)),
    encoding=st.sampled_from(("UTF-8", "UTF-16le", "UTF-16be")),
    ranges=st.lists(st.tuples(st.integers(-7, 42), st.integers(-7, 42)), max_size=4),
)
def test_a_range_of_keys_gives_its_rows_and_no_others(rows, step, batch, encoding, ranges) -> None:
    # NULL stands before the lowest number, and counts as that
    ordered = sorted((key is not None, _LOWEST if key is None else key, rowid) for rowid, key in rows.items())
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(sqlite_order, "_STEP", step)
        patch.setattr(sqlite_order, "_BATCH", batch)
        path = written(Path(folder) / "side.db", rows, encoding)
        with path.open("rb") as stream, Database.open(stream, work=Path(folder), name="side.db") as database:
            assert database.is_ordered("side", "key")
            for low, high in [(_LOWEST, (1 << 63) - 1), *ranges]:
                found = database.rows("side", ["said"], order_by="key", where_key=(low, high))
                wanted = [(rowid, f"row {rowid}") for _, key, rowid in ordered if low <= key <= high]
                assert list(found) == wanted


@pytest.mark.parametrize("odd", ["1", 1.5, b"1"])
def test_one_value_that_is_no_whole_number_leaves_the_order_unknown(tmp_path: Path, odd: object) -> None:
    path = written(tmp_path / "side.db", {n: n for n in range(100)})
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE side SET key = ? WHERE rowid = 70", (odd,))
    with path.open("rb") as stream, Database.open(stream, work=tmp_path, name="side.db") as database:
        assert not database.is_ordered("side", "key")


def test_rows_that_lie_in_order_cost_hardly_any_memory() -> None:
    kept = sqlite_order._Stretches()
    for rowid in range(1, 100_001):
        kept.add(rowid, rowid // 3)
    held = sum(len(each) for each in (kept._starts, kept._firsts, kept._marks))
    assert held < 2_000
    assert kept.at(99_990, 100_000) == list(range(99_991, 100_001))
