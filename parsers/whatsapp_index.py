"""Texts that WhatsApp's index of words still holds when their message has not: copies, normalised ones.

Source: WhatsApp reference 2.2, 2.3 and 2.7: the index is an FTS table whose shadow table ``..._content``
keeps each text under the row id of its message (from the schema of a real database). What it keeps is lower
case, without diacritics, its signs set apart (seen in a database of 2018): never the text as it was sent.
Whether it still holds what a message said before an edit is not known (sources disagree): it is looked up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.copies import DELETED, EDITED, GONE, WORD_INDEX
from forensics.fields import TEXT, Column, Table
from forensics.formats.sqlite import Database
from forensics.model import Copied, Message, Notice
from parsers.notes import Notes
from parsers.whatsapp_tables import MESSAGE, MESSAGES

# The shadow table of each table of messages, by what of it is read.
_INDEXES = {
    MESSAGE.name: Table("message_ftsv2_content", (Column("c0content", TEXT),)),
    MESSAGES.name: Table("messages_fts_content", (Column("c0content", TEXT),)),
}


class Changed(NamedTuple):
    """A message whose text was taken away or replaced, as far as a copy needs it."""

    message: str
    conversation: str
    sender: str | None
    from_owner: bool | None
    sent_at: int | None
    app_id: str | None
    text: str | None
    reason: str


def changed(message: Message) -> Changed | None:
    """What a copy needs of a message that was deleted for everyone or edited; None of any other."""
    is_deleted = message.state == "deleted_for_everyone"
    if not is_deleted and message.edited_at is None and not message.edits:
        return None
    return Changed(
        message.id,
        message.conversation,
        message.sender,
        message.from_owner,
        message.sent_at,
        message.source.app_id,
        message.text,
        DELETED if is_deleted else EDITED,
    )


class WordIndex:
    """The index beside one table of messages; ``see`` takes the messages as they are read."""

    def __init__(self, database: Database, table: str, notes: Notes) -> None:
        self._database = database
        self._table = table
        self._notes = notes
        index = _INDEXES[table]
        self.name = index.name
        is_there = database.has(index.name, "c0content")
        self._bound = index.bind(database, notes.doubt(index.name)) if is_there else None
        self._changed: dict[int, Changed] = {}

    @property
    def is_present(self) -> bool:
        """Whether the database has the index."""
        return self._bound is not None

    def see(self, message: Message) -> None:
        """Remember a message whose text was taken away or replaced."""
        rowid = message.source.rowid
        found = changed(message) if rowid is not None and self._bound is not None else None
        if found is not None and rowid is not None:
            self._changed[rowid] = found

    def taken(self) -> dict[int, Changed]:
        """What was seen since the last time, by row id; it is not kept here."""
        found, self._changed = self._changed, {}
        return found

    def take(self, changed: dict[int, Changed]) -> None:
        """Take over what was seen elsewhere."""
        self._changed.update(changed)

    def notices(self, rowids: Iterable[int]) -> Iterator[Notice]:
        """A notice for each copy, behind what waits to be told; ``rowids`` are those of all messages of the
        table, in order. A phone may have a million: each is given before the next one is made."""
        if self._bound is None:
            return
        messages = iter(rowids)
        current = next(messages, None)
        columns, also = ("c0content",), sorted(self._changed)
        for row in self._database.rows_apart(self.name, columns, self._table, also):
            rowid, text = self._bound.checked(row)
            while current is not None and current < rowid:
                current = next(messages, None)
            found = self._changed.get(rowid)
            if text and found is not None and letters(text) != letters(found.text or ""):
                self._copy(rowid, text, found)
            elif text and current != rowid:
                self._copy(rowid, text, None)
            if self._notes.is_pending:
                yield from self._notes.drain()

    def _copy(self, rowid: int, text: str, found: Changed | None) -> None:
        copied = Copied(
            text=text,
            origin=WORD_INDEX,
            reason=GONE if found is None else found.reason,
            is_normalised=True,
            message=None if found is None else found.message,
            holder=None,
            conversation=None if found is None else found.conversation,
            sender=None if found is None else found.sender,
            from_owner=None if found is None else found.from_owner,
            sent_at=None if found is None else found.sent_at,
            app_id=None if found is None else found.app_id,
        )
        self._notes.copy(copied, f"row {rowid} of {self._table}", self.name, rowid)


def letters(text: str) -> str:
    """The letters and digits of a text without case and diacritics: what an index changes nothing of."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if each.isalnum())
