"""How fast, and in how much memory, an export of Telegram Desktop is read, beside ``json.load`` of the same
file.

python benchmarks/read_telegram_export.py --messages 1000000 --work /tmp/sporen-bench

Makes an invented ``result.json`` (a chat of so many messages, one in ten with a link, a reply or a photo),
then reads it in processes of their own: with json.load, and as the parser reads it (twice, to records,
without a case).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import gettempdir
from typing import Any

from sentences import LANGUAGES, Talker

from forensics.parser import Document
from parsers.telegram_export import TelegramExport

OWNER, OTHER, START = 900000001, 910000001, 1_700_000_000
HEAD = f'{{\n "name": "Persoon",\n "type": "personal_chat",\n "id": {OTHER},\n "messages": [\n'


def messages(count: int) -> Iterator[dict[str, Any]]:
    """Invented messages as the app writes them."""
    random = Random(count)
    talker = Talker(random)
    languages = tuple(LANGUAGES)
    for number in range(1, count + 1):
        is_own = random.random() < 0.45
        text = talker.trade() if random.random() > 0.99 else talker.text(languages[number % 3])
        date = START + 7 * number
        made: dict[str, Any] = {
            "id": number,
            "type": "message",
            "date": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(date)),
            "date_unixtime": str(date),
            "from": "Evi Voorbeeld" if is_own else "Persoon",
            "from_id": f"user{OWNER if is_own else OTHER}",
        }
        draw = random.random()
        if draw < 0.1:
            made["reply_to_message_id"] = max(1, number - 3)
        elif draw < 0.2:
            made |= {"photo": f"photos/photo_{number}.jpg", "photo_file_size": 9000, "width": 9, "height": 9}
        parts = [{"type": "plain", "text": text}]
        if 0.2 < draw < 0.3:
            parts.append({"type": "link", "text": "https://example.org"})
        yield {**made, "text": text if len(parts) == 1 else [text, parts[1], ""], "text_entities": parts}


def make_export(path: Path, count: int) -> None:
    """Write the export."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number, each in enumerate(messages(count)):
            file.write(",\n" if number else "")
            file.write(json.dumps(each, ensure_ascii=False, indent=1))
        file.write("\n ]\n}")


def load(path: Path) -> int:
    """The yardstick."""
    with path.open("rb") as file:
        return len(json.load(file)["messages"])


def read(path: Path) -> int:
    """The records of the parser, each dropped as soon as it is there."""
    digest = hashlib.sha256(path.name.encode()).hexdigest()
    given = Document(
        path=path.name,
        evidence_sha256=digest,
        file_sha256=digest,
        exhibit=None,
        media=lambda _stored: None,
        size=path.stat().st_size,
        stream=lambda: path.open("rb"),
        timezone="Europe/Amsterdam",
    )
    for _ in TelegramExport().read(given):
        continue
    return given.accounting["message"].messages


def child(work: Callable[[Path], int], path: Path, queue: Any) -> None:
    """One measurement: messages, CPU seconds, peak of the process in MB."""
    started = time.process_time()
    count = work(path)
    seconds = time.process_time() - started
    queue.put((count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(work: Callable[[Path], int], path: Path) -> tuple[int, float, float]:
    """In a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=child, args=(work, path, queue))
    process.start()
    found: tuple[int, float, float] = queue.get()
    process.join()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "sporen-bench")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    path = asked.work / f"result-{asked.messages}.json"
    if not path.exists():
        make_export(path, asked.messages)
    size = path.stat().st_size / 1_000_000
    for name, work in (("json.load", load), ("parser", read)):
        count, seconds, peak = measure(work, path)
        print(f"{name}: {count:,} messages, {size:.0f} MB in {seconds:.1f} CPU s = {size / seconds:.1f} MB/s,"
              f" peak {peak:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
