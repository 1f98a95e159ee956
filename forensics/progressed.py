"""How far a long step is: told by the thread that works, for whoever watches.

Nothing depends on it: what is told changes no record and no order of them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar

from forensics.members import Evidence, Member

# So many bytes are hashed between two words about it.
_TOLD_EVERY = 64 << 20

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """``count`` more of ``what`` is done; ``total``: of how many, where that is known; ``part``: of what they
    are counted."""

    what: str
    count: int
    total: int | None = None
    part: str = ""


Tell = Callable[[Progressed], None]


def nobody(progressed: Progressed) -> None:
    """Nobody watches."""
    del progressed


class Hashing:
    """Takes the bytes of each step of hashing and tells of them in larger ones; ``close`` tells the rest."""

    def __init__(self, tell: Tell, total: int | None, part: str = "") -> None:
        self._tell, self._total, self._part = tell, total, part
        self._pending = 0

    def __call__(self, count: int) -> None:
        self._pending += count
        if self._pending >= _TOLD_EVERY:
            self.close()

    def close(self) -> None:
        """Tell what was not told yet."""
        if self._pending:
            self._tell(Progressed(what="bytes", count=self._pending, total=self._total, part=self._part))
            self._pending = 0


def counted(evidence: Evidence, members: Iterable[Member], tell: Tell) -> Iterator[Member]:
    """The members, while it is told how far their listing is."""
    before, last = 0, None
    for number, last in enumerate(members, 1):
        if number % evidence.told_every == 0:
            before = _tell_of(evidence, last, before, tell)
        yield last
    if last is not None:
        _tell_of(evidence, last, before, tell)


def _tell_of(evidence: Evidence, member: Member, before: int, tell: Tell) -> int:
    what, done, total = evidence.reached(member)
    if done > before:
        tell(Progressed(what=what, count=done - before, total=total, part=evidence.name))
    return max(before, done)


class _StoppedError(Exception):
    """Nobody waits for the work any more."""


def told_while(work: Callable[[Tell], Done]) -> Generator[Progressed, None, Done]:
    """Do the work in a thread, and give meanwhile what it tells; then its result, or its error raised."""
    told: SimpleQueue[Progressed | None] = SimpleQueue()
    is_wanted = True

    def tell(progressed: Progressed) -> None:
        if not is_wanted:
            raise _StoppedError
        told.put(progressed)

    with ThreadPoolExecutor(max_workers=1) as pool:
        working = pool.submit(work, tell)
        working.add_done_callback(lambda _done: told.put(None))
        try:
            while (progressed := told.get()) is not None:
                yield progressed
        finally:
            # whoever interrupts need not wait until all is hashed
            is_wanted = False
    return working.result()
