"""Measures Sporen's own commands, each as a child process, on a case made for it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from inputs import bytes_in
from measure import NOT_THERE, Figure, Measurement, measure, reason, repeated

NEW_OPTIONS = ("--number", "BENCH-1", "--examiner", "Benchmark", "--authority", "none:benchmark:2024-01-01")
RARE_WORD, FREQUENT_WORD = "spul", "trein"
RECORD_ID = re.compile(r'"id"\s*:\s*"([^"]+)"')
Announce = Callable[[str], None]


def find_sporen() -> Path:
    """The program beside the running Python, or the one on the path; its name when there is none."""
    beside = Path(sys.executable).with_name("sporen")
    return beside if beside.is_file() else Path(shutil.which("sporen") or beside)


class SporenCommands:
    """One case and the commands on it; what fails leaves a figure with the reason."""

    def __init__(self, folder: Path, phone: Path, size: str, announce: Announce) -> None:
        self.program, self.folder, self.phone, self.announce = find_sporen(), folder, phone, announce
        self.size = size
        # how many processes an ingest may have; none: as many as there are cores
        self.workers: int | None = None
        self.case = folder / "case"
        self.found = folder / "found.json"

    def run(self, *arguments: str | Path, output: Path | None = None) -> Measurement:
        return measure([self.program, *arguments], output=output)

    def figure(self, name: str, *arguments: str | Path, output: Path | None = None) -> Figure:
        self.announce(name)
        return repeated(name, partial(self.run, *arguments, output=output))

    def start(self) -> dict[str, Figure]:
        return {"help": self.figure("sporen --help", "--help")}

    def ingest(self) -> Figure:
        """Ingest into a new case each time; the last one stays."""
        name = f"sporen ingest, {self.size}"
        self.announce(name)
        try:
            made = self.new_case()
        except FileNotFoundError:
            return Figure(name=name, remark=NOT_THERE)
        if made.exit_code:
            return Figure(name=name, remark=f"sporen new: {reason(made)}")
        figure = repeated(name, self.ingest_again)
        return figure if figure.wall is None else self.with_size(figure, self.case)

    def new_case(self) -> Measurement:
        shutil.rmtree(self.case, ignore_errors=True)
        return self.run("new", self.case, *NEW_OPTIONS)

    def ingest_again(self) -> Measurement:
        self.new_case()
        asked = () if self.workers is None else ("--workers", str(self.workers))
        return self.run("ingest", self.case, self.phone, "--json", *asked, output=self.folder / "ingest.json")

    def with_size(self, figure: Figure, made: Path) -> Figure:
        remark = f"{bytes_in(made) / 1_000_000:.0f} MB written"
        return Figure(
            name=figure.name,
            runs=figure.runs,
            wall=figure.wall,
            cpu=figure.cpu,
            peak=figure.peak,
            remark=remark,
        )

    def questions(self) -> dict[str, Figure]:
        """Two searches, and one message shown."""
        search = ("search", self.case, RARE_WORD, "--json")
        figures = {"search": self.figure(f"sporen search {RARE_WORD}", *search, output=self.found)}
        found = RECORD_ID.search(self.found.read_text(encoding="utf-8")) if self.found.exists() else None
        often = ("search", self.case, FREQUENT_WORD, "--json")
        figures["search-frequent"] = self.figure(f"sporen search {FREQUENT_WORD}", *often)
        if found:
            figures["show"] = self.figure("sporen show", "show", self.case, found[1], "--json")
        else:
            figures["show"] = Figure(name="sporen show", remark="no message was found to show")
        return figures

    def report(self, key: str, name: str, *options: str) -> dict[str, Figure]:
        """A delivery, made anew each time."""
        delivery = self.folder / key
        self.announce(name)

        def again() -> Measurement:
            shutil.rmtree(delivery, ignore_errors=True)
            return self.run("report", self.case, "-o", delivery, *options)

        figure = repeated(name, again)
        if figure.wall is not None:
            figure = self.with_size(figure, delivery)
        shutil.rmtree(delivery, ignore_errors=True)
        return {key: figure}

    def export(self, form: str) -> dict[str, Figure]:
        """The whole case in one file, made anew each time."""
        file = self.folder / f"export.{form}"
        name = f"sporen export, {form}"
        self.announce(name)

        def again() -> Measurement:
            file.unlink(missing_ok=True)
            return self.run("export", self.case, "--format", form, "-o", file)

        figure = repeated(name, again)
        if figure.wall is not None:
            figure = self.with_size(figure, file)
        file.unlink(missing_ok=True)
        return {f"export-{form}": figure}
