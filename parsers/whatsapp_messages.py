"""The messages of the modern generation: table ``message`` in one ordered pass, its side tables beside it.

Source: WhatsApp reference 2.3 to 2.8. A plain text takes the short way in ``message``; whatever else there
is to a message is put into its draft by ``_whole``. Of a text without anything else the row is made at once.
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, Row
from forensics.message_row import PackedRow
from forensics.model import Message, Source
from parsers.message_drafts import MessageDraft, finished, row_source
from parsers.side_rows import Found
from parsers.whatsapp_addons import Details, mentions, packed_receipts, poll, reactions, receipts
from parsers.whatsapp_calls import CallLog
from parsers.whatsapp_codes import (
    AUDIO,
    CONTROL_STATUS,
    EVENT,
    MESSAGE_TYPES,
    OWN_STATUS,
    RECORDED_IN_APP,
    REVOKED_BY_ADMIN,
    REVOKED_TYPES,
    TEXT,
    TIMER_CHANGED,
    TIMER_SET,
    VIEW_ONCE_TYPES,
)
from parsers.whatsapp_content import contacts, duration, forward, location, whole_text
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_conversations import Chat
from parsers.whatsapp_events import Parties, event
from parsers.whatsapp_media import attachments
from parsers.whatsapp_previews import note_preview
from parsers.whatsapp_replies import reply_to
from parsers.whatsapp_side_tables import (
    ADD_ON,
    EDITED,
    EPHEMERAL,
    LINK,
    LOCATION,
    MEDIA,
    MENTION,
    PAYMENT,
    POLL_OPTION,
    QUOTED,
    RECEIPT,
    REVOKED,
    TEMPLATE,
    VCARD,
    VIEW_ONCE,
)
from parsers.whatsapp_sides import Sides, first, rows_of
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import MESSAGE
from parsers.whatsapp_trade import remark

_TABLE = MESSAGE.name
# Values that mean "no time" (reference 2.5).
_NO_TIME = frozenset({None, 0, -1})
# "Not applicable" in sender_jid_row_id (reference 2.4).
_NOBODY = frozenset({None, 0, -1})
_JUST_RECEIPTS = frozenset({RECEIPT.table.name})
_NOTHING: Found = {}
_TEXT_TABLES = frozenset({MEDIA.table.name, TEMPLATE.table.name})
_FILE_TABLES = frozenset({MEDIA.table.name, LINK.table.name})
# The kinds by type, of messages whose sender is who sent them: the actor of an event is another matter. Of an
# audio file it depends on where it was recorded.
_USUAL = {
    code: meaning.kind
    for code, meaning in MESSAGE_TYPES.items()
    if code not in (AUDIO, EVENT, TIMER_SET, TIMER_CHANGED)
}


class MessageRow(NamedTuple):
    """A row of ``message`` by its columns."""

    rowid: int
    chat: int | None
    from_me: int | None
    key: str | None
    sender: int | None
    status: int | None
    flags: int | None
    origin: int | None
    sent: int | None
    received: int | None
    message_type: int | None
    text: str | None
    starred: int | None


class MessageReader:
    """Makes the messages of table ``message``, in rising order of their row ids."""

    def __init__(
        self, context: Context, survey: Survey, sides: Sides, details: Details, calls: CallLog
    ) -> None:
        self._context = context
        self._survey = survey
        self._sides = sides
        self._details = details
        self._calls = calls
        self._base: Source = context.installation.source(_TABLE)
        self._message_id = context.installation.place.message
        self._digest = context.installation.place.digests(_TABLE)
        self._file = self._base.evidence_sha256, self._base.file_sha256, self._base.path
        self._app = context.people.account.app
        self._account = context.people.account.id
        self._owner = context.people.owner.id
        self._people = context.people.by_row
        self._chats = context.chats.by_row

    def row(self, values: Row) -> Message | PackedRow:
        """The message of one row and its side rows, packed where that is quick (``_plain``)."""
        found = self._sides.take(values[0]) if values[0] >= self._sides.upcoming else _NOTHING
        return self._plain(values, found) or self._message(values, found)

    def message(self, values: Row, also: tuple[Source, ...] = ()) -> Message:
        """The message of one row (``MESSAGE`` with its row id) and its side rows."""
        found = self._sides.take(values[0]) if values[0] >= self._sides.upcoming else _NOTHING
        return self._message(values, found, also)

    def _message(self, values: Row, found: Found, also: tuple[Source, ...] = ()) -> Message:
        rowid, chat_row, from_me, key, sender_row, status, flags, _, sent, received, kind, text, starred = (
            values
        )
        chat = self._chats.get(chat_row)
        sender: str | None = self._owner
        word = OWN_STATUS.get(status)
        if from_me != 1:
            word = None
            partner = None if chat is None else chat.partner
            sender = partner if sender_row in _NOBODY else self._people.get(sender_row)
        if (
            kind not in _USUAL
            or chat is None
            or sent is None
            or not BEFORE_CHAT_APPS <= sent < AFTER_CHAT_APPS
            or not (received in _NO_TIME or BEFORE_CHAT_APPS <= received < AFTER_CHAT_APPS)
            or (word is None if from_me == 1 else sender is None or from_me != 0)
        ):
            row = MessageRow(*values)
            return self._whole(self._draft(row, self._context.chats.at(chat_row), also), row, found)
        draft = MessageDraft(
            self._message_id(_TABLE, rowid),
            self._app,
            "android",
            self._account,
            chat.id,
            chat.kind,
            sender,
            from_me == 1,
            _USUAL[kind],
            row_source(self._base, rowid, key),
            word,
            sent,
            None if received in _NO_TIME else received,
            text,
            chat.state(rowid, kind, starred == 1, chat_row) if chat.jobs or chat.is_gone else "live",
            starred == 1,
            also,
        )
        if kind != TEXT or flags or (found and found.keys() != _JUST_RECEIPTS):
            return self._whole(draft, MessageRow(*values), found)
        if found:
            self._add_receipts(draft, found)
        return finished(draft)

    def _plain(self, values: Row, found: Found) -> PackedRow | None:
        """The same as ``packed`` gives it, of a plain text of which nothing but receipts is stored; None of
        others. Two of three messages of a phone are that: they take this way at a third of the cost."""
        rowid, chat_row, from_me, key, sender_row, status, flags, _, sent, received, kind, text, starred = (
            values
        )
        if kind != TEXT or starred or flags or (found and found.keys() != _JUST_RECEIPTS):
            return None
        chat = self._chats.get(chat_row)
        if chat is None or chat.jobs or chat.is_gone:
            return None
        if from_me == 1:
            sender: str | None = self._owner
            word = OWN_STATUS.get(status)
            is_known = word is not None
        else:
            sender = chat.partner if sender_row in _NOBODY else self._people.get(sender_row)
            word = None
            is_known = sender is not None and from_me == 0
        if not is_known or sent is None or not BEFORE_CHAT_APPS <= sent < AFTER_CHAT_APPS:
            return None
        if received in _NO_TIME:
            received = None
        elif not BEFORE_CHAT_APPS <= received < AFTER_CHAT_APPS:
            return None
        rare = None
        if found:
            rare = packed_receipts(
                self._people, rows_of(found, RECEIPT), from_me == 1 and chat.kind == "direct"
            )
            if rare is None:
                return None
        evidence, file, path = self._file
        return (
            self._digest(rowid), chat.id, sender, from_me == 1, "text", word, "live", sent, received, text,
            path, _TABLE, rowid, key, None, rare, self._account, self._app, "android", chat.kind, evidence,
            file,
        )  # fmt: skip

    def _add_receipts(self, draft: MessageDraft, found: Found) -> None:
        """Receipts; in a direct conversation the other one's are those of the message."""
        draft.receipts = receipts(self._context, rows_of(found, RECEIPT))
        if draft.from_owner and draft.conversation_kind == "direct" and len(draft.receipts) == 1:
            draft.delivered_at = draft.receipts[0].delivered_at
            draft.read_at = draft.receipts[0].read_at

    def _whole(self, draft: MessageDraft, row: MessageRow, found: Found) -> Message:
        """A message with everything that the database holds about it."""
        chat = self._context.chats.at(row.chat)
        if row.message_type in REVOKED_TYPES:
            self._revoke(draft, row, found)
            preview = first(found, LINK)
            if preview is not None:
                note_preview(self._context.notes, draft, preview[2:], LINK.table.name, row.rowid)
        draft.view_once = row.message_type in VIEW_ONCE_TYPES
        if draft.kind == "system":
            self._make_event(draft, row, chat, found)
        else:
            text = whole_text(row.text, found) if found else row.text
            draft.system = remark(self._context, row.message_type, found, text)
        if found:
            self._add_sides(draft, row, chat, found)
        draft.forwarded = forward(row.flags, found)
        message = finished(draft)
        if draft.kind == "call":
            self._calls.add_message(message, chat.partner, row.message_type, found)
        return message

    def _draft(self, row: MessageRow, chat: Chat, also: tuple[Source, ...]) -> MessageDraft:
        is_starred = row.starred == 1
        return MessageDraft(
            self._message_id(_TABLE, row.rowid),
            self._app,
            "android",
            self._account,
            chat.id,
            chat.kind,
            self._sender(row, chat),
            owner_flag(row.from_me),
            self._kind(row),
            row_source(self._base, row.rowid, row.key),
            self._status(row),
            self._instant(row.rowid, "timestamp", row.sent),
            self._instant(row.rowid, "received_timestamp", row.received),
            row.text,
            chat.state(row.rowid, row.message_type, is_starred, row.chat),
            is_starred,
            also,
        )

    def _instant(self, rowid: int, column: str, value: int | None) -> int | None:
        return self._context.notes.instant(value, _TABLE, rowid, column)

    def _sender(self, row: MessageRow, chat: Chat) -> str | None:
        """The sender; of an event only who is named: the other one of a chat need not be its actor."""
        is_event = row.message_type in (EVENT, TIMER_SET, TIMER_CHANGED)
        sender = self._context.sender(row.from_me, row.sender, None if is_event else chat.partner)
        is_known = row.sender is None or row.sender in _NOBODY or self._context.people.handles.get(row.sender)
        if sender is None and not is_known:
            text = f"row {row.rowid} of {_TABLE}: its sender, {self._context.people.words(row.sender)}"
            self._context.notes.add("doubt", text, _TABLE, row.rowid, row.sender)
        return sender

    def _kind(self, row: MessageRow) -> str:
        if row.message_type == AUDIO and row.origin == RECORDED_IN_APP:
            return "voice"
        meaning = MESSAGE_TYPES.get(row.message_type) if row.message_type is not None else None
        return "unknown" if meaning is None else meaning.kind

    def _status(self, row: MessageRow) -> str | None:
        if row.from_me != 1 or row.status == CONTROL_STATUS:
            return None
        word = OWN_STATUS.get(row.status)
        if word is None:
            self._context.notes.unknown("status of a sent message", row.status)
        return word

    def _revoke(self, draft: MessageDraft, row: MessageRow, found: Found) -> None:
        """Deleted for everyone: by an admin where one is named, else by the sender."""
        draft.state = "deleted_for_everyone"
        draft.deleted_by = None if row.message_type == REVOKED_BY_ADMIN else draft.sender
        revoked = first(found, REVOKED)
        if revoked is not None:
            admin = self._context.people.at(revoked[2]) if revoked[2] else None
            draft.deleted_by = admin.id if admin is not None else draft.deleted_by
            draft.deleted_at = self._context.notes.instant(
                revoked[3], REVOKED.table.name, row.rowid, "revoke_timestamp"
            )

    def _make_event(self, draft: MessageDraft, row: MessageRow, chat: Chat, found: Found) -> None:
        people = self._context.people
        actor = people.owner if row.from_me == 1 else people.at(row.sender) if row.sender else None
        named = people.words(row.sender) if actor is None else None
        parties = Parties(actor, people.person(chat.handle) if chat.kind == "direct" else None, named)
        draft.system = event(self._context, parties, row.message_type, row.text, found)

    def _add_sides(self, draft: MessageDraft, row: MessageRow, chat: Chat, found: Found) -> None:
        """What the side tables hold, each asked only where it has a row for this message."""
        context, names = self._context, found.keys()
        if not _TEXT_TABLES.isdisjoint(names):
            draft.text = whole_text(row.text, found)
        if not _FILE_TABLES.isdisjoint(names):
            draft.attachments = attachments(context, row.rowid, draft.kind, draft.text, found)
        if QUOTED.table.name in names:
            draft.reply_to = reply_to(context, self._survey, row.rowid, found)
        if RECEIPT.table.name in names:
            self._add_receipts(draft, found)
        if ADD_ON.table.name in names:
            draft.reactions = reactions(context, self._details, chat.partner, found)
        if MENTION.table.name in names:
            draft.mentions = mentions(context, found)
        if EDITED.table.name in names:
            draft.edited_at = self._edited(row, found)
        self._add_content(draft, chat, found)

    def _add_content(self, draft: MessageDraft, chat: Chat, found: Found) -> None:
        """Poll, place, cards, payment, and for how long the message is kept."""
        names = found.keys()
        if draft.kind == "poll" or POLL_OPTION.table.name in names:
            draft.poll = poll(self._context, self._details, chat.partner, draft.text, found)
        if LOCATION.table.name in names:
            draft.location = location(found)
        if VCARD.table.name in names:
            draft.contacts = contacts(found)
        if EPHEMERAL.table.name in names:
            draft.expires_after = duration(found)
        if draft.kind == "text" and PAYMENT.table.name in names:
            draft.kind = "payment"
        draft.view_once = draft.view_once or VIEW_ONCE.table.name in names

    def _edited(self, row: MessageRow, found: Found) -> int | None:
        edit = first(found, EDITED)
        if edit is None:
            return None
        stored = next((each for each in edit[2:4] if each not in _NO_TIME), None)
        return self._context.notes.instant(stored, EDITED.table.name, row.rowid, "edited_timestamp")
