"""Chats as another tool decoded them: the report.xml of a Cellebrite Reader package (UFDR).

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
from forensics.identity import account_id, conversation_id, participant_id
from forensics.model import Account, Conversation, Name, Notice, Participant, Record
from forensics.parser import SEVERAL_APPS, Document
from parsers.notes import Notes
from parsers.ufdr_messages import ChatPlace, MessageReader

_TABLE = "InstantMessage"
_PLATFORM = "export"
_APPS = {
    "whatsapp": "whatsapp",
    "whatsapp (dual app)": "whatsapp",
    "whatsapp business": "whatsapp_business",
    "telegram": "telegram",
    "signal": "signal",
}
_KINDS = {"oneonone": "direct", "group": "group", "broadcast": "broadcast", "channel": "channel"}
_PHONE = re.compile(r"(\+?\d{7,15})(?:@s\.whatsapp\.net)?")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_TOOL = "UFED_PA_Version"


class Ufdr:
    """See ``forensics.parser.DocumentParser``."""

    name = "ufdr"
    app = SEVERAL_APPS
    platform = _PLATFORM

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
        yield from directory.records()
        accounting = document.account_for(_TABLE)
        reader = MessageReader(document, survey.files, survey.quoted, notes)
        try:
            with document.stream() as stream:
                for part in Report(stream).parts():
                    if isinstance(part, Entry):
                        accounting.rows += 1
                        accounting.messages += 1
                        yield reader.message(part.model, directory.place(part.chat), accounting.rows)
                        yield from notes.drain()
        except DamagedEvidence as error:
            if not survey.is_damaged:  # else the first pass, over the same bytes, has told it
                notes.add("damage", str(error), _TABLE)
        yield from notes.close()


@dataclass(slots=True)
class _Survey:
    """What the first pass gathers: files by id, chats with their people, what messages quote."""

    files: dict[str, File] = field(default_factory=dict)
    chats: dict[int, Model] = field(default_factory=dict)
    people: dict[int, dict[str, Model]] = field(default_factory=dict)
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
        key = party.text("Identifier") or party.text("Name")
        if key is not None:
            known = self.people.setdefault(chat, {}).setdefault(key, party)
            if known.text("IsPhoneOwner") is None and party.text("IsPhoneOwner") is not None:
                self.people[chat][key] = party


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
        notes.add("info", f"{count} models of type {kind} are not imported: only chats are", None)
    yield from notes.drain()


class _Directory:
    """Accounts, conversations and people of all chats of a report."""

    def __init__(self, document: Document, survey: _Survey) -> None:
        self._document, self._survey = document, survey
        self._places: dict[int, ChatPlace] = {}

    def records(self) -> Iterator[Record]:
        """Accounts, conversations and people, each once."""
        accounts: set[str] = set()
        seen: set[str] = set()
        named: set[str] = set()
        for offset, chat in self._survey.chats.items():
            place = self.place(chat)
            if place.account not in accounts:
                accounts.add(place.account)
                yield self._account(chat, place)
                yield Participant(
                    id=place.owner, app=place.app, handle=None, phone=None, names=(), is_owner=True
                )
                seen.add(place.owner)
            people = self._survey.people.get(offset, {})
            keys = tuple(dict.fromkeys(place.person(party) for party in people.values()))
            if place.conversation not in seen:
                seen.add(place.conversation)
                yield self._conversation(chat, place, keys)
            for party in people.values():
                key = place.person(party)
                # the owner again, with a name and an identifier: those of the first party are kept
                if key not in seen or (key == place.owner and key not in named):
                    seen.add(key)
                    named.add(key)
                    yield _participant(party, key, place)

    def place(self, chat: Model) -> ChatPlace:
        """The ids of a chat."""
        found = self._places.get(chat.offset)
        if found is None:
            source = chat.text("Source") or "unknown"
            app = (
                _APPS.get(source.lower())
                or re.sub(r"[^a-z0-9]+", "_", source.lower()).strip("_")
                or "unknown"
            )
            handle = chat.text("Account")
            account = account_id(app, _PLATFORM, f"{source}:{handle}" if handle else None,
                                 f"{self._document.file_sha256}:{source}")  # fmt: skip
            key = chat.text("Id") or chat.attributes.get("id") or str(chat.offset)
            found = self._places[chat.offset] = ChatPlace(
                app=app,
                account=account,
                conversation=conversation_id(account, key),
                kind=_KINDS.get((chat.text("ChatType") or "").lower(), "unknown"),
                owner=participant_id(account, "owner"),
            )
        return found

    def _account(self, chat: Model, place: ChatPlace) -> Account:
        handle = chat.text("Account")
        return Account(
            id=place.account, app=place.app, platform=_PLATFORM, handle=handle, phone=_phone(handle),
            name=None, exhibit=self._document.exhibit,
        )  # fmt: skip

    def _conversation(self, chat: Model, place: ChatPlace, people: tuple[str, ...]) -> Conversation:
        return Conversation(
            id=place.conversation, app=place.app, platform=_PLATFORM, account=place.account, kind=place.kind,
            title=chat.text("Name"), handle=chat.text("Id"), participants=people,
        )  # fmt: skip


def _participant(party: Model, key: str, place: ChatPlace) -> Participant:
    handle, name = party.text("Identifier"), party.text("Name")
    names = (Name(name=name, source="name in the report"),) if name is not None else ()
    return Participant(
        id=key, app=place.app, handle=handle, phone=_phone(handle), names=names, is_owner=key == place.owner
    )


def _phone(text: str | None) -> str | None:
    """A number that stands as an identifier by itself."""
    found = _PHONE.fullmatch(text.strip()) if text else None
    return None if found is None else f"+{found[1].lstrip('+')}"
