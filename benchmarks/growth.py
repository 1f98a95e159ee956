"""Measures how an ingest grows: time, memory and size of the case, with the messages and with the items.

    python benchmarks/growth.py --work /tmp/sporen-bench --markdown
    python benchmarks/growth.py --messages 10000 100000 1000000 10000000 --items 1 10 100

Each line is one case. Of several items each is the phone of another person, with its share of the messages.
An input of 10,000,000 messages takes 4 GB and is made only when it is asked for. What takes less than a
minute is run three times. What the run is doing goes to standard error.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple

from figures import MEGABYTE, Row, machine, markdown_table, plain_table
from inputs import bytes_in, maker_hash
from make_whatsapp import PREFERENCES, PREFERENCES_PATH, make_whatsapp
from measure import Figure, Measurement, measure, repeated
from sporen_commands import NEW_OPTIONS, find_sporen
from whatsapp_people import OWNER_NUMBER

HEAD: Row = (
    *("messages", "items", "runs", "wall s", "CPU s", "CPU us a message", "peak MB", "case MB"),
    *("bytes a message", "remark"),
)
SEED = 20_240_229
# what the cost of a message may be at the larger size, of that at the smaller one
BOUND = 1.2


class Size(NamedTuple):
    """How many messages in how many items."""

    messages: int
    items: int


class Grown(NamedTuple):
    """What one case took; ``size`` is that of its folder in bytes."""

    figure: Figure
    size: int


def announce(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def phones_of(work: Path, size: Size) -> list[Path]:
    """The folders of the phones, made now where they are not there."""
    share = size.messages // size.items
    return [_phone(work, share, number) for number in range(size.items)]


def _phone(work: Path, messages: int, number: int) -> Path:
    phone = work / f"growth-{messages}-{number}-{maker_hash()[:8]}"
    if not phone.exists():
        unfinished = phone.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        # in another process: the memory that it takes would be counted to what is measured
        chats = max(40, messages // 500)
        arguments = (unfinished, messages, chats, SEED + number)
        maker = multiprocessing.get_context("spawn").Process(target=make_whatsapp, args=arguments)
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit(f"{phone}: its maker ended with {maker.exitcode}")
        (unfinished / PREFERENCES_PATH).write_text(preferences_of(number), encoding="utf-8", newline="\n")
        unfinished.rename(phone)
    return phone


def preferences_of(number: int) -> str:
    """What names the owner of a phone; the first one's is that of every input."""
    owner = f"31600000{900 + number:03}" if number else OWNER_NUMBER
    return PREFERENCES.replace(OWNER_NUMBER[2:], owner[2:])


def grown(work: Path, size: Size, program: Path) -> Grown:
    """Measure the ingest of so many messages in so many items, into a new case each time."""
    phones = phones_of(work, size)
    case = work / "growth-case"
    name = f"{size.messages:,} messages in {size.items} items"
    announce(name)

    def again() -> Measurement:
        shutil.rmtree(case, ignore_errors=True)
        made = measure([program, "new", case, *NEW_OPTIONS])
        return made if made.exit_code else measure([program, "ingest", case, *phones])

    figure = repeated(name, again)
    result = Grown(figure, bytes_in(case))
    shutil.rmtree(case, ignore_errors=True)
    return result


def row(size: Size, found: Grown) -> Row:
    figure = found.figure
    first = (f"{size.messages:,}", str(size.items))
    if figure.wall is None or figure.cpu is None or figure.peak is None:
        return (*first, *("-",) * 7, figure.remark)
    return (
        *first, str(figure.runs), f"{figure.wall:.1f}", f"{figure.cpu:.1f}",
        f"{figure.cpu / size.messages * 1e6:.0f}", f"{figure.peak / MEGABYTE:.0f}",
        f"{found.size / MEGABYTE:.1f}", f"{found.size / size.messages:.0f}", figure.remark,
    )  # fmt: skip


def judged(table: Mapping[Size, Grown]) -> list[str]:
    """What a message costs at each larger size beside 100,000 messages in as many items."""
    lines = []
    for size, found in table.items():
        before = table.get(Size(100_000, size.items))
        if size.messages <= 100_000 or before is None or not (before.figure.cpu and found.figure.cpu):
            continue
        times = found.figure.cpu / size.messages / (before.figure.cpu / 100_000)
        verdict = "met" if times <= BOUND else "MISSED"
        text = f"{size.messages:,} messages in {size.items}: a message costs {times:.2f} of what it does at"
        lines.append(f"{text} 100,000 (at most {BOUND}): {verdict}")
    return lines


def page(table: Mapping[Size, Grown], *, markdown: bool) -> str:
    """The whole result as text."""
    layout = markdown_table if markdown else plain_table
    described = "\n".join(f"- {line}" if markdown else line for line in machine())
    rows = [row(size, found) for size, found in table.items()]
    parts = [described, layout(HEAD, rows), *judged(table)]
    return "\n\n".join(parts)


def measured(work: Path, messages: Sequence[int], items: Sequence[int]) -> dict[Size, Grown]:
    """All lines of the table: the sizes with each number of items that they can be parted into."""
    program = find_sporen()
    sizes = [Size(count, parts) for parts in items for count in messages if count >= 100 * parts]
    return {size: grown(work, size, program) for size in sizes}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--items", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "sporen-bench", help="kept inputs")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    work = asked.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(page(measured(work, asked.messages, asked.items), markdown=asked.markdown))


if __name__ == "__main__":
    main()
