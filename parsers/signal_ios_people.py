"""The people and conversations of Signal for iOS.

Source: Signal reference 4.2 (threads, recipients, profiles, accounts, nicknames, usernames, group members).
"""

from __future__ import annotations

from uuid import UUID

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.parser import Installation
from parsers import signal_archive
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_archive import ArchiveError
from parsers.signal_ios_codes import GROUP_THREAD, STORY_THREAD
from parsers.signal_ios_tables import (
    ACCOUNT,
    GROUP_MEMBER,
    KEY_VALUE,
    NICKNAME,
    PROFILE,
    RECIPIENT,
    THREAD,
    USERNAME,
)
from parsers.signal_people import ADDRESS_BOOK, Chat, Owner, People, add_names, joined
from parsers.signal_people import NICKNAME as NICKNAME_NAME
from parsers.signal_people import PROFILE as PROFILE_NAME
from parsers.signal_people import USERNAME as USERNAME_NAME
from parsers.signal_sides import all_rows

_OWN_PROFILE = "kLocalProfileUniqueId"
_OWN_ACI, _OWN_NUMBER = "TSStorageRegisteredUUIDKey", "TSStorageRegisteredNumberKey"


class IosDirectory:
    """Who and what the ids in Signal for iOS stand for."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        database = installation.database
        self._notes = notes
        self._numbers: dict[str, str] = {}
        self._acis: dict[str, str] = {}
        recipients = list(all_rows(database, RECIPIENT, notes))
        for _rowid, phone, aci, _pni in recipients:
            if phone and aci:
                self._numbers[aci.lower()], self._acis[phone] = phone, aci.lower()
        self.people = People(installation, "ios", _owner(database, notes))
        if self.people.owner.handle is None:
            notes.add("info", "the owner is not named: the key values of the account are not there", None)
        by_row = {row[0]: self.person(row[2], row[1], pni=row[3]) for row in recipients}
        self._read_names(database, by_row)
        self._chats: dict[str, Chat] = {}
        self._by_row: dict[int, Chat] = {}
        self.threads = 0
        self.drafts: list[tuple[int, Chat, str]] = []
        for row in all_rows(database, THREAD, notes):
            self._register(row)
        for _rowid, thread, aci, phone in all_rows(database, GROUP_MEMBER, notes):
            person = self.person(aci, phone)
            if person is not None and thread in self._chats:
                self._chats[thread].members[person.id] = None
        self.people.settle()

    def person(self, aci: str | None, phone: str | None = None, *, pni: str | None = None) -> Person | None:
        """The person with that service id or number."""
        key = aci or None
        if key is not None and key.startswith("PNI:"):
            return self.people.person(pni=key, phone=phone or None)
        aci = key.lower() if key is not None else self._acis.get(phone or "")
        phone = phone or (self._numbers.get(aci) if aci is not None else None)
        return self.people.person(aci=aci, phone=phone, pni=pni)

    def chat(self, thread: str | None) -> Chat:
        """The conversation with that unique id; where it is gone, the group that this names, or one of its
        own."""
        found = self._chats.get(thread or "")
        group = signal_archive.group_of_thread(thread or "") if found is None else None
        if group is not None:
            return self.group(group)
        return found or self.people.chat(f"thread:{thread}", "direct", handle=None)

    def group(self, handle: str | None) -> Chat:
        """The conversation of the group with that id, made known on first use."""
        return self.people.chat(handle or "group", "group", handle=handle)

    def speak(self, key: str) -> str:
        """How the person of a service id or number is called."""
        is_number = key.startswith("+")
        person = self.person(None if is_number else key, key if is_number else None)
        return key if person is None else person.spoken

    def chat_at(self, row: int | None) -> Chat | None:
        """The conversation of a row of threads."""
        return self._by_row.get(row) if row is not None else None

    def knows_chat(self, thread: str | None) -> bool:
        """Whether the row of the conversation is there."""
        return thread in self._chats

    def _read_names(self, database: Database, by_row: dict[int, Person | None]) -> None:
        notes = self._notes
        for _rowid, row, given, family in all_rows(database, NICKNAME, notes):
            add_names(by_row.get(row), [(joined(given, family), NICKNAME_NAME)])
        for _rowid, aci, phone, given, family, nickname, full in all_rows(database, ACCOUNT, notes):
            names = [(full or joined(given, family), ADDRESS_BOOK), (nickname, ADDRESS_BOOK)]
            add_names(self.person(aci, phone), names)
        for _rowid, aci, phone, given, family in all_rows(database, PROFILE, notes):
            is_own = phone == _OWN_PROFILE
            person = self.people.owner if is_own else self.person(aci, phone)
            add_names(person, [(joined(given, family), PROFILE_NAME)])
        for _rowid, aci, username in all_rows(database, USERNAME, notes):
            if aci is not None and len(aci) == 16:
                add_names(self.person(str(UUID(bytes=aci))), [(username, USERNAME_NAME)])

    def _register(self, row: Row) -> None:
        rowid, kind, key, aci, phone, model, draft = row
        self.threads += 1
        if kind == GROUP_THREAD or model is not None:
            chat = self._group(rowid, key, model)
        elif kind == STORY_THREAD:
            chat = self.people.stories()
        else:
            person = self.person(aci, phone)
            chat = (
                self.people.direct(person)
                if person is not None
                else self.people.chat(f"thread:{key}", "direct", handle=None)
            )
        self._by_row[rowid] = chat
        if key is not None:
            self._chats[key] = chat
        if draft:
            self.drafts.append((rowid, chat, draft))

    def _group(self, rowid: int, key: str | None, model: bytes | None) -> Chat:
        try:
            value = signal_archive.object_in(model)
        except ArchiveError as error:
            text = f"row {rowid} of {THREAD.name}: groupModel cannot be read: {error}"
            self._notes.add("doubt", text, THREAD.name, rowid, model)
            value = {}
        handle = signal_archive.group_id(value.get("groupId"))
        title = value.get("groupName") or value.get("name")
        return self.people.chat(
            handle or f"thread:{key}",
            "group",
            handle=handle,
            title=title if isinstance(title, str) else None,
        )


def _owner(database: Database, notes: Notes) -> Owner:
    """The account's own key values (4.2)."""
    found: dict[str, str] = {}
    for rowid, key, value in all_rows(database, KEY_VALUE, notes):
        if key in (_OWN_ACI, _OWN_NUMBER):
            try:
                text = signal_archive.text_in(value)
            except ArchiveError as error:
                notes.add("doubt", f"key value {key} cannot be read: {error}", KEY_VALUE.name, rowid)
                continue
            if text:
                found[key] = text
    aci = found.get(_OWN_ACI)
    return Owner(aci=None if aci is None else aci.lower(), phone=found.get(_OWN_NUMBER))
