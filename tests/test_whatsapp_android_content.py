"""What a WhatsApp message holds: events in words, calls, cards, files, trade; drafts that become records."""

from __future__ import annotations

import base64
import dataclasses
import hashlib

import pytest
from test_whatsapp_android_rows import PEOPLE, TIME, Make, insert, make, said, text

from forensics.digest import message_canonical
from forensics.model import Contact, Message, Source, System
from parsers.message_drafts import MessageDraft, finished, row_source
from parsers.whatsapp_actions import ACTIONS
from parsers.whatsapp_cards import further, read_cards
from parsers.whatsapp_codes import MESSAGE_TYPES, spoken
from parsers.whatsapp_media import stored_sha256
from parsers.whatsapp_media_data import MAGIC, modified_utf8, stored_path

__all__ = ["make"]

SOURCE = Source(evidence_sha256="e", file_sha256="f", path="p", table="message")


def draft() -> MessageDraft:
    return MessageDraft(
        "m", "whatsapp", "android", "a", "c", "direct", None, False, "text", SOURCE, None, 1, None, "hoi"
    )


def test_a_draft_has_the_fields_and_defaults_of_a_message() -> None:
    wanted = {field.name: field.default for field in dataclasses.fields(Message)}
    found = {field.name: field.default for field in dataclasses.fields(MessageDraft)}
    assert found.keys() == wanted.keys()
    given = {name: default for name, default in found.items() if default is not dataclasses.MISSING}
    assert given == {name: wanted[name] for name in given}


def test_a_finished_draft_is_the_record_itself() -> None:
    message = finished(draft())
    by_name = Message(
        id="m",
        app="whatsapp",
        platform="android",
        account="a",
        conversation="c",
        conversation_kind="direct",
        sender=None,
        from_owner=False,
        kind="text",
        source=SOURCE,
        sent_at=1,
        text="hoi",
    )
    assert type(message) is Message
    assert message == by_name
    assert hash(message) == hash(by_name)
    assert message_canonical(message) == message_canonical(by_name)
    assert dataclasses.replace(message, text="kopie").text == "kopie"


def test_a_row_source_is_a_source() -> None:
    source = row_source(SOURCE, 7, "K")
    assert source == dataclasses.replace(SOURCE, rowid=7, app_id="K")
    assert type(source) is Source


@pytest.mark.parametrize("code", sorted(ACTIONS))
def test_every_event_has_a_sentence(make: Make, code: int) -> None:
    sql = PEOPLE + text(2, chat_row_id=2, sender_jid_row_id=2, status=6, message_type=7, text_data="nieuw")
    sql += insert("message_system", message_row_id=2, action_type=code)
    sql += insert("message_system_value_change", message_row_id=2, old_data="oud")
    sql += "INSERT INTO message_system_chat_participant VALUES (2, 3);"
    system = make(sql).message(2).system
    assert system is not None
    assert (system.code, system.type) == (code, ACTIONS[code].type)
    assert system.detail
    assert "{" not in system.detail


def event(make: Make, code: int, sql: str, **values: object) -> str:
    row = {
        "chat_row_id": 2,
        "sender_jid_row_id": 2,
        "status": 6,
        "message_type": 7,
        "text_data": None,
        **values,
    }
    rows = PEOPLE + text(2, **row) + insert("message_system", message_row_id=2, action_type=code) + sql
    system = make(rows).message(2).system
    assert system is not None
    return system.detail or ""


BRAM, CLEO = "+31600000001", "+31600000002"


