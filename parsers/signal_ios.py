"""Signal on iOS: grdb/signal.sqlite, with the files of Attachments and attachment_files.

Files (Signal reference 4.1): ``grdb/signal.sqlite`` in the app's group container (SQLCipher with a plain
header; key and salt in the keychain); folders ``grdb_*`` may hold older databases, which are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.model import Call, Message, Notice, Record
from forensics.parser import EncryptedForm, Installation
from parsers import signal_archive
from parsers.message_calls import call_from
from parsers.notes import Notes
from parsers.signal_clock import Clocks, KnowsServerTime
from parsers.signal_codes import spoken
from parsers.signal_drafts import draft_messages
from parsers.signal_ios_codes import AUDIO, CALL, CALL_STATUS, CALL_TYPES, MARKERS, TALKED, VIDEO
from parsers.signal_ios_files import IosFiles
from parsers.signal_ios_messages import IosMessages, IosRow
from parsers.signal_ios_people import IosDirectory
from parsers.signal_ios_stories import IosStories
from parsers.signal_ios_tables import (
    CALL_RECORD,
    CONTEXT_TABLES,
    INTERACTION,
    MESSAGE_TABLES,
    SIDE_TABLES,
    THREAD,
)
from parsers.signal_people import APP, Chat, others
from parsers.signal_sides import all_rows
from parsers.signal_sqlcipher import FORMS
from parsers.signal_unread import IOS, tell_unread
from parsers.table_rows import TableRows

_MESSAGES_ROLE = "messages"


class SignalIos(KnowsServerTime):
    """See ``forensics.parser.Parser``."""

    name = "signal_ios"
    app = APP
    platform = "ios"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/signal\.sqlite$")
    # see KnowsPlaces (containers reference 6)
    places = frozenset(("whispersystems", "/attachments/"))
    forms: Sequence[EncryptedForm] = FORMS
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLES
    context_tables = CONTEXT_TABLES
    call_tables = frozenset({CALL_RECORD.name.lower()})
    call_side_tables: frozenset[str] = frozenset()

    def role(self, database: Database) -> str | None:
        """By tables and columns together."""
        is_signal = database.has(
            INTERACTION.name, "recordType", "uniqueThreadId", "timestamp"
        ) and database.has(THREAD.name, "uniqueId")
        return _MESSAGES_ROLE if is_signal else None

    def wants(self, path: str) -> bool:
        """No small file is needed."""
        return False

    def application(self, path: str) -> str:
        """One app."""
        return self.app

    def schema(self, database: Database) -> str:
        """How attachments are kept."""
        is_new = database.has("MessageAttachmentReference")
        return f"attachments {'of version 2 (since 2024)' if is_new else 'of version 1'}"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; people and conversations that only messages name come after those."""
        notes = Notes(installation.source())
        directory = IosDirectory(installation, notes)
        if not installation.is_recovered:
            tell_unread(installation.database, notes, IOS)
        yield directory.people.account()
        yield from directory.people.records()
        known = directory.people.known()
        yield from notes.drain()
        yield from _messages(installation, directory, notes)
        yield from _calls(installation, directory, notes)
        people = directory.people
        yield from draft_messages(installation, people, THREAD.name, directory.threads, directory.drafts)
        yield from directory.people.records(but_not=known)
        yield from notes.close()


def _messages(installation: Installation, directory: IosDirectory, notes: Notes) -> Iterator[Record]:
    files = IosFiles(installation, notes)
    reader = IosMessages(installation, directory, files, notes)
    # What is doubtful about a value is said when the row is read, not in the survey.
    reader.survey(all_rows(installation.database, INTERACTION, Notes(installation.source())))
    table, clocks = TableRows(installation, INTERACTION, notes), Clocks(INTERACTION.name)
    # calls of before there were CallRecords (2023) are messages only
    quiet = Notes(installation.source())
    recorded = {row[1] for row in all_rows(installation.database, CALL_RECORD, quiet)}
    for values in table.rows():
        row = IosRow(*values)
        if reader.is_past(row):
            table.accounting.skip("revision")
        elif row.kind in MARKERS:
            table.accounting.skip("marker of the app")
        else:
            table.accounting.messages += 1
            clocks.look(row.rowid, row.sent, row.server)
            message = reader.message(row)
            yield message
            if message.kind == "call" and row.rowid not in recorded and not installation.is_recovered:
                yield _call_of_message(installation, message, row, directory.chat(row.thread))
        if notes.is_pending:
            yield from notes.drain()
    reader.close()
    files.close()
    clocks.note(notes)
    yield from table.close()
    yield from _stories(IosStories(installation, directory, files, notes), notes)


def _stories(reader: IosStories, notes: Notes) -> Iterator[Record]:
    table = reader.table()
    for row in table.rows():
        table.accounting.messages += 1
        yield reader.message(row)
        yield from notes.drain()
    yield from table.close()


def _calls(installation: Installation, directory: IosDirectory, notes: Notes) -> Iterator[Call | Notice]:
    table = TableRows(installation, CALL_RECORD, notes)
    for row in table.rows():
        table.accounting.messages += 1
        yield _call(installation, directory, notes, row)
        yield from notes.drain()
    yield from table.close()


def _call_of_message(installation: Installation, message: Message, row: IosRow, chat: Chat) -> Call:
    """The call that a row stands for, of which there is no CallRecord; what it says of it is its type."""
    result = None
    if row.call_type is not None and row.kind == CALL:
        result = CALL_TYPES.get(row.call_type) or spoken(CALL_TYPES, row.call_type)
    partners = others(chat.partner)
    return call_from(
        installation.place, message, seconds=None, video=None, result=result, participants=partners
    )


def _call(installation: Installation, directory: IosDirectory, notes: Notes, row: Row) -> Call:
    rowid, _interaction, thread, kind, direction, status, began, ended, ringer = row
    name = CALL_RECORD.name
    from_owner = {0: False, 1: True}.get(direction)
    chat = directory.chat_at(thread)
    partner = None if chat is None else chat.partner
    caller = directory.person(signal_archive.service_id(ringer)) or partner
    if status not in CALL_STATUS:
        notes.unknown("call status", status)
    at = notes.instant(began, name, rowid, "callBeganTimestamp")
    end = notes.instant(ended, name, rowid, "callEndedTimestamp")
    sender = directory.people.owner if from_owner else caller
    is_whole = at is not None and end is not None and end >= at and status in TALKED
    return Call(
        id=installation.place.call(name, rowid),
        app=APP,
        account=directory.people.account_id,
        conversation=None if chat is None else chat.id,
        sender=None if sender is None or from_owner is None else sender.id,
        from_owner=from_owner,
        at=at,
        seconds=(end - at) // 1000 if is_whole and at is not None and end is not None else None,
        video={AUDIO: False, VIDEO: True}.get(kind),
        result=CALL_STATUS.get(status) or spoken(CALL_STATUS, status),
        participants=others(partner, caller),
        source=installation.source(name, rowid),
    )
