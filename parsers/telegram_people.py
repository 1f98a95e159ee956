"""Who is who in Telegram: users, and the groups and channels that speak in their own name.

Source: Telegram reference 2.4 (users, chats, phone book), 8 (identity is the user id and the number; a name
is the one last seen). A key is a user's id, or the negated id of a group or channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.identity import conversation_id, participant_id
from forensics.model import Account, Conversation, Name, Participant
from parsers.telegram_tl_value import Value

ADDRESS_BOOK = "address book"
CONTACT_NAME = "profile name, as saved with the contact"
PROFILE_NAME = "profile name (self-chosen)"
TITLE = "title"
USERNAME = "username"
HIDDEN = "name of a hidden account, from a forward"
# The lower-cased copy of name and username that the table keeps beside the object.
INDEX_NAME = "name in the table's index (lower case)"


@dataclass(slots=True)
class Person:
    """A user, or a group or channel that is a sender."""

    id: str
    handle: str | None
    phone: str | None = None
    is_owner: bool = False
    names: list[Name] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """The best name with the identifier behind it."""
        identifier = self.handle or "id not known"
        return f"{self.names[0].name} ({identifier})" if self.names else identifier


class People:
    """The people of one account; those first met in a message are given out with ``newly_met``."""

    def __init__(self, account: Account, owner: int | None) -> None:
        self.account = account
        self.owner_key = owner
        self.owner = Person(participant_id(account.id, "owner"), account.handle, account.phone, is_owner=True)
        self._people: dict[int, Person] = {} if owner is None else {owner: self.owner}
        self._hidden: dict[str, Person] = {}
        self._usernames: dict[str, Person] = {}
        self._met: list[Person] = []
        self.ids: dict[int, str] = {} if owner is None else {owner: self.owner.id}

    def person(self, key: int) -> Person:
        """The person with that key, made known on first use."""
        person = self._people.get(key)
        if person is None:
            person = Person(participant_id(self.account.id, str(key)), str(key))
            self._people[key] = person
            self.ids[key] = person.id
            self._met.append(person)
        return person

    def id(self, key: int) -> str:
        """The participant id of that key."""
        return self.ids.get(key) or self.person(key).id

    def hidden(self, name: str) -> Person:
        """Somebody of whom only a name is stored: a forward from an account that hides itself."""
        person = self._hidden.get(name)
        if person is None:
            person = Person(participant_id(self.account.id, f"hidden:{name}"), None)
            person.names.append(Name(name=name, source=HIDDEN))
            self._hidden[name] = person
            self._met.append(person)
        return person

    def named(self, username: str) -> Person | None:
        """Who has that username now."""
        return self._usernames.get(username.removeprefix("@").lower())

    def name(self, person: Person, name: str | None, source: str) -> None:
        """Give a person a name, the best first."""
        if name and name.strip() and all(each.name != name.strip() for each in person.names):
            person.names.append(Name(name=name.strip(), source=source))

    def add_user(self, key: int, value: Value | None, index_name: str | None) -> None:
        """A row of ``users``; without its object, the name of the table's index is all there is."""
        person = self.person(key)
        if value is None or "first_name" not in value:
            self._index_name(person, index_name)
        if value is None:
            return
        number = value.text("phone")
        if number and not person.phone:
            person.phone = f"+{number.removeprefix('+')}"
        parts = (value.text("first_name"), value.text("last_name"))
        full = " ".join(part for part in parts if part)
        self.name(person, full, CONTACT_NAME if is_contact(value) else PROFILE_NAME)
        for username in usernames(value):
            self.username(person, username, USERNAME)

    def _index_name(self, person: Person, index_name: str | None) -> None:
        display, _, username = (index_name or "").partition(";;;")
        self.name(person, display, INDEX_NAME)
        for each in username.split(";;"):
            if each:
                self.username(person, each, USERNAME)

    def username(self, person: Person, username: str, source: str) -> None:
        """A username, by which others mention this person."""
        self.name(person, f"@{username}", source)
        self._usernames[username.lower()] = person

    def first(self, person: Person, name: str) -> None:
        """A name from the address book comes before all others."""
        if name.strip():
            person.names[:] = [
                Name(name=name.strip(), source=ADDRESS_BOOK),
                *(each for each in person.names if each.name != name.strip()),
            ]

    def by_phone(self) -> dict[str, Person]:
        """The people whose number is known, by its digits."""
        return {each.phone.removeprefix("+"): each for each in self._people.values() if each.phone}

    def participants(self) -> Iterator[Participant]:
        """The owner, then everybody known by now."""
        self._met.clear()
        yield self._participant(self.owner)
        for key in sorted(self._people):
            if self._people[key] is not self.owner:
                yield self._participant(self._people[key])
        for name in sorted(self._hidden):
            yield self._participant(self._hidden[name])

    @property
    def has_met(self) -> bool:
        """Whether somebody became known since the participants were last given."""
        return bool(self._met)

    def newly_met(self) -> Iterator[Participant]:
        """Those who became known since."""
        met, self._met = self._met, []
        yield from map(self._participant, met)

    def _participant(self, person: Person) -> Participant:
        return Participant(
            id=person.id,
            app=self.account.app,
            handle=person.handle,
            phone=person.phone,
            names=tuple(person.names),
            is_owner=person.is_owner,
        )


def usernames(value: Value) -> list[str]:
    """The usernames of a user or channel, the first one first."""
    found = [value.text("username"), *(each.text("username") for each in value.children("usernames"))]
    return list(dict.fromkeys(each for each in found if each))


def is_contact(value: Value) -> bool:
    """Whether a user is in the owner's contacts; before flags that was a constructor of its own."""
    return value.has("contact") or value.name == "userContact"


def is_self(value: Value) -> bool:
    """Whether a user is the owner."""
    return value.has("self") or value.name == "userSelf"


def peer_key(value: Value | None) -> int | None:
    """The key of a Peer."""
    if value is None:
        return None
    user = value.number("user_id")
    if user is not None:
        return user
    number = value.number("chat_id") or value.number("channel_id")
    return None if number is None else -number


def stories_record(account: Account, person: Person, number: int, handle: str | None) -> Conversation:
    """The record of the stories of one person, by the number that the app knows him by."""
    return Conversation(
        id=conversation_id(account.id, f"stories {number}"),
        app=account.app,
        platform=account.platform,
        account=account.id,
        kind="status",
        title=f"Stories of {person.spoken}",
        handle=handle,
        participants=(person.id,),
    )
