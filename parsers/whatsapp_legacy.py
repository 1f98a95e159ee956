"""The messages of the legacy generation: table ``messages``, to 2021/22.

Source: WhatsApp reference 2.2: one row holds text, media, location and status of a message; a row with type
0 and status 6 is an event whose action code stands in ``media_size``; types 8 and 10 are calls, and have
status 6 as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER
from forensics.fields import Row
from forensics.model import Attachment, Contact, Location, Message, Receipt, Source
from parsers.message_drafts import MessageDraft, finished, row_source
from parsers.side_rows import Found
from parsers.whatsapp_addons import Details, mentions, reactions, receipts
from parsers.whatsapp_calls import CallLog
from parsers.whatsapp_cards import read_cards
from parsers.whatsapp_codes import (
    AUDIO,
    CALL_TYPES,
    CARD_TYPES,
    CONTROL_STATUS,
    EVENT,
    LEGACY_CALL_RESULTS,
    LOCATION_TYPES,
    MESSAGE_TYPES,
    MISSED_CALL,
    OWN_STATUS,
    RECORDED_IN_APP,
    REVOKED_TYPES,
    TEXT,
    VIEW_ONCE_TYPES,
    spoken,
)
from parsers.whatsapp_content import duration, finite, forward, location
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_conversations import Chat
from parsers.whatsapp_events import Parties, action
from parsers.whatsapp_legacy_quotes import LegacyQuotes, LegacyReceipts
from parsers.whatsapp_media import MEDIA_KINDS, attach, attachments
from parsers.whatsapp_media_data import stored_path
from parsers.whatsapp_replies import reply_to
from parsers.whatsapp_side_tables import (
    ADD_ON,
    LEGACY_VCARD,
    MEDIA,
    QUOTED,
    RECEIPT,
    REVOKED,
    VCARD,
    VIEW_ONCE,
)
from parsers.whatsapp_sides import first, rows_of
from parsers.whatsapp_survey import Survey, type_code
from parsers.whatsapp_tables import MESSAGES
from parsers.whatsapp_trade import remark

_TABLE = MESSAGES.name
# What of the older row of a message is asked for where the newer one is read.
_COPIED = ("key_remote_jid", "key_id", "key_from_me", "quoted_row_id")


class LegacyRow(NamedTuple):
    """A row of ``messages`` by its columns."""

    rowid: int
    jid: str | None
    from_me: int | None
    key: str | None
    status: int | None
    data: str | None
    sent: int | None
    mime: str | None
    media_type: str | int | None
    size: int | None
    name: str | None
    caption: str | None
    file_hash: str | None
    seconds: int | None
    origin: int | None
    latitude: float | None
    longitude: float | None
    media_data: bytes | None
    resource: str | None
    received: int | None
    delivered: int | None
    read: int | None
    played: int | None
    starred: int | None
    quote: int | None
    mentioned: str | None
    url: str | None
    forwarded: int | None

    @property
    def message_type(self) -> int | None:
        """The type as the modern table has it: an event is type 7 there."""
        code = type_code(self.media_type)
        return EVENT if code == TEXT and self.status == CONTROL_STATUS else code


class LegacyReader:
    """Makes the messages of table ``messages``."""

    def __init__(self, context: Context, survey: Survey, details: Details, calls: CallLog) -> None:
        self._context = context
        self._details = details
        self._calls = calls
        self._survey = survey
        self.quotes = LegacyQuotes(context, survey)
        self.receipts = LegacyReceipts(context)
        self._base: Source = context.installation.source(_TABLE)

    def message(self, values: Row, found: Found) -> Message:
        """The message of one row (``MESSAGES`` with its row id), with the side rows of its row id."""
        row = LegacyRow(*values)
        chat = self._context.chats.with_jid(row.jid)
        draft = self._draft(row, chat)
        self._add_content(draft, row, found)
        self._add_receipts(draft, row, chat, found)
        self._add_marks(draft, row, chat, found)
        message = finished(draft)
        if row.message_type in CALL_TYPES:
            self._add_call(message, chat.partner, row)
        return message

    def _draft(self, row: LegacyRow, chat: Chat) -> MessageDraft:
        account = self._context.people.account
        is_starred = row.starred == 1
        return MessageDraft(
            self._context.installation.place.message(_TABLE, row.rowid),
            account.app,
            account.platform,
            account.id,
            chat.id,
            chat.kind,
            self._sender(row, chat),
            owner_flag(row.from_me),
            _kind(row),
            row_source(self._base, row.rowid, row.key),
            self._status(row),
            self._instant(row, "timestamp", row.sent),
            self._instant(row, "received_timestamp", row.received),
            None,
            chat.state(row.rowid, type_code(row.media_type), is_starred),
            is_starred,
        )

    def _instant(self, row: LegacyRow, column: str, value: int | None) -> int | None:
        return self._context.notes.instant(value, _TABLE, row.rowid, column)

    def _sender(self, row: LegacyRow, chat: Chat) -> str | None:
        """The owner, the jid in remote_resource (of a group), or the other one of a direct conversation."""
        if row.from_me == 1:
            return self._context.people.owner.id
        person = self._context.people.person(row.resource)
        if person is not None:
            return person.id
        return chat.partner if row.from_me == 0 and row.message_type != EVENT else None

    def _status(self, row: LegacyRow) -> str | None:
        if row.from_me != 1 or row.status == CONTROL_STATUS:
            return None
        word = OWN_STATUS.get(row.status)
        if word is None:
            self._context.notes.unknown("status of a sent message", row.status)
        return word

    def _add_content(self, draft: MessageDraft, row: LegacyRow, found: Found) -> None:
        """Text, cards, place, event and files, each from where this type of message keeps it."""
        code = row.message_type
        if code == EVENT:
            people = self._context.people
            actor = people.owner if row.from_me == 1 else people.person(row.resource)
            draft.text = row.data
            other = people.person(row.jid) if draft.conversation_kind == "direct" else None
            named = row.resource or None if actor is None else None
            draft.system = action(self._context, Parties(actor, other, named), row.size, row.data, found)
            return
        draft.system = remark(self._context, code, found, stored=row.media_type)
        if code in CALL_TYPES:
            return
        draft.text = row.name if code in CARD_TYPES else row.data or row.caption or row.data
        if code in CARD_TYPES:
            draft.contacts = _contacts(row, found)
        elif code in LOCATION_TYPES:
            draft.location = location(found) or Location(
                latitude=finite(row.latitude), longitude=finite(row.longitude), name=row.name, address=None
            )
        else:
            draft.attachments = self._attachments(draft, row, found)

    def _attachments(self, draft: MessageDraft, row: LegacyRow, found: Found) -> tuple[Attachment, ...]:
        stored = attachments(self._context, row.rowid, draft.kind, draft.text, found)
        if MEDIA.table.name in found:
            return stored
        if draft.kind in MEDIA_KINDS:
            media = attach(
                self._context,
                (_TABLE, row.rowid),
                kind=draft.kind,
                path=stored_path(row.media_data),
                mime=row.mime,
                filename=row.name,
                size=row.size,
                file_hash=row.file_hash,
                caption=row.caption,
            )
            return (media, *stored)
        if draft.kind == "text" and row.data is not None and (row.caption or row.name) and not stored:
            # Assumed: a text's name and caption are the title and description of its link.
            return (Attachment(kind="link", filename=row.name, path=row.url, caption=row.caption),)
        return stored

    def complete(self, message: Message, copy: int) -> Message:
        """A message of the newer table with the quote and the receipts that only its older row names."""
        database, names = self._context.installation.database, _COPIED
        found = next(database.rows(_TABLE, names, where_rowid=(copy, copy)), None)
        if found is None:
            return message
        _rowid, jid, key, from_me, quote = found
        if isinstance(quote, int) and quote > 0 and message.reply_to is None:
            message = replace(message, reply_to=self.quotes.reply_to(quote, copy, message.id))
        elif isinstance(quote, int):
            self.quotes.pass_over(quote)
        kept = self.receipts.take(jid, key) if from_me == 1 else ()
        known = {each.participant for each in message.receipts}
        return _with_receipts(message, tuple(each for each in kept if each.participant not in known))

    def _add_receipts(self, draft: MessageDraft, row: LegacyRow, chat: Chat, found: Found) -> None:
        """Receipts of the row itself (direct conversations), of ``receipts`` and of ``receipt_user``."""
        kept = receipts(self._context, rows_of(found, RECEIPT)) if RECEIPT.table.name in found else ()
        kept += self.receipts.take(row.jid, row.key) if row.from_me == 1 else ()
        delivered = self._instant(row, "receipt_device_timestamp", row.delivered)
        read = self._instant(row, "read_device_timestamp", row.read)
        played = self._instant(row, "played_device_timestamp", row.played)
        if row.from_me == 1 and not kept and chat.kind == "direct" and (delivered or read or played):
            kept = (
                Receipt(participant=chat.partner, delivered_at=delivered, read_at=read, played_at=played),
            )
        draft.receipts = kept
        if row.from_me == 1 and chat.kind == "direct" and len(kept) == 1:
            delivered, read = delivered or kept[0].delivered_at, read or kept[0].read_at
        draft.delivered_at, draft.read_at = delivered, read

    def _add_marks(self, draft: MessageDraft, row: LegacyRow, chat: Chat, found: Found) -> None:
        """What was done to the message: quoted, forwarded, reacted to, deleted, set to disappear."""
        if row.message_type in REVOKED_TYPES:
            draft.state = "deleted_for_everyone"
            draft.deleted_by = draft.sender
            revoked = first(found, REVOKED)
            if revoked is not None:
                draft.deleted_at = self._context.notes.instant(
                    revoked[3], REVOKED.table.name, row.rowid, "revoke_timestamp"
                )
        if row.quote is not None and row.quote > 0:
            draft.reply_to = self.quotes.reply_to(row.quote, row.rowid)
        elif QUOTED.table.name in found:  # the last builds of this generation quote as the next one does
            draft.reply_to = reply_to(self._context, self._survey, row.rowid, found, _TABLE)
        draft.view_once = row.message_type in VIEW_ONCE_TYPES or VIEW_ONCE.table.name in found
        draft.forwarded = forward(row.forwarded, found)
        if ADD_ON.table.name in found:
            draft.reactions = reactions(self._context, self._details, chat.partner, found)
        draft.expires_after = duration(found)
        draft.mentions = self._mentions(row) or mentions(self._context, found)

    def _mentions(self, row: LegacyRow) -> tuple[str, ...]:
        people = (self._context.people.person(jid) for jid in (row.mentioned or "").split(","))
        return tuple(dict.fromkeys(person.id for person in people if person is not None))

    def _add_call(self, message: Message, partner: str | None, row: LegacyRow) -> None:
        """A call row: audio or video in the caption, a code of the result in the size (seen, two rows)."""
        is_answered = row.seconds is not None and row.seconds > 0
        words = ("answered: " if is_answered else "") + spoken(LEGACY_CALL_RESULTS, row.size)
        self._calls.add(
            message,
            partner,
            video={"audio": False, "video": True}.get(row.caption or ""),
            seconds=row.seconds if row.seconds is not None and 0 <= row.seconds <= LARGEST_INTEGER else None,
            result=f"missed: {words}" if row.message_type == MISSED_CALL else words,
        )


def _with_receipts(message: Message, more: tuple[Receipt, ...]) -> Message:
    """With those receipts too; the only one of a direct conversation is that of the message."""
    if not more:
        return message
    all_of_them = (*message.receipts, *more)
    if message.conversation_kind != "direct" or len(all_of_them) != 1:
        return replace(message, receipts=all_of_them)
    (one,) = all_of_them
    delivered, read = message.delivered_at or one.delivered_at, message.read_at or one.read_at
    return replace(message, receipts=all_of_them, delivered_at=delivered, read_at=read)


def _kind(row: LegacyRow) -> str:
    code = row.message_type
    if code == AUDIO and row.origin == RECORDED_IN_APP:
        return "voice"
    meaning = MESSAGE_TYPES.get(code) if code is not None else None
    return "unknown" if meaning is None else meaning.kind


def _contacts(row: LegacyRow, found: Found) -> tuple[Contact, ...]:
    rows = (*rows_of(found, LEGACY_VCARD), *rows_of(found, VCARD))
    cards = list(dict.fromkeys(card[2] for card in rows if card[2])) or [row.data or ""]
    return tuple(contact for card in cards for contact in read_cards(card))
