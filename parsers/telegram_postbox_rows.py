"""The rows of a table of keys and values, each accounted for: read, or not to be read. Some of these tables
have row ids and some have none."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row, Table
from forensics.model import Accounting, Notice
from forensics.parser import Installation
from parsers.notes import Notes


class KeyedRows:
    """One table of one database: rows are counted as they are drawn."""

    def __init__(self, installation: Installation, table: Table, notes: Notes) -> None:
        self._installation = installation
        self._name = table.name
        self._bound = table.bind(installation.database, notes.doubt(table.name))
        self.accounting = installation.account_for(table.name) if self._bound is not None else Accounting()

    def rows(self) -> Iterator[Row]:
        """All rows that can be read: row id (None without one), key and value."""
        for row in self._bound.rows() if self._bound is not None else ():
            self.accounting.rows += 1
            yield row

    def close(self) -> Iterator[Notice]:
        """Settle the accounting: what could not be read has failed."""
        if self._bound is None:
            return
        rowids = [
            problem.rowids[0]
            for problem in self._installation.database.problems
            if problem.table == self._name and problem.kind == "row" and problem.rowids is not None
        ]
        total = self._installation.database.count(self._name)
        lost = len(rowids) if total is None else max(0, total - self.accounting.rows)
        self.accounting.rows += lost
        self.accounting.failed += lost
        for rowid in [*rowids, *[None] * lost][:lost]:
            source = self._installation.source(self._name, rowid)
            which = "a row" if rowid is None else f"row {rowid}"
            text = f"{which} of {self._name} could not be read"
            yield Notice(severity="failed", text=text, source=source)
