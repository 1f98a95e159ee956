"""The rows of t7, each accounted for: read, or not to be read. The client keeps the table with row ids; one
without them is read as well."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row
from forensics.model import Accounting, Notice
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_postbox_tables import MESSAGES


class MessageRows:
    """The table of messages of one database: rows are counted as they are drawn."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation = installation
        self._bound = MESSAGES.bind(installation.database, notes.doubt(MESSAGES.name))
        self.accounting = installation.account_for(MESSAGES.name) if self._bound is not None else Accounting()

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
            if problem.table == MESSAGES.name and problem.kind == "row" and problem.rowids is not None
        ]
        total = self._installation.database.count(MESSAGES.name)
        lost = len(rowids) if total is None else max(0, total - self.accounting.rows)
        self.accounting.rows += lost
        self.accounting.failed += lost
        for rowid in [*rowids, *[None] * lost][:lost]:
            source = self._installation.source(MESSAGES.name, rowid)
            which = "a row" if rowid is None else f"row {rowid}"
            text = f"{which} of {MESSAGES.name} could not be read"
            yield Notice(severity="failed", text=text, source=source)
