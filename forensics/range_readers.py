"""Processes of this machine that read ranges of a large database for another one, which reads too.

Whoever is free takes the next range: so nobody waits for a reader that has not begun, and one that fails
costs what it was at. What a reader has read waits for its turn, up to so many bytes.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any

from forensics.beside import Beside
from forensics.errors import SporenError
from forensics.range_reading import Failed, Piece, Task, Whole, read_ranges
from forensics.ranges import Place

_LOG = logging.getLogger(__name__)
# Fewer ranges than these are worth no process: it opens all evidence anew, and keeps copies of its own.
_LEAST = 4
# Bytes of one reader that wait to be taken: a range of usual messages and some.
_AHEAD = 32 << 20
# Seconds after which a process must have died that was about to take a range.
_PATIENCE = 10
_ASKER = -1


class Claims:
    """Who reads which range, in memory that all processes of the work see: each takes the next free one."""

    def __init__(self, count: int) -> None:
        """OSError where the machine has no such memory."""
        context = multiprocessing.get_context("spawn")
        self._owners: Any = context.RawArray("h", count)
        self._lock = context.Lock()

    def next(self, reader: int) -> int | None:
        """The number of a range that the reader (1 or more) is to read; None where all are taken."""
        with self._lock:
            for number, owner in enumerate(self._owners):
                if not owner:
                    self._owners[number] = reader
                    return number
        return None

    def owner(self, number: int) -> int | None:
        """Who reads that range; where nobody does yet, it is now whoever asks, which gives None."""
        is_held = self._lock.acquire(timeout=_PATIENCE)  # by a process that was killed, if not
        try:
            found: int = self._owners[number]
            self._owners[number] = found or _ASKER
        finally:
            if is_held:
                self._lock.release()
        return found if found > 0 else None

    def free(self) -> int:
        """How many ranges nobody reads yet."""
        return sum(not each for each in self._owners)


def by_processes(most: int, task: Task, stack: ExitStack) -> Callable[[Place], Iterable[Piece]]:
    """A Spread over so many processes beside this one, among which those count that search meanwhile."""
    try:
        claims = Claims(len(task.places))
    except OSError as error:
        _LOG.warning("%s: its ranges are read by one process: %s", task.database, error)
        return lambda _place: ()
    readers = Readers(most, task, claims)
    stack.callback(readers.close)
    return readers.pieces


class Readers:
    """The processes, begun when there is room for them."""

    def __init__(self, most: int, task: Task, claims: Claims) -> None:
        self._most, self._task, self._claims = most, task, claims
        self._numbers = {place: number for number, place in enumerate(task.places)}
        self._readers: list[Beside] = []
        self._begin()

    def pieces(self, place: Place) -> Iterator[Piece]:
        """What a reader gives of a range; nothing where nobody has begun with it."""
        self._begin()
        owner = self._claims.owner(self._numbers[place])
        if owner is None:
            return
        while (data := self._readers[owner - 1].take()) is not None:
            piece: Piece = pickle.loads(data)  # made by this program's own process
            if isinstance(piece, Failed) or piece.place == place:
                yield piece
            if isinstance(piece, Whole) and piece.place == place:
                return

    def _begin(self) -> None:
        """A reader for each process that there may be, while there is enough to read; each is begun once."""
        while (
            len(self._readers) < self._most
            and len(multiprocessing.active_children()) < self._most
            and self._claims.free() > _LEAST * (len(self._readers) + 1)
        ):
            number = len(self._readers) + 1
            try:
                self._readers.append(Beside(_serve, self._task, self._claims, number, ahead=_AHEAD))
            except OSError as error:
                _LOG.warning("%s: no further process reads its ranges: %s", self._task.database, error)
                self._most = len(self._readers)

    def close(self) -> None:
        """End them all."""
        for each in self._readers:
            each.close()


def _serve(sender: Connection, task: Task, claims: Claims, number: int) -> None:
    """Runs in the other process."""
    with sender:
        try:
            _give(sender, task, claims, number)
        except BrokenPipeError:
            return  # nobody asks any more


def _give(sender: Connection, task: Task, claims: Claims, number: int) -> None:
    """What went wrong is told at a range that is then read by whoever asks for it."""
    try:
        for piece in read_ranges(task, _turns(task, claims, number)):
            sender.send_bytes(pickle.dumps(piece))
    except SporenError as error:
        claims.next(number)
        sender.send_bytes(pickle.dumps(Failed(error)))


def _turns(task: Task, claims: Claims, number: int) -> Iterator[Place]:
    while (found := claims.next(number)) is not None:
        yield task.places[found]
