"""Facts of the WhatsApp reference that an audit found unread or misread."""

from __future__ import annotations

from test_whatsapp_android_legacy import BRAM, old
from test_whatsapp_android_rows import PEOPLE, TIME, Make, insert, make, quote, said, text

__all__ = ["make"]

LID = """
INSERT INTO jid (_id, user, server, raw_string) VALUES (6, '777000111', 'lid', '777000111@lid');
INSERT INTO jid_map VALUES (6, 2, 1);
INSERT INTO chat (_id, jid_row_id) VALUES (9, 6);
"""


def test_a_pending_deletion_is_of_one_row_of_chat(make: Make) -> None:
    job = insert("deleted_chat_job", chat_row_id=9, deleted_message_row_id=4)
    reading = make(PEOPLE + LID + text(2) + text(3, chat_row_id=9) + text(4, from_me=1, status=13) + job)
    assert [reading.message(row).state for row in (2, 3, 4)] == ["live", "hidden", "live"]
    assert len({reading.message(row).conversation for row in (2, 3)}) == 1


def test_a_quote_names_an_edited_message_by_its_original_key(make: Make) -> None:
    edit = insert(
        "message_edit_info",
        message_row_id=2,
        original_key_id="OLD",
        edited_timestamp=TIME,
        sender_timestamp=TIME,
    )
    reading = make(PEOPLE + text(2, key_id="NEW") + edit + text(3) + quote(3, 1, "OLD", text_data="eerst"))
    reply = reading.message(3).reply_to
    assert reply is not None
    assert reply.id == reading.message(2).id
    assert said(reading, "row 2 of message was edited; the quote in row 3 of message_quoted keeps its text")
    assert not said(reading, "is gone")


def test_the_last_builds_of_the_first_generation_quote_and_show_once_as_the_second(make: Make) -> None:
    tables = """
    CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER,
        parent_message_chat_row_id INTEGER, from_me INTEGER, key_id TEXT, timestamp INTEGER, text_data TEXT);
    CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY, message_row_id INTEGER, vcard TEXT);
    """
    card = insert("message_vcard", message_row_id=4, vcard="BEGIN:VCARD\nFN:Cleo\nTEL:+31 6\nEND:VCARD")
    reading = make(
        PEOPLE + tables + old(2, key_remote_jid=BRAM) + old(3) + quote(3, 1, "K2", text_data="tekst 2")
        + old(4, media_wa_type="4", data=None) + card + old(5, media_wa_type="42", data=None),
        schema="legacy_2021",
    )  # fmt: skip
    reply = reading.message(3, "messages").reply_to
    assert reply is not None
    assert (reply.id, reply.text) == (reading.message(2, "messages").id, "tekst 2")
    assert [each.name for each in reading.message(4, "messages").contacts] == ["Cleo"]
    assert reading.message(5, "messages").view_once


def test_the_words_of_an_order_are_told(make: Make) -> None:
    order = insert("message_order", message_row_id=2, order_id="O1", item_count=1, message="graag 5 erbij")
    system = make(PEOPLE + text(2, message_type=44, text_data=None) + order).message(2).system
    assert system is not None
    assert "graag 5 erbij" in (system.detail or "")


def test_a_call_without_a_direction_has_no_caller(make: Make) -> None:
    reading = make(PEOPLE + insert("call_log", _id=1, jid_row_id=2, from_me=None, timestamp=TIME))
    (call,) = reading.calls
    assert (call.from_owner, call.sender) == (None, None)


def test_the_older_row_of_a_deleted_message_keeps_its_text(make: Make) -> None:
    reading = make(
        PEOPLE + text(2, message_type=15, text_data=None) + old(2, data="vijf gram") + text(3) + old(3)
        + text(4, text_data="anders") + old(4),
        schema="transition",
    )  # fmt: skip
    (copied,) = [each.copied for each in reading.notices if each.copied is not None]
    assert (copied.text, copied.message) == ("vijf gram", reading.message(2).id)
    assert said(reading, "row 4 of messages, the copy of row 4 of message, holds another text")
    assert not said(reading, "row 3 of messages")
