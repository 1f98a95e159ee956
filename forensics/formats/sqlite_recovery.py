"""The rows that SQLite no longer shows: deleted ones, older versions, and ones never committed.

``recover`` reads streams, so it works on decrypted pages and inside containers. Every record outside the
current view is kept in a private file and reduced to a key of eight bytes; the live rows are streamed past
those keys; then the records that are no live row are given out. So memory does not grow with the live rows,
and no row of the current view is ever given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_recovery_carve import Carver
from forensics.formats.sqlite_recovery_check import Check, note_missing
from forensics.formats.sqlite_recovery_fts import LostText, TextCopies
from forensics.formats.sqlite_recovery_gather import Gathered, Gatherer, Parts
from forensics.formats.sqlite_recovery_index import IndexEntries, LostEntry
from forensics.formats.sqlite_recovery_judge import Judge
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_live import MOST_PAYLOAD, LiveRows
from forensics.formats.sqlite_recovery_open import Opened, open_files
from forensics.formats.sqlite_recovery_overflow import Overflow
from forensics.formats.sqlite_recovery_pointers import PointerMaps
from forensics.formats.sqlite_recovery_record import row_values
from forensics.formats.sqlite_recovery_sift import Sifted, Sifter
from forensics.formats.sqlite_recovery_tables import (
    Tables,
    current_rows,
    make_tables,
    older_rows,
    schema_template,
)
from forensics.formats.sqlite_recovery_trees import SCHEMA, Survey, Trees
from forensics.formats.sqlite_rows import BadText


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAt:
    """One place of a recovered row. ``file`` is main, wal or journal; ``offset`` is the byte in that file at
    which the row's cell begins."""

    origin: str
    page: int | None
    offset: int | None
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredRow:
    """A row that is not in the current view (contract, section 6). ``values`` are in the order of the
    columns; a value that is lost, and a row id's alias that is not known, is None."""

    table: str | None
    values: tuple[RawValue, ...]
    rowid: int | None
    state: str  # deleted, older_version, uncommitted
    origin: str  # freelist, freeblock, unallocated, wal, journal, dropped_table, fts
    page: int | None
    offset: int | None
    file: str
    also: tuple[FoundAt, ...]
    complete: bool


def recover(
    main: BinaryIO,
    wal: BinaryIO | None = None,
    journal: BinaryIO | None = None,
    *,
    work: Path,
    name: str,
    watch: Callable[[int], None] = lambda pages: None,
    limits: Limits | None = None,
) -> Iterator[RecoveredRow]:
    """The deleted and older rows of a database. The streams are seekable and only read; ``work`` is a folder
    for the private copy by which the current view is decided; ``watch`` is told how many more pages and old
    images of pages were looked at, ``limits`` counts what was left out and has, once the first row is asked
    for, what could not be read. Raises UnknownKind for what is no SQLite database or is encrypted,
    DamagedEvidence where its header cannot be read."""
    opened = open_files(main, wal, journal, work=work, name=name)
    if opened is None:
        return
    engine = _Engine(opened, work, watch, Limits() if limits is None else limits)
    known: set[tuple[str | None, int]] = set()
    for gathered in engine.gatherer.rows():
        row = engine.row(gathered)
        if row.rowid is not None and row.complete:
            known.add((row.table, row.rowid))
        engine.entries.note(row.table, row.rowid, row.values)
        yield row
    for text in engine.copies.lost():
        if (text.table.name, text.rowid) not in known:
            yield engine.row_of_text(text)
    for entry in engine.entries.lost():
        if (entry.table.name, entry.rowid) not in known:
            yield engine.row_of_entry(entry)


def recovered_dict(row: RecoveredRow) -> dict[str, Any]:
    """The row as the contract writes it in JSON (section 6)."""
    also = [{"origin": at.origin, "page": at.page, "offset": at.offset, "file": at.file} for at in row.also]
    return {
        "table": row.table,
        "values": [_plain(value) for value in row.values],
        "rowid": row.rowid,
        "state": row.state,
        "origin": row.origin,
        "page": row.page,
        "offset": row.offset,
        "also": also,
        "complete": row.complete,
    }


def _plain(value: RawValue) -> object:
    if isinstance(value, BadText):
        return {"text_bytes": value.hex()}
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    if isinstance(value, float) and value - value != 0:
        return "Infinity" if value > 0 else "-Infinity"  # JSON has no word for it
    return value


