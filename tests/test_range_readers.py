"""Processes that read ranges of a database for another one: whatever becomes of them, the same is told, and
nothing of the evidence stays behind."""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import MSGSTORE, change
from test_engine import request_for
from test_ranges import ROWS, demo, odd, records, told

from forensics import engine, extract, range_readers, recovered_search
from forensics.errors import EvidenceMismatch, MachineFailed
from forensics.events import Event, ItemRead
from forensics.evidence import Problem
from forensics.extract import Batch
from forensics.formats.sqlite import Database
from forensics.private_copies import remove_abandoned
from forensics.range_readers import Claims, Readers, by_processes
from forensics.range_reading import Failed, Part, Piece, Task, Whole, read_ranges
from forensics.ranges import Place

__all__ = ["demo", "odd"]
_LONG = 60


@pytest.fixture(scope="module")
def here(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """What one process tells."""
    return told(odd, tmp_path_factory.mktemp("here") / "work")


@pytest.fixture
def awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """All ranges but the first wait for a reader, as long as there is one."""
    owner = Claims.owner

    def waits(claims: Claims, number: int) -> int | None:
        end = time.monotonic() + _LONG
        while number and not claims._owners[number] and multiprocessing.active_children():
            assert time.monotonic() < end
            time.sleep(0.01)
        return owner(claims, number)

    monkeypatch.setattr(Claims, "owner", waits)


def counting(found: list[Piece]) -> Callable[[int, Task, ExitStack], Any]:
    """Readers whose pieces are kept."""

    def spread(most: int, task: Task, stack: ExitStack) -> Any:
        give = by_processes(most, task, stack)

        def pieces(place: Place) -> Iterator[Piece]:
            for piece in give(place):
                found.append(piece)
                yield piece

        return pieces

    return spread


@pytest.mark.usefixtures("awaited")
@pytest.mark.parametrize("readers", [2, pytest.param(4, marks=pytest.mark.full)])
def test_what_readers_give_is_what_is_read_here(
    readers: int, odd: Path, here: list[Event], tmp_path: Path
) -> None:
    pieces: list[Piece] = []
    there = told(odd, tmp_path / "there", readers=readers, spread=counting(pieces))
    assert there == here
    assert sum(isinstance(each, Whole) for each in pieces) > 5
    assert not list((tmp_path / "there").iterdir())


@pytest.mark.usefixtures("awaited")
def test_a_reader_that_is_killed_costs_only_its_ranges_and_leaves_nothing(
    odd: Path, here: list[Event], tmp_path: Path
) -> None:
    begun: list[Any] = []

    def killing(most: int, task: Task, stack: ExitStack) -> Any:
        give = by_processes(most, task, stack)

        def pieces(place: Place) -> Iterator[Piece]:
            for piece in give(place):
                if not begun:
                    begun.extend(multiprocessing.active_children())
                    begun[0].kill()
                    begun[0].join()
                yield piece

        return pieces

    work = tmp_path / "there"
    assert told(odd, work, readers=3, spread=killing) == here
    assert begun[0].exitcode
    assert not list(work.iterdir())


def test_what_is_missing_of_a_range_is_read_here(
    odd: Path, here: list[Event], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "_TOGETHER", 10)
    monkeypatch.setattr(extract, "BATCH", 20)
    cut: list[Piece] = []

    def spread(_most: int, task: Task, _stack: ExitStack) -> Any:
        pieces = list(read_ranges(task))

        def give(place: Place) -> Iterable[Piece]:
            of_place = [each for each in pieces if not isinstance(each, Failed) and each.place == place]
            cut.extend(of_place[2:])
            return of_place[:2]

        return give

    there = told(odd, tmp_path / "there", readers=2, spread=spread)
    assert sum(isinstance(each, Part) for each in cut) > 10
    assert records(there) == records(here)


def test_nobody_waits_for_a_reader_that_has_not_begun(
    odd: Path, here: list[Event], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sleeping:
        def __init__(self, *_given: object, **_how: object) -> None: ...

        def take(self) -> bytes:
            raise AssertionError("somebody waits")

        def close(self) -> None: ...

    monkeypatch.setattr(range_readers, "Beside", Sleeping)
    assert told(odd, tmp_path / "there", readers=3) == here


def test_a_reader_is_begun_for_enough_ranges_and_where_a_process_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[object] = []

    class Begun:
        def __init__(self, *_given: object, **_how: object) -> None:
            running.append(self)

    monkeypatch.setattr(range_readers, "Beside", Begun)
    monkeypatch.setattr(multiprocessing, "active_children", lambda: running)
    for count, begun in ((4, 0), (5, 1), (8, 1), (9, 2), (100, 3)):
        running.clear()
        Readers(3, task_of(count, tmp_path), Claims(count))
        assert len(running) == begun
    running[:] = ["a search"]
    readers = Readers(2, task_of(100, tmp_path), Claims(100))
    assert len(running) == 2
    running.remove("a search")
    list(readers.pieces((0, 0)))
    assert len(running) == 2


def task_of(count: int, work: Path) -> Task:
    places = tuple((each, each) for each in range(count))
    return Task(
        paths=(), keys=(), limits=request_for(work, work).limits, work=work, exhibit=None, digests={},
        item=work, database="msgstore.db", rows=1, all_places=places, places=places,
    )  # fmt: skip


def test_a_process_that_was_killed_while_it_took_a_range_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(range_readers, "_PATIENCE", 0.1)
    claims = Claims(3)
    assert claims.next(1) == 0
    claims._lock.acquire()
    assert [claims.owner(number) for number in range(3)] == [1, None, None]


def test_where_no_process_can_be_begun_all_is_read_by_one(
    odd: Path,
    here: list[Event],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refused(*_given: object, **_how: object) -> object:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    for place in ("forensics.beside.begin", "forensics.range_readers.Claims"):
        with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
            patch.setattr(place, refused)
            assert told(odd, tmp_path / place, readers=3) == here
        assert "temporarily unavailable" in caplog.text
        caplog.clear()


@pytest.mark.usefixtures("awaited")
def test_evidence_that_is_not_the_same_in_each_process_is_told(
    odd: Path, here: list[Event], tmp_path: Path
) -> None:
    phone = tmp_path / "phone"
    shutil.copytree(odd, phone)
    pieces: list[Piece] = []

    def spread(most: int, task: Task, stack: ExitStack) -> Any:
        change(phone / MSGSTORE, "UPDATE message SET text_data = 'anders' WHERE _id = 1500")
        return counting(pieces)(most, task, stack)

    there = told(phone, tmp_path / "there", readers=2, spread=spread)
    assert [type(each.error) for each in pieces if isinstance(each, Failed)] == [EvidenceMismatch]
    assert not any(isinstance(each, (Part, Whole)) for each in pieces)
    assert records(there)["messages"] == records(here)["messages"]
    assert any("other bytes than were there before" in text for text in troubles(there))


def troubles(events: list[Event]) -> list[str]:
    """What is told at the end of the last item."""
    end = events[-1]
    assert isinstance(end, ItemRead)
    return [each.text for each in end.troubles]


def test_an_item_that_changes_is_read_by_nobody_else(odd: Path, tmp_path: Path) -> None:
    phone = tmp_path / "phone"
    shutil.copytree(odd, phone)

    def spread(_most: int, task: Task, _stack: ExitStack) -> Any:
        (phone / "new.txt").write_text("new")
        with pytest.raises(EvidenceMismatch, match="before"):
            list(read_ranges(replace(task, is_hashed=True)))
        return lambda _place: ()

    there = told(phone, tmp_path / "there", readers=2, spread=spread)
    assert any("changed while it was read" in text for text in troubles(there))


@pytest.mark.full
def test_a_reader_copies_only_the_databases_that_it_reads(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = tmp_path / "phone"
    shutil.copytree(odd, phone)
    other = phone / MSGSTORE.replace("com.whatsapp", "com.whatsapp.w4b")
    other.parent.mkdir(parents=True)
    shutil.copy(phone / MSGSTORE, other)
    opened: list[str] = []
    open_database = Database.open

    def counted(main: Any, **how: Any) -> Database:
        opened.append(how["name"])
        return open_database(main, **how)

    monkeypatch.setattr(Database, "open", counted)
    read_there: list[list[str]] = []

    def spread(_most: int, task: Task, _stack: ExitStack) -> Any:
        opened.clear()
        pieces = list(read_ranges(task))
        read_there.append(sorted(each.rpartition("/")[2] for each in opened))
        found: dict[Place, list[Piece]] = {}
        for each in pieces:
            if not isinstance(each, Failed):
                found.setdefault(each.place, []).append(each)
        return found.__getitem__

    there = told(phone, tmp_path / "there", readers=2, spread=spread)
    assert read_there == [["msgstore.db"], ["msgstore.db", "wa.db"]]
    assert there == told(phone, tmp_path / "here")


def test_what_a_reader_does_not_find_is_no_error_and_what_is_wrong_there_is_told(
    odd: Path, here: list[Event], tmp_path: Path
) -> None:
    """A key that opens it may lie in an item that may not lend; nothing counts as changed because of it."""
    problem = Problem(path="inner.zip", text="a member of it is damaged")

    def spread(_most: int, task: Task, _stack: ExitStack) -> Any:
        for wrong in ((), (*task.databases, ("other.db", "0" * 64, ()))):
            with pytest.raises(MachineFailed, match="not all that belongs to it is found"):
                list(read_ranges(replace(task, databases=wrong)))
        with pytest.raises(MachineFailed, match="is not found"):
            list(read_ranges(replace(task, database="elsewhere/msgstore.db")))
        first = list(read_ranges(replace(task, places=task.places[:1])))
        whole = first.pop()
        assert isinstance(whole, Whole)
        damaged = whole._replace(damage={"a container that is not open here": [problem]})
        return lambda place: [*first, damaged] if place == task.places[0] else ()

    there = told(odd, tmp_path / "there", readers=2, spread=spread)
    assert records(there)["messages"] == records(here)["messages"]
    assert [each for each in troubles(there) if each not in troubles(here)] == [problem.text]


def test_a_machine_that_fails_a_reader_is_logged_and_is_no_fact_of_the_case(
    odd: Path, here: list[Event], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spread(_most: int, task: Task, _stack: ExitStack) -> Any:
        failed = [Failed(MachineFailed("msgstore.db: the private copy cannot be written: No space left"))]
        return lambda place: failed if place == task.places[2] else ()

    there = told(odd, tmp_path / "there", readers=2, spread=spread)
    assert there == here
    assert "No space left" in caplog.text


@pytest.fixture
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(recovered_search, "_WORTH_A_PROCESS", 0)


def messages(events: Iterable[Event]) -> list[object]:
    return [row for each in events if isinstance(each, Batch) for row in each.messages]


@pytest.mark.usefixtures("any_size")
def test_nothing_stays_in_the_case_folder(odd: Path, tmp_path: Path) -> None:
    request = replace(request_for(odd, tmp_path / "work"), rows=ROWS)
    request.work.mkdir()
    found = []
    for workers in (1, 4):
        found.append(messages(engine.events(request, workers)))
        assert not list(request.work.iterdir())
    assert found[0] == found[1]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_nothing_stays_in_the_case_folder_when_it_ends_early(end: str, odd: Path, tmp_path: Path) -> None:
    request = replace(request_for(odd, tmp_path), rows=ROWS)
    stream = engine.events(request, 4)
    for event in stream:
        if isinstance(event, Batch) and event.messages:
            break
    assert list(tmp_path.iterdir())
    if end == "killed":
        for each in multiprocessing.active_children():
            each.kill()
        with pytest.raises(MachineFailed):
            list(stream)
    else:
        assert isinstance(stream, Iterator)
        getattr(stream, "close")()  # noqa: B009  # a generator, which its type does not say
    limit = time.monotonic() + _LONG
    while list(tmp_path.iterdir()):  # readers end with the process that reads
        assert time.monotonic() < limit
        time.sleep(0.05)
        remove_abandoned(tmp_path)
