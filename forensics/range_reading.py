"""Ranges of one large database that are read in another process, with a view of its own.

A reader opens the evidence anew, makes sure that what it reads has the SHA-256 of what was read where it was
asked for, sets the parser up in the same way, and gives its ranges batch by batch. What of a range does not
come, because the reader was ended or could not read the evidence, is read by the asker itself.
"""

from __future__ import annotations

import logging
import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from forensics import registry
from forensics.errors import EvidenceMismatch, MachineFailed, SporenError
from forensics.evidence import Evidence, Limits, Problem
from forensics.extract import Batch
from forensics.formats.sqlite import Database, ReadProblem
from forensics.installations import installations
from forensics.intake import Intake
from forensics.items import Item
from forensics.key_ring import KeyFile, KeyRing
from forensics.live_rows import Leaves, read_range
from forensics.looking import Wanted
from forensics.parser import Installation
from forensics.ranges import InRanges, Place, RangedReading

_LOG = logging.getLogger(__name__)
# A database as it was hashed: its path and SHA-256, and those of each log or journal beside it.
Hashed = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Which ranges (``places`` of ``all_places``) of which database: the items are opened as they were where
    it was cut. ``digests`` are those of the items; that of ``item`` is made again where it ``is_hashed``.
    ``databases`` are those that the ranges are read of: with other ones they are not read. Only those are
    ``wanted`` of each item; ``shared`` is that of the installation, for which all would be needed."""

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
    databases: tuple[Hashed, ...] = ()
    wanted: Mapping[Path, Wanted] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    all_places: tuple[Place, ...] = ()
    places: tuple[Place, ...] = ()


class Part(NamedTuple):
    """A batch of a range without its messages, and those apart."""

    place: Place
    batch: Batch
    messages: bytes


class Whole(NamedTuple):
    """The end of a range: what it leaves for the end of all, and what was found wrong meanwhile with each
    database and with each container, by its name."""

    place: Place
    left: Any
    problems: list[list[ReadProblem]]
    damage: dict[str, list[Problem]]


class Failed(NamedTuple):
    """A reader gives up."""

    error: SporenError


Piece = Part | Whole | Failed
# Begins to read the ranges of a task elsewhere, until the stack is closed: what gives the pieces of a range.
# They may be none, or end before the range does.
Spread = Callable[[Task, ExitStack], Callable[[Place], Iterable[Piece]]]


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
    def containers(self) -> dict[str, list[Evidence]]:
        """The evidence, and what it holds evidence in, by name."""
        found: dict[str, list[Evidence]] = {}
        for item in self.items:
            for each in (item.evidence, *item.containers):
                found.setdefault(f"{item.path}\0{each.name}", []).append(each)
        return found

    def hashed(self) -> tuple[Hashed, ...]:
        """The databases as they were hashed."""
        found = {id(each.database): each for item in self.items for each in item.found}
        return tuple(
            (each.path, each.sha256, tuple((one.path, one.sha256) for one in each.companions))
            for each in (found[id(database)] for database in self.databases)
        )

    def elsewhere(
        self, task: Task, spread: Spread, stack: ExitStack, places: Sequence[Place]
    ) -> Callable[[Place], Iterator[Batch | Leaves]]:
        """What is read of each range by others, as if it had been read here."""
        task = replace(
            task,
            databases=self.hashed(),
            wanted={each.path: self._wanted(each) for each in self.items},
            shared=self.installation.shared,
            all_places=tuple(places),
            places=tuple(places),
        )
        return partial(self._taken, task, spread(task, stack))

    def _wanted(self, item: Item) -> Wanted:
        needed = set(map(id, self.databases))
        paths = frozenset(each.path for each in item.found if id(each.database) in needed)
        return Wanted(paths, frozenset(each.path for each in item.found))

    def _taken(
        self, task: Task, pieces: Callable[[Place], Iterable[Piece]], place: Place
    ) -> Iterator[Batch | Leaves]:
        for piece in pieces(place):
            if isinstance(piece, Part):
                yield replace(piece.batch, messages=marshal.loads(piece.messages))
            elif isinstance(piece, Whole):
                self._learn(piece)
                yield Leaves(piece.left)
            else:
                self._tell(task, piece.error)

    def _learn(self, whole: Whole) -> None:
        """What is wrong is told of the databases and containers here."""
        for database, problems in zip(self.databases, whole.problems, strict=True):
            database.problems += [each for each in problems if each not in database.problems]
        containers = self.containers if whole.damage else {}
        for name, damage in whole.damage.items():
            for evidence in containers.get(name, [self.items[0].evidence]):
                for each in damage:
                    evidence.learn(each)

    def _tell(self, task: Task, error: SporenError) -> None:
        """Evidence that was not the same elsewhere is a fact of the case; that a machine failed is none."""
        _LOG.warning("%s: ranges are read here, since a process gave up: %s", task.database, error)
        if isinstance(error, EvidenceMismatch):
            (item,) = (each for each in self.items if each.path == task.item)
            item.trouble(task.database, error)


def read_ranges(task: Task, turns: Iterable[Place] | None = None) -> Iterator[Piece]:
    """The ranges of a task in their order, or those whose turn it is. Raises what opening evidence raises."""
    ring = KeyRing(task.keys)
    with Intake(registry.parsers(), ring, task.work, task.limits, registry.document_parsers()) as intake:
        opened = _opened(task, intake, ring)
        _check(task, opened.hashed())
        database = opened.installation.database
        (main,) = (each for item in opened.items for each in item.found if each.database is database)
        parser = main.parser
        ranged = parser.in_ranges(opened.installation, task.rows) if isinstance(parser, InRanges) else None
        if ranged is None or tuple(ranged.places) != task.all_places:
            raise MachineFailed(f"{task.database}: it is not cut as it was elsewhere")
        for _record in ranged.before():
            continue  # whoever asked gives these
        for place in task.places if turns is None else turns:
            yield from _pieces(opened, ranged, place)


def _check(task: Task, hashed: tuple[Hashed, ...]) -> None:
    """EvidenceMismatch where bytes are others than those that the asker reads; MachineFailed where something
    was not found here, which may be for want of a key that lies in an item that is not among these."""
    for stated, found in zip(task.databases, hashed, strict=False):
        if stated[0] == found[0] and stated != found:
            text = "another process that opened it found other bytes than were there before; it read nothing"
            raise EvidenceMismatch(f"{found[0]}: {text}")
    if hashed != task.databases:
        raise MachineFailed(f"{task.database}: not all that belongs to it is found as it was elsewhere")


def _pieces(opened: Opened, ranged: RangedReading, place: Place) -> Iterator[Piece]:
    containers = opened.containers
    problems = [len(each.problems) for each in opened.databases]
    damage = {name: [len(each.problems) for each in found] for name, found in containers.items()}
    read = read_range(ranged, place)
    for batch in read.batches:
        yield Part(place, replace(batch, messages=[]), marshal.dumps(batch.messages))
    learnt = {
        name: [one for each, count in zip(found, damage[name], strict=True) for one in each.problems[count:]]
        for name, found in containers.items()
    }
    yield Whole(
        place,
        read.left(),
        [each.problems[count:] for each, count in zip(opened.databases, problems, strict=True)],
        {name: found for name, found in learnt.items() if found},
    )


def _opened(task: Task, intake: Intake, ring: KeyRing) -> Opened:
    items = [_item(path, task, intake) for path in task.paths]
    for one in items:
        intake.look(one, only=task.wanted.get(one.path))
    intake.open_encrypted()
    (item,) = (each for each in items if each.path == task.item)
    for each in installations(item, items, task.exhibit, ring.materials):
        if each.path == task.database:
            return Opened(items, replace(each, shared=task.shared))
    raise MachineFailed(f"{task.database}: it is not found as it was elsewhere")


def _item(path: Path, task: Task, intake: Intake) -> Item:
    stated = task.digests[path]
    item = intake.open(path, digest=None if task.is_hashed and path == task.item else stated)
    if item.sha256 != stated:
        raise EvidenceMismatch(f"{path}: its SHA-256 is {item.sha256} here and was {stated} before")
    return item
