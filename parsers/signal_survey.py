"""One quick pass over the messages before they are read: who sent, what is quoted, which row that is.

Source: Signal reference 3.8 (the one who sent what was sent is the owner), 3.4 and 7 (10: a quotation names
its target by the time it was sent and its author, and several messages may have the same time).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.formats.sqlite import Database
from parsers.signal_codes import BASE, OUTGOING
from parsers.signal_tables import MESSAGE, MMS, SMS


class Target(NamedTuple):
    """A message that may be the one that is quoted; ``author`` is the row of recipient, None for the owner's
    where only the addressee is stored."""

    table: str
    rowid: int
    thread: object
    author: object


class Survey:
    """What must be known of all messages before the first is read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.senders_of_sent: set[int] = set()
        self.has_rows = False
        self._targets: dict[int, list[Target]] = {}
        wanted: set[int] = set()
        for table, names in self._tables():
            self._first_pass(table, names, wanted)
        if wanted:
            for table, names in self._tables():
                self._second_pass(table, names, wanted)

    def target(self, sent: int, thread: int | None, author: int | None, *, is_owner: bool) -> Target | None:
        """The message sent at that time by that author, in that conversation where several are."""
        found = [
            each
            for each in self._targets.get(sent, ())
            if each.author == author or (each.author is None and is_owner)
        ]
        here = [each for each in found if each.thread == thread]
        chosen = here or found
        return chosen[0] if len({each[:2] for each in chosen}) == 1 else None

    def _tables(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The message tables that are there, with their columns for time, author and type."""
        has = self._database.has
        for table in (MESSAGE, MMS, SMS):
            if not has(table.name):
                continue
            columns = []
            for column in table.columns[:4]:
                names = (column.name, *column.older)
                columns.append(next((name for name in names if has(table.name, name)), column.name))
            yield table.name, (columns[0], columns[2], columns[3])

    def _first_pass(self, table: str, names: tuple[str, ...], wanted: set[int]) -> None:
        _sent, kind_column, author_column = names
        names_author = author_column == "from_recipient_id"
        for _rowid, kind, author, quote in self._database.rows(
            table, (kind_column, author_column, "quote_id")
        ):
            self.has_rows = True
            if isinstance(quote, int) and quote > 0:
                wanted.add(quote)
            if names_author and _is_outgoing(kind) and isinstance(author, int):
                self.senders_of_sent.add(author)

    def _second_pass(self, table: str, names: tuple[str, ...], wanted: set[int]) -> None:
        sent_column, kind_column, author_column = names
        names_author = author_column == "from_recipient_id"
        columns = (sent_column, kind_column, author_column, "thread_id", "latest_revision_id")
        for rowid, sent, kind, author, thread, newest in self._database.rows(table, columns):
            if sent in wanted:
                by_owner = _is_outgoing(kind) and not names_author
                target = Target(
                    table, newest if isinstance(newest, int) else rowid, thread, None if by_owner else author
                )
                self._targets.setdefault(sent, []).append(target)


def _is_outgoing(kind: object) -> bool:
    return isinstance(kind, int) and (kind & BASE in OUTGOING or kind in (2, 11))
