"""Exports of Telegram Desktop as JSON: ``result.json`` of one chat or of a whole account, with its media
beside it.

Files (Telegram reference 6): a folder ``ChatExport_...`` or ``DataExport_...``; the content decides, never
the name. An export is made by its user from the cloud, at the time of exporting: what was deleted by then
is not in it, secret chats never are. It is read as a stream, twice: once for whose it is and who is in it,
once for the messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.model import Notice, Record
from forensics.parser import Document
from parsers.notes import Notes, raw_text
from parsers.telegram_export_messages import MessageReader
from parsers.telegram_export_pages import ChatPages, Pages
from parsers.telegram_export_people import APP, KINDS, PLATFORM, Chat
from parsers.telegram_export_sections import Sections
from parsers.telegram_export_stream import ChatStart, Entry, Fault, Section, parts
from parsers.telegram_export_survey import Survey

_TYPES = "|".join(KINDS).encode()
_CHAT = re.compile(rb'"type"\s*:\s*"(?:' + _TYPES + rb')"\s*,\s*"id"\s*:\s*-?\d+\s*,\s*"messages"\s*:\s*\[')
_PERSONAL = re.compile(rb'"personal_information"\s*:\s*\{\s*"user_id"\s*:\s*\d')
_ABOUT = re.compile(rb'\{\s*"about"\s*:\s*"[^"]*\bTelegram\b')
_SECTION = re.compile(
    rb'"(?:personal_information|profile_pictures|stories|contacts|frequent_contacts|sessions|chats|left_chats)"'
    rb"\s*:\s*[\[{]"
)
_TABLE, _HEAD = "message", 4096
_ON_PAGES = "messages that stand on HTML pages of the same export too: each is told once, with both places"


def is_one_chat(head: bytes) -> bool:
    """Whether an export that begins so is that of one chat, not of a whole account."""
    return _PERSONAL.search(head) is None and _ABOUT.search(head) is None


class TelegramExport:
    """See ``forensics.parser.DocumentParser``."""

    name = "telegram_export"
    app = APP
    platform = PLATFORM

    def recognises(self, head: bytes, path: str) -> bool:
        """A JSON object that begins as one chat does, or as a whole account."""
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text.startswith(b"{"):
            return False
        if _CHAT.search(text) is not None or _PERSONAL.search(text) is not None:
            return True
        return _ABOUT.match(text) is not None and _SECTION.search(text) is not None

    def schema(self, head: bytes) -> str:
        """One chat or a whole account."""
        return f"JSON export of Telegram Desktop, {'one chat' if is_one_chat(head) else 'a whole account'}"

    def read(self, document: Document) -> Iterator[Record]:
        """All records of one export."""
        survey = Survey(document)
        with document.stream() as stream:
            is_account = not is_one_chat(stream.read(_HEAD))
            stream.seek(0)
            people = survey.look(stream)
        pages, beside = Pages(document, len(survey.chats) if is_account else None), list[ChatPages]()
        notes = Notes(document.source())
        reader = MessageReader(document, people, notes, survey.chats)
        yield people.account
        yield from people.all()
        yield from map(people.conversation, survey.chats)
        yield from _remarks(survey, notes, has_owner=people.owner_key is not None)
        sections, chats = Sections(document, people, notes, reader.clock), iter(survey.chats)
        # entries before any chat, and a chat too many, are of a file that changed while it was read
        chat = Chat("", "unknown", None, None, None, 1)
        with document.stream() as stream:
            for part in parts(stream):
                match part:
                    case Entry():
                        yield from reader.records(part, chat)
                    case ChatStart():
                        chat = next(chats, chat)
                        reader.pages = pages.of(part, is_sorted=chat.is_sorted)
                        beside += [reader.pages] if reader.pages is not None else []
                    case Section():
                        yield from sections.records(part)
                    case Fault():
                        source = document.source(_TABLE, offset=part.offset)
                        text = f"{part.text} (offset {part.offset})"
                        yield Notice(severity="damage", text=text, source=source, raw=raw_text(part.raw))
                if people.has_met:
                    yield from people.newly_met()
                if notes.is_pending:
                    yield from notes.drain()
        yield from reader.close()
        count = sum(each.count for each in beside)
        if count:
            notes.add("info", f"{_ON_PAGES}: {count}", _TABLE)
        yield from notes.close()


def _remarks(survey: Survey, notes: Notes, *, has_owner: bool) -> Iterator[Notice]:
    notes.add(
        "info",
        "an export that its user made with Telegram Desktop, from the cloud: it lacks what was deleted before"
        " it was made, and secret chats; names are those that the exporting account saw then",
        None,
    )
    if not has_owner:
        notes.add("info", "whose export it is stands nowhere in it: no direction is known", None)
    public = [
        f"{chat.kind} -{chat.key[1]} “{chat.title or ''}” ({chat.type})"
        for chat in survey.chats
        if chat.key is not None and chat.type is not None and chat.type.startswith("public_")
    ]
    notes.listing("public channels and groups (their usernames are not exported)", _TABLE, public)
    notes.listing("chats that the account had left", _TABLE, survey.left)
    yield from notes.drain()
