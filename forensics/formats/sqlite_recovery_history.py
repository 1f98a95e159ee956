"""Every image of a page that is not part of the current view: in the log, in the journal, and in the main
file beneath them.

Source: https://www.sqlite.org/fileformat2.html sections 3 and 4. Frames of an older generation keep its
salts; frames behind the last commit were never part of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, takewhile
from typing import BinaryIO

from forensics.formats.sqlite_checksum import chained
from forensics.formats.sqlite_journal import MAGIC, JournalError, journal_checksum, read_journal
from forensics.formats.sqlite_recovery_files import JOURNAL, MAIN, WAL, Files, History, OldImage, Place
from forensics.formats.sqlite_wal import (
    HEADER,
    WalError,
    WalFrame,
    WalView,
    read_frames,
    read_wal_header,
    summed,
)

_SECTORS = (512, 4096, 1024, 2048, 8192, 16384, 32768, 65536)
_REACH = 1 << 20  # how many pages beyond the known end an image may lie


def superseded(files: Files, is_rolled_back: bool) -> History:
    """The main file's own images of pages that the current view takes from elsewhere or does not hold. Those
    that a hot journal replaces were written by a transaction that never ended."""
    history = History()
    size = files.layout.page_size
    beyond = range(files.pages + 1, files.main_pages + 1)
    for page in [*sorted(page for page in files.overlay if page <= files.main_pages), *beyond]:
        uncommitted = is_rolled_back and (page not in files.overlay or files.overlay[page].file == JOURNAL)
        place = Place(MAIN, (page - 1) * size)
        history.add(OldImage(page, place, 0, len(history.images), uncommitted, files.main_pages))
    return history


def generations(wal: BinaryIO, files: Files, view: WalView | None) -> list[History]:
    """The log's frames, a history for each generation, oldest first. Frames behind the last commit, and all
    of a log whose own header cannot be read, count as not committed. ``view`` is what is known of the newest
    generation."""
    found: dict[tuple[int, int], list[tuple[WalFrame, bool]]] = {}
    for frame, is_valid in _judged(wal, files.layout.page_size, _intact(view, files)):
        if 0 < frame.page <= files.pages + files.main_pages + _REACH:
            found.setdefault(frame.salts, []).append((frame, is_valid))
    wal.seek(0)
    start = wal.read(HEADER.size)
    is_readable, newest = _start(start)[1] != (-1, -1), _salts(start)
    histories = []
    for number, salts in enumerate(sorted(found), start=1):
        commits = [at for at, (frame, valid) in enumerate(found[salts]) if frame.commit_pages and valid]
        last = commits[-1] if commits and is_readable else -1
        history = History(WAL, is_newest=view is not None and salts == newest)
        ends = _ends([bool(frame.commit_pages) for frame, _valid in found[salts]])
        for at, (frame, _valid) in enumerate(found[salts]):
            history.add(OldImage(frame.page, Place(WAL, frame.offset), number, at, at > last, ends[at]))
        histories.append(history)
    return histories


def _ends(commits: list[bool]) -> list[int]:
    """For each frame the place of the one that ends its transaction; the last frame where none does."""
    ends, end = [0] * len(commits), len(commits) - 1
    for at in range(len(commits) - 1, -1, -1):
        end = at if commits[at] else end
        ends[at] = end
    return ends


def _intact(view: WalView | None, files: Files) -> int:
    """How many frames are known to be whole already."""
    return view.intact if view is not None and view.page_size == files.layout.page_size else 0


def _judged(wal: BinaryIO, page_size: int, intact: int) -> Iterator[tuple[WalFrame, bool]]:
    """Each frame, and whether its checksum continues the one before it in its own generation: the first ones
    are known to be ``intact``."""
    wal.seek(0)
    data = wal.read(HEADER.size)
    little, sums, salts = _start(data)
    frames = read_frames(wal, page_size)
    for frame, _raw in islice(frames, intact):
        sums, salts = frame.sums, frame.salts
        yield frame, True
    for frame, _raw, own in chain.from_iterable(summed(frames, page_size, little)):
        if frame.salts == salts:
            sums = chained(sums, own, 8 + page_size)
            is_valid = sums == frame.sums
            if not is_valid:
                sums = (-1, -1) if frame.salts == _salts(data) else frame.sums
        else:
            # The chain of an older generation can be followed from its second frame on.
            is_valid, sums = True, frame.sums
        salts = frame.salts
        yield frame, is_valid and sums != (-1, -1)


def _start(data: bytes) -> tuple[bool, tuple[int, int], tuple[int, int]]:
    try:
        header = read_wal_header(data)
    except WalError:
        return False, (-1, -1), (-1, -1)
    return header.little_endian, header.sums, header.salts


def _salts(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def before_images(journal: BinaryIO, files: Files) -> History:
    """The journal's images, also of one that was completed (its header is zero then) and behind its end."""
    history = History(JOURNAL)
    current = {place.offset for place in files.overlay.values() if place.file == JOURNAL}
    found = [each for each in _records(journal, files) if each[1] not in current]
    nonces = (_record(journal, offset - 4, files.layout.page_size)[1] for _page, offset in found)
    first = next(nonces, None)
    last = sum(1 for _ in takewhile(lambda nonce: nonce == first, nonces))
    # the images behind those of the first transaction are of nobody knows when
    for at, (page, offset) in enumerate(found):
        history.add(OldImage(page, Place(JOURNAL, offset), 0, at, False, last if at <= last else -1))
    return history


