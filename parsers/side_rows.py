"""Side rows of messages, read beside them in the order of the message's row id.

A message that no side table has a row for costs one comparison: ``upcoming`` is the smallest row id that any
of them will speak of next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heapreplace

from forensics.fields import Follow, Row, Table
from forensics.formats.sqlite import Database, TableInfo
from forensics.formats.sqlite_tree import HIGHEST
from parsers.notes import Notes, raw_text

Found = dict[str, Sequence[Row]]
NOTHING_MORE = HIGHEST + 1
# So many orphans of a table stand with their values in its notice; the others are counted.
_MOST_ORPHANS = 50


def table_info(database: Database, name: str) -> TableInfo:
    """The description of a table that is present; names differ in case no more than SQLite's do."""
    return next(info for each, info in database.tables().items() if each.lower() == name.lower())


class Orphans:
    """The rows of one side table whose message is gone: ``words`` says what a row is, ``but_not`` are keys
    that name no message."""

    def __init__(self, table: Table, words: str = "", but_not: Container[object] = ()) -> None:
        self.name = table.name
        self._columns = ("rowid", *(column.name for column in table.columns))
        self._words = f" ({words})" if words else ""
        self._but_not = but_not
        self.count = 0
        self._rows: list[Row] = []

    def __call__(self, row: Row) -> None:
        """Count a row, and keep it while there are few."""
        if row[1] in self._but_not:
            return
        self.count += 1
        if len(self._rows) < _MOST_ORPHANS:
            self._rows.append(row)

    def taken(self) -> tuple[int, list[Row]]:
        """How many there were, and the first of them."""
        return self.count, self._rows

    def take(self, count: int, rows: list[Row]) -> None:
        """Count those of a range that lies behind those that were counted."""
        self.count += count
        self._rows += rows[: _MOST_ORPHANS - len(self._rows)]

    def note(self, notes: Notes, beside: Callable[[int], Mapping[str, object]] | None = None) -> None:
        """One notice for the table, with the rows' values and what is stored ``beside`` a row of that id."""
        if not self.count:
            return
        rows = "1 row" if self.count == 1 else f"{self.count} rows"
        text = f"{rows} of {self.name}{self._words} without their message: it is gone or was never kept"
        if self.count > len(self._rows):
            text += f"; the first {len(self._rows)} are given"
        values = [
            {**dict(zip(self._columns, row, strict=True)), **(beside(row[0]) if beside else {})}
            for row in self._rows
        ]
        raw = json.dumps(values, ensure_ascii=False, default=raw_text)
        notes.add("info", text, self.name, self._rows[0][0], raw=raw)


class SideRows:
    """Several side tables, each in the order of its key; ``take`` is asked in rising order of row ids."""

    def __init__(self, tables: Iterable[tuple[Iterator[Row], Orphans]], notes: Notes) -> None:
        self._notes = notes
        self._tables = [(Follow(rows, 1, orphans), orphans) for rows, orphans in tables]
        self._heap = [
            (follow.upcoming, place)
            for place, (follow, _orphans) in enumerate(self._tables)
            if follow.upcoming is not None
        ]
        heapify(self._heap)
        self.upcoming = self._heap[0][0] if self._heap else NOTHING_MORE

    def take(self, rowid: int) -> Found:
        """The side rows of that message by table; what lies before it has no message."""
        found: Found = {}
        heap = self._heap
        while heap and heap[0][0] <= rowid:
            place = heap[0][1]
            follow, orphans = self._tables[place]
            rows = follow.take(rowid)
            if rows:
                found[orphans.name] = rows
            if follow.upcoming is None:
                heappop(heap)
            else:
                heapreplace(heap, (follow.upcoming, place))
        self.upcoming = heap[0][0] if heap else NOTHING_MORE
        return found

    def settle(self) -> list[tuple[int, list[Row]]]:
        """All messages were read: what is left of each table has none. Gives what each has of these rows."""
        for follow, _orphans in self._tables:
            follow.close()
        return [orphans.taken() for _follow, orphans in self._tables]

    def close(self) -> None:
        """Note all rows that have no message."""
        self.settle()
        for _follow, orphans in self._tables:
            orphans.note(self._notes)
