"""What an audit found untold or told wrongly of WhatsApp on Android."""

from __future__ import annotations

import pytest
from test_whatsapp_android_legacy import BRAM, CLEO, old, old_quote
from test_whatsapp_android_rows import PEOPLE, TIME, Make, add_on, insert, make, quote, said, text

from forensics.model import Conversation
from parsers.whatsapp_cards import read_cards

__all__ = ["make"]


def test_tables_that_nothing_reads_are_named(make: Make) -> None:
    made = """
    CREATE TABLE joinable_call_log (_id INTEGER PRIMARY KEY, call_id TEXT);
    INSERT INTO joinable_call_log VALUES (1, 'a'), (2, 'b');
    CREATE TABLE message_secret (message_row_id INTEGER PRIMARY KEY, s BLOB);
    INSERT INTO message_secret VALUES (2, x'00');
    CREATE TABLE call_unknown_caller (call_log_row_id INTEGER, caller_phone TEXT);
    INSERT INTO call_unknown_caller VALUES (5, '31600000077');
    CREATE TABLE pay_transaction (_id INTEGER PRIMARY KEY, amount_1000 INTEGER, currency_code TEXT,
        sender_jid_row_id INTEGER, receiver_jid_row_id INTEGER, type INTEGER, status INTEGER);
    INSERT INTO pay_transaction VALUES (1, 50000, 'EUR', 2, 99, 1, 2);
    """
    reading = make(PEOPLE + text(2) + made)
    (unread,) = [each for each in reading.notices if each.severity == "unread"]
    words = "joinable_call_log (group calls that could be joined): 2"
    assert unread.text == f"tables that are not read: 1, with 2 rows: {words}"
    raws = [each.raw for each in reading.notices]
    assert "call_log_row_id 5; caller_phone 31600000077" in raws
    assert "row 1: EUR 50.00, +31600000001 to jid row 99, which is gone, type 1, status 2" in raws


def test_what_was_said_in_a_voice_message_is_told(make: Make) -> None:
    media = insert("message_media", message_row_id=2, raw_transcription_text="tien gram")
    reading = make(PEOPLE + text(2, message_type=2, text_data=None) + media)
    system = reading.message(2).system
    assert system is not None
    assert "“tien gram”" in (system.detail or "")


def test_a_reaction_without_its_message_or_its_add_on_keeps_its_emoji(make: Make) -> None:
    reactions = insert("message_add_on_reaction", message_add_on_row_id=1, reaction="X")
    reactions += insert("message_add_on_reaction", message_add_on_row_id=77, reaction="Y")
    reading = make(PEOPLE + text(2) + add_on(1, 999, 56) + reactions)
    (orphan,) = [each for each in reading.notices if "of message_add_on (" in each.text]
    assert '"reaction": "X"' in (orphan.raw or "")
    (alone,) = [each for each in reading.notices if "without their row in message_add_on" in each.text]
    assert alone.raw == "add-on 77: {'reaction': 'Y'}"


def test_chats_with_a_blank_jid_stay_apart_and_live(make: Make) -> None:
    jids = "INSERT INTO jid (_id, user, server, raw_string) VALUES (20, '', '', ''), (21, 'x', '', NULL);"
    chats = "INSERT INTO chat (_id, jid_row_id, subject) VALUES (20, 20, 'een'), (21, 21, 'twee');"
    reading = make(PEOPLE + jids + chats + text(2, chat_row_id=20) + text(3, chat_row_id=21))
    assert [reading.message(row).state for row in (2, 3)] == ["live", "live"]
    titles = {each.id: each.title for each in reading.of(Conversation)}
    assert [titles[reading.message(row).conversation] for row in (2, 3)] == ["een", "twee"]
    assert not said(reading, "stored under a LID")
    assert said(reading, "chat 20 names jid row 20, which is blank")


def test_without_a_table_of_chats_nothing_is_hidden(make: Make) -> None:
    reading = make(PEOPLE + "DROP VIEW IF EXISTS chat_view; DROP TABLE chat;" + text(2, sender_jid_row_id=2))
    assert reading.message(2).state == "live"
    assert said(reading, "no table chat")


@pytest.mark.parametrize("sender", [2, 6, 7])
def test_quotes_that_collide_are_told_apart_by_person(make: Make, sender: int) -> None:
    jids = """
    INSERT INTO jid (_id, user, server, raw_string) VALUES (6, '777000111', 'lid', '777000111@lid'),
      (7, '31600000001', 's.whatsapp.net', '31600000001.0:5@s.whatsapp.net');
    INSERT INTO jid_map VALUES (6, 2, 1);
    """
    same = {"chat_row_id": 2, "key_id": "D"}
    rows = text(2, sender_jid_row_id=3, **same) + text(3, sender_jid_row_id=6, **same)
    reading = make(PEOPLE + jids + rows + text(4, chat_row_id=2) + quote(4, 2, "D", sender_jid_row_id=sender))
    reply = reading.message(4).reply_to
    assert reply is not None
    assert reply.id == reading.message(3).id


