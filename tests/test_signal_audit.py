"""Signal on iOS and the desktop: values that no app writes, and what would be lost without a word."""

from __future__ import annotations

import base64
import json
import plistlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from fixture_programs import load
from keyed_archives import Fields, archived
from signal_golden import NAMES, read
from sporen_runs import balance, exported, ingest, new, of
from whatsapp_installations import Reading

from forensics.digest import message_canonical
from forensics.model import Conversation
from forensics.parser import Parser
from parsers import signal_archive, signal_ios_events
from parsers.signal_android import SignalAndroid
from parsers.signal_archive import ArchiveError
from parsers.signal_desktop import SignalDesktop
from parsers.signal_ios import SignalIos

PARSERS: dict[str, tuple[Parser, str]] = {
    "signal_android": (SignalAndroid(), "signal.db"),
    "signal_desktop": (SignalDesktop(), "db.sqlite"),
    "signal_ios": (SignalIos(), "signal.sqlite"),
}
BRAM = NAMES["@bram"]
GROUP_ID = base64.b64encode(bytes(31) + b"\xbb").decode()
AT = 1_709_546_400_000
Statements = Sequence[tuple[str, tuple[object, ...]]]
Make = Callable[[str, Statements], Reading]


def changed(name: str, statements: Statements, root: Path, case: str = "modern") -> Path:
    """The evidence of a golden case after these statements."""
    load(name).build(case, root)
    (main,) = root.rglob(PARSERS[name][1])
    with closing(sqlite3.connect(main, isolation_level=None)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
    return main


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def read_changed(name: str, statements: Statements) -> Reading:
        main = changed(name, statements, tmp_path / "root")
        reading = read(PARSERS[name][0], main, tmp_path / "root", tmp_path / "work")
        assert all(each.balances() for each in reading.accounting.values())
        for each in reading.messages:
            assert message_canonical(each)
        return reading

    return read_changed


def said(reading: Reading, words: str) -> list[str]:
    return [each.text for each in reading.notices if words in each.text]


def desktop_row(
    key: str, kind: str | None, body: str | None, value: object
) -> tuple[str, tuple[object, ...]]:
    statement = (
        "INSERT INTO messages (id, conversationId, type, body, sent_at, json) "
        "SELECT ?, conversationId, ?, ?, ?, ? FROM messages WHERE conversationId IS NOT NULL LIMIT 1"
    )
    return statement, (key, kind, body, AT, json.dumps(value))


def ios_row(number: int, **values: object) -> tuple[str, tuple[object, ...]]:
    row = {"id": number, "uniqueId": f"u{number}", "timestamp": AT, "uniqueThreadId": "t-bram", **values}
    marks = ", ".join("?" * len(row))
    return f"INSERT INTO model_TSInteraction ({', '.join(row)}) VALUES ({marks})", tuple(row.values())


HALF = "\ud83d half"
HALVES = {
    "quote": {"id": 5, "text": HALF, "authorAci": HALF},
    "reactions": [{"emoji": HALF, "fromId": HALF, "timestamp": AT}],
    "preview": [{"url": HALF, "title": HALF}],
    "contact": [{"name": {"displayName": HALF}, "number": [{"value": HALF}]}],
    "attachments": [{"fileName": HALF, "contentType": HALF, "path": HALF, "caption": HALF}],
    "poll": {"question": HALF, "options": [HALF]},
}


def test_half_a_pair_in_json_costs_only_itself(tmp_path: Path):
    evidence = tmp_path / "root"
    changed("signal_desktop", [desktop_row("half", "incoming", "x", HALVES)], evidence)
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    (found,) = (each for each in of(exported(case), "message") if each["reply_to"] and each["text"] == "x")
    assert found["reply_to"]["text"] == "� half"
    assert found["contacts"] == [{"name": "� half", "phones": ["� half"]}]


def test_half_a_pair_in_the_json_of_other_platforms(make: Make):
    card = json.dumps([{"name": {"displayName": HALF}, "phoneNumbers": [{"number": HALF}]}])
    reading = make("signal_android", [("UPDATE message SET shared_contacts = ? WHERE _id = 2", (card,))])
    assert reading.message(2, "message").contacts[0].name == "� half"
    changes = {
        "InfoMessageUserInfoKeyUpdateMessagesV2": Fields({"messagesKey": json.dumps([{HALF: HALF}]).encode()})
    }
    assert "� half" in (signal_ios_events.details(signal_archive.object_in(archived(changes)), str) or "")


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        (
            "signal_desktop",
            [
                ("UPDATE messages SET sent_at = ? WHERE id = 'm2'", (2**62,)),
                ("UPDATE messages SET storyId = 'm2' WHERE id = 'm3'", ()),
                ("UPDATE messages SET json = json_remove(json, '$.quote') WHERE id = 'm3'", ()),
            ],
        ),
        (
            "signal_android",
            [
                ("UPDATE message SET date_sent = ? WHERE _id = 2", (2**62,)),
                ("UPDATE message SET parent_story_id = 2, quote_id = 0 WHERE _id = 3", ()),
            ],
        ),
    ],
)
def test_a_story_of_no_time_can_be_answered(name: str, statements: Statements, make: Make):
    reading = make(name, statements)
    table = "messages" if name == "signal_desktop" else "message"
    answer, story = reading.message(3, table), reading.message(2, table)
    assert answer.reply_to is not None
    assert (answer.reply_to.id, answer.reply_to.sent_at) == (story.id, None)


