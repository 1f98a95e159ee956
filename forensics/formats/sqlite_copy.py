"""A private copy of a database in which the current view stands in one file, without SQLite's help.

The rollback journal's before-images and the log's committed frames are written into the copy here, so that
SQLite sees a plain file and makes no file of its own; the evidence is only read, as streams.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from forensics.errors import DamagedEvidence, MachineFailed, UnknownKind
from forensics.formats.sqlite_header import (
    ENCODINGS,
    HEADER_SIZE,
    LOCK_BYTE,
    MAGIC,
    MINIMUM_USABLE,
    Header,
    HeaderError,
    page_size_of,
    read_header,
    readable_header,
)
from forensics.formats.sqlite_journal import JournalError, JournalView, read_journal
from forensics.formats.sqlite_problem import UNUSED_LOG, ReadProblem, cut_page, ranges, spoken, truncated
from forensics.formats.sqlite_schema import read_schema
from forensics.formats.sqlite_tails import tails
from forensics.formats.sqlite_tree import Pages
from forensics.formats.sqlite_wal import WalError, WalView, read_wal

_CHUNK = 1 << 20
# How many pages a log or journal may lie beyond the end of a (truncated) file: 4 GiB of 4 KiB pages.
_REACH = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCopy:
    """The merged file. ``absent`` are pages that no evidence holds; ``zeroed`` are pages in use that hold
    zeros only. ``header`` is None for an empty database; ``tables_before`` are those of the main file."""

    path: Path
    header: Header | None
    page_count: int
    absent: frozenset[int] = frozenset()
    zeroed: frozenset[int] = frozenset()
    frames_applied: int = 0
    journal_applied: bool = False
    tables_before: frozenset[str] = frozenset()
    problems: tuple[ReadProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """A database as evidence gives it; each stream is seekable and only read."""

    main: BinaryIO
    wal: BinaryIO | None
    journal: BinaryIO | None
    name: str


@contextmanager
def machine_errors(name: str) -> Iterator[None]:
    """What this machine refuses to write becomes MachineFailed."""
    try:
        yield
    except OSError as error:
        raise MachineFailed(f"{name}: the private copy cannot be written: {error.strerror}") from error


def make_folder(work: Path, name: str) -> Path:
    """A fresh folder below ``work`` that only this user may enter."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:40]
    with machine_errors(name):
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{plain}-", dir=work))


def make_copy(streams: Streams, folder: Path) -> PrivateCopy:
    """The merged view as one file in ``folder``. Raises UnknownKind for what is no SQLite database,
    DamagedEvidence for one whose header cannot be read."""
    path = folder / "view"
    _copy_stream(streams.main, path, streams.name)
    problems: list[ReadProblem] = []
    with machine_errors(streams.name), path.open("r+b") as file:
        start = file.read(HEADER_SIZE)
        if len(start) >= len(MAGIC) and start[:16] not in (MAGIC, bytes(16)):
            raise UnknownKind(f"{streams.name} is not an SQLite database, or it is encrypted")
        has_log = streams.wal is not None or streams.journal is not None
        tables = _tables(path, start, _size(file)) if has_log else frozenset()
        journal = _merge_journal(file, streams, folder, problems)
        wal, absent = _merge_wal(file, streams, folder, problems)
        copy = _finish(file, path, streams.name, absent, problems)
    return replace(
        copy,
        frames_applied=wal.applied if wal else 0,
        journal_applied=journal is not None,
        tables_before=tables,
        problems=tuple(problems),
    )


def _tables(path: Path, start: bytes, size: int) -> frozenset[str]:
    """The tables that the main file describes by itself; none where it cannot be read."""
    try:
        header = read_header(start)
        count = size // header.page_size
        if not count or header.usable < MINIMUM_USABLE:
            return frozenset()
        pages = Pages(path, page_size=header.page_size, usable=header.usable, count=count)
        with closing(pages):
            return frozenset(read_schema(pages, ENCODINGS.get(header.encoding, "utf-8")).tables)
    except (HeaderError, DamagedEvidence):
        return frozenset()  # what is wrong is told of the merged view


def _copy_stream(stream: BinaryIO, path: Path, name: str) -> None:
    with machine_errors(name), path.open("wb") as target:
        position = 0
        while chunk := _read(stream, position, name):
            target.write(chunk)
            position += len(chunk)


def _read(stream: BinaryIO, position: int, name: str) -> bytes:
    try:
        if position == 0:
            stream.seek(0)
        return stream.read(_CHUNK)
    except OSError as error:
        raise DamagedEvidence(f"{name} cannot be read from byte {position} on: {error.strerror}") from error


