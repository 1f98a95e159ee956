"""What was written in a conversation of Signal and not sent, on every platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.model import Message, Source
from forensics.parser import Installation
from parsers.signal_people import APP, Chat, People

# The row, its conversation and what was written there.
Draft = tuple[int, Chat, str]


def draft_messages(
    installation: Installation, people: People, table: str, rows: int, drafts: Sequence[Draft]
) -> Iterator[Message]:
    """The drafts of a table of conversations with that many rows, most of which have none."""
    accounting = installation.account_for(table)
    accounting.rows = rows
    accounting.messages += len(drafts)
    accounting.skip("no draft", rows - len(drafts))
    for rowid, chat, text in drafts:
        source = installation.source(table, rowid)
        yield draft_message(installation, people, chat, source, text)


def draft_message(
    installation: Installation, people: People, chat: Chat, source: Source, text: str | None
) -> Message:
    """A text as it stands unsent in the row that ``source`` names."""
    return Message(
        id=installation.place.message(source.table or "", source.rowid or 0),
        app=APP,
        platform=people.platform,
        account=people.account_id,
        conversation=chat.id,
        conversation_kind=chat.kind,
        sender=people.owner.id,
        from_owner=True,
        kind="text",
        source=source,
        status="draft",
        text=text,
    )
