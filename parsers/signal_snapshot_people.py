"""The people and conversations of a new backup of Signal.

Source: Signal reference 2.5. Nothing in it says who its owner is but the profile; where a group names the
owner's ACI, the id of the backup proves it (2.2), and otherwise it stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from forensics.fields import Table
from forensics.formats.protobuf import ProtobufError
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_group_id import KEY, group_handle
from parsers.signal_parts import Parts
from parsers.signal_people import (
    ADDRESS_BOOK,
    NICKNAME,
    PROFILE,
    USERNAME,
    Chat,
    Owner,
    People,
    add_names,
    joined,
)
from parsers.signal_sides import all_rows
from parsers.signal_snapshot_tables import ACCOUNT, CHAT, INFO, OWNER_ACI, RECIPIENT

# Recipient: what it is (the field of its "oneof").
_CONTACT, _GROUP, _LIST, _SELF, _RELEASE_NOTES, _CALL_LINK = range(2, 8)
_ACI = 16


class SnapshotDirectory:
    """Who and what the ids of recipients and chats stand for."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation, self._notes = installation, notes
        account = next((parts for _rowid, parts in self._rows(ACCOUNT)), Parts(b""))
        info = next((parts for _rowid, parts in self._rows(INFO)), Parts(b""))
        self.app_version = info.text(4)
        self.made_at = notes.instant(info.integer(2), INFO.name, 0, "backupTimeMs")
        is_ios = (self.app_version or "").lower().startswith("ios")
        aci = next((row[1] for row in all_rows(installation.database, OWNER_ACI, notes)), None)
        self.people = People(
            installation, "ios" if is_ios else "android", Owner(aci=aci, username=account.text(2))
        )
        add_names(self.people.owner, [(joined(account.text(4), account.text(5)), PROFILE)])
        if aci is None:
            text = "the owner is not named: a backup holds the owner's ACI only where a group does"
            notes.add("info", text, None)
        self._people: dict[int, Person] = {}
        self._by_recipient: dict[int, Chat] = {}
        self._chats: dict[int, Chat] = {}
        members: list[tuple[int, Chat, Parts]] = []
        for rowid, parts in self._rows(RECIPIENT):
            self._guarded(RECIPIENT, rowid, partial(self._register, rowid, parts, members))
        for rowid, chat, group in members:
            self._guarded(RECIPIENT, rowid, partial(self._add_members, chat, group))
        for rowid, parts in self._rows(CHAT):
            self._guarded(CHAT, rowid, partial(self._register_chat, parts))
        self.people.settle()

    def person(self, recipient: int | None) -> Person | None:
        """The person of a recipient; None where it is no person's or is gone."""
        return None if recipient is None else self._people.get(recipient)

    def chat(self, number: int | None) -> Chat:
        """The conversation with that number; one of its own where it is gone."""
        found = self._chats.get(number) if number is not None else None
        return found or self.people.chat(f"chat:{number}", "direct", handle=None)

    def knows_chat(self, number: int | None) -> bool:
        """Whether the record of the conversation is there."""
        return number in self._chats

    def chat_of(self, recipient: int | None) -> Chat | None:
        """The conversation with a person, a group or a call link."""
        if recipient in self._by_recipient:
            return self._by_recipient[recipient]
        person = self.person(recipient)
        return None if person is None else self.people.direct(person)

    def by_aci(self, data: bytes | None) -> Person | None:
        """The person with that ACI."""
        if data is None or len(data) != _ACI:
            return None
        return self.people.person(aci=str(UUID(bytes=data)))

    def speak(self, service_id: str) -> str:
        """How the person of a service id is called."""
        is_pni = service_id.startswith("PNI:")
        person = self.people.person(aci=None if is_pni else service_id, pni=service_id if is_pni else None)
        return service_id if person is None else person.spoken

    def _rows(self, table: Table) -> Iterator[tuple[int, Parts]]:
        for rowid, _offset, data in all_rows(self._installation.database, table, self._notes):
            try:
                yield rowid, Parts(data or b"")
            except ProtobufError as error:
                self._bad(table, rowid, error, data)

    def _guarded(self, table: Table, rowid: int, step: Callable[[], None]) -> None:
        try:
            step()
        except ProtobufError as error:
            self._bad(table, rowid, error)

    def _bad(self, table: Table, rowid: int, error: ProtobufError, raw: bytes | None = None) -> None:
        text = f"row {rowid} of {table.name} cannot be understood: {error}"
        self._notes.add("doubt", text, table.name, rowid, raw)

    def _register(self, rowid: int, parts: Parts, members: list[tuple[int, Chat, Parts]]) -> None:
        number, kind = parts.integer(1) or 0, parts.number_among(range(2, 8))
        inner = parts.part(kind) if kind is not None else Parts(b"")
        if kind == _CONTACT:
            self._register_contact(number, inner)
        elif kind == _SELF:
            self._people[number] = self.people.owner
        elif kind == _GROUP:
            chat = self._group(number, inner)
            members.append((rowid, chat, inner))
        elif kind == _LIST:
            self._by_recipient[number] = self.people.stories()
        elif kind == _RELEASE_NOTES:
            chat = self.people.chat("release notes", "channel", handle=None, title="Signal")
            self._by_recipient[number] = chat
        elif kind == _CALL_LINK:
            title = inner.text(3) or "Call link"
            chat = self.people.chat(f"recipient:{number}", "group", handle=None, title=title)
            self._by_recipient[number] = chat
        else:
            self._notes.count("recipient of a kind that has no meaning known to this parser")

    def _register_contact(self, number: int, parts: Parts) -> None:
        e164 = parts.integer(4)
        person = self.people.person(
            aci=_uuid(parts.content(1)),
            pni=_uuid(parts.content(2), "PNI:"),
            phone=f"+{e164}" if e164 else None,
            other=f"recipient:{number}",
        )
        nickname = parts.part(16)
        names = (
            (joined(nickname.text(1), nickname.text(2)), NICKNAME),
            (joined(parts.text(18), parts.text(19)), ADDRESS_BOOK),
            (parts.text(20), ADDRESS_BOOK),
            (joined(parts.text(11), parts.text(12)), PROFILE),
            (parts.text(3), USERNAME),
        )
        add_names(person, names)
        if person is not None:
            self._people[number] = person

    def _group(self, number: int, parts: Parts) -> Chat:
        """Its id follows from its master key, which is told nowhere."""
        secret = parts.content(1) or b""
        handle = group_handle(secret, self.people.platform) if len(secret) == KEY else None
        title = parts.part(5).part(2).text(1)
        chat = self.people.chat(handle or f"recipient:{number}", "group", handle=handle, title=title)
        self._by_recipient[number] = chat
        return chat

    def _add_members(self, chat: Chat, group: Parts) -> None:
        for member in group.part(5).all(7):
            person = self.by_aci(member.content(1))
            if person is not None:
                chat.members[person.id] = None

    def _register_chat(self, parts: Parts) -> None:
        number, recipient = parts.integer(1) or 0, parts.integer(2)
        chat = self.chat_of(recipient)
        if chat is None:
            text = f"chat {number} is with recipient {recipient}, who is gone"
            self._notes.add("doubt", text, CHAT.name, None, recipient)
            chat = self.people.chat(f"chat:{number}", "direct", handle=None)
        self._chats[number] = chat


def _uuid(data: bytes | None, prefix: str = "") -> str | None:
    return f"{prefix}{UUID(bytes=data)}" if data is not None and len(data) == _ACI else None
