"""Signal on Android: signal.db of every generation, and what a backup holds of it.

Files (Signal reference 0): ``databases/signal.db`` below the data of org.thoughtcrime.securesms (SQLCipher),
``signal-key-value.db`` beside it, ``app_parts/`` with encrypted media; ``signal-*.backup``. Generations
(3.3): tables ``sms`` and ``mms`` to version 167, ``message`` since 168. What is present decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from forensics.fields import Table
from forensics.formats.sqlite import Database
from forensics.model import Message, Notice, Record
from forensics.parser import EncryptedForm, Installation
from parsers.notes import Notes
from parsers.side_rows import NOTHING_MORE
from parsers.signal_backup import FORMS as BACKUP_FORMS
from parsers.signal_calls import call_of_message, calls
from parsers.signal_clock import Clocks, KnowsServerTime
from parsers.signal_codes import CALLS
from parsers.signal_context import Context
from parsers.signal_directory import KEY_VALUES_ROLE
from parsers.signal_drafts import draft_message
from parsers.signal_messages import MessageReader
from parsers.signal_people import APP
from parsers.signal_polls import Polls
from parsers.signal_row import MessageRow, Revision
from parsers.signal_sides import Keep, Sides
from parsers.signal_sqlcipher import FORMS as SQLCIPHER_FORMS
from parsers.signal_tables import (
    ATTACHMENT,
    CALL,
    CONTEXT_TABLES,
    DRAFTS,
    GROUP_RECEIPTS,
    MENTION,
    MESSAGE,
    MESSAGE_TABLES,
    MMS,
    PART,
    REACTION,
    SIDE_TABLES,
    SMS,
)
from parsers.signal_unread import ANDROID, tell_unread
from parsers.table_rows import TableRows

_MESSAGES_ROLE = "messages"
# A backup leaves these out by design (reference 1.9).
_LEFT_OUT = (
    "this is a backup made by Signal: it leaves out messages to be viewed once and those that disappear "
    "within a day (older versions: all that disappear); that a message is not in it says nothing of whether "
    "it was on the phone"
)


class SignalAndroid(KnowsServerTime):
    """See ``forensics.parser.Parser``."""

    name = "signal_android"
    app = APP
    platform = "android"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/signal\.db$")
    # see KnowsPlaces (containers reference 6)
    places = frozenset(("im.molly.app", "securesms"))
    forms: Sequence[EncryptedForm] = (*BACKUP_FORMS, *SQLCIPHER_FORMS)
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLES
    context_tables = CONTEXT_TABLES
    call_tables = frozenset({CALL.name.lower()})
    call_side_tables: frozenset[str] = frozenset()

    def role(self, database: Database) -> str | None:
        """By tables and columns together; forks of Signal have other ones beside them."""
        if database.has("recipient", "group_id") and database.has("thread"):
            is_modern = database.has("message", "date_sent", "thread_id", "type")
            is_old = database.has("mms", "thread_id", "msg_box") or database.has("mms", "thread_id", "type")
            if is_modern or (is_old and database.has("sms", "thread_id", "body")):
                return _MESSAGES_ROLE
        return KEY_VALUES_ROLE if _has_account(database) else None

    def wants(self, path: str) -> bool:
        """No small file is needed: the account stands in a database."""
        return False

    def application(self, path: str) -> str:
        """One app."""
        return self.app

    def schema(self, database: Database) -> str:
        """The generation by the tables that are there, and the app's own number."""
        if database.has(MESSAGE.name):
            words = "table message (since version 168)"
        elif database.has(MMS.name):
            words = "tables sms and mms (to version 167)"
        else:
            words = "key values"
        return f"{words}, version {database.user_version}"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; people and conversations that only messages name come after those."""
        notes = Notes(installation.source())
        context = Context(installation, notes)
        people = context.directory.people
        if context.is_backup:
            notes.add("info", _LEFT_OUT, None)
        if not installation.is_recovered:
            tell_unread(installation.database, notes, ANDROID)
        yield people.account()
        yield from people.records()
        known = people.known()
        yield from notes.drain()
        yield from _messages(context)
        yield from calls(context)
        yield from _drafts(context)
        context.files.close()
        yield from people.records(but_not=known)
        yield from notes.close()


def _has_account(database: Database) -> bool:
    """Whether this is Signal's key_value: other apps have a table of that name too."""
    if not database.has("key_value", "key", "value", "type"):
        return False
    keys = (row[1] for row in database.rows("key_value", ("key",)))
    return any(isinstance(key, str) and key.startswith("account.") for key in keys)


