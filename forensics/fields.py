"""Declared tables: which columns a parser reads, of which kind, under which older names.

A parser states facts (``Table``); what is present decides what is read. A row is checked by the types of its
values in one step: rows of a shape that was seen to be right pass untouched, any other is mended column by
column and every mended or refused value is reported with its raw form, so that a BLOB where a text belongs
costs that value and not the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from forensics import times
from forensics.digest import LARGEST_INTEGER

Row = tuple[Any, ...]
# SQLite's smallest row id: a row whose key is NULL comes before all others.
LOWEST_KEY = -(2**63)
# (rowid, column, raw value, what is the matter with it)
Doubt = Callable[[int, str, object, str], None]


class TableReader(Protocol):
    """What is asked of a database here; ``formats.sqlite.Database`` is one."""

    def has(self, table: str, *columns: str) -> bool: ...

    def rows(
        self,
        table: str,
        columns: Sequence[str],
        *,
        order_by: str | None = None,
        where_rowid: tuple[int, int] | None = None,
        where_key: tuple[int, int] | None = None,
    ) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of column: the Python types it may arrive as, and how any other type is mended."""

    name: str
    types: tuple[type, ...]
    mend: Callable[[object], tuple[object, str | None]]


def _mend_text(value: object) -> tuple[object, str | None]:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8"), "a BLOB where a text belongs"
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace"), "bytes that are not valid UTF-8"
    return str(value), f"a number ({type(value).__name__}) where a text belongs"


def _mend_integer(value: object) -> tuple[object, str | None]:
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_INTEGER:
        return int(value), None
    digits = value.removeprefix("-") if isinstance(value, str) and len(value) < 16 else ""
    if isinstance(value, str) and digits.isascii() and digits.isdigit():
        return int(value), None
    return None, f"{type(value).__name__} where an integer belongs"


def _mend_real(value: object) -> tuple[object, str | None]:
    if isinstance(value, int):
        return float(value), None
    return None, f"{type(value).__name__} where a number belongs"


def _mend_blob(value: object) -> tuple[object, str | None]:
    if isinstance(value, str):
        return value.encode("utf-8"), None
    return None, f"{type(value).__name__} where a BLOB belongs"


NoneType = type(None)
TEXT = Kind("text", (str, NoneType), _mend_text)
INTEGER = Kind("integer", (int, NoneType), _mend_integer)
REAL = Kind("real", (float, NoneType), _mend_real)
# Core Data's times: SQLite stores those that are whole numbers as integers.
NUMBER = Kind("number", (float, int, NoneType), _mend_real)
BLOB = Kind("blob", (bytes, NoneType), _mend_blob)


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the kind of its values, and the names it had in other versions of the app."""

    name: str
    kind: Kind = INTEGER
    older: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an app's database, by what of it is read."""

    name: str
    columns: tuple[Column, ...]

    def bind(self, reader: TableReader, doubt: Doubt) -> BoundTable | None:
        """This table as it is present in a database, or None where it is not there."""
        if not reader.has(self.name):
            return None
        names = tuple(_present_name(reader, self.name, column) for column in self.columns)
        return BoundTable(self, reader, names, doubt)


def _present_name(reader: TableReader, table: str, column: Column) -> str | None:
    for name in (column.name, *column.older):
        if reader.has(table, name):
            return name
    return None


