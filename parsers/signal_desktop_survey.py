"""One quick pass over the messages of Signal Desktop before they are read: what is quoted or answered.

Source: Signal reference 5.3 (quote: the time the target was sent, and its author; storyId: its id).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.formats.sqlite import Database
from parsers import signal_json
from parsers.notes import Notes
from parsers.signal_desktop_tables import EDITED_MESSAGES, MESSAGES
from parsers.signal_json import JsonError
from parsers.signal_sides import all_rows


class Target(NamedTuple):
    """A message that may be the one that is meant; ``author`` is None for the owner's."""

    rowid: int
    conversation: object
    author: object
    sent: object


class DesktopSurvey:
    """The messages that others quote or answer, by time and by id."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._by_time: dict[int, list[Target]] = {}
        self._by_id: dict[object, Target] = {}
        times, ids = self._wanted(database)
        if not times and not ids:
            return
        edited: dict[object, list[int]] = {}
        for _rowid, message, sent in all_rows(database, EDITED_MESSAGES, notes):
            if sent in times:
                edited.setdefault(message, []).append(sent)
        service = "sourceServiceId" if database.has(MESSAGES.name, "sourceServiceId") else "sourceUuid"
        columns = ("id", "conversationId", service, "sent_at")
        for rowid, key, conversation, author, sent in database.rows(MESSAGES.name, columns):
            target = Target(rowid, conversation, author, sent)
            for each in {sent, *edited.get(key, ())} & times:
                self._by_time.setdefault(each, []).append(target)
            if key in ids:
                self._by_id[key] = target

    def quoted(
        self, sent: int, conversation: str | None, author: str | None, *, is_owner: bool
    ) -> Target | None:
        """The message sent at that time by that author, in that conversation where several are."""
        found = [
            each
            for each in self._by_time.get(sent, ())
            if each.author == author or author is None or (each.author is None and is_owner)
        ]
        here = [each for each in found if each.conversation == conversation]
        chosen = here or found
        return chosen[0] if len({each.rowid for each in chosen}) == 1 else None

    def story(self, key: str) -> Target | None:
        """The story with that id."""
        return self._by_id.get(key)

    @staticmethod
    def _wanted(database: Database) -> tuple[set[int], set[object]]:
        times: set[int] = set()
        ids: set[object] = set()
        for _rowid, text, story in database.rows(MESSAGES.name, ("json", "storyId")):
            if isinstance(text, str) and '"quote"' in text:
                times.update(_quoted(text))
            if story:
                ids.add(story)
        return times, ids


def _quoted(text: str) -> Iterator[int]:
    try:
        sent = signal_json.integer_of(signal_json.object_of(signal_json.parsed(text), "quote"), "id")
    except JsonError:
        return  # the reader of the message says so
    if sent is not None:
        yield sent
