"""Media that stand outside of their messages: t6, where several messages may share one.

Source: Telegram reference 5.3 (t6: the medium itself with a count of those who use it, or the message that
holds it; "from source"). A medium that no message names any more was that of messages that are gone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from forensics.formats.postbox import PostboxError, read_sized
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.telegram_postbox_ids import media_key
from parsers.telegram_postbox_index import MessageIndex
from parsers.telegram_postbox_message import Part, read_part, read_stored
from parsers.telegram_postbox_tables import MESSAGES, SHARED_MEDIA

_DIRECT, _WITHIN_MESSAGE = 0, 1
_message = struct.Struct("<qiii")
_identifier = struct.Struct("<iq")
MediaId = tuple[int, int]


class SharedMedia:
    """The media of t6 by their ids."""

    def __init__(self, database: Database, index: MessageIndex, notes: Notes) -> None:
        self._database = database
        self._index = index
        self._rowids: dict[MediaId, int] = {}
        self._values: dict[MediaId, bytes] = {}  # only of a table that has no row ids
        self._used: set[MediaId] = set()
        bound = SHARED_MEDIA.bind(database, notes.doubt(SHARED_MEDIA.name))
        for rowid, key, value in bound.rows() if bound is not None else ():
            number = media_key(key) if key is not None else None
            if number is None:
                notes.count(f"row of {SHARED_MEDIA.name} whose key names no medium")
            elif type(rowid) is int:
                self._rowids[number] = rowid
            elif value is not None:
                self._values[number] = value

    def find(self, number: MediaId) -> Part | None:
        """A medium; None where there is none of that id."""
        self._used.add(number)
        return self._read(number)

    def unused(self) -> Iterator[tuple[MediaId, Part]]:
        """The media that were not asked for and are stored in t6 themselves."""
        for number in sorted(({*self._rowids} | {*self._values}) - self._used):
            value = self._value(number)
            if value and value[0] == _DIRECT:
                part = self._read(number)
                if part is not None:
                    yield number, part

    def _value(self, number: MediaId) -> bytes | None:
        rowid = self._rowids.get(number)
        if rowid is None:
            return self._values.get(number)
        row = self._database.row(SHARED_MEDIA.name, rowid)
        value = row.get("value") if row is not None else None
        return value if isinstance(value, bytes) else None

    def _read(self, number: MediaId) -> Part | None:
        value = self._value(number)
        if not value:
            return None
        if value[0] == _DIRECT:
            try:
                raw, _ = read_sized(value, 1, "bytes of a medium")
            except PostboxError:
                return read_part(value[1:])  # which says what is wrong
            return read_part(raw)
        if value[0] == _WITHIN_MESSAGE and len(value) >= 1 + _message.size:
            peer, namespace, message, _time = _message.unpack_from(value, 1)
            return self._within(peer, namespace, message, number)
        return None

    def _within(self, peer: int, namespace: int, message: int, number: MediaId) -> Part | None:
        """The medium of that id within another message."""
        rowid = self._index.rowid(peer, namespace, message)
        row = self._database.row(MESSAGES.name, rowid) if rowid is not None else None
        value = row.get("value") if row is not None else None
        if not isinstance(value, bytes):
            return None
        wanted = _identifier.pack(*number)
        for part in read_stored(value).media:
            if part.node is not None and part.node.raw("i") == wanted:
                return part
        return None
