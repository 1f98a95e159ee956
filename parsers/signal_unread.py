"""The tables of Signal's databases that are read, and what stands in some of those that are not.

Source: Signal reference 3.7 (Android), 4.2 and 4.3 (iOS), 5.3 (desktop).
"""

from __future__ import annotations

from collections.abc import Collection

from forensics.fields import Table
from forensics.formats.sqlite import Database
from parsers import signal_desktop_tables, signal_ios_tables, signal_tables
from parsers.notes import Notes
from parsers.unread_tables import unread_tables

_SENT = "what was sent in the last days, as it was sent, also of messages that are gone"
_WORDS = "words of messages, also of such that are gone"
# Which changes of its tables the app made.
_BOOKKEEPING = frozenset({"grdb_migrations"})


def _declared(*modules: object) -> frozenset[str]:
    """The names of all tables that a module declares."""
    return frozenset(
        each.name for module in modules for each in vars(module).values() if isinstance(each, Table)
    )


ANDROID, IOS, DESKTOP = (
    _declared(module) | _BOOKKEEPING for module in (signal_tables, signal_ios_tables, signal_desktop_tables)
)
_MEANINGS = {
    "msl_payload": _SENT,
    "message_fts_content": _WORDS,
    "MessageSendLog_Payload": _SENT,
    "indexable_text": _WORDS,
    "DeletedCallRecord": "calls that were deleted from the list of calls",
    "OrphanedAttachment": "files of attachments that were deleted",
    "BlockedRecipient": "people whom the owner blocked",
    "BlockedGroup": "groups that the owner blocked",
    "sendLogPayloads": _SENT,
    "messages_fts_content": _WORDS,
}


def tell_unread(database: Database, notes: Notes, read: Collection[str]) -> None:
    """One notice for the tables that hold rows and are not read."""
    unread_tables(database, notes, read, _MEANINGS)
