"""The messages of WhatsApp on iOS: ZWAMESSAGE in one ordered pass, media items, receipts and links beside it.

Source: WhatsApp reference 3.3 to 3.5. A plain text takes the short way in ``message``; whatever else there is
to a message is put into its draft by ``_whole``.
"""

from __future__ import annotations

from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, Row, readable_mac_instant
from forensics.model import Message, System
from forensics.times import MAC_EPOCH_SECONDS
from parsers.message_drafts import MessageDraft, finished, row_source
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_conversations import Chat
from parsers.whatsapp_ios_additions import NO_RECEIPTS, Additions, MessageRow
from parsers.whatsapp_ios_beside import Beside, MediaRow
from parsers.whatsapp_ios_blobs import Metadata
from parsers.whatsapp_ios_calls import Calls
from parsers.whatsapp_ios_codes import (
    CALL,
    CARD_TYPES,
    EVENT_TYPES,
    FORWARDED_BITS,
    LOCATION,
    MESSAGE_TYPES,
    OWN_STATUS,
    REVOKED,
    TEXT,
    UNSENT_TYPES,
    VIEW_ONCE_TYPES,
)
from parsers.whatsapp_ios_content import (
    CAPTIONED,
    card_name,
    contacts,
    links,
    location,
    media_attachment,
    untold,
)
from parsers.whatsapp_ios_events import actor, event, other_event
from parsers.whatsapp_ios_sessions import Sessions
from parsers.whatsapp_ios_survey import Survey
from parsers.whatsapp_ios_tables import LINK, MESSAGE
from parsers.whatsapp_previews import note_preview

_TABLE = MESSAGE.name
# The bounds of believable times, in Core Data's seconds.
_EARLIEST = BEFORE_CHAT_APPS / 1000 - MAC_EPOCH_SECONDS
_LATEST = AFTER_CHAT_APPS / 1000 - MAC_EPOCH_SECONDS


