"""Ranges of one large database that are read in processes of their own, each with a view of its own.

A process opens the evidence anew, sets the parser up as the one that asked for it did, and gives its ranges
whole, one after the other: the asker takes them in the order of the database. A range that does not come,
because its process was ended or could not read the evidence, is read by the asker itself.
"""

from __future__ import annotations

import marshal
import multiprocessing
import pickle
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from forensics import registry
from forensics.beside import begin
from forensics.errors import EvidenceMismatch, SporenError
from forensics.evidence import Evidence, Limits, Problem
from forensics.extract import Batch
from forensics.formats.sqlite import Database, ReadProblem
from forensics.installations import installations
from forensics.intake import Intake
from forensics.items import Item
from forensics.key_ring import KeyFile, KeyRing
from forensics.live_rows import Awaited, RangeRead, read_range
from forensics.parser import Installation
from forensics.ranges import InRanges, Place, RangedReading

# Ranges of a process that wait to be taken, beside the one that it is reading.
_AHEAD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Which ranges (``places`` of ``all_places``) of which database: the items are opened as they were where
    it was cut. ``digests`` are those of the items; that of ``item`` is made again where it ``is_hashed``."""

    paths: tuple[Path, ...]
    keys: tuple[KeyFile, ...]
    limits: Limits
    work: Path
    exhibit: str | None
    digests: Mapping[Path, str]
    item: Path
    database: str
    rows: int
    is_hashed: bool = False
    all_places: tuple[Place, ...] = ()
    places: tuple[Place, ...] = ()


class Done(NamedTuple):
    """One range: batches without messages with their messages apart, what it leaves for the end, and what was
    found wrong meanwhile with each database and each container."""

    place: Place
    batches: list[tuple[Batch, bytes]]
    left: Any
    problems: list[list[ReadProblem]]
    damage: list[list[Problem]]


# Begins to read the ranges of a task elsewhere, until the stack is closed: what waits for each range, and
# gives None where it does not come.
Spread = Callable[[Task, ExitStack], Mapping[Place, Callable[[], Done | None]]]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a range is read of: one installation, and the items that it is put together from."""

    items: Sequence[Item]
    installation: Installation

    @property
    def databases(self) -> list[Database]:
        """The main one and those beside it."""
        return [self.installation.database, *(each for each, _, _ in self.installation.others.values())]

    @property
    def containers(self) -> list[Evidence]:
        """The evidence and what it holds evidence in."""
        return [each for item in self.items for each in (item.evidence, *item.containers)]

    def elsewhere(
        self, task: Task, spread: Spread, stack: ExitStack, places: Sequence[Place]
    ) -> dict[Place, Awaited]:
        """What waits for each range that others read."""
        waiting = spread(replace(task, all_places=tuple(places), places=tuple(places)), stack)
        return {place: partial(self._part, give) for place, give in waiting.items()}

    def _part(self, give: Callable[[], Done | None]) -> RangeRead | None:
        """A range as if it had been read here: what is wrong is told of the databases here."""
        done = give()
        if done is None:
            return None
        for database, problems in zip(self.databases, done.problems, strict=True):
            database.problems += [each for each in problems if each not in database.problems]
        for evidence, damage in zip(self.containers, done.damage, strict=True):
            for each in damage:
                evidence.learn(each)
        batches = (replace(batch, messages=marshal.loads(messages)) for batch, messages in done.batches)
        return RangeRead(batches, lambda: done.left)


def read_ranges(task: Task) -> Iterator[Done]:
    """The ranges of a task, in their order. Raises what opening evidence raises."""
    ring = KeyRing(task.keys)
    with Intake(registry.parsers(), ring, task.work, task.limits, registry.document_parsers()) as intake:
        opened = _opened(task, intake, ring)
        database = opened.installation.database
        (main,) = (each for item in opened.items for each in item.found if each.database is database)
        parser = main.parser
        ranged = parser.in_ranges(opened.installation, task.rows) if isinstance(parser, InRanges) else None
        if ranged is None or tuple(ranged.places) != task.all_places:
            raise EvidenceMismatch(f"{task.database}: it is not cut as it was elsewhere")
        for _record in ranged.before():
            continue  # whoever asked gives these
        for place in task.places:
            yield _done(opened, ranged, place)


