"""A large database of the modern generation in ranges of row ids of ``message`` (forensics.ranges).

Whatever hangs from a message is found by its row id, so a range needs no other one. What is told at the end
(rows without their message, copies in the index of words, calls that only a message speaks of, counts) is
left by each range and put together in their order.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.message_row import PackedRow
from forensics.model import Accounting, Call, Message, Notice, Record
from forensics.parser import Installation
from forensics.ranges import Place
from parsers.notes import Notes
from parsers.side_rows import Orphans
from parsers.table_rows import TableRows
from parsers.whatsapp_addons import Details
from parsers.whatsapp_calls import CallLog
from parsers.whatsapp_context import Context
from parsers.whatsapp_index import Changed, WordIndex
from parsers.whatsapp_messages import MessageReader
from parsers.whatsapp_side_tables import SIDE_TABLES
from parsers.whatsapp_sides import Sides, note_orphans
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import CALL_LOG, MESSAGE, MESSAGES, MESSAGES_QUOTES, RECEIPTS
from parsers.whatsapp_unread import list_rest

# Of the generation before: both are read in one pass over both tables.
_OLDER = (MESSAGES.name, MESSAGES_QUOTES.name, RECEIPTS.name, "messages_fts_content")


class Left(NamedTuple):
    """What one range leaves for the end."""

    rowids: array[int]
    accounting: Accounting
    orphans: list[tuple[int, list[Row]]]
    changed: dict[int, Changed]
    calls: list[Call]
    counted: Counter[str]


def places(installation: Installation, rows: int) -> Sequence[Place]:
    """The ranges of a database; none where it is to be read as a whole."""
    database = installation.database
    if installation.is_recovered or not database.has(MESSAGE.name) or any(map(database.has, _OLDER)):
        return ()
    ends = database.cuts(MESSAGE.name, rows)
    if not ends or not all(_is_in_order(database, side.table.name, side.key) for side in SIDE_TABLES):
        return ()
    starts = [-(1 << 63), *(each + 1 for each in ends)]
    return tuple(zip(starts, [*ends, (1 << 63) - 1], strict=True))


def _is_in_order(database: Database, table: str, key: str) -> bool:
    return not database.has(table) or database.is_ordered(table, key)


class RangedMessages:
    """See ``forensics.ranges.RangedReading``."""

    def __init__(
        self, places: Sequence[Place], begin: Callable[[], tuple[Context, Survey, Iterator[Record]]]
    ) -> None:
        self.places = places
        self._begin = begin

    def before(self) -> Iterator[Record]:
        """See ``forensics.ranges.RangedReading``; only from here on ranges can be read."""
        self._context, self._survey, records = self._begin()
        yield from records
        context = self._context
        database, notes = context.installation.database, context.notes
        self._calls = CallLog(context)
        self._details = Details(database, notes)
        self._table = TableRows(context.installation, MESSAGE, notes)
        self._index = WordIndex(database, MESSAGE.name, notes)
        self._orphans = [Orphans(side.table, side.words) for side in SIDE_TABLES]
        self._left: Left | None = None

    def read(self, place: Place) -> Iterator[Message | PackedRow | Notice]:
        """The messages of one range in the order of their row ids; notices where they arise."""
        notes = Notes(self._context.installation.source())
        context = replace(self._context, notes=notes)
        sides = Sides(context.installation.database, notes, place)
        reader = MessageReader(context, self._survey, sides, self._details, self._calls)
        rowids, accounting = array("q"), Accounting()
        keep, read = rowids.append, reader.row
        sentinel = 1 if MESSAGE.name in self._survey.sentinels else None
        for row in self._table.within(place, notes):
            keep(row[0])
            if row[0] == sentinel:
                accounting.skip("sentinel")
                continue
            accounting.messages += 1
            message = read(row)
            yield message
            if not isinstance(message, tuple) and (message.state != "live" or message.edited_at is not None):
                self._index.see(message)
            if notes.is_pending:
                yield from notes.drain()
        orphans = sides.settle()
        yield from notes.drain()
        calls, changed = self._calls.taken(), self._index.taken()
        self._left = Left(rowids, accounting, orphans, changed, calls, notes.counted)

    def left(self) -> Left:
        """What the range that was read last leaves."""
        if self._left is None:
            raise ValueError("no range was read to its end")
        left, self._left = self._left, None
        return left

    def take(self, left: Left) -> None:
        """See ``forensics.ranges.RangedReading``."""
        self._table.take(left.rowids, left.accounting)
        for orphans, (count, rows) in zip(self._orphans, left.orphans, strict=True):
            orphans.take(count, rows)
        self._index.take(left.changed)
        self._calls.take(left.calls)
        self._context.notes.counted.update(left.counted)

    def after(self) -> Iterator[Call | Notice]:
        """What no message has, the accounting, the calls."""
        context, notes = self._context, self._context.notes
        yield from self._index.notices(self._table.rowids)
        database = context.installation.database
        note_orphans(self._orphans, database, notes, self._details.of)
        self._details.note_alone(database, notes)
        yield from self._table.close()
        table = TableRows(context.installation, CALL_LOG, notes)
        for call in self._calls.records(table):
            yield call
            yield from notes.drain()
        yield from table.close()
        list_rest(context)
        yield from notes.close()
