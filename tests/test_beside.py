"""A process beside another one: what it gives comes in order and bounded, and it never outlives the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from forensics.beside import Beside, _Pieces, _receive, begin


def test_a_connection_that_fails_in_any_way_is_an_end() -> None:
    class Failing:
        def __init__(self, error: BaseException) -> None:
            self._error = error

        def recv_bytes(self) -> bytes:
            raise self._error

    for error in (EOFError(), OSError(), MemoryError()):
        pieces = _Pieces(10)
        _receive(cast(Any, Failing(error)), pieces)
        assert pieces.take() is None
    pieces = _Pieces(10)
    with pytest.raises(ZeroDivisionError):
        _receive(cast(Any, Failing(ZeroDivisionError())), pieces)
    assert pieces.take() is None


def test_so_many_bytes_wait_and_no_more() -> None:
    pieces = _Pieces(10)
    given: list[bytes] = []

    def give() -> None:
        for each in (b"1234", b"123456", b"7", b"a piece that is larger than what may wait"):
            pieces.put(each)
            given.append(each)

    thread = threading.Thread(target=give, daemon=True)
    thread.start()
    time.sleep(0.2)
    assert len(given) == 2
    assert pieces.take() == b"1234"
    time.sleep(0.2)
    assert len(given) == 3
    assert [pieces.take(), pieces.take()] == [b"123456", b"7"]
    thread.join(10)
    assert len(given) == 4


@pytest.mark.parametrize("after", [0, 0.02, 0.05, 0.1, 1.5])  # while Python starts there, and when it sleeps
def test_ctrl_c_is_left_to_the_first_process(after: float) -> None:
    process = begin(time.sleep, 60)
    try:
        time.sleep(after)
        os.kill(process.pid or 0, signal.SIGINT)
        process.join(2 - after)
        assert process.is_alive()
    finally:
        process.kill()
        process.join()


_KILLED = """
import os, signal, time
from forensics.beside import begin
if __name__ == "__main__":
    print(begin(time.sleep, 60, is_daemon=False).pid, flush=True)
    time.sleep(1.5)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_process_ends_with_the_one_that_began_it(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)
    told = subprocess.run([sys.executable, script], capture_output=True, check=False, timeout=60)
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(int(told.stdout), 0)
            time.sleep(0.1)


def _gives(sender: Any) -> None:
    with sender:
        sender.send_bytes(b"one")
        sender.send_bytes(b"two")


def test_what_a_process_gives_comes_in_its_order_and_ends() -> None:
    beside = Beside(_gives, ahead=1)
    assert [beside.take() for _ in range(4)] == [b"one", b"two", None, None]
    beside.close()
    assert beside.process.exitcode == 0


def sending(sender: Connection, size: int) -> None:
    sender.send_bytes(bytes(size))


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets a program say so")
def test_a_pipe_holds_a_batch() -> None:
    """Measured: a reading process that sends by pieces of 65,536 bytes waits a tenth of its time."""
    fcntl = pytest.importorskip("fcntl")

    beside = Beside(sending, 900_000, ahead=10)
    try:
        assert fcntl.fcntl(beside._receiver.fileno(), fcntl.F_GETPIPE_SZ) >= 900_000
        assert beside.take() == bytes(900_000)
        assert beside.take() is None
    finally:
        beside.close()


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets a program say so")
def test_a_pipe_that_gets_no_more_room_does_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    too_much = (1 << 31) + 1  # the system refuses it to everybody
    monkeypatch.setattr("forensics.beside._PIPE", too_much)
    beside = Beside(sending, 900_000, ahead=10)
    try:
        with pytest.raises(OSError, match=r"."):
            fcntl.fcntl(beside._receiver.fileno(), fcntl.F_SETPIPE_SZ, too_much)
        assert beside.take() == bytes(900_000)
    finally:
        beside.close()
