"""A process beside this one, for work that goes on meanwhile; it never outlives the one that began it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from forensics.workers import collect_rarely


def begin(work: Callable[..., None], *given: Any) -> BaseProcess:
    """Do the work in a new process. What is given crosses as pickles."""
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(work, given), daemon=True)
    process.start()
    return process


def _run(work: Callable[..., None], given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    collect_rarely()
    work(*given)


def _end_with_parent() -> None:
    """One that is killed cannot end its processes itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
