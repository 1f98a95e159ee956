"""Chats, calls and contacts as another tool decoded them: the report.xml of a Cellebrite package (UFDR).

What is read here is that tool's reading, not the app's data: platform ``export``, and a notice that says so.
Databases that the package carries are read by their own parsers, and the two compared (case_comparison).
Source: containers reference 2, from source (sepinf-inc/IPED); only in our own fixtures until a real package
has been read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.errors import DamagedEvidence
from forensics.formats.ufdr import Entry, File, Item, Model, Report, Start, is_report
from forensics.identity import conversation_id
from forensics.model import Conversation, Notice, Participant, Record
from forensics.parser import SEVERAL_APPS, Document
from parsers.notes import Notes
from parsers.ufdr_calls import CALL, PARTIES, CallReader
from parsers.ufdr_contacts import CONTACT, Contact, ContactBook, contact_of
from parsers.ufdr_messages import MessageReader
from parsers.ufdr_places import PLATFORM, AccountPlace, ChatPlace, account_place, source_of

_TABLE = "InstantMessage"
_KINDS = {"oneonone": "direct", "group": "group", "broadcast": "broadcast", "channel": "channel"}
_TOOL = "UFED_PA_Version"


class Ufdr:
    """See ``forensics.parser.DocumentParser``."""

    name = "ufdr"
    app = SEVERAL_APPS
    platform = PLATFORM

    def recognises(self, head: bytes, path: str) -> bool:
        """By the root of the report and its namespace."""
        return is_report(head)

    def schema(self, head: bytes) -> str:
        """The version of the report's form."""
        found = re.search(rb'reportVersion="([^"]{1,20})"', head)
        return f"UFDR report {found[1].decode('ascii', 'replace') if found else ''}".strip()

    def read(self, document: Document) -> Iterator[Record]:
        """All records, in two passes: people first, then messages."""
        notes = Notes(document.source())
        survey = _Survey()
        yield from _surveyed(document, survey, notes)
        directory = _Directory(document, survey)
        yield from directory.records(notes)
        try:
            yield from _decoded(document, survey, directory, notes)
        except DamagedEvidence as error:
            if not survey.is_damaged:  # else the first pass, over the same bytes, has told it
                notes.add("damage", str(error), _TABLE)
        yield from notes.close()


def _decoded(document: Document, survey: _Survey, directory: _Directory, notes: Notes) -> Iterator[Record]:
    """The second pass: messages and calls in the order of the report."""
    messages = document.account_for(_TABLE)
    reader = MessageReader(document, survey.files, survey.quoted, notes)
    caller = CallReader(document, notes, directory.place_of_call)
    with document.stream() as stream:
        for part in Report(stream).parts():
            if isinstance(part, Entry):
                messages.rows += 1
                messages.messages += 1
                yield reader.message(part.model, directory.place(part.chat), messages.rows)
            elif isinstance(part, Model) and part.type == CALL:
                calls = document.account_for(CALL)
                calls.rows += 1
                calls.messages += 1
                yield caller.call(part, calls.rows)
            yield from notes.drain()


@dataclass(slots=True)
class _Survey:
    """What the first pass gathers: files by id, chats with their people, what messages quote."""

    files: dict[str, File] = field(default_factory=dict)
    chats: dict[int, Model] = field(default_factory=dict)
    people: dict[int, dict[str, Model]] = field(default_factory=dict)
    # the people of calls, by source and account as the calls name them
    callers: dict[tuple[str, str | None], dict[str, Model]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    quoted: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)
    tool: str = ""
    is_damaged: bool = False

    def see(self, part: object) -> None:
        """One part of the report."""
        match part:
            case File():
                if part.local_path and "id" in part.attributes:
                    self.files[part.attributes["id"]] = part
            case Item() if part.name == _TOOL:
                self.tool = part.text
            case Entry():
                self._meet(part)
            case Model() if part.type == "Chat":
                self.chats[part.offset] = part
                for party in part.models.get("Participants", ()):
                    self._party(part.offset, party)
            case Model() if part.type == CALL:
                people = self.callers.setdefault((source_of(part), part.text("Account")), {})
                for party in part.models.get(PARTIES, ()):
                    _meet(people, party)
            case Model() if part.type == CONTACT:
                self.contacts.append(contact_of(part))
            case Model():
                self.others[part.type] += 1
            case _:
                return

    def _meet(self, entry: Entry) -> None:
        sender = entry.model.first("From")
        if sender is not None:
            self._party(entry.chat.offset, sender)
        # a chat that is cut off has no end, and its messages count all the same
        self.chats.setdefault(entry.chat.offset, entry.chat)
        self.quoted.update(quoted_ids(entry.model))

    def _party(self, chat: int, party: Model) -> None:
        _meet(self.people.setdefault(chat, {}), party)


def _meet(people: dict[str, Model], party: Model) -> None:
    """Keep the first party of each person, or the first that says whether it is the owner."""
    key = party.text("Identifier") or party.text("Name")
    if key is not None:
        known = people.setdefault(key, party)
        if known.text("IsPhoneOwner") is None and party.text("IsPhoneOwner") is not None:
            people[key] = party


