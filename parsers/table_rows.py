"""The rows of a table that holds messages or calls, each accounted for: read, missing, or not to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from heapq import merge

from forensics.fields import Row, Table
from forensics.model import Accounting, Notice
from forensics.parser import Installation, gap_notices
from parsers.notes import Notes
from parsers.row_ids import RowIds
from parsers.side_rows import table_info


class TableRows:
    """One declared table of the main database: rows are counted as they are drawn. ``highest``: the largest
    row id that the app says it ever gave, where it is not SQLite that counts; ``has_gaps``: whether a missing
    id says something."""

    def __init__(
        self,
        installation: Installation,
        table: Table,
        notes: Notes,
        highest: int | None = None,
        *,
        has_gaps: bool = True,
    ) -> None:
        self._highest = highest
        self._has_gaps = has_gaps
        self._installation = installation
        self._table = table
        self._bound = table.bind(installation.database, notes.doubt(table.name))
        if self._bound is not None and table_info(installation.database, table.name).without_rowid:
            self._bound = None
            notes.add(
                "failed", f"table {table.name} has no row ids, as the app's has: it was not read", table.name
            )
        self._rowids = RowIds()
        if self._bound is not None:
            self.accounting: Accounting = installation.account_for(table.name)
        else:
            self.accounting = Accounting()

    @property
    def is_present(self) -> bool:
        """Whether the database has the table."""
        return self._bound is not None

    @property
    def rowids(self) -> Collection[int]:
        """The row ids of the rows that were read, in order."""
        return self._rowids

    def rows(self) -> Iterator[Row]:
        """All rows that can be read, in row id order; each is counted."""
        if self._bound is None:
            return
        keep = self._rowids.add
        for row in self._bound.rows():
            keep(row[0])
            yield row

    def within(self, place: tuple[int, int], notes: Notes) -> Iterator[Row]:
        """The rows of an inclusive range of row ids, not counted; doubts go to the notes given here. ``take``
        counts them."""
        bound = self._table.bind(self._installation.database, notes.doubt(self._table.name))
        return iter(()) if bound is None or self._bound is None else bound.rows(where_rowid=place)

    def take(self, rowids: Iterable[int], accounting: Accounting) -> None:
        """Count the rows of a range that lies behind those that were counted, and what became of them."""
        self._rowids.extend(rowids)
        self.accounting.messages += accounting.messages
        for reason, count in accounting.skipped.items():
            self.accounting.skip(reason, count)

    def close(self) -> Iterator[Notice]:
        """Settle the accounting: what could not be read has failed, what is missing is a gap."""
        if self._bound is None:
            return
        name, database = self._table.name, self._installation.database
        lost = self._unread()
        self.accounting.rows = len(self._rowids) + len(lost)
        self.accounting.failed += len(lost)
        for rowid in lost:
            source = self._installation.source(name, rowid)
            text = (
                f"row {rowid} of {name} could not be read"
                if rowid is not None
                else f"a row of {name} could not be read"
            )
            yield Notice(severity="failed", text=text, source=source)
        if self._has_gaps and table_info(database, name).rowid_alias is not None:
            seen = merge(self._rowids, *self._unreadable()) if self._holes() else self._rowids
            highest = database.sequence(name) if self._highest is None else self._highest
            yield from gap_notices(name, seen, highest, lambda rowid: self._installation.source(name, rowid))

    def _unread(self) -> list[int | None]:
        """Rows that the table has and that were not given, by row id where it is known."""
        total = self._installation.database.count(self._table.name)
        named = sorted({rowid for rowid in self._problem_rows() if rowid not in self._rowids})
        if total is None:
            return list(named)
        missing = max(0, total - len(self._rowids))
        return [*named[:missing], *[None] * (missing - len(named[:missing]))]

    def _problem_rows(self) -> Iterator[int]:
        for problem in self._installation.database.problems:
            if problem.table == self._table.name and problem.kind == "row" and problem.rowids is not None:
                rowid = problem.rowids[0]
                if rowid is not None:
                    yield rowid

    def _holes(self) -> list[tuple[int, int]]:
        """Ranges of row ids that are not missing but could not be read."""
        highest = max(
            self._rowids.last or 0,
            self._installation.database.sequence(self._table.name) or 0,
        )
        return [
            (
                max(1, problem.rowids[0] or 1),
                min(highest, highest if problem.rowids[1] is None else problem.rowids[1]),
            )
            for problem in self._installation.database.problems
            if problem.table == self._table.name
            and problem.kind in ("row", "page")
            and problem.rowids is not None
        ]

    def _unreadable(self) -> Iterable[range]:
        return [range(low, high + 1) for low, high in self._holes()]
