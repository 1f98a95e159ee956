"""Ctrl-C, which a terminal sends to all processes of a command: only the first one says what happened."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform != "win32":
    from multiprocessing import resource_tracker


@contextmanager
def held() -> Iterator[None]:
    """Hold Ctrl-C back within the block, and in each process that is begun there until it says what it does
    about it: one that comes while Python starts would be a traceback. On Windows nothing is held."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # beginning it within the block would let go of Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_quietly() -> None:
    """From now on this process ends without a word by Ctrl-C, unless the one that began it ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _let_through()


def ignore() -> None:
    """From now on nothing happens to this process by Ctrl-C: another one ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _let_through()


def _let_through() -> None:
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
