"""The one ordered pass over the messages of either table, and over the calls after them.

Source: WhatsApp reference 2.1. In a database in transition both tables are read side by side in the order
of their row ids, because the side tables name a message by its row id only: they speak of the row in
``message`` where there is one. A message that stands in both is one record, of the newer row; the older row
is counted as a copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.copies import DELETED, EDITED, OLDER_TABLE
from forensics.fields import Row
from forensics.message_row import PackedRow
from forensics.model import Call, Message, Notice
from parsers.kept_texts import kept_text
from parsers.table_rows import TableRows
from parsers.whatsapp_addons import Details
from parsers.whatsapp_calls import CallLog
from parsers.whatsapp_context import Context
from parsers.whatsapp_index import WordIndex
from parsers.whatsapp_legacy import LegacyReader
from parsers.whatsapp_messages import MessageReader
from parsers.whatsapp_notifications import Notifications
from parsers.whatsapp_replies import texts_in
from parsers.whatsapp_sides import Sides
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import CALL_LOG, MESSAGE, MESSAGES

# The place of the key in a row of MESSAGE.
_MODERN_KEY = 3
_DELETED = "deleted_for_everyone"
# Of other kinds the older table keeps something else where the text of these is.
_TEXT_KINDS = frozenset({"text", "image", "video", "gif", "document", "unknown"})


class MessagePass:
    """Reads all messages and calls of one installation."""

    def __init__(
        self, context: Context, survey: Survey, notifications: Notifications, *, gives_rows: bool = False
    ) -> None:
        installation, notes = context.installation, context.notes
        self._context = context
        self._notifications = notifications
        self._sides = Sides(installation.database, notes)
        self._calls = CallLog(context)
        self._details = details = Details(installation.database, notes)
        self._modern = MessageReader(context, survey, self._sides, details, self._calls)
        self._legacy = LegacyReader(context, survey, details, self._calls)
        self._new = TableRows(installation, MESSAGE, notes)
        self._old = TableRows(installation, MESSAGES, notes)
        self._indexes = [
            (each, WordIndex(installation.database, each.name, notes)) for each in (MESSAGE, MESSAGES)
        ]
        self._copies = survey.copies
        self._copied = set(survey.copies.values())
        self._sentinels = survey.sentinels
        # what is on the phone besides is compared with each message
        self._gives_rows = gives_rows and not notifications.is_present

    def records(self) -> Iterator[Message | PackedRow | Call | Notice]:
        """The messages in the order of their row ids, then the calls; notices where they arise."""
        notes = self._context.notes
        indexes = {each.name: index for each, index in self._indexes if index.is_present}
        notifications, is_watched = self._notifications, self._notifications.is_present
        for message in self._both() if self._old.is_present else self._only_modern():
            yield message
            if not isinstance(message, tuple):
                if (message.state != "live" or message.edited_at is not None) and indexes:
                    index = indexes.get(message.source.table or "")
                    if index is not None:
                        index.see(message)
                if is_watched:
                    notifications.see(message)
            if notes.is_pending:
                yield from notes.drain()
        notifications.note()
        yield from notes.drain()
        for each, index in self._indexes:
            yield from index.notices((self._new if each is MESSAGE else self._old).rowids)
        self._sides.close_with(self._details.of)
        self._details.note_alone(self._context.installation.database, notes)
        self._legacy.quotes.close()
        self._legacy.receipts.close()
        yield from self._old.close()
        yield from self._new.close()
        yield from self._read_calls()

    def _only_modern(self) -> Iterator[Message | PackedRow]:
        accounting = self._new.accounting
        read = self._modern.row if self._gives_rows else self._modern.message
        sentinel = 1 if MESSAGE.name in self._sentinels else None
        for row in self._new.rows():
            if row[0] == sentinel:
                accounting.skip("sentinel")
            else:
                accounting.messages += 1
                yield read(row)

    def _both(self) -> Iterator[Message]:
        """Two tables by row id, the newer one first where both have a row of that id."""
        new, old = self._new.rows(), self._old.rows()
        modern, legacy = next(new, None), next(old, None)
        while modern is not None or legacy is not None:
            if legacy is None or (modern is not None and modern[0] <= legacy[0]):
                if modern is not None:
                    yield from self._one_modern(modern)
                    if legacy is not None and legacy[0] == modern[0]:
                        yield from self._one_legacy(legacy, is_second=True)
                        legacy = next(old, None)
                    modern = next(new, None)
            else:
                yield from self._one_legacy(legacy, is_second=False)
                legacy = next(old, None)

    def _one_modern(self, row: Row) -> Iterator[Message]:
        if row[0] == 1 and MESSAGE.name in self._sentinels:
            self._new.accounting.skip("sentinel")
            return
        self._new.accounting.messages += 1
        copy = self._copies.get(row[0])
        also = (
            ()
            if copy is None
            else (self._context.installation.source(MESSAGES.name, copy, row[_MODERN_KEY]),)
        )
        message = self._modern.message(row, also=also)
        if copy is not None:
            message = self._legacy.complete(message, copy)
            self._compare(message, copy)
        yield message

    def _compare(self, message: Message, copy: int) -> None:
        """Say what text the older row of a message holds, where it is not that of the newer one."""
        context = self._context
        texts = [each for each in texts_in(context, MESSAGES.name, copy) if isinstance(each, str) and each]
        if not texts or message.text in texts or message.kind not in _TEXT_KINDS:
            return
        original, is_deleted = f"row {message.source.rowid} of {MESSAGE.name}", message.state == _DELETED
        if not is_deleted and message.edited_at is None:
            words = f"row {copy} of {MESSAGES.name}, the copy of {original}, holds another text"
            context.notes.add("doubt", words, MESSAGES.name, copy, texts[0])
            return
        copied = kept_text(message, texts[0], OLDER_TABLE, DELETED if is_deleted else EDITED)
        context.notes.copy(copied, original, MESSAGES.name, copy)

    def _one_legacy(self, row: Row, *, is_second: bool) -> Iterator[Message]:
        """A row of ``messages``; as the second of its row id it has no side rows of its own."""
        if row[0] == 1 and MESSAGES.name in self._sentinels:
            self._old.accounting.skip("sentinel")
        elif row[0] in self._copied:
            self._old.accounting.skip("copy")
        else:
            self._old.accounting.messages += 1
            yield self._legacy.message(row, {} if is_second else self._sides.take(row[0]))

    def _read_calls(self) -> Iterator[Call | Notice]:
        table = TableRows(self._context.installation, CALL_LOG, self._context.notes)
        for call in self._calls.records(table):
            yield call
            yield from self._context.notes.drain()
        yield from table.close()
