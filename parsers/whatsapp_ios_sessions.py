"""The conversations of WhatsApp on iOS: sessions, members of groups, drafts that were never sent.

Source: WhatsApp reference 3.3. What kind a conversation is says its jid; ZSESSIONTYPE only that a group is a
community (not verified). A session with ZREMOVED is a deleted chat: the app does not show its messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import readable_mac_instant
from forensics.model import Message
from forensics.parser import Installation
from forensics.times import rfc3339
from parsers.notes import Notes
from parsers.whatsapp_conversations import Chat, Chats
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_ios_codes import COMMUNITY_SESSION
from parsers.whatsapp_ios_people import plain_name
from parsers.whatsapp_ios_tables import GROUP, MEMBER, MEMBERS_CHANGE, SESSION
from parsers.whatsapp_people import People


class Sessions:
    """The sessions of one database, filled into ``chats`` by their Z_PK."""

    def __init__(self, installation: Installation, people: People, chats: Chats, notes: Notes) -> None:
        self._installation = installation
        self._people = people
        self._chats = chats
        self._notes = notes
        self._drafts: list[tuple[int, str, Chat]] = []
        # Z_PK of sessions that the app does not show
        self.removed: set[int] = set()
        # Z_PK of ZWAGROUPMEMBER -> jid; None where none is stored
        self.members: dict[int, str | None] = {}
        self._read_sessions()
        self._read_members()
        self._read_groups()

    def _read_sessions(self) -> None:
        accounting = self._installation.account_for(SESSION.name)
        for row in all_rows(self._installation.database, SESSION, self._notes):
            rowid, jid, name, kind, is_removed, draft = row
            accounting.rows += 1
            chat = self._chat(rowid, jid)
            if kind == COMMUNITY_SESSION and chat.kind == "group":
                chat.kind = "community"
            if chat.kind not in ("direct", "self"):
                chat.title = chat.title or plain_name(name) or name
            if rowid is not None:  # a table without row ids: no message names such a session
                self._chats.by_row[rowid] = chat
            if is_removed == 1 and rowid is not None:
                self.removed.add(rowid)
            if draft and rowid is not None:
                self._drafts.append((rowid, draft, chat))
            elif draft:
                accounting.failed += 1
                text = (
                    f"a row of {SESSION.name} has no row id: its draft has no place that a record could name"
                )
                self._notes.add("failed", text, SESSION.name, raw=draft)
            else:
                accounting.skip("conversation")
        if self.removed:
            text = f"{len(self.removed)} conversations were deleted; what is left of them is read as hidden"
            self._notes.add("info", text, SESSION.name, raw=", ".join(map(str, sorted(self.removed))))

    def _chat(self, rowid: int, jid: str | None) -> Chat:
        if jid:
            return self._chats.with_jid(jid)
        text = f"row {rowid} of {SESSION.name} has no jid: whose conversation it is, is not known"
        self._notes.add("doubt", text, SESSION.name, rowid)
        chat = self._chats.at(rowid)
        chat.is_gone = False
        return chat

    def _read_members(self) -> None:
        for row in all_rows(self._installation.database, MEMBER, self._notes):
            rowid, session, jid, _name, _is_active, _is_admin = row
            self.members[rowid] = jid
            person, chat = self._people.person(jid), self._chats.by_row.get(session)
            if person is not None and chat is not None and chat.kind in ("group", "community"):
                chat.members[person.id] = None

    def _read_groups(self) -> None:
        """When groups were made and by whom, and how their members changed."""
        made = []
        for _rowid, session, at, jid in all_rows(self._installation.database, GROUP, self._notes):
            chat = self._chats.by_row.get(session)
            if at is not None or jid:
                who = self._spoken(jid) if jid else "somebody (who is not stored)"
                handle = chat.handle if chat is not None else f"session {session}"
                made.append(f"{handle}: created {_when(at)} by {who}")
        self._notes.listing("groups with when they were created, and by whom", GROUP.name, made)
        changes = [
            f"{group}: change {kind}, {_when(at)}, {jids}"
            for _rowid, kind, at, group, jids in all_rows(
                self._installation.database, MEMBERS_CHANGE, self._notes
            )
        ]
        text = "changes in members of groups; what the codes mean is not known"
        self._notes.listing(text, MEMBERS_CHANGE.name, changes)

    def _spoken(self, jid: str) -> str:
        person = self._people.person(jid)
        return jid if person is None else person.spoken

    def drafts(self) -> Iterator[Message]:
        """Texts that were typed and not sent: a session holds one, without a time."""
        account, owner = self._people.account, self._people.owner.id
        accounting = self._installation.account_for(SESSION.name)
        for rowid, text, chat in self._drafts:
            accounting.messages += 1
            yield Message(
                id=self._installation.place.message(SESSION.name, rowid),
                app=account.app,
                platform=account.platform,
                account=account.id,
                conversation=chat.id,
                conversation_kind=chat.kind,
                sender=owner,
                from_owner=True,
                kind="text",
                status="draft",
                text=text,
                state="hidden" if rowid in self.removed else "live",
                source=self._installation.source(SESSION.name, rowid),
            )


def _when(value: float | None) -> str:
    instant, _doubt = readable_mac_instant(value)
    return rfc3339(instant) or f"at {value}"
