"""Text exports of a WhatsApp chat, as the app writes them: alone, or in their zip with the media beside them.

Files (WhatsApp reference 5): ``_chat.txt`` (iOS), ``WhatsApp Chat with NAME.txt`` and its forms in other
languages (Android). An export has no ids of messages, times of the exporting phone's clock without a zone, on
Android without seconds, and the names of that phone's address book; its beginning may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forensics import times
from forensics.identity import account_id, conversation_id, participant_id
from forensics.model import (
    Account,
    Attachment,
    Conversation,
    Edit,
    Location,
    Message,
    Name,
    Notice,
    Participant,
    Poll,
    PollOption,
    Record,
    System,
)
from forensics.parser import Document
from parsers.notes import Notes
from parsers.whatsapp_text_content import Content, is_notice, plain, read_content
from parsers.whatsapp_text_lines import LRM, Broken, DateOrder, Entry, entries, moment, prefix, split_sender
from parsers.whatsapp_text_words import ENGLISH, FILE_NAMES

_TABLE = "line"
_APP, _PLATFORM = "whatsapp", "export"
_PHONE_CHARACTERS = frozenset("+0123456789 -().\xa0\u202f\u2011")


class WhatsAppText:
    """See ``forensics.parser.DocumentParser``."""

    name = "whatsapp_text"
    app = _APP
    platform = _PLATFORM

    def recognises(self, head: bytes, path: str) -> bool:
        """The first line begins with a time in one of the forms, and more than that speaks for WhatsApp: its
        own words, its marks, two entries with a sender in Android's form, or the name of the file."""
        lines = [line for line in head.decode("utf-8", "replace").split("\n") if line.strip()]
        found = [each for each in map(prefix, lines) if each is not None]
        if not lines or prefix(lines[0]) is None:
            return False
        name = path.lower()
        if "whatsapp" in name or name.endswith("_chat.txt") or is_notice(plain(lines[0])):
            return True
        is_bracket = found[0][1]
        if is_bracket:
            return any(f": {LRM}" in line or line.startswith(LRM) for line in lines)
        return sum(split_sender(rest)[0] is not None for _stamp, _bracket, rest in found) >= 2

    def schema(self, head: bytes) -> str:
        """The form by its first time."""
        first = next((each for each in head.decode("utf-8", "replace").split("\n") if each.strip()), "")
        found = prefix(first)
        return f"text export, {'iOS' if found is not None and found[1] else 'Android'} form"

    def read(self, document: Document) -> Iterator[Record]:
        """All records of one export, in two passes over it."""
        survey = _Survey()
        with document.stream() as stream:
            for entry in entries(stream):
                survey.see(entry)
        writer = _Writer(document, survey)
        yield from writer.people()
        with document.stream() as stream:
            for entry in entries(stream):
                yield from writer.records(entry)
        yield from writer.close()


@dataclass(slots=True)
class _Survey:
    """What must be known before the first entry is read: the order of dates, and who writes."""

    order: DateOrder = field(default_factory=DateOrder)
    senders: dict[str, None] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)
    speaks_english: bool = False
    is_bracket: bool = False
    has_seconds: bool = False

    def see(self, entry: Entry | Broken) -> None:
        """One entry of the first pass."""
        if isinstance(entry, Broken):
            return
        self.order.see(entry.stamp)
        self.is_bracket = self.is_bracket or entry.is_bracket
        self.has_seconds = self.has_seconds or entry.stamp.second is not None
        sender, text = split_sender(entry.body)
        if sender is None:
            return
        content = read_content(text, is_bracket=entry.is_bracket)
        if content.kind != "system":
            self.senders.setdefault(sender)
        if content.is_owners:
            self.owners.add(sender)
        words = plain(text) if len(text) < 200 else ""
        self.speaks_english = self.speaks_english or any(each in words for each in ENGLISH)


