"""Fills people and conversations from the small tables of Postbox, and lists what has no record of its own.

Source: Telegram reference 5.2 (t0, t2, t9, t14, t16, t54), and CachedGroupData, CachedUserData,
CachedChannelData, TelegramDeviceContactImportedData and ImportableDeviceContactData of
TelegramMessenger/Telegram-iOS for t18 and the values of t54 ("from source"). A peer is neither a contact nor
somebody who was spoken to: it is whom the app has seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forensics.fields import Row, Table
from forensics.formats.postbox import Node
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_postbox_chats import Chats, read_states
from parsers.telegram_postbox_ids import Hole, Listed, handle_of, hole, kind_of, listed
from parsers.telegram_postbox_index import MessageIndex
from parsers.telegram_postbox_message import read_part
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_postbox_tables import (
    ADDRESS_BOOK,
    CHAT_LIST,
    CONTACTS,
    DETAILS,
    HOLES,
    PEERS,
    READ_STATES,
)

_SECRET = 3
_ARCHIVE = 1
# So many rows of a small table that are not whole are shown with their bytes; all are counted.
_MOST_SHOWN = 200


class Directory:
    """Reads the small tables of one database."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._database = installation.database
        self._notes = notes
        self._bad_rows: Counter[str] = Counter()

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a declared table, none where it is absent."""
        bound = table.bind(self._database, self._notes.doubt(table.name))
        return iter(()) if bound is None else bound.rows()

    def node(self, table: str, name: object, value: bytes | None) -> Node | None:
        """The object of a row; what is wrong with it becomes a notice with its bytes."""
        if not value:
            return None
        part = read_part(value)
        if part.problems:
            self._bad_rows[table] += 1
            if self._bad_rows[table] > _MOST_SHOWN:
                self._notes.count(f"further row of {table} that is not whole")
                return part.node
        for each in part.problems:
            raw = value if each.raw is None else each.raw
            place = "" if part.node is None else f" at offset {each.offset}"
            self._notes.add("doubt", f"row {name} of {table}: {each.text}{place}", table, raw=raw)
        return part.node

    def people(self, people: PostboxPeople, chats: Chats) -> None:
        """Users, groups, channels and secret chats, and the names that the owner's address book has."""
        contacts = {row[1] for row in self.rows(CONTACTS)}
        for row in self.rows(PEERS):
            node = self.node(PEERS.name, row[1], row[2])
            if node is not None and row[1] is not None:
                people.add_peer(row[1], node, is_contact=row[1] in contacts)
                chats.describe(row[1], node)
        self._address_book(people)
        lines = [people.person(each).spoken for each in sorted(contacts - {None})]
        self._notes.listing("contacts within Telegram", CONTACTS.name, lines)
        self._notes.listing("public groups and channels", PEERS.name, list(chats.public()))
        words = "groups and channels that the owner is not in"
        self._notes.listing(words, PEERS.name, list(chats.left()))

    def _address_book(self, people: PostboxPeople) -> None:
        known, lines = people.by_phone(), []
        for _rowid, key, value in self.rows(ADDRESS_BOOK):
            number = (key or b"")[1:].decode("utf-8", "replace")
            node = self.node(ADDRESS_BOOK.name, number, value)
            card = node.child("d") if node is not None else None
            name = " ".join(part for part in (card.text("f"), card.text("l")) if part) if card else ""
            peer = node.number("pid") if node is not None else None
            person = people.person(peer) if peer else known.get("".join(filter(str.isdigit, number)))
            if person is not None and name:
                people.first(person, name)
            lines.append(f"{number}: {name or 'no name'}")
        self._notes.listing("address book, as the app took it over", ADDRESS_BOOK.name, lines)

    def details(self, people: PostboxPeople, chats: Chats) -> None:
        """Members of basic groups, and what people and chats say of themselves."""
        lines = []
        for _rowid, peer, value in self.rows(DETAILS):
            node = self.node(DETAILS.name, peer, value)
            if node is None or peer is None:
                continue
            members = node.child("p")
            for each in members.children("p") if members is not None else ():
                key = each.number("i")
                if key is not None:
                    chats.join(chats.at(peer), people.person(key))
            about = node.text("a") or node.text("ab")
            if about:
                lines.append(f"{people.person(peer).spoken}: “{about}”")
        self._notes.listing("what people and chats say about themselves", DETAILS.name, lines)

    def read_states(self, people: PostboxPeople, chats: Chats) -> None:
        """How far each chat was read."""
        lines = []
        for _rowid, peer, value in self.rows(READ_STATES):
            states = read_states(value) if value else []
            if states is None or peer is None:
                text = f"row {peer} of {READ_STATES.name} is no read state"
                self._notes.add("doubt", text, READ_STATES.name, raw=value)
                continue
            for state in states:
                chats.at(peer).states[state.namespace] = state
                how = "read up to the time" if state.is_by_time else "read up to"
                space = f" (namespace {state.namespace})" if state.namespace else ""
                lines.append(
                    f"{spoken(people, peer)}{space}: {how} {state.incoming}, {state.unread} unread; "
                    f"the other side up to {state.outgoing}"
                )
        self._notes.listing("how far chats were read up to", READ_STATES.name, lines)

    def chat_list(self) -> list[Listed]:
        """The list of chats."""
        found = []
        for _rowid, key, value in self.rows(CHAT_LIST):
            row = listed(key or b"", value or b"")
            if row is None:
                self._notes.add(
                    "doubt", f"a row of {CHAT_LIST.name} that is no chat", CHAT_LIST.name, raw=key
                )
            else:
                found.append(row)
        return found

    def holes(self) -> list[Hole]:
        """The ranges that were never downloaded."""
        found = []
        for _rowid, key, value in self.rows(HOLES):
            row = hole(key or b"", value or b"")
            if row is None:
                self._notes.add("doubt", f"a row of {HOLES.name} that is no range", HOLES.name, raw=key)
            else:
                found.append(row)
        return found

    def settle(self, chats: Chats, people: PostboxPeople, rows: list[Listed], index: MessageIndex) -> None:
        """Make every chat known that is listed or has messages. One whose messages are newer than where the
        list ends, and that is not in it, is no longer shown; a group that became a supergroup is shown
        there."""
        listed_peers = {each.peer for each in rows if not each.is_hole}
        loaded_from = max((each.time for each in rows if each.is_hole), default=0)
        for each in rows:
            if not each.is_hole:
                chats.at(each.peer)
        hidden = []
        for peer in index.peers():
            chat = chats.at(peer)
            is_missing = bool(listed_peers) and peer not in listed_peers
            if is_missing and chats.moved_to(peer) is None and index.latest(peer) > loaded_from:
                chat.is_hidden = True
                count = index.count(peer)
                words = f"{count} message{'s' if count > 1 else ''}"
                hidden.append(f"{spoken(people, peer)}: {words}")
        text = "removed, or only looked at: chats with messages that are not in the list of chats"
        self._notes.listing(text, CHAT_LIST.name, hidden)
        archived = [spoken(people, each.peer) for each in rows if each.group == _ARCHIVE and not each.is_hole]
        self._notes.listing("chats that are archived", CHAT_LIST.name, archived)


def spoken(people: PostboxPeople, peer: int) -> str:
    """A chat for a person: by its name where it has one."""
    return handle_of(peer) if kind_of(peer) == _SECRET else people.person(peer).spoken
