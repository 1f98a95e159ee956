"""How fast `sporen recover` goes over databases: a clean one, ones where much was deleted, and a long log.

    python benchmarks/recovery_speed.py FOLDER [--megabytes 200] [--only clean]

A clean file of 1 GB: ``--megabytes 1000 --only clean``.

The yardstick is a loop that reads the file and walks the cells of its table leaves by their varints. CPU
seconds, so that others on the machine count as little as can be.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from forensics.formats.sqlite_recovery import recover
from forensics.formats.sqlite_tree import TABLE_LEAF, read_varint

_WORDS = [
    "kom",
    "je",
    "morgen",
    "ook",
    "naar",
    "de",
    "markt",
    "ja",
    "ik",
    "ben",
    "er",
    "om",
    "vier",
    "uur",
    "bij",
    "de",
    "brug",
    "tot",
    "dan",
    "en",
    "neem",
    "wat",
    "mee",
]
_STEP = 5_000
_PAGE = 4096


@dataclass(frozen=True)
class Kind:
    """A database to measure: how much of its messages is deleted, and whether a log holds that."""

    name: str
    share: float = 1.0  # of the megabytes asked for
    deleted: float = 0.0
    has_log: bool = False


KINDS = (
    Kind("clean"),
    Kind("a tenth deleted", share=0.1, deleted=0.1),
    Kind("half deleted", share=0.05, deleted=0.5),
    Kind("a long log", share=0.1, deleted=0.02, has_log=True),
)


def make(path: Path, megabytes: float, kind: Kind) -> None:
    """Messages, thumbnails and the small tables of an app; nothing of it was written by a person."""
    for end in ("", "-wal", "-journal"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute(
        "CREATE TABLE message(_id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL,"
        " key_id TEXT NOT NULL, from_me INTEGER, text TEXT, sent_at INTEGER)"
    )
    connection.execute("CREATE TABLE thumb(id INTEGER PRIMARY KEY, message INTEGER, data BLOB)")
    connection.execute("CREATE UNIQUE INDEX message_key ON message(chat, key_id)")
    for number in range(40):
        columns = f"_id INTEGER PRIMARY KEY, message INTEGER, value{number} TEXT"
        connection.execute(f"CREATE TABLE side{number}({columns})")
    chance = random.Random(1)
    count = _fill(connection, megabytes, chance)
    chosen = [(n,) for n in range(1, count) if chance.random() < kind.deleted]
    if kind.has_log:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        for at in range(0, len(chosen), 4):
            connection.execute("BEGIN")
            connection.executemany("DELETE FROM message WHERE _id = ?", chosen[at : at + 4])
            connection.execute("COMMIT")
        _keep(path)
    elif chosen:
        connection.execute("BEGIN")
        connection.executemany("DELETE FROM message WHERE _id = ?", chosen)
        connection.execute("COMMIT")
    connection.close()
    for end in ("", "-wal") if kind.has_log else ():
        Path(f"{path}{end}.kept").rename(f"{path}{end}")


def _keep(path: Path) -> None:
    for end in ("", "-wal"):
        Path(f"{path}{end}.kept").write_bytes(Path(f"{path}{end}").read_bytes())


def _fill(connection: sqlite3.Connection, megabytes: float, chance: random.Random) -> int:
    count = 0
    connection.execute("BEGIN")
    while connection.execute("PRAGMA page_count").fetchone()[0] * _PAGE < megabytes * 1e6:
        rows = [
            (
                1 + chance.randrange(300),
                f"{chance.getrandbits(128):032X}",
                chance.randrange(2),
                " ".join(chance.choices(_WORDS, k=chance.randrange(1, 40))),
                1_600_000_000_000 + count * 1000 + n * 17,
            )
            for n in range(_STEP)
        ]
        connection.executemany(
            "INSERT INTO message(chat, key_id, from_me, text, sent_at) VALUES(?, ?, ?, ?, ?)", rows
        )
        thumbs = [(count + n, chance.randbytes(chance.randrange(500, 9000))) for n in range(0, _STEP, 100)]
        connection.executemany("INSERT INTO thumb(message, data) VALUES(?, ?)", thumbs)
        count += _STEP
    connection.execute("COMMIT")
    return count


def walk(path: Path) -> int:
    """The yardstick: reads every page, and length and row id of every cell of a table leaf."""
    cells = 0
    with path.open("rb") as stream:
        for page in iter(lambda: stream.read(_PAGE), b""):
            if page[0] != TABLE_LEAF:
                continue
            (count,) = struct.unpack_from(">H", page, 3)
            padded = page + bytes(20)
            for pointer in struct.unpack_from(f">{count}H", page, 8):
                _length, at = read_varint(padded, pointer)
                read_varint(padded, at)
                cells += 1
    return cells


def measured(path: Path, work: Path) -> tuple[int, float, float]:
    """Rows, CPU seconds of the recovery and of the yardstick."""
    with ExitStack() as stack:
        files = [
            stack.enter_context(Path(f"{path}{end}").open("rb")) if Path(f"{path}{end}").exists() else None
            for end in ("", "-wal")
        ]
        assert files[0] is not None
        begun = time.process_time()
        with closing(_rows(files[0], files[1], work)) as rows:
            count = sum(1 for _row in rows)
        seconds = time.process_time() - begun
    begun = time.process_time()
    walk(path)
    return count, seconds, time.process_time() - begun


def _rows(main: object, wal: object, work: Path) -> Iterator[object]:
    yield from recover(main, wal, work=work, name="measured")  # type: ignore[arg-type]  # both are streams


def main() -> None:
    """Makes, measures, prints a table of Markdown."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    options.add_argument("folder", type=Path)
    options.add_argument("--megabytes", type=float, default=200.0)
    options.add_argument("--only", choices=[kind.name for kind in KINDS], action="append")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    print("| database | MB | rows found | CPU s | MB/s | reading and walking, s | times that | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in (kind for kind in KINDS if not chosen.only or kind.name in chosen.only):
        path = chosen.folder / f"{kind.name.replace(' ', '-')}.db"
        make(path, chosen.megabytes * kind.share, kind)
        size = sum(each.stat().st_size for each in chosen.folder.glob(f"{path.name}*")) / 1e6
        count, seconds, least = measured(path, chosen.folder / "work")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(
            f"| {kind.name} | {size:.0f} | {count} | {seconds:.2f} | {size / seconds:.1f} | {least:.2f}"
            f" | {seconds / least:.2f} | {peak:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
