"""The sections of a whole account that hold no chats: stories become messages, the rest people and notices.

Source: Telegram reference 6.1, export_output_json.cpp of tdesktop (fields of each section).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.identity import conversation_id
from forensics.model import Conversation, Message, Record, System
from forensics.parser import Document
from forensics.times import rfc3339
from parsers.notes import Notes
from parsers.telegram_export_content import attached
from parsers.telegram_export_people import APP, PLATFORM, People
from parsers.telegram_export_stream import Object, Section
from parsers.telegram_export_times import Clock
from parsers.telegram_export_words import plain, said

_STORY = "story"
# Sections that are told as they stand, and what they are.
_LISTED = {
    "personal_information": "what the account says of itself",
    "profile_pictures": "profile pictures of the account",
    "contacts": "contacts of the account",
    "frequent_contacts": "people and chats that Telegram counts as frequent, with its rating",
    "sessions": "sessions of the account",
    "web_sessions": "sessions of websites and bots",
}


class Sections:
    """Makes the records of these sections."""

    def __init__(self, document: Document, people: People, notes: Notes, clock: Clock) -> None:
        self._document = document
        self._people = people
        self._notes = notes
        self._clock = clock

    def records(self, section: Section) -> Iterator[Record]:
        """The records of one section; what has none becomes a notice."""
        for words in section.mended:
            self._notes.count(f"mended: {words}")
        value = section.value
        rows = value.get("list", value) if isinstance(value, dict) else value
        listed = rows if isinstance(rows, list) else [rows]
        if section.name == "stories" and isinstance(rows, list):
            yield from self._stories(listed)
            return
        words = _LISTED.get(section.name, f"section {section.name}, which has no records of its own")
        self._notes.listing(words, section.name, [self._line(each) for each in listed if each])
        yield from self._notes.drain()

    def _line(self, value: object) -> str:
        """One element in words; a picture with the hash of its file."""
        if not isinstance(value, dict):
            return said(value)
        file, why = attached(value, self._document.media, "photo", "image", None)
        found = [said(value)]
        if file is not None:
            found.append(f"SHA-256 {file.sha256}" if file.present else f"not there: {why}")
        return ", ".join(found)

    def _stories(self, stories: list[object]) -> Iterator[Record]:
        account = self._people.account
        conversation = conversation_id(account.id, "stories")
        counted = self._document.account_for(_STORY)
        if stories and not counted.rows:
            yield Conversation(
                id=conversation,
                app=APP,
                platform=PLATFORM,
                account=account.id,
                kind="status",
                title="Stories",
                handle=None,
                participants=(self._people.owner,),
            )
        for each in stories:
            counted.rows += 1
            number = counted.rows  # goes on where the section stands twice
            if isinstance(each, dict):
                counted.messages += 1
                yield self._story(each, number, conversation)
            else:
                counted.failed += 1
                self._notes.add("failed", f"story {number} is no object", _STORY, number, said(each))
        yield from self._notes.drain()

    def _story(self, value: Object, number: int, conversation: str) -> Message:
        """A story is the owner's own: others' are not exported."""
        caption = plain(value.get("caption")) or plain(value.get("text")) or None
        file, why = attached(value, self._document.media, "media", "story", caption)
        expires = self._clock.instant(value, "expires", _STORY, number)
        known = {"date", "date_unixtime", "expires", "expires_unixtime", "media", "caption", "text", "pinned"}
        words = [
            *([f"expires at {rfc3339(expires)}"] if expires is not None else []),
            *(["kept on the profile"] if value.get("pinned") is True else []),
            *([why] if why is not None else []),
            *(f"{name}: {said(each)}" for name, each in value.items() if name not in known),
        ]
        return Message(
            id=self._document.place.message(_STORY, number),
            app=APP,
            platform=PLATFORM,
            account=self._people.account.id,
            conversation=conversation,
            conversation_kind="status",
            sender=self._people.owner,
            from_owner=True,
            kind="story",
            text=caption,
            sent_at=self._clock.instant(value, "date", _STORY, number),
            attachments=() if file is None else (file,),
            system=System(type="story", code=None, detail="; ".join(words)) if words else None,
            source=self._document.source(_STORY, number),
        )
