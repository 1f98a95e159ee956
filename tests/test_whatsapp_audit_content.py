"""What the side tables of WhatsApp on Android hold and no record told."""

from __future__ import annotations

import pytest
from test_whatsapp_android_rows import PEOPLE, TIME, Make, add_on, insert, make, text
from whatsapp_installations import Reading

from forensics.model import Message
from parsers import whatsapp_cards
from parsers.whatsapp_cards import further
from parsers.whatsapp_events import spoken_time

__all__ = ["make"]


def detail(message: Message) -> str:
    assert message.system is not None
    return message.system.detail or ""


def test_whether_a_view_once_picture_was_opened_is_told(make: Make) -> None:
    rows = "".join(
        text(row, message_type=42, text_data=None)
        + insert("message_view_once_media", message_row_id=row, state=state)
        for row, state in ((2, 0), (3, 1), (4, 9))
    )
    reading = make(PEOPLE + rows)
    assert [detail(reading.message(row)) for row in (2, 3, 4)] == [
        "to be seen once: not opened (0)",
        "to be seen once: opened (1)",
        "to be seen once: unknown (9)",
    ]


def test_for_how_long_a_position_is_shared_and_the_page_of_a_place_are_told(make: Make) -> None:
    live = insert(
        "message_location",
        message_row_id=2,
        latitude=52.1,
        longitude=4.3,
        live_location_share_duration=3600,
    )
    page = insert(
        "message_location", message_row_id=3, latitude=52.1, longitude=4.3, url="https://cafe.example"
    )
    messages = text(2, message_type=16, text_data=None) + text(3, message_type=5, text_data=None)
    reading = make(PEOPLE + messages + live + page)
    assert detail(reading.message(2)) == "the position was to be shared for 3600 seconds"
    assert detail(reading.message(3)) == "address of the place on the web: https://cafe.example"


def test_the_seller_the_code_and_the_page_of_goods_are_told(make: Make) -> None:
    product = insert(
        "message_product",
        message_row_id=2,
        business_owner_jid=2,
        product_id="P1",
        title="Brood",
        retailer_id="SKU9",
        url="https://shop.example/p1",
    )
    order = insert("message_order", message_row_id=3, order_id="O1", item_count=3, seller_jid=2)
    messages = text(2, message_type=23, text_data=None) + text(3, message_type=44, text_data=None)
    reading = make(PEOPLE + messages + product + order)
    words = "Brood, the seller's code SKU9, https://shop.example/p1, seller: +31600000001"
    assert detail(reading.message(2)) == f"product P1: {words}"
    assert detail(reading.message(3)) == "order O1: no title, 3 items, seller: +31600000001"


def test_that_an_invitation_has_expired_is_told(make: Make) -> None:
    invitation = insert(
        "message_group_invite",
        message_row_id=2,
        group_jid_row_id=4,
        admin_jid_row_id=2,
        invite_code="ABC",
        expiration=1709999999,
        expired=1,
    )
    reading = make(PEOPLE + text(2, message_type=24) + invitation)
    assert detail(reading.message(2)).endswith(
        "code ABC, its expiration as it is stored: 1709999999, expired"
    )


def test_a_missed_call_that_only_its_message_speaks_of_is_told_as_missed(make: Make) -> None:
    reading = make(PEOPLE + text(2, message_type=10) + text(3, message_type=90))
    assert [call.result for call in reading.calls] == ["missed", None]


def test_an_event_says_from_when_until_when(make: Make) -> None:
    event = insert("message_event", message_row_id=2, name="Feest", start_time=TIME, end_time=TIME)
    reading = make(PEOPLE + text(2, message_type=92, text_data=None) + event)
    at = "2024-03-04T10:00:00.000Z"
    assert detail(reading.message(2)) == f"event “Feest”, from {at}, until {at}"


def raw_of(reading: Reading, beginning: str) -> str:
    (notice,) = [each for each in reading.notices if each.text.startswith(beginning)]
    return notice.raw or ""