class MessageReader:
    """Makes the messages, in rising order of their row ids."""

    def __init__(
        self, context: Context, sessions: Sessions, survey: Survey, calls: Calls, beside: Beside
    ) -> None:
        self._context = context
        self._sessions = sessions
        self._calls = calls
        self._beside = beside
        self._base = context.installation.source(_TABLE)
        self._message_id = context.installation.place.message
        account = context.people.account
        self._app, self._platform, self._account = account.app, account.platform, account.id
        self._owner = context.people.owner.id
        self._chats = context.chats.by_row
        self._members = {
            rowid: None if person is None else person.id
            for rowid, person in (
                (rowid, context.people.person(jid)) for rowid, jid in sessions.members.items()
            )
        }
        self._upcoming = beside.upcoming
        self._additions = Additions(context, survey)
        self._quoted_rows = survey.quoted_rows

    def message(self, values: Row) -> Message:
        """The message of one row (``MESSAGE`` with its row id) and its side rows."""
        (rowid, session, from_me, key, member, status, flags, kind, sent, received, text, starred,
         _event, media, parent, _from_jid, _to_jid) = values  # fmt: skip
        chat = self._chats.get(session)
        if rowid in self._quoted_rows:
            self._additions.keep_text(rowid, text)
        is_beside = rowid >= self._upcoming
        if (
            kind != TEXT
            or (is_beside and not self._beside.has_only_info(rowid))
            or chat is None
            or sent is None
            or not _EARLIEST <= sent < _LATEST
            or (received is not None and not _EARLIEST <= received < _LATEST)
            or media is not None
            or parent is not None
            or (flags is not None and flags & FORWARDED_BITS == FORWARDED_BITS)
            or session in self._sessions.removed
        ):
            return self._whole(MessageRow(*values))
        word: str | None = None
        sender: str | None = self._owner
        if from_me == 1:
            word = OWN_STATUS.get(status)
        else:
            sender = self._members.get(member) if member is not None else chat.partner
        if word is None if from_me == 1 else sender is None or from_me != 0:
            return self._whole(MessageRow(*values))
        draft = MessageDraft(
            self._message_id(_TABLE, rowid),
            self._app,
            self._platform,
            self._account,
            chat.id,
            chat.kind,
            sender,
            from_me == 1,
            "text",
            row_source(self._base, rowid, key),
            word,
            round((sent + MAC_EPOCH_SECONDS) * 1000),
            None if from_me == 1 or received is None else round((received + MAC_EPOCH_SECONDS) * 1000),
            text,
            "live",
            starred == 1,
        )
        if is_beside:
            self._add_info(draft, MessageRow(*values))
        return finished(draft)

    def _add_info(self, draft: MessageDraft, row: MessageRow) -> None:
        info = self._beside.info.take(row.rowid)
        self._upcoming = self._beside.upcoming
        receipts = self._additions.read_receipts(info[0] if info else None)
        if receipts is not NO_RECEIPTS:
            self._additions.receipts(draft, row, receipts)

    def _whole(self, row: MessageRow) -> Message:
        """A message with everything that the database holds about it."""
        media = self._beside.media_of(row.rowid, row.media)
        info = self._beside.info.take(row.rowid)
        link_rows = self._beside.links.take(row.rowid)
        self._upcoming = self._beside.upcoming
        metadata = self._additions.read_metadata(media)
        receipts = self._additions.read_receipts(info[0] if info else None)
        chat = self._chat(row)
        draft = self._draft(row, chat)
        if row.message_type in EVENT_TYPES:
            member = self._sessions.members.get(row.member) if row.member is not None else None
            draft.system = event(self._context, row.message_type, row.event, row.text, member)
        elif row.message_type is not None and not self._is_plain(row.message_type):
            draft.system = other_event(self._context, row.message_type, row.event)
        if row.message_type == REVOKED:
            draft.state, draft.deleted_by = "deleted_for_everyone", draft.sender
            for link, _message, matched, content, title, summary in link_rows:
                parts = (matched or content, title, summary)
                note_preview(self._context.notes, draft, parts, LINK.name, link)
        if media is not None:
            self._add_media(draft, row, media)
            if row.message_type not in CARD_TYPES and row.message_type != LOCATION:
                self._add_untold(draft, row, media, metadata)
        draft.attachments += tuple(links(link_rows, media, metadata, row.message_type))
        self._additions.metadata(draft, row, chat, metadata, media)
        if receipts is not NO_RECEIPTS:
            self._additions.receipts(draft, row, receipts)
        message = finished(draft)
        if row.message_type == CALL:
            self._calls.add_message(message, chat.partner, metadata.call_seconds)
        return message

    def _is_plain(self, message_type: int) -> bool:
        meaning = MESSAGE_TYPES.get(message_type)
        return meaning is not None and meaning.is_plain

    def _draft(self, row: MessageRow, chat: Chat) -> MessageDraft:
        context, rowid = self._context, row.rowid
        meaning = MESSAGE_TYPES.get(row.message_type) if row.message_type is not None else None
        if row.message_type is None:
            context.notes.unknown("ZMESSAGETYPE", None)
        is_hidden = row.session is None or row.session in self._sessions.removed or chat.is_gone
        is_hidden = is_hidden or row.session not in self._chats
        return MessageDraft(
            self._message_id(_TABLE, rowid),
            self._app,
            self._platform,
            self._account,
            chat.id,
            chat.kind,
            self._sender(row, chat),
            owner_flag(row.from_me),
            "unknown" if meaning is None else meaning.kind,
            row_source(self._base, rowid, row.key),
            self._status(row),
            self._instant(rowid, "ZMESSAGEDATE", row.sent),
            self._instant(rowid, "ZSENTDATE", row.received) if row.from_me == 0 else None,
            row.text,
            "hidden" if is_hidden else "live",
            row.starred == 1,
            view_once=row.message_type in VIEW_ONCE_TYPES,
        )

    def _chat(self, row: MessageRow) -> Chat:
        """The conversation of a row; where its session is gone, the one that the row names itself."""
        chat = self._chats.get(row.session) if row.session is not None else None
        if chat is not None and not chat.is_gone:
            return chat
        if row.session is not None:
            text = f"row {row.rowid} of {_TABLE}: its conversation, ZCHATSESSION {row.session}, is gone"
            self._context.notes.add("doubt", text, _TABLE, row.rowid, row.session)
        jid = row.to_jid if row.from_me == 1 else row.from_jid
        return self._context.chats.with_jid(jid) if jid else self._context.chats.at(row.session)

    def _sender(self, row: MessageRow, chat: Chat) -> str | None:
        """The owner; the member that the row names; in a direct conversation the other one. Of an event only
        an actor whom the row names as such."""
        if row.from_me == 1:
            return self._owner
        if row.message_type in UNSENT_TYPES:
            found = actor(self._context, row.event, row.text) if row.message_type in EVENT_TYPES else None
            return None if found is None else found.id
        if row.member is not None:
            if row.member not in self._members:
                text = f"row {row.rowid} of {_TABLE}: its sender, ZGROUPMEMBER {row.member}, is gone"
                self._context.notes.add("doubt", text, _TABLE, row.rowid, row.member)
            return self._members.get(row.member)
        return chat.partner if row.from_me == 0 else None

    def _status(self, row: MessageRow) -> str | None:
        if row.from_me != 1 or row.message_type in UNSENT_TYPES:
            return None
        word = OWN_STATUS.get(row.status)
        if word is None:
            self._context.notes.unknown("status of a sent message", row.status)
        return word

    def _instant(self, rowid: int, column: str, value: float | None) -> int | None:
        instant, doubt = readable_mac_instant(value)
        if doubt is not None:
            text = f"row {rowid} of {_TABLE}, time in column {column}: {doubt}"
            self._context.notes.add("doubt", text, _TABLE, rowid, value)
        return instant

    def _add_untold(self, draft: MessageDraft, row: MessageRow, media: MediaRow, metadata: Metadata) -> None:
        words = list(untold(media, metadata, draft.kind, row.message_type))
        if metadata.has_template:
            self._context.notes.count("templates of businesses whose content was not read")
        if words:
            told = draft.system or System(type="media item", code=None, detail=None)
            detail = "; ".join([*([told.detail] if told.detail else []), *words])
            draft.system = System(type=told.type, code=told.code, detail=detail)

    def _add_media(self, draft: MessageDraft, row: MessageRow, media: MediaRow) -> None:
        if row.message_type in CARD_TYPES:
            draft.contacts = contacts(media)
            draft.text = draft.text if draft.text is not None else card_name(media)
        elif row.message_type == LOCATION:
            draft.location = location(media)
        else:
            attachment = media_attachment(self._context, media, draft.kind)
            if attachment is not None:
                draft.attachments = (attachment,)
            if draft.kind in CAPTIONED and draft.text is None:
                draft.text = media.title or None
            if media.latitude or media.longitude:
                self._context.notes.count("media items hold the sizes of pictures where a place would stand")