def quoted_ids(model: Model) -> Iterator[str]:
    """The identifiers of the messages that a message quotes or answers."""
    for extra in model.models.get("MessageExtraData", ()):
        for name in ("QuotedMessageData", "ReplyMessageData"):
            for each in extra.models.get(name, ()):
                found = each.text("OriginalMessageID")
                if found is not None:
                    yield found


def _surveyed(document: Document, survey: _Survey, notes: Notes) -> Iterator[Notice]:
    """The first pass, and what is to be said of the report as a whole."""
    with document.stream() as stream:
        report = Report(stream)
        try:
            for part in report.parts():
                if not isinstance(part, Start):
                    survey.see(part)
        except DamagedEvidence as error:
            survey.is_damaged = True
            notes.add("damage", f"{error}; what stood before that is read", None)
    tool = f" {survey.tool}" if survey.tool else ""
    text = f"decoded by another tool (Cellebrite Physical Analyzer{tool}), not read here from the app's data"
    notes.add("info", text, None)
    if report.replaced:
        text = f"{report.replaced} control characters, which XML cannot have, are shown as U+FFFD"
        notes.add("doubt", text, None)
    for kind, count in sorted(survey.others.items()):
        notes.add(
            "info",
            f"{count} models of type {kind} are not imported: only chats, calls and contacts are",
            None,
        )
    yield from notes.drain()


class _Directory:
    """Accounts, conversations and people of all chats and calls of a report."""

    def __init__(self, document: Document, survey: _Survey) -> None:
        self._document, self._survey = document, survey
        self._places: dict[int, ChatPlace] = {}
        self._accounts: dict[str, AccountPlace] = {}
        for chat in survey.chats.values():
            place = self.place(chat)
            self._accounts.setdefault(place.account, place)
        self._of_chats = tuple(self._accounts.values())
        for source, handle in survey.callers:
            found = self._account(source, handle)
            self._accounts.setdefault(found.account, found)

    def records(self, notes: Notes) -> Iterator[Record]:
        """Accounts, people with the names that contacts give them, and conversations, each once."""
        known: dict[str, tuple[str, Participant]] = {}
        for place in self._accounts.values():
            yield place.record(self._document.exhibit)
            known[place.owner] = (
                place.account,
                Participant(id=place.owner, app=place.app, handle=None, phone=None, names=(), is_owner=True),
            )
        for place, party in self._parties():
            key = place.person(party)
            # the owner again, with a name and an identifier: those of the first party are kept
            if key not in known or (known[key][1].is_owner and known[key][1].handle is None):
                known[key] = place.account, place.participant(party)
        ContactBook(tuple(self._accounts.values()), known).take(self._survey.contacts, notes)
        yield from (person for _account, person in known.values())
        yield from self._conversations()
        yield from notes.drain()

    def _parties(self) -> Iterator[tuple[AccountPlace, Model]]:
        for offset, chat in self._survey.chats.items():
            for party in self._survey.people.get(offset, {}).values():
                yield self.place(chat), party
        for (source, handle), people in self._survey.callers.items():
            for party in people.values():
                yield self._account(source, handle), party

    def _conversations(self) -> Iterator[Conversation]:
        seen: set[str] = set()
        for offset, chat in self._survey.chats.items():
            place = self.place(chat)
            if place.conversation not in seen:
                seen.add(place.conversation)
                people = self._survey.people.get(offset, {}).values()
                keys = tuple(dict.fromkeys(map(place.person, people)))
                yield _conversation(chat, place, keys)

    def place(self, chat: Model) -> ChatPlace:
        """The ids of a chat."""
        found = self._places.get(chat.offset)
        if found is None:
            account = account_place(source_of(chat), chat.text("Account"), self._document.file_sha256)
            key = chat.text("Id") or chat.attributes.get("id") or str(chat.offset)
            found = self._places[chat.offset] = ChatPlace(
                app=account.app,
                source=account.source,
                handle=account.handle,
                account=account.account,
                owner=account.owner,
                conversation=conversation_id(account.account, key),
                kind=_KINDS.get((chat.text("ChatType") or "").lower(), "unknown"),
            )
        return found

    def place_of_call(self, call: Model) -> AccountPlace:
        """Whose account a call is of."""
        return self._account(source_of(call), call.text("Account"))

    def _account(self, source: str, handle: str | None) -> AccountPlace:
        """The account that a call names; without a name the only one of its source that has chats."""
        if handle is None:
            fitting = [each for each in self._of_chats if each.source == source]
            if len(fitting) == 1:
                return fitting[0]
        return account_place(source, handle, self._document.file_sha256)


def _conversation(chat: Model, place: ChatPlace, people: tuple[str, ...]) -> Conversation:
    return Conversation(
        id=place.conversation, app=place.app, platform=PLATFORM, account=place.account, kind=place.kind,
        title=chat.text("Name"), handle=chat.text("Id"), participants=people,
    )  # fmt: skip
