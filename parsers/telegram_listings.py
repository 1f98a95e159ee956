"""What is known beside the messages and has no record of its own: what people and chats say about themselves,
whom the owner looked for and wrote to most, who is blocked. Each becomes one notice that holds all its rows.

Source: Telegram reference 2.4 (users_data, user_settings, chat_settings_v2, search_recent, chat_hints).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import BLOB, REAL, TEXT, Column, Table
from parsers.notes import Notes
from parsers.telegram_directory import Directory
from parsers.telegram_ids import dialog_id
from parsers.telegram_people import People
from parsers.telegram_remarks import when
from parsers.telegram_tables import CHAT_SETTINGS

USERS_DATA = Table("users_data", (Column("uid"), Column("about", TEXT)))
USER_SETTINGS = Table("user_settings", (Column("uid"), Column("info", BLOB)))
SEARCHED = Table("search_recent", (Column("did"), Column("date")))
FREQUENT = Table("chat_hints", (Column("did"), Column("type"), Column("rating", REAL), Column("date")))
TELEGRAM_CONTACTS = Table("contacts", (Column("uid"), Column("mutual")))
BLOCKED = Table("blocked_users", (Column("uid"),))
LISTED = (USERS_DATA, USER_SETTINGS, SEARCHED, FREQUENT, TELEGRAM_CONTACTS, BLOCKED)


def listings(directory: Directory, people: People, notes: Notes) -> None:
    """The notices."""
    notes.listing(
        "what people and chats say about themselves", USERS_DATA.name, list(_about(directory, people))
    )
    notes.listing(
        "people and chats that the owner looked for",
        SEARCHED.name,
        [
            f"{_spoken(people, dialog)}: {when(date)}"
            for _rowid, dialog, date in directory.rows(SEARCHED)
            if dialog is not None
        ],
    )
    notes.listing(
        "people and chats that the app counts as frequent, with its rating",
        FREQUENT.name,
        [
            f"{_spoken(people, dialog)}: type {kind}, rating {rating}, {when(date)}"
            for _rowid, dialog, kind, rating, date in directory.rows(FREQUENT)
            if dialog is not None
        ],
    )
    for table, words in ((TELEGRAM_CONTACTS, "contacts within Telegram"), (BLOCKED, "blocked people")):
        lines = [_spoken(people, row[1]) for row in directory.rows(table) if row[1] is not None]
        notes.listing(words, table.name, lines)


def _spoken(people: People, dialog: int) -> str:
    return people.person(dialog_id(dialog)).spoken


def _about(directory: Directory, people: People) -> Iterator[str]:
    for _rowid, key, about in directory.rows(USERS_DATA):
        if key is not None and about:
            yield f"{_spoken(people, key)}: “{about}”"
    for table, sign in ((USER_SETTINGS, 1), (CHAT_SETTINGS, -1)):
        for rowid, key, info in directory.rows(table):
            # what is wrong with chat_settings_v2 was said when its members were read
            value = directory.value(table.name, rowid, info) if sign == 1 else directory.quiet(info)
            about = value.text("about") if value is not None else None
            if key is not None and about:
                yield f"{_spoken(people, sign * key)}: “{about}”"