@pytest.mark.parametrize(
    ("code", "sql", "values", "words"),
    [
        (1, "INSERT INTO message_system_value_change VALUES (2, 'oud');", {"text_data": "nieuw"},
         f"{BRAM} changed the subject from “oud” to “nieuw”"),
        (12, "INSERT INTO message_system_chat_participant VALUES (2, 3);", {}, f"{BRAM} added {CLEO}"),
        (12, "INSERT INTO message_system_chat_participant VALUES (2, 99);", {},
         f"{BRAM} added jid row 99, which is gone"),
        (4, "INSERT INTO message_system_group VALUES (2, 1);", {},
         f"{BRAM} added the owner of this phone (number not known)"),
        (5, "", {}, f"{BRAM} left"),
        (7, "INSERT INTO message_system_chat_participant VALUES (2, 3);", {"from_me": 1},
         f"the owner of this phone (number not known) removed {CLEO}"),
        (10, "INSERT INTO message_system_number_change VALUES (2, 2, 3);", {},
         f"{BRAM} changed the phone number from {BRAM} to {CLEO}"),
        (18, "", {"chat_row_id": 1, "sender_jid_row_id": 0}, f"the security code of {BRAM} changed"),
        (57, "INSERT INTO message_system_device_change VALUES (2, 1, 0);", {},
         f"the linked devices or the identity of {BRAM} changed; devices added: 1, removed: 0"),
        (58, "INSERT INTO message_system_block_contact VALUES (2, 0);", {},
         "the owner of this phone unblocked the contact"),
        (6, "INSERT INTO message_system_photo_change VALUES (2, '77', NULL, NULL);", {},
         f"{BRAM} changed the photo of the group; id of the new photo: 77"),
        (56, "INSERT INTO message_ephemeral_setting VALUES (2, 0, 0, NULL);", {},
         f"{BRAM} set disappearing messages to off"),
        (59, "INSERT INTO message_ephemeral_setting VALUES (2, 604800, 0, NULL);", {},
         f"{BRAM} changed or switched off disappearing messages to 7 days"),
        (777, "INSERT INTO message_system_value_change VALUES (2, 'oud');", {},
         "unknown (777); former value: “oud”"),
    ],
)  # fmt: skip
def test_events_in_words(make: Make, code: int, sql: str, values: dict[str, object], words: str) -> None:
    assert event(make, code, sql, **values) == words


def test_an_event_that_tools_read_differently_says_so(make: Make) -> None:
    assert "tools read this code differently" in event(make, 129, "")


def test_a_timer_an_album_and_a_missing_code(make: Make) -> None:
    sql = PEOPLE + text(2, message_type=36) + text(3, message_type=99) + text(4, message_type=7)
    sql += text(5, message_type=112) + text(6, message_type=99)
    sql += "INSERT INTO message_ephemeral_setting VALUES (2, 86400, 0, NULL);"
    sql += "INSERT INTO message_album VALUES (3, 2, 1, 2, 1);"
    reading = make(sql)
    systems = [reading.message(rowid).system for rowid in range(2, 7)]
    assert systems[0] == System(
        type="disappearing messages", code=36, detail="disappearing messages: the timer was set to 1 day"
    )
    assert systems[1] is not None
    assert "2 images and 1 videos" in (systems[1].detail or "")
    assert systems[2] is not None
    assert systems[2].code is None
    assert systems[3] == System(type="advanced chat privacy switched", code=112, detail=None)
    assert systems[4] == System(type="album", code=99, detail=None)


def detail(make: Make, sql: str, **values: object) -> str:
    system = make(PEOPLE + text(2, **values) + sql).message(2).system
    assert system is not None
    return system.detail or ""


def test_trade_in_words(make: Make) -> None:
    order = insert(
        "message_order", message_row_id=2, order_id="O1", order_title="Twee", item_count=2,
        currency_code="EUR", total_amount_1000=50125,
    )  # fmt: skip
    assert detail(make, order, message_type=44) == "order O1: Twee, 2 items, EUR 50.125"


def test_a_product_and_its_price(make: Make) -> None:
    product = insert(
        "message_product", message_row_id=2, product_id="P1", title="Bel", description="Koper",
        currency_code=None, amount_1000=-12500,
    )  # fmt: skip
    assert detail(make, product, message_type=23) == "product P1: Bel, Koper, currency not stored -12.50"


def test_a_payment_and_who_paid(make: Make) -> None:
    payment = insert(
        "message_payment",
        message_row_id=2,
        sender_jid_row_id=2,
        receiver_jid_row_id=3,
        amount_with_symbol="€20",
    )
    message = make(PEOPLE + text(2) + payment).message(2)
    assert message.kind == "payment"
    assert message.system is not None
    assert message.system.detail == f"payment of €20 from {BRAM} to {CLEO}"


