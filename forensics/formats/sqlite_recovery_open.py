"""The streams of a database opened for recovery: its layout, its current view, its histories."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from forensics.errors import DamagedEvidence, UnknownKind
from forensics.formats.sqlite import Database
from forensics.formats.sqlite_header import (
    ENCODINGS,
    HEADER_SIZE,
    MAGIC,
    MINIMUM_USABLE,
    Header,
    HeaderError,
    read_header,
)
from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_problem import UNUSED_LOG
from forensics.formats.sqlite_recovery_files import JOURNAL, WAL, Files, History, Place
from forensics.formats.sqlite_recovery_history import before_images, generations, hot_pages, superseded
from forensics.formats.sqlite_wal import WalError, WalView, read_wal

_REACH = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A database as the recovery sees it."""

    files: Files
    header: Header
    histories: list[History]
    has_pointer_maps: bool
    unused: tuple[str, ...]  # why the log is not part of the view, where it should be

    @property
    def encoding(self) -> str:
        return ENCODINGS.get(self.header.encoding, "utf-8")


@dataclass(frozen=True, slots=True)
class _Sidecars:
    """The log and the journal, where they hold anything, and whether the current view uses them."""

    wal: BinaryIO | None
    journal: BinaryIO | None
    wal_view: WalView | None
    is_rolled_back: bool
    unused: tuple[str, ...] = ()


def open_files(
    main: BinaryIO, wal: BinaryIO | None, journal: BinaryIO | None, *, work: Path, name: str
) -> Opened | None:
    """None for a database without a page. Raises UnknownKind for what is no database or is encrypted,
    DamagedEvidence where its header cannot be read."""
    wal = wal if wal is not None and wal.seek(0, 2) else None
    journal = journal if journal is not None and journal.seek(0, 2) else None
    sidecars = _sidecars(main, wal, journal, work, name)
    start = _start(main, sidecars)
    if not start:
        return None
    header = _header(start, name)
    layout = Layout(header.page_size, header.usable if header.usable >= MINIMUM_USABLE else header.page_size)
    files = Files(main, sidecars.wal, sidecars.journal, layout)
    _overlay(files, sidecars)
    histories = [superseded(files, sidecars.is_rolled_back)]
    if sidecars.wal is not None:
        histories.extend(generations(sidecars.wal, files, sidecars.wal_view))
    if sidecars.journal is not None:
        histories.append(before_images(sidecars.journal, files))
    for number, history in enumerate(histories):
        history.renumber(number)
    has_pointer_maps = any(files.page(1)[52:56])
    return Opened(files, header, histories, has_pointer_maps, unused=sidecars.unused)


def _sidecars(
    main: BinaryIO, wal: BinaryIO | None, journal: BinaryIO | None, work: Path, name: str
) -> _Sidecars:
    view = _wal_view(wal) if wal is not None else None
    if wal is None and journal is None:
        return _Sidecars(None, None, None, False)
    try:
        with Database.open(main, wal=wal, journal=journal, work=work, name=name) as database:
            uses_wal, is_rolled_back = database.wal_frames_applied > 0, database.journal_applied
            unused = tuple(each.text for each in database.problems if each.text.startswith(UNUSED_LOG))
    except DamagedEvidence:
        # Where the schema cannot be read the log and the journal are taken at their word.
        uses_wal, is_rolled_back = view is not None and view.applied > 0, journal is not None
        unused = ()
    if view is not None and view.applied and not uses_wal:
        return _Sidecars(None, journal, None, is_rolled_back, unused)  # a log of another database
    return _Sidecars(wal, journal, view if uses_wal else None, is_rolled_back, unused)


def _wal_view(wal: BinaryIO) -> WalView | None:
    try:
        return read_wal(wal)
    except WalError:
        return None


def _start(main: BinaryIO, sidecars: _Sidecars) -> bytes:
    """The header of the current view's page 1."""
    view = sidecars.wal_view
    if view is not None and sidecars.wal is not None and 1 in view.pages:
        sidecars.wal.seek(view.pages[1])
        return sidecars.wal.read(HEADER_SIZE)
    main.seek(0)
    start = main.read(HEADER_SIZE)
    if start[:16] == MAGIC or sidecars.journal is None or not sidecars.is_rolled_back:
        return start
    pages, _count = hot_pages(sidecars.journal, 4096)
    sidecars.journal.seek(pages.get(1, 0))
    return sidecars.journal.read(HEADER_SIZE) if 1 in pages else start


def _header(start: bytes, name: str) -> Header:
    if len(start) >= 16 and start[:16] not in (MAGIC, bytes(16)):
        raise UnknownKind(f"{name} is not an SQLite database, or it is encrypted")
    try:
        return read_header(start)
    except HeaderError as error:
        raise DamagedEvidence(f"{name} cannot be read as an SQLite database: {error}") from error


def _overlay(files: Files, sidecars: _Sidecars) -> None:
    size = files.layout.page_size
    if sidecars.journal is not None and sidecars.is_rolled_back:
        pages, count = hot_pages(sidecars.journal, size)
        files.overlay.update({page: Place(JOURNAL, offset) for page, offset in pages.items()})
        files.pages = min(count or files.pages, files.main_pages + len(pages) + _REACH)
    view = sidecars.wal_view
    if view is not None and view.page_size == size:
        files.overlay.update({page: Place(WAL, offset) for page, offset in view.pages.items()})
        files.pages = min(view.database_pages, files.main_pages + len(view.pages) + _REACH)
    for page in [page for page in files.overlay if page > files.pages]:
        del files.overlay[page]
