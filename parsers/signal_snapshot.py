"""Signal's new backups: ``SignalBackups/`` with its snapshots and pool of files, and remote backups.

Files (Signal reference 2.1): ``signal-backup-<date>/main`` (the records), ``metadata`` (says which key) and
``files`` (the names it uses) beside it, ``files/`` with the sealed media of all snapshots. What was to be
viewed once, and what disappears within a day, may be left out by design.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.fields import Row
from forensics.formats.protobuf import ProtobufError
from forensics.formats.sqlite import Database
from forensics.model import Call, Record
from forensics.parser import EncryptedForm, Installation
from forensics.times import rfc3339
from parsers.notes import Notes
from parsers.signal_clock import KnowsServerTime
from parsers.signal_message_backup import BACKUP_INFO, CHAT_ITEM, FORMS, OWNER
from parsers.signal_parts import Parts
from parsers.signal_people import APP
from parsers.signal_snapshot_files import SnapshotFiles
from parsers.signal_snapshot_messages import SnapshotMessages
from parsers.signal_snapshot_people import SnapshotDirectory
from parsers.signal_snapshot_tables import AD_HOC_CALL, ITEM
from parsers.table_rows import TableRows

_MESSAGES_ROLE = "messages"
_LIST = re.compile(r"(?:.*/)?signal-backup-[0-9-]+(?:-tmp)?/files")
_UNFINISHED = re.compile(r"(?:.*/)?signal-backup-[0-9-]+-tmp/.*")
_LEFT_OUT = (
    "this is a backup made by Signal: it may leave out messages that disappear within a day, what was "
    "already viewed of those to be viewed once, and answers to stories in groups; that a message is not in "
    "it says nothing of whether it was on the phone"
)


class SignalSnapshot(KnowsServerTime):
    """See ``forensics.parser.Parser``."""

    name = "signal_snapshot"
    app = APP
    platform = "android"
    main_role = _MESSAGES_ROLE
    forms: Sequence[EncryptedForm] = FORMS

    def role(self, database: Database) -> str | None:
        """By the tables that opening the backup makes."""
        is_ours = all(database.has(shape.name, *shape.columns) for shape in (BACKUP_INFO, CHAT_ITEM, OWNER))
        return _MESSAGES_ROLE if is_ours else None

    def wants(self, path: str) -> bool:
        """The list of the files that a snapshot uses."""
        return _LIST.fullmatch(path.replace("\\", "/")) is not None

    def application(self, path: str) -> str:
        """One app."""
        return self.app

    def schema(self, database: Database) -> str:
        """The form, and the backup's own number."""
        return f"backup of records, version {database.user_version}"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; people and conversations that only messages name come after those."""
        notes = Notes(installation.source())
        directory = SnapshotDirectory(installation, notes)
        files = SnapshotFiles(installation, notes)
        _remark(installation, directory, notes)
        yield directory.people.account()
        yield from directory.people.records()
        known = directory.people.known()
        yield from notes.drain()
        reader = SnapshotMessages(installation, directory, files, notes)
        yield from _messages(installation, reader, notes)
        yield from _ad_hoc_calls(installation, directory, notes)
        files.close()
        yield from directory.people.records(but_not=known)
        yield from notes.close()


def _remark(installation: Installation, directory: SnapshotDirectory, notes: Notes) -> None:
    notes.add("info", _LEFT_OUT, None)
    version = directory.app_version or "a version that is not stored"
    made = rfc3339(directory.made_at) or "a time that is not stored"
    notes.add("info", f"the backup was made at {made} by {version}", None)
    if _UNFINISHED.fullmatch(installation.path.replace("\\", "/")):
        notes.add("doubt", "the name of the snapshot says that it was not finished (-tmp)", None)


def _messages(installation: Installation, reader: SnapshotMessages, notes: Notes) -> Iterator[Record]:
    table = TableRows(installation, ITEM, notes, has_gaps=False)
    for row in table.rows():
        try:
            message = reader.message(row)
        except ProtobufError as error:
            table.accounting.failed += 1
            text = f"row {row[0]} of {ITEM.name} cannot be understood: {error}"
            notes.add("failed", text, ITEM.name, row[0], row[2])
        else:
            table.accounting.messages += 1
            yield message
            yield from reader.drain_calls()
        if notes.is_pending:
            yield from notes.drain()
    reader.close()
    yield from table.close()


def _ad_hoc_calls(installation: Installation, directory: SnapshotDirectory, notes: Notes) -> Iterator[Record]:
    """Calls by a link."""
    table = TableRows(installation, AD_HOC_CALL, notes, has_gaps=False)
    for row in table.rows():
        try:
            call = _ad_hoc_call(installation, directory, notes, row)
        except ProtobufError as error:
            table.accounting.failed += 1
            text = f"row {row[0]} of {AD_HOC_CALL.name} cannot be understood: {error}"
            notes.add("failed", text, AD_HOC_CALL.name, row[0], row[2])
        else:
            table.accounting.messages += 1
            yield call
        yield from notes.drain()
    yield from table.close()


def _ad_hoc_call(installation: Installation, directory: SnapshotDirectory, notes: Notes, row: Row) -> Call:
    """AdHocCall: 1 callId, 2 recipientId, 3 state, 4 callTimestamp ("from source": backup.proto)."""
    rowid, offset, data = row
    parts = Parts(data or b"")
    chat = directory.chat_of(parts.integer(2))
    state = parts.code(3)
    return Call(
        id=installation.place.call(AD_HOC_CALL.name, rowid),
        app=APP,
        account=directory.people.account_id,
        conversation=None if chat is None else chat.id,
        sender=None,
        from_owner=None,
        at=notes.instant(parts.integer(4), AD_HOC_CALL.name, rowid, "callTimestamp"),
        seconds=None,
        video=None,
        result="call by a link" if state == 1 else f"unknown ({state})",
        participants=(),
        source=installation.source(AD_HOC_CALL.name, rowid, None, offset),
    )
