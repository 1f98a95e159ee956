"""Who and what an export of Telegram Desktop speaks of: the account, its chats, whoever wrote or is
mentioned.

Source: Telegram reference 6.1: ``from_id`` is ``user<id>``, ``chat<id>`` or ``channel<id>``, before April
2021 a bare number, before December 2018 absent; ``id`` of a chat is the bare id, so that a basic group and
a channel may share one. Names are those that the exporting account saw when it exported.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from forensics.identity import account_id, conversation_id, participant_id
from forensics.model import Account, Conversation, Name, Participant
from forensics.parser import Document
from parsers.telegram_export_stream import Object

APP, PLATFORM = "telegram", "export"
IN_EXPORT = "name in the export"
PROFILE = "profile name, in the export"
CONTACT = "contact list of the export"
FORWARD = "name in a forward (no id is exported)"
USERNAME = "username"
# Types of chats: kind, and the class of their ids (reference 6.1).
KINDS = {
    "saved_messages": ("self", "user"),
    "replies": ("direct", "user"),
    "verification_codes": ("direct", "user"),
    "personal_chat": ("direct", "user"),
    "bot_chat": ("direct", "user"),
    "private_group": ("group", "chat"),
    "private_supergroup": ("group", "channel"),
    "public_supergroup": ("group", "channel"),
    "private_channel": ("channel", "channel"),
    "public_channel": ("channel", "channel"),
}
_PEER = re.compile(r"(user|chat|channel)([0-9]{1,19})")
_NUMBER, _LIMIT = re.compile(r"-?[0-9]{1,19}"), 1 << 63
Key = tuple[str, int | str]


def whole(value: object) -> int | None:
    """A whole number of at most 64 bits, also where it is written as a string."""
    if type(value) is int:
        number = value
    elif type(value) is str and _NUMBER.fullmatch(value) is not None:
        number = int(value)
    else:
        return None
    return number if -_LIMIT <= number < _LIMIT else None


@lru_cache(maxsize=4096)
def _stored_key(value: str) -> Key | None:
    match = _PEER.fullmatch(value)
    return None if match is None else (match[1], int(match[2]))


def peer_key(value: object, name: object = None) -> Key | None:
    """Who a ``from_id`` is; without one, whoever has that name."""
    found = _stored_key(value) if type(value) is str else None
    if found is not None:
        return found
    number = whole(value)
    if number is not None:
        return "user", number
    return ("name", name) if type(name) is str and name else None


@dataclass(slots=True)
class Chat:
    """A chat as its messages need it; one that stands in the file twice is two of these with one id."""

    id: str
    kind: str
    key: Key | None
    title: str | None
    type: str | None
    first: int
    numbers: array[int] = field(default_factory=lambda: array("q"))
    members: dict[str, None] = field(default_factory=dict)
    is_sorted: bool = True
    _places: dict[int, int] = field(default_factory=dict)

    def see(self, number: int | None) -> None:
        """The next message has that id; where it has none that can be read, it keeps its place only."""
        last = self.numbers[-1] if self.numbers else -_LIMIT
        self.numbers.append(last if number is None else number)
        self.is_sorted = self.is_sorted and self.numbers[-1] >= last

    def entry(self, number: int) -> int | None:
        """In which entry of the file the message with that id stands."""
        if number == -_LIMIT:  # the place of entries before the first id
            return None
        if self.is_sorted:
            place = bisect_left(self.numbers, number)
            found = place < len(self.numbers) and self.numbers[place] == number
            return self.first + place if found else None
        if not self._places:
            self._places = {each: place for place, each in reversed(list(enumerate(self.numbers)))}
        place = self._places.get(number, -1)
        return self.first + place if place >= 0 else None


class People:
    """The account and everybody in its export; those first met in a message are given out by
    ``newly_met``."""

    def __init__(self, document: Document, owner: Key | None, account: Account | None = None) -> None:
        self.owner_key = owner
        handle = None if owner is None else str(owner[1])
        key = account_id(APP, PLATFORM, handle, document.file_sha256)
        self.account = account or Account(
            id=key, app=APP, platform=PLATFORM, handle=handle, phone=None, name=None, exhibit=document.exhibit
        )
        self.owner = participant_id(self.account.id, "owner")
        self._names: dict[str, dict[Name, None]] = {self.owner: {}}
        self._keys: dict[str, Key | None] = {self.owner: owner}
        self._ids: dict[Key, str] = {} if owner is None else {owner: self.owner}
        self._phones: dict[str, str] = {}
        self._met: dict[str, None] = {}
        self._seen: set[tuple[Key, str, str]] = set()

    def id(self, key: Key, name: object = None, source: str = IN_EXPORT) -> str:
        """The participant with that key, made known on first use, with a name that it has there."""
        found = self._ids.get(key)
        if found is None:
            stem = str(key[1]) if key[0] == "user" else f"{key[0]}{key[1]}"
            found = self._ids[key] = participant_id(self.account.id, stem)
            self._keys[found] = key
            self._names[found] = {}
            self._met[found] = None
        if name and type(name) is str and (key, name, source) not in self._seen:
            self._seen.add((key, name, source))
            named = Name(name=name, source=source)
            if named not in self._names[found]:
                self._names[found][named] = None
                self._met[found] = None
        return found

    def phone(self, person: str, number: str | None) -> None:
        """The telephone number of a participant."""
        if number and person not in self._phones:
            self._phones[person] = number
            self._met[person] = None

    def spoken(self, key: Key) -> str:
        """The best name with the identifier behind it."""
        person = self.id(key)
        name = next((each.name for each in self._names[person]), None)
        shown = handle_of(key)
        return f"{name} ({shown})" if name and shown else name or shown or "id not known"

    def newly_met(self) -> Iterator[Participant]:
        """Those of whom something became known since the last time, in that order."""
        met, self._met = self._met, {}
        for each in met:
            key = self._keys[each]
            yield Participant(
                id=each,
                app=APP,
                handle=None if key is None else handle_of(key),
                phone=self._phones.get(each),
                names=tuple(self._names[each]),
                is_owner=each == self.owner,
            )

    @property
    def has_met(self) -> bool:
        """Whether there is somebody to give."""
        return bool(self._met)

    def all(self) -> Iterator[Participant]:
        """Everybody, the owner first."""
        self._met = dict.fromkeys(self._keys)
        yield from self.newly_met()

    def chat(self, header: Object, first: int) -> Chat:
        """A chat by its header; ``first`` is the number of the entry that its first message will have."""
        stored = header.get("type")
        kind, group = KINDS.get(stored, ("unknown", "chat")) if type(stored) is str else ("unknown", "chat")
        number, name = whole(header.get("id")), header.get("name")
        key: Key | None = None if number is None else (group, number)
        if key is not None and kind == "self" and self.owner_key is None:
            key = ("user", key[1])
        stem = f"{group}{number}" if number is not None else f"entry {first}"
        title = name if type(name) is str and name else None
        chat = Chat(
            conversation_id(self.account.id, stem),
            kind,
            key,
            title,
            stored if type(stored) is str else None,
            first,
        )
        if kind in ("direct", "self"):
            chat.members[self.owner] = None
        if key is not None and kind == "direct":
            chat.members[self.id(key, title)] = None
        return chat

    def conversation(self, chat: Chat) -> Conversation:
        """The record of a chat."""
        return Conversation(
            id=chat.id,
            app=APP,
            platform=PLATFORM,
            account=self.account.id,
            kind=chat.kind,
            title=chat.title,
            handle=None if chat.key is None else handle_of(chat.key),
            participants=tuple(chat.members),
        )


def handle_of(key: Key) -> str | None:
    """An identifier as the reader of the phone's own database writes it: groups and channels are negative."""
    if key[0] == "user":
        return str(key[1])
    return f"-{key[1]}" if key[0] in ("chat", "channel") else None


def phone_of(value: object) -> str | None:
    """A telephone number without its spaces."""
    digits = (
        "".join(each for each in value if each.isascii() and each.isdigit()) if type(value) is str else ""
    )
    return f"+{digits}" if digits else None
