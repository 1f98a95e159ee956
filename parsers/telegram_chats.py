"""The conversations of Telegram on Android: what kind they are, who is in them, which are public.

Source: Telegram reference 2.3 (a group cannot be told from a channel by its id: the object in ``chats``
decides), 2.4 (members, topics, secret chats), 4.1 (a secret chat's partner stands in ``enc_chats``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.identity import conversation_id
from forensics.model import Conversation
from parsers.conversation import conversation_record
from parsers.telegram_ids import is_secret
from parsers.telegram_people import TITLE, People, Person, usernames
from parsers.telegram_tl_value import Value

UNKNOWN = "unknown"


@dataclass(slots=True)
class Chat:
    """A conversation as its messages need it. ``partner`` is the other one of a direct or secret chat."""

    id: str
    kind: str
    dialog: int
    partner: Person | None = None
    title: str | None = None
    read_up_to: int = 0
    # whether its messages are numbered by themselves, as those of channels and supergroups are
    has_own_numbers: bool = False
    members: dict[str, None] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)

    @property
    def speaks_itself(self) -> bool:
        """Whether a message without a sender is the chat's own: a post, or that of an anonymous admin."""
        return self.dialog < 0


class Chats:
    """The conversations of one account by dialog id."""

    def __init__(self, people: People) -> None:
        self._people = people
        self.by_dialog: dict[int, Chat] = {}
        self._objects: dict[int, Value] = {}
        self._public: list[str] = []

    def describe(self, key: int, title: str | None, value: Value | None) -> None:
        """A row of ``chats``: ``key`` is the negated id."""
        person = self._people.person(key)
        if value is not None:
            self._objects[key] = value
            title = value.text("title") or title
        self._people.name(person, title, TITLE)
        if value is None:
            return
        names = usernames(value)
        what = "channel" if value.has("broadcast") else "group"
        for each in names:
            self._people.username(person, each, f"username (public {what})")
        if names:
            handles = " ".join(f"@{each}" for each in names)
            self._public.append(f"{what} {key} “{title or ''}” {handles}")

    def at(self, dialog: int) -> Chat:
        """The conversation with that dialog id, made on first use."""
        return self.by_dialog.get(dialog) or self._new(dialog)

    def _new(self, dialog: int) -> Chat:
        people = self._people
        chat = Chat(conversation_id(people.account.id, str(dialog)), self._kind(dialog), dialog)
        self.by_dialog[dialog] = chat
        if chat.kind in ("direct", "self"):
            self.join(chat, people.owner)
            chat.partner = people.person(dialog)
            self.join(chat, chat.partner)
        elif dialog < 0:
            person = people.person(dialog)
            chat.title = next((each.name for each in person.names if each.source == TITLE), None)
            value = self._objects.get(dialog)
            chat.has_own_numbers = value is not None and value.name.startswith("channel")
        return chat

    def join(self, chat: Chat, person: Person) -> None:
        """A member of a conversation."""
        chat.members[person.id] = None

    def secret(self, dialog: int, partner: Person) -> None:
        """A row of ``enc_chats``."""
        chat = self.at(dialog)
        chat.partner = partner
        self.join(chat, self._people.owner)
        self.join(chat, partner)

    def _kind(self, dialog: int) -> str:
        if is_secret(dialog):
            return "secret"
        if dialog > 0:
            return "self" if dialog == self._people.owner_key else "direct"
        value = self._objects.get(dialog)
        return UNKNOWN if value is None else kind_of(value)

    def settle_kind(self, dialog: int, message: Value | None) -> None:
        """The kind of a chat that ``chats`` does not have, by a message of it."""
        chat = self.at(dialog)
        peer = message.child("peer_id") or message.child("to_id") if message is not None else None
        if message is None or peer is None or chat.kind != UNKNOWN:
            return
        if peer.name == "peerChat":
            chat.kind = "group"
        elif peer.name == "peerChannel":
            chat.kind = "channel" if message.has("post") else "group"
            chat.has_own_numbers = True

    def public(self) -> list[str]:
        """One line for each public group and channel."""
        return self._public

    def conversations(self) -> Iterator[Conversation]:
        """All conversations known by now, by dialog id."""
        account = self._people.account
        for dialog in sorted(self.by_dialog):
            chat = self.by_dialog[dialog]
            yield conversation_record(account, chat, chat.title, str(dialog))


def kind_of(value: Value) -> str:
    """The kind of a Chat: a broadcast channel, else a group (basic, super- or gigagroup), or a community."""
    if value.name.startswith("community"):
        return "community"
    if value.name.startswith("channel"):
        is_group = value.has("megagroup") or value.has("gigagroup")
        return "channel" if value.has("broadcast") or not is_group else "group"
    return "group" if value.name.startswith(("chat", "geoChat")) else UNKNOWN
