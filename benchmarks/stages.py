"""Where the time of `sporen ingest` goes: CPU seconds of its stages, of all its processes.

    python benchmarks/stages.py PHONE

PHONE is made by make_whatsapp.py or growth.py. The command runs in this process, which writes; the processes
that read and that analyse are counted together, by when they end. Linux and macOS.
"""

from __future__ import annotations

import argparse
import functools
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from figures import markdown_table, plain_table
from profile_ingest import call
from sporen_commands import NEW_OPTIONS

# What is measured: where it stands, and what it is called. A stage that runs inside another is taken off it.
STAGES = (
    ("forensics.case_writer", "_insert", "rows of the case"),
    ("forensics.case_writer", "CaseWriter._index", "index of words (FTS5)"),
    (
        "forensics.case_writer",
        "CaseWriter.messages",
        "records, digests, the cheap test of texts",
    ),
    ("forensics.case_writer", "CaseWriter.finish", "indexes of the case"),
    ("forensics.ingest", "combine", "union with other databases and items"),
    ("forensics.case_seal", "Seal.digests", "seal over the tables"),
    ("forensics.ingest", "analyse", "analysis: lines to the other processes, flags from them"),
)


@dataclass
class Spent:
    """CPU seconds by stage, and the stages that run now."""

    by_stage: dict[str, float] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        before = time.process_time()
        self.running.append(name)
        try:
            yield
        finally:
            taken = time.process_time() - before
            self.running.pop()
            self.by_stage[name] = self.by_stage.get(name, 0.0) + taken
            if self.running:
                outer = self.running[-1]
                self.by_stage[outer] = self.by_stage.get(outer, 0.0) - taken


def of_others() -> float:
    """CPU seconds of the processes that this one waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(spent: Spent, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*given: Any, **named: Any) -> Any:
        with spent.stage(name):
            return function(*given, **named)

    return wrapped


def ingested(phone: Path, case: Path) -> tuple[Spent, float, float]:
    """What each stage spent, and the CPU seconds of this process and of all others."""
    (script,) = entry_points(group="console_scripts", name="sporen")
    program, spent = script.load(), Spent()
    call(program, "new", case, *NEW_OPTIONS)
    with ExitStack() as stack:
        for module, path, name in STAGES:
            *owners, last = path.split(".")
            owner = functools.reduce(getattr, owners, import_module(module))
            stack.enter_context(patch.object(owner, last, timed(spent, name, getattr(owner, last))))
        here, others = time.process_time(), of_others()
        call(program, "ingest", case, phone, "--quiet")
        return spent, time.process_time() - here, of_others() - others


def table(phone: Path, case: Path) -> list[tuple[str, str, str, str]]:
    """A row for each stage: its name, where it runs, CPU seconds, and their share in percent."""
    spent, here, others = ingested(phone, case)
    rows = [("reading, deleted rows too; analysis of lines", "others", others)]
    rows += [(name, "this", taken) for name, taken in spent.by_stage.items()]
    rows += [("everything else", "this", here - sum(spent.by_stage.values()))]
    whole = here + others
    told = [(name, where, f"{taken:.1f}", f"{100 * taken / whole:.0f}") for name, where, taken in rows]
    return [*told, ("all", "", f"{whole:.1f}", "100")]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("phone", type=Path, metavar="PHONE")
    parser.add_argument("--markdown", action="store_true")
    asked = parser.parse_args()
    layout = markdown_table if asked.markdown else plain_table
    with TemporaryDirectory() as folder:
        print(layout(("stage", "process", "CPU s", "%"), table(asked.phone, Path(folder) / "case")))


if __name__ == "__main__":
    main()
