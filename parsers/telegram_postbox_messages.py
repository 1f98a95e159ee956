"""The messages of Postbox: a row of t7 as a record.

Source: Telegram reference 5.3 and 5.4. A plain text takes the short way in ``message``; whatever else there
is to a message is put into its draft by ``_whole``.
"""

from __future__ import annotations

from forensics.digest import LARGEST_INTEGER
from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, readable_instant
from forensics.model import Call, Message, Source, System
from parsers.message_drafts import MessageDraft, finished, keyed_source
from parsers.telegram_postbox_actions import event, is_known
from parsers.telegram_postbox_chats import Chat
from parsers.telegram_postbox_content import ContentReader
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_ids import (
    CANNED,
    CLOUD,
    PLANNED,
    QUICK_REPLY_LOCAL,
    MessageKey,
    app_id,
    handle_of,
)
from parsers.telegram_postbox_message import (
    FAILED,
    INCOMING,
    SENDING,
    UNSENT,
    Stored,
    read_plain,
    read_stored,
)
from parsers.telegram_postbox_numbers import moment, whole
from parsers.telegram_postbox_parts import (
    Attributes,
    bot,
    forwarded,
    made_by_machine,
    marks,
    post,
    reactions,
    reply_to,
    story,
    timer,
)
from parsers.telegram_postbox_tables import MESSAGES, WORDS
from parsers.telegram_postbox_text import buttons
from parsers.telegram_postbox_types import ACTION, name_of
from parsers.telegram_remarks import Remark, scheduled

# The timer of what can be looked at once (viewOnceTimeout of the client).
_ONCE = 0x7FFFFFFF
_NOT_ON_ITS_WAY = UNSENT | FAILED | SENDING


