"""Runs one command as a child process and measures it: wall clock, CPU, peak memory.

This module and its callers stay small on purpose: Linux counts the memory of the parent at the moment
of the start as the child's own peak, so a large parent would spoil the figure.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SAMPLE_EVERY = 0.2  # seconds between looks at the memory of all processes of a command
PAGE = os.sysconf("SC_PAGE_SIZE")
# getrusage(2): ru_maxrss is in kibibytes, on macOS in bytes
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
SHORT, MOST_RUNS = 60.0, 3  # what takes more seconds is run once
NOT_THERE = "not there"
TAIL = 2000  # characters kept of what a command wrote to standard error


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One run: seconds, bytes; `peak` is of the largest process, `peak_together` of all at one moment."""

    wall: float
    cpu: float
    peak: int
    peak_together: int
    exit_code: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The median of one or more runs of one command, or the reason why there is none."""

    name: str
    runs: int = 0
    wall: float | None = None
    cpu: float | None = None
    peak: int | None = None
    remark: str = ""


def memory_of_session(session: int) -> int:
    """The resident bytes of all processes of a session, shared pages counted in each; 0 without /proc."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # the process ended between the listing and the reading
        if int(fields[3]) == session:  # proc(5): fields 6 and 24, counted after the name
            total += int(fields[21]) * PAGE
    return total


class MemoryWatch(threading.Thread):
    """Looks at the memory of a session from time to time, until told to stop."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.peak = session, 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(SAMPLE_EVERY):
            self.peak = max(self.peak, memory_of_session(self.session))

    def stop(self) -> int:
        self.stopped.set()
        self.join()
        return self.peak


def measure(
    command: Sequence[str | Path], *, folder: Path | None = None, output: Path | None = None
) -> Measurement:
    """Run a command to its end; its standard output goes to `output` or nowhere.

    Raises FileNotFoundError when the program is not there.
    """
    with (
        Path(output or os.devnull).open("wb") as standard_output,
        subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=quiet_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=standard_output,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        start = time.perf_counter()
        watch = MemoryWatch(process.pid)
        watch.start()
        try:
            error = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            together = watch.stop()
            if process.returncode is None:  # interrupted: nothing of this session may run on
                os.killpg(process.pid, signal.SIGKILL)
    peak = usage.ru_maxrss * PEAK_UNIT
    return Measurement(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=peak,
        peak_together=max(peak, together),
        exit_code=process.returncode,
        error=error.decode("utf-8", "replace")[-TAIL:],
    )


def quiet_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without colours, with UTF-8 wherever the machine stands, and where Python keeps what it
    compiled, as it does for a user: else each process would compile the program anew."""
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_COLOR": "1", "PYTHONUTF8": "1"}


def summary(name: str, runs: Sequence[Measurement], remark: str = "") -> Figure:
    """The median of several runs; of the memory the largest."""
    return Figure(
        name=name,
        runs=len(runs),
        wall=median(run.wall for run in runs),
        cpu=median(run.cpu for run in runs),
        peak=max(run.peak_together for run in runs),
        remark=remark,
    )


def repeated(name: str, run: Callable[[], Measurement], most_runs: int = MOST_RUNS) -> Figure:
    """Run something up to so many times, once when it is long; a failure is a figure with its reason."""
    runs: list[Measurement] = []
    while not runs or (len(runs) < most_runs and runs[0].wall < SHORT):
        try:
            runs.append(run())
        except FileNotFoundError:
            return Figure(name=name, remark=NOT_THERE)
        if runs[-1].exit_code:
            return Figure(name=name, remark=reason(runs[-1]))
    return summary(name, runs)


def reason(run: Measurement) -> str:
    """Why a run gave no figure: a command that is not there yet, or the last line it wrote."""
    if "No such command" in run.error:
        return NOT_THERE
    return f"failed, exit {run.exit_code}: {run.error.strip().rpartition(chr(10))[2][:120]}"
