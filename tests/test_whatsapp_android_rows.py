"""Rows that no golden case holds: bad values, damaged pages, later codes, tables of another shape."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from unsynced import unsynced
from whatsapp_installations import Reading, read

from forensics.digest import message_canonical
from forensics.model import Account, Conversation, Participant

SCHEMAS = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_android" / "schema"
DATABASES = "data/data/com.whatsapp/databases"
PEOPLE = """
INSERT INTO jid (_id, user, server, agent, device, type, raw_string) VALUES
  (1, '31600000100', 's.whatsapp.net', 0, 0, 0, '31600000100@s.whatsapp.net'),
  (2, '31600000001', 's.whatsapp.net', 0, 0, 0, '31600000001@s.whatsapp.net'),
  (3, '31600000002', 's.whatsapp.net', 0, 0, 0, '31600000002@s.whatsapp.net'),
  (4, '120363000000000001', 'g.us', 0, 0, 1, '120363000000000001@g.us');
INSERT INTO chat (_id, jid_row_id) VALUES (1, 2), (2, 4);
"""
# Table message without its constraints, as a hostile database may have it.
LOOSE = """
DROP VIEW chat_view;
CREATE TABLE loose AS SELECT * FROM message;
DROP TABLE message;
ALTER TABLE loose RENAME TO message;
"""
TIME = 1709546400000
Make = Callable[..., Reading]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Builds msgstore.db of a schema with some rows, and reads it."""

    def build(
        sql: str,
        *,
        schema: str | None = "modern",
        wa: str | None = None,
        preferences: str | None = None,
        spoil: Callable[[Path], None] | None = None,
    ) -> Reading:
        root = tmp_path / "evidence"
        if schema is not None:  # without a schema the evidence of before is read again
            database(root / DATABASES / "msgstore.db", schema, sql)
        if wa is not None:
            database(root / DATABASES / "wa.db", "wa", wa)
        if preferences is not None:
            folder = root / "data/data/com.whatsapp/shared_prefs"
            folder.mkdir()
            (folder / "com.whatsapp_preferences_light.xml").write_text(preferences, "utf-8")
        if spoil is not None:
            spoil(root / DATABASES / "msgstore.db")
        reading = read(root, tmp_path)
        for accounting in reading.accounting.values():
            assert accounting.balances()
        conversations = {conversation.id for conversation in reading.of(Conversation)}
        for message in reading.messages:
            message_canonical(message)
            assert message.conversation in conversations
        return reading

    return build


