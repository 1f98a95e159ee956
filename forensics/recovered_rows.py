"""Recovered rows in a private database of the app's own tables, so that the app's parser can read them.

The small tables that all messages share are copied from the current view; of the tables of messages and of
what belongs to them the private database holds recovered rows only. A row whose id is lost, and a further
version of one row, gets an id from ``parser.FIRST_MADE_ID`` on; ``places`` tells where each really lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from forensics.formats.sqlite import BadText, TableInfo
from forensics.formats.sqlite_private import Builder
from forensics.formats.sqlite_recovery import FoundAt, RecoveredRow, recover
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.items import Opener
from forensics.parser import FIRST_MADE_ID, Installation, KeepsCalls, KnowsRows, Recoverable

# More rows than these are not looked at: a notice says so.
MOST_ROWS = 200_000


class IndexedText(NamedTuple):
    """A text of a message that is gone, which the full-text index still holds."""

    table: str
    rowid: int | None
    text: str
    at: FoundAt


class RowPlace(NamedTuple):
    """Where a recovered row of a table of messages lies; ``rowid`` is None where it is lost."""

    rowid: int | None
    state: str
    at: tuple[FoundAt, ...]
    is_whole: bool


@dataclass(slots=True)
class Recovered:
    """What a recovery found: the rows by table and method, and the places of those of messages by table and
    private row id."""

    counts: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    places: dict[tuple[str, int], RowPlace] = field(default_factory=dict)
    texts: list[IndexedText] = field(default_factory=list)
    # the same of rows of tables of calls
    calls: dict[tuple[str, int], RowPlace] = field(default_factory=dict)
    is_cut: bool = False
    limits: Limits = field(default_factory=Limits)


def recovered_rows(
    streams: Mapping[str, Opener], work: Path, name: str, limits: Limits
) -> Iterator[RecoveredRow]:
    """The rows that a database no longer shows, by what opens it ("") and the files beside it; ``limits``
    counts what was left out. Raises EvidenceUnreadable."""
    with ExitStack() as stack:
        main, wal, journal = (
            stack.enter_context(streams[suffix]()) if suffix in streams else None
            for suffix in ("", "-wal", "-journal")
        )
        if main is not None:
            yield from recover(main, wal, journal, work=work, name=name, limits=limits)


def gather(
    rows: Iterable[RecoveredRow], installation: Installation, parser: Recoverable, path: Path
) -> Recovered:
    """Write the private database to ``path``. Raises EvidenceUnreadable, MachineFailed."""
    with Builder(path) as builder:
        gathering = _Gathering(builder, installation, parser)
        stream = iter(rows)
        for row in islice(stream, MOST_ROWS):
            gathering.take(row)
        gathering.recovered.is_cut = next(stream, None) is not None
        gathering.copy_context()
    return gathering.recovered


class _Gathering:
    """Rows on their way into a private database."""

    def __init__(self, builder: Builder, installation: Installation, parser: Recoverable) -> None:
        self.recovered = Recovered()
        self._builder = builder
        self._database = installation.database
        self._next_made = FIRST_MADE_ID
        self._messages, self._context = parser.message_tables, parser.context_tables
        self._calls, sides = frozenset[str](), parser.side_tables
        if isinstance(parser, KeepsCalls):
            self._calls, sides = parser.call_tables, sides | parser.call_side_tables
        self._knows_rows = parser if isinstance(parser, KnowsRows) else None
        wanted = parser.message_tables | sides | parser.context_tables | self._calls
        tables = installation.database.tables().items()
        self._tables = {name: info for name, info in tables if name.lower() in wanted}
        for info in self._tables.values():
            builder.table(info)
        # recovered rows of the shared tables wait: where the current view has a row of that id, that counts
        self._waiting: list[tuple[str, int, list[object]]] = []

    def take(self, row: RecoveredRow) -> None:
        """Count a row, and keep it where the parser can read it."""
        if row.table is None and self._knows_rows is not None:
            row = replace(row, table=self._knows_rows.table_of(row.values))
        self.recovered.counts[row.table, row.origin] += 1
        info = self._tables.get(row.table or "")
        if info is None:
            return
        if info.name.lower() in self._context:
            if row.complete and row.rowid is not None and row.state == "deleted":
                self._waiting.append((info.name, row.rowid, self._values(row, info)))
            return
        if row.origin == "fts":
            self._note_text(info.name, row)
            return
        rowid = self._insert(info, row)
        name = info.name.lower()
        if name in self._messages or name in self._calls:
            at = FoundAt(origin=row.origin, page=row.page, offset=row.offset, file=row.file)
            place = RowPlace(row.rowid, row.state, (at, *row.also), row.complete)
            places = self.recovered.places if name in self._messages else self.recovered.calls
            places[info.name, rowid] = place

    def _note_text(self, table: str, row: RecoveredRow) -> None:
        text = next((value for value in reversed(row.values) if isinstance(value, str)), None)
        if text is not None and table.lower() in self._messages:
            at = FoundAt(origin=row.origin, page=row.page, offset=row.offset, file=row.file)
            self.recovered.texts.append(IndexedText(table, row.rowid, text, at))

    def _insert(self, info: TableInfo, row: RecoveredRow) -> int:
        values = self._values(row, info)
        is_taken = row.rowid is None or row.rowid >= FIRST_MADE_ID
        if not is_taken and row.rowid is not None and self._builder.insert(info.name, row.rowid, values):
            return row.rowid
        self._next_made += 1
        self._builder.insert(info.name, self._next_made, values)
        return self._next_made

    def _values(self, row: RecoveredRow, info: TableInfo) -> list[object]:
        """The values of the columns that the private table has, without the row id's alias."""
        stored = dict(zip((each.name for each in info.columns), row.values, strict=False))
        return [self._value(stored.get(name)) for name in self._builder.columns(info.name)]

    def _value(self, value: object) -> object:
        encoding = self._database.encoding
        if isinstance(value, BadText) and encoding != "utf-8":
            return bytes(value).decode(encoding, "replace")
        return value

    def copy_context(self) -> None:
        """The shared tables as the current view has them, then recovered rows of ids that it has not."""
        for name, info in self._tables.items():
            if info.name.lower() in self._context:
                rows = self._database.rows(name, self._builder.columns(name))
                for place, (rowid, *values) in enumerate(rows, 1):
                    number = place if rowid is None else rowid
                    self._builder.insert(name, number, [self._value(each) for each in values])
        for name, rowid, values in self._waiting:
            self._builder.insert(name, rowid, values)