def test_edits_that_name_no_message_an_older_one_or_each_other(make: Make):
    rows = [
        ios_row(900 + number, recordType=21, body=f"versie {number}", editState=1 if number == 3 else 2)
        for number in range(1, 6)
    ]
    edit = "INSERT INTO EditRecord (latestRevisionId, pastRevisionId) VALUES (?, ?)"
    pairs = [("geen", 901), (902, 901), (903, 902), (904, 905), (905, 904), (903, "geen")]
    reading = make("signal_ios", [*rows, *((edit, pair) for pair in pairs)])
    edits = reading.message(903, "model_TSInteraction").edits
    assert [each.text for each in edits] == ["versie 1", "versie 2"]
    assert len(said(reading, "'versie 4'")) == len(said(reading, "'versie 5'")) == 1


def test_a_property_list_that_contains_itself_is_none():
    # an array of one object, which is itself
    data = (
        b"bplist00"
        + b"\xa1\x00"
        + b"\x08"
        + bytes(6)
        + b"\x01\x01"
        + bytes(7)
        + b"\x01"
        + bytes(15)
        + b"\x0a"
    )
    with pytest.raises(ArchiveError, match="deeper than"):
        signal_archive.unpacked(data)


def test_objects_that_name_each_other_over_and_over_come_to_an_end():
    objects: list[object] = [
        "$null",
        *({"NS.objects": [plistlib.UID(place + 1)] * 10} for place in range(1, 14)),
    ]
    archive = {"$objects": [*objects, "x"], "$top": {"root": plistlib.UID(1)}}
    began = time.monotonic()
    with pytest.raises(ArchiveError, match="more than"):
        signal_archive.object_in(plistlib.dumps(archive, fmt=plistlib.FMT_BINARY))
    assert time.monotonic() - began < 5


def test_a_call_of_ios_without_a_record_is_a_call(make: Make):
    reading = make(
        "signal_ios", [ios_row(900, recordType=20, callType=3), ios_row(901, recordType=20, callType=2)]
    )
    missed, placed = (each for each in reading.calls if each.source.table == "model_TSInteraction")
    assert (missed.source.rowid, missed.result, missed.from_owner, missed.at) == (900, "missed", False, AT)
    assert missed.sender == missed.participants[0]
    assert (placed.result, placed.from_owner, placed.sender) == (
        "outgoing",
        True,
        reading.message(901, "model_TSInteraction").sender,
    )


def test_a_call_of_the_desktop_without_a_history_is_a_call(make: Make):
    details = {"wasIncoming": True, "wasVideoCall": True, "acceptedTime": AT, "endedTime": AT + 61_500}
    reading = make(
        "signal_desktop",
        [
            desktop_row("old", "call-history", None, {"callHistoryDetails": details}),
            desktop_row("lost", "call-history", None, {"callHistoryDetails": {"wasIncoming": False}}),
            desktop_row("bare", "call-history", None, {"callId": "999"}),
        ],
    )
    old, lost, bare = (each for each in reading.calls if each.source.table == "messages")
    assert (old.result, old.from_owner, old.video, old.seconds, old.at) == ("Accepted", False, True, 61, AT)
    assert old.sender == old.participants[0]
    assert (lost.result, lost.from_owner, lost.video, lost.seconds) == ("Missed", True, None, None)
    assert (bare.result, bare.from_owner, bare.sender) == (None, None, None)


