"""The messages of Telegram on Android: a row of a message table with its object, as a record.

Source: Telegram reference 2.2 (columns), 2.6 (sender and direction), 3.2 (layouts), 4 (what the client adds).
A plain text takes the short way in ``message``; whatever else there is to a message is put into its draft by
``_whole``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER
from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, Row
from forensics.model import Message, Source, System
from parsers.message_calls import call_from
from parsers.message_drafts import MessageDraft, finished, row_source
from parsers.telegram_actions import event
from parsers.telegram_blobs import Blob, MessageBlob, read_custom_params
from parsers.telegram_chats import Chat
from parsers.telegram_context import Context
from parsers.telegram_ids import dialog_id, message_id, number_text
from parsers.telegram_markup import buttons, rich_text
from parsers.telegram_media import Content, Setting, content
from parsers.telegram_parts import (
    earlier_texts,
    forwarded,
    key_of,
    reactions,
    reply_to,
    saved,
    sender_key,
)
from parsers.telegram_remains import text_after_date
from parsers.telegram_remarks import (
    Remark,
    album,
    checked,
    instant,
    is_marked,
    local,
    marks,
    misses_media,
    paid,
    post,
    scheduled,
    thread,
    topic_of,
)
from parsers.telegram_sealed import unverified
from parsers.telegram_text import formatting, mentions
from parsers.telegram_tl_value import Value

_PLAIN = frozenset({"flags", "flags2", "id", "from_id", "peer_id", "to_id", "date", "message"})
# Bits of read_state and values of send_state (reference 2.2).
_IS_READ = 1
_STATUS = {1: "pending", 2: "failed"}


class MessageRow(NamedTuple):
    """A row of a message table by its columns."""

    rowid: int
    mid: int
    uid: int
    read_state: int | None
    send_state: int | None
    date: int | None
    data: bytes | None
    out: int | None
    ttl: int | None
    replydata: bytes | None
    custom_params: bytes | None
    topic: int | None
    pushed_text: str | None
    pushed_name: str | None
    replies: bytes | None = None


class Kept(NamedTuple):
    """What the table says of its rows: their state, and the status of what was not sent."""

    state: str = "live"
    status: str | None = None


class MessageReader:
    """Makes the messages of one table."""

    def __init__(self, context: Context, table: str, kept: Kept = Kept()) -> None:  # noqa: B008  # frozen
        self._context = context
        self._table = table
        self._kept = kept
        self._base: Source = context.installation.source(table)
        self._message_id = context.installation.place.message
        account = context.people.account
        self._app, self._account = account.app, account.id
        self._owner = context.people.owner.id
        self._is_ordinary = kept == Kept()

    def message(self, values: Row, also: tuple[Source, ...] = ()) -> Message:
        """The message of one row, which has a dialog and a number."""
        rowid, mid, uid, read_state, send_state, date, data, out, ttl, replydata, custom = values[:11]
        context = self._context
        blob = context.blobs.message(data) if data else None
        chat = context.chats.by_dialog.get(uid) or context.chats.at(dialog_id(uid))
        if (
            type(blob) is not MessageBlob
            or blob.problem is not None
            or blob.attach_path is not None
            or blob.params
            or blob.damaged
            or custom
            or ttl
            or replydata
            or values[14]
            or date is None
            or not self._is_ordinary
            or not blob.value.keys() <= _PLAIN
            or blob.value.constructor.name != "message"
            or blob.value["date"] != date
            or is_marked(blob.value)
            or not BEFORE_CHAT_APPS <= date * 1000 < AFTER_CHAT_APPS
            or chat.kind == "secret"
            or (out != 0 and (out != 1 or key_of(blob.value, "from_id") != context.people.owner_key))
        ):
            return self._whole(MessageRow(*values), blob, chat, also)
        key = None if out else sender_key(blob.value, chat)
        number = message_id(mid)
        text = blob.value["message"]
        draft = MessageDraft(
            self._message_id(self._table, rowid),
            self._app,
            "android",
            self._account,
            chat.id,
            chat.kind,
            self._owner
            if out
            else None
            if key is None
            else context.people.ids.get(key) or context.people.id(key),
            out == 1,
            "text",
            row_source(self._base, rowid, number_text(number)),
            self._status(chat, number, read_state, send_state) if out else None,
            date * 1000,
            None,
            text or None,  # type: ignore[arg-type]  # "message" is a string in every layout
            "live",
            False,
            also,
        )
        return finished(draft)

    def _status(self, chat: Chat, number: int, read_state: int | None, send_state: int | None) -> str | None:
        """Of a sent message. Read by the other side: by its own bit, or by how far the dialog was read."""
        if self._kept.status is not None:
            return self._kept.status
        if send_state in _STATUS:
            return _STATUS[send_state]
        if chat.kind in ("self", "channel"):
            return "sent"
        is_read = (read_state or 0) & _IS_READ or 0 < number <= chat.read_up_to
        return "read" if is_read else "sent"

    def _whole(
        self, row: MessageRow, blob: MessageBlob | Blob | None, chat: Chat, also: tuple[Source, ...]
    ) -> Message:
        """A message with everything that the database holds about it."""
        value = blob.value if blob is not None else None
        if value is not None and value.constructor.type != "Message":
            value = None
        self._note(row, blob, value)
        draft = self._draft(row, value, chat, also)
        remarks: list[Remark] = []
        if value is None or blob is None:
            self._unknown(draft, row, blob)
            return finished(draft)
        if value.name.startswith("messageService"):
            self._service(draft, value, chat, blob)
        elif value.name == "messageEmpty":
            draft.kind = "unknown"
            remarks.append(
                Remark("placeholder", "a placeholder: the message was deleted or is not available")
            )
        else:
            self._content(draft, row, value, blob, remarks)
        self._references(draft, row, value, chat, remarks)
        if draft.system is None and remarks:
            first = remarks[0]
            draft.system = System(
                type=first.type, code=first.code, detail="; ".join(each.words for each in remarks) or None
            )
        message = finished(draft)
        if draft.kind == "call":
            self._add_call(message, value, chat)
        return message

    def _draft(
        self, row: MessageRow, value: Value | None, chat: Chat, also: tuple[Source, ...]
    ) -> MessageDraft:
        from_owner = {0: False, 1: True}.get(row.out) if row.out is not None else None
        if from_owner is None and value is not None:
            from_owner = value.has("out")
        number = message_id(row.mid)
        key = None if value is None or from_owner else sender_key(value, chat)
        sender = self._owner if from_owner else None if key is None else self._context.people.id(key)
        is_unsent = self._kept.status is not None
        return MessageDraft(
            self._message_id(self._table, row.rowid),
            self._app,
            "android",
            self._account,
            chat.id,
            chat.kind,
            sender,
            from_owner,
            "text",
            row_source(self._base, row.rowid, number_text(number)),
            self._status(chat, number, row.read_state, row.send_state) if from_owner else None,
            None if is_unsent else self._sent_at(row, value),
            None,
            None,
            self._kept.state,
            False,
            also,
        )

    def _sent_at(self, row: MessageRow, value: Value | None) -> int | None:
        stored = value.number("date") if value is not None else None
        if stored is not None and row.date is not None and stored != row.date:
            text = f"row {row.rowid} of {self._table}: its date is {row.date}, that of its object {stored}"
            self._context.notes.add("doubt", text, self._table, row.rowid)
        seconds = stored if stored is not None else row.date
        if seconds is None:
            return None
        return self._context.notes.instant(seconds * 1000, self._table, row.rowid, "date")

    def _note(self, row: MessageRow, blob: MessageBlob | Blob | None, value: Value | None) -> None:
        """What was not read of the object, with its bytes."""
        notes, where = self._context.notes, f"row {row.rowid} of {self._table}"
        if blob is None:
            notes.add("doubt", f"{where}: data is empty: its message is not stored", self._table, row.rowid)
            return
        problem = blob.problem
        if problem is None and value is None and blob.value is not None:
            problem = f"{blob.value.name} {blob.value.constructor.id:#010x} at offset 0 is no message"
        if problem is not None:
            if blob.is_cut and value is not None:
                problem += f", in {value.name} {value.constructor.id:#010x}"
            guess = text_after_date(row.data or b"", row.date) if value is None else None
            words = f"; the text after its date may be what was said: “{guess}”" if guess else ""
            notes.add("doubt", f"{where}: {problem}{words}", self._table, row.rowid, row.data)
        for each in blob.damaged:
            text = f"{where}: text at offset {each.offset} is not valid UTF-8"
            notes.add("doubt", text, self._table, row.rowid, each.raw)

    def _unknown(self, draft: MessageDraft, row: MessageRow, blob: MessageBlob | Blob | None) -> None:
        draft.kind = "unknown"
        code = blob.constructor if blob is not None else None
        if code is None and blob is not None and blob.value is not None:
            code = blob.value.constructor.id
        words = "nothing is stored" if blob is None else "an object that is not known"
        draft.text = row.pushed_text
        draft.system = System(type="unknown", code=code, detail=words)

    def _service(self, draft: MessageDraft, value: Value, chat: Chat, blob: MessageBlob | Blob) -> None:
        found = event(value.child("action"), self._context.around)
        draft.kind, draft.system = found.kind, found.system
        if blob.is_cut and "action" not in value:
            draft.system = System(type="unknown", code=blob.constructor, detail="an event that is not known")

    def _content(
        self,
        draft: MessageDraft,
        row: MessageRow,
        value: Value,
        blob: MessageBlob | Blob,
        remarks: list[Remark],
    ) -> None:
        """Text and medium, and what stands in them."""
        context, text = self._context, value.text("message")
        path = blob.attach_path if type(blob) is MessageBlob else None
        media, found = value.child("media"), Content("text", text)
        if media is not None:
            recorded = context.files.of_message(dialog_id(row.uid), message_id(row.mid))
            found = content(media, Setting(context.people, context.files, text, path or recorded))
        if misses_media(value, blob):
            found.kind, found.location, found.poll = "unknown", None, None
            remarks.append(Remark("unknown", "a medium that is not known, or not whole", blob.constructor))
        rich = value.child("rich_message")
        if rich is not None:
            found.text = found.text or rich_text(rich)
        remarks.extend(Remark(*each) for each in found.remarks)
        draft.kind, draft.text, draft.attachments = found.kind, found.text or None, found.attachments
        draft.location, draft.contacts, draft.poll = found.location, found.contacts, found.poll
        draft.view_once, draft.expires_after = found.view_once, found.expires_after
        seconds = row.ttl or value.number("ttl_period") or 0
        if 0 < seconds <= LARGEST_INTEGER:
            draft.expires_after = seconds
        self._add_entities(draft, value, remarks)
        remarks.extend(self._extras(row))
        remarks.extend(local(blob, shown=any(each.path == path for each in found.attachments)))
        remarks.extend(unverified(found.attachments))

    def _add_entities(self, draft: MessageDraft, value: Value, remarks: list[Remark]) -> None:
        entities: Sequence[Value] = value.children("entities")
        text = value.text("message") or ""
        if entities and text:
            draft.mentions = mentions(self._context.people, text, entities)
            words = formatting(text, entities)
            if words:
                remarks.append(Remark("formatting", words))
        words = buttons(value.child("reply_markup"))
        if words:
            remarks.append(Remark("buttons", words))
        for name in ("via_bot_id", "via_business_bot_id"):
            if value.number(name):
                remarks.append(Remark("bot", f"via bot {value.number(name)}"))
        if value.text("via_bot_name"):
            remarks.append(Remark("bot", f"via bot @{value.text('via_bot_name')}"))

    def _extras(self, row: MessageRow) -> list[Remark]:
        """The column custom_params: what the phone itself made of a message."""
        if not row.custom_params:
            return []
        extra = read_custom_params(self._context.blobs, row.custom_params)
        if extra.problem is not None:
            text = f"row {row.rowid} of {self._table}, custom_params: {extra.problem}"
            self._context.notes.add("doubt", text, self._table, row.rowid, row.custom_params)
        found = []
        if extra.transcription:
            found.append(Remark("transcription", f"machine transcription: “{extra.transcription}”"))
        if extra.translation:
            languages = f"{extra.original_language or '?'} to {extra.translated_to or '?'}"
            found.append(Remark("translation", f"machine translation ({languages}): “{extra.translation}”"))
        return found

    def _references(
        self, draft: MessageDraft, row: MessageRow, value: Value, chat: Chat, remarks: list[Remark]
    ) -> None:
        """To other messages and to people."""
        context = self._context
        draft.reply_to = reply_to(context, value, chat, row.replydata, f"row {row.rowid} of {self._table}")
        draft.forwarded, about = forwarded(context, value)
        draft.reactions, counts = reactions(context, value)
        if not value.has("edit_hide"):
            draft.edited_at = instant(value.number("edit_date"))
            if draft.edited_at is not None and context.copies:
                draft.edits = earlier_texts(context, value, chat)
        more = (about, counts, post(value), album(value), thread(value), saved(context, value, chat))
        rarer = (paid(value), checked(value), marks(value))
        remarks.extend(each for each in (*more, *rarer) if each is not None)
        remarks.extend(self._replies(row))
        topic = row.topic or topic_of(value)
        if topic is not None and topic in chat.topics:
            remarks.insert(0, Remark("topic", f"topic “{chat.topics[topic]}”", topic))
        key = key_of(value, "from_id")
        if draft.from_owner and key is not None and key != context.people.owner_key and chat.kind != "secret":
            remarks.append(Remark("sender", f"sent in the name of {context.people.person(key).spoken}"))
        if self._kept.status == "scheduled":
            remarks.insert(0, scheduled(row.date))
        elif self._kept.status == "draft":
            name = context.canned.get(row.topic or 0) or row.topic
            words = f"quick reply “{name}”, kept to be sent again and again"
            remarks.insert(0, Remark("quick reply", words, row.topic))
        elif row.pushed_name is not None:
            remarks.append(Remark("notification", f"shown as a notification from “{row.pushed_name}”"))
            draft.text = draft.text or row.pushed_text

    def _replies(self, row: MessageRow) -> list[Remark]:
        """The column replies_data: how often a post was answered."""
        if not row.replies:
            return []
        blob = self._context.blobs.whole(row.replies)
        if blob.problem is not None:
            text = f"row {row.rowid} of {self._table}, replies_data: {blob.problem}"
            self._context.notes.add("doubt", text, self._table, row.rowid, row.replies)
        number = blob.value.number("replies") if blob.value is not None else None
        return [Remark("replies", f"{number} replies")] if number else []

    def _add_call(self, message: Message, value: Value, chat: Chat) -> None:
        found = event(value.child("action"), self._context.around)
        partner = chat.partner.id if chat.partner is not None else None
        self._context.calls.append(
            call_from(
                self._context.installation.place,
                message,
                seconds=found.seconds,
                video=found.video,
                result=found.result,
                participants=() if partner is None else (partner,),
            )
        )