class MessageReader:
    """Makes the messages of t7."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._content = ContentReader(context)
        self._base: Source = context.installation.source(MESSAGES.name)
        self._message_id = context.installation.place.message
        account = context.people.account
        self._app, self._platform, self._account = account.app, account.platform, account.id
        self._owner, self._owner_key = context.people.owner.id, context.people.owner_key
        self._has_words = bool(context.words)

    def message(
        self, key: MessageKey, written: str, value: bytes | None, rowid: int | None = None
    ) -> Message | None:
        """The message of a row, ``written`` being its key in hex; None for a row that is no message.
        ``rowid``: of a recovered row, which its key alone does not name."""
        peer, namespace, time, number = key
        context = self._context
        chat = context.chats.by_peer.get(peer) or context.chats.at(peer)
        plain = read_plain(value) if value and namespace == CLOUD and not self._has_words else None
        if (
            plain is None
            or plain.flags & _NOT_ON_ITS_WAY
            or chat.kind == "secret"
            or not BEFORE_CHAT_APPS <= time * 1000 < AFTER_CHAT_APPS
            or (not plain.flags & INCOMING and plain.author not in (None, self._owner_key))
        ):
            return self._whole(key, written, value, chat, rowid)
        from_owner = not plain.flags & INCOMING
        draft = MessageDraft(
            self._message_id("t7", written),
            self._app,
            self._platform,
            self._account,
            chat.id,
            chat.kind,
            self._owner if from_owner else self._sender(plain.author, chat),
            from_owner,
            "text",
            keyed_source(self._base, written, str(number), rowid),
            self._status(chat, key, plain.flags) if from_owner else None,
            time * 1000,
            None,
            plain.text or None,
            "hidden" if chat.is_hidden else "live",
        )
        return finished(draft)

    def _sender(self, author: int | None, chat: Chat) -> str | None:
        """Who sent an incoming message; without an author the other one of a chat, or the channel."""
        if author is not None:
            return self._context.people.ids.get(author) or self._context.people.id(author)
        if chat.kind == "channel":
            return self._context.people.id(chat.peer)
        return None if chat.partner is None else chat.partner.id

    def _status(self, chat: Chat, key: MessageKey, flags: int) -> str:
        """Of a sent message. Read by the other side: by how far the chat was read."""
        if key.namespace in PLANNED:
            return "scheduled"
        if key.namespace in CANNED:
            return "draft"
        if flags & FAILED:
            return "failed"
        if flags & (UNSENT | SENDING):
            return "pending"
        if chat.kind in ("self", "channel"):
            return "sent"
        return "read" if chat.is_read(key.namespace, key.number, key.time) else "sent"

    def _whole(
        self, key: MessageKey, written: str, value: bytes | None, chat: Chat, rowid: int | None
    ) -> Message | None:
        """A message with everything that the database holds about it."""
        stored = read_stored(value) if value else None
        if stored is not None and stored.kind != 0:
            return None
        draft = self._draft(key, written, stored, chat, rowid)
        remarks: list[Remark] = []
        if stored is None:
            self._context.doubt(written, "its value is empty: the message is not stored")
            draft.kind = "unknown"
            draft.system = System(type="unknown", code=None, detail="nothing is stored")
            return finished(draft)
        if not CLOUD <= key.namespace <= QUICK_REPLY_LOCAL:
            self._context.notes.unknown("namespace of messages", key.namespace)
        self._content.note(written, stored, value)
        attributes = self._content.attributes(written, stored, remarks)
        action = next((p.node for p in stored.media if p.node and name_of(p.node) == ACTION), None)
        if action is None:
            self._content.fill(draft, written, stored, attributes, remarks)
        self._references(draft, stored, attributes, chat, remarks)
        self._marks(key, stored, attributes, chat, remarks)
        draft.also = self._copies(key, written, stored)
        if action is not None:
            found = event(action, self._context.people, is_secret=chat.kind == "secret")
            told = [each for each in remarks if each.type not in ("global id", "tags")]
            details = [found.system.detail, *(each.words for each in told)]
            draft.kind = found.kind
            draft.system = System(
                type=found.system.type,
                code=found.system.code,
                detail="; ".join(each for each in details if each) or None,
            )
            if not is_known(action):
                self._context.notes.count(f"event {found.system.code} has no meaning known to this parser")
            if found.kind == "call":
                self._call(draft, written, found.seconds, found.video, found.result, chat)
        elif remarks:
            words = "; ".join(each.words for each in remarks)
            draft.system = System(type=remarks[0].type, code=remarks[0].code, detail=words)
        return finished(draft)

    def _draft(
        self, key: MessageKey, written: str, stored: Stored | None, chat: Chat, rowid: int | None
    ) -> MessageDraft:
        flags = stored.flags if stored is not None else None
        from_owner = None if flags is None else not flags & INCOMING
        sender = None
        if stored is not None and from_owner is not None:
            sender = self._owner if from_owner else self._sender(stored.author, chat)
        is_unsent = key.namespace in PLANNED or key.namespace in CANNED
        return MessageDraft(
            self._message_id(MESSAGES.name, written),
            self._app,
            self._platform,
            self._account,
            chat.id,
            chat.kind,
            sender,
            from_owner,
            "text",
            keyed_source(self._base, written, app_id(key.namespace, key.number), rowid),
            self._status(chat, key, flags) if from_owner and flags is not None else None,
            None if is_unsent else self._sent_at(key, written),
            None,
            (stored.text or None) if stored is not None else None,
            "hidden" if chat.is_hidden else "live",
        )

    def _sent_at(self, key: MessageKey, written: str) -> int | None:
        found, doubt = readable_instant(key.time * 1000)
        if doubt is not None:
            self._context.doubt(written, f"time in its key: {doubt}", key.time)
        return found

    def _references(
        self,
        draft: MessageDraft,
        stored: Stored,
        attributes: Attributes,
        chat: Chat,
        remarks: list[Remark],
    ) -> None:
        """To other messages and to people."""
        context = self._context
        words = buttons(attributes.get("ReplyMarkupMessageAttribute"))
        if words:
            remarks.append(Remark("buttons", words))
        draft.reply_to = reply_to(context, attributes)
        draft.forwarded, origin = forwarded(context, stored, attributes)
        draft.reactions, counts = reactions(context, attributes)
        edited = attributes.get("EditedMessageAttribute")
        if edited is not None and not edited.flag("h"):
            draft.edited_at = moment(edited.number("d"))
        remarks.extend(bot(attributes))
        remarks.extend(made_by_machine(attributes))
        for name in ("Autoremove", "Autoclear"):
            node = attributes.get(f"{name}TimeoutMessageAttribute")
            seconds = node.number("t") if node is not None else None
            if node is not None and seconds == _ONCE:
                draft.view_once = True
            elif node is not None and seconds and 0 < seconds <= LARGEST_INTEGER:
                draft.expires_after = seconds
                remarks.extend(timer(node))
        for several in (origin, counts, post(attributes), story(attributes)):
            remarks.extend(several)
        if draft.from_owner and stored.author not in (None, self._owner_key) and chat.kind != "secret":
            person = context.people.person(stored.author or 0)
            remarks.append(Remark("sender", f"sent in the name of {person.spoken}"))

    def _marks(
        self,
        key: MessageKey,
        stored: Stored,
        attributes: Attributes,
        chat: Chat,
        remarks: list[Remark],
    ) -> None:
        """Album, topic, tags, plans."""
        if stored.album:
            remarks.append(Remark("album", f"album {stored.album}"))
        remarks.extend(marks(stored))
        if key.namespace in PLANNED:
            node = attributes.get("OutgoingScheduleInfoMessageAttribute")
            stated = node.number("t") if node is not None else None
            remarks.insert(0, scheduled(key.time if moment(stated) is None else stated))
        elif key.namespace in CANNED:
            name = "" if stored.thread is None else f" {stored.thread}"
            words = f"quick reply{name}, kept to be sent again and again"
            remarks.insert(0, Remark("quick reply", words, whole(stored.thread)))
        elif stored.thread is not None and chat.kind == "self":
            remarks.insert(0, Remark("origin", f"saved from {handle_of(stored.thread)}"))
        elif stored.thread is not None:
            words = self._context.topic_words(key.peer, stored.thread)
            remarks.insert(0, Remark("topic", words, whole(stored.thread)))
        if stored.unique_id is not None and chat.kind == "secret":
            remarks.append(Remark("global id", f"global id {stored.unique_id}"))

    def _copies(self, key: MessageKey, written: str, stored: Stored) -> tuple[Source, ...]:
        """The row of the index of words; one that has another text is named."""
        context = self._context
        rowid = context.words.rowid((key.peer, key.namespace, key.number)) if self._has_words else None
        if rowid is None:
            return ()
        text, number = context.words.text(rowid), app_id(key.namespace, key.number)
        if stored.text and text is not None and text != stored.text:
            context.doubt(written, f"the index of words has another text of message {number}", text)
        return (context.installation.source(WORDS.name, rowid, number),)

    def _call(  # noqa: PLR0917  # what a call is
        self,
        draft: MessageDraft,
        written: str,
        seconds: int | None,
        video: bool | None,
        result: str | None,
        chat: Chat,
    ) -> None:
        self._context.calls.append(
            Call(
                id=self._context.installation.place.call(MESSAGES.name, written),
                app=draft.app,
                account=draft.account,
                conversation=draft.conversation,
                sender=draft.sender,
                from_owner=draft.from_owner,
                at=draft.sent_at,
                seconds=seconds,
                video=video,
                result=result,
                participants=() if chat.partner is None else (chat.partner.id,),
                source=draft.source,
            )
        )