NEW_KINDS = [
    ("signal_ios", "model_TSInteraction", ios_row(900, recordType=99, body="van een nieuw type")),
    ("signal_desktop", "messages", desktop_row("new", "nieuw-type", "van een nieuw type", {})),
    ("signal_desktop", "messages", desktop_row("none", None, "van een nieuw type", {})),
    (
        "signal_android",
        "message",
        ("UPDATE message SET type = 31, body = ? WHERE _id = 2", ("van een nieuw type",)),
    ),
]


@pytest.mark.parametrize(("name", "table", "row"), NEW_KINDS)
def test_a_row_of_an_unknown_type_keeps_its_text(
    name: str, table: str, row: tuple[str, tuple[object, ...]], make: Make
):
    found = [each for each in make(name, [row]).messages if each.text == "van een nieuw type"]
    assert [each.source.table for each in found] == [table]


def test_an_answer_to_a_story_can_be_an_emoji(make: Make):
    row = ios_row(900, recordType=19, authorUUID=BRAM, storyTimestamp=AT - 1, storyReactionEmoji="❤️")
    message = make("signal_ios", [row]).message(900, "model_TSInteraction")
    assert (message.kind, message.text) == ("text", "❤️")
    assert message.reply_to is not None


def test_what_a_deleted_message_said_stands_in_its_history(make: Make):
    history = [{"body": "nieuw", "timestamp": AT + 1}, {"body": "oud", "timestamp": AT}]
    row = desktop_row("gone", "incoming", None, {"deletedForEveryone": True, "editHistory": history})
    (message,) = (each for each in make("signal_desktop", [row]).messages if each.text == "nieuw")
    assert (message.state, [each.text for each in message.edits]) == ("deleted_for_everyone", ["oud"])


@pytest.mark.parametrize(("key", "kind"), [("g" + GROUP_ID, "group"), ("gone", "direct"), ("gé", "direct")])
def test_a_conversation_that_is_gone_is_the_group_that_it_names(key: str, kind: str, make: Make):
    row = ios_row(900, recordType=19, uniqueThreadId=key, authorUUID=BRAM, body="x")
    reading = make("signal_ios", [row])
    message = reading.message(900, "model_TSInteraction")
    assert message.conversation_kind == kind
    (chat,) = (each for each in reading.of(Conversation) if each.id == message.conversation)
    assert chat.handle == (GROUP_ID if kind == "group" else None)


def test_files_of_ios_without_a_message_are_told_and_voices_are_voices(make: Make):
    names = "uniqueId, albumMessageId, attachmentType, contentType"
    insert = f"INSERT INTO model_TSAttachment ({names}) VALUES (?, ?, ?, ?)"
    refer = "INSERT INTO MessageAttachmentReference (ownerType, ownerRowId, attachmentRowId) VALUES (?, ?, ?)"
    statements = [
        ios_row(900, recordType=19, authorUUID=BRAM),
        (insert, ("a", "u900", 1, "audio/aac")),
        (insert, ("b", "weg", 0, "image/jpeg")),
        (refer, (0, 999, 1)),
    ]
    reading = make("signal_ios", statements)
    message = reading.message(900, "model_TSInteraction")
    assert (message.kind, message.attachments[0].kind) == ("voice", "voice")
    for table in ("model_TSAttachment", "MessageAttachmentReference"):
        assert said(reading, f"1 row of {table} (files, also of older versions of messages)")


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("signal_android", "msl_payload", "what was sent in the last days, as it was sent"),
        ("signal_ios", "DeletedCallRecord", "calls that were deleted from the list of calls"),
        ("signal_desktop", "sendLogPayloads", "what was sent in the last days, as it was sent"),
    ],
)
def test_a_table_that_is_not_read_is_named(name: str, table: str, words: str, make: Make):
    reading = make(
        name, [(f"CREATE TABLE {table} (id INTEGER)", ()), (f"INSERT INTO {table} VALUES (1)", ())]
    )
    (found,) = said(reading, "tables that are not read")
    assert f"{table} ({words}" in found