class _Engine:
    """One database being recovered: its parts, put together."""

    def __init__(self, opened: Opened, work: Path, watch: Callable[[int], None], limits: Limits) -> None:
        files = opened.files
        limit = min(MOST_PAYLOAD * 16, (files.pages + files.main_pages) * files.layout.page_size)
        self.encoding = opened.encoding
        damage = limits.damage
        damage.unused = opened.unused
        note_missing(files, damage)
        survey = Survey.of(files)
        first_trunk = int.from_bytes(files.page(1)[32:36], "big")
        trees = Trees(files, survey, first_trunk, opened.has_pointer_maps, damage)
        schema = schema_template(self.encoding, opened.header.schema_format >= 4)
        live = LiveRows(files, trees, limit, limits)
        carver = Carver(files.layout, limit)
        self.tables = self._read_tables(opened, trees, live, carver, schema)
        self.tables.limits = limits
        check = Check(files, trees, self.tables, live, limit=limit, damage=damage)
        check.run()
        limits.strays, limits.are_strays_searched = check.strays, trees.is_whole
        pointers = PointerMaps(files, self.tables, opened.histories, opened.has_pointer_maps)
        sifter = Sifter(files, trees, self.tables, carver, pointers)
        overflow = Overflow(files, trees, live, opened.histories)
        self.judge = Judge(trees, live)
        self.copies = TextCopies(self.tables, trees, live, self.encoding)
        self.entries = IndexEntries(files, self.tables, trees, live, carver, limits=limits)
        self._files = files
        self._sifter, self._histories, self._watch = sifter, opened.histories, watch
        parts = Parts(self.tables, trees, live, overflow)
        self.gatherer = Gatherer(parts, self._sifted(), work)

    def _read_tables(
        self, opened: Opened, trees: Trees, live: LiveRows, carver: Carver, schema: Any
    ) -> Tables:
        tree = trees.grow(SCHEMA, 1, False)
        current = current_rows(live, tree, self.encoding)
        images = (image for history in opened.histories for image in history.images)
        return make_tables(current, older_rows(opened.files, trees, images, carver), trees, live, schema)

    def _sifted(self) -> Iterator[Sifted]:
        yield from self._sifter.current(self._watch)
        for history in self._histories:
            for image in history.images:
                yield from self._sifter.old(image)
            self._watch(len(history.images))

    def row(self, gathered: Gathered) -> RecoveredRow:
        found, tables = gathered.found, gathered.tables
        places = [
            FoundAt(origin=at.origin, page=at.page, offset=at.offset, file=at.file) for at in gathered.places
        ]
        first = places[0]
        return RecoveredRow(
            table=(tables[0].name or None) if len({table.name for table in tables}) == 1 else None,
            values=row_values(found, self.encoding),
            rowid=found.rowid,
            state=self.judge.state(gathered),
            origin=first.origin,
            page=first.page,
            offset=first.offset,
            file=first.file,
            also=tuple(places[1:]),
            complete=found.is_whole,
        )

    def row_of_text(self, lost: LostText) -> RecoveredRow:
        """A row of which the full-text index still has one text: every other value is lost."""
        table, place = lost.table, self._files.place(lost.page)
        values: list[RawValue] = [None] * table.declared
        values[table.stored[lost.column].place] = lost.text
        if table.alias is not None:
            values[table.stored[table.alias].place] = lost.rowid
        return RecoveredRow(
            table=table.name,
            values=tuple(values),
            rowid=lost.rowid,
            state="deleted",
            origin="fts",
            page=lost.page,
            offset=place.offset + lost.offset,
            file=place.file,
            also=(),
            complete=False,
        )

    def row_of_entry(self, lost: LostEntry) -> RecoveredRow:
        """A row of which only entries of indexes are left: every other value is lost."""
        table = lost.table
        values = [lost.values.get(place) for place in range(table.declared)]
        if table.alias is not None:
            values[table.stored[table.alias].place] = lost.rowid
        places = []
        for origin, page, offset in lost.places:
            place = self._files.place(page)
            places.append(FoundAt(origin=origin, page=page, offset=place.offset + offset, file=place.file))
        first = places[0]
        return RecoveredRow(
            table=table.name,
            values=tuple(values),
            rowid=lost.rowid,
            state="deleted",
            origin=first.origin,
            page=first.page,
            offset=first.offset,
            file=first.file,
            also=tuple(places[1:]),
            complete=False,
        )
