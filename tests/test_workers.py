"""The pool of processes: order, one worker in this process, and a worker that is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from forensics import workers
from forensics.errors import MachineFailed
from forensics.workers import Pool, in_order

_KILLS = 7


def squared(number: int) -> int:
    return number * number


def where(_part: int) -> int:
    return os.getpid()


def killing(number: int) -> int:
    """The worker that gets the seventh part ends as kill -9 ends it."""
    if number == _KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_the_order_of_the_parts(processes: int):
    assert list(in_order(squared, range(40), processes)) == [number**2 for number in range(40)]


def test_one_worker_is_this_process():
    assert set(in_order(where, range(3), 1)) == {os.getpid()}


def test_several_workers_are_other_processes():
    assert os.getpid() not in set(in_order(where, range(8), 2))


def test_few_parts_are_taken_ahead_of_what_was_given():
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    found = in_order(squared, parts(), 2)
    assert next(found) == 0
    assert len(taken) <= 7, "a pool that takes all parts holds them all in memory"
    assert list(found)[-1] == 49**2


def size_of(number: int) -> int:
    return 1000 if number % 2 else 1


def slowly(number: int) -> tuple[int, int]:
    time.sleep(0.01)
    return number, os.getpid()


def test_this_process_works_too_while_as_much_waits_for_the_others():
    with Pool(slowly, 1, size=size_of) as pool:
        found = list(pool.in_order(range(60)))
    assert [number for number, _ in found] == list(range(60))
    here = {number for number, process in found if process == os.getpid()}
    assert here
    assert not here & {0, 1}, "what comes first is left to the others"


def test_a_part_that_is_more_than_what_waits_is_left_to_the_others():
    with Pool(slowly, 1, size=lambda number: 100 if number == 30 else 1) as pool:
        found = list(pool.in_order(range(60)))
    assert [number for number, _ in found] == list(range(60))
    assert found[30][1] != os.getpid()
    assert os.getpid() in {process for _, process in found}


def waits_first(number: int) -> int:
    if not number:
        time.sleep(2)
    return number


def test_results_that_wait_for_an_earlier_one_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "_MOST_RESULTS", 20)
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with Pool(waits_first, 1, size=lambda number: 1 if number else 50) as pool:
        found = pool.in_order(parts())
        assert next(found) == 0
        assert len(taken) <= 22
        assert list(found) == list(range(1, 100))


def test_a_worker_that_is_killed_is_one_sentence():
    with pytest.raises(MachineFailed, match="run the command again"):
        list(in_order(killing, range(40), 2))


def test_processes_can_be_begun_before_there_is_a_part():
    with Pool(where, 2) as pool:
        pool.begin()
        begun = {each.pid for each in multiprocessing.active_children()}
        assert len(begun) == 2
        assert set(pool.in_order(range(40))) <= begun
    assert not multiprocessing.active_children()


def test_one_that_was_begun_ahead_and_killed_is_one_sentence():
    with Pool(squared, 2) as pool:
        pool.begin()
        for each in multiprocessing.active_children():
            each.kill()
        with pytest.raises(MachineFailed, match="run the command again"):
            list(pool.in_order(range(40)))


def test_processes_that_nobody_asked_for_anything_end():
    with Pool(squared, 2) as pool:
        pool.begin()
    assert not multiprocessing.active_children()


def preparing() -> None:
    os.environ["PREPARED_BY"] = str(os.getpid())


def prepared_by(_part: int) -> str:
    return os.environ["PREPARED_BY"]


def test_memory_can_be_given_back_wherever_the_program_runs(monkeypatch: pytest.MonkeyPatch):
    workers.give_back()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("ctypes.CDLL", None)
    workers.give_back()


def test_every_process_prepares_itself_first():
    with Pool(prepared_by, 2, preparing) as pool:
        found = set(pool.in_order(range(8)))
    assert found
    assert str(os.getpid()) not in found


def test_one_that_ends_while_they_are_begun_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def refused(*_given: object) -> None:
        raise BrokenProcessPool

    with Pool(squared, 2) as pool:
        monkeypatch.setattr(pool._executor, "submit", refused)
        with pytest.raises(MachineFailed, match="run the command again"):
            pool.begin()


_INTERRUPTED = """
import os, signal, sys, time
from forensics.workers import Pool
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Pool(abs, 2) as pool:
        assert list(pool.in_order([-1, -2, -3])) == [1, 2, 3]
    with Pool(abs, 2) as pool:
        pool.begin()
        time.sleep(float(sys.argv[1]))
        os.killpg(os.getpid(), signal.SIGINT)
        signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such groups of processes there")
@pytest.mark.parametrize("after", [0, 0.02, 0.05, 0.1, 1])
def test_ctrl_c_is_told_by_the_first_process_alone(after: float, tmp_path: Path):
    script = tmp_path / "interrupted.py"
    script.write_text(_INTERRUPTED)
    told = subprocess.run(
        [sys.executable, script, str(after)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        start_new_session=True,
    )
    assert told.stderr.count("KeyboardInterrupt") == 1, told.stderr
    assert "SpawnProcess" not in told.stderr


_KILLED = """
import multiprocessing, os, signal
from forensics.workers import Pool
if __name__ == "__main__":
    with Pool(abs, 2) as pool:
        pool.begin()
        print(*(each.pid for each in multiprocessing.active_children()), flush=True)
        next(pool.in_order([-1, -2, -3]))
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_processes_end_with_the_one_that_began_them(tmp_path: Path):
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)
    told = subprocess.run(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=60
    )
    pids = list(map(int, told.stdout.split()))
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            for _ in range(100):
                os.kill(pid, 0)
                time.sleep(0.1)
