"""What users hit in other tools: a test for each number of the format reference's list (section 7)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import exported, ingest, messages, new, of, phone
from whatsapp_backups import (
    BACKUP_KEY,
    CRYPT14,
    CRYPT15,
    DATABASE,
    EXPIRY,
    IV,
    ROOT_FILE,
    crypt14,
    crypt15,
    form_of,
    key_file,
    opened,
    part,
    refused,
)
from whatsapp_installations import Reading, read
from whatsapp_ios_installations import BUILD
from whatsapp_ios_installations import read as read_ios

from forensics.errors import WrongKey
from forensics.model import Participant
from parsers.whatsapp_ios import WhatsAppIOS
from parsers.whatsapp_ios_blobs import read_metadata
from parsers.whatsapp_ios_people import is_preference

Make = Callable[..., Reading]


@pytest.fixture
def android(tmp_path: Path) -> Make:
    """A golden phone, changed by SQL statements, and read."""

    def make(case: str, *statements: str) -> Reading:
        root = phone(tmp_path / "phone", case)
        with closing(sqlite3.connect(next(root.rglob("msgstore.db")), isolation_level=None)) as connection:
            for each in statements:
                connection.execute(each)
        return read(root, tmp_path)

    return make


@pytest.fixture
def iphone(tmp_path: Path) -> Make:
    def make(case: str, *statements: str) -> Reading:
        path = next(BUILD.build(case, tmp_path / "phone").rglob("ChatStorage.sqlite"))
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for each in statements:
                connection.execute(each)
        return read_ios(tmp_path / "phone", tmp_path)

    return make


def people(reading: Reading) -> dict[str, Participant]:
    return {each.id: each for each in reading.of(Participant)}


def test_1_without_the_table_messages_the_newer_one_is_read(android: Make):
    reading = android("modern_direct", "DROP TABLE IF EXISTS messages")
    assert reading.message(3).text is not None


def test_1_with_both_tables_neither_hides_the_other(android: Make):
    tables = {each.source.table for each in android("transition").messages}
    assert tables == {"message", "messages"}


def test_2_a_database_without_any_view_is_read(android: Make):
    assert len(android("modern_direct", "DROP VIEW IF EXISTS chat_view").messages) > 10


def test_3_columns_that_an_older_app_has_not_are_not_needed(android: Make):
    columns = ("ALTER TABLE chat DROP COLUMN group_type",)
    reading = android("modern_group", "DROP VIEW IF EXISTS chat_view", *columns)
    assert {"group"} <= {message.conversation_kind for message in reading.messages}


def test_3_an_old_iphone_without_pictures_of_profiles_is_read(iphone: Make):
    assert iphone("direct", "DROP TABLE ZWAPROFILEPICTUREITEM").messages


def test_4_a_lid_without_a_number_keeps_its_messages_and_is_no_phone(android: Make):
    reading = android("modern_group", "DELETE FROM jid_map")
    lids = [each for each in reading.of(Participant) if (each.handle or "").endswith("@lid")]
    assert lids
    assert all(each.phone is None for each in lids)
    assert {message.sender for message in reading.messages} & {each.id for each in lids}


def test_5_a_sender_in_a_group_has_his_own_name_or_number(android: Make):
    reading = android("modern_group")
    titles = {each.title for each in reading.records if type(each).__name__ == "Conversation"} - {None}
    for each in people(reading).values():
        assert not {name.name for name in each.names} & titles
        assert "null" not in {name.name for name in each.names}


def test_5_an_empty_wa_db_costs_no_message_and_no_number(android: Make):
    reading = android("empty_wa_db")
    assert reading.messages
    assert any(each.phone for each in people(reading).values())


def test_6_times_of_ios_are_seconds_since_2001_with_their_fraction(iphone: Make):
    reading = iphone("direct", "UPDATE ZWAMESSAGE SET ZMESSAGEDATE = 700000000.25 WHERE Z_PK = 2")
    # 2023-03-08T20:26:40.250Z
    assert reading.message(2, "ZWAMESSAGE").sent_at == (700_000_000 + 978_307_200) * 1000 + 250


@pytest.mark.parametrize("length", [98, 127, 128, 129, 188, 255, 256, 336])
def test_7_a_header_of_any_length_opens(length: int):
    plain = part(1, 1) + part(3, part(1, IV)) + part(4, EXPIRY)
    header = plain + part(99, bytes(max(0, length - len(plain) - 3)))
    data = crypt15(DATABASE, header=header)
    assert form_of(data) is CRYPT15
    assert opened(CRYPT15, data, BACKUP_KEY)[0] == DATABASE


def test_7_the_key_of_another_account_is_told_as_that():
    (key,) = CRYPT14.keys(key_file(salt=bytes(32)))
    refused(CRYPT14, crypt14(DATABASE), key, WrongKey, "another account")


def test_8_newer_fields_of_a_header_are_skipped():
    header = part(1, 1) + part(3, part(1, IV)) + part(4, EXPIRY) + part(6, 3) + part(17, b"later")
    assert opened(CRYPT15, crypt15(DATABASE, header=header), BACKUP_KEY)[1].details["new_key_type"] == 3


def test_9_a_reaction_with_sender_minus_one_is_that_of_the_other_one(android: Make):
    reading = android("modern_direct", "UPDATE message_add_on SET sender_jid_row_id = -1 WHERE from_me = 0")
    partners = {each.id for each in people(reading).values() if not each.is_owner}
    senders = [r.sender for m in reading.messages for r in m.reactions]
    assert senders
    assert all(each is not None for each in senders)
    assert set(senders) & partners


def test_10_a_call_whose_caller_has_no_row_is_kept(android: Make):
    reading = android("calls", "DELETE FROM jid WHERE _id > 1")
    assert len({call.source.rowid for call in reading.calls if call.source.table == "call_log"}) == (
        reading.accounting["call_log"].rows
    )


def test_11_a_group_is_told_by_its_jid_and_not_by_the_number_of_recipients(android: Make):
    before = android("modern_group", "UPDATE message SET recipient_count = 0")
    groups = {m.conversation for m in before.messages if m.conversation_kind == "group"}
    assert groups


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("7c/7c7fba66680ef796b916b067077cc246adacf01d", "whatsapp"),
        ("72/724bd3b98b18518b455a87c1f3ac3a0d189c4466", "whatsapp_business"),
    ],
)
def test_12_files_of_a_backup_are_known_by_the_hash_of_their_path(path: str, app: str):
    assert WhatsAppIOS().application(path) == app
    assert is_preference("be/be7e71b773c6d7d4114a8acf0529f623f3884bfb")


@pytest.mark.parametrize("number", [5, 6, 7, 17, 19, 21, 36, 42, 87])
def test_12_a_field_of_an_unexpected_kind_costs_that_field(number: int):
    for value in (7, "x", [[1, 2]], [[1, "x"]], {"double": 1.5}, {"hex": "ff"}):
        found = read_metadata(BUILD.message([[5, "KEY"], [number, value], [36, 86_400]]))
        assert number == 36 or found.timer == 86_400


def test_14_status_posts_are_kept(android: Make):
    assert "status" in {message.conversation_kind for message in android("modern_group").messages}


def test_14_chats_of_media_only_are_kept(android: Make):
    reading = android("modern_media", "UPDATE message SET text_data = NULL")
    kept = [message for message in reading.messages if message.attachments and message.text is None]
    assert {message.conversation for message in kept}


def test_16_the_newest_rows_stand_in_the_log(tmp_path: Path):
    root = phone(tmp_path / "phone", "wal")
    with_log = len(read(root, tmp_path).messages)
    next(root.rglob("msgstore.db-wal")).unlink()
    assert len(read(root, tmp_path).messages) < with_log


def test_13_the_size_of_a_picture_is_no_place(iphone: Make):
    sizes = "UPDATE ZWAMEDIAITEM SET ZLATITUDE = 452, ZLONGITUDE = 603 WHERE ZMESSAGE = 5"
    message = iphone("direct", sizes).message(5, "ZWAMESSAGE")
    assert (message.kind, message.location) == ("image", None)


def test_15_a_backup_beside_the_database_hides_no_conversation_of_either(tmp_path: Path):
    root = phone(tmp_path / "phone", "modern_direct")
    other = next(phone(tmp_path / "other", "modern_group").rglob("msgstore.db"))
    target = root / "sdcard/WhatsApp/Databases/msgstore-2026-01-31.1.db.crypt15"
    target.parent.mkdir(parents=True)
    target.write_bytes(crypt15(other.read_bytes()))
    (root / "data/data/com.whatsapp/files").mkdir(parents=True, exist_ok=True)
    (root / "data/data/com.whatsapp/files/encrypted_backup.key").write_bytes(ROOT_FILE)
    case = new(tmp_path / "case")
    ingest(case, root)
    found = {each["source"]["path"].split("!")[0] for each in messages(case)}
    kinds = {each["kind"] for each in of(exported(case), "conversation") if each["messages"]}
    assert len(found) == 2
    assert {"direct", "group"} <= kinds
