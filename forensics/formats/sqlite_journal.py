"""The rollback journal: the before-images that a hot one puts back.

Source: https://www.sqlite.org/fileformat2.html section 3, and readJournalHdr(), pager_playback() and
pager_playback_one_page() in SQLite's pager.c.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from forensics.formats.sqlite_header import LOCK_BYTE, page_size_of

MAGIC = bytes.fromhex("d9d505f920a163d7")
HEADER = struct.Struct(">8s5I")  # magic, records, nonce, pages before, sector size, page size
_TO_THE_END = 0xFFFFFFFF
_U32 = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalView:
    """What a journal gives back. ``pages`` maps a page number to the offset of its first before-image."""

    page_size: int
    pages: dict[int, int]
    database_pages: int
    super_journal: str | None
    is_cut_short: bool  # a record was missing or failed its checksum, and playback ended there


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    records: int
    nonce: int
    pages_before: int
    sector_size: int
    page_size: int


class JournalError(ValueError):
    """The journal is not hot: nothing of it is rolled back."""


def read_journal(journal: BinaryIO, default_page_size: int | None) -> JournalView:
    """Raises JournalError for a journal that is not hot; playback stops at the first bad record."""
    size = journal.seek(0, 2)
    first = _segment(journal, 0, size, default_page_size)
    name, name_bytes = _super_journal(journal, size)
    pages: dict[int, int] = {}
    end = size - name_bytes
    offset, bad = 0, False
    segment: _Segment | None = first
    while segment is not None and not bad:
        start = offset + first.sector_size
        played, bad = _play(journal, segment, (start, end), first.pages_before, pages)
        # The next header stands on the next sector boundary.
        offset = -(-(start + played * (first.page_size + 8)) // first.sector_size) * first.sector_size
        segment = _next_segment(journal, offset, first, end)
    return JournalView(
        page_size=first.page_size,
        pages=pages,
        database_pages=first.pages_before,
        super_journal=name,
        is_cut_short=bad,
    )


def _segment(journal: BinaryIO, offset: int, size: int, default_page_size: int | None) -> _Segment:
    journal.seek(offset)
    data = journal.read(HEADER.size)
    if not data.strip(b"\x00"):
        raise JournalError("its header is zero: the transaction was completed")
    if len(data) < HEADER.size or data[:8] != MAGIC:
        raise JournalError("its header is not that of a rollback journal")
    _magic, records, nonce, pages_before, sector_size, stored = HEADER.unpack(data)
    page_size = page_size_of(stored) if stored else default_page_size
    if page_size is None or not 32 <= sector_size <= 65536 or sector_size & (sector_size - 1):
        raise JournalError(f"its header states pages of {stored} and sectors of {sector_size} bytes")
    if records == _TO_THE_END:
        records = max(0, size - offset - sector_size) // (page_size + 8)
    return _Segment(
        records=records, nonce=nonce, pages_before=pages_before, sector_size=sector_size, page_size=page_size
    )


def _next_segment(journal: BinaryIO, offset: int, first: _Segment, end: int) -> _Segment | None:
    if offset + first.sector_size > end:
        return None
    try:
        segment = _segment(journal, offset, end, first.page_size)
    except JournalError:
        # Residue of an older, longer journal: readJournalHdr() ends the playback here too.
        return None
    return segment if segment.page_size == first.page_size else None


def _play(
    journal: BinaryIO, segment: _Segment, span: tuple[int, int], pages_before: int, pages: dict[int, int]
) -> tuple[int, bool]:
    """Notes the segment's images in ``pages``; how many records it has, and whether one stopped it."""
    length = segment.page_size
    lock_page = LOCK_BYTE // length + 1
    offset, end = span
    for number in range(segment.records):
        journal.seek(offset)
        record = journal.read(length + 8) if offset + length + 8 <= end else b""
        if len(record) < length + 8:
            return number, True
        (page,), (stored,) = _U32.unpack_from(record), _U32.unpack_from(record, length + 4)
        if page in (0, lock_page) or stored != journal_checksum(record[4:-4], segment.nonce):
            return number, True
        if page <= pages_before:
            pages.setdefault(page, offset + 4)
        offset += length + 8
    return segment.records, False


def journal_checksum(page: bytes, nonce: int) -> int:
    """The nonce plus every 200th byte, counting down from 200 before the page's end (section 3)."""
    return (nonce + sum(page[len(page) - 200 : 0 : -200])) & 0xFFFFFFFF


def _super_journal(journal: BinaryIO, size: int) -> tuple[str | None, int]:
    """The super-journal's name at the journal's end, and the bytes it takes (readSuperJournal)."""
    if size < 16:
        return None, 0
    journal.seek(size - 16)
    length, stored, magic = struct.unpack(">II8s", journal.read(16))
    if magic != MAGIC or not 0 < length <= size - 16:
        return None, 0
    journal.seek(size - 16 - length)
    name = journal.read(length)
    if sum(byte - 256 if byte > 127 else byte for byte in name) & 0xFFFFFFFF != stored:
        return None, 0
    return name.rstrip(b"\x00").decode("utf-8", "backslashreplace"), length + 20