def _page_size(file: BinaryIO) -> int | None:
    file.seek(0)
    start = file.read(HEADER_SIZE)
    return page_size_of(int.from_bytes(start[16:18], "big")) if start[:16] == MAGIC else None


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _merge_journal(
    file: BinaryIO, streams: Streams, folder: Path, problems: list[ReadProblem]
) -> JournalView | None:
    if streams.journal is None:
        return None
    path = folder / "journal"
    _copy_stream(streams.journal, path, f"{streams.name}-journal")
    try:
        with path.open("rb") as journal:
            if not _size(journal):
                return None
            view = read_journal(journal, _page_size(file))
            problems.extend(_journal_problems(view))
            if not _within_reach(file, view.page_size, view.database_pages, len(view.pages)):
                problems.append(ReadProblem(kind="journal", text=_TOO_FAR.format("rollback journal")))
                return None
            _write_pages(file, journal, view.page_size, view.pages, view.database_pages)
            return view
    except JournalError as error:
        problems.append(ReadProblem(kind="journal", text=f"the rollback journal is not hot: {error}"))
        return None
    finally:
        path.unlink()


_TOO_FAR = "the {} was not used: its pages lie far beyond the end of the file"


def _journal_problems(view: JournalView) -> list[ReadProblem]:
    found = [f"the rollback journal is hot: {len(view.pages)} pages were put back"]
    if view.super_journal is not None:
        found.append(
            f"the rollback journal names a super-journal ({view.super_journal}), which was not looked for; "
            "it was rolled back as if that exists"
        )
    if view.is_cut_short:
        found.append("a record of the rollback journal is cut off or fails its checksum; it ends there")
    return [ReadProblem(kind="journal", text=text, pages=ranges(view.pages)) for text in found]


