"""Telegram on iOS and macOS: Postbox, a key-value store in SQLite, plain or SQLCipher.

Files (Telegram reference 1 and 5): ``telegram-data/account-<id>/postbox/db/db_sqlite`` in the app group of
the phone, ``account-<id>/postbox/db/db_sqlite`` below Group Containers/6N38VWS5BX.ru.keepcoder.Telegram/
{appstore,stable} on the Mac, one for each account; beside it ``postbox/media``, and above it the key of the
databases, ``.tempkeyEncrypted``. The tables decide, never the name. Every object says what it is by the hash
of its type's name; one that is not known costs that object and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.formats.sqlite import Database
from forensics.model import Record
from forensics.parser import EncryptedForm, Installation
from parsers.notes import Notes
from parsers.telegram_postbox_account import find_owner, make_account
from parsers.telegram_postbox_chats import Chats
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_directory import Directory
from parsers.telegram_postbox_drafts import draft_chats
from parsers.telegram_postbox_files import Files
from parsers.telegram_postbox_folders import folders
from parsers.telegram_postbox_index import MessageIndex
from parsers.telegram_postbox_key import FORMS
from parsers.telegram_postbox_message import is_message
from parsers.telegram_postbox_pass import MessagePass
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_postbox_shared import SharedMedia
from parsers.telegram_postbox_stories import MEANINGS as STORY_MEANINGS
from parsers.telegram_postbox_stories import story_tables
from parsers.telegram_postbox_tables import CONTEXT_TABLES, MEANINGS, MESSAGES, PEERS, READ_TABLES
from parsers.telegram_postbox_topics import topic_tables, topic_titles
from parsers.telegram_postbox_words import Words
from parsers.unread_tables import unread_tables

_MESSAGES_ROLE = "messages"
# The client keeps more in the same kind of store (its accounts, its statistics): known, and without messages.
_OTHER_ROLE = "store"
# The table that the store itself makes in every one of its databases (SqliteValueBox, "from source").
_OF_EVERY_STORE = "__meta_fulltext_tables"
# What only the paths of a Mac have, and those of a phone.
_OF_A_MAC = re.compile(
    r"/group containers/|6n38vws5bx\.ru\.keepcoder\.telegram|/(?:appstore|stable)/account-\d+/"
)
_OF_A_PHONE = re.compile(r"/telegram-data/|/appgroup/|appdomaingroup-")
# The Mac encrypts, phones do not in practice (reference 5.1): all there is to go by where a path is silent.
_DECRYPTED = ".decrypted"


class TelegramPostbox:
    """See ``forensics.parser.Parser`` and ``SeveralPlatforms``."""

    name = "telegram_postbox"
    app = "telegram"
    platform = "ios"
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/postbox/db/db_sqlite$")
    forms: Sequence[EncryptedForm] = FORMS
    message_tables = frozenset({MESSAGES.name})
    side_tables: frozenset[str] = frozenset()
    context_tables = CONTEXT_TABLES

    def role(self, database: Database) -> str | None:
        """By the numbered tables of keys and values: peers have numbers as keys, messages bytes."""
        if not all(database.has(table.name, "key", "value") for table in (PEERS, MESSAGES)):
            is_store = database.has(_OF_EVERY_STORE, "name") and not database.has(MESSAGES.name)
            return _OTHER_ROLE if is_store else None
        tables = database.tables()
        keys = {name: tables[name].column("key") for name in (PEERS.name, MESSAGES.name)}
        declared = {name: column.declared_type.upper() for name, column in keys.items() if column is not None}
        is_postbox = declared == {PEERS.name: "INTEGER", MESSAGES.name: "BLOB"}
        return _MESSAGES_ROLE if is_postbox else None

    def table_of(self, values: Sequence[object]) -> str | None:
        """See ``forensics.parser.KnowsRows``: t7 and other tables have the same two columns."""
        return MESSAGES.name if len(values) == 2 and is_message(*values) else None

    def wants(self, path: str) -> bool:
        """No small file is needed but the key, which is no business of the reader."""
        return False

    def application(self, path: str) -> str:
        """One app."""
        return self.app

    def platform_at(self, path: str) -> str:
        """A Mac keeps the containers of its apps below Group Containers, and encrypts."""
        lower = f"/{path.lower()}"
        if _OF_A_MAC.search(lower) is not None:
            return "macos"
        is_mac = lower.endswith(_DECRYPTED) and _OF_A_PHONE.search(lower) is None
        return "macos" if is_mac else self.platform

    def schema(self, database: Database) -> str:
        """The version of the store; the objects in it say themselves what they are."""
        if not database.has(MESSAGES.name):
            return "a store of the client without messages"
        return f"Postbox, user_version {database.user_version}"

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; notices come where they arise."""
        notes, database = Notes(installation.source()), installation.database
        directory = Directory(installation, notes)
        _note_platform(installation.path, notes)
        owner = find_owner(installation, directory, notes)
        account = make_account(installation, self.app, self.platform_at(installation.path), owner)
        yield account
        people = PostboxPeople(account, owner.key)
        chats = Chats(people)
        directory.people(people, chats)
        directory.details(people, chats)
        directory.read_states(people, chats)
        listed = directory.chat_list()
        index, words = MessageIndex(database), Words(database, notes)
        directory.settle(chats, people, listed, index)
        for peer in (*words.peers(), *draft_chats(directory)):
            chats.at(peer)
        context = Context(
            installation=installation,
            people=people,
            chats=chats,
            files=Files(installation.media),
            notes=notes,
            index=index,
            shared=SharedMedia(database, index, notes),
            words=words,
            topics=topic_titles(database, notes),
        )
        if not installation.is_recovered:
            folders(directory, people, notes)
            read = {*READ_TABLES, *topic_tables(database), *story_tables(database)}
            unread_tables(database, notes, read, {**MEANINGS, **STORY_MEANINGS})
        yield from chats.conversations()
        yield from people.participants()
        yield from notes.drain()
        yield from MessagePass(context, directory.holes(), listed).records()
        yield from notes.close()


def _note_platform(path: str, notes: Notes) -> None:
    """Say so where the platform does not follow from the path."""
    lower = f"/{path.lower()}"
    if _OF_A_MAC.search(lower) is not None or _OF_A_PHONE.search(lower) is not None:
        return
    why = "it was encrypted, as on the Mac" if lower.endswith(_DECRYPTED) else "it is plain, as on iOS"
    notes.add("doubt", f"the path does not say whether this is of a Mac or a phone: {why} (assumed)", None)