class BoundTable:
    """A declared table in one database: rows have the row id first, then the declared columns in order."""

    def __init__(self, table: Table, reader: TableReader, names: Sequence[str | None], doubt: Doubt) -> None:
        self.table = table
        self.names = names
        self._reader = reader
        self._doubt = doubt
        self._right: set[Row] = set()

    def holds(self, column: str) -> bool:
        """Whether that declared column is present under any of its names."""
        return any(
            name is not None and declared.name == column
            for declared, name in zip(self.table.columns, self.names, strict=True)
        )

    def rows(
        self,
        order_by: str | None = None,
        where_rowid: tuple[int, int] | None = None,
        where_key: tuple[int, int] | None = None,
    ) -> Iterator[Row]:
        """All rows (or those of an inclusive range of row ids, or of the column's values), checked; in row id
        order, or by a column and then row id."""
        columns = [name if name is not None else column.name for column, name in self._pairs()]
        right = self._right
        found = self._reader.rows(
            self.table.name, columns, order_by=order_by, where_rowid=where_rowid, where_key=where_key
        )
        for row in found:
            shape = tuple(map(type, row))
            yield row if shape in right else self._checked(row, shape)

    def checked(self, row: Row) -> Row:
        """A row that was read otherwise: the row id, then the declared columns."""
        shape = tuple(map(type, row))
        return row if shape in self._right else self._checked(row, shape)

    def _pairs(self) -> Iterator[tuple[Column, str | None]]:
        return zip(self.table.columns, self.names, strict=True)

    def _checked(self, row: Row, shape: Row) -> Row:
        kinds = [column.kind.types for column in self.table.columns]
        if all(found in types for found, types in zip(shape[1:], kinds, strict=True)):
            self._right.add(shape)
            return row
        pairs = zip(self.table.columns, row[1:], strict=True)
        return (row[0], *(self._mended(row[0], *pair) for pair in pairs))

    def _mended(self, rowid: int, column: Column, value: object) -> object:
        if type(value) in column.kind.types:
            return value
        mended, problem = column.kind.mend(value)
        if problem is not None:
            self._doubt(rowid, column.name, value, problem)
        return mended


class Follow:
    """A side table read beside the main one: both in the order of the same key, each row once.

    ``take(key)`` gives the side rows of that key; keys must be asked in rising order. Rows whose key was
    never asked for (they outlived their message) go to ``orphans``.
    """

    def __init__(self, rows: Iterator[Row], key: int, orphan: Callable[[Row], None] | None = None) -> None:
        self._rows = rows
        self._key = key
        self._orphan = orphan
        self._next: Row | None = next(rows, None)

    @property
    def upcoming(self) -> int | None:
        """The smallest key for which ``take`` may do something; None when all rows were given."""
        row = self._next
        if row is None:
            return None
        key: int | None = row[self._key]
        return LOWEST_KEY if key is None else key

    def take(self, wanted: int) -> Sequence[Row]:
        """The rows with that key, in row id order; rows with a smaller key are orphans."""
        row = self._next
        if row is None:
            return ()
        key = row[self._key]
        if key is not None and key > wanted:
            return ()
        return self._advance(wanted)

    def _advance(self, wanted: int) -> list[Row]:
        found: list[Row] = []
        row = self._next
        while row is not None and (row[self._key] is None or row[self._key] <= wanted):
            if row[self._key] == wanted:
                found.append(row)
            elif self._orphan is not None:
                self._orphan(row)
            row = next(self._rows, None)
        self._next = row
        return found

    def close(self) -> None:
        """Give the rest as orphans: their key is larger than that of any main row."""
        if self._orphan is not None and self._next is not None:
            self._orphan(self._next)
            for row in self._rows:
                self._orphan(row)
        self._next = None


def readable_instant(value: int | None) -> tuple[int | None, str | None]:
    """An app's milliseconds since 1970 and what is doubtful about them; 0 and -1 mean "none"."""
    if value is None or value in (0, -1):
        return None, None
    if value < 0:
        return None, "a negative time"
    try:
        instant = times.from_millis(value)
    except times.TimeOutOfRange as error:
        return None, str(error)
    if instant < BEFORE_CHAT_APPS:
        return instant, "a time before 2009, older than any of these apps: perhaps seconds, or a wrong clock"
    if instant >= AFTER_CHAT_APPS:
        return instant, "a time after the year 2099: perhaps a wrong clock, or another unit"
    return instant, None


def readable_mac_instant(value: float | None) -> tuple[int | None, str | None]:
    """Core Data's seconds since 2001 as an instant, and what is doubtful about it."""
    if value is None:
        return None, None
    try:
        instant = times.from_mac_seconds(value)
    except (times.TimeOutOfRange, OverflowError, ValueError) as error:  # infinity; what is no number
        return None, f"no time: {error}"
    return readable_instant(instant)


# WhatsApp, the oldest of the apps read here, appeared in 2009; no phone of today can mean the year 2100.
BEFORE_CHAT_APPS = 1_230_768_000_000
AFTER_CHAT_APPS = 4_102_444_800_000
