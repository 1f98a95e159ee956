"""The index of words (ft41), which keeps the texts of some messages a second time.

Source: MessageHistoryTextIndexTable and SqliteValueBox of TelegramMessenger/Telegram-iOS ("from source"): a
full-text table of four columns whose own table ft41_content holds a chat, the message's id, its text and its
tags. A message that only stands here was removed from t7.
"""

from __future__ import annotations

from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.telegram_postbox_ids import words_item
from parsers.telegram_postbox_tables import WORDS

MessageId = tuple[int, int, int]


class Words:
    """Which messages the index of words has."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database = database
        self._rowids: dict[MessageId, int] = {}
        bound = WORDS.bind(database, notes.doubt(WORDS.name))
        for rowid, _chat, item, _text in bound.rows() if bound is not None else ():
            found = words_item(item) if item is not None else None
            if found is not None and type(rowid) is int:
                self._rowids.setdefault(found, rowid)

    def __bool__(self) -> bool:
        return bool(self._rowids)

    def peers(self) -> list[int]:
        """The chats whose messages are in the index, sorted."""
        return sorted({peer for peer, _, _ in self._rowids})

    def rowid(self, message: MessageId) -> int | None:
        """The row of a message; None where it is not in the index."""
        return self._rowids.get(message)

    def text(self, rowid: int) -> str | None:
        """The text of a row."""
        row = self._database.row(WORDS.name, rowid)
        text = row.get("c2") if row is not None else None
        return text if isinstance(text, str) else None
