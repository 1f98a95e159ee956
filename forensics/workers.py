"""A pool of processes for work that falls into independent parts; results come in the order of the parts."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, NamedTuple, Self, TypeVar

from forensics.errors import MachineFailed
from forensics.interrupts import end_quietly, held

Part = TypeVar("Part")
Result = TypeVar("Result")
# Parts that each process has or that wait for it, so that none is idle and few are in memory; more where this
# process works too, which does not look after the others meanwhile.
_WAITING, _WAITING_BESIDE = 3, 16
# Results of parts that wait for that of one before them.
_MOST_RESULTS = 500


def default_workers() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def collect_rarely() -> None:
    """Let Python look for cycles once in 100,000 new objects instead of 700: records have none, and looking
    took a fifth of an ingest (benchmarks). What is loaded by now is not looked at again."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def give_back() -> None:
    """Give memory that nothing uses any more back to the machine, where the library of C keeps it (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def end_with_parent() -> None:
    """End this process with the one that began it, which cannot do so itself when it is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


# What a process of a pool does with each part; it is sent once, since it may hold much.
_work: list[Callable[[Any], Any]] = []


def _begin(work: Callable[[Any], Any], prepare: Callable[[], object] | None) -> None:
    end_quietly()
    end_with_parent()
    if prepare is not None:
        prepare()
        give_back()
    collect_rarely()
    _work.append(work)


def _done(part: Any) -> Any:
    return _work[0](part)


def _ready() -> None:
    """The first thing that a process does which is begun ahead."""


@contextmanager
def _told() -> Iterator[None]:
    """A process that was ended is MachineFailed."""
    try:
        yield
    except BrokenProcessPool as error:
        raise MachineFailed("a process of this command was ended; run the command again") from error


class _Given(NamedTuple, Generic[Result]):
    """A part that was given to a process, or done here."""

    result: Future[Result]
    size: int


class Pool(Generic[Part, Result]):
    """Processes for one kind of work, gone at the end of the block; ``in_order`` may be asked once. What
    ``prepare`` does every process does first. Where it is known how much work a part is, its ``size``, this
    process works too: it does a part while so much waits for each of the others that none will be idle."""

    def __init__(
        self,
        work: Callable[[Part], Result],
        workers: int,
        prepare: Callable[[], object] | None = None,
        size: Callable[[Part], int] | None = None,
    ) -> None:
        self._workers, self._work, self._size = workers, work, size
        self._enough = workers * (_WAITING if size is None else _WAITING_BESIDE)
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_begin, initargs=(work, prepare)
        )
        self._ending: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ending is not None:
            self._ending.join()
        self._executor.shutdown(cancel_futures=True)

    def begin(self) -> None:
        """Begin the processes before there is a part for them: that they are ready takes a while.
        MachineFailed when one is killed meanwhile."""
        with _told():
            for _ in range(self._workers):
                self._submit(_ready)

    def in_order(self, parts: Iterable[Part]) -> Iterator[Result]:
        """What became of each part; then the processes end, which nobody waits for before the end of the
        block. MachineFailed when one is killed."""
        running: deque[_Given[Result]] = deque()
        with _told():
            for part in parts:
                size = self._size(part) if self._size is not None else 0
                if self._is_done_here(size, running):
                    running.append(_Given(_done_here(self._work, part), size))
                else:
                    while self._have_enough(running):
                        yield running.popleft().result.result()
                    running.append(_Given(self._submit(_done, part), size))
                while running and running[0].result.done():
                    yield running.popleft().result.result()
            while running:
                yield running.popleft().result.result()
        self._ending = threading.Thread(target=self._executor.shutdown)
        self._ending.start()

    def _submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Have the work done by a process, which is begun when there are too few."""
        with held():
            return self._executor.submit(work, *given)

    def _is_done_here(self, size: int, running: Sequence[_Given[Result]]) -> bool:
        """Whether this process does a part of this size: so much waits for each of the others meanwhile."""
        if self._size is None or len(running) >= _MOST_RESULTS:
            return False
        waiting = [each.size for each in running if not each.result.done()][self._workers :]
        return 0 < size * self._workers <= sum(waiting)

    def _have_enough(self, running: Sequence[_Given[Result]]) -> bool:
        """Whether so many parts wait that no process will be idle soon, or so many results."""
        return (
            len(running) >= _MOST_RESULTS or sum(not each.result.done() for each in running) >= self._enough
        )


def _done_here(work: Callable[[Part], Result], part: Part) -> Future[Result]:
    """The result of a part that this process does itself."""
    done: Future[Result] = Future()
    done.set_result(work(part))
    return done


def in_order(work: Callable[[Part], Result], parts: Iterable[Part], workers: int) -> Iterator[Result]:
    """``work`` of each part, in as many processes; with one worker here. MachineFailed when one is killed."""
    if workers < 2:
        yield from map(work, parts)
        return
    with Pool(work, workers) as pool:
        yield from pool.in_order(parts)
