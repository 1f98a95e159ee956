"""An ordinary table as SQLite understands it, and the SELECT by which rows of it are asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from forensics.formats.sqlite_ascending import Row
from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_rows import BadText, Selection
from forensics.formats.sqlite_schema import SchemaEntry, fold

_ROWID_NAMES = ("rowid", "_rowid_", "oid")
_VIRTUAL_GENERATED = 2  # "hidden" in PRAGMA table_xinfo; a stored generated column has 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as declared. One that ``is_computed`` (a virtual generated column) stores nothing and is never
    read: its expression is code of the evidence."""

    name: str
    declared_type: str
    primary_key: int  # place in the primary key from 1 on, or 0
    is_computed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInfo:
    """An ordinary table. ``rowid_alias`` is its INTEGER PRIMARY KEY column; ``rowid_name`` is how the row id
    is asked for, None for a table without one (or whose columns take all its names)."""

    name: str
    columns: tuple[Column, ...]
    rowid_alias: str | None
    rowid_name: str | None
    without_rowid: bool
    root: int
    sql: str

    def column(self, name: str) -> Column | None:
        """The column of this name, as SQLite compares names, or None."""
        wanted = fold(name)
        return next((c for c in self.columns if c.name == name or fold(c.name) == wanted), None)


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def describe_table(connection: sqlite3.Connection, entry: SchemaEntry) -> TableInfo | None:
    """None when SQLite could not load the table's description."""
    table = quote(entry.name)
    columns = tuple(
        Column(name=name, declared_type=declared, primary_key=key, is_computed=hidden == _VIRTUAL_GENERATED)
        for _place, name, declared, _not_null, _default, key, hidden in connection.execute(
            f"PRAGMA table_xinfo({table})"
        )
    )
    if not columns:
        return None
    free = _free_rowid_name(columns)
    without_rowid = free is not None and not _has_rowid(connection, table, free)
    alias = None if without_rowid else _rowid_alias(connection, table, columns)
    name = None if without_rowid else free or (quote(alias) if alias else None)
    return TableInfo(
        name=entry.name,
        columns=columns,
        rowid_alias=alias,
        rowid_name=name,
        without_rowid=without_rowid,
        root=entry.root,
        sql=entry.sql,
    )


def _free_rowid_name(columns: tuple[Column, ...]) -> str | None:
    taken = {fold(column.name) for column in columns}
    return next((name for name in _ROWID_NAMES if name not in taken), None)


def _has_rowid(connection: sqlite3.Connection, table: str, rowid: str) -> bool:
    try:
        connection.execute(f"SELECT {rowid} FROM {table} NOT INDEXED LIMIT 0")
    except sqlite3.OperationalError:
        return False  # "no such column": the answer for a table WITHOUT ROWID
    return True


def _rowid_alias(connection: sqlite3.Connection, table: str, columns: tuple[Column, ...]) -> str | None:
    """The INTEGER PRIMARY KEY, which alone has no index of its own (https://sqlite.org/lang_createtable.html)."""
    keys = [column for column in columns if column.primary_key]
    if len(keys) != 1 or fold(keys[0].declared_type) != "integer":
        return None
    origins = {row[3] for row in connection.execute(f"PRAGMA index_list({table})")}
    return None if "pk" in origins else keys[0].name


def computed_problems(info: TableInfo, columns: Sequence[str]) -> Iterator[ReadProblem]:
    """That a column which is asked for is computed by the database, and therefore not read."""
    for name in columns:
        column = info.column(name)
        if column is not None and column.is_computed:
            text = f"column {column.name!r} of {info.name!r} is computed by the database and was not read"
            yield ReadProblem(kind="generated", text=text, table=info.name)


def select(info: TableInfo, columns: Sequence[str], encoding: str) -> Selection:
    """The row id and the columns; a column that is absent or computed is NULL. In a UTF-16 database text is
    asked for as bytes, because SQLite turns invalid UTF-16 into other characters without a word."""
    is_wide = encoding != "utf-8"
    terms = [term for name in columns for term in _terms(info, name, is_wide)]
    source = f"FROM {quote(info.name)} NOT INDEXED"
    return Selection(
        table=info.name,
        root=info.root,
        is_index_tree=info.without_rowid,
        select=f"SELECT {', '.join([info.rowid_name or 'NULL', *terms])} {source}",
        source=source,
        rowid=info.rowid_name,
        convert=_wide_text(encoding) if is_wide else None,
    )


def _terms(info: TableInfo, name: str, is_wide: bool) -> list[str]:
    column = info.column(name)
    term = "NULL" if column is None or column.is_computed else quote(column.name)
    if not is_wide:
        return [term]
    is_text = f"typeof({term})='text'"
    return [f"CASE WHEN {is_text} THEN CAST({term} AS BLOB) ELSE {term} END", is_text]


def _wide_text(encoding: str) -> Callable[[Row], Row]:
    def convert(row: Row) -> Row:
        pairs = zip(row[1::2], row[2::2], strict=True)
        return (row[0], *(_decoded(value, encoding) if is_text else value for value, is_text in pairs))

    return convert


def _decoded(data: bytes, encoding: str) -> str | BadText:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return BadText(data)


def sort_key(row: Row) -> tuple[int, float | str | bytes, int]:
    """SQLite's order of the second value (nulls, numbers, texts, blobs), then of the row id."""
    rowid, value = row[0] or 0, row[1]
    if value is None:
        return 0, 0, rowid
    if isinstance(value, int | float):
        return 1, value, rowid
    if isinstance(value, str):
        return 2, value.encode("utf-8", "surrogatepass"), rowid
    return (2 if isinstance(value, BadText) else 3), bytes(value), rowid