def test_an_invitation_an_event_and_a_form(make: Make) -> None:
    sql = (
        PEOPLE
        + text(2, message_type=24)
        + text(3, message_type=92)
        + text(4, message_type=25, text_data=None)
    )
    sql += insert(
        "message_group_invite",
        message_row_id=2,
        group_jid_row_id=4,
        admin_jid_row_id=2,
        group_name="K",
        invite_code="C",
    )
    sql += insert("message_event", message_row_id=3, name="Feest", start_time=TIME, end_time=2**62)
    sql += "CREATE TABLE message_template (message_row_id, content_text_data, footer_text_data);"
    sql += "INSERT INTO message_template VALUES (4, 'Uw bestelling', 'Winkel');"
    sql += "CREATE TABLE message_ui_elements (message_row_id, element_type, element_content);"
    sql += "INSERT INTO message_ui_elements VALUES (4, 3, '{}');"
    reading = make(sql)
    systems = [reading.message(rowid).system for rowid in (2, 3, 4)]
    details = [system.detail for system in systems if system is not None]
    assert details[0] == f"invitation to the group “K” (120363000000000001@g.us) by {BRAM}, code C"
    assert details[1] is not None
    assert details[1].startswith("event “Feest”, from 2024-03-04T10:00:00.000Z")
    assert details[2] == "footer: “Winkel”; element of type 3: {}"
    assert reading.message(4).text == "Uw bestelling"


def test_the_last_position_of_a_live_location(make: Make) -> None:
    place = insert(
        "message_location", message_row_id=2, latitude=52.1, longitude=5.1,
        live_location_final_latitude=52.2, live_location_final_longitude=5.2,
        live_location_final_timestamp=TIME,
    )  # fmt: skip
    words = "last position of the live location: 52.2, 5.2 at 2024-03-04T10:00:00.000Z"
    assert detail(make, place, message_type=16) == words


def test_a_hash_that_is_no_hash_is_said(make: Make) -> None:
    assert stored_sha256(base64.b64encode(b"x" * 32).decode()) == (b"x" * 32).hex()
    assert stored_sha256(base64.b64encode(b"x" * 31).decode()) is None
    assert stored_sha256("geen base64!") is None
    assert stored_sha256("é") is None


@pytest.mark.parametrize(
    ("card", "contacts"),
    [
        ("geen kaart", ()),
        (
            "BEGIN:VCARD\nFN:Sander\nTEL;waid=31600000004:+31 6\nEND:VCARD",
            (("Sander", ("+31 6", "+31600000004")),),
        ),
        ("BEGIN:VCARD\r\nN:Vonk;Sander;;;\r\nEND:VCARD", (("Sander Vonk", ()),)),
        ("BEGIN:VCARD\nN:Vonk;Sander;van der\nEND:VCARD", (("Sander van der Vonk", ()),)),
        ("BEGIN:VCARD\nFN:Van\n  Vonk\nEND:VCARD", (("Van Vonk", ()),)),
        ("BEGIN:VCARD\nFN:A\\, B\\;C\\nD\nEND:VCARD", (("A, B;C\nD", ()),)),
        ("BEGIN:VCARD\nTEL;waid=31600000004:\nTEL:tel:+316\nEND:VCARD", ((None, ("+31600000004", "+316")),)),
        ("BEGIN:VCARD\na.TEL:1\nFN:A\nEND:VCARD\nBEGIN:VCARD\nORG:B\nEND:VCARD", (("A", ("1",)), ("B", ()))),
        ("BEGIN:VCARD\nFN:Zonder eind\n", (("Zonder eind", ()),)),
        ("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD", (("A", ()), ("B", ()))),
        ("BEGIN:VCARD\nregel zonder dubbele punt\nEND:VCARD", ((None, ()),)),
        ("", ()),
    ],
)  # fmt: skip
def test_contact_cards(card: str, contacts: tuple[tuple[str | None, tuple[str, ...]], ...]) -> None:
    assert read_cards(card) == tuple(Contact(name=name, phones=phones) for name, phones in contacts)


