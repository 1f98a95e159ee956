"""A private database put together from bound rows: for backups that are a stream of SQL statements.

Nothing of a foreign text is ever run. Tables are made here from names of columns, without types, so that
every value stays of the kind it arrived as; rows are bound.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from forensics.errors import LimitExceeded, MachineFailed
from forensics.formats.sqlite_table import quote

Value = int | float | str | bytes | None
_BATCH = 500
# Rows may hold large values: no more bytes of them than this wait to be bound together.
_BATCH_BYTES = 8 << 20
_PRAGMAS = ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=OFF", "trusted_schema=OFF")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table by its columns; ``key``: the place of the one that is the row id, None where there is none."""

    name: str
    columns: tuple[str, ...]
    key: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that the database does not take, with the mark it came with."""

    table: str
    mark: int
    reason: str


class Builder:
    """Builds a database beside ``target``; a context manager that removes what it built.

    Raises LimitExceeded beyond ``limit`` bytes, MachineFailed where nothing can be written.
    """

    def __init__(self, target: BinaryIO, limit: int) -> None:
        name = getattr(target, "name", None)
        beside = Path(name).parent if isinstance(name, str) else None
        self._target = target
        self._limit = limit
        self._folder = Path(tempfile.mkdtemp(prefix="build-", dir=beside))
        self._path = self._folder / "built"
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")
        self._pending: dict[str, list[tuple[int, Sequence[Value]]]] = {}
        self._waiting = 0  # bytes in them
        self.refused: list[Refused] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def create(self, shape: TableShape) -> bool:
        """Make a table; False where SQLite does not take its names."""
        columns = [
            f"{quote(column)}{' INTEGER PRIMARY KEY' if place == shape.key else ''}"
            for place, column in enumerate(shape.columns)
        ]
        try:
            self._connection.execute(f"CREATE TABLE {quote(shape.name)} ({', '.join(columns)})")
        except sqlite3.OperationalError:
            return False  # two columns or tables of one name, or too many of them
        return True

    def insert(self, shape: TableShape, values: Sequence[Value], mark: int) -> None:
        """Bind a row of a table that was made; ``mark`` names it when it is refused."""
        pending = self._pending.setdefault(shape.name, [])
        pending.append((mark, values))
        self._waiting += sum(len(each) for each in values if isinstance(each, bytes | str))
        if self._waiting > _BATCH_BYTES:
            self._flush_all()
        elif len(pending) >= _BATCH:
            self._flush(shape.name, pending)

    def finish(self, user_version: int) -> None:
        """Write what was built into the target."""
        self._flush_all()
        self._connection.execute(f"PRAGMA user_version={user_version:d}")
        self._execute("COMMIT")
        self._connection.close()
        self._within_limit()
        try:
            with self._path.open("rb") as built:
                shutil.copyfileobj(built, self._target, 1 << 20)
        except OSError as error:
            raise MachineFailed(f"the rebuilt database cannot be written: {error.strerror}") from error

    def _execute(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        except sqlite3.OperationalError as error:
            raise MachineFailed(f"the rebuilt database cannot be written: {error}") from error

    def _flush_all(self) -> None:
        for table, pending in self._pending.items():
            self._flush(table, pending)
        self._waiting = 0

    def _flush(self, table: str, pending: list[tuple[int, Sequence[Value]]]) -> None:
        if not pending:
            return
        places = ",".join("?" * len(pending[0][1]))
        statement = f"INSERT INTO {quote(table)} VALUES ({places})"
        self._execute("SAVEPOINT rows")
        try:
            self._connection.executemany(statement, [values for _mark, values in pending])
        except (sqlite3.IntegrityError, OverflowError):
            self._execute("ROLLBACK TO rows")
            self._one_by_one(statement, table, pending)
        except sqlite3.OperationalError as error:
            raise MachineFailed(f"the rebuilt database cannot be written: {error}") from error
        self._execute("RELEASE rows")
        pending.clear()
        self._within_limit()

    def _within_limit(self) -> None:
        if self._path.stat().st_size > self._limit:
            raise LimitExceeded(f"holds more than the {self._limit} bytes that are allowed")

    def _one_by_one(self, statement: str, table: str, rows: list[tuple[int, Sequence[Value]]]) -> None:
        for mark, values in rows:
            try:
                self._connection.execute(statement, values)
            except (sqlite3.IntegrityError, OverflowError) as error:
                self.refused.append(Refused(table, mark, str(error)))
