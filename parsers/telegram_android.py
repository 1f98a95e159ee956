"""Telegram on Android: cache4.db of every generation, with the preferences and file_to_path.db.

Files (Telegram reference 1): ``files/cache4.db``, and ``files/account<N>/cache4.db`` for further accounts,
below /data/data/org.telegram.messenger or the package of a fork: the tables decide, never the package.
``shared_prefs/userconfing.xml`` and ``userconfig<N>.xml`` name the owner. Generations (2.1): table
``messages`` to user_version 83 (2021), ``messages_v2`` since. Every object says by its constructor id how it
is laid out, whatever the version of the database: one database mixes many layers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forensics.formats.sqlite import Database
from forensics.model import Record
from forensics.parser import EncryptedForm, Installation, SideFile
from parsers.notes import Notes
from parsers.telegram_account import drafts_name, find_owner, is_named, is_wanted, make_account
from parsers.telegram_beside import MEANINGS, READ, beside
from parsers.telegram_blobs import BlobReader
from parsers.telegram_chats import UNKNOWN, Chats
from parsers.telegram_context import Context
from parsers.telegram_directory import Directory
from parsers.telegram_drafts import draft_dialogs
from parsers.telegram_events import Surroundings
from parsers.telegram_files import FILES_ROLE, Files, files_source
from parsers.telegram_index import Index
from parsers.telegram_listings import listings
from parsers.telegram_pass import MessagePass
from parsers.telegram_people import People
from parsers.telegram_survey import index_of, survey
from parsers.telegram_tables import (
    CANNED,
    CANNED_NAMES,
    CONTEXT_TABLES,
    MESSAGE_TABLES,
    OLD_RANDOMS,
    RANDOMS,
    SCHEDULED,
    SIDE_TABLES,
)
from parsers.telegram_tl_schema import schema
from parsers.unread_tables import unread_tables

_MESSAGES_ROLE = "messages"


class TelegramAndroid:
    """See ``forensics.parser.Parser``."""

    name = "telegram_android"
    app = "telegram"
    platform = "android"
    # reference 2.1: message numbers are shared in channels and supergroups only, and a group may be either
    own_numbers = frozenset({"direct", "group", "self", "secret", "unknown"})
    main_role = _MESSAGES_ROLE
    main_path = re.compile(r"/cache4\.db$")
    # see KnowsPlaces (containers reference 6)
    places = frozenset(
        ("cache4.db", "userconf", "challegram", "exteragram", "mercurygram", "nagram", "nekogram")
    )
    forms: Sequence[EncryptedForm] = ()
    message_tables = MESSAGE_TABLES
    side_tables = SIDE_TABLES
    context_tables = CONTEXT_TABLES

    def role(self, database: Database) -> str | None:
        """By tables and columns that no other app has."""
        has_people = database.has("users", "uid", "data") or database.has("dialogs", "did")
        for table in ("messages_v2", "messages"):
            if has_people and database.has(table, "mid", "uid", "send_state", "data"):
                return _MESSAGES_ROLE
        return FILES_ROLE if database.has("paths", "document_id", "dc_id", "path") else None

    def wants(self, path: str) -> bool:
        """The preferences that name the owner, and the drafts."""
        return is_wanted(path)

    def application(self, path: str) -> str:
        """One app under every package."""
        return self.app

    def schema(self, database: Database) -> str:
        """The generation by the tables that are there."""
        old, new = database.has("messages", "mid", "data"), database.has("messages_v2", "mid", "data")
        if old and new:
            return "in migration: both tables, messages (to user_version 83) and messages_v2"
        if new:
            return "messages_v2 (since user_version 84)"
        return "messages (to user_version 83)" if old else "file_to_path"

    def record_files(self, installation: Installation) -> Sequence[SideFile]:
        """The drafts of the account (see ``forensics.parser.ReadsSideFiles``)."""
        name = drafts_name(installation.path)
        return [file for file in installation.side_files if is_named(file, name)]

    def read(self, installation: Installation) -> Iterator[Record]:
        """All records; notices come where they arise."""
        notes, blobs = Notes(installation.source()), BlobReader(schema())
        owner = find_owner(installation, blobs, notes)
        people = People(make_account(installation, self.app, owner), owner.key)
        if owner.key is not None and owner.value is not None:
            people.add_user(owner.key, owner.value, None)
        chats, directory = Chats(people), Directory(installation, blobs, notes)
        directory.people(people)
        directory.chats(chats, people)
        messages, copies = survey(installation.database)
        unsent = index_of(installation.database, SCHEDULED)
        _settle(installation.database, chats, blobs, (messages, copies, unsent))
        for dialog in draft_dialogs(installation):
            chats.at(dialog)
        file_notes = Notes(files_source(installation))
        if installation.database.has("messages_v2", "mid") and installation.database.has("messages", "mid"):
            text = "both messages and messages_v2 are there: a migration that did not end; both are read"
            notes.add("info", text, None)
        notes.listing("public channels and groups", "chats", chats.public())
        context = Context(
            installation=installation,
            blobs=blobs,
            people=people,
            chats=chats,
            files=Files(installation, file_notes, notes),
            notes=notes,
            messages=messages,
            copies=copies,
            around=Surroundings(people, _randoms(directory)),
            canned={row[1]: row[2] for row in directory.rows(CANNED_NAMES) if row[2]},
        )
        listings(directory, people, notes)
        beside(directory, people, notes)
        if not installation.is_recovered:
            unread_tables(installation.database, notes, READ, MEANINGS)
        if owner.key is not None and _has_canned(installation.database):
            chats.at(owner.key)
        yield people.account
        yield from chats.conversations()
        yield from people.participants()
        yield from file_notes.drain()
        yield from notes.drain()
        yield from MessagePass(context, directory).records()
        yield from notes.close()


def _has_canned(database: Database) -> bool:
    """Whether there are texts that are kept to be sent; they belong to no dialog but the owner's own."""
    return any(database.has(table) and database.count(table) for table in CANNED)


def _randoms(directory: Directory) -> dict[int, int]:
    """The messages of secret chats by their random ids."""
    return {row[1]: row[2] for table in (OLD_RANDOMS, RANDOMS) for row in directory.rows(table)}


def _settle(database: Database, chats: Chats, blobs: BlobReader, indexes: Sequence[Index]) -> None:
    """Make every dialog known that has messages; where ``chats`` has no row, a message tells the kind."""
    for index in indexes:
        for dialog in index.dialogs():
            if chats.at(dialog).kind != UNKNOWN:
                continue
            place = index.first(dialog, index.numbers(dialog)[0])
            row = database.row(*place) if place is not None else None
            data = row.get("data") if row is not None else None
            value = blobs.message(data).value if isinstance(data, bytes) else None
            chats.settle_kind(dialog, value)
