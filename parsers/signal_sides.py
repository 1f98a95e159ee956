"""Side tables of the messages, read beside them in the order of the message's row id.

A message that no side table has a row for costs one comparison: ``upcoming`` is the smallest row id that any
of them will speak of next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from forensics.fields import Follow, Row, Table
from forensics.formats.sqlite import Database
from forensics.formats.sqlite_tree import HIGHEST
from parsers.notes import Notes
from parsers.signal_codes import NO_MESSAGE

Found = dict[str, Sequence[Row]]
NOTHING_MORE = HIGHEST + 1
# So many orphans of a table stand with their values in its notice; the others are counted.
_MOST_ORPHANS = 50
Keep = Callable[[Row], bool]


class _Orphans:
    """The rows of one side table whose message is not there."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._count = 0
        self._rows: list[Row] = []

    def __call__(self, row: Row) -> None:
        if row[1] in NO_MESSAGE:
            return
        self._count += 1
        if len(self._rows) < _MOST_ORPHANS:
            self._rows.append(row)

    def note(self, notes: Notes) -> None:
        """One notice for the table, with the rows' values."""
        if not self._count:
            return
        name = self._table.name
        rows = "1 row" if self._count == 1 else f"{self._count} rows"
        text = f"{rows} of {name} without their message: it is gone or was never kept"
        if self._count > len(self._rows):
            text += f"; the first {len(self._rows)} are given"
        columns = ["rowid", *(column.name for column in self._table.columns)]
        plain = [[each.hex() if isinstance(each, bytes) else each for each in row] for row in self._rows]
        raw = json.dumps([dict(zip(columns, row, strict=True)) for row in plain], ensure_ascii=False)
        notes.add("info", text, name, self._rows[0][0], raw=raw)


class Sides:
    """The side tables that a database has; ``take`` must be asked in rising order of row ids."""

    def __init__(self, database: Database, tables: Sequence[tuple[Table, Keep | None]], notes: Notes) -> None:
        self._notes = notes
        self._orphans = [_Orphans(table) for table, _keep in tables]
        self._follows = [
            (table.name, Follow(_ordered(database, table, keep, notes), 1, orphans))
            for (table, keep), orphans in zip(tables, self._orphans, strict=True)
        ]
        self.upcoming = self._smallest()

    def _smallest(self) -> int:
        keys = [follow.upcoming for _name, follow in self._follows if follow.upcoming is not None]
        return min(keys, default=NOTHING_MORE)

    def take(self, rowid: int) -> Found:
        """The side rows of that message by table; what lies before it has no message."""
        found: Found = {}
        for name, follow in self._follows:
            rows = follow.take(rowid)
            if rows:
                found[name] = rows
        self.upcoming = self._smallest()
        return found

    def close(self) -> None:
        """Note all rows that have no message."""
        for _name, follow in self._follows:
            follow.close()
        for orphans in self._orphans:
            orphans.note(self._notes)


def _ordered(database: Database, table: Table, keep: Keep | None, notes: Notes) -> Iterator[Row]:
    """The rows in the order of the message they belong to, those of one message by row id."""
    bound = table.bind(database, notes.doubt(table.name))
    if bound is None:
        return iter(())
    rows = bound.rows(order_by=bound.names[0])
    return rows if keep is None else filter(keep, rows)


def rows_of(found: Found, *tables: Table) -> Sequence[Row]:
    """All side rows of the first of these tables that has any."""
    return next((found[table.name] for table in tables if table.name in found), ())


def all_rows(database: Database, table: Table, notes: Notes) -> Iterator[Row]:
    """The rows of a declared table, none where it is absent; doubts go to the notes."""
    bound = table.bind(database, notes.doubt(table.name))
    return iter(()) if bound is None else bound.rows()
