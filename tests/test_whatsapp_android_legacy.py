"""The legacy tables of WhatsApp on Android, and databases in transition that hold both."""

from __future__ import annotations

from test_whatsapp_android_rows import PEOPLE, TIME, Make, insert, make, quote, said, text

from forensics.model import Conversation, Participant
from parsers.whatsapp_media_data import MAGIC

__all__ = ["make"]

BRAM, CLEO = "31600000001@s.whatsapp.net", "31600000002@s.whatsapp.net"
GROUP = "31600000001-1514800000@g.us"


def old(rowid: int, **values: object) -> str:
    """One row of ``messages``: a text from Bram, unless said otherwise."""
    row: dict[str, object] = {
        "_id": rowid,
        "key_remote_jid": BRAM,
        "key_from_me": 0,
        "key_id": f"K{rowid}",
        "status": 0,
        "data": f"tekst {rowid}",
        "timestamp": TIME + rowid * 60000,
        "received_timestamp": TIME + rowid * 60000 + 1000,
        "media_wa_type": "0",
        **values,
    }
    return insert("messages", **row)


def old_quote(rowid: int, **values: object) -> str:
    row = {"_id": rowid, "key_remote_jid": BRAM, "key_from_me": 0, "key_id": "K2", "data": "citaat", **values}
    return insert("messages_quotes", **row)


def test_a_quote_that_is_gone_is_still_a_reply(make: Make) -> None:
    reading = make(old(2, quoted_row_id=7), schema="legacy")
    reply = reading.message(2, "messages").reply_to
    assert reply is not None
    assert (reply.id, reply.text) == (None, None)
    assert said(reading, "answers quote 7, which is gone")


def test_quotes_and_receipts_that_nobody_names_are_counted(make: Make) -> None:
    sql = old(2) + old(3, quoted_row_id=1) + old_quote(1) + old_quote(2, data="van een weggehaald antwoord")
    sql += insert(
        "receipts", key_remote_jid=GROUP, key_id="weg", remote_resource=CLEO, read_device_timestamp=TIME
    )
    reading = make(sql, schema="legacy")
    (quotes,) = [notice for notice in reading.notices if "messages_quotes" in notice.text]
    assert "van een weggehaald antwoord" in (quotes.raw or "")
    assert said(reading, "1 row of receipts")


def test_a_legacy_quote_keeps_what_was_deleted(make: Make) -> None:
    sql = old(2, media_wa_type="15", data=None) + old(3, quoted_row_id=1) + old_quote(1, data="wat er stond")
    reading = make(sql, schema="legacy")
    reply = reading.message(3, "messages").reply_to
    assert reply is not None
    assert reply.id == reading.message(2, "messages").id
    assert said(reading, "row 2 of messages was deleted for everyone")


def test_receipts_of_the_row_itself_are_the_partners(make: Make) -> None:
    sql = old(2, key_from_me=1, status=8, receipt_device_timestamp=TIME, played_device_timestamp=TIME + 5)
    message = make(sql, schema="legacy").message(2, "messages")
    (receipt,) = message.receipts
    assert (message.status, message.delivered_at, message.read_at) == ("played", TIME, None)
    assert (receipt.delivered_at, receipt.read_at, receipt.played_at) == (TIME, None, TIME + 5)


def test_calls_are_told_from_events_by_their_type(make: Make) -> None:
    call = {"status": 6, "data": None, "key_id": "call:A"}
    sql = old(
        2, media_wa_type="8", key_from_me=1, media_duration=42, media_size=1, media_caption="video", **call
    )
    sql += old(3, media_wa_type="10", **{**call, "key_id": "call:B"}) + old(
        4, status=6, media_size=19, data=None
    )
    reading = make(sql, schema="legacy")
    assert [message.kind for message in reading.messages] == ["call", "call", "system"]
    assert [(each.result, each.video, each.seconds) for each in reading.calls] == [
        ("answered: answered (1)", True, 42),
        ("missed: not stored", None, None),
    ]
    assert all(each.participants == reading.calls[0].participants for each in reading.calls)


