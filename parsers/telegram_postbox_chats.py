"""The conversations of Postbox: what kind they are, who is in them, which are public, how far they were read.

Source: Telegram reference 5.2 (PeerId says the kind), 5.4; TelegramChannel and MessageHistoryReadStateTable
of TelegramMessenger/Telegram-iOS ("from source"): the key ``i.t`` tells a broadcast channel (0) from a
supergroup (1), ``ps`` whether the owner is in it (0), is not (1) or was removed (2); t14 has one read state a
namespace.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.formats.postbox import Node
from forensics.identity import conversation_id
from forensics.model import Conversation
from parsers.conversation import conversation_record
from parsers.telegram_people import TITLE, Person
from parsers.telegram_postbox_ids import CHANNEL, GROUP, SECRET, USER, handle_of, kind_of
from parsers.telegram_postbox_people import PostboxPeople, is_broadcast, usernames
from parsers.telegram_postbox_types import name_of

UNKNOWN = "unknown"
_WHERE = {1: "left, or never joined", 2: "removed"}
_count = struct.Struct("<i")
_state_head = struct.Struct("<ib")
_by_number = struct.Struct("<iiiii")
_by_time = struct.Struct("<iqiiiqiiii")


@dataclass(frozen=True, slots=True)
class ReadState:
    """How far a chat was read in one namespace: by the owner and by the other side, by number or by time."""

    namespace: int
    is_by_time: bool
    incoming: int
    outgoing: int
    unread: int


@dataclass(slots=True)
class Chat:
    """A conversation as its messages need it. ``partner`` is the other one of a direct or secret chat."""

    id: str
    kind: str
    peer: int
    partner: Person | None = None
    title: str | None = None
    states: dict[int, ReadState] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def has_own_numbers(self) -> bool:
        """Whether its messages are numbered by themselves, as those of channels and supergroups are."""
        return kind_of(self.peer) == CHANNEL

    def is_read(self, namespace: int, number: int, time: int) -> bool:
        """Whether the other side has read a message of the owner's."""
        state = self.states.get(namespace)
        if state is None:
            return False
        return (time if state.is_by_time else number) <= state.outgoing


class Chats:
    """The conversations of one account by PeerId."""

    def __init__(self, people: PostboxPeople) -> None:
        self._people = people
        self.by_peer: dict[int, Chat] = {}
        self.nodes: dict[int, Node] = {}

    def describe(self, peer: int, node: Node) -> None:
        """What t2 says of a group, channel or secret chat."""
        if kind_of(peer) != USER:
            self.nodes[peer] = node

    def at(self, peer: int) -> Chat:
        """The conversation with that peer, made on first use."""
        return self.by_peer.get(peer) or self._new(peer)

    def _new(self, peer: int) -> Chat:
        people = self._people
        chat = Chat(conversation_id(people.account.id, str(peer)), self._kind(peer), peer)
        self.by_peer[peer] = chat
        if chat.kind in ("direct", "self"):
            chat.partner = people.person(peer)
        elif chat.kind == "secret":
            node = self.nodes.get(peer)
            partner = node.number("r") if node is not None else None
            chat.partner = people.person(partner) if partner else None
        else:
            names = people.person(peer).names
            chat.title = next((each.name for each in names if each.source == TITLE), None)
        if chat.kind in ("direct", "self", "secret"):
            self.join(chat, people.owner)
        if chat.partner is not None:
            self.join(chat, chat.partner)
        return chat

    def _kind(self, peer: int) -> str:
        kind, node = kind_of(peer), self.nodes.get(peer)
        if kind == USER:
            return "self" if peer == self._people.owner_key else "direct"
        if kind == CHANNEL:
            known = node is not None and node.number("i.t") is not None
            return UNKNOWN if not known or node is None else "channel" if is_broadcast(node) else "group"
        return {GROUP: "group", SECRET: "secret"}.get(kind, UNKNOWN)

    def join(self, chat: Chat, person: Person) -> None:
        """A member of a conversation."""
        chat.members[person.id] = None

    def public(self) -> Iterator[str]:
        """One line for each group and channel that has a username: anybody can find and read it."""
        for peer, node in self._sorted():
            handles = " ".join(f"@{each}" for each in usernames(node))
            if handles and kind_of(peer) in (GROUP, CHANNEL):
                what = "channel" if is_broadcast(node) else "group"
                yield f"{what} {handle_of(peer)} “{node.text('t') or ''}” {handles}"

    def left(self) -> Iterator[str]:
        """One line for each group and channel in which the owner is not."""
        for peer, node in self._sorted():
            where = node.number("ps") if kind_of(peer) == CHANNEL else node.number("m")
            if where and kind_of(peer) in (GROUP, CHANNEL):
                what = "channel" if is_broadcast(node) else "group"
                words = _WHERE.get(where, f"unknown ({where})")
                yield f"{what} {handle_of(peer)} “{node.text('t') or ''}”: {words}"

    def moved_to(self, peer: int) -> int | None:
        """The supergroup that a basic group became, in which its messages are shown too."""
        node = self.nodes.get(peer)
        return node.number("mr.i") if node is not None and name_of(node) == "TelegramGroup" else None

    def _sorted(self) -> Iterator[tuple[int, Node]]:
        for peer in sorted(self.nodes):
            yield peer, self.nodes[peer]

    def conversations(self) -> Iterator[Conversation]:
        """All conversations known by now, by PeerId."""
        account = self._people.account
        for peer in sorted(self.by_peer):
            chat = self.by_peer[peer]
            yield conversation_record(account, chat, chat.title, handle_of(peer))


def read_states(value: bytes) -> list[ReadState] | None:
    """A value of t14; None for one that is not whole."""
    try:
        (count,) = _count.unpack_from(value)
        at, found = _count.size, []
        for _ in range(count):
            namespace, kind = _state_head.unpack_from(value, at)
            at += _state_head.size
            if kind == 0:
                incoming, outgoing, _known, unread, _flags = _by_number.unpack_from(value, at)
                at += _by_number.size
            else:
                incoming, _, _, _, outgoing, _, _, _, unread, _flags = _by_time.unpack_from(value, at)
                at += _by_time.size
            found.append(ReadState(namespace, kind != 0, incoming, outgoing, unread))
    except struct.error:
        return None
    return found
