"""The titles of the topics of a forum in Postbox.

Source: MessageHistoryThreadIndexTable, StoredMessageHistoryThreadInfo (Postbox) and MessageHistoryThreadData
(TelegramCore) of TelegramMessenger/Telegram-iOS ("from source"): a key of 28 bytes, with the chat, the time
of its newest message, the topic, and the namespace and number of that message; a value of entries without a
root, whose ``d`` holds further entries: ``info`` with ``title``. Two versions of Postbox.swift have it as
t73; whatever its number is, it is recognised by what its rows hold.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

from forensics.formats.postbox import Node, Problem, read_bare
from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.telegram_postbox_tables import KNOWN_TABLES

_key = struct.Struct(">qiqii")
_NUMBERED = re.compile(r"t\d{1,3}")
# A table of messages by topic has keys of the same length and no values; some values are empty here too.
_LOOKED_AT = 200
Topic = tuple[int, int]


def topic_titles(database: Database, notes: Notes) -> dict[Topic, str]:
    """Titles by chat and topic; of a topic that has two the one with the newer message."""
    found: dict[Topic, tuple[int, str]] = {}
    for table in topic_tables(database):
        for peer, time, topic, node in _rows(database, table):
            info = node.child("info")
            title = info.text("title") if info is not None else None
            if title is None:
                notes.count(f"topic in {table} without a title")
            elif time >= found.get((peer, topic), (time, ""))[0]:
                found[peer, topic] = time, title
    return {topic: title for topic, (_time, title) in found.items()}


def topic_tables(database: Database) -> list[str]:
    """The tables that hold topics, by what their rows hold."""
    numbered = [each for each in sorted(database.tables()) if _NUMBERED.fullmatch(each) is not None]
    return [
        table
        for table in numbered
        if table not in KNOWN_TABLES
        and database.has(table, "key", "value")
        and _holds_topics(database, table)
    ]


def _holds_topics(database: Database, table: str) -> bool:
    rows = database.rows(table, ("key", "value"))
    return any(_topic(key, value) is not None for _rowid, key, value in islice(rows, _LOOKED_AT))


def _rows(database: Database, table: str) -> Iterator[tuple[int, int, int, Node]]:
    for _rowid, key, value in database.rows(table, ("key", "value")):
        found = _topic(key, value)
        if found is not None:
            yield found


def _topic(key: object, value: object) -> tuple[int, int, int, Node] | None:
    """Chat, time, topic and what is known of it; None for a row that is none."""
    if type(key) is not bytes or len(key) != _key.size or type(value) is not bytes or not value:
        return None
    problems: list[Problem] = []
    stored = read_bare(value, problems)
    inner = stored.raw("d")
    if problems or inner is None or stored.child("s") is None:
        return None
    peer, time, topic, _namespace, _number = _key.unpack(key)
    return peer, time, topic, read_bare(inner, problems)
