"""WhatsApp's incremental backups on Android: messages.bin in the zip of ``msgstore-increment-N.db.cryptNN``.

An increment holds what was added or changed since the backup before it; whose account it is stands nowhere in
it. Its messages stand in an account of their own, unless the case finds by what the owner sent that it is
that of another database (forensics.same_account). Source: see ``parsers.whatsapp_history``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from forensics.digest import LARGEST_INTEGER
from forensics.fields import readable_instant
from forensics.identity import account_id
from forensics.model import (
    Account,
    Attachment,
    Contact,
    Forward,
    Location,
    Message,
    Poll,
    PollOption,
    Reaction,
    Receipt,
    Record,
    Reply,
    System,
)
from forensics.parser import Document
from parsers.notes import Notes
from parsers.whatsapp_cards import read_cards
from parsers.whatsapp_conversations import Chat, Chats
from parsers.whatsapp_history import (
    Body,
    Entry,
    HistoryError,
    StoredChat,
    StoredMessage,
    entries,
    looks_like,
    read_message,
)
from parsers.whatsapp_people import PARTNER_NAME, PUSH_NAME, People, split_jid

_TABLE = "WebMessageInfo"
_APP, _PLATFORM = "whatsapp", "android"
# WebMessageInfo.status of the owner's own messages, and the codes of events (tulir/whatsmeow waWeb).
_STATUS = {0: "failed", 1: "pending", 2: "sent", 3: "delivered", 4: "read", 5: "played"}
_DELETED = {1: "deleted for everyone", 132: "deleted by an admin"}
_STUBS = {
    20: "group created",
    21: "subject changed",
    27: "participant added",
    28: "participant removed",
    32: "participant left",
    39: "encryption notice",
    40: "missed voice call",
    41: "missed video call",
    72: "disappearing messages",
}
_FILES = frozenset({"image", "video", "video_note", "gif", "audio", "voice", "document", "sticker"})


class WhatsAppIncrement:
    """See ``forensics.parser.DocumentParser``."""

    name = "whatsapp_increment"
    app = _APP
    platform = _PLATFORM

    def recognises(self, head: bytes, path: str) -> bool:
        """By the beginning of the first HistorySync."""
        return looks_like(head)

    def schema(self, head: bytes) -> str:
        """The form in words."""
        return "incremental backup: HistorySync messages"

    def read(self, document: Document) -> Iterator[Record]:
        """All records, in passes over the file: LIDs, people, messages."""
        reader = _Reader(document)
        reader.survey()
        yield from reader.people()
        yield from reader.records()


class _Reader:
    """Makes the records of one increment."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes = Notes(document.source())
        account = Account(
            id=account_id(_APP, _PLATFORM, None, document.file_sha256),
            app=_APP,
            platform=_PLATFORM,
            handle=None,
            phone=None,
            name=None,
            exhibit=document.exhibit,
        )
        self._people = People(account)
        self._chats = Chats(self._people, self._notes)
        self._counted = document.account_for(_TABLE)
        self._row = 0
        # the app's id of a message -> the place of its last record
        self._places: dict[tuple[str, str], int] = {}

    def _entries(self) -> Iterator[Entry]:
        with self._document.stream() as stream:
            yield from entries(stream)

    def _readable(self) -> Iterator[Entry]:
        """The entries up to the first damage, which ``records`` tells."""
        with suppress(HistoryError):
            yield from self._entries()

    def survey(self) -> None:
        """Make known everybody, and which messages there are; damage is told when the messages are read."""
        for entry in self._readable():
            for number, lid in entry.lids:
                self._map(number, lid)
            for chat in entry.chats:
                self._map(chat.number, chat.lid)
        for entry in self._readable():
            self._survey(entry)
        self._row = 0
        self._people.settle()

    def _map(self, number: str | None, lid: str | None) -> None:
        if number and lid and "@" in number and "@" in lid:
            self._people.map_lid("@".join(split_jid(lid)), "@".join(split_jid(number)))

    def _survey(self, entry: Entry) -> None:
        for jid, name in entry.names:
            self._people.name(jid, name, PUSH_NAME)
        for stored in entry.chats:
            chat = self._chats.with_jid(stored.jid)
            if chat.kind == "direct":
                self._people.name(stored.jid, stored.name, PARTNER_NAME)
            else:
                chat.title = chat.title or stored.name
            for jid in stored.members:
                person = self._people.person(jid)
                if person is not None:
                    chat.members[person.id] = None
            for data in stored.messages:
                self._row += 1
                self._know(chat, read_message(data, stored.jid))

    def _know(self, chat: Chat, message: StoredMessage) -> None:
        body = message.body or Body()
        named = [message.participant, body.quoted_author, *body.mentioned]
        named += [who for who, _own, _emoji, _at in message.reactions]
        named += [who for who, *_times in message.receipts]
        for jid in named:
            self._people.person(jid)
        if message.push_name and not message.from_me:
            self._people.name(message.participant or message.chat, message.push_name, PUSH_NAME)
        if message.key:
            self._places[chat.id, message.key] = self._row

    def people(self) -> Iterator[Record]:
        """Account, conversations, participants, and what an increment is."""
        yield self._people.account
        yield from self._chats.conversations()
        yield from self._people.participants()
        text = (
            "an incremental backup: what was added or changed since the backup before it; whose account it is"
            " is not written in it: it stays one of its own unless another database holds messages that the"
            " owner sent, with the same conversation, id and time"
        )
        self._notes.add("info", text, None)
        yield from self._notes.drain()

    def records(self) -> Iterator[Record]:
        """The messages; a cut-off end is told."""
        try:
            for entry in self._entries():
                if entry.problem is not None:
                    text = f"HistorySync {entry.number} at byte {entry.offset}: {entry.problem}"
                    self._notes.add("doubt", text, "HistorySync", entry.number)
                for stored in entry.chats:
                    yield from self._messages(entry, stored)
                yield from self._notes.drain()
        except HistoryError as error:
            self._counted.rows += 1
            self._counted.failed += 1
            self._notes.add("failed", f"the rest was not read: {error}", _TABLE)
        yield from self._notes.close()

    def _messages(self, entry: Entry, stored: StoredChat) -> Iterator[Record]:
        chat = self._chats.with_jid(stored.jid)
        for data in stored.messages:
            self._row += 1
            self._counted.rows += 1
            message = read_message(data, stored.jid)
            if message.problem is not None and message.key is None:
                self._counted.failed += 1
                text = f"message {self._row} of HistorySync {entry.number}: {message.problem}"
                self._notes.add("failed", text, _TABLE, self._row, data)
                continue
            if message.problem is not None:
                text = f"message {self._row} of HistorySync {entry.number}: {message.problem}"
                self._notes.add("doubt", text, _TABLE, self._row, data)
            self._counted.messages += 1
            yield self._message(entry, chat, message)

    def _message(self, entry: Entry, chat: Chat, stored: StoredMessage) -> Message:
        body, account = stored.body or Body(), self._people.account
        is_deleted = stored.stub in _DELETED
        kind = body.kind if stored.body is not None or is_deleted or stored.stub is None else "system"
        status = _STATUS.get(stored.status) if stored.from_me and stored.status is not None else None
        sender = self._sender(chat, stored)
        return Message(
            id=self._document.place.message(_TABLE, self._row),
            app=account.app,
            platform=account.platform,
            account=account.id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=sender,
            from_owner=stored.from_me,
            kind=kind,
            status=status,
            sent_at=self._instant(stored.seconds),
            text=body.text,
            state="deleted_for_everyone" if is_deleted else "live",
            deleted_by=sender if stored.stub == 1 else None,
            reply_to=self._reply(chat, body),
            forwarded=Forward(times=body.forwards) if body.is_forwarded or body.forwards else None,
            reactions=tuple(self._reaction(*each) for each in stored.reactions),
            receipts=tuple(self._receipts(stored)),
            mentions=self._ids(body.mentioned),
            attachments=_attachments(body),
            location=_location(body),
            contacts=tuple(_cards(body)),
            poll=_poll(body),
            system=_system(stored, body),
            expires_after=stored.timer or None,
            view_once=body.is_view_once,
            starred=stored.starred,
            source=self._document.source(_TABLE, self._row, stored.key, entry.offset),
        )

    def _sender(self, chat: Chat, stored: StoredMessage) -> str | None:
        if stored.from_me:
            return self._people.owner.id
        person = self._people.person(stored.participant)
        if person is not None:
            return person.id
        return None if stored.stub is not None and stored.body is None else chat.partner

    def _instant(self, seconds: int | None) -> int | None:
        instant, doubt = readable_instant(None if not seconds else seconds * 1000)
        if doubt is not None:
            self._notes.add("doubt", f"message {self._row}: {doubt}", _TABLE, self._row, seconds)
        return instant

    def _ids(self, jids: list[str]) -> tuple[str, ...]:
        people = map(self._people.person, jids)
        return tuple(dict.fromkeys(person.id for person in people if person is not None))

    def _reply(self, chat: Chat, body: Body) -> Reply | None:
        if body.quoted_key is None:
            return None
        place = self._places.get((chat.id, body.quoted_key))
        author = self._people.person(body.quoted_author)
        return Reply(
            id=None if place is None else self._document.place.message(_TABLE, place),
            app_id=body.quoted_key,
            text=None if body.quoted is None else body.quoted.text,
            sent_at=None,
            sender=None if author is None else author.id,
        )

    def _receipts(self, stored: StoredMessage) -> Iterator[Receipt]:
        for who, *seconds in stored.receipts:
            person = self._people.person(who)
            if person is None:
                self._notes.count("receipts that name nobody")
                continue
            delivered, read, played = (self._instant(each) for each in seconds)
            yield Receipt(participant=person.id, delivered_at=delivered, read_at=read, played_at=played)

    def _reaction(self, who: str | None, own: bool | None, emoji: str | None, at: int | None) -> Reaction:
        person = self._people.owner if own else self._people.person(who)
        instant, _doubt = readable_instant(at)
        return Reaction(sender=None if person is None else person.id, emoji=emoji or None, at=instant)


