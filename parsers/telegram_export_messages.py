"""The messages of an export: one element of ``messages`` as a record.

Source: Telegram reference 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.model import Call, Forward, Message, Notice, Reaction, Reply, Source, System
from forensics.parser import Document
from parsers.message_calls import call_from
from parsers.message_drafts import MessageDraft, finished
from parsers.notes import Notes, raw_text
from parsers.telegram_export_content import Content, attached, content, full_text, text_of, unread
from parsers.telegram_export_pages import ChatPages
from parsers.telegram_export_people import APP, FORWARD, PLATFORM, Chat, Key, People, peer_key, whole
from parsers.telegram_export_stream import Entry, Object, is_message
from parsers.telegram_export_times import Clock
from parsers.telegram_export_words import ACTIONS, CALLS, PAYMENTS, TOLD, call, entities, said

_TABLE = "message"
# Where the text is a string, entities say nothing more.
_ONLY_TEXT = frozenset(("id", "type", "date", "date_unixtime", "from", "from_id", "text", "text_entities"))


class MessageReader:
    """Makes the messages and calls of one export."""

    def __init__(self, document: Document, people: People, notes: Notes, chats: Sequence[Chat]) -> None:
        self._document = document
        self._people = people
        self._notes = notes
        self._by_key: dict[Key, Chat] = {}
        for chat in chats:
            if chat.key is not None:
                self._by_key.setdefault(chat.key, chat)
        # the pages of HTML of the chat that is read now
        self.pages: ChatPages | None = None
        self.clock = Clock(notes, document.timezone)
        self._counted = document.account_for(_TABLE)
        self._calls: list[Call] = []
        self._message_id = document.place.message
        self._account = people.account.id

    def records(self, entry: Entry, chat: Chat) -> Iterator[Message | Notice]:
        """The message of one element, or why it is none."""
        self._counted.rows += 1
        number, value = self._counted.rows, entry.value
        if value is None or not is_message(value):
            self._counted.failed += 1
            kind = value.get("type") if value is not None else None
            problem = entry.problem or f"type {said(kind)} is no message"
            raw = entry.raw if value is None else said(value)
            source = self._document.source(_TABLE, number, offset=entry.offset)
            text = f"entry {number} at offset {entry.offset}: {problem}"
            yield Notice(severity="failed", text=text, source=source, raw=raw_text(raw))
            return
        for words in entry.mended:
            self._notes.count(f"mended: {words}")
            self._notes.add("info", f"entry {number} at offset {entry.offset}: {words}", _TABLE, number)
        for raw_bytes in entry.damaged:
            text = f"entry {number} at offset {entry.offset}: a text that is not valid UTF-8"
            self._notes.add("doubt", text, _TABLE, number, raw_bytes)
        self._counted.messages += 1
        yield self._message(value, entry.offset, number, chat)

    def close(self) -> Iterator[Call]:
        """The calls."""
        yield from self._calls

    def _plain(self, value: Object, offset: int, number: int, chat: Chat) -> Message:
        """A message that is nothing but a text: the short way, since most are that."""
        sender, from_owner = self._sender(value)
        identifier = whole(value.get("id"))
        draft = MessageDraft(
            self._message_id(_TABLE, number),
            APP,
            PLATFORM,
            self._account,
            chat.id,
            chat.kind,
            sender,
            from_owner,
            "text",
            self._document.source(_TABLE, number, None if identifier is None else str(identifier), offset),
            None,
            self.clock.instant(value, "date", _TABLE, number),
            None,
            full_text(value),
            also=self._also(value),
        )
        return finished(draft)

    def _also(self, value: Object) -> tuple[Source, ...]:
        return self.pages.also(value) if self.pages is not None else ()

    def _message(self, value: Object, offset: int, number: int, chat: Chat) -> Message:
        if value["type"] == "message" and value.keys() <= _ONLY_TEXT and type(value.get("text")) is str:
            return self._plain(value, offset, number, chat)
        found = self._content(value)
        sender, from_owner = self._sender(value)
        identifier = whole(value.get("id"))
        forwarded = self._forward(value) if "forwarded_from" in value else None
        reactions = self._reactions(value, found, number) if "reactions" in value else ()
        seconds, result = None, None
        if found.kind == "call":
            _words, seconds, result = call(value)
        message = Message(
            id=self._message_id(_TABLE, number),
            app=APP,
            platform=PLATFORM,
            account=self._people.account.id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=sender,
            from_owner=from_owner,
            kind=found.kind,
            text=found.text,
            sent_at=self.clock.instant(value, "date", _TABLE, number),
            edited_at=self.clock.instant(value, "edited", _TABLE, number) if "edited" in value else None,
            reply_to=self._reply(value, chat) if "reply_to_message_id" in value else None,
            forwarded=forwarded,
            reactions=reactions,
            mentions=() if type(value.get("text")) is str else self._mentions(value),
            attachments=tuple(found.attachments),
            location=found.location,
            contacts=found.contacts,
            poll=found.poll,
            system=_system(value, found),
            expires_after=found.expires_after,
            view_once=found.view_once,
            source=self._document.source(
                _TABLE, number, None if identifier is None else str(identifier), offset
            ),
            also=self._also(value),
        )
        if found.kind == "call":
            self._add_call(message, chat, seconds, result)
        return message

    def _content(self, value: Object) -> Content:
        match value["type"]:
            case "service":
                found = self._event(value)
            case "unsupported":
                found = Content("unknown")
                found.remarks.append(("unknown", "a message that the app's version did not support"))
            case _:
                found = content(value, self._document.media, self._people.owner)
        return found

    def _event(self, value: Object) -> Content:
        """A service message: what happened, and what else stands in it."""
        action = text_of(value, "action")
        found = Content("payment" if action in PAYMENTS else "system")
        if action != "send_webview_data":
            found.text = full_text(value)
        if action in CALLS:
            found.kind = "call"
            words = call(value)[0]
        elif action in ACTIONS:
            words = ACTIONS[action](value)
        else:
            words = text_of(value, "information_text") or (action.replace("_", " ") if action else "an event")
            found.remarks.extend(
                ("field", f"{name}: {said(value[name])}") for name in value if name in TOLD or name == "title"
            )
        found.remarks.insert(0, (action or "custom", words))
        if text_of(value, "photo"):
            file, why = attached(value, self._document.media, "photo", "image", None)
            found.attachments += [file] if file is not None else []
            found.remarks += [("media", why)] if why is not None else []
        found.remarks.extend(("field", f"{name}: {said(each)}") for name, each in unread(value, TOLD).items())
        return found

    def _sender(self, value: Object) -> tuple[str | None, bool | None]:
        """Who wrote it; the direction where the owner is known and the sender is a person."""
        name = "actor" if value["type"] == "service" else "from"
        if f"{name}_id" not in value and name not in value:
            return None, None
        key = peer_key(value.get(f"{name}_id"), value.get(name))
        if key is None:
            return None, None
        owner = self._people.owner_key
        from_owner = key == owner if owner is not None and key[0] == "user" else None
        return self._people.id(key, value.get(name)), from_owner

    def _reply(self, value: Object, chat: Chat) -> Reply | None:
        """What it answers: a record of this export, or the number alone where that message is not in it."""
        stored, peer = value["reply_to_message_id"], value.get("reply_to_peer_id")
        if stored is None:
            return None
        number, other = whole(stored), peer_key(peer)
        target = chat if peer is None else self._by_key.get(other) if other is not None else None
        entry = target.entry(number) if target is not None and number is not None else None
        identifier = None if entry is None else self._message_id(_TABLE, entry)
        app_id = said(stored) if number is None else str(number)
        return Reply(id=identifier, app_id=app_id, text=None, sent_at=None, sender=None)

    def _forward(self, value: Object) -> Forward:
        """Only a name is exported: whoever has it may be anybody of that name."""
        name = text_of(value, "forwarded_from")
        key = peer_key(value.get("forwarded_from_id")) or (("forward", name) if name is not None else None)
        sender = None if key is None else self._people.id(key, name, FORWARD)
        return Forward(times=None, sender=sender, at=None)

    def _mentions(self, value: Object) -> tuple[str, ...]:
        found = (whole(each.get("user_id")) for each in entities(value) if each.get("type") == "mention_name")
        return tuple(dict.fromkeys(self._people.id(("user", each)) for each in found if each is not None))

    def _reactions(self, value: Object, found: Content, number: int) -> tuple[Reaction, ...]:
        """The reactions whose givers are exported; counts where there are more of them."""
        listed, counts, local = [], [], []
        stored = value["reactions"]
        total = 0
        for each in stored if isinstance(stored, list) else []:
            if not isinstance(each, dict):
                continue
            emoji = _emoji(each)
            total += whole(each.get("count")) or 0
            counts.append(f"{emoji} {said(each.get('count'))}")
            recent = each.get("recent")
            for one in recent if isinstance(recent, list) else []:
                if isinstance(one, dict):
                    key = peer_key(one.get("from_id"), one.get("from"))
                    at = self.clock.beside(value, one.get("date"))
                    if at is None and one.get("date"):
                        local.append(f"{emoji} {said(one.get('date'))}")
                    sender = None if key is None else self._people.id(key, one.get("from"))
                    listed.append(Reaction(sender=sender, emoji=emoji, at=at))
        if total > len(listed):
            found.remarks.append(("reactions", f"reactions: {', '.join(counts)}"))
        if local:
            words = f"reactions by the clock of the exporting computer: {', '.join(local)}"
            found.remarks.append(("reactions", words))
        return tuple(listed)

    def _add_call(self, message: Message, chat: Chat, seconds: int | None, result: str | None) -> None:
        others = (
            tuple(each for each in chat.members if each != self._people.owner)
            if chat.kind == "direct"
            else ()
        )
        self._calls.append(
            call_from(
                self._document.place,
                message,
                seconds=seconds,
                video=None,
                result=result,
                participants=others,
            )
        )


def _emoji(value: Object) -> str:
    if value.get("type") == "paid":
        return "paid star"
    emoji = text_of(value, "emoji")
    return emoji if emoji is not None else f"custom emoji {said(value.get('document_id'))}"


def _system(value: Object, found: Content) -> System | None:
    if not found.remarks:
        return None
    first = found.remarks[0][0]
    return System(
        type=first, code=None, detail="; ".join(words for _type, words in found.remarks if words) or None
    )