def _done(opened: Opened, ranged: RangedReading, place: Place) -> Done:
    problems = [len(each.problems) for each in opened.databases]
    damage = [len(each.problems) for each in opened.containers]
    batches, left = read_range(ranged, place)
    apart = [(replace(each, messages=[]), marshal.dumps(each.messages)) for each in batches]
    return Done(
        place,
        apart,
        left(),
        [each.problems[count:] for each, count in zip(opened.databases, problems, strict=True)],
        [each.problems[count:] for each, count in zip(opened.containers, damage, strict=True)],
    )


def _opened(task: Task, intake: Intake, ring: KeyRing) -> Opened:
    items = [_item(path, task, intake) for path in task.paths]
    for one in items:
        intake.look(one)
    intake.open_encrypted()
    (item,) = (each for each in items if each.path == task.item)
    for each in installations(item, items, task.exhibit, ring.materials):
        if each.path == task.database:
            return Opened(items, each)
    raise EvidenceMismatch(f"{task.database}: it is not found as it was elsewhere")


def _item(path: Path, task: Task, intake: Intake) -> Item:
    stated = task.digests[path]
    item = intake.open(path, digest=None if task.is_hashed and path == task.item else stated)
    if item.sha256 != stated:
        raise EvidenceMismatch(f"{path}: its SHA-256 is {item.sha256} here and was {stated} before")
    return item


def by_processes(readers: int, task: Task, stack: ExitStack) -> dict[Place, Callable[[], Done | None]]:
    """A Spread over processes of this machine: ranges go to the readers in turns, of whom whoever asks is
    the first."""
    waiting: dict[Place, Callable[[], Done | None]] = {}
    for number in range(1, min(readers, len(task.places))):
        places = task.places[number::readers]
        reader = _Reader(replace(task, places=places))
        stack.callback(reader.close)
        waiting |= dict.fromkeys(places, reader.next)
    return waiting


class _Reader:
    """One process, and a thread that takes what it gives."""

    def __init__(self, task: Task) -> None:
        receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
        self._process = begin(_serve, sender, task)
        sender.close()
        self._waiting: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._is_stopped = threading.Event()
        self._is_over = False
        self._receiver = receiver
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def next(self) -> Done | None:
        """The next range; None when no more come."""
        data = None if self._is_over else self._waiting.get()
        self._is_over = data is None
        done: Done | None = None if data is None else pickle.loads(data)  # made by this program's own process
        return done

    def _receive(self) -> None:
        data: bytes | None = b""
        while data is not None and not self._is_stopped.is_set():
            try:
                data = self._receiver.recv_bytes()
            except (EOFError, OSError):
                data = None  # the asker reads the ranges that have not come
            self._put(data)

    def _put(self, data: bytes | None) -> None:
        while not self._is_stopped.is_set():
            try:
                self._waiting.put(data, timeout=0.2)
            except queue.Full:
                continue  # look whether anybody still waits
            return

    def close(self) -> None:
        self._is_stopped.set()
        self._process.kill()
        self._process.join()
        self._thread.join()
        self._receiver.close()


def _serve(sender: Connection, task: Task) -> None:
    """Runs in the other process."""
    with sender, tempfile.TemporaryDirectory(prefix="ranges-", dir=task.work) as folder:
        try:
            for done in read_ranges(replace(task, work=Path(folder))):
                sender.send_bytes(pickle.dumps(done))
        except (SporenError, BrokenPipeError):
            return  # the asker reads what has not come, and tells what is wrong
