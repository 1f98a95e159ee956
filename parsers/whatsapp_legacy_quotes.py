"""Quotes and receipts of the legacy generation, which are found by key and not by the row of the message.

Source: WhatsApp reference 2.2: ``messages.quoted_row_id`` names a row of ``messages_quotes``, a copy of the
quoted message; ``receipts`` names the message by its chat and key, one row for each member of a group.
"""

from __future__ import annotations

from array import array

from forensics.fields import BoundTable
from forensics.model import Receipt, Reply
from parsers.side_rows import Orphans
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_replies import Quoted, note_target, target_id
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import MESSAGES, MESSAGES_QUOTES, RECEIPTS

_QUOTES = MESSAGES_QUOTES.name


class LegacyQuotes:
    """The rows of ``messages_quotes``, fetched as they are named."""

    def __init__(self, context: Context, survey: Survey) -> None:
        self._context = context
        self._survey = survey
        self._used = array("q")
        database = context.installation.database
        self._table = MESSAGES_QUOTES.bind(database, context.notes.doubt(_QUOTES))

    def pass_over(self, quote: int) -> None:
        """That quote is known: the newer row of its message has it too."""
        self._used.append(quote)

    def reply_to(self, quote: int, rowid: int, holder: str | None = None) -> Reply:
        """The quote in that row, for the message in row ``rowid``; what is gone is empty. ``holder``: the id
        of the message where it is not that row's."""
        row = next(self._table.rows(where_rowid=(quote, quote)), None) if self._table is not None else None
        if row is None:
            text = f"row {rowid} of messages answers quote {quote}, which is gone"
            self._context.notes.add("info", text, "messages", rowid, quote)
            return Reply(id=None, app_id=None, text=None, sent_at=None, sender=None)
        self._used.append(quote)
        _rowid, jid, from_me, key, data, timestamp, caption, resource = row
        context = self._context
        chat = context.chats.known(jid)
        target = self._survey.find(chat, from_me, key, resource)
        text = data or caption or data
        person = context.people.owner if from_me == 1 else context.people.person(resource)
        partner = chat.partner if chat is not None and from_me == 0 else None
        reply = Reply(
            id=target_id(context, target),
            app_id=key,
            text=text,
            sent_at=context.notes.instant(timestamp, _QUOTES, quote, "timestamp"),
            sender=partner if person is None else person.id,
        )
        holder = holder or context.installation.place.message(MESSAGES.name, rowid)
        quoted = Quoted(reply, holder, None if chat is None else chat.id, owner_flag(from_me))
        note_target(context, (_QUOTES, quote), target, quoted)
        return reply

    def close(self) -> None:
        """Note the quotes that no message names any more."""
        if self._table is None:
            return
        used = set(self._used)
        orphans = Orphans(MESSAGES_QUOTES, "quote")
        for row in self._table.rows():
            if row[0] not in used:
                orphans(row)
        orphans.note(self._context.notes)


class LegacyReceipts:
    """The rows of ``receipts``: their row ids are kept by chat and key, the rows fetched when asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rowids: dict[tuple[object, object], array[int]] = {}
        database = context.installation.database
        self._table: BoundTable | None = RECEIPTS.bind(database, context.notes.doubt(RECEIPTS.name))
        if self._table is not None:
            for rowid, jid, key in database.rows(RECEIPTS.name, ("key_remote_jid", "key_id")):
                self._rowids.setdefault((jid, key), array("q")).append(rowid)

    def take(self, jid: str | None, key: str | None) -> tuple[Receipt, ...]:
        """The receipts of that message, each once."""
        rowids = self._rowids.pop((jid, key), None)
        if rowids is None:
            return ()
        return tuple(receipt for rowid in rowids for receipt in self._receipts(rowid))

    def _receipts(self, rowid: int) -> list[Receipt]:
        if self._table is None:
            return []
        notes, people, kept = self._context.notes, self._context.people, []
        for row in self._table.rows(where_rowid=(rowid, rowid)):
            _rowid, _jid, _key, resource, delivered, read, played = row
            person = people.person(resource)
            kept.append(
                Receipt(
                    participant=None if person is None else person.id,
                    delivered_at=notes.instant(delivered, RECEIPTS.name, rowid, "receipt_device_timestamp"),
                    read_at=notes.instant(read, RECEIPTS.name, rowid, "read_device_timestamp"),
                    played_at=notes.instant(played, RECEIPTS.name, rowid, "played_device_timestamp"),
                )
            )
        return kept

    def close(self) -> None:
        """Note the receipts whose message is gone."""
        if self._table is None:
            return
        orphans = Orphans(RECEIPTS, "receipt")
        for rowid in sorted(rowid for rowids in self._rowids.values() for rowid in rowids):
            for row in self._table.rows(where_rowid=(rowid, rowid)):
                orphans(row)
        orphans.note(self._context.notes)