def _title(path: str) -> str | None:
    """The name of the chat in the name of the file, or of the zip around ``_chat.txt``."""
    parts = [part.removesuffix("!") for part in path.split("/")]
    for part in reversed(parts):
        stem = part[:-4] if part.lower().endswith((".txt", ".zip")) else part
        known = next((each for each in FILE_NAMES if stem.lower().startswith(each)), None)
        if known is not None:
            return stem[len(known) :].strip() or None
    return None


class _Writer:
    """Makes the records of one export."""

    def __init__(self, document: Document, survey: _Survey) -> None:
        self._document = document
        self._survey = survey
        self._notes = Notes(document.source())
        self._account = account_id(_APP, _PLATFORM, None, document.file_sha256)
        self._conversation = conversation_id(self._account, "export")
        # the app writes "you deleted" for one person only: whoever exported the chat
        self._owner_name = next(iter(survey.owners)) if len(survey.owners) == 1 else None
        self._owner = participant_id(self._account, "owner")
        self._ids = {
            name: self._owner if name == self._owner_name else participant_id(self._account, name)
            for name in survey.senders
        }
        self._kind = self._conversation_kind()
        self._day_first, self._ground = survey.order.decide(speaks_english=survey.speaks_english)
        self._counted = document.account_for(_TABLE)
        self._unread_dates = 0

    def _conversation_kind(self) -> str:
        """More than two people are a group; two of whom the file is named after one are a direct chat."""
        if len(self._survey.senders) > 2:
            return "group"
        return "direct" if _title(self._document.path) in self._survey.senders else "unknown"

    def people(self) -> Iterator[Record]:
        """Account, conversation, participants, and what an export is."""
        title = _title(self._document.path)
        yield Account(
            id=self._account,
            app=_APP,
            platform=_PLATFORM,
            handle=None,
            phone=None,
            name=self._owner_name,
            exhibit=self._document.exhibit,
        )
        yield Conversation(
            id=self._conversation,
            app=_APP,
            platform=_PLATFORM,
            account=self._account,
            kind=self._kind,
            title=title,
            handle=None,
            participants=tuple(dict.fromkeys((self._owner, *self._ids.values()))),
        )
        yield self._participant(self._owner_name, self._owner, is_owner=True)
        for name, key in self._ids.items():
            if key != self._owner:
                yield self._participant(name, key, is_owner=False)
        yield from self._remarks()

    def _participant(self, name: str | None, key: str, *, is_owner: bool) -> Participant:
        phone = _phone(name) if name else None
        names: tuple[Name, ...] = ()
        if name and phone is None:
            is_own = name.startswith("~")
            spoken = name.removeprefix("~").strip()
            source = "push name (self-chosen), in the export" if is_own else "name in the export"
            names = (Name(name=spoken or name, source=source),)
        return Participant(id=key, app=_APP, handle=None, phone=phone, names=names, is_owner=is_owner)

    def _remarks(self) -> Iterator[Notice]:
        form = "iOS" if self._survey.is_bracket else "Android"
        precision = "second" if self._survey.has_seconds else "minute"
        self._notes.add(
            "info",
            f"a text export that WhatsApp wrote ({form} form): no ids of messages; times to the {precision},"
            f" of the exporting phone's clock, without a zone, read as {self._document.timezone}; names of"
            " that phone's address book; its beginning may be missing",
            None,
        )
        if not self._survey.order.is_year_first or self._survey.order.largest != [0, 0]:
            severity = "doubt" if self._day_first is None else "info"
            self._notes.add(severity, f"the order of day and month: {self._ground}", None)
        if self._owner_name is None:
            self._notes.add("info", "who exported the chat is not written in it: no direction is known", None)
        yield from self._notes.drain()

    def records(self, entry: Entry | Broken) -> Iterator[Record]:
        """The message of one entry, or why it is none."""
        self._counted.rows += 1
        if isinstance(entry, Broken):
            self._counted.failed += 1
            text = f"line {entry.line} belongs to no entry: no time stands before it"
            self._notes.add("failed", text, _TABLE, entry.line, entry.text)
        else:
            self._counted.messages += 1
            if entry.raw is not None:
                text = f"line {entry.line}: bytes that are not valid UTF-8"
                self._notes.add("doubt", text, _TABLE, entry.line, entry.raw)
            yield self._message(entry)
        yield from self._notes.drain()

    def _message(self, entry: Entry) -> Message:
        sender, text = split_sender(entry.body)
        content = read_content(text, is_bracket=entry.is_bracket) if sender is not None else None
        if sender is None or content is None or content.kind == "system":
            content = Content(kind="system", text=text)
            sender = None
        key = self._ids.get(sender) if sender is not None else None
        is_known = self._owner_name is not None and sender is not None
        return Message(
            id=self._document.place.message(_TABLE, entry.line),
            app=_APP,
            platform=_PLATFORM,
            account=self._account,
            conversation=self._conversation,
            conversation_kind=self._kind,
            sender=key,
            from_owner=sender == self._owner_name if is_known else None,
            kind=content.kind,
            text=content.text,
            sent_at=self._instant(entry),
            state="deleted_for_everyone" if content.is_deleted else "live",
            deleted_by=self._owner if content.is_owners and key == self._owner else None,
            edits=(Edit(text=None, at=None),) if content.is_edited else (),
            attachments=self._attachments(content),
            location=_location(content),
            poll=_poll(content),
            system=_system(content),
            source=self._document.source(_TABLE, entry.line, offset=entry.offset),
        )

    def _instant(self, entry: Entry) -> int | None:
        found: datetime | None = moment(entry.stamp, self._day_first)
        if found is None:
            if self._day_first is not None or entry.stamp.is_year_first:
                text = f"line {entry.line}: no such date in the order that was decided"
                self._notes.add("doubt", text, _TABLE, entry.line, str(entry.stamp.parts))
            else:
                self._unread_dates += 1
            return None
        instant, doubt = times.from_local(found, self._document.timezone)
        if doubt is not None:
            self._notes.add("doubt", f"line {entry.line}: {doubt}", _TABLE, entry.line, found.isoformat(" "))
        return instant

    def _attachments(self, content: Content) -> tuple[Attachment, ...]:
        if content.file is None:
            return ()
        kind, name = content.file
        media = self._document.media(name) if name is not None else None
        if media is None:
            return (Attachment(kind=kind, filename=name, caption=content.text if name else None),)
        return (
            Attachment(
                kind=kind,
                filename=name,
                size=media.size,
                sha256=media.sha256,
                path=media.path,
                present=True,
                caption=content.text,
            ),
        )

    def close(self) -> Iterator[Notice]:
        """What was counted."""
        if self._unread_dates:
            text = f"{self._unread_dates} entries have no time: which number of their date is the day "
            self._notes.add("doubt", f"{text}cannot be decided", _TABLE)
        yield from self._notes.close()


def _phone(name: str) -> str | None:
    """A number that stands for somebody without a name."""
    digits = "".join(each for each in name if each.isascii() and each.isdigit())
    is_number = name.startswith("+") and set(name) <= _PHONE_CHARACTERS and 7 <= len(digits) <= 15
    return f"+{digits}" if is_number else None


def _location(content: Content) -> Location | None:
    if content.place is None:
        return None
    latitude, longitude = content.place
    return Location(latitude=latitude, longitude=longitude, name=None, address=None)


def _poll(content: Content) -> Poll | None:
    if content.kind != "poll":
        return None
    options = tuple(PollOption(text=text, votes=()) for text in content.options)
    return Poll(question=content.question, options=options)


def _system(content: Content) -> System | None:
    if content.kind == "system":
        return System(type="line of the app", code=None, detail=None)
    return System(type=content.remark, code=None, detail=None) if content.remark else None