def test_a_call_that_call_log_has_as_well_is_one_call(make: Make) -> None:
    sql = PEOPLE + old(2, media_wa_type="8", status=6, key_id="call:A", data=None)
    sql += insert("call_log", _id=1, jid_row_id=2, from_me=0, call_id="call:A", timestamp=TIME, call_result=5)
    (call,) = make(sql, schema="legacy_2021").calls
    assert call.source.table == "call_log"


def test_types_and_media_that_are_not_as_expected(make: Make) -> None:
    sql = old(2, media_wa_type="abc") + old(3, media_wa_type=None)
    sql += old(4, media_wa_type="1", data=None, thumb_image=MAGIC + b"geen bestand", media_size=-1)
    sql += old(5, media_wa_type="5", latitude=9e999, longitude=4.5, media_name="Plein")
    sql += old(6, data="kijk https://example.org", media_caption="Titel", media_url="https://example.org")
    reading = make(sql, schema="legacy")
    assert [message.kind for message in reading.messages] == [
        "unknown",
        "unknown",
        "image",
        "location",
        "text",
    ]
    (media,) = reading.message(4, "messages").attachments
    assert (media.path, media.size, media.present) == (None, None, False)
    place = reading.message(5, "messages").location
    assert place is not None
    assert (place.latitude, place.longitude, place.name) == (None, 4.5, "Plein")
    (link,) = reading.message(6, "messages").attachments
    assert (link.kind, link.caption, link.path) == ("link", "Titel", "https://example.org")


def test_a_group_and_its_people_are_known_without_chat_list(make: Make) -> None:
    sql = old(
        2, key_remote_jid=GROUP, remote_resource=CLEO, mentioned_jids=f"{BRAM},31600000003@s.whatsapp.net"
    )
    reading = make(sql, schema="legacy")
    (group,) = reading.of(Conversation)
    handles = {participant.id: participant.handle for participant in reading.of(Participant)}
    message = reading.message(2, "messages")
    assert (group.kind, group.handle, message.conversation) == ("group", GROUP, group.id)
    assert handles[message.sender or ""] == CLEO
    assert [handles[each] for each in message.mentions] == [BRAM, "31600000003@s.whatsapp.net"]


def test_a_sentinel_with_a_text_is_read(make: Make) -> None:
    reading = make("UPDATE messages SET data = 'verstopt' WHERE _id = 1;", schema="legacy")
    assert reading.message(1, "messages").text == "verstopt"


def test_a_message_in_both_tables_is_one_whichever_table_is_the_smaller(make: Make) -> None:
    sql = (
        PEOPLE
        + "".join(text(rowid, key_id=f"K{rowid}") for rowid in range(2, 30))
        + old(7)
        + old(40, key_id="K9")
    )
    reading = make(sql, schema="transition")
    assert len(reading.messages) == 28
    assert [(each.table, each.rowid) for each in reading.message(7).also] == [("messages", 7)]
    assert [(each.table, each.rowid) for each in reading.message(9).also] == [("messages", 40)]
    assert reading.accounting["messages"].skipped == {"sentinel": 1, "copy": 2}


def test_different_messages_under_one_row_id_are_both_read(make: Make) -> None:
    sql = PEOPLE + text(2, key_id="NIEUW") + old(2, key_id="OUD")
    sql += "INSERT INTO message_ephemeral VALUES (2, 86400, 0);"
    reading = make(sql, schema="transition")
    assert reading.message(2).expires_after == 86400
    assert reading.message(2, "messages").expires_after is None
    assert [message.source.table for message in reading.messages] == ["message", "messages"]


def test_an_answer_finds_its_target_in_the_other_table(make: Make) -> None:
    sql = PEOPLE + old(2, key_id="OUD") + text(3) + quote(3, 1, "OUD")
    sql += old(4, quoted_row_id=1) + old_quote(1, key_id="K3") + old(5, key_id="K3")
    reading = make(sql, schema="transition")
    to_old, to_new = reading.message(3).reply_to, reading.message(4, "messages").reply_to
    assert to_old is not None
    assert to_old.id == reading.message(2, "messages").id
    assert to_new is not None
    assert to_new.id == reading.message(3).id


def test_two_readings_of_one_database_are_equal(make: Make) -> None:
    sql = PEOPLE + old(2) + old(3, key_id="K9") + text(3, key_id="K9") + text(9, from_me=1, status=13)
    first = make(sql, schema="transition").records
    assert first == make("", schema=None).records
