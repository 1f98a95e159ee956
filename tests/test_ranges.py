"""A large database that is read in ranges of its rows, by any number of processes, tells the same."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import MSGSTORE, change
from test_demo import make
from test_engine import request_for

from forensics import reading
from forensics.events import Event
from forensics.extract import Batch
from forensics.formats.sqlite import Database
from forensics.formats.sqlite_table import select
from forensics.model import Notice
from forensics.range_readers import by_processes
from forensics.reading import read
from forensics.recovered import Recovery

# Messages in a range: the demonstration phone has some 2,000.
ROWS = 90


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    assert make(folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def odd(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone with what is told of rows far apart: side rows of no message, values of another kind, rows
    that are gone, senders that are gone, unknown types."""
    phone = tmp_path_factory.mktemp("odd") / "phone"
    shutil.copytree(demo, phone)
    database = phone / MSGSTORE
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    change(
        database,
        "DELETE FROM message WHERE _id % 97 = 5",
        "UPDATE message SET message_type = 977 WHERE _id % 89 = 3",
        "UPDATE message SET text_data = CAST('een blob' AS BLOB) WHERE _id % 101 = 7",
        "UPDATE message SET timestamp = -5 WHERE _id % 103 = 9",
        "UPDATE message SET sender_jid_row_id = 987654 WHERE _id % 107 = 11 AND from_me = 0",
        "INSERT INTO receipt_user(message_row_id, receipt_user_jid_row_id, receipt_timestamp)"
        " VALUES (-3, 1, 5), (999999999, 1, 5)",
    )
    return phone


def told(
    phone: Path, work: Path, *, rows: int = ROWS, readers: int = 1, spread: Any = by_processes
) -> list[Event]:
    """Everything that reading tells, but how far it is."""
    work.mkdir()
    request = replace(request_for(phone, work), rows=rows)
    if readers > 1:
        request = replace(request, spread=partial(spread, readers - 1))
    return [each for each in read(request) if type(each).__name__ != "Progressed"]


def records(events: list[Event]) -> dict[str, list[object]]:
    """What is in the batches, by kind in its order; the other events as a kind of their own."""
    found: dict[str, list[object]] = {"events": [each for each in events if not isinstance(each, Batch)]}
    for batch in (each for each in events if isinstance(each, Batch)):
        for field in fields(Batch):
            found.setdefault(field.name, []).extend(getattr(batch, field.name))
    return found


def damage(phone: Path, to: Path, cells: tuple[int, int]) -> Path:
    """A copy of the phone in which a leaf of ``message`` has wrong places of some of its cells."""
    shutil.copytree(phone, to)
    with closing(sqlite3.connect(f"file:{to / MSGSTORE}?immutable=1", uri=True)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchone()
    with (to / MSGSTORE).open("r+b") as file:
        file.seek((root - 1) * size + 12 + 2 * 4)
        cell = int.from_bytes(file.read(2), "big")
        file.seek((root - 1) * size + cell)
        page = int.from_bytes(file.read(4), "big")
        file.seek((page - 1) * size + 8 + 2 * cells[0])
        file.write(b"\xff" * 2 * (cells[1] - cells[0]))
    return to


@pytest.mark.parametrize("which", ["demo", "odd"])
def test_ranges_tell_what_the_whole_does(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    phone: Path = request.getfixturevalue(which)
    whole = records(told(phone, tmp_path / "whole", rows=10**9))
    events = told(phone, tmp_path / "ranges")
    ranges = records(events)
    assert sum(isinstance(each, Batch) for each in events) > len(whole["messages"]) / ROWS / 2
    notices = [sorted(map(repr, each.pop("notices"))) for each in (whole, ranges)]
    assert notices[0] == notices[1]
    assert ranges == whole


def test_any_number_of_processes_tells_the_same_in_the_same_order(odd: Path, tmp_path: Path) -> None:
    here = told(odd, tmp_path / "here")
    for readers in (2, 4):
        assert told(odd, tmp_path / f"readers-{readers}", readers=readers) == here


@pytest.mark.parametrize("cells", [(0, 20), (3, 5)], ids=["so that it is not cut", "within a range"])
def test_an_unreadable_leaf_costs_what_it_costs_the_whole(
    cells: tuple[int, int], odd: Path, tmp_path: Path
) -> None:
    phone = damage(odd, tmp_path / "phone", cells)
    whole = records(told(phone, tmp_path / "whole", rows=10**9))
    here = told(phone, tmp_path / "here")
    assert any("cannot be read" in each.text for each in whole["notices"] if isinstance(each, Notice))
    is_cut = sum(isinstance(each, Batch) for each in here) > 10
    assert is_cut == (cells[0] > 0)
    found = records(here)
    notices = [sorted(map(repr, each.pop("notices"))) for each in (whole, found)]
    assert notices[0] == notices[1]
    assert found == whole
    assert told(phone, tmp_path / "there", readers=3) == here


def test_what_else_was_read_before_does_not_decide_whether_it_is_cut(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted rows are sought before the live ones are read, or beside that: it depends on the processes."""
    here = told(odd, tmp_path / "here")

    class Refusing(Recovery):
        def begin(self) -> None:
            reader = self._live.database._open_reader()
            reader._refused.add(select(self._live.database._demand("message"), (), "utf-8").root)
            super().begin()

    monkeypatch.setattr(reading, "Recovery", Refusing)
    assert told(odd, tmp_path / "there") == here


def test_a_key_that_is_the_row_id_in_other_letters_is_found_by_range(tmp_path: Path) -> None:
    path = tmp_path / "side.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE side (MESSAGE_ROW_ID INTEGER PRIMARY KEY, said TEXT)")
        db.executemany("INSERT INTO side VALUES (?, ?)", [(n, f"text {n}") for n in (2, 5, 9)])
        db.commit()
    with path.open("rb") as stream, Database.open(stream, work=tmp_path, name="side.db") as database:
        assert database.is_ordered("side", "message_row_id")
        found = database.rows("side", ["said"], order_by="message_row_id", where_key=(3, 9))
        assert list(found) == [(5, "text 5"), (9, "text 9")]


def test_rows_are_not_left_out_where_their_order_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "side.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE side (key TEXT)")
        db.execute("INSERT INTO side VALUES ('no number')")
        db.commit()
    with path.open("rb") as stream, Database.open(stream, work=tmp_path, name="side.db") as database:
        assert not database.is_ordered("side", "key")
        with pytest.raises(ValueError, match="order"):
            list(database.rows("side", ["key"], order_by="key", where_key=(0, 9)))


def test_ranges_follow_each_other_without_a_hole(odd: Path, tmp_path: Path) -> None:
    places: list[tuple[int, int]] = []

    def spread(_readers: int, task: Any, _stack: Any) -> Any:
        places.extend(task.places)
        return lambda _place: ()

    told(odd, tmp_path / "work", readers=2, spread=spread)
    assert len(places) > 10
    assert [low for low, _high in places[1:]] == [high + 1 for _low, high in places[:-1]]
    assert (places[0][0], places[-1][1]) == (-(1 << 63), (1 << 63) - 1)
