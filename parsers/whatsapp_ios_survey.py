"""One pass over an iOS database before its messages are read: everybody who is named, and what is quoted.

Source: WhatsApp reference 3.3 to 3.5. People and conversations must be known before the first message, so
the protobuf columns are looked through for jids; a blob in which no jid is new is not taken apart. Of a
message nothing is kept but the row ids of those that some row quotes, and its place in the order of its chat.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from forensics.fields import BLOB, TEXT, Column, Row, Table
from forensics.formats.sqlite import Database
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_ios_blobs import read_metadata, read_receipts, unpacked_number
from parsers.whatsapp_ios_codes import GROUP_EVENT, PEOPLE_IN_TEXT
from parsers.whatsapp_ios_people import plain_name
from parsers.whatsapp_ios_sessions import Sessions
from parsers.whatsapp_ios_tables import INFO, MEDIA, MESSAGE
from parsers.whatsapp_people import PUSH_NAME, People

_JID = re.compile(rb"[^\x00-\x20@]{1,64}@[0-9a-z.]{3,24}")
# Field 1 (tag 0A) with its length, and the mark of a packed number.
_PACKED = re.compile(rb"\x0a(.)\x81", re.DOTALL)
_TAG_QUOTED_ID = b"\x2a"
# The same columns as when the messages are read, mended alike; what is doubtful is told there.
_SURVEYED = Table(
    MESSAGE.name,
    (
        *(Column("ZCHATSESSION"), Column("ZSTANZAID", TEXT), Column("ZGROUPMEMBER"), Column("ZMESSAGETYPE")),
        *(Column("ZGROUPEVENTTYPE"), Column("ZSORT"), Column("ZFROMJID", TEXT), Column("ZTOJID", TEXT)),
        *(Column("ZPUSHNAME", TEXT), Column("ZISFROMME")),
    ),
)
_EVENT_TEXT = Table(MESSAGE.name, (Column("ZTEXT", TEXT),))
_METADATA = Table(MEDIA.name, (Column("ZMETADATA", BLOB),))
_RECEIPTS = Table(INFO.name, (Column("ZRECEIPTINFO", BLOB),))


def _no_doubt(_rowid: int, _column: str, _value: object, _problem: str) -> None:
    """What is doubtful is told when the rows are read, not here."""


class Target(NamedTuple):
    """A message that is quoted: its row and its conversation."""

    rowid: int
    chat: str
    message_type: int | None


class Survey:
    """What the rows name; it makes known all conversations and people before a message is read."""

    def __init__(self, database: Database, people: People, chats: Chats, sessions: Sessions) -> None:
        self._database = database
        self._people = people
        self._chats = chats
        self._sessions = sessions
        self._quoted: set[str] = set()
        self._targets: dict[str, list[Target]] = {}
        self._seen: set[bytes] = set()
        # the row ids of messages that are quoted
        self.quoted_rows: set[int] = set()
        # Z_PK of a session -> the numbers of its messages in ZSORT
        self.order: dict[int, array[int]] = {}
        self._pass_media()
        self._pass_receipts()
        self._pass_messages()

    def _names_only_known(self, blob: bytes) -> bool:
        """Whether every jid and packed number in a blob was made known before."""
        jids = _JID.findall(blob)
        if len(jids) != blob.count(b"@") or not self._seen.issuperset(jids):
            return False
        return all(
            blob[found.end() - 1 : found.end() - 1 + found[1][0]] in self._seen
            for found in _PACKED.finditer(blob)
        )

    def _know(self, jid: str | None) -> None:
        if jid and self._people.person(jid) is not None:
            self._seen.add(jid.encode("utf-8", "surrogatepass"))

    def _rows(self, table: Table) -> Iterator[Row]:
        bound = table.bind(self._database, _no_doubt)
        return iter(()) if bound is None else bound.rows()

    def _pass_media(self) -> None:
        for _rowid, blob in self._rows(_METADATA):
            if blob is None:
                continue
            if _TAG_QUOTED_ID in blob or not self._names_only_known(blob):
                found = read_metadata(blob)
                if found.quoted_id:
                    self._quoted.add(found.quoted_id)
                self._know(found.quoted_author)
                self._know(found.forwarder)

    def _pass_receipts(self) -> None:
        for _rowid, blob in self._rows(_RECEIPTS):
            if blob is None or self._names_only_known(blob):
                continue
            found = read_receipts(blob)
            for reaction in found.reactions:
                self._know(reaction.jid)
            for packed in found.recipients:
                number = unpacked_number(packed)
                if number is not None:
                    self._know(f"{number}@s.whatsapp.net")
                    self._seen.add(packed)

    def _pass_messages(self) -> None:
        known, quoted, order = self._chats.by_row, self._quoted, self.order
        named: set[tuple[int | None, int | None, str]] = set()
        for row in self._rows(_SURVEYED):
            rowid, session, key, member, kind, event, sort, from_jid, to_jid, pushed, from_me = row
            chat = known.get(session)
            if chat is None or chat.is_gone:
                self._lost_session(session, to_jid if from_me == 1 else from_jid)
            if chat is not None and sort is not None:
                if session not in order:
                    order[session] = array("q")
                order[session].append(sort)
            if key in quoted:
                chat = known.get(session)
                self.quoted_rows.add(rowid)
                self._targets.setdefault(key, []).append(Target(rowid, "" if chat is None else chat.id, kind))
            if pushed is not None and (member, session, pushed) not in named:
                named.add((member, session, pushed))
                self._push_name(session, member, pushed, from_me)
            if kind == GROUP_EVENT and event in PEOPLE_IN_TEXT:
                self._people_in_text(rowid)

    def _lost_session(self, session: int | None, jid: str | None) -> None:
        """A message whose session is gone belongs to the conversation that it names itself, if any."""
        if jid:
            self._chats.with_jid(jid)
        else:
            self._chats.at(session)

    def _push_name(self, session: int | None, member: int | None, pushed: str, from_me: int | None) -> None:
        name = plain_name(pushed) if from_me == 0 else None
        if name is None:
            return
        if member is not None:
            self._people.name(self._sessions.members.get(member), name, PUSH_NAME)
            return
        chat = self._chats.by_row.get(session) if session is not None else None
        if chat is not None and chat.kind == "direct":
            self._people.name(chat.handle, name, PUSH_NAME)

    def _people_in_text(self, rowid: int) -> None:
        bound = _EVENT_TEXT.bind(self._database, _no_doubt)
        for _rowid, text in bound.rows(where_rowid=(rowid, rowid)) if bound is not None else ():
            for jid in jids_in_text(text or ""):
                self._people.person(jid)

    def find(self, key: str, chat: str) -> Target | None:
        """The message of that key: in that conversation, or the only one that there is."""
        targets = self._targets.get(key, [])
        here = [target for target in targets if target.chat == chat]
        if len(here) == 1:
            return here[0]
        return targets[0] if len(targets) == 1 else None


def jids_in_text(text: str) -> list[str]:
    """Actor and people of an event: ``actor;user1,user2``."""
    return [part for each in text.split(";") for part in each.split(",") if "@" in part]
