"""The tables that a benchmark prints: figures, the targets they are held against, and the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from measure import Figure

MEGABYTE = 1_000_000
Row = tuple[str, ...]
FIGURE_HEAD: Row = ("measured", "runs", "wall s", "CPU s", "peak MB", "remark")
TARGET_HEAD: Row = ("target", "measured", "by CPU", "bound", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure made of measured ones, with the bound it should keep; `value` is None when not measured."""

    name: str
    value: float | None
    bound: float
    unit: str
    at_least: bool = False
    by_cpu: float | None = None

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        is_met = self.value >= self.bound if self.at_least else self.value <= self.bound
        return "met" if is_met else "MISSED"

    def row(self) -> Row:
        sign = "at least" if self.at_least else "at most"
        measured = "-" if self.value is None else f"{self.value:.2f} {self.unit}".strip()
        by_cpu = "-" if self.by_cpu is None else f"{self.by_cpu:.2f}"
        return (self.name, measured, by_cpu, f"{sign} {self.bound:g} {self.unit}".strip(), self.verdict)


def divided(above: float | None, below: float | None) -> float | None:
    """A ratio; None when one of the two was not measured."""
    return above / below if above is not None and below else None


def added(*values: float | None) -> float | None:
    """A sum; None when one of the values was not measured."""
    return None if None in values else sum(value for value in values if value is not None)


def ratio(name: str, above: Sequence[Figure], below: Sequence[Figure], bound: float, **keep: bool) -> Target:
    """How many times as long some commands take as others, by the wall clock and by CPU time."""
    return Target(
        name=name,
        value=divided(added(*(figure.wall for figure in above)), added(*(figure.wall for figure in below))),
        by_cpu=divided(added(*(figure.cpu for figure in above)), added(*(figure.cpu for figure in below))),
        bound=bound,
        unit="x",
        **keep,
    )


def targets_of(figures: Mapping[str, Figure]) -> list[Target]:
    """What the figures are held against; a figure that is missing leaves its targets not measured."""
    missing = Figure(name="")
    ingest, smaller = figures.get("ingest", missing), figures.get("ingest-100000", missing)
    yardstick, html = figures.get("copy", missing), figures.get("report-html", missing)
    their_json, their_html = figures.get("exporter-json", missing), figures.get("exporter-html", missing)
    start, search = figures.get("help", missing), figures.get("search", missing)
    peak = None if ingest.peak is None else ingest.peak / MEGABYTE
    in_search = None if search.wall is None or start.wall is None else max(0.0, search.wall - start.wall)
    report = figures.get("report-20000", missing)
    return [
        ratio("ingest against yardstick (c)", [ingest], [yardstick], 4),
        ratio(
            "ingest of iOS against its yardstick (c)",
            [figures.get("ios-ingest", missing)],
            [figures.get("ios-copy", missing)],
            4,
        ),
        Target(name="peak memory of ingest", value=peak, bound=400, unit="MB"),
        Target(
            name="memory of ingest against 100,000 messages",
            value=divided(ingest.peak, smaller.peak),
            bound=1.15,
            unit="x",
        ),
        ratio("exporter's JSON against ingest", [their_json], [ingest], 2, at_least=True),
        ratio(
            "exporter's HTML against ingest and HTML report", [their_html], [ingest, html], 8, at_least=True
        ),
        Target(name="report of 20,000 messages", value=report.wall, bound=15, unit="s", by_cpu=report.cpu),
        Target(name="search, less the start of the program", value=in_search, bound=0.1, unit="s"),
        Target(name="sporen --help", value=start.wall, bound=0.3, unit="s", by_cpu=start.cpu),
    ]


def figure_row(figure: Figure) -> Row:
    if figure.wall is None or figure.cpu is None or figure.peak is None:
        return (figure.name, "-", "-", "-", "-", figure.remark)
    peak = f"{figure.peak / MEGABYTE:.0f}"
    return (figure.name, str(figure.runs), f"{figure.wall:.2f}", f"{figure.cpu:.2f}", peak, figure.remark)


def plain_table(head: Row, rows: Sequence[Row]) -> str:
    """Columns of equal width, two spaces apart."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown_table(head: Row, rows: Sequence[Row]) -> str:
    lines = [
        head,
        tuple("---" for _ in head),
        *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def processor() -> str:
    """The processor's own name where the system tells it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")


def machine() -> list[str]:
    """On what and when this was measured; the load shows whether others were at work."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load at the end: {load}",
    ]


def page(title: str, figures: Mapping[str, Figure], *, markdown: bool) -> str:
    """The whole result as text."""
    table = markdown_table if markdown else plain_table
    heading = f"# {title}" if markdown else title
    described = "\n".join(f"- {line}" if markdown else line for line in machine())
    parts = [
        heading,
        described,
        table(FIGURE_HEAD, [figure_row(figure) for figure in figures.values()]),
        table(TARGET_HEAD, [target.row() for target in targets_of(figures)]),
        "Wall and CPU are medians; the peak is the largest sum over all processes of a command.",
    ]
    return "\n\n".join(parts)
