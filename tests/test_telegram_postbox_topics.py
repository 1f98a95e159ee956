"""Titles of topics in Postbox, as MessageHistoryThreadIndexTable of the client stores them."""

from __future__ import annotations

import struct

import pytest
from test_telegram_postbox_faults import ENCODING, OBJECTS, SCHEMA, Make, balanced, make, said  # noqa: F401

FRIENDS, DIRK = OBJECTS.FRIENDS, OBJECTS.DIRK
TABLE = "CREATE TABLE %s (key BLOB PRIMARY KEY, value BLOB);"


def key_of(topic: int, time: int = 5, peer: int = FRIENDS) -> str:
    return struct.pack(">qiqii", peer, time, topic, 0, 9).hex()


def topic_value(title: str | None) -> str:
    """StoredMessageHistoryThreadInfo: a summary, and what is known of the topic as entries within bytes."""
    fields = {} if title is None else {"title": ENCODING.text(title), "iconColor": ENCODING.i32(7)}
    known = {"creationDate": ENCODING.i32(1), "info": ENCODING.obj(ENCODING.Obj("Info", fields))}
    summary = ENCODING.Obj("Summary", {"u": ENCODING.i32(0), "m": ENCODING.NIL})
    data = {"d": ENCODING.raw(ENCODING.entries(known)), "s": ENCODING.obj(summary)}
    value: bytes = ENCODING.entries(data)
    return value.hex()


def messages() -> str:
    rows = [
        (11, "10:10", ENCODING.message("in a topic", DIRK, thread=77)),
        (12, "10:11", ENCODING.message("in another", DIRK, thread=78)),
    ]
    statements: str = OBJECTS.rows(FRIENDS, rows)
    return statements


def details(make: Make, table: str, statements: str) -> list[str | None]:  # noqa: F811
    reading = make(OBJECTS.base() + messages() + statements, SCHEMA + TABLE % table)
    balanced(reading)
    assert [each.system.code for each in reading.messages if each.system] == [77, 78]
    return [each.system.detail if each.system else None for each in reading.messages]


@pytest.mark.parametrize("table", ["t64", "t73", "t101"])
def test_a_topic_is_named_whatever_the_number_of_its_table(make: Make, table: str):  # noqa: F811
    statements = (
        f"INSERT INTO {table} VALUES (X'{key_of(76)}', X''), (X'{key_of(77)}', X'{topic_value('Planning')}');"
    )
    assert details(make, table, statements) == ["topic “Planning”", "topic 78"]


def test_of_two_titles_the_newer_counts_and_another_chat_has_its_own(make: Make):  # noqa: F811
    rows = [
        (key_of(77, 9), "Newer"),
        (key_of(77, 5), "Older"),
        (key_of(78, 5, OBJECTS.FAMILY), "Of another chat"),
    ]
    values = ", ".join(f"(X'{key}', X'{topic_value(title)}')" for key, title in rows)
    assert details(make, "t70", f"INSERT INTO t70 VALUES {values};") == ["topic “Newer”", "topic 78"]


def test_a_topic_without_a_title_is_counted_and_keys_alone_are_no_topics(make: Make):  # noqa: F811
    statements = f"INSERT INTO t62 VALUES (X'{key_of(77)}', X'{topic_value(None)}');"
    reading = make(OBJECTS.base() + messages() + statements, SCHEMA + TABLE % "t62")
    assert "topic in t62 without a title" in said(reading)
    damaged = (
        f"INSERT INTO t62 VALUES (X'{key_of(77)}', X'{topic_value('Cut')[:-8]}'), (7, 'x'), (NULL, NULL);"
    )
    assert details(make, "t62", damaged) == ["topic 77", "topic 78"]


def test_tables_that_nothing_reads_are_named_and_those_of_topics_are_not(make: Make):  # noqa: F811
    rows = f"INSERT INTO t70 VALUES (X'{key_of(77)}', X'{topic_value('Planning')}');"
    reading = make(
        OBJECTS.base()
        + messages()
        + rows
        + "INSERT INTO t20 VALUES (1, X'00'); INSERT INTO t91 VALUES (2, X'');",
        SCHEMA + "".join(TABLE % each for each in ("t70", "t20", "t91", "t92")),
    )
    (found,) = [each for each in reading.notices if each.severity == "unread"]
    assert found.raw == "t20 (when people were seen last): 1\nt91: 1"
