"""The stories of Signal for iOS: rows of model_StoryMessage.

Source: the app's own ("from source": Signal-iOS, StoryMessage.swift): how far a story came stands in JSON, as
does what it shows: a text, or a file of the old or of the new kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from forensics.fields import Row
from forensics.model import Attachment, Message, Receipt
from forensics.parser import Installation
from parsers import signal_archive, signal_json
from parsers.notes import Notes
from parsers.signal_ios_beside import RECIPIENT_STATES
from parsers.signal_ios_files import IosFiles
from parsers.signal_ios_people import IosDirectory
from parsers.signal_ios_tables import STORY
from parsers.signal_json import JsonError, Object
from parsers.signal_people import APP
from parsers.table_rows import TableRows

_TABLE = STORY.name
_DIRECTIONS = {0: False, 1: True}
# A case of an enumeration with one unnamed value, and as it was named before.
_VALUES = ("_0", "attachment")


class IosStories:
    """Makes the messages of table ``model_StoryMessage``."""

    def __init__(
        self, installation: Installation, directory: IosDirectory, files: IosFiles, notes: Notes
    ) -> None:
        self._installation, self._directory = installation, directory
        self._files, self._notes = files, notes

    def table(self) -> TableRows:
        """The rows, each to be accounted for."""
        return TableRows(self._installation, STORY, self._notes)

    def message(self, row: Row) -> Message:
        """The story of a row."""
        rowid, sent, author, group, direction, manifest, attachment = row
        people = self._directory.people
        from_owner = _DIRECTIONS.get(direction)
        person = people.owner if from_owner else self._directory.person(_service_id(author))
        chat = self._directory.group(signal_archive.group_id(group)) if group else people.stories()
        state = self._object(rowid, "manifest", manifest)
        shown = self._object(rowid, "attachment", attachment)
        receipts, status = self._receipts(rowid, state)
        return Message(
            id=self._installation.place.message(_TABLE, rowid),
            app=APP,
            platform="ios",
            account=people.account_id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=None if person is None else person.id,
            from_owner=from_owner,
            kind="story",
            source=self._installation.source(_TABLE, rowid, str(sent) if sent else None),
            status=status if from_owner else None,
            sent_at=self._instant(rowid, "timestamp", sent),
            received_at=self._received(rowid, state),
            text=signal_json.text_of(_case(shown, "text"), "text"),
            receipts=receipts,
            attachments=tuple(self._attachments(rowid, shown)),
        )

    def _object(self, rowid: int, column: str, data: bytes | None) -> Object:
        try:
            return signal_json.parsed((data or b"").decode("utf-8", "replace"))
        except JsonError as error:
            text = f"row {rowid} of {_TABLE}: {column} cannot be read: {error}"
            self._notes.add("doubt", text, _TABLE, rowid, data)
            return {}

    def _instant(self, rowid: int, column: str, value: int | None) -> int | None:
        return self._notes.instant(value, _TABLE, rowid, column)

    def _received(self, rowid: int, state: Object) -> int | None:
        incoming = signal_json.object_of(signal_json.object_of(state, "incoming"), "receivedState")
        return self._instant(rowid, "manifest", signal_json.integer_of(incoming, "receivedTimestamp"))

    def _receipts(self, rowid: int, state: Object) -> tuple[tuple[Receipt, ...], str | None]:
        """Who saw it, and whether it was sent: it counts as seen by nobody before the first time."""
        kept, codes = [], []
        for service, each in _recipients(state):
            codes.append(signal_json.integer_of(each, "sendingState"))
            viewed = signal_json.integer_of(each, "viewedTimestamp")
            person = self._directory.person(signal_archive.service_id(service))
            if viewed is not None:
                at = self._instant(rowid, "manifest", viewed)
                who = None if person is None else person.id
                kept.append(Receipt(participant=who, delivered_at=None, read_at=None, played_at=at))
        words = {RECIPIENT_STATES.get(code) for code in codes if code is not None}
        rank = ("played", "read", "delivered", "sent", "pending", "failed")
        return tuple(kept), "played" if kept else next((each for each in rank if each in words), None)

    def _attachments(self, rowid: int, shown: Object) -> Iterator[Attachment]:
        old = signal_json.text_of(_case(shown, "file"), "attachmentId")
        yield from self._files.of_story(rowid, old)


def _case(value: Object, name: str) -> Object:
    """The content of one case of an enumeration, with or without its name around it."""
    found = signal_json.object_of(value, name)
    return next((inner for key in _VALUES if (inner := signal_json.object_of(found, key))), found)


def _recipients(state: Object) -> Iterator[tuple[str, Object]]:
    """Recipients with their states: an object, or a list in which each follows its service id."""
    outgoing = signal_json.object_of(state, "outgoing")
    found = outgoing.get("recipientStates") or outgoing.get("manifest")
    if isinstance(found, dict):
        yield from ((key, each) for key, each in found.items() if isinstance(each, dict))
    elif isinstance(found, list):
        for key, each in zip(found[::2], found[1::2], strict=False):
            if isinstance(key, str) and isinstance(each, dict):
                yield key, each


def _service_id(data: bytes | None) -> str | None:
    """A service id as sixteen bytes or as a text."""
    if data is None:
        return None
    if len(data) == 16:
        return str(UUID(bytes=data))
    return signal_archive.service_id(data.decode("utf-8", "replace"))
