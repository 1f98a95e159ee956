"""Events of Signal for Android that the golden cases do not hold, by reference 3.5 and 3.6."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest
from fixture_programs import load
from signal_golden import NAMES, Golden, read

from parsers.signal_android import SignalAndroid

ANDROID = Golden(SignalAndroid(), "signal.db", {"message": "message", "call": "call"})
part = load("signal_android", "make_backup").part
BRAM_ACI = bytes.fromhex(NAMES["@bram"].replace("-", ""))
CLEO_ACI = bytes.fromhex(NAMES["@cleo"].replace("-", ""))
BRAM, CLEO = "Bram Kist (+31600000001)", f"Cleo ({NAMES['@cleo']})"
GROUP_2, GROUP_1 = 10485780 | 0x90000, 10485780 | 0x10000


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture
def events(tmp_path):
    def make(*rows: tuple[int, str | None, bytes | None]):
        """The messages 101, 102 ... of the group with these types, bodies and extras, and all notices."""
        root = ANDROID.build.build("modern", tmp_path / "root")
        (main,) = root.rglob("signal.db")
        insert = (
            "INSERT INTO message (_id, thread_id, from_recipient_id, to_recipient_id, type, body, "
            "message_extras) SELECT ?, thread_id, from_recipient_id, to_recipient_id, ?, ?, ? FROM message "
            "WHERE _id = 32"
        )
        with closing(sqlite3.connect(main)) as connection:
            connection.executemany(insert, [(number, *row) for number, row in enumerate(rows, 101)])
            connection.commit()
        found = read(ANDROID.parser, main, root, tmp_path / "work")
        numbers = range(101, 101 + len(rows))
        return [found.message(number) for number in numbers], [each.text for each in found.notices]

    return make


@pytest.fixture
def event(events):
    def make(kind: int, body: str | None = None, extras: bytes | None = None):
        (message,), notices = events((kind, body, extras))
        return message, notices

    return make


def extras(update: bytes) -> bytes:
    """MessageExtras with a GroupChangeChatUpdate."""
    return part(1, part(2, part(1, update)))


def test_changes_of_a_group_that_stand_in_the_extras_in_the_form_of_backups(event):
    message, _notices = event(GROUP_2, extras=extras(part(3, part(1, BRAM_ACI) + part(2, "Kade"))))
    assert (message.kind, message.system.type) == ("system", "group updated")
    assert message.system.detail == f"by {BRAM}; title: Kade"


def test_a_group_of_the_first_kind(event):
    context = (
        part(1, b"id")
        + part(2, 1)
        + part(3, "Oude ploeg")
        + part(4, "+31600000001")
        + part(4, "+31600000003")
    )
    message, _notices = event(GROUP_1, encoded(context))
    assert message.system.detail == "title: Oude ploeg; members: +31600000001, +31600000003"


def test_a_migration_names_who_was_invited_and_dropped(event):
    message, _notices = event(9, "2,3|99")
    assert message.system.type == "group migrated"
    assert message.system.detail == f"invited: {BRAM}, {CLEO}; dropped: recipient 99"


def test_a_migration_shows_the_beginning_of_a_number_of_thousands_of_digits(event):
    message, _notices = event(9, f"2,{'1' * 5000}|x")
    assert message.system.detail == f"invited: {BRAM}, {'1' * 40}…; dropped: x"


def test_a_group_call_names_who_began_it_and_who_was_in_it(event):
    details = part(1, "era") + part(2, NAMES["@bram"]) + part(3, 1) + part(4, NAMES["@cleo"])
    message, _notices = event(12, encoded(details))
    assert (message.kind, message.system.type) == ("call", "group call")
    assert message.system.detail == f"begun by {BRAM}; in it: {CLEO}"


SIGNAL = 10485780


WORDS = {
    SIGNAL | 0x200: "safety number changed",
    SIGNAL | 0x4000: "safety number marked as verified",
    SIGNAL | 0x2000: "safety number marked as not verified",
    SIGNAL | 0x20000: "group left",
    SIGNAL | 0x40000: "disappearing messages changed",
    SIGNAL | 0x400000: "session ended",
    4: "contact joined Signal",
    14: "number changed",
    16: "conversations merged",
    18: "session switched to another number",
    13: "message that could not be decrypted",
    SIGNAL | 4 << 32: "request to activate payments",
    SIGNAL | 5 << 32: "reported as spam",
    SIGNAL | 6 << 32: "message request accepted",
    SIGNAL | 0xA << 32: "blocked",
    SIGNAL | 0xC << 32: "poll ended",
}


def test_every_event_has_its_words(events):
    messages, _notices = events(*((kind, None, None) for kind in WORDS))
    found = [(each.kind, each.text, each.system.type) for each in messages]
    assert found == [("system", None, words) for words in WORDS.values()]


def test_payloads_that_cannot_be_read_are_told_and_cost_only_the_words(events):
    bodies = ("%%%", encoded(b"\xff\xff"), encoded(b"\x12\x7f"))
    messages, notices = events(
        *((kind, body, None) for kind in (GROUP_2, GROUP_1, 12, 7, 16) for body in bodies)
    )
    for message in messages:
        assert message.system.detail is None
        words = f"row {message.source.rowid} of message: what this event says cannot be read"
        assert any(words in each for each in notices), message.source.rowid