def _merge_wal(
    file: BinaryIO, streams: Streams, folder: Path, problems: list[ReadProblem]
) -> tuple[WalView | None, frozenset[int]]:
    if streams.wal is None:
        return None, frozenset()
    path = folder / "wal"
    _copy_stream(streams.wal, path, f"{streams.name}-wal")
    try:
        with path.open("rb") as wal:
            if not _size(wal):
                return None, frozenset()
            view = read_wal(wal)
            problems.extend(_wal_problems(view))
            refusal = _wal_refusal(file, wal, view) if view.applied else None
            if refusal is None and view.applied:
                absent = _absent(_size(file) // view.page_size, view)
                _write_pages(file, wal, view.page_size, view.pages, view.database_pages)
                return view, absent
            if refusal is not None:
                problems.append(ReadProblem(kind="wal", text=refusal))
    except WalError as error:
        problems.append(ReadProblem(kind="wal", text=f"{UNUSED_LOG}: {error}"))
    finally:
        path.unlink()
    return None, frozenset()


def _wal_problems(view: WalView) -> list[ReadProblem]:
    counted = {
        "with a bad checksum": view.bad_checksum,
        "of an older generation": view.older_generation,
        "after the last commit (not committed)": view.uncommitted,
    }
    texts = [f"{n} frames of the write-ahead log {what} were left out" for what, n in counted.items() if n]
    if view.cut_bytes:
        texts.append(f"the write-ahead log ends within a frame, {view.cut_bytes} bytes of which are there")
    return [ReadProblem(kind="wal", text=text) for text in texts]


def _wal_refusal(file: BinaryIO, wal: BinaryIO, view: WalView) -> str | None:
    """Why the log cannot be of this database, or None."""
    page_size = _page_size(file)
    if 1 in view.pages:
        wal.seek(view.pages[1])
        start = wal.read(HEADER_SIZE)
        if start[:16] != MAGIC or page_size_of(int.from_bytes(start[16:18], "big")) != view.page_size:
            return f"{UNUSED_LOG}: its page 1 is not that of such a database"
    elif page_size is None:
        return f"{UNUSED_LOG}: neither it nor the file holds a page 1 that can be read"
    if page_size not in (None, view.page_size):
        return f"{UNUSED_LOG}: its pages are of {view.page_size} bytes, those of the database of {page_size}"
    if not _within_reach(file, view.page_size, view.database_pages, len(view.pages)):
        return _TOO_FAR.format("write-ahead log")
    return None


def _within_reach(file: BinaryIO, page_size: int, database_pages: int, held: int) -> bool:
    return database_pages <= _size(file) // page_size + held + _REACH


def _absent(main_pages: int, view: WalView) -> frozenset[int]:
    beyond = range(main_pages + 1, view.database_pages + 1)
    return frozenset(page for page in beyond if page not in view.pages)


def _write_pages(
    file: BinaryIO, source: BinaryIO, page_size: int, pages: dict[int, int], database_pages: int
) -> None:
    for page, offset in sorted(pages.items()):
        source.seek(offset)
        file.seek((page - 1) * page_size)
        file.write(source.read(page_size))
    file.truncate(database_pages * page_size)


def _finish(
    file: BinaryIO, path: Path, name: str, absent: frozenset[int], problems: list[ReadProblem]
) -> PrivateCopy:
    size = _size(file)
    if size == 0:
        return PrivateCopy(path=path, header=None, page_count=0)
    file.seek(0)
    data = file.read(HEADER_SIZE)
    try:
        header = read_header(data)
    except HeaderError as error:
        damaged = data[:16] in (MAGIC, bytes(16)) and size >= len(MAGIC)
        kind = DamagedEvidence if damaged else UnknownKind
        raise kind(f"{name} cannot be read as an SQLite database: {error}") from error
    pages = size // header.page_size
    if pages == 0:
        raise DamagedEvidence(f"{name} is cut off within its first page, which holds the schema")
    problems.extend(_size_problems(header, size, pages, absent))
    wanted, lies = readable_header(data, header, pages)
    problems.extend(ReadProblem(kind="header", text=text, pages=((1, 1),)) for text in lies)
    file.seek(0)
    file.write(wanted)
    file.truncate(pages * header.page_size)
    zeroed, ends = _zeroed(file, header, pages, absent)
    if zeroed:
        found = ranges(zeroed)
        text = f"pages {spoken(found)} hold zeros only, yet are not free"
        problems.append(ReadProblem(kind="zeroed", text=text, pages=found))
    if ends:
        found = ranges(ends)
        text = f"pages {spoken(found)} hold zeros only: the ends of long blobs, which may be stored so"
        problems.append(ReadProblem(kind="blank", text=text, pages=found))
    return PrivateCopy(path=path, header=read_header(wanted), page_count=pages, absent=absent, zeroed=zeroed)


def _size_problems(header: Header, size: int, pages: int, absent: frozenset[int]) -> list[ReadProblem]:
    problems = []
    stated = header.stated_pages
    missing = ranges(absent)
    if stated is not None and stated > pages:
        missing = (*missing, (pages + 1, stated))
    if missing:
        text = truncated(missing)
        problems.append(ReadProblem(kind="missing", text=text, pages=missing))
    elif size % header.page_size:
        text = cut_page(size % header.page_size)
        problems.append(ReadProblem(kind="missing", text=text, pages=((pages + 1, pages + 1),)))
    if stated is not None and stated < pages:
        text = f"the header states {stated} pages, the file has {pages}"
        problems.append(ReadProblem(kind="header", text=text, pages=((stated + 1, pages),)))
    return problems


def _zeroed(
    file: BinaryIO, header: Header, pages: int, absent: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Pages of zeros within the stated size that are neither free nor the lock-byte page: those that no sound
    database holds, and those that may be the ends of long blobs."""
    last = min(pages, header.stated_pages or pages)
    found = set(_blank_pages(file, header.page_size, last)) - absent
    found.discard(LOCK_BYTE // header.page_size + 1)
    free = _free_pages(file, header, pages) if found else set()
    ends = tails(file, header, pages, found - free, free) if found - free else set()
    return frozenset(found - free - ends), frozenset(ends)


def _blank_pages(file: BinaryIO, page_size: int, last: int) -> Iterator[int]:
    """The pages up to ``last`` that hold zeros only: of most the first byte tells that they do not."""
    blank = bytes(page_size)
    together = max(1, _CHUNK // page_size)
    file.seek(0)
    for first in range(1, last + 1, together):
        chunk = file.read(page_size * min(together, last + 1 - first))
        starts = chunk[::page_size]
        place = starts.find(0)
        while place >= 0:
            if chunk[place * page_size : (place + 1) * page_size] == blank:
                yield first + place
            place = starts.find(0, place + 1)


def _free_pages(file: BinaryIO, header: Header, pages: int) -> set[int]:
    """The pages on the freelist (section 1.5); a loop or a page beyond the end ends it."""
    free: set[int] = set()
    trunk = header.freelist_trunk
    while 0 < trunk <= pages and trunk not in free:
        free.add(trunk)
        file.seek((trunk - 1) * header.page_size)
        data = file.read(header.page_size)
        count = min(int.from_bytes(data[4:8], "big"), header.usable // 4 - 2)
        leaves = (int.from_bytes(data[8 + 4 * i : 12 + 4 * i], "big") for i in range(count))
        free.update(leaf for leaf in leaves if 0 < leaf <= pages)
        trunk = int.from_bytes(data[:4], "big")
    return free