def _records(journal: BinaryIO, files: Files) -> Iterator[tuple[int, int]]:
    """Page number and offset of each image; where no record can be, the next sector is looked at."""
    size, length = files.size(JOURNAL), files.layout.page_size
    journal.seek(0)
    start = journal.read(28)
    stated = int.from_bytes(start[20:24], "big") if start[:8] == MAGIC else 0
    sector = stated if stated in _SECTORS else _sector(journal, files, size)
    offset = sector
    while sector and offset + length + 8 <= size:
        journal.seek(offset)
        head = journal.read(8)
        page = int.from_bytes(head[:4], "big")
        if head != MAGIC and 0 < page <= files.main_pages + files.pages + 1:
            yield page, offset + 4
            offset += length + 8
        else:
            offset = (offset // sector + 1) * sector


def _record(journal: BinaryIO, offset: int, length: int) -> tuple[int, int]:
    """The page number of a record, and the nonce that its checksum was made with."""
    journal.seek(offset)
    data = journal.read(length + 8)
    nonce = int.from_bytes(data[-4:], "big") - journal_checksum(data[4:-4], 0)
    return int.from_bytes(data[:4], "big"), nonce & 0xFFFFFFFF


def _sector(journal: BinaryIO, files: Files, size: int) -> int:
    """The sector size of a journal whose header is gone: the one with which two records share their nonce."""
    length = files.layout.page_size
    for sector in (*_SECTORS[:2], length, *_SECTORS[2:]):
        if sector + length + 8 > size:
            continue
        page, nonce = _record(journal, sector, length)
        if not 0 < page <= files.main_pages + files.pages + 1:
            continue
        following = sector + length + 8
        if following + length + 8 <= size and _record(journal, following, length)[1] == nonce:
            return sector
        if _is_btree(journal, sector + 4, page):
            return sector
    return 0


def _is_btree(journal: BinaryIO, offset: int, page: int) -> bool:
    journal.seek(offset + (100 if page == 1 else 0))
    return journal.read(1) in (b"\x02", b"\x05", b"\x0a", b"\x0d")


def hot_pages(journal: BinaryIO, page_size: int) -> tuple[dict[int, int], int]:
    """The before-images that belong to the current view, and its page count."""
    try:
        view = read_journal(journal, page_size)
    except JournalError:
        return {}, 0
    return view.pages, view.database_pages