def _messages(context: Context) -> Iterator[Record]:
    """The messages of every message table that is there."""
    database, notes = context.installation.database, context.notes
    polls = Polls(database, context.directory.person, notes)
    sides: list[tuple[Table, Keep | None]] = [
        (ATTACHMENT, None),
        (PART, None),
        (MENTION, None),
        (GROUP_RECEIPTS, None),
    ]
    if database.has(MESSAGE.name):
        yield from _Pass(context, MESSAGE, [*sides, (REACTION, None)], polls).records()
        return
    yield from _Pass(context, MMS, [*sides, (REACTION, lambda row: row[5] == 1)], polls).records()
    yield from _Pass(context, SMS, [(REACTION, lambda row: row[5] != 1)], polls).records()


class _Pass:
    """One ordered pass over a message table."""

    def __init__(
        self, context: Context, table: Table, sides: Sequence[tuple[Table, Keep | None]], polls: Polls
    ) -> None:
        database = context.installation.database
        self._context = context
        self._table = table
        self._rows = TableRows(context.installation, table, context.notes)
        self._sides = Sides(database, sides, context.notes)
        self._reader = MessageReader(context, table.name, polls)
        self._has_calls = database.has(CALL.name)
        self._revisions: dict[int, list[Revision]] = {}
        self._clocks = Clocks(table.name)

    def records(self) -> Iterator[Record]:
        """The messages in row id order; older versions go with the newest, which has the highest row id."""
        context, notes, sides = self._context, self._context.notes, self._sides
        for values in self._rows.rows():
            row = MessageRow(*values)
            found = sides.take(row.rowid) if row.rowid >= sides.upcoming != NOTHING_MORE else {}
            if row.newest is not None and row.newest != row.rowid:
                self._keep_revision(row)
                continue
            self._rows.accounting.messages += 1
            self._clocks.look(row.rowid, row.sent, row.server)
            message = self._reader.message(row, found, self._revisions.pop(row.rowid, []))
            yield message
            yield from self._call(message, row)
            if notes.is_pending:
                yield from notes.drain()
        sides.close()
        self._note_revisions()
        self._clocks.note(notes)
        yield from notes.drain()
        yield from self._rows.close()
        yield from context.notes.drain()

    def _keep_revision(self, row: MessageRow) -> None:
        self._rows.accounting.skip("revision")
        revision = Revision(row.rowid, row.body or None, row.sent, row.received)
        self._revisions.setdefault(row.newest or 0, []).append(revision)

    def _note_revisions(self) -> None:
        """Versions of a message whose newest version is gone: all that is left of it."""
        for newest, revisions in sorted(self._revisions.items()):
            for each in revisions:
                raw = json.dumps(
                    {"text": each.text, "date_sent": each.sent, "date_received": each.received},
                    ensure_ascii=False,
                )
                text = (
                    f"row {each.rowid} of {self._table.name} is an older version of a message whose newest "
                    f"version, row {newest}, is gone; its text was: {each.text!r}"
                )
                self._context.notes.add("doubt", text, self._table.name, each.rowid, raw)

    def _call(self, message: Message, row: MessageRow) -> Iterator[Record]:
        if message.kind == "call" and not self._has_calls and row.kind in CALLS:
            yield call_of_message(self._context, message, row.kind, self._context.directory.chat(row.thread))


def _drafts(context: Context) -> Iterator[Message | Notice]:
    """What was written and not sent."""
    table = TableRows(context.installation, DRAFTS, context.notes)
    for row in table.rows():
        if row[2] == "text":
            table.accounting.messages += 1
            rowid, thread, _kind, text = row
            chat, source = context.directory.chat(thread), context.source(DRAFTS.name, rowid)
            yield draft_message(context.installation, context.directory.people, chat, source, text)
        else:
            table.accounting.skip("part of a draft")
    yield from table.close()
