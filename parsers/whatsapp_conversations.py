"""The conversations of WhatsApp on Android: what kind they are, who is in them, what the app no longer shows.

Source: WhatsApp reference 2.2 (chat_list, group_participants), 2.3 (chat, group_participant_user,
newsletter), 2.4 (a chat of a LID and one of its number are one conversation) and 2.7 (pending deletion; the
limits are those of the app's own view available_message_view, seen).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.formats.sqlite import Database
from forensics.identity import conversation_id
from forensics.model import Conversation
from parsers.conversation import conversation_record
from parsers.notes import Notes
from parsers.whatsapp_codes import COMMUNITY_PARENT
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_people import PERSON_SERVERS, People, split_jid
from parsers.whatsapp_tables import (
    CHAT,
    CHAT_LIST,
    DELETED_CHAT_JOB,
    GROUP_PARTICIPANT_USER,
    GROUP_PARTICIPANTS,
    GROUP_PAST_PARTICIPANT_USER,
    MESSAGE,
    NEWSLETTER,
)

# The app's own view has this for a limit that is NULL.
_NO_LIMIT = 1
UNKNOWN = "unknown"
# What a row of ``jid`` without a user leaves: the conversations of two of them are two.
_NOT_A_JID = frozenset({"", *PERSON_SERVERS, "g.us", "newsletter", "broadcast"})


@dataclass(frozen=True, slots=True)
class DeletionJob:
    """Up to which row ids of a chat the messages wait for deletion and are not shown any more."""

    chat: int | None
    plain: int
    starred: int
    plain_of_categories: int
    starred_of_categories: int
    categories: str | None
    single: frozenset[int]

    def hides(self, rowid: int, message_type: int | None, starred: bool) -> bool:
        """As available_message_view decides it; categories are quoted type codes in a text."""
        if rowid in self.single or rowid <= (self.starred if starred else self.plain):
            return True
        limit = self.starred_of_categories if starred else self.plain_of_categories
        return self.categories is not None and f'"{message_type}"' in self.categories and rowid <= limit


@dataclass(slots=True)
class Chat:
    """A conversation as the messages need it. ``partner`` is the other one of a direct conversation."""

    id: str
    kind: str
    handle: str | None
    title: str | None = None
    partner: str | None = None
    is_gone: bool = False
    jobs: list[DeletionJob] = field(default_factory=list)
    members: dict[str, None] = field(default_factory=dict)

    def state(self, rowid: int, message_type: int | None, starred: bool, chat_row: int | None = None) -> str:
        """``hidden`` where the app does not show the message: its chat is gone or its deletion is pending.
        A job is of one row of ``chat``, and a conversation may have two (a LID's and its number's)."""
        jobs = (job for job in self.jobs if chat_row is None or job.chat == chat_row)
        if self.is_gone or any(job.hides(rowid, message_type, starred) for job in jobs):
            return "hidden"
        return "live"


class Chats:
    """The conversations of one account, by row id of ``chat`` and by jid."""

    def __init__(self, people: People, notes: Notes) -> None:
        self._people = people
        self._notes = notes
        self.by_row: dict[int, Chat] = {}
        self._by_handle: dict[str, Chat] = {}
        self._merged: list[str] = []
        self._has_table = True

    def at(self, rowid: int | None) -> Chat:
        """The chat of that row; one that is gone keeps its messages together."""
        chat = self.by_row.get(rowid) if rowid is not None else None
        return chat or self._lost(rowid)

    def _lost(self, rowid: int | None) -> Chat:
        key = f"chat row {rowid}"
        chat = self._by_handle.get(key)
        if chat is None:
            chat = Chat(conversation_id(self._people.account.id, key), UNKNOWN, None, is_gone=self._has_table)
            self._by_handle[key] = chat
            if rowid is not None:
                self.by_row[rowid] = chat
        return chat

    def known(self, jid: str | None) -> Chat | None:
        """The conversation with that jid, where there is one."""
        return self._by_handle.get(self._people.handle(jid)) if jid else None

    def with_jid(self, jid: str | None) -> Chat:
        """The conversation with that jid, made on first use."""
        if not jid:
            return self._lost(None)
        handle = self._people.handle(jid)
        chat = self._by_handle.get(handle)
        if chat is None:
            chat = Chat(conversation_id(self._people.account.id, handle), self._kind(handle), handle)
            self._by_handle[handle] = chat
            self._join(chat, handle)
        return chat

    def _kind(self, handle: str) -> str:
        user, server = split_jid(handle)
        if server in PERSON_SERVERS:
            return "self" if self._people.person(handle) is self._people.owner else "direct"
        if server == "broadcast":
            return "status" if user == "status" else "broadcast"
        return {"g.us": "group", "newsletter": "channel"}.get(server, UNKNOWN)

    def _join(self, chat: Chat, handle: str) -> None:
        if chat.kind in ("direct", "self"):
            chat.members[self._people.owner.id] = None
            partner = self._people.person(handle)
            if partner is not None:
                chat.partner = partner.id
                chat.members[partner.id] = None

    def read(self, database: Database) -> None:
        """All chats of the database, with their members and what of them waits for deletion."""
        self._has_table = database.has(CHAT.name) or not database.has(MESSAGE.name)
        if not self._has_table:
            text = f"no table {CHAT.name}: whose the conversations are is not known, nor what was hidden"
            self._notes.add("doubt", text, CHAT.name)
        for rowid, jid_row, subject, group_type, _account in all_rows(database, CHAT, self._notes):
            self._add(rowid, jid_row, subject, group_type)
        self._notes.listing(
            "chats that are stored under a LID and read as the conversation with its number",
            CHAT.name,
            self._merged,
        )
        for _rowid, jid, subject in all_rows(database, CHAT_LIST, self._notes):
            chat = self.with_jid(jid)
            chat.title = chat.title or subject
        for _rowid, chat_row, name in all_rows(database, NEWSLETTER, self._notes):
            chat = self.by_row.get(chat_row) or self._lost(chat_row)
            chat.title = chat.title or name
        self._read_members(database)
        self._read_former_members(database)
        self._read_jobs(database)

    def _add(
        self, rowid: int | None, jid_row: int | None, subject: str | None, group_type: int | None
    ) -> None:
        jid = self._people.handles.get(jid_row) if jid_row is not None else None
        if jid is None or jid in _NOT_A_JID:
            what = "gone" if jid is None else "blank" if not jid else f"“{jid}” alone and nobody's"
            self._notes.add(
                "doubt", f"chat {rowid} names jid row {jid_row}, which is {what}", CHAT.name, rowid
            )
            chat = self._lost(rowid)
            chat.is_gone = False
        else:
            chat = self.with_jid(jid)
            if chat.handle != jid:
                self._merged.append(f"chat {rowid}: {jid} {chat.handle}")
        if group_type == COMMUNITY_PARENT:
            chat.kind = "community"
        chat.title = chat.title or subject
        if rowid is not None:  # a table without row ids: no message names such a chat
            self.by_row[rowid] = chat

    def _read_members(self, database: Database) -> None:
        for _rowid, group, user in all_rows(database, GROUP_PARTICIPANT_USER, self._notes):
            chat = self.known(self._people.handles.get(group))
            person = self._people.at(user)
            if chat is not None and person is not None:
                chat.members[person.id] = None
        for _rowid, group_jid, jid in all_rows(database, GROUP_PARTICIPANTS, self._notes):
            chat = self.known(group_jid)
            # An empty jid is the owner (reference 2.2).
            person = self._people.owner if jid == "" else self._people.person(jid)
            if chat is not None and person is not None:
                chat.members[person.id] = None

    def _read_former_members(self, database: Database) -> None:
        lines = []
        for _rowid, group, user, is_leave, at in all_rows(database, GROUP_PAST_PARTICIPANT_USER, self._notes):
            person = self._people.at(user)
            who = person.spoken if person is not None else f"jid row {user}"
            how = {0: "removed", 1: "left"}.get(is_leave, "left or was removed")
            lines.append(f"{self._people.handles.get(group, f'jid row {group}')}: {who}, {how}, {at} ms")
        self._notes.listing("former members of groups", GROUP_PAST_PARTICIPANT_USER.name, lines)

    def _read_jobs(self, database: Database) -> None:
        names = [column.name for column in DELETED_CHAT_JOB.columns]
        for row in all_rows(database, DELETED_CHAT_JOB, self._notes):
            rowid, chat_row, *limits, categories, single = row
            plain, starred, of_plain, of_starred = (_NO_LIMIT if limit is None else limit for limit in limits)
            numbers = frozenset(int(part) for part in _numbers(single))
            job = DeletionJob(chat_row, plain, starred, of_plain, of_starred, categories, numbers)
            self.at(chat_row).jobs.append(job)
            text = f"messages of chat {chat_row} wait for deletion: cleared by the user, rows still present"
            self._notes.add(
                "info",
                text,
                DELETED_CHAT_JOB.name,
                rowid,
                raw=json.dumps(dict(zip(names, row[1:], strict=True))),
            )

    def conversations(self) -> Iterator[Conversation]:
        """All conversations known by now, by identifier."""
        account = self._people.account
        for key in sorted(self._by_handle):
            chat = self._by_handle[key]
            yield conversation_record(
                account, chat, chat.title or self._people.group_names.get(key), chat.handle
            )


def _numbers(text: str | None) -> list[str]:
    """The row ids in a list such as ``[12,13]`` or ``12,13``."""
    if not text:
        return []
    parts = "".join(
        character if character.isascii() and character.isdigit() else " " for character in text
    ).split()
    return [part for part in parts if len(part) < 19]
