"""The first pass over an export: whose it is, which chats and people are in it, which message stands where.

People and conversations must be known before the first message is given: whether something may be read at
all can depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from forensics.identity import account_id
from forensics.model import Account
from forensics.parser import Document
from parsers.telegram_export_content import text_of
from parsers.telegram_export_people import (
    APP,
    CONTACT,
    PLATFORM,
    PROFILE,
    USERNAME,
    Chat,
    Key,
    People,
    peer_key,
    phone_of,
    whole,
)
from parsers.telegram_export_stream import ChatEnd, ChatStart, Entry, Object, Section, is_message, parts


@dataclass(slots=True)
class _Met:
    """A chat as it is met, before the account is known; whoever wrote in it with his name."""

    header: Object
    chat: Chat
    section: str | None
    senders: dict[Key, object] = field(default_factory=dict)


class Survey:
    """What one look at the whole file tells."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._personal: Object | None = None
        self._contacts: list[Object] = []
        self.left: list[str] = []
        self.chats: list[Chat] = []
        self.entries = 0

    def look(self, stream: BinaryIO) -> People:
        """Read the file; gives the people in it. Each ChatStart has its place in ``chats``."""
        found: list[_Met] = []
        met = _Met({}, self._blank(), None)
        for part in parts(stream):
            match part:
                case Entry():
                    self.entries += 1
                    self._see(part.value, met)
                case ChatStart():
                    met = _Met(part.header, self._blank(), part.section)
                    found.append(met)
                case ChatEnd():
                    met.header = part.header
                case Section():
                    self._section(part)
        people = People(self._document, *self._owner(found))
        self._names(people)
        self.chats = [self._chat(people, each) for each in found]
        return people

    def _blank(self) -> Chat:
        return Chat("", "", None, None, None, self.entries + 1)

    def _see(self, message: Object | None, met: _Met) -> None:
        senders = met.senders
        # an entry that fails is no message: nothing can refer to it
        met.chat.see(whole(message.get("id")) if message is not None and is_message(message) else None)
        if message is not None:
            for name in ("from", "actor"):
                stored = message.get(f"{name}_id")
                if stored is not None or name in message:
                    key = peer_key(stored, message.get(name))
                    if key is not None and (key not in senders or senders[key] is None):
                        senders[key] = message.get(name)

    def _section(self, part: Section) -> None:
        value = part.value
        if part.name == "personal_information" and isinstance(value, dict):
            self._personal = value
        elif part.name == "contacts" and isinstance(value, dict):
            listed = value.get("list")
            self._contacts += (
                [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
            )

    def _owner(self, found: list[_Met]) -> tuple[Key | None, Account | None]:
        """Whose export it is: by what it says of itself; by the chat with oneself; or the one person who
        writes in direct chats and is not whom they are with."""
        personal = self._personal
        number = whole(personal.get("user_id")) if personal is not None else None
        if personal is not None and number is not None:
            return ("user", number), self._account(personal, number)
        own = {whole(each.header.get("id")) for each in found if each.header.get("type") == "saved_messages"}
        own -= {None}
        if len(own) == 1:
            return ("user", own.pop() or 0), None
        others = {
            key
            for each in found
            if each.header.get("type") in ("personal_chat", "bot_chat")
            for key in each.senders
            if key[0] == "user" and key[1] != whole(each.header.get("id"))
        }
        return (others.pop(), None) if len(others) == 1 else (None, None)

    def _account(self, personal: Object, number: int) -> Account:
        name = " ".join(
            each for each in (text_of(personal, "first_name"), text_of(personal, "last_name")) if each
        )
        handle = str(number)
        return Account(
            id=account_id(APP, PLATFORM, handle, self._document.file_sha256),
            app=APP,
            platform=PLATFORM,
            handle=handle,
            phone=phone_of(personal.get("phone_number")),
            name=name or None,
            exhibit=self._document.exhibit,
        )

    def _names(self, people: People) -> None:
        """What the account says of itself, and its contacts."""
        if self._personal is not None and people.owner_key is not None:
            people.id(people.owner_key, people.account.name, PROFILE)
            people.id(people.owner_key, text_of(self._personal, "username"), USERNAME)
            people.phone(people.owner, people.account.phone)
        for each in self._contacts:
            name = " ".join(
                part for part in (text_of(each, "first_name"), text_of(each, "last_name")) if part
            )
            number = phone_of(each.get("phone_number"))
            key = peer_key(each.get("user_id")) or (("phone", number) if number is not None else None)
            if key is not None:
                people.phone(people.id(key, name, CONTACT), number)

    def _chat(self, people: People, met: _Met) -> Chat:
        chat = people.chat(met.header, met.chat.first)
        chat.numbers, chat.is_sorted = met.chat.numbers, met.chat.is_sorted
        for key, name in met.senders.items():
            chat.members[people.id(key, name)] = None
        if met.section == "left_chats":
            self.left.append(f"{chat.title or 'without a name'} ({people.conversation(chat).handle})")
        return chat