def database(path: Path, schema: str, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(unsynced(path, isolation_level=None)) as connection:
        connection.executescript((SCHEMAS / f"{schema}.sql").read_text("utf-8"))
        connection.executescript(sql)


def text(rowid: int, **values: object) -> str:
    """One row of ``message``: a text of chat 1, received, unless said otherwise."""
    row: dict[str, object] = {
        "_id": rowid,
        "chat_row_id": 1,
        "from_me": 0,
        "key_id": f"K{rowid}",
        "sender_jid_row_id": 0,
        "status": 0,
        "timestamp": TIME + rowid * 60000,
        "received_timestamp": TIME + rowid * 60000 + 1000,
        "message_type": 0,
        "text_data": f"tekst {rowid}",
        **values,
    }
    return insert("message", **row)


def insert(table: str, **values: object) -> str:
    """One row of a table."""
    literals = ", ".join(_literal(value) for value in values.values())
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({literals});"


def add_on(rowid: int, parent: int, kind: int, *, from_me: int = 0) -> str:
    """One row of ``message_add_on``; its sender is not stored."""
    return insert(
        "message_add_on",
        _id=rowid,
        from_me=from_me,
        key_id=f"A{rowid}",
        sender_jid_row_id=0,
        parent_message_row_id=parent,
        message_add_on_type=kind,
    )


def quote(rowid: int, chat: int, key: str, **values: object) -> str:
    """One row of ``message_quoted``: message ``rowid`` answers a received message of that chat."""
    return insert(
        "message_quoted",
        message_row_id=rowid,
        chat_row_id=chat,
        parent_message_chat_row_id=chat,
        from_me=0,
        key_id=key,
        **values,
    )


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if value == float("inf"):
        return "9e999"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def said(reading: Reading, words: str) -> bool:
    return any(words in notice.text for notice in reading.notices)


def test_a_sentinel_that_holds_a_text_is_no_sentinel(make: Make) -> None:
    reading = make(PEOPLE + "UPDATE message SET text_data = 'verstopt' WHERE _id = 1;")
    assert reading.message(1).text == "verstopt"
    assert reading.accounting["message"].skipped == {}


def test_a_first_row_of_a_real_chat_is_a_message(make: Make) -> None:
    reading = make(PEOPLE + "DELETE FROM message;" + text(1))
    assert reading.message(1).text == "tekst 1"


@pytest.mark.parametrize("direction", [None, 2, "x"])
def test_a_direction_that_is_none_is_not_guessed(make: Make, direction: object) -> None:
    sql = PEOPLE + LOOSE + text(2, from_me=direction)
    message = make(sql).message(2)
    assert message.from_owner is None
    assert message.sender is None
    assert message.status is None


def test_numbers_beyond_what_a_record_can_hold_are_left_out(make: Make) -> None:
    huge = 2**62
    sql = PEOPLE + text(2, message_type=huge) + text(3, message_type=1) + text(4, message_type=7)
    sql += f"INSERT INTO message_media (message_row_id, file_size) VALUES (3, {huge});"
    sql += f"INSERT INTO message_forwarded VALUES (3, {huge}, 0);"
    sql += f"INSERT INTO message_ephemeral VALUES (3, {huge}, {huge}, 0);"
    sql += insert("message_system", message_row_id=4, action_type=huge)
    reading = make(sql)
    system = reading.message(2).system
    assert system is not None
    assert system.code is None
    assert str(huge) in (system.detail or "")
    media = reading.message(3)
    assert media.attachments[0].size is None
    assert media.forwarded is not None
    assert media.forwarded.times is None
    assert media.expires_after is None
    event = reading.message(4).system
    assert event is not None
    assert event.code is None


def test_infinite_coordinates_are_no_place(make: Make) -> None:
    sql = PEOPLE + text(2, message_type=5)
    reading = make(
        sql + "INSERT INTO message_location (message_row_id, latitude, longitude) VALUES (2, 9e999, 4.5);"
    )
    location = reading.message(2).location
    assert location is not None
    assert (location.latitude, location.longitude) == (None, 4.5)


@pytest.mark.parametrize(
    ("stored", "sent_at", "words"),
    [
        (1709546940, 1709546940, "before 2009"),
        (4291747200000, 4291747200000, "after the year 2099"),
        (-5, None, "negative"),
        (2**62, None, "outside the years"),
        (0, None, None),
        (-1, None, None),
    ],
)
def test_a_doubtful_time_is_kept_and_noted(
    make: Make, stored: int, sent_at: int | None, words: str | None
) -> None:
    reading = make(PEOPLE + text(2, timestamp=stored))
    assert reading.message(2).sent_at == sent_at
    noted = [notice for notice in reading.notices if "column timestamp" in notice.text]
    assert [notice.raw for notice in noted] == ([str(stored)] if words else [])
    assert all(words in notice.text for notice in noted if words)


def test_invalid_bytes_stand_in_a_notice(make: Make) -> None:
    sql = PEOPLE + text(2) + "UPDATE message SET text_data = CAST(x'486FFF69' AS TEXT) WHERE _id = 2;"
    reading = make(sql)
    assert reading.message(2).text == "Ho\ufffdi"
    (notice,) = [notice for notice in reading.notices if notice.severity == "doubt"]
    assert notice.raw == "486fff69"
    assert notice.source is not None
    assert (notice.source.table, notice.source.rowid) == ("message", 2)


def test_a_long_raw_value_is_cut_with_its_hash(make: Make) -> None:
    sql = (
        PEOPLE
        + text(2)
        + "UPDATE message SET text_data = CAST(zeroblob(9000) || x'FF' AS BLOB) WHERE _id = 2;"
    )
    (notice,) = [notice for notice in make(sql).notices if notice.severity == "doubt"]
    assert "9001 bytes, SHA-256" in (notice.raw or "")


def test_unknown_codes_are_counted_and_shown(make: Make) -> None:
    sql = PEOPLE + text(2, message_type=4711) + text(3, message_type=4711) + text(4, from_me=1, status=77)
    sql += text(5, message_type=None) + text(6)
    sql += add_on(1, 6, 555)
    reading = make(sql)
    system = reading.message(2).system
    assert system is not None
    assert (reading.message(2).kind, system.code) == ("unknown", 4711)
    assert "unknown (4711)" in (system.detail or "")
    assert reading.message(4).status is None
    assert said(reading, "message type 4711 has no meaning known to this parser: 2 rows")
    assert said(reading, "status of a sent message 77")
    assert said(reading, "message type not stored: 1 row")
    assert said(reading, "add-on type 555")


def test_a_damaged_page_costs_its_rows_and_is_no_deletion(make: Make) -> None:
    sql = PEOPLE + "".join(text(rowid, text_data=f"regel {rowid} " + "x" * 300) for rowid in range(2, 402))
    sql += "DELETE FROM message WHERE _id = 50;"

    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        page = data.index(b"regel 200 ") // 4096
        data[page * 4096] = 0xFF
        path.write_bytes(data)

    reading = make(sql, spoil=spoil)
    accounting = reading.accounting["message"]
    assert 300 < accounting.messages < 400
    assert accounting.balances()
    gaps = [notice.raw for notice in reading.notices if notice.severity == "gap"]
    assert gaps == ["50"]
    assert not [message for message in reading.messages if message.source.rowid == 200]


@pytest.mark.parametrize("is_quoted", [False, True])
def test_a_table_without_row_ids_is_said_not_to_be_read(make: Make, is_quoted: bool) -> None:
    sql = (
        PEOPLE
        + "DROP TABLE message; CREATE TABLE message (_id INTEGER, chat_row_id INTEGER, from_me INTEGER, "
    )
    sql += (
        "key_id TEXT, PRIMARY KEY (key_id, _id)) WITHOUT ROWID; INSERT INTO message VALUES (2, 1, 0, 'K2');"
    )
    if is_quoted:
        sql += quote(3, 1, "K2") + f"INSERT INTO message_edit_info VALUES (2, 'K2', {TIME}, {TIME});"
    reading = make(sql)
    assert reading.messages == []
    assert said(reading, "table message has no row ids")


def test_a_side_table_without_row_ids_is_read(make: Make) -> None:
    sql = (
        PEOPLE
        + text(2)
        + "DROP TABLE message_mentions; CREATE TABLE message_mentions (message_row_id INTEGER, "
    )
    sql += (
        "jid_row_id INTEGER, mention_type INTEGER, PRIMARY KEY (message_row_id, jid_row_id)) WITHOUT ROWID;"
    )
    reading = make(sql + "INSERT INTO message_mentions VALUES (2, 3, 0);")
    (participant,) = [p for p in reading.of(Participant) if p.handle == "31600000002@s.whatsapp.net"]
    assert reading.message(2).mentions == (participant.id,)


def test_rows_without_a_message_of_every_kind_are_counted(make: Make) -> None:
    sql = (
        PEOPLE
        + text(2)
        + "INSERT INTO message_poll_option (message_row_id, option_name) VALUES (900, 'Ja'), (NULL, 'Nee');"
    )
    sql += "INSERT INTO call_log_participant_v2 (call_log_row_id, jid_row_id) VALUES (77, 2);"
    sql += insert("receipt_orphaned", chat_row_id=1, from_me=1, key_id="Z", receipt_device_jid_row_id=2)
    sql += insert("message_orphaned_edit", key_id="Y", from_me=0, chat_row_id=1, message_type=0)
    sql += "INSERT INTO message_add_on_orphan (key_id, parent_key_id) VALUES ('X', 'W');"
    reading = make(sql)
    for words in (
        "2 rows of message_poll_option",
        "1 row of call_log_participant_v2",
        "1 row of receipt_orphaned",
        "1 row of message_orphaned_edit",
        "1 row of message_add_on_orphan",
    ):
        assert said(reading, words), words


def test_many_orphans_are_counted_and_the_first_are_given(make: Make) -> None:
    rows = ", ".join(f"({rowid}, 2, {TIME})" for rowid in range(1000, 1080))
    sql = f"INSERT INTO receipt_user (message_row_id, receipt_user_jid_row_id, read_timestamp) VALUES {rows};"
    reading = make(PEOPLE + sql)
    (notice,) = [notice for notice in reading.notices if "receipt_user" in notice.text]
    assert notice.text.startswith("80 rows")
    assert "the first 50 are given" in notice.text


def test_a_reaction_whose_emoji_is_gone_is_no_removed_reaction(make: Make) -> None:
    sql = PEOPLE + text(2)
    sql += add_on(1, 2, 56)
    reading = make(sql)
    assert reading.message(2).reactions == ()
    assert said(reading, "which emoji is not known")


def test_a_vote_that_fits_nobody_or_nothing_is_noted(make: Make) -> None:
    sql = PEOPLE + text(2, chat_row_id=2, sender_jid_row_id=2, message_type=66)
    sql += "INSERT INTO message_poll_option (_id, message_row_id, option_name) VALUES (1, 2, 'Ja');"
    sql += add_on(1, 2, 67) + add_on(2, 2, 67, from_me=1)
    for vote, option in ((1, 1), (2, 9)):
        sql += insert(
            "message_add_on_poll_vote_selected_option",
            message_add_on_row_id=vote,
            message_poll_option_id=option,
        )
    reading = make(sql)
    poll = reading.message(2).poll
    assert poll is not None
    assert [option.votes for option in poll.options] == [()]
    assert said(reading, "cannot be given to a person")
    assert said(reading, "cannot be given to an option")


def test_an_admin_who_is_not_stored_is_not_the_sender(make: Make) -> None:
    sql = PEOPLE + text(2, chat_row_id=2, sender_jid_row_id=2, message_type=64, text_data=None)
    message = make(sql).message(2)
    assert (message.state, message.deleted_by) == ("deleted_for_everyone", None)


def test_the_same_key_twice_is_answered_by_sender_or_not_at_all(make: Make) -> None:
    sql = PEOPLE + text(2, chat_row_id=2, key_id="D", sender_jid_row_id=2)
    sql += text(3, chat_row_id=2, key_id="D", sender_jid_row_id=3) + text(
        4, chat_row_id=2, sender_jid_row_id=2
    )
    sql += text(5, chat_row_id=2, sender_jid_row_id=2)
    sql += quote(4, 2, "D", sender_jid_row_id=3) + quote(5, 2, "D", sender_jid_row_id=4)
    reading = make(sql)
    first, second = reading.message(4).reply_to, reading.message(5).reply_to
    assert first is not None
    assert first.id == reading.message(3).id
    assert second is not None
    assert second.id is None


def test_a_quote_keeps_what_was_deleted_or_edited(make: Make) -> None:
    sql = PEOPLE + text(2, message_type=15, text_data=None) + text(3) + text(4) + text(5)
    sql += f"INSERT INTO message_edit_info VALUES (3, 'K3', {TIME}, {TIME});"
    sql += quote(4, 1, "K2", text_data="wat er stond") + quote(5, 1, "K3", text_data="eerst")
    sql += quote(6, 1, "weg", text_data="was er")
    reading = make(sql + text(6))
    kept = {
        (
            each.copied.text,
            each.copied.reason,
            each.copied.message,
            each.copied.holder,
            each.copied.is_normalised,
        )
        for each in reading.notices
        if each.copied is not None
    }
    ids = {rowid: reading.message(rowid).id for rowid in range(2, 7)}
    assert kept == {
        ("wat er stond", "deleted for everyone", ids[2], ids[4], False),
        ("eerst", "edited", ids[3], ids[5], False),
        ("was er", "gone", None, ids[6], False),
    }
    assert said(reading, "quotes in message_quoted of a message that is gone")


def test_a_mended_key_still_finds_its_conversation(make: Make) -> None:
    sql = PEOPLE + LOOSE + text(2, chat_row_id="zeven") + text(3, chat_row_id=99)
    reading = make(sql)
    known = {conversation.id for conversation in reading.of(Conversation)}
    assert {message.conversation for message in reading.messages} <= known
    assert reading.message(3).state == "hidden"


def test_preferences_of_a_hostile_file_are_read_by_pattern_only(make: Make) -> None:
    hostile = '<!DOCTYPE x [<!ENTITY a "b">]><map>' + '<string name="a">' * 2000
    good = '<string name="cc">31</string><string name="ph">600000100</string></map>'
    (account,) = make(PEOPLE, preferences=hostile + good).of(Account)
    assert account.handle == "31600000100@s.whatsapp.net"
