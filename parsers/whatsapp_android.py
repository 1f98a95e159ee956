"""WhatsApp on Android: msgstore.db of every generation, with the names of wa.db and the owner's preferences.

Files (WhatsApp reference 1): ``databases/msgstore.db``, ``databases/wa.db`` and ``shared_prefs/*.xml``
below /data/data/com.whatsapp or, for WhatsApp Business, com.whatsapp.w4b; backups as crypt12, crypt14 and
crypt15. Generations (2.1): table ``messages`` to 2021/22, table ``message`` since 2022, and databases that
hold both, which are read in one pass over both. What is present decides, never a version number:
``user_version`` is 1 everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from forensics.formats.sqlite import Database
from forensics.message_row import PackedRow
from forensics.model import ContactName, Record
from forensics.parser import EncryptedForm, Installation, Unread
from parsers.notes import Notes
from parsers.whatsapp_account import is_preference, make_account
from parsers.whatsapp_context import Context
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_crypt import FORMS
from parsers.whatsapp_directory import CONTACTS_ROLE, read_contacts, read_people
from parsers.whatsapp_listings import list_contacts_database, list_messages_database
from parsers.whatsapp_notifications import PLACES, Notifications, is_notifications
from parsers.whatsapp_others import list_others, role_of, what_is
from parsers.whatsapp_pass import MessagePass
from parsers.whatsapp_people import People
from parsers.whatsapp_ranges import RangedMessages, places
from parsers.whatsapp_side_tables import SIDE_TABLE_NAMES
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import (
    CALL_LOG,
    CALL_LOG_PARTICIPANT,
    CONTEXT_TABLES,
    MESSAGE_TABLES,
    WA_CONTACTS,
)
from parsers.whatsapp_unread import list_rest

_MESSAGES_ROLE = "messages"
_PACKAGE = "com.whatsapp"
_BUSINESS_PACKAGE = "com.whatsapp.w4b"


class WhatsAppAndroid:
    """See ``forensics.parser.Parser``."""

    name = "whatsapp_android"
    app = "whatsapp"
    platform = "android"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/msgstore(?:[-.][^/]*)?\.db(?:\.crypt\d+)?$")
    contacts_role = CONTACTS_ROLE
    # see KnowsPlaces (containers reference 6)
    places = frozenset(("msgstore", "wa.db", PLACES[0]))
    forms: Sequence[EncryptedForm] = FORMS
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLE_NAMES
    context_tables = CONTEXT_TABLES
    call_tables = frozenset({CALL_LOG.name})
    call_side_tables = frozenset({CALL_LOG_PARTICIPANT.name})

    def role(self, database: Database) -> str | None:
        """By tables and columns that no other app has: a jid is WhatsApp's word."""
        is_modern = database.has("message", "chat_row_id", "from_me", "key_id") and database.has(
            "jid", "server"
        )
        if is_modern or database.has("messages", "key_remote_jid", "key_from_me", "key_id"):
            return _MESSAGES_ROLE
        return CONTACTS_ROLE if database.has("wa_contacts", "jid") else role_of(database)

    def wants(self, path: str) -> bool:
        """The preferences that name the owner, and the phone's notifications."""
        return is_preference(path) or is_notifications(path)

    def is_of_phone(self, path: str) -> bool:
        """See ``forensics.parser.ReadsPhoneFiles``."""
        return is_notifications(path)

    def what_is(self, unread: Unread) -> str | None:
        """See ``forensics.parser.KnowsOthers``."""
        return what_is(unread)

    def application(self, path: str) -> str:
        """WhatsApp Business has a package of its own in the path; where a path names neither package, the
        names of the preferences and of the item itself may."""
        place, *hints = path.lower().split("\n")
        named = place if _PACKAGE in place else "\n".join(hints)
        return "whatsapp_business" if _BUSINESS_PACKAGE in named else self.app

    def schema(self, database: Database) -> str:
        """The generation by the tables that are there."""
        old, new = database.has("messages", "key_remote_jid"), database.has("message", "chat_row_id")
        if old and new:
            return "transition: both tables, messages (to 2021/22) and message (since 2022)"
        if not old and not new:
            return self.role(database) or "unknown"
        return "modern: table message (since 2022)" if new else "legacy: table messages (to 2021/22)"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; notices come where they arise."""
        for record in self._read(installation, gives_rows=False):
            if not isinstance(record, tuple):
                yield record

    def read_rows(self, installation: Installation) -> Iterator[Record | PackedRow]:
        """See ``forensics.extract.GivesRows``."""
        return self._read(installation, gives_rows=True)

    def in_ranges(self, installation: Installation, rows: int) -> RangedMessages | None:
        """See ``forensics.ranges.InRanges``."""
        found = (
            None
            if any(is_notifications(each.path) for each in installation.side_files)
            else places(installation, rows)
        )
        if not found:
            return None

        def begin() -> tuple[Context, Survey, Iterator[Record]]:
            begun = self._begin(installation)
            return begun.context, begun.survey, begun.records()

        return RangedMessages(found, begin)

    def _read(self, installation: Installation, *, gives_rows: bool) -> Iterator[Record | PackedRow]:
        begun = self._begin(installation)
        yield from begun.records()
        context, notifications = begun.context, begun.notifications
        yield from MessagePass(context, begun.survey, notifications, gives_rows=gives_rows).records()
        list_rest(context)
        yield from context.notes.close()

    def _begin(self, installation: Installation) -> _Begun:
        notes = Notes(installation.source())
        people = read_people(
            installation, self.application(installation.app_place or installation.path), notes
        )
        contact_notes = read_contacts(installation, people)
        people.settle()
        _list_others(installation, people, notes, contact_notes)
        chats = Chats(people, notes)
        chats.read(installation.database)
        survey = Survey(installation.database, people, chats)
        notifications = Notifications(installation, people.account.app, notes)
        return _Begun(Context(installation, people, chats, notes), survey, notifications, contact_notes)

    def contact_names(self, contacts: Installation) -> Iterator[ContactName]:
        """The names of a ``wa.db`` by itself: whose address book it is stands nowhere in it."""
        app = self.application(contacts.app_place or contacts.path)
        people = People(make_account(contacts, app, number=None, name=None))
        own = (contacts.database, contacts.path, contacts.file_sha256)
        read_contacts(replace(contacts, others={CONTACTS_ROLE: own}), people)
        people.settle()
        counted = contacts.account_for(WA_CONTACTS.name)
        counted.rows = sum(1 for _ in contacts.database.rows(WA_CONTACTS.name, ("jid",)))
        counted.skip("contact", counted.rows)
        for person in people.participants():
            for each in person.names if person.handle else ():
                source = f"{each.source}, {contacts.path} ({contacts.evidence_sha256[:12]})"
                yield ContactName(app=app, handle=person.handle or "", name=each.name, source=source)


class _Begun(NamedTuple):
    """What is known of an installation before its messages are read."""

    context: Context
    survey: Survey
    notifications: Notifications
    contact_notes: Notes

    def records(self) -> Iterator[Record]:
        """The account, the conversations and the people, and notices on them."""
        people, notifications = self.context.people, self.notifications
        yield people.account
        yield from notifications.learn(self.context.chats.conversations())
        yield from notifications.learn(people.participants())
        yield from self.contact_notes.drain()
        yield from self.context.notes.drain()
        yield from list_others(self.context.installation)


def _list_others(installation: Installation, people: People, notes: Notes, contact_notes: Notes) -> None:
    list_messages_database(installation.database, people, notes)
    if CONTACTS_ROLE in installation.others:
        list_contacts_database(installation.others[CONTACTS_ROLE][0], people, contact_notes)
