"""A process beside this one, for work that goes on meanwhile; it never outlives the one that began it."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from forensics.interrupts import held, ignore
from forensics.workers import collect_rarely, end_with_parent

if sys.platform == "linux":
    import fcntl

# Seconds in which a process that has given everything ends by itself.
_PATIENCE = 5
# Bytes that a pipe holds, where the system lets a program say so: with the usual 65,536 whoever sends a batch
# waits again and again until the other process has a moment to take a piece of it.
_PIPE = 1 << 20


def begin(work: Callable[..., None], *given: Any, is_daemon: bool = True) -> BaseProcess:
    """Do the work in a new process; OSError where the machine has none. What is given crosses as pickles. One
    that is to have processes of its own is no daemon."""
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(work, given), daemon=is_daemon)
    with held():
        process.start()
    return process


def _run(work: Callable[..., None], given: tuple[Any, ...]) -> None:
    ignore()
    end_with_parent()
    collect_rarely()
    work(*given)


def _widen(end: Connection) -> None:
    """Give a pipe more room, on Linux; it works with less."""
    if sys.platform == "linux":
        with suppress(OSError):  # this user has no more room for pipes
            fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


class Beside:
    """A process beside this one, and a thread that takes the pieces that it sends, up to so many bytes
    ``ahead`` of whoever takes them from here. OSError where it cannot be begun."""

    def __init__(self, work: Callable[..., None], *given: Any, ahead: int, is_daemon: bool = True) -> None:
        """``work`` gets the connection to send by, and then what is given."""
        self._receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
        _widen(self._receiver)
        try:
            with sender:
                self.process = begin(work, sender, *given, is_daemon=is_daemon)
        except OSError:
            self._receiver.close()
            raise
        self._pieces = _Pieces(ahead)
        self._is_over = False
        self._thread = threading.Thread(target=_receive, args=(self._receiver, self._pieces), daemon=True)
        self._thread.start()

    def take(self) -> bytes | None:
        """The next piece, once it is there; None when no more come, for whatever reason."""
        data = None if self._is_over else self._pieces.take()
        self._is_over = data is None
        return data

    def close(self) -> None:
        """End the process, if it has not ended."""
        self._pieces.close()
        if self._is_over:
            self.process.join(_PATIENCE)
        self.process.kill()
        self.process.join()
        self._thread.join()
        self._receiver.close()


class _Pieces:
    """What has come and was not taken yet."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._has_ended = self._is_closed = False

    def put(self, data: bytes) -> bool:
        """Waits while there is too much; whether anybody still takes it. One piece has always room."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or not self._waiting or self._has_room(data))
            self._waiting.append(data)
            self._bytes += len(data)
            self._changed.notify_all()
            return not self._is_closed

    def _has_room(self, data: bytes) -> bool:
        return self._bytes + len(data) <= self._most

    def take(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._has_ended)
            if not self._waiting:
                return None
            data = self._waiting.popleft()
            self._bytes -= len(data)
            self._changed.notify_all()
            return data

    def end(self) -> None:
        """No more comes."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody takes anything any more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()


def _receive(receiver: Connection, pieces: _Pieces) -> None:
    """Move what comes, until nothing can come any more: whoever takes the pieces must see their end."""
    try:
        while pieces.put(receiver.recv_bytes()):
            continue
    except (EOFError, OSError, MemoryError):
        return  # whoever takes the pieces sees that they are not all there
    finally:
        pieces.end()
