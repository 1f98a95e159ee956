"""Signal Desktop on Windows, macOS and Linux: sql/db.sqlite, with the files of attachments.noindex.

Files (Signal reference 5.1): ``sql/db.sqlite`` (SQLCipher; its key in ``config.json``, in newer versions
sealed with a secret of the system), ``attachments.noindex/``. All that is of the past before the app was
linked is missing unless it was transferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.model import Call, Notice, Record
from forensics.parser import EncryptedForm, Installation
from parsers.notes import Notes
from parsers.signal_clock import KnowsServerTime
from parsers.signal_desktop_files import DesktopFiles
from parsers.signal_desktop_messages import DesktopMessages, DesktopRow
from parsers.signal_desktop_people import DesktopDirectory
from parsers.signal_desktop_tables import (
    CALLS_HISTORY,
    CONTEXT_TABLES,
    CONVERSATIONS,
    MESSAGE_TABLES,
    MESSAGES,
    SIDE_TABLES,
)
from parsers.signal_drafts import draft_messages
from parsers.signal_people import APP, others
from parsers.signal_sides import all_rows
from parsers.signal_sqlcipher import FORMS
from parsers.signal_unread import DESKTOP, tell_unread
from parsers.table_rows import TableRows

_MESSAGES_ROLE = "messages"
_RESULTS = frozenset(
    {
        *("Pending", "Accepted", "Missed", "MissedNotificationProfile", "Declined", "Deleted"),
        *("GenericGroupCall", "OutgoingRing", "Ringing", "Joined"),
    }
)
_TALKED = frozenset({"Accepted", "Joined"})


class SignalDesktop(KnowsServerTime):
    """See ``forensics.parser.Parser``."""

    name = "signal_desktop"
    app = APP
    platform = "desktop"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/sql/db\.sqlite$")
    forms: Sequence[EncryptedForm] = FORMS
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLES
    context_tables = CONTEXT_TABLES
    call_tables = frozenset({CALLS_HISTORY.name.lower()})
    call_side_tables: frozenset[str] = frozenset()

    def role(self, database: Database) -> str | None:
        """By tables and columns together."""
        is_signal = database.has("messages", "id", "conversationId", "json", "sent_at") and database.has(
            "conversations", "id", "json", "type"
        )
        return _MESSAGES_ROLE if is_signal else None

    def wants(self, path: str) -> bool:
        """No small file is needed but the key, which is no business of the reader."""
        return False

    def application(self, path: str) -> str:
        """One app."""
        return self.app

    def schema(self, database: Database) -> str:
        """The app's own number."""
        return f"version {database.user_version}"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; people and conversations that only messages name come after those."""
        notes = Notes(installation.source())
        directory = DesktopDirectory(installation, notes)
        files = DesktopFiles(installation, notes)
        if not installation.is_recovered:
            tell_unread(installation.database, notes, DESKTOP)
        yield directory.people.account()
        yield from directory.people.records()
        known = directory.people.known()
        yield from notes.drain()
        yield from _messages(installation, directory, files, notes)
        yield from _calls(installation, directory, notes)
        people = directory.people
        yield from draft_messages(installation, people, CONVERSATIONS.name, directory.rows, directory.drafts)
        files.close()
        yield from directory.people.records(but_not=known)
        yield from notes.close()


def _messages(
    installation: Installation, directory: DesktopDirectory, files: DesktopFiles, notes: Notes
) -> Iterator[Record]:
    reader = DesktopMessages(installation, directory, files, notes)
    for row in all_rows(installation.database, CALLS_HISTORY, notes):
        if row[1] is not None:
            reader.call_directions[row[1]] = _is_outgoing(row[6])
    table = TableRows(installation, MESSAGES, notes)
    for values in table.rows():
        table.accounting.messages += 1
        yield reader.message(DesktopRow(*values))
        if notes.is_pending:
            yield from notes.drain()
    reader.clocks.note(notes)
    yield from table.close()
    if not installation.is_recovered:
        yield from reader.calls


def _calls(installation: Installation, directory: DesktopDirectory, notes: Notes) -> Iterator[Call | Notice]:
    table = TableRows(installation, CALLS_HISTORY, notes)
    for row in table.rows():
        table.accounting.messages += 1
        yield _call(installation, directory, notes, row)
        yield from notes.drain()
    yield from table.close()


def _call(installation: Installation, directory: DesktopDirectory, notes: Notes, row: Row) -> Call:
    rowid, _key, peer, ringer, mode, kind, direction, status, began, ended = row
    from_owner = _is_outgoing(direction)
    partner = directory.person(peer) if mode == "Direct" else None
    caller = directory.people.owner if from_owner else directory.person(ringer) or partner
    if status not in _RESULTS:
        notes.count(f"call status {status} has no meaning known to this parser")
    at = notes.instant(began, CALLS_HISTORY.name, rowid, "timestamp")
    end = notes.instant(ended, CALLS_HISTORY.name, rowid, "endedTimestamp")
    talked = at is not None and end is not None and end >= at and status in _TALKED
    return Call(
        id=installation.place.call(CALLS_HISTORY.name, rowid),
        app=APP,
        account=directory.people.account_id,
        conversation=directory.chat(peer).id,
        sender=None if caller is None or from_owner is None else caller.id,
        from_owner=from_owner,
        at=at,
        seconds=(end - at) // 1000 if talked and at is not None and end is not None else None,
        video={"Video": True, "Audio": False}.get(kind),
        result=status if status in _RESULTS else f"unknown ({status})",
        participants=others(partner, directory.person(ringer)),
        source=installation.source(CALLS_HISTORY.name, rowid),
    )


def _is_outgoing(direction: str | None) -> bool | None:
    return {"Incoming": False, "Outgoing": True}.get(direction or "")
