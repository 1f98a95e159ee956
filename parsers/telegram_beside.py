"""What Telegram for Android keeps beside the messages: folders and archive of the list of chats, files that
were sent, keyboards of bots, pictures and GIFs that were used. Each is one notice that holds all its rows.

Source: the client's own tables in several copies of its source (DrKLO/Telegram, MessagesStorage; flags of
folders: MessagesController.DIALOG_FILTER_FLAG_*): "from source", fixtures only.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import BLOB, TEXT, Column, Table
from forensics.times import rfc3339
from parsers.notes import Notes
from parsers.telegram_directory import Directory
from parsers.telegram_files import file_name
from parsers.telegram_ids import dialog_id, is_folder
from parsers.telegram_listings import LISTED
from parsers.telegram_markup import buttons
from parsers.telegram_people import People
from parsers.telegram_remarks import instant
from parsers.telegram_tables import (
    CANNED,
    DIALOGS,
    MEDIA,
    MESSAGES,
    ORPHANS,
    PUSHED,
    SCHEDULED,
    SMALL_TABLES,
    STORIES,
    TOPICS,
)
from parsers.telegram_tl_value import Value

FOLDERS = Table("dialog_filter", (Column("id"), Column("ord"), Column("flags"), Column("title", TEXT)))
# Chats that a folder always shows (``pin`` says in which place those stand that are pinned), and never.
SHOWN = Table("dialog_filter_pin_v2", (Column("id"), Column("peer"), Column("pin")))
HIDDEN = Table("dialog_filter_ep", (Column("id"), Column("peer")))
# ``uid`` is the MD5 of where the file was on the phone, ``parent`` names the message that it was sent with.
SENT = Table(
    "sent_files_v2", (Column("uid", TEXT), Column("type"), Column("data", BLOB), Column("parent", TEXT))
)
KEYBOARDS = Table("bot_keyboard", (Column("uid"), Column("mid"), Column("info", BLOB)))
TOPIC_KEYBOARDS = Table("bot_keyboard_topics", (Column("uid"), Column("mid"), Column("info", BLOB)))
RECENT = Table(
    "web_recent_v3",
    (
        Column("id", TEXT),
        Column("type"),
        Column("image_url", TEXT),
        Column("local_url", TEXT),
        Column("date"),
        Column("document", BLOB),
    ),
)
TABLES = (FOLDERS, SHOWN, HIDDEN, SENT, KEYBOARDS, TOPIC_KEYBOARDS, RECENT)
# What stands in tables that are not read, where reference 2.4 says more than their names do.
MEANINGS = {
    "dialog_photos": "pictures of people",
    "params": "how far the app was synchronised",
    "saved_dialogs": "chats from which messages were saved",
}
# Every table that something reads, here or elsewhere.
READ = frozenset(
    (
        *(*MESSAGES, *TOPICS, *SCHEDULED, *CANNED, *MEDIA, *PUSHED, *STORIES, *ORPHANS),
        *(each.name for each in (*SMALL_TABLES, *LISTED, *TABLES)),
    )
)
_FLAGS = (
    *("contacts", "no contacts", "groups", "channels", "bots"),
    *("without muted ones", "without read ones", "without archived ones", "archived ones only"),
)
# ``pin`` of a chat that is shown and not pinned.
_NOT_PINNED = -(1 << 31)
_ARCHIVE = 1


def beside(directory: Directory, people: People, notes: Notes) -> None:
    """The notices."""
    notes.listing("folders of the list of chats", FOLDERS.name, list(_folders(directory, people)))
    archived = [
        people.person(dialog_id(dialog)).spoken
        for _rowid, dialog, _last, _outbox, folder in directory.rows(DIALOGS)
        if dialog is not None and folder == _ARCHIVE and not is_folder(dialog)
    ]
    notes.listing("chats in the archive", DIALOGS.name, archived)
    notes.listing("files that were sent from this phone", SENT.name, list(_sent(directory)))
    for table in (KEYBOARDS, TOPIC_KEYBOARDS):
        lines = list(_keyboards(directory, people, table))
        notes.listing("keyboards that bots showed last", table.name, lines)
    notes.listing("pictures and GIFs that were used", RECENT.name, list(_recent(directory)))


def _folders(directory: Directory, people: People) -> Iterator[str]:
    shown, hidden = dict[int, list[str]](), dict[int, list[str]]()
    for _rowid, folder, peer, pin in directory.rows(SHOWN):
        if folder is not None and peer is not None:
            pinned = "" if pin in (None, _NOT_PINNED) else " (pinned)"
            shown.setdefault(folder, []).append(f"{people.person(dialog_id(peer)).spoken}{pinned}")
    for _rowid, folder, peer in directory.rows(HIDDEN):
        if folder is not None and peer is not None:
            hidden.setdefault(folder, []).append(people.person(dialog_id(peer)).spoken)
    rows = sorted(directory.rows(FOLDERS), key=lambda row: (row[2] or 0, row[0] or 0))
    known = {row[1] for row in rows}
    for _rowid, number, _order, flags, title in rows:
        parts = [f"“{title or ''}” ({number}): {_kinds(flags)}"]
        parts += [f"with {', '.join(shown[number])}"] if number in shown else []
        parts += [f"never {', '.join(hidden[number])}"] if number in hidden else []
        yield "; ".join(parts)
    for number in sorted({*shown, *hidden} - known):
        names = ", ".join([*shown.get(number, ()), *(f"never {each}" for each in hidden.get(number, ()))])
        yield f"folder {number}, whose row is gone: {names}"


def _kinds(flags: int | None) -> str:
    """What kinds of chats a folder shows; bits without a known meaning as a number."""
    named = [words for bit, words in enumerate(_FLAGS) if (flags or 0) >> bit & 1]
    rest = (flags or 0) >> len(_FLAGS) << len(_FLAGS)
    return ", ".join([*named, *([f"flags {rest:#x}"] if rest else [])]) or "no kind of chats as such"


def _sent(directory: Directory) -> Iterator[str]:
    for rowid, key, kind, data, parent in directory.rows(SENT):
        value = directory.value(SENT.name, rowid, data)
        words = _medium(value) if value is not None else "a medium that is not known"
        with_what = parent or "a message that is not stored"
        yield f"{words}; type {kind}; sent with {with_what}; MD5 of its place {key}"


def _medium(media: Value) -> str:
    """A photo or a document by its number, name, kind and size."""
    file = media.child("document") or media.child("photo")
    if file is None:
        return media.name
    size, mime, name = file.number("size"), file.text("mime_type"), file_name(file)
    parts = [f"{file.name} {file.number('id')}", f"“{name}”" if name else None, mime]
    parts.append(f"{size} bytes" if size is not None else None)
    return ", ".join(each for each in parts if each)


def _keyboards(directory: Directory, people: People, table: Table) -> Iterator[str]:
    for rowid, dialog, number, data in directory.rows(table):
        words = buttons(directory.value(table.name, rowid, data)) or "no buttons"
        whose = people.person(dialog_id(dialog)).spoken if dialog is not None else "a chat that is not stored"
        yield f"{whose}, message {number}: {words}"


def _recent(directory: Directory) -> Iterator[str]:
    for rowid, key, kind, url, path, date, data in directory.rows(RECENT):
        document = directory.value(RECENT.name, rowid, data)
        name = file_name(document) if document is not None else None
        parts = [key, name, url, path, rfc3339(instant(date))]
        yield "; ".join([f"type {kind}", *(each for each in parts if each)])
