"""Every ZMESSAGETYPE and ZGROUPEVENTTYPE of the format reference (3.4), each in a row of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from unsynced import unsynced
from whatsapp_installations import Reading
from whatsapp_ios_installations import BUILD, FOLDER, read

# Section 3.4, line by line; a code that stands in no tool's list stays a number.
KINDS = {
    0: "text", 1: "image", 2: "video", 3: "audio", 4: "contact", 5: "location", 6: "system", 7: "text",
    8: "document", 10: "system", 11: "gif", 12: "unknown", 14: "unknown", 15: "sticker", 26: "product",
    27: "invite", 28: "system", 38: "image", 39: "video", 46: "poll", 53: "voice", 54: "video_note",
    55: "system", 59: "call", 62: "system", 68: "system", 73: "system",
    **dict.fromkeys((19, 20, 23, 24, 30, 32, 41, 42, 25, 31, 34), "text"),
}  # fmt: skip
VIEW_ONCE = {38, 39, 53}
GROUP_EVENTS = {
    1: "subject", 2: "added", 3: "left", 4: "photo", 5: "removed", 7: "removed", 9: "number", 10: "admin",
    11: "admin", 12: "created", 13: "community", 15: "link", 17: "description", 18: "admins", 19: "all",
    20: "admins", 21: "all", 22: "description", 23: "invitation", 26: "disappearing", 30: "community",
    31: "community", 33: "community", 39: "admin", 42: "admins", 43: "community", 50: "added",
    51: "community", 56: "name", 57: "community", 60: "community", 61: "community", 64: "add",
}  # fmt: skip
CHAT_EVENTS = {
    1: "missed voice", 45: "missed voice", 21: "missed voice", 4: "missed video", 46: "missed video",
    22: "missed video", 2: "encryption", 3: "security code", 36: "security code", 5: "number", 6: "number",
    25: "official", 38: "official", 26: "business", 29: "renamed", 30: "standard", 34: "blocked",
    35: "blocked", 40: "video call", 41: "video call", 47: "kept", 51: "privacy", 56: "contacts",
}  # fmt: skip
PEOPLE = """
INSERT INTO ZWACHATSESSION (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZSESSIONTYPE) VALUES
  (1, '120363000000000001@g.us', 'Kampeerders', 1), (2, '31600000001@s.whatsapp.net', 'Bram', 0);
INSERT INTO ZWAGROUPMEMBER (Z_PK, ZCHATSESSION, ZMEMBERJID, ZISACTIVE) VALUES
  (1, 1, '31600000001@s.whatsapp.net', 1);
