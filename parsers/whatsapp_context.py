"""What every reader of one WhatsApp installation works with."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.parser import Installation
from parsers.notes import Notes
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_people import People


@dataclass(frozen=True, slots=True)
class Context:
    """One installation with its account's people and conversations, and the notices that come up."""

    installation: Installation
    people: People
    chats: Chats
    notes: Notes

    def sender(self, from_me: int | None, jid_row: int | None, partner: str | None) -> str | None:
        """Who sent it (reference 2.4): the owner, the jid that is named, or the other one of a direct
        conversation; None where none of these is stored."""
        if from_me == 1:
            return self.people.owner.id
        if jid_row is None or jid_row <= 0:
            return partner if from_me == 0 else None
        person = self.people.at(jid_row)
        return None if person is None else person.id


def owner_flag(from_me: int | None) -> bool | None:
    """The direction as stored; None for what is neither 0 nor 1."""
    return from_me == 1 if from_me in (0, 1) else None
