"""All side tables of the messages, read beside them in the order of the message's row id.

A message that no side table has a row for costs one comparison: ``upcoming`` is the smallest row id that
any of them will speak of next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heapreplace

from forensics.fields import Follow, Row
from forensics.formats.sqlite import Database, TableInfo
from forensics.formats.sqlite_tree import HIGHEST
from parsers.notes import Notes, raw_text
from parsers.whatsapp_side_tables import ORPHAN_TABLES, SIDE_TABLES, SideTable

Found = dict[str, Sequence[Row]]
NOTHING_MORE = HIGHEST + 1
# So many orphans of a table stand with their values in its notice; the others are counted.
_MOST_ORPHANS = 50


def ordered_rows(database: Database, side: SideTable, notes: Notes) -> Iterator[Row]:
    """The rows of a side table in the order of its key; rows of one message in row id order."""
    bound = side.table.bind(database, notes.doubt(side.table.name))
    if bound is None:
        return iter(())
    info = table_info(database, side.table.name)
    rows = bound.rows(order_by=None if info.rowid_alias == side.key else side.key)
    # A table without row ids gives None for them.
    return ((0, *row[1:]) for row in rows) if info.without_rowid else rows


def table_info(database: Database, name: str) -> TableInfo:
    """The description of a table that is present; names differ in case no more than SQLite's do."""
    return next(info for each, info in database.tables().items() if each.lower() == name.lower())


class Orphans:
    """The rows of one side table whose message is gone."""

    def __init__(self, side: SideTable) -> None:
        self._side = side
        self.count = 0
        self._rows: list[Row] = []

    def __call__(self, row: Row) -> None:
        """Count a row, and keep it while there are few."""
        self.count += 1
        if len(self._rows) < _MOST_ORPHANS:
            self._rows.append(row)

    def note(self, notes: Notes) -> None:
        """One notice for the table, with the rows' values."""
        if not self.count:
            return
        table = self._side.table
        rows = "1 row" if self.count == 1 else f"{self.count} rows"
        text = (
            f"{rows} of {table.name} ({self._side.words}) without their message: it is gone or was never kept"
        )
        if self.count > len(self._rows):
            text += f"; the first {len(self._rows)} are given"
        columns = ["rowid", *(column.name for column in table.columns)]
        values = [dict(zip(columns, row, strict=True)) for row in self._rows]
        raw = json.dumps(values, ensure_ascii=False, default=raw_text)
        notes.add("info", text, table.name, self._rows[0][0], raw=raw)


class Sides:
    """The side tables that a database has; ``take`` must be asked in rising order of row ids."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database = database
        self._notes = notes
        self._orphans = [Orphans(side) for side in SIDE_TABLES]
        self._follows = [
            (side.table.name, Follow(ordered_rows(database, side, notes), 1, orphans))
            for side, orphans in zip(SIDE_TABLES, self._orphans, strict=True)
        ]
        self._heap = [
            (follow.upcoming, place)
            for place, (_name, follow) in enumerate(self._follows)
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
            name, follow = self._follows[place]
            rows = follow.take(rowid)
            if rows:
                found[name] = rows
            if follow.upcoming is None:
                heappop(heap)
            else:
                heapreplace(heap, (follow.upcoming, place))
        self.upcoming = heap[0][0] if heap else NOTHING_MORE
        return found

    def close(self) -> None:
        """Note all rows that have no message."""
        for _name, follow in self._follows:
            follow.close()
        for orphans in self._orphans:
            orphans.note(self._notes)
        for side in ORPHAN_TABLES:
            bound = side.table.bind(self._database, self._notes.doubt(side.table.name))
            kept = Orphans(side)
            for row in bound.rows() if bound is not None else ():
                kept(row)
            kept.note(self._notes)


def first(found: Found, side: SideTable) -> Row | None:
    """The first side row of a table: the only one where the message's row id is its key."""
    rows = found.get(side.table.name)
    return rows[0] if rows else None


def rows_of(found: Found, side: SideTable) -> Sequence[Row]:
    """All side rows of a table."""
    return found.get(side.table.name, ())