"""


def storage(tmp_path: Path, sql: str) -> Reading:
    """A container whose ChatStorage.sqlite holds these rows beside the people."""
    path = tmp_path / "phone" / "AppGroup" / "ChatStorage.sqlite"
    path.parent.mkdir(parents=True)
    with closing(unsynced(path, isolation_level=None)) as connection:
        connection.executescript((FOLDER / "schema" / "chatstorage.sql").read_text("utf-8"))
        connection.executescript(PEOPLE + sql)
    return read(tmp_path / "phone", tmp_path)


def rows(codes: list[tuple[int, int | None]], chat: int = 1) -> str:
    """A row for each (type, event), numbered from 1."""
    member = "1" if chat == 1 else "NULL"
    values = ", ".join(
        f"({number}, {chat}, 0, 'S{number}', {member}, {kind}, {'NULL' if event is None else event},"
        f" {700_000_000 + number}, {number})"
        for number, (kind, event) in enumerate(codes, 1)
    )
    return (
        "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZSTANZAID, ZGROUPMEMBER, ZMESSAGETYPE,"
        f" ZGROUPEVENTTYPE, ZMESSAGEDATE, ZSORT) VALUES {values};"
    )


def test_every_type_of_the_reference_has_its_kind(tmp_path: Path):
    codes = sorted(KINDS)
    reading = storage(tmp_path, rows([(code, None) for code in codes], chat=2))
    for number, code in enumerate(codes, 1):
        message = reading.message(number, "ZWAMESSAGE")
        assert (code, message.kind, message.view_once) == (code, KINDS[code], code in VIEW_ONCE)
        assert (message.state == "deleted_for_everyone") == (code == 14)


@pytest.mark.parametrize("code", [9, 13, 99, 4096])
def test_a_type_that_no_tool_names_stays_a_number(code: int, tmp_path: Path):
    message = storage(tmp_path, rows([(code, None)], chat=2)).message(1, "ZWAMESSAGE")
    assert message.kind == "unknown"
    assert message.system is not None
    assert (message.system.type, message.system.code) == (f"unknown ({code})", code)


@pytest.mark.parametrize(("kind", "events"), [(6, GROUP_EVENTS), (10, CHAT_EVENTS)])
def test_every_event_of_the_reference_is_said_in_words_with_its_code(
    kind: int, events: dict[int, str], tmp_path: Path
):
    codes = sorted(events)
    reading = storage(tmp_path, rows([(kind, code) for code in codes]))
    for number, code in enumerate(codes, 1):
        system = reading.message(number, "ZWAMESSAGE").system
        assert system is not None
        words = f"{system.type} {system.detail}".lower()
        assert system.code == code
        assert events[code] in words, (code, words)


@pytest.mark.parametrize("kind", [6, 10])
def test_an_event_that_no_tool_names_stays_a_number(kind: int, tmp_path: Path):
    system = storage(tmp_path, rows([(kind, 777)])).message(1, "ZWAMESSAGE").system
    assert system is not None
    assert (system.type, system.code, system.detail) == ("unknown", 777, "unknown (777)")


def test_the_sender_in_a_group_is_the_member_and_never_the_name_of_the_chat(tmp_path: Path):
    reading = storage(tmp_path, rows([(0, None)]))
    message = reading.message(1, "ZWAMESSAGE")
    people = {each.id: each for each in reading.records if type(each).__name__ == "Participant"}
    assert message.sender is not None
    assert people[message.sender].phone == "+31600000001"
    assert all(name.name != "Kampeerders" for each in people.values() for name in each.names)


def test_the_size_of_a_picture_is_no_place(tmp_path: Path):
    sql = rows([(1, None), (5, None)], chat=2) + (
        "UPDATE ZWAMESSAGE SET ZMEDIAITEM = Z_PK;"
        "INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE, ZLATITUDE, ZLONGITUDE, ZVCARDSTRING, ZMEDIALOCALPATH)"
        " VALUES (1, 1, 452, 603, 'image/jpeg', 'Media/a/b/c.jpg'), (2, 2, 52.5, 4.75, NULL, NULL);"
    )
    reading = storage(tmp_path, sql)
    assert reading.message(1, "ZWAMESSAGE").location is None
    place = reading.message(2, "ZWAMESSAGE").location
    assert place is not None
    assert (place.latitude, place.longitude) == (52.5, 4.75)
    assert any("sizes of pictures" in notice.text for notice in reading.notices)


@pytest.mark.parametrize("length", [1, 19, 20, 32, 127, 128, 300])
def test_a_quote_is_found_whatever_the_length_of_its_id(length: int, tmp_path: Path):
    key = "K" * length
    blob = BUILD.message([[5, key], [6, "31600000001@s.whatsapp.net"], [19, [[1, "Hoi"]]], [99, "later"]])
    sql = rows([(0, None), (0, None)], chat=2) + (
        f"UPDATE ZWAMESSAGE SET ZSTANZAID = '{key}', ZTEXT = 'Hoi' WHERE Z_PK = 1;"
        "UPDATE ZWAMESSAGE SET ZMEDIAITEM = 1 WHERE Z_PK = 2;"
        f"INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE, ZMETADATA) VALUES (1, 2, X'{blob.hex()}');"
    )
    reading = storage(tmp_path, sql)
    reply = reading.message(2, "ZWAMESSAGE").reply_to
    assert reply is not None
    assert (reply.id, reply.app_id, reply.text) == (reading.message(1, "ZWAMESSAGE").id, key, "Hoi")


def test_gaps_in_keys_and_order_are_told_as_deleted_rows(tmp_path: Path):
    sql = rows([(0, None)] * 6) + (
        "DELETE FROM ZWAMESSAGE WHERE Z_PK IN (2, 3);"
        "INSERT INTO Z_PRIMARYKEY (Z_ENT, Z_NAME, Z_MAX) VALUES (9, 'WAMessage', 8);"
    )
    reading = storage(tmp_path, sql)
    gaps = [each for each in reading.notices if each.severity == "gap"]
    told = {(each.source.table, each.raw) for each in gaps if each.source is not None}
    assert {("ZWAMESSAGE", "2-3"), ("ZWAMESSAGE", "7-8")} <= told
    assert any("ZSORT" in each.text and "2-3" in each.text for each in gaps)
