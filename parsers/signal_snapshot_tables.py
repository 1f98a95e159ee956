"""The records of Signal's new backups as tables, and which fields of a message have a known meaning.

Source: Signal reference 2.5, and backup.proto of libsignal for the rest ("from source").
"""

from __future__ import annotations

import json

from forensics.fields import BLOB, INTEGER, TEXT, Column, Table
from parsers.notes import Notes, raw_text
from parsers.signal_message_backup import BACKUP_INFO, CHAT_ITEM, FRAMES, OWNER, REVISION
from parsers.signal_parts import Parts

_DATA = (Column("offset"), Column("data", BLOB))
INFO = Table(BACKUP_INFO.name, _DATA)
ACCOUNT = Table(FRAMES[1].name, _DATA)
RECIPIENT = Table(FRAMES[2].name, _DATA)
CHAT = Table(FRAMES[3].name, _DATA)
ITEM = Table(CHAT_ITEM.name, _DATA)
ITEM_KEYS = Table(CHAT_ITEM.name, (Column("chat"), Column("author"), Column("sent")))
AD_HOC_CALL = Table(FRAMES[6].name, _DATA)
OLDER = Table(REVISION.name, (Column("chat_item", INTEGER), Column("sent", INTEGER)))
OWNER_ACI = Table(OWNER.name, (Column("aci", TEXT),))

# ChatItem: what it is (the field of its "oneof").
STANDARD, CONTACT, STICKER, DELETED, UPDATE, PAYMENT, GIFT, VIEW_ONCE, STORY_REPLY, POLL = range(11, 21)
PINNED, DELETED_BY_ADMIN = 21, 22
CONTENT = range(11, 23)
KNOWN = {
    "ChatItem": frozenset(range(1, 23)),
    STANDARD: frozenset(range(1, 7)),
    CONTACT: frozenset({1, 2}),
    STICKER: frozenset({1, 2}),
    DELETED: frozenset[int](),
    UPDATE: frozenset(range(1, 12)),
    PAYMENT: frozenset(range(1, 5)),
    GIFT: frozenset({1, 2}),
    VIEW_ONCE: frozenset({1, 2}),
    STORY_REPLY: frozenset({1, 2, 3}),
    POLL: frozenset(range(1, 6)),
    DELETED_BY_ADMIN: frozenset({1}),
}
NAMES = {
    STANDARD: "StandardMessage",
    CONTACT: "ContactMessage",
    STICKER: "StickerMessage",
    DELETED: "RemoteDeletedMessage",
    UPDATE: "ChatUpdateMessage",
    PAYMENT: "PaymentNotification",
    GIFT: "GiftBadge",
    VIEW_ONCE: "ViewOnceMessage",
    STORY_REPLY: "DirectStoryReplyMessage",
    POLL: "Poll",
    DELETED_BY_ADMIN: "AdminDeletedMessage",
}
_MOST_KEPT, _MOST_FIELDS = 50, 200


class UnknownFields:
    """The fields of messages that have no meaning here, with their values: one notice for each of them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], list[tuple[int, str | None]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._more = 0

    def look(self, rowid: int, name: str, parts: Parts, known: frozenset[int]) -> None:
        """Keep what is not known in one message."""
        for number in parts:
            if number not in known:
                self._keep(rowid, (name, number), parts)

    def _keep(self, rowid: int, key: tuple[str, int], parts: Parts) -> None:
        if key not in self._found and len(self._found) >= _MOST_FIELDS:
            self._more += 1
            return
        self._counts[key] = self._counts.get(key, 0) + 1
        kept = self._found.setdefault(key, [])
        left = _MOST_KEPT - len(kept)
        kept += [(rowid, raw_text(value)) for value in parts.raw(key[1])[:left]]

    def note(self, notes: Notes) -> None:
        """One notice for each field, with the rows and the values."""
        for (name, number), kept in sorted(self._found.items()):
            count = self._counts[name, number]
            rows = "1 row" if count == 1 else f"{count} rows"
            text = f"field {number} of {name} has no meaning known to this parser: {rows}"
            raw = json.dumps(kept, ensure_ascii=False)
            notes.add("info", text, ITEM.name, kept[0][0], raw)
        if self._more:
            notes.add("info", f"fields without a known meaning beyond these: {self._more}", ITEM.name)
