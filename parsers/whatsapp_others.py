"""WhatsApp's databases and backups beside the messages: which they are, and what of them is listed.

Source: WhatsApp reference 1 and 4. Of chatsettings.db, status.db and location.db the tables are known by name
from one tool, their columns in part: their rows are given as they are stored, without a meaning. The others
hold no messages: they are named by their tables or, where those are not known, by the name of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from forensics.formats.sqlite import Database
from forensics.model import Notice
from forensics.parser import Installation, Unread
from parsers.notes import Notes, raw_text

# role -> its tables, what they hold
LISTED: dict[str, tuple[tuple[str, ...], str]] = {
    "settings": (("settings",), "settings of conversations (mute and the like)"),
    "status": (("status_interactions", "status_seen_receipt"), "views and reactions of status posts"),
    "location": (("location_cache", "location_sharer"), "shared live locations"),
}
_MOST_ROWS = 500
# Databases that hold no messages, by tables that they have (reference 1).
_BY_TABLES = (
    (frozenset({"identities", "prekeys"}), "keys of the encryption (axolotl.db)"),
    (frozenset({"identities", "sessions"}), "keys of the encryption (axolotl.db)"),
)
# Backups beside that of the messages (reference 4), by the beginning of the file's name.
_BY_NAME = (
    ("stickers", "stickers"),
    ("wallpapers", "wallpapers"),
    ("backup_settings", "settings of the backup"),
    ("commerce_backup", "the catalogue and orders of a business"),
    ("chatsettings", "settings of conversations"),
    ("companion_devices", "linked devices"),
    ("media.db", "jobs of media"),
    ("status", "status posts"),
    ("location", "shared live locations"),
)
_PICTURES = (".webp", ".jpg", ".jpeg", ".png", ".was")
_MESSAGES_OF_INCREMENT = "messages.bin"


def role_of(database: Database) -> str | None:
    """Which of the listed databases this is."""
    if database.has("settings", "jid") and any(
        "mute" in column.name.lower() for column in database.tables()["settings"].columns
    ):
        return "settings"
    if database.has("status_interactions", "status_row_id") or database.has(
        "status_seen_receipt", "status_row_id"
    ):
        return "status"
    return "location" if database.has("location_cache") and database.has("location_sharer") else None


def list_others(installation: Installation) -> Iterator[Notice]:
    """A notice for each table of the databases beside the messages, with its rows as they are stored."""
    for role, (tables, words) in LISTED.items():
        beside = installation.beside(role)
        if beside is None:
            continue
        notes = Notes(beside.source())
        for table in tables:
            if beside.database.has(table):
                _list_table(beside.database, table, words, notes)
        yield from notes.close()


def _list_table(database: Database, table: str, words: str, notes: Notes) -> None:
    names = [column.name for column in database.tables()[table].columns if not column.is_computed]
    lines: list[str] = []
    count = 0
    for rowid, *values in database.rows(table, names):
        count += 1
        if len(lines) < _MOST_ROWS:
            found = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            lines.append(f"row {rowid}: {json.dumps(found, ensure_ascii=False, default=raw_text)}")
    text = f"{words}, in table {table}; rows as they are stored, their meaning is not read"
    if count > len(lines):
        text += f"; of {count} rows the first"
    notes.listing(text, table, lines)


def what_is(unread: Unread) -> str | None:
    """See ``forensics.parser.KnowsOthers``; of files in WhatsApp's folders or with its form's extension."""
    name = PurePosixPath(unread.path.split("!/")[0].replace("\\", "/")).name.lower()
    if unread.kind == "sqlite":
        for tables, words in _BY_TABLES:
            if tables <= unread.names:
                return f"WhatsApp's {words}"
    is_whatsapp = "whatsapp" in unread.path.lower() or ".crypt" in name
    if not is_whatsapp:
        return None
    if unread.kind == "zip" and _MESSAGES_OF_INCREMENT in unread.names:
        return "WhatsApp's incremental backup, whose messages have a form that is not known"
    if unread.kind == "zip" and unread.names and all(each.endswith(_PICTURES) for each in unread.names):
        return f"a backup of WhatsApp with {len(unread.names)} pictures (stickers or wallpapers)"
    for start, words in _BY_NAME:
        if name.startswith(start):
            return f"a backup of WhatsApp with {words}, by its name"
    return None
