"""Privileged people: their conversations are closed, and in what others wrote nothing names them.

What others typed is theirs and stays as it is; what the app itself recorded of a privileged person (that he
is a member, reacted, read, voted, was added) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from forensics.authority import Scope
from forensics.ground import is_between_two
from forensics.model import Conversation, Message, Participant, Poll, PollOption


class Privileged:
    """Who is privileged among these people, by the keyed hashes of the scope."""

    def __init__(
        self, scope: Scope, people: Iterable[Participant], conversations: Mapping[str, Conversation]
    ) -> None:
        found = [
            each
            for each in people
            if not each.is_owner
            and scope.is_privileged((each.handle, each.phone, *(name.name for name in each.names)))
        ]
        self.people = frozenset(each.id for each in found)
        self.closed = frozenset(
            key
            for key, each in conversations.items()
            if scope.is_privileged((each.handle,))
            or (is_between_two(each.kind) and not self.people.isdisjoint(each.participants))
        )
        self._words = [word for each in found for word in _words(each)]

    def concerns(self, conversation: str | None, people: Iterable[str | None]) -> bool:
        """Whether a record of that conversation, of or with these people, must not be read."""
        return conversation in self.closed or not self.people.isdisjoint(people)

    def conversation_without(self, conversation: Conversation) -> Conversation:
        """The conversation, its privileged members left out."""
        if self.people.isdisjoint(conversation.participants):
            return conversation
        return replace(conversation, participants=self._others(conversation.participants))

    def message_without(self, message: Message) -> Message:
        """The message; where the app names a privileged person in it, that is left out."""
        if not self.people:
            return message
        changes: dict[str, object] = {
            "mentions": self._others(message.mentions),
            "reactions": [each for each in message.reactions if each.sender not in self.people],
            "receipts": [each for each in message.receipts if each.participant not in self.people],
            "deleted_by": self._other(message.deleted_by),
            "poll": message.poll and self._poll(message.poll),
        }
        if message.forwarded and message.forwarded.sender in self.people:
            changes["forwarded"] = replace(message.forwarded, sender=None)
        if message.reply_to and message.reply_to.sender in self.people:
            changes["reply_to"] = replace(message.reply_to, sender=None, text=None)
        if message.system and self._names(message.system.detail):
            changes["system"] = replace(message.system, detail=None)
        changed = {name: new for name, new in changes.items() if not _is_same(getattr(message, name), new)}
        return replace(message, **changed) if changed else message  # type: ignore[arg-type]  # fields by name

    def _others(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(each for each in people if each not in self.people)

    def _other(self, person: str | None) -> str | None:
        return None if person in self.people else person

    def _poll(self, poll: Poll) -> Poll:
        options = [PollOption(text=each.text, votes=self._others(each.votes)) for each in poll.options]
        return replace(poll, options=type(poll.options)(options))

    def _names(self, text: str | None) -> bool:
        folded = (text or "").casefold()
        return any(word in folded for word in self._words)


def people_of(message: Message) -> Iterator[str]:
    """Every participant that a message names."""
    found = [message.sender, message.deleted_by, *message.mentions]
    found += [each.sender for each in message.reactions]
    found += [each.participant for each in message.receipts]
    found += [vote for option in (message.poll.options if message.poll else ()) for vote in option.votes]
    found += [message.reply_to.sender] if message.reply_to else []
    found += [message.forwarded.sender] if message.forwarded else []
    return (each for each in found if each)


def _words(person: Participant) -> list[str]:
    """What a person is called by the app: identifiers, and names long enough to be one."""
    found = [person.handle, (person.handle or "").partition("@")[0], (person.phone or "").lstrip("+")]
    found += [each.name for each in person.names]
    return [word.casefold() for word in found if word and len(word) > 2]


def _is_same(old: object, new: object) -> bool:
    """Whether two values of a field are equal, be they lists or tuples."""
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return list(old) == list(new)
    return old == new
