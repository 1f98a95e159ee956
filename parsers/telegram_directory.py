"""Fills people and conversations from the small tables of the database.

Source: Telegram reference 2.4. A row of ``users`` is neither a contact nor somebody who was spoken to: it is
whom the app has seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row, Table
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_blobs import BlobReader
from parsers.telegram_chats import Chats
from parsers.telegram_ids import dialog_id, is_folder, secret_dialog
from parsers.telegram_people import People
from parsers.telegram_tables import (
    CHANNEL_ADMINS,
    CHANNEL_USERS,
    CHAT_SETTINGS,
    CHATS,
    CONTACTS,
    DIALOGS,
    ENC_CHATS,
    OLD_CONTACTS,
    OLD_PHONES,
    PHONES,
    TOPIC,
    USERS,
)
from parsers.telegram_tl_value import Value


class Directory:
    """Reads the small tables of one database."""

    def __init__(self, installation: Installation, blobs: BlobReader, notes: Notes) -> None:
        self._database = installation.database
        self._blobs = blobs
        self._notes = notes

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a declared table, none where it is absent."""
        bound = table.bind(self._database, self._notes.doubt(table.name))
        return iter(()) if bound is None else bound.rows()

    def value(self, table: str, rowid: int | None, data: bytes | None) -> Value | None:
        """The object of a column; what is wrong with it becomes a notice with its bytes."""
        if not data:
            return None
        blob = self._blobs.whole(data)
        if blob.problem is not None:
            self._notes.add("doubt", f"row {rowid} of {table}: {blob.problem}", table, rowid, data)
        for each in blob.damaged:
            text = f"row {rowid} of {table}: text at offset {each.offset} is not valid UTF-8"
            self._notes.add("doubt", text, table, rowid, each.raw)
        return blob.value

    def quiet(self, data: bytes | None) -> Value | None:
        """The object of a column that was read before."""
        return self._blobs.whole(data).value if data else None

    def people(self, people: People) -> None:
        """Users, and the names that the owner's phone book has for their numbers."""
        for rowid, key, name, data in self.rows(USERS):
            if key is not None:
                people.add_user(key, self.value(USERS.name, rowid, data), name)
        for contacts, phones in ((CONTACTS, PHONES), (OLD_CONTACTS, OLD_PHONES)):
            self._phone_book(people, contacts, phones)

    def _phone_book(self, people: People, contacts: Table, phones: Table) -> None:
        numbers: dict[object, list[str]] = {}
        for row in self.rows(phones):
            for text in row[2:4]:
                if text:
                    numbers.setdefault(row[1], []).append("".join(each for each in text if each.isdigit()))
        known = people.by_phone()
        for row in self.rows(contacts):
            name = " ".join(part for part in row[-2:] if part)
            for number in numbers.get(row[1], ()):
                if number in known:
                    people.first(known[number], name)

    def chats(self, chats: Chats, people: People) -> None:
        """Groups, channels and secret chats with their members, topics, and how far each was read."""
        for rowid, key, name, data in self.rows(CHATS):
            if key is not None:
                chats.describe(-key, name, self.value(CHATS.name, rowid, data))
        for _rowid, dialog, _last, outbox, _folder in self.rows(DIALOGS):
            if dialog is not None and not is_folder(dialog):
                chats.at(dialog_id(dialog)).read_up_to = outbox or 0
        for _rowid, key, partner, _name, _admin, _ttl in self.rows(ENC_CHATS):
            if key is not None and partner is not None:
                chats.secret(secret_dialog(key), people.person(partner))
        self._members(chats, people)
        for rowid, dialog, topic, data in self.rows(TOPIC):
            value = self.value(TOPIC.name, rowid, data)
            title = value.text("title") if value is not None else None
            if dialog is not None and topic is not None and title:
                chats.at(dialog_id(dialog)).topics[topic] = title

    def _members(self, chats: Chats, people: People) -> None:
        for rowid, key, data in self.rows(CHAT_SETTINGS):
            value = self.value(CHAT_SETTINGS.name, rowid, data)
            participants = value.child("participants") if value is not None else None
            if key is not None and participants is not None:
                chat = chats.at(-key)
                for each in participants.children("participants"):
                    number = each.number("user_id")
                    if number is not None:
                        chats.join(chat, people.person(number))
        for table in (CHANNEL_USERS, CHANNEL_ADMINS):
            for _rowid, dialog, member in self.rows(table):
                if dialog is not None and member is not None:
                    chats.join(chats.at(dialog_id(dialog)), people.person(member))
