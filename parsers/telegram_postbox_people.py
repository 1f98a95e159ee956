"""Who is who in Postbox: users, and the groups and channels that speak in their own name.

Source: Telegram reference 5.4 (keys of TelegramUser, TelegramGroup, TelegramChannel) and the classes of the
same names in TelegramMessenger/Telegram-iOS ("from source"). A key is a PeerId.
"""

from __future__ import annotations

from forensics.formats.postbox import Node
from forensics.identity import participant_id
from parsers.telegram_people import CONTACT_NAME, PROFILE_NAME, TITLE, USERNAME, People, Person
from parsers.telegram_postbox_ids import handle_of
from parsers.telegram_postbox_types import CHANNEL, GROUP, USER, name_of

# The kind of a channel (i.t): a broadcast channel; a supergroup otherwise.
_BROADCAST = 0
# What a username has (TelegramPeerUsername): it is in use.
_ACTIVE = 2


class PostboxPeople(People):
    """The people of one account by their PeerId."""

    def person(self, key: int) -> Person:
        """The person with that key, made known on first use."""
        person = self._people.get(key)
        if person is None:
            person = Person(participant_id(self.account.id, str(key)), handle_of(key))
            self._people[key] = person
            self.ids[key] = person.id
            self._met.append(person)
        return person

    def add_peer(self, key: int, node: Node, *, is_contact: bool) -> None:
        """A row of t2; of a secret chat nothing is said here, it has no name."""
        kind = name_of(node)
        if kind == USER:
            self._add_user(key, node, is_contact=is_contact)
        elif kind in (GROUP, CHANNEL):
            person = self.person(key)
            self.name(person, node.text("t"), TITLE)
            what = "channel" if is_broadcast(node) else "group"
            for each in usernames(node):
                self.username(person, each, f"username (public {what})")

    def _add_user(self, key: int, node: Node, *, is_contact: bool) -> None:
        person = self.person(key)
        number = node.text("p")
        if number and not person.phone:
            person.phone = f"+{number.removeprefix('+')}"
        self.name(person, full_name(node), CONTACT_NAME if is_contact else PROFILE_NAME)
        source = USERNAME if node.child("bi") is None else f"{USERNAME} (bot)"
        for each in usernames(node):
            self.username(person, each, source)


def full_name(node: Node) -> str:
    """First and last name of a user."""
    return " ".join(part for part in (node.text("fn"), node.text("ln")) if part)


def usernames(node: Node) -> list[str]:
    """The usernames in use, the first one first."""
    more = [each.text("un") for each in node.children("uns") if (each.number("f") or 0) & _ACTIVE]
    return list(dict.fromkeys(each for each in (node.text("un"), *more) if each))


def is_broadcast(node: Node) -> bool:
    """Whether this is a channel, in which only its owners write."""
    return name_of(node) == CHANNEL and node.number("i.t") == _BROADCAST