def test_receipts_and_quotes_of_the_older_row_are_the_message_s(make: Make) -> None:
    receipt = insert(
        "receipts", key_remote_jid=BRAM, key_id="K5", remote_resource=BRAM, read_device_timestamp=TIME
    )
    rows = text(4, text_data="eerst") + text(5, from_me=1, status=13, text_data="tekst 5")
    older = old(4, data="eerst") + old(5, key_from_me=1, quoted_row_id=1)
    asked = old_quote(1, key_id="K4", data="eerst")
    reading = make(PEOPLE + rows + older + asked + receipt, schema="transition")
    message = reading.message(5)
    assert message.reply_to is not None
    assert message.reply_to.id == reading.message(4).id
    assert [each.read_at for each in message.receipts] == [TIME]
    assert message.read_at == TIME
    assert not said(reading, "without their message")


def test_a_call_whose_people_are_gone_is_doubtful(make: Make) -> None:
    calls = insert("call_log", _id=1, jid_row_id=99, from_me=0, timestamp=TIME)
    calls += insert("call_log", _id=2, jid_row_id=2, from_me=1, timestamp=TIME, group_jid_row_id=4)
    calls += insert("call_log_participant_v2", call_log_row_id=1, jid_row_id=98)
    reading = make(PEOPLE + calls)
    assert said(reading, "row 1 of call_log names as peer jid row 99, which is gone")
    assert said(reading, "names as participant jid row 98, which is gone")
    assert len(reading.calls[1].participants) == 1


def test_an_event_says_what_is_stored(make: Make) -> None:
    event = text(2, message_type=7, status=6, sender_jid_row_id=99, text_data=None, chat_row_id=2)
    change = """
    INSERT INTO message_system VALUES (2, 165);
    CREATE TABLE message_system_username_change (message_row_id INTEGER PRIMARY KEY, old_username TEXT,
        new_username TEXT);
    INSERT INTO message_system_username_change VALUES (2, 'oud', 'nieuw');
    """
    system = make(PEOPLE + event + change).message(2).system
    assert system is not None
    words = "jid row 99, which is gone changed the username from “oud” to “nieuw”"
    assert system.detail == words


def test_an_invitation_to_a_group_whose_jid_is_gone_says_so(make: Make) -> None:
    invite = insert(
        "message_group_invite", message_row_id=2, group_jid_row_id=99, admin_jid_row_id=98, group_name="G"
    )
    system = make(PEOPLE + text(2, message_type=24) + invite).message(2).system
    assert system is not None
    assert "“G” (jid row 99, which is gone) by jid row 98, which is gone" in (system.detail or "")


def test_a_legacy_type_that_is_no_number_is_given(make: Make) -> None:
    system = make(old(2, media_wa_type="x9"), schema="legacy").message(2, "messages").system
    assert system is not None
    assert system.detail == "message type: unknown (x9)"


def test_an_empty_text_does_not_hide_a_caption_nor_minus_one_a_time(make: Make) -> None:
    media = insert("message_media", message_row_id=2, media_caption="bijschrift")
    edit = insert("message_edit_info", message_row_id=2, original_key_id="K2", edited_timestamp=-1,
                  sender_timestamp=TIME)  # fmt: skip
    message = make(PEOPLE + text(2, message_type=9, text_data="") + media + edit).message(2)
    assert (message.text, message.edited_at) == ("bijschrift", TIME)


def test_an_empty_text_of_an_older_row_does_not_hide_its_caption(make: Make) -> None:
    legacy = old(2, media_wa_type="1", data="", media_caption="bijschrift", remote_resource=CLEO)
    assert make(legacy, schema="legacy").message(2, "messages").text == "bijschrift"


def test_a_template_beside_a_text_is_told(make: Make) -> None:
    table = """CREATE TABLE message_template (message_row_id INTEGER PRIMARY KEY, content_text_data TEXT,
        footer_text_data TEXT);"""
    made = table + insert(
        "message_template", message_row_id=2, content_text_data="inhoud", footer_text_data="voet"
    )
    system = make(PEOPLE + text(2, message_type=25, text_data="tekst") + made).message(2).system
    assert system is not None
    assert "text of the template: “inhoud”; footer: “voet”" in (system.detail or "")


def test_cards_of_the_old_kind_have_their_names() -> None:
    card = (
        "BEGIN:VCARD\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;J=C3=\n=A9=72;;;\nTEL;waid=316:06\nEND:VCARD"
    )
    (contact,) = read_cards(card)
    assert (contact.name, contact.phones) == ("Jér", ("06", "+316"))
