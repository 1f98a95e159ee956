"""How long the ingest of Telegram's messages takes beside that of as many of WhatsApp's, in turns.

    python benchmarks/telegram_beside_whatsapp.py --messages 1000000 --work /tmp/sporen-bench

Both phones are invented (make_telegram.py, make_whatsapp.py) and kept in --work. A tenth of them is ingested
too: memory that is flat does not grow between the two. Sporen starts further processes for what is large
enough; with --workers 1 there is one at both sizes, so that their memory can be compared. Ends with 1 where
the ratio is above the bound, by --judge: the wall clock (on a machine with nothing else to do), or CPU time.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import NamedTuple

from figures import machine, plain_table
from inputs import phone_of, telegram_phone_of
from measure import Measurement, reason
from sporen_commands import SporenCommands

MEGABYTE = 1_000_000
BOUND = 3.0
APPS = ("WhatsApp", "Telegram")


class Failed(SystemExit):
    """A command that is measured ended with an error."""


class Taken(NamedTuple):
    """What the ingest of one app took: the medians of its runs, of the memory the largest."""

    runs: int
    wall: float
    cpu: float
    peak: int


def announce(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def ingested(commands: SporenCommands) -> Measurement:
    """One ingest into a new case, which is removed again."""
    run = commands.ingest_again()
    shutil.rmtree(commands.case, ignore_errors=True)
    if run.exit_code:
        raise Failed(f"{commands.size}: {reason(run)}")
    return run


def in_turns(work: Path, messages: int, rounds: int, workers: int | None = None) -> dict[str, Taken]:
    """The ingests of both apps, one after the other in each round."""
    announce(f"inputs of {messages:,} messages")
    phones = (phone_of(work, messages), telegram_phone_of(work, messages))
    both = {}
    for app, phone in zip(APPS, phones, strict=True):
        folder = work / f"beside-{app.lower()}-{messages}"
        folder.mkdir(parents=True, exist_ok=True)
        both[app] = SporenCommands(folder, phone, f"{messages:,} messages of {app}", announce)
        both[app].workers = workers
    runs: dict[str, list[Measurement]] = {app: [] for app in APPS}
    for turn in range(rounds):
        for app, commands in both.items():
            announce(f"round {turn + 1}: {commands.size}")
            runs[app].append(ingested(commands))
    return {app: taken(each) for app, each in runs.items()}


def taken(runs: Sequence[Measurement]) -> Taken:
    """The figures of several runs."""
    return Taken(
        len(runs),
        median(each.wall for each in runs),
        median(each.cpu for each in runs),
        max(each.peak_together for each in runs),
    )


def ratios(whole: Mapping[str, Taken]) -> dict[str, float]:
    """How many times as long Telegram takes as WhatsApp."""
    one, other = whole["Telegram"], whole["WhatsApp"]
    return {"wall": one.wall / other.wall, "cpu": one.cpu / other.cpu}


def shown(peak: int) -> str:
    return f"{peak / MEGABYTE:.0f}"


def page(messages: int, whole: Mapping[str, Taken], tenth: Mapping[str, Taken]) -> str:
    """The result as text."""
    rows = [
        (app, str(each.runs), f"{each.wall:.2f}", f"{each.cpu:.2f}", shown(each.peak), shown(tenth[app].peak))
        for app, each in whole.items()
    ]
    head = ("ingest", "runs", "wall s", "CPU s", "peak MB", "peak MB of a tenth")
    found, grown = ratios(whole), whole["Telegram"].peak / tenth["Telegram"].peak
    return "\n\n".join(
        (
            f"Ingest of {messages:,} messages of Telegram beside WhatsApp's",
            "\n".join(machine()),
            plain_table(head, rows),
            f"Telegram takes {found['wall']:.2f} times as long by the wall clock, {found['cpu']:.2f} times by"
            f" CPU time; at most {BOUND:g} is wanted. Its memory is {grown:.2f} times that of a tenth of it.",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1, help="ingests of each app, in turns")
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "sporen-bench", help="kept inputs")
    parser.add_argument("--judge", choices=("wall", "cpu"), default="wall", help="which ratio is judged")
    parser.add_argument("--workers", type=int, help="processes of an ingest")
    asked = parser.parse_args()
    work = asked.work.resolve()
    whole = in_turns(work, asked.messages, asked.rounds, asked.workers)
    tenth = in_turns(work, max(1, asked.messages // 10), 1, asked.workers)
    print(page(asked.messages, whole, tenth))
    if ratios(whole)[asked.judge] > BOUND:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
