"""The passes over the message tables: each row becomes a message, or is counted as the copy of one.

Source: Telegram reference 2.1 and 2.4. The rows of ``messages_v2`` are the messages; the older table, the
topics, the media index and the notifications repeat them. A message that only one of those still holds was
removed from the table of messages: it is recovered.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row
from forensics.model import Call, Conversation, Message, Notice, Participant, Source
from parsers.notes import raw_text
from parsers.table_rows import TableRows
from parsers.telegram_context import Context
from parsers.telegram_directory import Directory
from parsers.telegram_drafts import drafts
from parsers.telegram_gaps import Gaps, orphans, shared_places, timers
from parsers.telegram_ids import dialog_id, message_id, number_text
from parsers.telegram_messages import Kept, MessageReader
from parsers.telegram_news import with_news
from parsers.telegram_stories import stories
from parsers.telegram_survey import COPIES
from parsers.telegram_tables import CANNED, MESSAGES, SCHEDULED, message_table

Found = Message | Call | Conversation | Notice | Participant


class MessagePass:
    """Reads all messages and calls of one installation."""

    def __init__(self, context: Context, directory: Directory) -> None:
        self._context = context
        self._directory = directory

    def records(self) -> Iterator[Found]:
        """The messages table by table, then the calls; people and notices where they arise."""
        database = self._context.installation.database
        for table in MESSAGES:
            yield from with_news(self._messages(table), self._context)
        for table in COPIES:
            yield from with_news(self._copies(table), self._context)
        for table in SCHEDULED:
            yield from with_news(self._unsent(table, Kept(status="scheduled")), self._context)
        for table in CANNED:
            yield from with_news(self._unsent(table, Kept(status="draft")), self._context)
        yield from with_news(drafts(self._context), self._context)
        yield from with_news(stories(self._context), self._context)
        yield from self._context.calls
        present = next((table for table in MESSAGES if database.has(table)), MESSAGES[0])
        yield from Gaps(self._context, self._directory).notices(present)
        timers(self._context, self._directory)
        shared_places(self._context, self._directory)
        orphans(self._context, database)
        yield from self._context.notes.drain()

    def _rows(self, table: str) -> TableRows:
        context = self._context
        return TableRows(context.installation, message_table(table), context.notes, has_gaps=False)

    def _messages(self, table: str) -> Iterator[Message | Notice]:
        rows, context = self._rows(table), self._context
        reader, accounting = MessageReader(context, table), rows.accounting
        index, has_copies = context.messages, bool(context.copies)
        has_both = all(context.installation.database.has(each) for each in MESSAGES)
        is_older = has_both and table != MESSAGES[0]
        for row in rows.rows():
            mid, uid = row[1], row[2]
            if mid is None or uid is None:
                accounting.failed += 1
                yield self._failed(table, row)
                continue
            if is_older and index.first(dialog_id(uid), message_id(mid)) != (table, row[0]):
                accounting.skip("copy")
                continue
            accounting.messages += 1
            also = self._also(table, row) if has_copies or has_both else ()
            yield reader.message(row, also)
        yield from rows.close()

    def _also(self, table: str, row: Row) -> tuple[Source, ...]:
        """The further rows of the same message."""
        context, dialog, number = self._context, dialog_id(row[2]), message_id(row[1])
        places = [*context.messages.all(dialog, number)[1:], *context.copies.all(dialog, number)]
        if not places:
            return ()
        return tuple(
            context.installation.source(name, rowid, number_text(number))
            for name, rowid in places
            if (name, rowid) != (table, row[0])
        )

    def _copies(self, table: str) -> Iterator[Message | Notice]:
        rows, context = self._rows(table), self._context
        reader, accounting = MessageReader(context, table, Kept(state="recovered")), rows.accounting
        for row in rows.rows():
            if row[1] is None or row[2] is None:
                accounting.failed += 1
                yield self._failed(table, row)
                continue
            dialog, number = dialog_id(row[2]), message_id(row[1])
            is_first = context.copies.first(dialog, number) == (table, row[0])
            if not is_first or context.messages.has(dialog, number):
                accounting.skip("copy")
                continue
            accounting.messages += 1
            context.notes.count(
                f"message only in {table}, no longer in the table of messages: recovered from there"
            )
            yield reader.message(row, self._also(table, row))
        yield from rows.close()

    def _unsent(self, table: str, kept: Kept) -> Iterator[Message | Notice]:
        rows, context = self._rows(table), self._context
        reader, accounting = MessageReader(context, table, kept), rows.accounting
        for row in rows.rows():
            dialog = row[2] if row[2] is not None else context.people.owner_key
            if row[1] is None or dialog is None:
                accounting.failed += 1
                yield self._failed(table, row)
                continue
            accounting.messages += 1
            yield reader.message((*row[:2], dialog, *row[3:]))
        yield from rows.close()

    def _failed(self, table: str, row: Row) -> Notice:
        text = f"row {row[0]} of {table} has no message number or no dialog: mid {row[1]}, uid {row[2]}"
        source = self._context.installation.source(table, row[0])
        return Notice(severity="failed", text=text, source=source, raw=raw_text(row[6]))