@pytest.mark.parametrize(
    ("charset", "stored", "name"),
    [
        ("ISO-8859-15", "=A4", "€"),
        ("UTF-7", "+AOk-", "é"),
        ("UTF-7", "+2AA-", None),
        ("unicode_escape", "=5Cud800", None),
        ("punycode", "a=FF-999999", None),
        ("undefined", "a", None),
        ("utf\0-8", "a", None),
        ("\ud800", "a", None),
    ],
)
def test_a_character_set_that_gives_no_text_leaves_what_is_stored(
    charset: str, stored: str, name: str | None
) -> None:
    head = f"ENCODING=QUOTED-PRINTABLE;CHARSET={charset}:{stored}"
    (card,) = read_cards(f"BEGIN:VCARD\nFN;{head}\nNOTE;{head}\nEND:VCARD")
    assert card.name == (name or stored)
    assert list(further(f"BEGIN:VCARD\nNOTE;{head}\nEND:VCARD")) == [f"note “{name or stored}”"]


def java_file(path: bytes) -> bytes:
    head = (
        b"\x00\x16com.whatsapp.MediaData"
        + b"\x00" * 8
        + b"\x02\x00\x00xp"
        + b"sr\x00\x0cjava.io.File"
        + b"\x04" * 8
    )
    field = b"\x03\x00\x01L\x00\x04patht\x00\x12Ljava/lang/String;xpt"
    return MAGIC + head + field + len(path).to_bytes(2, "big") + path + b"w\x02\x00/x"


def test_the_path_in_a_java_object() -> None:
    blob = java_file(b"/sdcard/WhatsApp/Media/a.jpg")
    assert stored_path(blob) == "/sdcard/WhatsApp/Media/a.jpg"
    assert stored_path(None) is None
    assert stored_path(b"geen java") is None
    end = blob.index(b"a.jpg") + len(b"a.jpg")
    assert [stored_path(blob[:length]) for length in range(end)] == [None] * end


def test_java_writes_utf_8_in_its_own_way() -> None:
    assert modified_utf8(b"\xed\xa0\xbd\xed\xb8\x80") == "😀"
    assert modified_utf8(b"a\xc0\x80b") == "a\x00b"
    assert modified_utf8(b"\xff") == "\ufffd"
    assert modified_utf8(b"\xed\xa0\xbd") == "\ufffd"


def test_codes_in_words() -> None:
    assert spoken({5: "connected"}, 5) == "connected (5)"
    assert spoken({5: "connected"}, 99) == "unknown (99)"
    assert spoken({}, None) == "not stored"
    assert {meaning.ground for meaning in MESSAGE_TYPES.values()} <= {"seen", "tools", "tool", "disputed"}
    assert {action.ground for action in ACTIONS.values()} <= {"seen", "tools", "tool", "disputed"}


def test_a_call_without_a_row_in_the_log_and_its_people(make: Make) -> None:
    sql = PEOPLE + text(2, from_me=1, message_type=10, key_id="call:A", text_data=None)
    sql += text(3, message_type=90, key_id="call:B", text_data=None)
    sql += insert("call_log", _id=1, jid_row_id=2, from_me=0, call_id="call:B", timestamp=TIME, duration=-4)
    reading = make(sql)
    logged, own = reading.calls
    assert (logged.source.table, own.source.table) == ("call_log", "message")
    assert logged.seconds is None
    assert logged.result == "not stored"
    assert own.from_owner is True
    assert own.participants == logged.participants
    assert own.result == "missed"


def test_a_file_that_is_not_the_one_that_was_sent_is_said(make: Make) -> None:
    digest = base64.b64encode(hashlib.sha256(b"oud").digest()).decode()
    sql = PEOPLE + text(2, message_type=1)
    sql += insert("message_media", message_row_id=2, file_path="Media/x/msgstore.db", file_hash=digest)
    sql += insert(
        "message_media", message_row_id=3, file_path=f"{'databases/' * 1}msgstore.db", file_hash="krom"
    )
    reading = make(sql + text(3, message_type=1))
    assert reading.message(3).attachments[0].present is True
    assert said(reading, "is no base64 of a SHA-256")
    assert reading.message(2).attachments[0].present is False
