"""What was written in a chat of Postbox and not sent.

Source: StoredPeerChatInterfaceState and SynchronizeableChatInputState of TelegramMessenger/Telegram-iOS
("from source"): t67 by chat and t68 by chat and topic hold entries without a root, among them ``data``, which
are such entries again with the text. That the key of t68 is a PeerId and a topic is assumed. Older versions
kept drafts in t23, in a form of the app's own, which is not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from forensics.fields import Row, Table
from forensics.formats.postbox import Node, Problem, read_bare
from forensics.model import Message, Notice, Reply, Source, System
from forensics.times import rfc3339
from parsers.notes import raw_text
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_directory import Directory
from parsers.telegram_postbox_ids import app_id
from parsers.telegram_postbox_numbers import moment, whole
from parsers.telegram_postbox_rows import KeyedRows
from parsers.telegram_postbox_tables import DRAFTS, MESSAGES, TOPIC_DRAFTS

_topic_key = struct.Struct(">qq")


class _Place(NamedTuple):
    """Where a draft stands, and in which chat and topic it was written."""

    source: Source
    name: int | str
    peer: int
    topic: int | None


def drafts(context: Context) -> Iterator[Message | Notice]:
    """All drafts; every row is accounted for."""
    for table in (DRAFTS, TOPIC_DRAFTS):
        rows = KeyedRows(context.installation, table, context.notes)
        for row in rows.rows():
            place, problems = _place(context, table, row), list[Problem]()
            state = _state(row[2], problems) if row[2] else None
            if place is None or (state is None and problems):
                rows.accounting.failed += 1
                yield _failed(context, table, row, problems)
                continue
            for each in problems:
                text = f"row {place.name} of {table.name}: {each.text} at offset {each.offset}"
                context.notes.add("doubt", text, table.name, raw=row[2] if each.raw is None else each.raw)
            if state is None or not state.text("t"):
                rows.accounting.skip("no draft")
                continue
            rows.accounting.messages += 1
            yield _draft(context, place, state)
        yield from rows.close()


def draft_chats(directory: Directory) -> Iterator[int]:
    """The chats in which something may stand that was not sent."""
    for row in directory.rows(DRAFTS):
        if row[1] is not None:
            yield row[1]
    for row in directory.rows(TOPIC_DRAFTS):
        if row[1] is not None and len(row[1]) == _topic_key.size:
            yield _topic_key.unpack(row[1])[0]


def _place(context: Context, table: Table, row: Row) -> _Place | None:
    if table is DRAFTS:
        if row[1] is None:
            return None
        return _Place(context.installation.source(table.name, row[1]), row[1], row[1], None)
    if row[1] is None or len(row[1]) != _topic_key.size:
        return None
    peer, topic = _topic_key.unpack(row[1])
    written = row[1].hex()
    return _Place(context.notes.source(table.name, key=written), written, peer, topic)


def _state(value: bytes, problems: list[Problem]) -> Node | None:
    """The draft within a row; None without one."""
    inner = read_bare(value, problems).raw("data")
    return None if inner is None else read_bare(inner, problems).child("synchronizeableInputState")


def _draft(context: Context, place: _Place, state: Node) -> Message:
    account, chat = context.people.account, context.chats.at(place.peer)
    words = [] if place.topic is None else [context.topic_words(place.peer, place.topic)]
    words.append(f"written at {rfc3339(moment(state.number('s'))) or 'a time not stored'}")
    return Message(
        id=context.installation.place.message(place.source.table or "", place.name),
        app=account.app,
        platform=account.platform,
        account=account.id,
        conversation=chat.id,
        conversation_kind=chat.kind,
        sender=context.people.owner.id,
        from_owner=True,
        kind="text",
        source=place.source,
        status="draft",
        text=state.text("t"),
        reply_to=_reply(context, state),
        system=System(
            type="draft" if place.topic is None else "topic", code=whole(place.topic), detail="; ".join(words)
        ),
    )


def _reply(context: Context, state: Node) -> Reply | None:
    peer, namespace, number = state.number("m.p"), state.number("m.n"), state.number("m.i")
    if peer is None or namespace is None or number is None:
        return None
    key = context.index.find(peer, namespace, number)
    found = None if key is None else context.installation.place.message(MESSAGES.name, key.written.hex())
    return Reply(id=found, app_id=app_id(namespace, number), text=None, sent_at=None, sender=None)


def _failed(context: Context, table: Table, row: Row, problems: list[Problem]) -> Notice:
    name = row[1].hex() if isinstance(row[1], bytes) else row[1]
    why = f"{problems[0].text}" if problems else "its key names no chat"
    text = f"row {name} of {table.name} cannot be read as a draft: {why}"
    source = context.installation.source(table.name, row[0])
    return Notice(severity="failed", text=text, source=source, raw=raw_text(row[2]))
