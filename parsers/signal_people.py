"""Who is who in Signal: people by ACI, PNI or number, each with all names and where they come from.

Source: Signal reference 3.7, 4.2, 5.3 and 7 (5: one person may stand in several rows; merged by ACI). The
phone-book name is the owner's, the profile name is chosen by the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forensics.identity import account_id, conversation_id, participant_id
from forensics.model import Account, Conversation, Name, Participant
from forensics.parser import Installation
from parsers.person import Person, settle_names

APP = "signal"
NICKNAME = "nickname (given by the owner)"
ADDRESS_BOOK = "address book"
PROFILE = "profile name (self-chosen)"
GIVEN = "profile name (self-chosen), given name"
USERNAME = "username"
# The best first, in the order in which the app shows them (3.7).
_RANK = (NICKNAME, ADDRESS_BOOK, PROFILE, GIVEN, USERNAME)
STORIES = "stories"


@dataclass(slots=True)
class Chat:
    """A conversation as the messages need it; ``partner`` is the other one of a direct conversation."""

    id: str
    kind: str
    handle: str | None
    title: str | None = None
    partner: Person | None = None
    members: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What is known of the owner; nothing where nothing is."""

    aci: str | None = None
    pni: str | None = None
    phone: str | None = None
    username: str | None = None

    @property
    def handle(self) -> str | None:
        """The best identifier."""
        return self.aci or self.phone or self.pni


class People:
    """The people and conversations of one account."""

    def __init__(self, installation: Installation, platform: str, owner: Owner) -> None:
        self.platform = platform
        self._known = owner
        self.account_id = account_id(APP, platform, owner.handle, installation.file_sha256)
        self._exhibit = installation.exhibit
        self.owner = Person(
            participant_id(self.account_id, "owner"), owner.handle, owner.phone, is_owner=True
        )
        self._people: dict[str, Person] = {}
        self._chats: dict[str, Chat] = {}
        if owner.username:
            self.owner.names.append(Name(name=owner.username, source=USERNAME))

    def is_owner(self, *identifiers: str | None) -> bool:
        """Whether one of these is the owner's ACI, PNI or number."""
        mine = {self._known.aci, self._known.pni, self._known.phone} - {None}
        return not mine.isdisjoint(identifiers)

    def person(
        self,
        *,
        aci: str | None = None,
        pni: str | None = None,
        phone: str | None = None,
        other: str | None = None,
    ) -> Person | None:
        """The person with the best of these identifiers, made known on first use; None without any.

        ``other``: what the app's own database calls somebody of whom it knows nothing else.
        """
        if self.is_owner(aci, pni, phone):
            self.owner.phone = self.owner.phone or phone
            return self.owner
        handle = aci or pni or phone
        key = handle or other
        if key is None:
            return None
        person = self._people.get(key)
        if person is None:
            person = Person(participant_id(self.account_id, key), handle, phone)
            self._people[key] = person
        person.phone = person.phone or phone
        return person

    def chat(
        self,
        key: str,
        kind: str,
        *,
        handle: str | None,
        title: str | None = None,
        partner: Person | None = None,
    ) -> Chat:
        """The conversation with that key, made known on first use."""
        chat = self._chats.get(key)
        if chat is None:
            chat = Chat(conversation_id(self.account_id, key), kind, handle, title, partner)
            chat.members[self.owner.id] = None
            if partner is not None:
                chat.members[partner.id] = None
            self._chats[key] = chat
        return chat

    def direct(self, person: Person) -> Chat:
        """The direct conversation with a person; with the owner it is the note to self."""
        if person.is_owner:
            return self.chat(person.handle or "self", "self", handle=person.handle)
        return self.chat(person.handle or person.id, "direct", handle=person.handle, partner=person)

    def stories(self) -> Chat:
        """The conversation of all stories that were not posted in a group."""
        return self.chat(STORIES, "status", handle=STORIES, title="Stories")

    def settle(self) -> None:
        """Put the names in order, the best first, each once."""
        settle_names((self.owner, *self._people.values()), _RANK)

    def known(self) -> frozenset[str]:
        """The ids of all people and conversations known by now."""
        people = [person.id for person in self._people.values()]
        return frozenset((self.owner.id, *people, *(chat.id for chat in self._chats.values())))

    def account(self) -> Account:
        """The account."""
        return Account(
            id=self.account_id,
            app=APP,
            platform=self.platform,
            handle=self.owner.handle,
            phone=self.owner.phone,
            name=next((each.name for each in self.owner.names if each.source in (PROFILE, GIVEN)), None),
            exhibit=self._exhibit,
        )

    def records(self, but_not: frozenset[str] = frozenset()) -> Iterator[Conversation | Participant]:
        """The conversations and people by what they are known by, without those that were given before."""
        for key in sorted(self._chats):
            if self._chats[key].id not in but_not:
                yield self._conversation(self._chats[key])
        for person in (self.owner, *(self._people[key] for key in sorted(self._people))):
            if person.id not in but_not:
                yield Participant(
                    id=person.id,
                    app=APP,
                    handle=person.handle,
                    phone=person.phone,
                    names=tuple(person.names),
                    is_owner=person.is_owner,
                )

    def _conversation(self, chat: Chat) -> Conversation:
        return Conversation(
            id=chat.id,
            app=APP,
            platform=self.platform,
            account=self.account_id,
            kind=chat.kind,
            title=chat.title,
            handle=chat.handle,
            participants=tuple(chat.members),
        )


def others(*people: Person | None) -> tuple[str, ...]:
    """The ids of those that are there and are not the owner, each once: who took part in a call."""
    ids = [person.id for person in people if person is not None and not person.is_owner]
    return tuple(dict.fromkeys(ids))


def add_names(person: Person | None, names: Iterable[tuple[str | None, str]]) -> None:
    """Give a person the names that are there."""
    if person is not None:
        person.names += [
            Name(name=name.strip(), source=source) for name, source in names if name and name.strip()
        ]


def joined(*parts: str | None) -> str | None:
    """The parts of a name with spaces between them; None where there are none."""
    return " ".join(part.strip() for part in parts if part and part.strip()) or None
