"""A private merged view of a database with its write-ahead log or rollback journal, read tolerantly.

Evidence comes as streams and is never opened by SQLite. The current view is put together in a private copy
(sqlite_copy), its schema is reduced to ordinary tables (sqlite_schema), and SQLite reads that copy as an
immutable file: it makes no log, no shared memory, no journal and, with temp_store=MEMORY, no temporary file.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from forensics.errors import DamagedEvidence
from forensics.formats.sqlite_ascending import Row
from forensics.formats.sqlite_connection import authorize, connect, unparsed
from forensics.formats.sqlite_copy import PrivateCopy, Streams, machine_errors, make_copy, make_folder
from forensics.formats.sqlite_header import ENCODINGS, Header
from forensics.formats.sqlite_order import Orders, cuts, fetched
from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_rows import BadText, RowReader
from forensics.formats.sqlite_schema import Schema, SchemaEntry, fold, mend_schema, read_schema
from forensics.formats.sqlite_table import (
    Column,
    TableInfo,
    computed_problems,
    describe_table,
    quote,
    select,
    sort_key,
)
from forensics.formats.sqlite_tree import HIGHEST, LOWEST, Pages

__all__ = ["BadText", "Column", "Database", "ReadProblem", "Row", "TableInfo"]


class Database:
    """A database's current view; a context manager that removes its private copy at the exit."""

    def __init__(self, copy: PrivateCopy, name: str) -> None:
        """Takes a private copy over; use ``open``."""
        self._copy = copy
        self._name = name
        self._stack = ExitStack()
        self._infos: dict[str, TableInfo | None] = {}
        self._entries: Mapping[str, SchemaEntry] = {}
        self._reader: RowReader | None = None
        self._connection: sqlite3.Connection | None = None
        self._tree: Pages | None = None
        self.problems: list[ReadProblem] = []
        for problem in copy.problems:
            self._report(problem)
        if copy.header is not None:
            try:
                self._load(copy.header)
            except BaseException:
                self._stack.close()
                raise

    @classmethod
    def open(
        cls,
        main: BinaryIO,
        *,
        wal: BinaryIO | None = None,
        journal: BinaryIO | None = None,
        work: Path,
        name: str = "database",
    ) -> Self:
        """Copies the (seekable) streams into a fresh folder below ``work``. Raises UnknownKind for what is no
        SQLite database or is encrypted, DamagedEvidence where header or schema cannot be read, MachineFailed
        where the copy cannot be written. A file of 0 bytes is a database without tables."""
        with ExitStack() as stack:
            folder = make_folder(work, name)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            streams = Streams(main=main, wal=wal, journal=journal, name=name)
            database = cls._best_view(streams, folder)
            # The last one in closes first: the connections, then the folder goes.
            cleanup = ExitStack()
            cleanup.push(stack.pop_all())
            cleanup.push(database._stack)
            database._stack = cleanup
            return database

    @classmethod
    def _best_view(cls, streams: Streams, folder: Path) -> Self:
        """The merged view, or the file alone where the merged view is the more damaged one: then the log is
        of another database."""
        merged = folder / "merged"
        merged.mkdir()
        copy = make_copy(streams, merged)
        if not copy.frames_applied and not copy.journal_applied:
            return cls(copy, streams.name)
        try:
            database = cls(copy, streams.name)
        except DamagedEvidence:
            plain = cls._plain_view(streams, folder, copy)
            if plain is None:
                raise
            return plain
        faults = database._faults()
        plain = cls._plain_view(streams, folder, copy) if faults else None
        if plain is None:
            return database
        worse, better = (database, plain) if plain._faults() < faults else (plain, database)
        worse.close()
        return better

    @classmethod
    def _plain_view(cls, streams: Streams, folder: Path, merged: PrivateCopy) -> Self | None:
        """The database without the log or journal that was merged; None when that cannot be read either."""
        what = "write-ahead log" if merged.frames_applied else "rollback journal"
        alone = replace(streams, wal=None) if merged.frames_applied else replace(streams, journal=None)
        target = folder / "alone"
        target.mkdir()
        text = f"the {what} was not used: it does not fit this database"
        problem = ReadProblem(kind="wal" if merged.frames_applied else "journal", text=text)
        try:
            copy = make_copy(alone, target)
            if copy.header is None:
                return None
            return cls(replace(copy, problems=(problem, *copy.problems)), streams.name)
        except DamagedEvidence:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the view and remove the private copy; may be called more than once."""
        self._reader = None
        self._connection = None
        self._infos.clear()
        self._tree = None
        self._stack.close()

    @property
    def page_size(self) -> int:
        """Bytes a page; 0 for an empty database."""
        return self._copy.header.page_size if self._copy.header else 0

    @property
    def page_count(self) -> int:
        """Pages of the current view, without those that are missing at its end."""
        return self._copy.page_count

    @property
    def encoding(self) -> str:
        """How the database stores text: utf-8, utf-16-le or utf-16-be."""
        return ENCODINGS.get(self._copy.header.encoding if self._copy.header else 1, "utf-8")

    @property
    def user_version(self) -> int:
        """The application's own version number of its schema."""
        return self._copy.header.user_version if self._copy.header else 0

    @property
    def application_id(self) -> int:
        """The number by which an application marks its files."""
        return self._copy.header.application_id if self._copy.header else 0

    @property
    def wal_frames_applied(self) -> int:
        """Frames of the write-ahead log up to its last commit, all of which the view holds."""
        return self._copy.frames_applied

    @property
    def journal_applied(self) -> bool:
        """Whether a hot rollback journal was rolled back."""
        return self._copy.journal_applied

    def tables(self) -> dict[str, TableInfo]:
        """The ordinary tables by name, sorted; SQLite's own tables are left out."""
        names = sorted(entry.name for entry in self._entries.values())
        infos = {name: self._info(name) for name in names if not fold(name).startswith("sqlite_")}
        return {name: info for name, info in infos.items() if info is not None}

    def has(self, table: str, *columns: str) -> bool:
        """Whether there is an ordinary table of that name, with all these columns."""
        info = self._info(table)
        return info is not None and all(info.column(column) for column in columns)

    def count(self, table: str) -> int | None:
        """The number of rows; None when the table is absent or a page of it cannot be read."""
        info = self._info(table)
        if info is None or self._reader is None:
            return None
        structure = self._reader.structure(info.root, is_index_tree=info.without_rowid)
        return structure.cells if structure.is_whole else None

    def rows(
        self,
        table: str,
        columns: Sequence[str],
        *,
        order_by: str | None = None,
        where_rowid: tuple[int, int] | None = None,
        where_key: tuple[int, int] | None = None,
    ) -> Iterator[Row]:
        """The row id and then the columns of each row that can be read, by row id or by ``order_by`` and row
        id; ``where_rowid`` is an inclusive range, and so is ``where_key`` of the values of ``order_by`` where
        the table ``is_ordered``. An absent column gives None; a table without row ids gives None as row id
        and its key's order. What cannot be read is added to ``problems`` while the rows are drawn. Raises
        KeyError for a table that is absent."""
        info = self._demand(table)
        low, high = where_rowid or (LOWEST, HIGHEST)
        low, high = max(low, LOWEST), min(high, HIGHEST)
        column = info.column(order_by) if order_by is not None else None
        if where_key is not None and column is not None and column.name == info.rowid_alias:
            return self._rows(info, columns, *where_key)
        if where_key is not None and column is not None:
            for problem in computed_problems(info, columns):
                self._report(problem)
            what = select(info, columns, self.encoding)
            return self._orders.of(info, column).rows(what, *where_key)
        if column is None or column.is_computed:
            return self._rows(info, columns, low, high)
        return self._ordered(info, columns, column, low, high)

    def cuts(self, table: str, rows: int) -> list[int]:
        """The row ids after which the table falls into parts of so many rows or a few more; none where not
        all of it is as it should be. Raises KeyError for a table that is absent."""
        what = select(self._demand(table), (), self.encoding)
        is_sound = what.rowid is not None and self._open_reader().is_sound(what)
        return cuts(self._tree, what.root, rows) if is_sound and self._tree else []

    def is_ordered(self, table: str, column: str) -> bool:
        """Whether rows can be had by ranges of a column's values, which are whole numbers or NULL."""
        info = self._demand(table)
        found = info.column(column)
        if found is not None and found.name == info.rowid_alias:
            return self._open_reader().is_sound(select(info, (), self.encoding))
        return found is not None and not found.is_computed and self._orders.of(info, found).is_known

    def rows_named(self, table: str, columns: Sequence[str], key: str, by: tuple[str, str]) -> Iterator[Row]:
        """As ``rows``, but only those whose ``key`` stands in a column of another table too (``by``: its name
        and the column's), found by SQLite. Where either table is damaged other rows come as well. Raises
        KeyError for a table that is absent."""
        info, other = self._demand(table), self._demand(by[0])
        column, named = info.column(key), other.column(by[1])
        what = select(info, columns, self.encoding)
        naming = select(other, (), self.encoding)
        reader = self._open_reader()
        is_quick = not (info.without_rowid or other.without_rowid) and reader.is_sound(naming)
        if is_quick and column and named and not (column.is_computed or named.is_computed):
            only = f"AND {quote(column.name)} IN (SELECT {quote(named.name)} {naming.source})"
            what = replace(what, only=only)
        return reader.read(what, LOWEST, HIGHEST)

    def rows_apart(
        self, table: str, columns: Sequence[str], other: str, also: Sequence[int] = ()
    ) -> Iterator[Row]:
        """As ``rows``, but only those whose row id no row of another table has, found by SQLite, and those of
        ``also`` (row ids in rising order that the other table has). Where either table is damaged all rows
        come. Raises KeyError for a table that is absent."""
        what = select(self._demand(table), columns, self.encoding)
        return self._open_reader().apart(what, select(self._demand(other), (), self.encoding), also)

    def distinct(self, table: str, column: str) -> Iterator[object]:
        """The values of a column in no order: each once, or as often as they stand there where the table is
        damaged. Raises KeyError for a table that is absent."""
        info = self._demand(table)
        stored = info.column(column)
        is_readable = stored is not None and not stored.is_computed and self.encoding == "utf-8"
        what = select(info, (column,), self.encoding)
        found = self._open_reader().distinct(what, quote(column)) if is_readable else None
        if found is None:
            return (row[1] for row in self._rows(info, (column,), LOWEST, HIGHEST))
        return iter(found)

    def row(self, table: str, rowid: int) -> dict[str, object] | None:
        """One row with every stored column; None when it is absent or cannot be read. Raises KeyError for a
        table that is absent."""
        info = self._demand(table)
        names = [column.name for column in info.columns if not column.is_computed]
        if info.rowid_name is None or not LOWEST <= rowid <= HIGHEST:
            return None
        found = next(self._rows(info, names, rowid, rowid), None)
        return None if found is None else dict(zip(names, found[1:], strict=True))

    def sequence(self, table: str) -> int | None:
        """The highest row id that AUTOINCREMENT ever gave in this table; None where none is kept."""
        if not self.has("sqlite_sequence", "name", "seq"):
            return None
        for _rowid, name, highest in self.rows("sqlite_sequence", ("name", "seq")):
            if isinstance(name, str) and fold(name) == fold(table) and isinstance(highest, int):
                return highest
        return None

    def _report(self, problem: ReadProblem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def _demand(self, table: str) -> TableInfo:
        info = self._info(table)
        if info is None:
            raise KeyError(table)
        return info

    def _load(self, header: Header) -> None:
        schema = self._mended_schema(header)
        for problem in schema.problems:
            self._report(problem)
        self._entries = schema.tables
        pages = self._tree = self._pages(header)
        self._stack.callback(pages.close)
        strict, tolerant = self._connect(is_tolerant=False), self._connect(is_tolerant=True)
        self._connection = tolerant
        self._reader = RowReader(pages, strict, tolerant, zeroed=self._copy.zeroed, report=self._report)
        self._orders = Orders(self._reader, self.encoding)

    def _pages(self, header: Header) -> Pages:
        return Pages(
            self._copy.path,
            page_size=header.page_size,
            usable=header.usable,
            count=self._copy.page_count,
            absent=self._copy.absent,
        )

    def _mended_schema(self, header: Header) -> Schema:
        pages = self._pages(header)
        try:
            schema = read_schema(pages, self.encoding)
        except DamagedEvidence as error:
            raise DamagedEvidence(f"{self._name}: {error}") from error
        finally:
            pages.close()
        with machine_errors(self._name):
            mend_schema(self._copy.path, schema, page_size=header.page_size, page_count=self._copy.page_count)
        return schema

    def _connect(self, *, is_tolerant: bool) -> sqlite3.Connection:
        connection, refusal = connect(self._copy.path, is_tolerant=is_tolerant)
        self._stack.callback(connection.close)
        if refusal is not None:
            for problem in unparsed(connection, (each.name for each in self._entries.values()), refusal):
                self._report(problem)
        connection.set_authorizer(authorize)
        return connection

    def _info(self, table: str) -> TableInfo | None:
        key = fold(table)
        if key not in self._infos:
            entry = self._entries.get(key)
            info = describe_table(self._connection, entry) if entry and self._connection else None
            self._infos[key] = info
        return self._infos[key]

    def _rows(self, info: TableInfo, columns: Sequence[str], low: int, high: int) -> Iterator[Row]:
        for problem in computed_problems(info, columns):
            self._report(problem)
        return self._open_reader().read(select(info, columns, self.encoding), low, high)

    def _ordered(
        self, info: TableInfo, columns: Sequence[str], column: Column, low: int, high: int
    ) -> Iterator[Row]:
        reader = self._open_reader()
        what = select(info, columns, self.encoding)
        rowids = None
        if info.rowid_name is not None:
            rowids = reader.sorted_rowids(what, quote(column.name), low, high)
        if rowids is None:
            rows = sorted(self._rows(info, [column.name, *columns], low, high), key=sort_key)
            yield from ((row[0], *row[2:]) for row in rows)
        else:
            for problem in computed_problems(info, columns):
                self._report(problem)
            yield from fetched(reader, what, rowids)

    def _open_reader(self) -> RowReader:
        if self._reader is None:
            raise ValueError("the database is closed")
        return self._reader

    def _faults(self) -> int:
        """Signs that the merged log is of another database: pages of tables that are of another kind, schema
        entries that cannot be used, and a schema that shares no table with that of the main file."""
        faults = sum(problem.kind == "schema" for problem in self.problems)
        before = self._copy.tables_before
        faults += bool(before and self._entries) and before.isdisjoint(self._entries)
        for info in (self._info(entry.name) for entry in self._entries.values()):
            if info is not None:
                structure = self._open_reader().structure(info.root, is_index_tree=info.without_rowid)
                faults += structure.misfits
        return faults