def _location(body: Body) -> Location | None:
    if body.place is None:
        return None
    latitude, longitude, name, address = body.place
    return Location(latitude=latitude, longitude=longitude, name=name, address=address)


def _attachments(body: Body) -> tuple[Attachment, ...]:
    """The file that a message names. An increment holds none, and names no place of it on the phone."""
    if body.kind not in _FILES:
        return ()
    size = body.size if body.size is not None and 0 < body.size <= LARGEST_INTEGER else None
    return (
        Attachment(kind=body.kind, mime=body.mime, filename=body.filename, size=size, caption=body.caption),
    )


def _cards(body: Body) -> Iterator[Contact]:
    for name, card in body.cards:
        found = read_cards(card)
        yield from found or (Contact(name=name, phones=()),)


def _poll(body: Body) -> Poll | None:
    if body.kind != "poll":
        return None
    return Poll(question=body.text, options=tuple(PollOption(text=text, votes=()) for text in body.options))


def _system(stored: StoredMessage, body: Body) -> System | None:
    if body.event is not None:
        return System(type=body.event, code=None, detail=f"of the message {body.target_key or 'not stored'}")
    if stored.stub is None or stored.stub == 0:
        is_unknown = body.kind == "unknown"
        return System(type="a content that is not known", code=None, detail=None) if is_unknown else None
    words = _STUBS.get(stored.stub) or _DELETED.get(stored.stub) or f"unknown ({stored.stub})"
    detail = ", ".join(stored.parameters) or None
    return System(type=words, code=stored.stub, detail=detail)