def test_locked_and_archived_conversations_and_admins_are_listed(make: Make) -> None:
    chats = "UPDATE chat SET chat_lock = 1, archived = 1, ephemeral_expiration = 86400 WHERE _id = 1;"
    members = insert("group_participant_user", group_jid_row_id=4, user_jid_row_id=2, rank=2)
    members += insert("group_participant_user", group_jid_row_id=4, user_jid_row_id=3, rank=0)
    reading = make(PEOPLE + chats + members + text(2))
    locked = raw_of(reading, "conversations that are locked")
    assert locked == "31600000001@s.whatsapp.net: locked, archived, messages disappear after 1 day"
    admins = raw_of(reading, "admins and creators of groups")
    assert admins == "120363000000000001@g.us: +31600000001, creator or first admin (2)"


def test_pins_and_kept_messages_are_listed_with_who_and_when(make: Make) -> None:
    marks = add_on(1, 2, 79) + add_on(2, 2, 68, from_me=1)
    marks += insert("message_add_on_pin_in_chat", message_add_on_row_id=1, pin_in_chat_state=1)
    lines = raw_of(make(PEOPLE + text(2) + marks), "messages that were kept or pinned").splitlines()
    assert lines[0].startswith("row 2 of message: pin by nobody stored at a time that is not stored")
    assert lines[0].endswith(", pin_in_chat_state 1")
    assert lines[1].startswith("row 2 of message: disappearing message kept by the owner of this phone")


def test_who_pinned_is_the_other_one_of_a_direct_conversation_only(make: Make) -> None:
    marks = add_on(1, 2, 79) + add_on(2, 3, 79)
    marks += "UPDATE message_add_on SET chat_row_id = _id;"
    marks += insert("message_add_on_pin_in_chat", message_add_on_row_id=1, pin_in_chat_state=1)
    lines = raw_of(
        make(PEOPLE + text(2) + text(3, chat_row_id=2) + marks), "messages that were kept or pinned"
    )
    who = "+31600000001", "nobody stored"
    assert [each.partition(" at ")[0] for each in lines.splitlines()] == [
        f"row {message} of message: pin by {each}" for message, each in zip((2, 3), who, strict=True)
    ]


PINS = "message_add_on_pin_in_chat"


def test_details_that_no_add_on_claims_are_listed_as_stored(make: Make) -> None:
    marks = add_on(5, 2, 79) + add_on(6, 2, 68)
    for key in (4, 5, 6, 9):
        marks += insert(PINS, message_add_on_row_id=key, pin_in_chat_state=key)
    reading = make(PEOPLE + text(2) + marks)
    pin, kept = raw_of(reading, "messages that were kept or pinned").splitlines()
    assert pin.endswith(", pin_in_chat_state 5")
    assert "pin_in_chat_state" not in kept
    assert raw_of(reading, f"rows of {PINS} that no add-on").splitlines() == [
        f"message_add_on_row_id {key}; pin_in_chat_state {key}" for key in (4, 6, 9)
    ]


@pytest.mark.parametrize(
    ("columns", "claimed"),
    [
        ("_id INTEGER PRIMARY KEY, message_add_on_row_id INTEGER, state INTEGER", True),
        ("_id INTEGER PRIMARY KEY, Message_Add_On_Row_Id INTEGER, state INTEGER", True),
        ("_id INTEGER PRIMARY KEY, add_on INTEGER, state INTEGER", False),
        (
            "_id INTEGER PRIMARY KEY, add_on INTEGER, state INTEGER,"
            " message_add_on_row_id INTEGER AS (add_on) VIRTUAL",
            False,
        ),
    ],
)
def test_details_whose_key_is_another_than_the_row_id_are_told(
    make: Make, columns: str, claimed: bool
) -> None:
    table = f"DROP TABLE {PINS}; CREATE TABLE {PINS} ({columns});"
    rows = f"INSERT INTO {PINS} VALUES (70, 5, 1), (71, 5, 2);"
    reading = make(PEOPLE + text(2) + add_on(5, 2, 79) + table + rows)
    (pin,) = raw_of(reading, "messages that were kept or pinned").splitlines()
    assert pin.endswith(", _id 70, state 1, _id 71, state 2") == claimed
    alone = [each.raw for each in reading.notices if "that no add-on" in each.text]
    assert alone == ([] if claimed else ["_id 70; add_on 5; state 1\n_id 71; add_on 5; state 2"])


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (None, "a time that is not stored"),
        (0, "a time that is not stored"),
        (-1, "a time that is not stored"),
        (TIME, "2024-03-04T10:00:00.000Z"),
        (10**17, f"{10**17} (no time that can be written)"),
    ],
)
def test_a_time_in_a_sentence_is_one_wording_everywhere(stored: int | None, said: str) -> None:
    assert spoken_time(stored) == said


