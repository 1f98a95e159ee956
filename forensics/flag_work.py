"""Conversations on their way to other processes and flags on their way back, in bounded memory.

The lines of a short conversation go along, those of a long one through a private file, which is read a block
at a time; flags come back compressed. Lines go as ``marshal`` writes them, at a third of the cost of objects.
A file that cannot be written or read is MachineFailed.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from forensics.analysis.findings import Classifier
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


class Part(NamedTuple):
    """One conversation to analyse, and the rows of its lines that say something."""

    about: About
    rows: Iterator[LineRow]


class Packed(NamedTuple):
    """The same for another process: the lines themselves, or the file that has them."""

    about: About
    lines: bytes
    file: str | None


def packed(part: Part, folder: Path) -> Packed:
    """A conversation for another process; a long one has a file in the folder."""
    first = list(islice(part.rows, _AT_ONCE))
    if len(first) < _AT_ONCE:
        return Packed(part.about, marshal.dumps(first), None)
    file = folder / f"lines-{part.about.number}"
    with able(folder, "lines cannot be kept there for another process"), file.open("xb") as stream:
        marshal.dump(first, stream)
        while rows := list(islice(part.rows, _AT_ONCE)):
            marshal.dump(rows, stream)
    return Packed(part.about, b"", str(file))


def packed_flags(part: Packed) -> list[bytes]:
    """The flags of a conversation, in blocks; removes its file."""
    blocks: list[bytes] = []
    waiting: list[FlagRow] = []
    size = 0
    for row in flag_rows(part.about, _lines(part), built_in()):
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
        while stream.tell() < end:
            yield from marshal.load(stream)
    file.unlink()


def _block(rows: list[FlagRow]) -> bytes:
    return zlib.compress(marshal.dumps(rows), 1)


def unpacked(blocks: Iterable[bytes]) -> Iterator[FlagRow]:
    """The flags in blocks."""
    return chain.from_iterable(marshal.loads(zlib.decompress(each)) for each in blocks)
