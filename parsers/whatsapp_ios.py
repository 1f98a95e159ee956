"""WhatsApp on iOS and macOS: ChatStorage.sqlite with contacts, calls, LIDs and the account's property list.

Files (WhatsApp reference 3.1): ``ChatStorage.sqlite``, ``ContactsV2.sqlite``, ``CallHistory.sqlite`` and
``LID.sqlite`` in the app group container group.net.whatsapp.WhatsApp.shared (WhatsApp Business:
WhatsAppSMB.shared), in a backup by the SHA-1 of domain and path. The Mac keeps the same unencrypted database
below ``Library/Group Containers``. Which columns there are decides, never a version number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.formats.sqlite import Database
from forensics.model import Call, Message, Notice, Record
from forensics.parser import EncryptedForm, Installation, Unread
from parsers.notes import Notes
from parsers.table_rows import TableRows
from parsers.unread_tables import unread_tables
from parsers.whatsapp_context import Context
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_ios_beside import Beside
from parsers.whatsapp_ios_calls import CALLS_ROLE, Calls
from parsers.whatsapp_ios_gaps import beside_gaps, highest_keys, order_gaps
from parsers.whatsapp_ios_messages import MessageReader
from parsers.whatsapp_ios_people import (
    CONTACTS_ROLE,
    LID_ROLE,
    is_preference,
    make_people,
    read_contacts,
    read_lids,
    read_names,
)
from parsers.whatsapp_ios_sessions import Sessions
from parsers.whatsapp_ios_survey import Survey
from parsers.whatsapp_ios_tables import (
    CALL,
    CONTACT,
    CONTEXT_TABLES,
    INFO,
    LID_ACCOUNT,
    MESSAGE,
    MESSAGE_TABLES,
    OLD_CONTACT,
    PAYMENT,
    READ_TABLES,
    SESSION,
    SIDE_TABLES,
    UNREAD_MEANINGS,
)
from parsers.whatsapp_notifications import PLACES, Notifications, is_notifications

_MESSAGES_ROLE = "messages"
_ENTITY = "WAMessage"
# The shared container of WhatsApp Business, and its files in a backup that was not unpacked.
_BUSINESS = (
    "whatsappsmb",
    "724bd3b98b18518b455a87c1f3ac3a0d189c4466",
    "d7246a707f51ddf8b17ee2dddabd9e0a4da5c552",
    "b463f7c4365eefc5a8723930d97928d4e907c603",
    "1b091efd2ab703ddffa4ff846259844545c2aeab",
    "681840b90e793135c38aafed9c9694011cfe95e0",
)
# Databases beside the messages (names from notes on the app's container in several public projects): what is
# in them is not known, or are keys.
_OTHERS = {
    "chatsearchv5f.sqlite": "index of words, whose tables are not known",
    "axolotl.sqlite": "keys of the encryption",
    "localkeyvalue.sqlite": "settings",
    "backedupkeyvalue.sqlite": "settings",
}
# What only the paths of a phone or of its backup have.
_OF_A_PHONE = ("/appgroup/", "appdomain", "/mobile/", "7c7fba66680ef796b916b067077cc246adacf01d")


class WhatsAppIOS:
    """See ``forensics.parser.Parser`` and ``SeveralPlatforms``."""

    name = "whatsapp_ios"
    app = "whatsapp"
    platform = "ios"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/(?:chatstorage\.sqlite|7c7fba66680ef796b916b067077cc246adacf01d)$")
    # see KnowsPlaces (containers reference 6)
    places = frozenset(
        (
            *("chatstorage.sqlite", "contactsv2.sqlite", "callhistory.sqlite", "lid.sqlite"),
            *("/message/media/", PLACES[1]),
        )
    )
    forms: Sequence[EncryptedForm] = ()
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLES
    context_tables = CONTEXT_TABLES

    def role(self, database: Database) -> str | None:
        """By tables and columns that no other app has."""
        if database.has(MESSAGE.name, "ZSTANZAID", "ZISFROMME") and database.has(SESSION.name, "ZCONTACTJID"):
            return _MESSAGES_ROLE
        if database.has(CONTACT.name, "ZWHATSAPPID") or database.has(OLD_CONTACT.name):
            return CONTACTS_ROLE
        if database.has(CALL.name, "ZOUTCOME"):
            return CALLS_ROLE
        return LID_ROLE if database.has(LID_ACCOUNT.name, "ZIDENTIFIER", "ZPHONENUMBER") else None

    def what_is(self, unread: Unread) -> str | None:
        """See ``forensics.parser.KnowsOthers``; by the names of files that hold no messages."""
        name = unread.path.rpartition("/")[2].lower()
        words = _OTHERS.get(name) if unread.kind == "sqlite" else None
        return None if words is None else f"WhatsApp's {words}, by its name"

    def wants(self, path: str) -> bool:
        """The property list that names the owner, and the phone's notifications."""
        return is_preference(path) or is_notifications(path)

    def is_of_phone(self, path: str) -> bool:
        """See ``forensics.parser.ReadsPhoneFiles``."""
        return is_notifications(path)

    def application(self, path: str) -> str:
        """WhatsApp Business has a container of its own."""
        return "whatsapp_business" if any(each in path.lower() for each in _BUSINESS) else self.app

    def platform_at(self, path: str) -> str:
        """A Mac keeps the containers of its apps below Group Containers."""
        return "macos" if "/group containers/" in f"/{path.lower()}" else self.platform

    def schema(self, database: Database) -> str:
        """What of the newer tables there is."""
        if not database.has(MESSAGE.name):
            return "side database"
        return "with receipts and reactions" if database.has(INFO.name) else "old: without receipts"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; notices come where they arise."""
        path = installation.path
        notes = Notes(installation.source())
        app = self.application(installation.app_place or path)
        people = make_people(installation, app, self.platform_at(path), notes)
        beside_notes = [*read_lids(installation, people, notes), *read_contacts(installation, people, notes)]
        chats = Chats(people, notes)
        read_names(installation, people, notes)
        sessions = Sessions(installation, people, chats, notes)
        calls = Calls(installation, people, chats, notes)
        survey = Survey(installation.database, people, chats, sessions)
        people.settle()
        if self.platform_at(path) == "ios" and not any(each in path.lower() for each in _OF_A_PHONE):
            notes.add("info", "read as a database of iOS: nothing in its path says that it is no Mac's", None)
        _list_payments(installation, notes)
        if not installation.is_recovered:
            unread_tables(installation.database, notes, READ_TABLES, UNREAD_MEANINGS)
        notifications = Notifications(installation, app, notes)
        yield people.account
        yield from notifications.learn(chats.conversations())
        yield from notifications.learn(people.participants())
        for each in (*beside_notes, notes):
            yield from each.drain()
        context = Context(installation, people, chats, notes)
        yield from _messages(context, sessions, survey, calls, notifications)
        yield from notes.close()


def _messages(
    context: Context, sessions: Sessions, survey: Survey, calls: Calls, notifications: Notifications
) -> Iterator[Message | Call | Notice]:
    installation, notes = context.installation, context.notes
    highest = highest_keys(installation, notes)
    table = TableRows(installation, MESSAGE, notes, highest.get(_ENTITY))
    beside = Beside(context)
    reader = MessageReader(context, sessions, survey, calls, beside)
    is_watched = notifications.is_present
    for row in table.rows():
        table.accounting.messages += 1
        message = reader.message(row)
        yield message
        if is_watched:
            notifications.see(message)
        if notes.is_pending:
            yield from notes.drain()
    notifications.note()
    beside.close()
    yield from table.close()
    yield from beside_gaps(installation, highest)
    yield from order_gaps(installation, context.chats, survey.order)
    yield from sessions.drafts()
    yield from calls.records()


def _list_payments(installation: Installation, notes: Notes) -> None:
    """Payments; how a message names its payment is not known."""
    lines = [
        f"row {rowid}: {amount} thousandths of {currency}, {sender} to {receiver}, {at} s since 2001"
        for rowid, amount, currency, sender, receiver, at in all_rows(installation.database, PAYMENT, notes)
    ]
    notes.listing("payments", PAYMENT.name, lines)
