"""The write-ahead log: which of its frames belong to the current view.

Source: https://www.sqlite.org/fileformat2.html section 4 and walIndexRecover() in SQLite's wal.c: frames
count while their salts are the header's and the chained checksum agrees, up to the last commit frame.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from forensics.formats.sqlite_checksum import Sums, chained, checksum, frame_sums
from forensics.formats.sqlite_header import page_size_of

MAGIC_LITTLE = 0x377F0682
MAGIC_BIG = 0x377F0683
VERSION = 3_007_000
HEADER = struct.Struct(">8I")
FRAME = struct.Struct(">6I")
# Frames that are summed together: what they hold is in memory at once.
_BATCH, _MOST_FRAMES = 1 << 20, 512


@dataclass(frozen=True, slots=True, kw_only=True)
class WalHeader:
    """The 32 bytes at the start of a log."""

    page_size: int
    little_endian: bool
    salts: tuple[int, int]
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class WalFrame:
    """One frame; ``offset`` is that of its page, ``commit_pages`` is 0 unless the frame commits."""

    page: int
    commit_pages: int
    salts: tuple[int, int]
    sums: Sums
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WalView:
    """What the current view takes from a log, and how many frames it leaves, by the reason."""

    page_size: int
    pages: dict[int, int]  # page number -> offset of its newest committed image
    database_pages: int
    applied: int
    uncommitted: int
    older_generation: int
    bad_checksum: int
    cut_bytes: int

    @property
    def intact(self) -> int:
        """How many frames, from the first one on, are of this generation and continue the checksum."""
        return self.applied + self.uncommitted


class WalError(ValueError):
    """The log has no header that its frames can be read by."""


def read_wal_header(data: bytes) -> WalHeader:
    """Raises WalError for a short, foreign or damaged header."""
    if len(data) < HEADER.size:
        raise WalError(f"its header is cut off after {len(data)} of {HEADER.size} bytes")
    magic, version, stored_size, _sequence, *rest = HEADER.unpack(data[: HEADER.size])
    page_size = page_size_of(stored_size) if stored_size != 1 else None
    if magic not in (MAGIC_LITTLE, MAGIC_BIG) or version != VERSION or page_size is None:
        raise WalError("its header is not that of a write-ahead log")
    little_endian = magic == MAGIC_LITTLE
    if checksum(data[:24], little_endian) != (rest[2], rest[3]):
        raise WalError("the checksum of its header is wrong")
    return WalHeader(
        page_size=page_size, little_endian=little_endian, salts=(rest[0], rest[1]), sums=(rest[2], rest[3])
    )


def read_frames(wal: BinaryIO, page_size: int) -> Iterator[tuple[WalFrame, bytes]]:
    """Every whole frame in file order, of any generation, with its page; the caller judges it."""
    offset = HEADER.size
    wal.seek(offset)
    while len(data := wal.read(FRAME.size + page_size)) == FRAME.size + page_size:
        page, commit_pages, salt1, salt2, sum1, sum2 = FRAME.unpack_from(data)
        salts, sums, at = (salt1, salt2), (sum1, sum2), offset + FRAME.size
        yield WalFrame(page=page, commit_pages=commit_pages, salts=salts, sums=sums, offset=at), data
        offset += len(data)


def summed_frames(wal: BinaryIO, header: WalHeader) -> Iterator[list[tuple[WalFrame, bytes, Sums]]]:
    """All whole frames in batches, each with its own checksum from zero (``chained`` goes on with it)."""
    return summed(read_frames(wal, header.page_size), header.page_size, header.little_endian)


def summed(
    frames: Iterator[tuple[WalFrame, bytes]], page_size: int, little_endian: bool
) -> Iterator[list[tuple[WalFrame, bytes, Sums]]]:
    """The same of these frames, which may be of a log whose header cannot be read."""
    most = min(max(_BATCH // page_size, 1), _MOST_FRAMES)
    while batch := list(islice(frames, most)):
        sums = frame_sums([summed_part(data) for _frame, data in batch], little_endian)
        yield [(*each, own) for each, own in zip(batch, sums, strict=True)]


def summed_part(data: bytes) -> bytes:
    """What the checksum of a frame runs over: the first two words of its header, and its page."""
    return data[:8] + data[FRAME.size :]


def read_wal(wal: BinaryIO) -> WalView:
    """Raises WalError when the header cannot be read; a bad frame ends the view and is counted."""
    wal.seek(0)
    header = read_wal_header(wal.read(HEADER.size))
    committed: dict[int, int] = {}
    pending: dict[int, int] = {}
    database_pages = valid = applied = older = bad = total = 0
    sums, intact = header.sums, True
    for frame, own in ((frame, own) for batch in summed_frames(wal, header) for frame, _data, own in batch):
        total += 1
        same_generation = frame.salts == header.salts
        if intact and same_generation and frame.page:
            sums = chained(sums, own, 8 + header.page_size)
            intact = sums == frame.sums
        else:
            intact = False
        if not intact:
            bad += same_generation
            older += not same_generation
            continue
        valid += 1
        pending[frame.page] = frame.offset
        if frame.commit_pages:
            committed.update(pending)
            pending.clear()
            database_pages, applied = frame.commit_pages, valid
    size = wal.seek(0, 2)
    return WalView(
        page_size=header.page_size,
        pages={page: offset for page, offset in committed.items() if page <= database_pages},
        database_pages=database_pages,
        applied=applied,
        uncommitted=valid - applied,
        older_generation=older,
        bad_checksum=bad,
        cut_bytes=size - HEADER.size - total * (FRAME.size + header.page_size),
    )
