"""Whose a recovered message was: asked where there are privileged contacts.

Of a live message the database tells the conversation and the sender. A recovered row may have lost either, or
name a conversation that is gone too: then nobody can say that no privileged person wrote or read it.
"""

from __future__ import annotations

from forensics.model import Call, Conversation, Message, Participant, Record


class Attribution:
    """Learns the people and conversations that the parser gives, and counts what they do not cover."""

    def __init__(self) -> None:
        self._conversations: dict[str, Conversation] = {}
        self._people: set[str] = set()
        self.refused = 0
        self.refused_calls = 0

    def learn(self, record: Record) -> None:
        """A conversation or a person that can be recognised, by a handle or a telephone number."""
        match record:
            case Conversation() if record.handle:
                self._conversations[record.id] = record
            case Participant() if record.handle or record.phone or record.is_owner:
                self._people.add(record.id)

    def covers_call(self, call: Call) -> bool:
        """Whether conversation, caller and the others of a call are known; of a call without a conversation,
        whether its people are."""
        people = {*call.participants, *((call.sender,) if call.sender is not None else ())}
        is_placed = call.conversation is None or call.conversation in self._conversations
        is_known = is_placed and bool(people) and people <= self._people
        self.refused_calls += not is_known
        return is_known

    def covers(self, message: Message) -> bool:
        """Whether conversation, sender and quoted sender are known."""
        conversation = self._conversations.get(message.conversation)
        sender = message.from_owner is True or (
            message.sender in self._people
            if message.sender is not None
            else conversation is not None and conversation.kind == "direct" and message.from_owner is False
        )
        quoted = message.reply_to
        is_known = quoted is None or quoted.text is None or quoted.sender in self._people
        if conversation is not None and sender and is_known:
            return True
        self.refused += 1
        return False