def test_what_each_participant_of_a_call_did_is_listed(make: Make) -> None:
    call = insert("call_log", _id=5, jid_row_id=4, from_me=0, call_id="call:A", timestamp=TIME)
    people = insert("call_log_participant_v2", call_log_row_id=5, jid_row_id=2, call_result=5)
    people += insert("call_log_participant_v2", call_log_row_id=5, jid_row_id=3, call_result=2)
    listed = raw_of(make(PEOPLE + text(2) + call + people), "what each participant of a call did")
    assert listed.splitlines() == [
        "row 5 of call_log: +31600000001, connected (5)",
        "row 5 of call_log: +31600000002, missed or not answered (2)",
    ]


def test_the_place_that_a_quote_keeps_is_listed(make: Make) -> None:
    table = "CREATE TABLE message_quoted_location (message_row_id INTEGER PRIMARY KEY, place_name TEXT);"
    quoted = insert("message_quoted_location", message_row_id=2, place_name="Loods")
    reading = make(PEOPLE + text(2) + table + quoted)
    assert raw_of(reading, "rows of message_quoted_location") == "message_row_id 2; place_name Loods"


def test_what_contacts_say_about_themselves_and_tables_of_wa_db_are_told(make: Make) -> None:
    jid = "31600000001@s.whatsapp.net"
    wa = insert("wa_contacts", jid=jid, display_name="Bram", status="24/7 open", company="Bakkerij")
    wa += insert("wa_group_admin_settings", jid="1@g.us", announcement_group=1, creator_jid=jid)
    wa += insert("wa_group_admin_settings", jid="2@g.us", announcement_group=0)
    wa += "CREATE TABLE wa_biz_profiles_websites (website TEXT);"
    wa += insert("wa_biz_profiles_websites", website="https://x.example")
    reading = make(PEOPLE + text(2), wa=wa)
    about = raw_of(reading, "what contacts say about themselves")
    assert about == "Bram (+31600000001): about “24/7 open”; company “Bakkerij”"
    settings = raw_of(reading, "settings of groups")
    assert settings == "1@g.us: only admins may send, creator Bram (+31600000001)"
    assert raw_of(reading, "tables that are not read") == "wa_biz_profiles_websites: 1"


def test_what_a_card_holds_beside_name_and_numbers_is_told(make: Make) -> None:
    card = "BEGIN:VCARD\nFN:Lev\nTEL:+31600000077\nitem1.EMAIL;type=WORK:x@y.example\nORG:Firma;\n"
    card += "NOTE:tot 5\\, niet later\nPHOTO;ENCODING=b:AAAA\nEND:VCARD"
    rows = insert("message_vcard", message_row_id=2, vcard=card)
    reading = make(PEOPLE + text(2, message_type=4) + rows)
    assert detail(reading.message(2)).split("; ") == [
        "on the card: e-mail “x@y.example”",
        "on the card: organisation “Firma”",
        "on the card: note “tot 5, niet later”",
    ]


def test_the_parts_of_an_address_are_told_without_those_that_are_empty() -> None:
    card = "BEGIN:VCARD\nADR;TYPE=HOME:;;Kade 1\\;2;Stad;;1000 AA;\nORG:Firma;Inkoop\n"
    card += "NOTE:a;b;\nADR:;;;;;;\nEND:VCARD"
    assert list(further(card)) == [
        "address “Kade 1;2, Stad, 1000 AA”",
        "organisation “Firma, Inkoop”",
        "note “a;b;”",
    ]


def test_what_is_not_told_of_a_card_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []

    def decode(head: str, value: str) -> str:
        decoded.append(head)
        return value

    monkeypatch.setattr(whatsapp_cards, "_decoded", decode)
    card = "BEGIN:VCARD\nFN:Lev\nPHOTO;ENCODING=b:AAAA\nURL:https://x.example\nEND:VCARD"
    assert list(further(card)) == ["web address “https://x.example”"]
    assert decoded == ["URL"]
