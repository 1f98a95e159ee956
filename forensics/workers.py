"""A pool of processes for work that falls into independent parts; results come in the order of the parts."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from forensics.errors import MachineFailed

Part = TypeVar("Part")
Result = TypeVar("Result")
# Parts that wait for each process, so that none is idle and few are in memory.
_WAITING = 3


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


# What a process of a pool does with each part; it is sent once, since it may hold much.
_work: list[Callable[[Any], Any]] = []


def _begin(work: Callable[[Any], Any]) -> None:
    collect_rarely()
    _work.append(work)


def _done(part: Any) -> Any:
    return _work[0](part)


def in_order(work: Callable[[Part], Result], parts: Iterable[Part], workers: int) -> Iterator[Result]:
    """``work`` of each part, in as many processes; with one worker here. MachineFailed when one is killed."""
    if workers < 2:
        yield from map(work, parts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(work,)) as pool:
        running: deque[Future[Result]] = deque()
        try:
            for part in parts:
                running.append(pool.submit(_done, part))
                if len(running) >= workers * _WAITING:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BrokenProcessPool as error:
            raise MachineFailed("a process of this command was ended; run the command again") from error
        finally:
            pool.shutdown(cancel_futures=True)
