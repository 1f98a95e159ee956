"""What a message answers: the copy that the app keeps of the quoted message, and the row it was copied from.

Source: WhatsApp reference 2.3 (message_quoted). The copy survives the deletion of the original, and keeps
the text from before an edit. Only the keys that some row quotes are looked for among the messages.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from forensics.formats.sqlite import Database
from forensics.model import Reply
from parsers.whatsapp_codes import REVOKED_TYPES
from parsers.whatsapp_context import Context
from parsers.whatsapp_side_tables import QUOTED, QUOTED_MEDIA
from parsers.whatsapp_sides import Found, first

_Key = tuple[int | None, int | None, str]


class Target(NamedTuple):
    """A message that is quoted: its row and sender, and its type as it is now."""

    rowid: int
    sender: int | None
    message_type: int | None


class Survey:
    """One quick pass over ``message``: the rows that are quoted, and the chats that are named."""

    def __init__(self, database: Database, known_chats: Container[int]) -> None:
        self.targets: dict[_Key, list[Target]] = {}
        self.lost_chats: dict[int | None, None] = {}
        quoted = _quoted_keys(database)
        if not database.has("message"):
            return
        columns = ("chat_row_id", "key_id", "from_me", "sender_jid_row_id", "message_type")
        for rowid, chat, key, from_me, sender, message_type in database.rows("message", columns):
            if key in quoted:
                target = Target(rowid, sender, message_type)
                self.targets.setdefault((chat, from_me, key), []).append(target)
            if chat not in known_chats and key != "-1":
                self.lost_chats[chat if isinstance(chat, int) else None] = None

    def find(self, chat: int | None, from_me: int | None, key: str, sender: int | None) -> Target | None:
        """The row that is quoted; of several with the same key the one of that sender."""
        targets = self.targets.get((chat, from_me, key), [])
        if len(targets) == 1:
            return targets[0]
        return next((target for target in targets if target.sender == sender), None)


def _quoted_keys(database: Database) -> set[object]:
    if not database.has(QUOTED.table.name, "key_id"):
        return set()
    return {key for _rowid, key in database.rows(QUOTED.table.name, ("key_id",))}


def reply_to(context: Context, survey: Survey, rowid: int, found: Found) -> Reply | None:
    """What the message in that row answers, as its own row in ``message_quoted`` says it."""
    row = first(found, QUOTED)
    if row is None:
        return None
    _rowid, _message, chat_row, parent_row, from_me, sender_row, key, timestamp, text = row
    # "Reply in private": the chat of the quoted message is another one.
    chat_row = parent_row if parent_row is not None and parent_row > 0 else chat_row
    target = survey.find(chat_row, from_me, key, sender_row) if key else None
    chat = context.chats.by_row.get(chat_row) if chat_row is not None else None
    media = first(found, QUOTED_MEDIA)
    kept = text if text is not None or media is None else media[2]
    if target is not None and target.message_type in REVOKED_TYPES and kept:
        _note_ghost(context, rowid, target, kept)
    return Reply(
        id=None if target is None else context.installation.place.message("message", target.rowid),
        app_id=key,
        text=kept,
        sent_at=context.notes.instant(timestamp, QUOTED.table.name, rowid, "timestamp"),
        sender=context.sender(from_me, sender_row, None if chat is None else chat.partner),
    )


def _note_ghost(context: Context, rowid: int, target: Target, text: str) -> None:
    """The text of a message that was deleted for everyone, kept by the answer to it."""
    words = (
        f"message {target.rowid} was deleted for everyone; the quote in message {rowid} keeps what it said"
    )
    context.notes.add("info", words, QUOTED.table.name, rowid, text)
