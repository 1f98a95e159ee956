"""Makes a plain database of given tables and rows: no constraints, no types, nothing of the evidence runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from forensics.errors import MachineFailed
from forensics.formats.sqlite_rows import BadText
from forensics.formats.sqlite_table import TableInfo, quote


@contextmanager
def machine_errors(name: str) -> Iterator[None]:
    """What this machine refuses to write (no space, no permission) becomes MachineFailed."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise MachineFailed(f"{name}: the private copy cannot be written: {error}") from error


class Builder:
    """Writes one new database; a context manager. MachineFailed where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self._name = str(path.name)
        self._columns: dict[str, list[str]] = {}
        with machine_errors(self._name):
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=OFF")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        try:
            if kind is None:
                with machine_errors(self._name):
                    self._db.execute("COMMIT")
        finally:
            self._db.close()

    def table(self, info: TableInfo) -> None:
        """A table with the stored columns of another one; only a row id's alias keeps its type."""
        alias = info.rowid_alias
        names = [each.name for each in info.columns if not each.is_computed]
        terms = [f"{quote(each)} INTEGER PRIMARY KEY" if each == alias else quote(each) for each in names]
        self._columns[info.name] = [each for each in names if each != alias]
        with machine_errors(self._name):
            self._db.execute(f"CREATE TABLE {quote(info.name)} ({', '.join(terms)})")

    def columns(self, table: str) -> Sequence[str]:
        """The columns whose values ``insert`` takes: all but the row id's alias."""
        return self._columns[table]

    def insert(self, table: str, rowid: int, values: Sequence[object]) -> bool:
        """A row; False where the table has one of that row id, which stays."""
        names = self._columns[table]
        marks = ["CAST(? AS TEXT)" if isinstance(each, BadText) else "?" for each in values]
        into = ", ".join(["rowid", *map(quote, names)])
        sql = f"INSERT OR IGNORE INTO {quote(table)} ({into}) VALUES ({', '.join(['?', *marks])})"
        with machine_errors(self._name):
            return self._db.execute(sql, (rowid, *values)).rowcount == 1
