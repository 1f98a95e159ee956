"""Conversations on their way to other processes and flags on their way back, in bounded memory.

The lines of a short conversation go along, those of a long one through a private file, which is read a block
at a time; flags come back compressed. Lines go as ``marshal`` writes them, at a third of the cost of objects.
Blocks of a file are encrypted under a key that only the processes have (AES-256-GCM): the case may be. A file
that cannot be written or read is MachineFailed.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, count, islice
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forensics.analysis.findings import Classifier
from forensics.analysis.law import Laws
from forensics.analysis.law_table import checked_table
from forensics.flag_rows import About, FlagRow, LineRow, flag_rows
from forensics.private_copies import able

# Lines that go along themselves, and in one block of a file.
_AT_ONCE = 2_000
# Bytes of flags in one block.
_BLOCK = 1 << 18


@cache
def built_in() -> Classifier:
    """The classifier of this version, read once for all items of a command."""
    return Classifier.load()


@lru_cache(maxsize=2)
def under_table(text: str, name: str) -> Classifier:
    """The built-in rules under a user's table of law, read once for all items of a command."""
    return built_in().under(Laws(checked_table(text.encode("utf-8"), name)))


def law_file(classifier: Classifier, folder: Path) -> str | None:
    """The user's table in a file of the folder for other processes; None where the classifier has none.
    MachineFailed where the file cannot be written."""
    table = classifier.laws.table
    if table is None:
        return None
    file = folder / f"law-{table.sha256}"
    with able(folder, "the table of law cannot be kept there for another process"):
        file.write_bytes(marshal.dumps((table.raw.decode("utf-8"), table.name)))
    return str(file)


@lru_cache(maxsize=2)
def _classifier(law: str | None) -> Classifier:
    return under_table(*marshal.loads(Path(law).read_bytes())) if law else built_in()


class Part(NamedTuple):
    """One conversation to analyse, and the rows of its lines that say something."""

    about: About
    rows: Iterator[LineRow]


class Packed(NamedTuple):
    """The same for another process: the lines themselves, or the file that has them and its key."""

    about: About
    size: int  # how many lines it has
    lines: bytes
    file: str | None
    law: str | None
    key: bytes = b""


def packed(part: Part, folder: Path, law: str | None = None) -> Packed:
    """A conversation for another process; a long one has a file in the folder. ``law``: what ``law_file``
    gave. MachineFailed where the file cannot be written."""
    first = list(islice(part.rows, _AT_ONCE))
    if len(first) < _AT_ONCE:
        return Packed(part.about, len(first), marshal.dumps(first), None, law)
    file = folder / f"lines-{part.about.number}"
    key = AESGCM.generate_key(256)
    blocks = chain([first], iter(lambda: list(islice(part.rows, _AT_ONCE)), []))
    size = 0
    with able(folder, "lines cannot be kept there for another process"), file.open("xb") as stream:
        for number, rows in enumerate(blocks):
            size += len(rows)
            marshal.dump(AESGCM(key).encrypt(_nonce(number), marshal.dumps(rows), None), stream)
    return Packed(part.about, size, b"", str(file), law, key)


def _nonce(number: int) -> bytes:
    """Of a block: a key is of one file, and no number comes twice in that."""
    return number.to_bytes(12, "big")


def packed_flags(part: Packed) -> list[bytes]:
    """The flags of a conversation, in blocks; removes its file."""
    blocks: list[bytes] = []
    waiting: list[FlagRow] = []
    size = 0
    for row in flag_rows(part.about, _lines(part), _classifier(part.law)):
        waiting.append(row)
        size += len(row[-1])
        if size >= _BLOCK:
            blocks.append(_block(waiting))
            waiting, size = [], 0
    return [*blocks, _block(waiting)] if waiting else blocks


def _lines(part: Packed) -> Iterator[LineRow]:
    if part.file is None:
        yield from marshal.loads(part.lines)
        return
    file = Path(part.file)
    with able(file, "lines of a conversation cannot be read"), file.open("rb") as stream:
        end = file.stat().st_size
        for number in count():
            if stream.tell() >= end:
                break
            yield from marshal.loads(AESGCM(part.key).decrypt(_nonce(number), marshal.load(stream), None))
    file.unlink()


def _block(rows: list[FlagRow]) -> bytes:
    return zlib.compress(marshal.dumps(rows), 1)


def unpacked(blocks: Iterable[bytes]) -> Iterator[FlagRow]:
    """The flags in blocks."""
    return chain.from_iterable(marshal.loads(zlib.decompress(each)) for each in blocks)
