"""Measures Sporen, the yardsticks and, if asked, another exporter on the same input in the same run.

    python benchmarks/run.py --messages 1000000 --work /tmp/sporen-bench --exporter --markdown
    python benchmarks/run.py --messages 1000000 --only-ios

A command that is not there yet is named as such. What the run is doing goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir

from exporter import find_exporter, measure_exporter
from figures import page
from inputs import bytes_in, phone_of
from make_whatsapp import MESSAGES_PATH
from make_whatsapp_ios import STORAGE_PATH
from measure import Figure
from sporen_commands import SporenCommands
from yardsticks import measure_yardsticks

SMALLER, SELECTION = 100_000, 20_000


def announce(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def commands_for(work: Path, messages: int) -> SporenCommands:
    """The commands on a case of so many messages; makes the input first."""
    announce(f"input of {messages:,} messages")
    folder = work / f"run-{messages}"
    folder.mkdir(parents=True, exist_ok=True)
    return SporenCommands(folder, phone_of(work, messages), f"{messages:,} messages", announce)


def measure_selection(work: Path, messages: int) -> dict[str, Figure]:
    """The reports of a small case: all forms, and two of them alone."""
    small = commands_for(work, messages)
    figures = {f"ingest-{messages}": small.ingest()}
    figures |= small.report(f"report-{messages}", f"sporen report, {messages:,} messages")
    figures |= small.report("report-pdf-alone", "sporen report, PDF alone", "--format", "pdf")
    figures |= small.report("report-html-alone", "sporen report, HTML alone", "--format", "html")
    return figures


def measure_large(large: SporenCommands, messages: int) -> dict[str, Figure]:
    figures = large.start()
    figures["ingest"] = large.ingest()
    figures |= large.questions()
    figures |= large.report("report-html", f"sporen report, HTML, {messages:,} messages", "--format", "html")
    return figures | large.export("jsonl") | large.export("csv")


def measure_ios(work: Path, messages: int) -> dict[str, Figure]:
    """The same messages as an iPhone keeps them: the yardsticks on its database, and the ingest."""
    announce(f"input of {messages:,} messages of iOS")
    folder, phone = work / f"run-ios-{messages}", phone_of(work, messages, is_ios=True)
    folder.mkdir(parents=True, exist_ok=True)
    yardsticks = measure_yardsticks(phone / STORAGE_PATH, folder)
    figures = {f"ios-{key}": replace(each, name=f"iOS: {each.name}") for key, each in yardsticks.items()}
    figures["ios-ingest"] = SporenCommands(folder, phone, f"{messages:,} messages of iOS", announce).ingest()
    return figures


def measure_all(work: Path, messages: int, exporter: str | None, *, with_exporter: bool) -> dict[str, Figure]:
    """All figures, in the order in which they are printed."""
    large = commands_for(work, messages)
    announce("yardsticks")
    figures = measure_yardsticks(large.phone / MESSAGES_PATH, large.folder)
    figures |= measure_large(large, messages)
    if messages > SMALLER:
        figures["ingest-100000"] = commands_for(work, SMALLER).ingest()
    figures |= measure_selection(work, min(SELECTION, messages))
    figures |= measure_ios(work, messages)
    if with_exporter:
        program = find_exporter(exporter)
        figures |= measure_exporter(program, large.phone, large.folder / "exporter", announce)
    return figures


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "sporen-bench", help="kept inputs")
    parser.add_argument(
        "--exporter",
        nargs="?",
        const="",
        metavar="PROGRAM",
        help="also measure WhatsApp-Chat-Exporter; PROGRAM: where its wtsexporter is",
    )
    parser.add_argument("--only-ios", action="store_true", help="measure the iPhone alone")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    work = asked.work.resolve()
    if asked.only_ios:
        figures, path = measure_ios(work, asked.messages), STORAGE_PATH
    else:
        exporter = asked.exporter
        figures = measure_all(work, asked.messages, exporter, with_exporter=exporter is not None)
        path = MESSAGES_PATH
    phone = phone_of(work, asked.messages, is_ios=asked.only_ios)
    size = f"{path.name} of {bytes_in(phone / path) / 1_000_000:.0f} MB"
    title = f"Sporen on {asked.messages:,} WhatsApp messages ({size})"
    print(page(title, figures, markdown=asked.markdown))


if __name__ == "__main__":
    main()
