"""The people and conversations of Signal Desktop.

Source: Signal reference 5.3. A conversation with a person is that person; other rows name both by the id of
the conversation, by service id, by number or by group id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.parser import Installation
from parsers import signal_json
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_desktop_tables import CONVERSATIONS, ITEMS, SESSIONS
from parsers.signal_json import JsonError, Object
from parsers.signal_people import (
    ADDRESS_BOOK,
    GIVEN,
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

_SERVICE_ID = re.compile(r"(?:PNI:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DesktopDirectory:
    """Who and what the ids in Signal Desktop stand for."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        database = installation.database
        self._notes = notes
        self.people = People(installation, "desktop", _owner(database, notes))
        if self.people.owner.handle is None:
            notes.add("info", "the owner is not named: neither items nor sessions hold the account", None)
        self._people: dict[str, Person] = {}
        self._chats: dict[str, Chat] = {}
        self.drafts: list[tuple[int, Chat, str]] = []
        self.rows = 0
        rows = [(row, self._object(row)) for row in all_rows(database, CONVERSATIONS, notes)]
        self.rows = len(rows)
        for row, value in rows:
            if row[2] != "group":
                self._register_person(row, value)
        for row, value in rows:
            if row[2] == "group":
                self._register_group(row, value)
        for row, value in rows:
            draft = signal_json.text_of(value, "draft")
            if draft and row[1] in self._chats:
                self.drafts.append((row[0], self._chats[row[1]], draft))
        self.people.settle()

    def person(self, key: str | None) -> Person | None:
        """The person with that conversation id, service id or number; None without one."""
        if not key:
            return None
        found = self._people.get(key)
        if found is not None:
            return found
        if _SERVICE_ID.fullmatch(key):
            is_pni = key.startswith("PNI:")
            return self.people.person(aci=None if is_pni else key, pni=key if is_pni else None)
        return self.people.person(phone=key) if key.startswith("+") else None

    def chat(self, key: str | None) -> Chat:
        """The conversation with that id, group id or person; one of its own where there is none."""
        if key in self._chats:
            return self._chats[key]
        person = self.person(key)
        if person is not None:
            return self.people.direct(person)
        return self.people.chat(f"conversation:{key}", "direct", handle=None)

    def knows_chat(self, key: str | None) -> bool:
        """Whether the row of the conversation is there."""
        return key in self._chats

    def speak(self, key: str) -> str:
        """How a person is called; the key where it is nobody's."""
        person = self.person(key)
        return key if person is None else person.spoken

    def _object(self, row: Row) -> Object:
        try:
            return signal_json.parsed(row[10])
        except JsonError as error:
            text = f"row {row[0]} of conversations: its json cannot be read: {error}"
            self._notes.add("doubt", text, CONVERSATIONS.name, row[0], row[10])
            return {}

    def _register_person(self, row: Row, value: Object) -> None:
        _rowid, key, _kind, name, given, full, phone, service, _group, _members, _json = row
        text_of = signal_json.text_of
        if phone is None and key and key.isascii() and key.isdigit():
            phone = f"+{key}"  # before version 20 the id is the number without its plus
        service = service or text_of(value, "serviceId", "uuid")
        is_pni = service is not None and service.startswith("PNI:")
        person = self.people.person(
            aci=None if is_pni else service,
            pni=service if is_pni else text_of(value, "pni"),
            phone=phone or text_of(value, "e164"),
            other=key,
        )
        if person is None or key is None:
            return
        nickname = joined(text_of(value, "nicknameGivenName"), text_of(value, "nicknameFamilyName"))
        names = (
            (nickname, NICKNAME),
            (name or text_of(value, "name"), ADDRESS_BOOK),
            (full, PROFILE),
            (given, GIVEN),
            (text_of(value, "username"), USERNAME),
        )
        add_names(person, names)
        for each in (key, service, phone):
            if each:
                self._people[each] = person
        self._chats[key] = self.people.direct(person)

    def _register_group(self, row: Row, value: Object) -> None:
        _rowid, key, _kind, name, _given, _full, _phone, _service, group, members, _json = row
        handle = group or signal_json.text_of(value, "groupId")
        title = name or signal_json.text_of(value, "name")
        chat = self.people.chat(handle or key or "group", "group", handle=handle, title=title)
        for each in (key, handle, signal_json.text_of(value, "derivedGroupV2Id")):
            if each:
                self._chats[each] = chat
        for member in self._members(members, value):
            person = self.person(member)
            if person is not None:
                chat.members[person.id] = None

    @staticmethod
    def _members(members: str | None, value: Object) -> Iterator[str]:
        yield from (members or "").split()
        for each in signal_json.objects_of(value, "membersV2"):
            service = signal_json.text_of(each, "aci", "uuid")
            if service:
                yield service


def _owner(database: Database, notes: Notes) -> Owner:
    """The account by ``items``, else by the sessions, which name the own service id (5.3)."""
    values: dict[str, str] = {}
    for _rowid, key, text in all_rows(database, ITEMS, notes):
        if key in ("uuid_id", "number_id", "pni"):
            try:
                found = signal_json.text_of(signal_json.parsed(text), "value")
            except JsonError:
                notes.add("doubt", f"item {key} cannot be read", ITEMS.name, _rowid, text)
                continue
            if found:
                values[key] = found.rpartition(".")[0] or found
    aci = values.get("uuid_id")
    if aci is None:
        ours = {
            row[1] for row in all_rows(database, SESSIONS, notes) if row[1] and not row[1].startswith("PNI:")
        }
        aci = ours.pop() if len(ours) == 1 else None
    pni = values.get("pni")
    return Owner(aci=aci, pni=pni, phone=values.get("number_id"))
