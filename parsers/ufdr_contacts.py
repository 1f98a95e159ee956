"""Contacts of a UFDR report: names for the people of the apps that have chats or calls in it.

Source: sepinf-inc/IPED (Contact: Source, Account, Name; ContactEntry: PhoneNumber, UserID and EmailAddress
with Value). A contact of an app of which the report has neither chat nor call is counted: it is nobody's
contact here. Only in our own fixtures until a real package has been read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from forensics.formats.ufdr import Model
from forensics.identity import participant_id
from forensics.model import Name, Participant
from parsers.notes import Notes
from parsers.ufdr_places import AccountPlace, phone_of, source_of

CONTACT = "Contact"
_ENTRIES = "Entries"
_INTACT = "intact"
# What people put between the digits of a number, and what is left of one that can be dialled.
_BETWEEN, _DIALLED = re.compile(r"[ \u00a0.()/-]"), re.compile(r"\+[0-9]{4,15}")


@dataclass(frozen=True, slots=True)
class Contact:
    """What is kept of a contact from the first pass: ``state`` as the report gives it."""

    source: str
    account: str | None
    name: str | None
    ids: tuple[str, ...]
    phones: tuple[str, ...]
    state: str


def contact_of(model: Model) -> Contact:
    """A contact by its model; identifiers of a person in an app before telephone numbers and addresses."""
    entries = [(each.type, each.text("Value")) for name in (_ENTRIES, "PhoneNumber") for each in
               model.models.get(name, ())]  # fmt: skip
    values = [value for wanted in ("UserID", "PhoneNumber", "EmailAddress") for kind, value in entries
              if kind == wanted and value]  # fmt: skip
    numbers = (number_of(value) for kind, value in entries if kind == "PhoneNumber" and value)
    return Contact(
        source=source_of(model),
        account=model.text("Account"),
        name=model.text("Name"),
        ids=tuple(dict.fromkeys(values)),
        phones=tuple(dict.fromkeys(each for each in numbers if each)),
        state=model.attributes.get("deleted_state", _INTACT),
    )


def number_of(text: str) -> str | None:
    """A telephone number as written by a person, with its country code; None for any other, and for one with
    anything beside digits and what people put between them. The (0) of "+31 (0)6" is not dialled."""
    bare = _BETWEEN.sub("", text.strip().replace("(0)", "", 1))
    return phone_of(bare) if _DIALLED.fullmatch(bare) else None


class ContactBook:
    """Gives contacts to people. ``known``: the people of chats and calls by id, each with the account."""

    def __init__(self, places: Sequence[AccountPlace], known: dict[str, tuple[str, Participant]]) -> None:
        self._places, self._known = places, known
        self._by_id: dict[tuple[str, str], str] = {}
        self._by_phone: dict[tuple[str, str], set[str]] = {}
        for account, person in known.values():
            if person.handle is not None:
                self._by_id[account, person.handle] = person.id
            if person.phone is not None:
                self._by_phone.setdefault((account, person.phone), set()).add(person.id)

    def take(self, contacts: Iterable[Contact], notes: Notes) -> None:
        """Add the name of each contact to its person, who is made known; a contact that is nobody's is
        counted."""
        left: Counter[str] = Counter()
        for contact in contacts:
            place = self._place(contact)
            if place is None:
                text = "of which the report has no chat or call of one account: counted and not imported"
                left[f"contacts of {contact.source}, {text}"] += 1
            elif contact.name is None or not contact.ids:
                left[f"contacts of {contact.source} without a name or an identifier"] += 1
            else:
                self._name(contact, contact.name, place)
        for text, count in sorted(left.items()):
            notes.add("info", f"{count} {text}", None)

    def _place(self, contact: Contact) -> AccountPlace | None:
        """The account that the contact names; without a name the only one of its source."""
        fitting = [each for each in self._places if each.source == contact.source]
        if contact.account is not None:
            fitting = [each for each in fitting if each.handle == contact.account]
        return fitting[0] if len(fitting) == 1 else None

    def _name(self, contact: Contact, name: str, place: AccountPlace) -> None:
        key = self._person(contact, place)
        _account, person = self._known.get(key) or (place.account, _stranger(contact, key, place))
        state = "" if contact.state.lower() == _INTACT else f" ({contact.state})"
        added = Name(name=name, source=f"contact in the report{state}")
        names = person.names if added in person.names else (*person.names, added)
        self._known[key] = place.account, replace(person, names=names)

    def _person(self, contact: Contact, place: AccountPlace) -> str:
        """The person of the account with one of the identifiers, else the only one with the number."""
        for each in contact.ids:
            if (place.account, each) in self._by_id:
                return self._by_id[place.account, each]
        found: set[str] = set()
        for phone in contact.phones:
            found |= self._by_phone.get((place.account, phone), set())
        return found.pop() if len(found) == 1 else participant_id(place.account, contact.ids[0])


def _stranger(contact: Contact, key: str, place: AccountPlace) -> Participant:
    """A contact who is in no chat and no call."""
    handle = contact.ids[0]
    phone = phone_of(handle) or (contact.phones[0] if len(contact.phones) == 1 else None)
    return Participant(id=key, app=place.app, handle=handle, phone=phone, names=(), is_owner=False)
