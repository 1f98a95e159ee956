"""The side tables of the messages of Signal, and the rows of any declared table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from forensics.fields import Row, Table
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.side_rows import Found, Orphans, SideRows
from parsers.signal_codes import NO_MESSAGE

Keep = Callable[[Row], bool]


class Sides(SideRows):
    """The side tables that a database has, those rows of each that are to be kept."""

    def __init__(self, database: Database, tables: Sequence[tuple[Table, Keep | None]], notes: Notes) -> None:
        rows = [
            (_ordered(database, table, keep, notes), Orphans(table, but_not=NO_MESSAGE))
            for table, keep in tables
        ]
        super().__init__(rows, notes)


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
