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
_COLUMNS = (
    *("ZCHATSESSION", "ZSTANZAID", "ZGROUPMEMBER", "ZMESSAGETYPE", "ZGROUPEVENTTYPE", "ZSORT"),
    *("ZFROMJID", "ZTOJID", "ZPUSHNAME", "ZISFROMME"),
)


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

    def _blobs(self, table: str, column: str) -> Iterator[bytes]:
        if self._database.has(table, column):
            for _rowid, blob in self._database.rows(table, (column,)):
                if isinstance(blob, bytes):
                    yield blob

    def _pass_media(self) -> None:
        for blob in self._blobs(MEDIA.name, "ZMETADATA"):
            if _TAG_QUOTED_ID in blob or not self._names_only_known(blob):
                found = read_metadata(blob)
                if found.quoted_id:
                    self._quoted.add(found.quoted_id)
                self._know(found.quoted_author)
                self._know(found.forwarder)

    def _pass_receipts(self) -> None:
        for blob in self._blobs(INFO.name, "ZRECEIPTINFO"):
            if self._names_only_known(blob):
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
        if not self._database.has(MESSAGE.name):
            return
        known, quoted, order = self._chats.by_row, self._quoted, self.order
        named: set[object] = set()
        for row in self._database.rows(MESSAGE.name, _COLUMNS):
            rowid, session, key, member, kind, event, sort, from_jid, to_jid, pushed, from_me = row
            if session not in known:
                self._lost_session(from_jid, to_jid, from_me)
            elif isinstance(sort, int):
                if session not in order:
                    order[session] = array("q")
                order[session].append(sort)
            if key in quoted:
                chat = known.get(session)
                target = Target(
                    rowid, "" if chat is None else chat.id, kind if isinstance(kind, int) else None
                )
                self._targets.setdefault(str(key), []).append(target)
            if pushed is not None and (member, session, pushed) not in named:
                named.add((member, session, pushed))
                self._push_name(session, member, pushed, from_me)
            if kind == GROUP_EVENT and event in PEOPLE_IN_TEXT:
                self._people_in_text(rowid)

    def _lost_session(self, from_jid: object, to_jid: object, from_me: object) -> None:
        """A message whose session is gone belongs to the conversation that it names itself."""
        jid = to_jid if from_me == 1 else from_jid
        if isinstance(jid, str) and jid:
            self._chats.with_jid(jid)

    def _push_name(self, session: object, member: object, pushed: object, from_me: object) -> None:
        name = plain_name(pushed) if isinstance(pushed, str) and from_me == 0 else None
        if name is None:
            return
        if isinstance(member, int) and member in self._sessions.members:
            self._people.name(self._sessions.members[member], name, PUSH_NAME)
            return
        chat = self._chats.by_row.get(session) if isinstance(session, int) else None
        if member is None and chat is not None and chat.kind == "direct":
            self._people.name(chat.handle, name, PUSH_NAME)

    def _people_in_text(self, rowid: int) -> None:
        row = self._database.row(MESSAGE.name, rowid)
        text = row.get("ZTEXT") if row is not None else None
        for jid in jids_in_text(text) if isinstance(text, str) else ():
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
