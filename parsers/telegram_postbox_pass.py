"""The passes over t7 and over the index of words: each row becomes a message, or is counted as what it is.

Source: Telegram reference 5.3. A message that only the index of words still holds was removed from t7: it is
recovered; when it was sent is not stored there.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model import Call, Conversation, Message, Notice, Participant
from parsers.notes import raw_text
from parsers.table_rows import TableRows
from parsers.telegram_news import with_news
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_drafts import drafts
from parsers.telegram_postbox_files import file_kind, file_name, resource_name
from parsers.telegram_postbox_gaps import gap_notices
from parsers.telegram_postbox_ids import (
    SECRET_INCOMING,
    Hole,
    Listed,
    app_id,
    message_key,
    words_item,
)
from parsers.telegram_postbox_messages import MessageReader
from parsers.telegram_postbox_rows import KeyedRows
from parsers.telegram_postbox_stories import stories
from parsers.telegram_postbox_tables import MESSAGES, SHARED_MEDIA, WORDS
from parsers.telegram_postbox_types import FILE, name_of

Found = Message | Call | Conversation | Notice | Participant
# Bytes of the largest value that can be a part which older versions had not fetched: its type and a few
# numbers (Postbox: a first byte other than 0 is a hole; its size is assumed, a message takes more).
_LONGEST_HOLE = 32


class MessagePass:
    """Reads all messages and calls of one installation."""

    def __init__(self, context: Context, holes: list[Hole], chats: list[Listed]) -> None:
        self._context = context
        self._holes = holes
        self._chats = chats

    def records(self) -> Iterator[Found]:
        """The messages, those that only the index of words holds, drafts and stories, then the calls; people
        and notices where they arise."""
        context = self._context
        yield from with_news(self._messages(), self._context)
        yield from with_news(self._words(), self._context)
        yield from with_news(drafts(context), self._context)
        yield from with_news(stories(context), self._context)
        yield from context.calls
        yield from gap_notices(context, self._holes, self._chats)
        self._unused()
        yield from context.people.newly_met()
        yield from context.notes.drain()

    def _messages(self) -> Iterator[Message | Notice]:
        context = self._context
        rows = KeyedRows(context.installation, MESSAGES, context.notes)
        reader, accounting = MessageReader(context), rows.accounting
        is_recovered = context.installation.is_recovered
        for rowid, stored_key, value in rows.rows():
            key = message_key(stored_key) if stored_key is not None else None
            if key is None:
                accounting.failed += 1
                yield self._failed(rowid, stored_key, value)
                continue
            message = reader.message(key, stored_key.hex(), value, rowid if is_recovered else None)
            if message is None:
                context.index.drop(key)
                if len(value or b"") > _LONGEST_HOLE:
                    accounting.failed += 1
                    yield self._no_hole(rowid, stored_key, value)
                else:
                    accounting.skip("hole")
                continue
            accounting.messages += 1
            yield message
        yield from rows.close()

    def _failed(self, rowid: int | None, key: bytes | None, value: bytes | None) -> Notice:
        size = "no key" if key is None else f"a key of {len(key)} bytes"
        source = self._context.notes.source(MESSAGES.name, rowid, key=None if key is None else key.hex())
        text = f"a row of {MESSAGES.name} has {size}, not of 20: which message it is is not stored"
        return Notice(severity="failed", text=text, source=source, raw=raw_text(value))

    def _no_hole(self, rowid: int | None, key: bytes, value: bytes) -> Notice:
        source = self._context.notes.source(MESSAGES.name, rowid, key=key.hex())
        text = (
            f"a row of {MESSAGES.name} is of type {value[0]}, which is no message's, and too long for a part"
            " that was not fetched: it was not read"
        )
        return Notice(severity="failed", text=text, source=source, raw=raw_text(value))

    def _words(self) -> Iterator[Message | Notice]:
        context = self._context
        rows = TableRows(context.installation, WORDS, context.notes, has_gaps=False)
        for rowid, _chat, item, text in rows.rows():
            found = words_item(item) if item is not None else None
            if found is None:
                rows.accounting.failed += 1
                source = context.installation.source(WORDS.name, rowid)
                words = f"row {rowid} of {WORDS.name} names no message: {item}"
                yield Notice(severity="failed", text=words, source=source, raw=raw_text(text))
            elif context.index.find(*found) is not None or context.words.rowid(found) != rowid:
                rows.accounting.skip("copy")
            else:
                rows.accounting.messages += 1
                context.notes.count(
                    f"message only in {WORDS.name}, no longer in {MESSAGES.name}: recovered from there"
                )
                yield self._recovered(rowid, found, text)
        yield from rows.close()

    def _recovered(self, rowid: int, message: tuple[int, int, int], text: str | None) -> Message:
        """A message of which only the text is left. Who sent it is known where all of its namespace were
        received."""
        context, (peer, namespace, number) = self._context, message
        chat, account = context.chats.at(peer), context.people.account
        is_received = namespace == SECRET_INCOMING
        return Message(
            id=context.installation.place.message(WORDS.name, rowid),
            app=account.app,
            platform=account.platform,
            account=account.id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=chat.partner.id if is_received and chat.partner is not None else None,
            from_owner=False if is_received else None,
            kind="text",
            source=context.installation.source(WORDS.name, rowid, app_id(namespace, number)),
            text=text or None,
            state="recovered",
        )

    def _unused(self) -> None:
        """Media that stand in t6 and belong to no message that is left."""
        lines = []
        for number, part in self._context.shared.unused():
            node = part.node
            if node is None:
                lines.append(f"{number[0]}:{number[1]}, which cannot be read")
            elif name_of(node) == FILE:
                names = (file_kind(node), file_name(node), resource_name(node.child("r")))
                lines.append(" ".join(each for each in names if each))
            else:
                lines.append(f"{name_of(node) or node.type} {number[0]}:{number[1]}")
        self._context.notes.listing("media that no message speaks of", SHARED_MEDIA.name, lines)
