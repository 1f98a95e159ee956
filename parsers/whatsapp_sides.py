"""All side tables of the messages of WhatsApp, and the rows that the app itself keeps apart as orphans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from forensics.fields import Row
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.side_rows import Found, Orphans, SideRows, table_info
from parsers.whatsapp_side_tables import ADD_ON, ORPHAN_TABLES, SIDE_TABLES, SideTable

Beside = Callable[[int], Mapping[str, object]]


def ordered_rows(
    database: Database, side: SideTable, notes: Notes, within: tuple[int, int] | None = None
) -> Iterator[Row]:
    """The rows of a side table in the order of its key, or those of an inclusive range of it; rows of one
    message in row id order."""
    bound = side.table.bind(database, notes.doubt(side.table.name))
    if bound is None:
        return iter(())
    info = table_info(database, side.table.name)
    if within is None and info.rowid_alias == side.key:
        rows = bound.rows()
    else:
        rows = bound.rows(order_by=side.key, where_key=within)
    # A table without row ids gives None for them.
    return ((0, *row[1:]) for row in rows) if info.without_rowid else rows


class Sides(SideRows):
    """The side tables that a database has; ``within``: of the messages of an inclusive range of row ids."""

    def __init__(self, database: Database, notes: Notes, within: tuple[int, int] | None = None) -> None:
        self._database = database
        tables = [
            (ordered_rows(database, side, notes, within), Orphans(side.table, side.words))
            for side in SIDE_TABLES
        ]
        super().__init__(tables, notes)

    def close_with(self, details: Beside) -> None:
        """Note all rows that have no message, then those of the app's own tables of orphans; ``details`` are
        those of an add-on by its row id."""
        self.settle()
        note_orphans([orphans for _follow, orphans in self._tables], self._database, self._notes, details)


def note_orphans(found: Sequence[Orphans], database: Database, notes: Notes, details: Beside) -> None:
    """The same of rows that were found in parts, by table."""
    for orphans in found:
        orphans.note(notes, details if orphans.name == ADD_ON.table.name else None)
    _note_kept(database, notes)


def _note_kept(database: Database, notes: Notes) -> None:
    """Note what the app itself keeps apart as orphans."""
    for side in ORPHAN_TABLES:
        bound = side.table.bind(database, notes.doubt(side.table.name))
        kept = Orphans(side.table, side.words)
        for row in bound.rows() if bound is not None else ():
            kept(row)
        kept.note(notes)


def first(found: Found, side: SideTable) -> Row | None:
    """The first side row of a table: the only one where the message's row id is its key."""
    rows = found.get(side.table.name)
    return rows[0] if rows else None


def rows_of(found: Found, side: SideTable) -> Sequence[Row]:
    """All side rows of a table."""
    return found.get(side.table.name, ())
