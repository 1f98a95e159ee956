"""WhatsApp on iOS: odd values in every column, tables that are gone, blobs that are cut, odd paths."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whatsapp_installations import Reading
from whatsapp_ios_installations import BUILD, read

from forensics.digest import call_dict, canonical, message_fields, rare_fields, written
from forensics.formats.plist import PlistError, dictionary
from forensics.formats.protobuf import readable_fields
from forensics.model import Call, Conversation
from parsers.whatsapp_ios import WhatsAppIOS
from parsers.whatsapp_ios_blobs import read_metadata, read_receipts, unpacked_number
from parsers.whatsapp_ios_people import plain_name

ODD = {
    "null": None,
    "text": "x",
    "blob": b"\xff\xfe\x00",
    "large": 2**62,
    "infinite": float("inf"),
    "below": -1,
}
TABLES = ("ZWACHATSESSION", "ZWAMESSAGE", "ZWAMEDIAITEM", "ZWAMESSAGEINFO", "ZWAMESSAGEDATAITEM",
          "ZWAGROUPMEMBER", "ZWAGROUPINFO", "ZWAPROFILEPUSHNAME", "Z_PRIMARYKEY")  # fmt: skip


def check(reading: Reading) -> None:
    """Every row is accounted for, every record can be written, and names only what was given."""
    for accounting in reading.accounting.values():
        assert accounting.balances()
    given_ids = {record.id for record in reading.records if hasattr(record, "id")}
    for record in [*reading.messages, *reading.calls]:
        if isinstance(record, Call):
            form = canonical(call_dict(record))
        else:
            form = written(message_fields(record, rare_fields(record))).decode()
        assert set(re.findall(r'"([cp][0-9a-f]{24})"', form)) <= given_ids


def database(case: str, folder: Path) -> Path:
    return next(BUILD.build(case, folder).rglob("ChatStorage.sqlite"))


def read_with(path: Path, table: str, columns: list[str], odd: str, work: Path) -> None:
    """Read with one odd value in all rows of these columns."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for column in columns:
            connection.execute(f"UPDATE {table} SET {column} = ?", (ODD[odd],))
    work.mkdir()
    reading = read(path.parents[1], work)
    check(reading)
    assert reading.accounting["ZWAMESSAGE"].messages == 40, columns


def columns_of(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return [name for name in names if name not in ("Z_PK", "Z_ENT", "Z_OPT")]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("table", TABLES)
def test_odd_values_in_a_third_of_the_columns_cost_no_message(table: str, odd: str, tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    original, columns = path.read_bytes(), columns_of(path, table)
    for start in range(3):
        path.write_bytes(original)
        read_with(path, table, columns[start::3], odd, tmp_path / f"work{start}")


@pytest.mark.full
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("table", TABLES)
def test_an_odd_value_in_any_column_costs_no_message(table: str, odd: str, tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    original = path.read_bytes()
    for number, column in enumerate(columns_of(path, table)):
        path.write_bytes(original)
        read_with(path, table, [column], odd, tmp_path / f"work{number}")


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table not in ("ZWAMESSAGE", "ZWACHATSESSION")]
)
def test_a_table_that_is_gone_costs_what_stood_in_it(table: str, tmp_path: Path):
    path = database("group", tmp_path / "evidence")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"DROP TABLE {table}")
    (tmp_path / "work").mkdir()
    reading = read(tmp_path / "evidence", tmp_path / "work")
    check(reading)
    assert reading.accounting["ZWAMESSAGE"].messages == 22


def test_random_changes_of_blobs_and_keys(tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    original, chance = path.read_bytes(), random.Random(7)
    for number in range(40):
        path.write_bytes(original)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for table, column in (("ZWAMEDIAITEM", "ZMETADATA"), ("ZWAMESSAGEINFO", "ZRECEIPTINFO")):
                for key, blob in connection.execute(f"SELECT Z_PK, {column} FROM {table}").fetchall():
                    changed = bytearray(blob or b"@")
                    changed[chance.randrange(len(changed))] = chance.randrange(256)
                    connection.execute(
                        f"UPDATE {table} SET {column} = ? WHERE Z_PK = ?", (bytes(changed), key)
                    )
            connection.execute(
                "UPDATE ZWAMEDIAITEM SET ZMESSAGE = ? WHERE Z_PK = ?", (chance.randrange(50), 3)
            )
            connection.execute(
                "UPDATE ZWAMESSAGE SET ZMEDIAITEM = ?, ZPARENTMESSAGE = ? WHERE Z_PK = ?",
                (chance.randrange(30), chance.randrange(50), chance.randrange(1, 41)),
            )
        work = tmp_path / f"work{number}"
        work.mkdir()
        check(read(tmp_path / "evidence", work))


def test_a_broken_property_list_is_a_notice(tmp_path: Path):
    folder = BUILD.build("direct", tmp_path / "evidence")
    next(folder.rglob("*.plist")).write_bytes(b"bplist00 and nothing more")
    (tmp_path / "work").mkdir()
    reading = read(folder, tmp_path / "work")
    check(reading)
    assert any("no property list" in notice.text for notice in reading.notices)


def test_where_it_lies_says_which_app_and_platform_it_is():
    parser = WhatsAppIOS()
    shared = "private/var/mobile/Containers/Shared/AppGroup/0F/ChatStorage.sqlite"
    mac = "Users/x/Library/Group Containers/group.net.whatsapp.WhatsAppSMB.shared/ChatStorage.sqlite"
    assert (parser.application(shared), parser.platform_at(shared)) == ("whatsapp", "ios")
    assert (parser.application(mac), parser.platform_at(mac)) == ("whatsapp_business", "macos")
    assert parser.application("72/724bd3b98b18518b455a87c1f3ac3a0d189c4466") == "whatsapp_business"
    assert parser.application("7c/7c7fba66680ef796b916b067077cc246adacf01d") == "whatsapp"
    assert parser.wants("be/be7e71b773c6d7d4114a8acf0529f623f3884bfb")
    assert not parser.wants("Library/Preferences/net.other.plist")


def test_packed_numbers():
    assert unpacked_number(bytes.fromhex("8131600000001f")) == "31600000001"
    assert unpacked_number(bytes.fromhex("813160000000")) == "3160000000"
    assert unpacked_number(bytes.fromhex("80316000")) is None
    assert unpacked_number(bytes.fromhex("8131a0")) is None
    assert unpacked_number(bytes.fromhex("81ff")) is None
    assert unpacked_number(b"\x81") is None
    assert unpacked_number(b"\x81" + b"\x11" * 40) is None


def test_names_and_what_is_none():
    assert plain_name("\u200eCleo\u200f") == "Cleo"
    assert plain_name("+31 6 0000 0001") is None
    assert plain_name("Anna") == "Anna"
    assert plain_name("COCmo6AGGhozMTYwMDAwMDAwMUBzLndoYXRzYXBwLm5ldA==") is None
    assert plain_name("") is None


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reading_or_a_problem(data: bytes):
    fields, problem = readable_fields(data)
    assert problem is not None or sum(1 for _ in fields) >= (1 if data else 0)
    read_metadata(data)
    read_receipts(data)
    unpacked_number(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_property_list_or_its_own_error(data: bytes):
    for each in (data, b"bplist00" + data, b'<?xml version="1.0"?><plist>' + data):
        try:
            dictionary(each)
        except PlistError as error:
            assert str(error)


def test_a_quote_keeps_what_was_deleted_changed_or_is_gone(tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE ZWAMESSAGE SET ZMESSAGETYPE = 14, ZTEXT = NULL WHERE Z_PK = 2")
        connection.execute("UPDATE ZWAMESSAGE SET ZTEXT = 'anders' WHERE Z_PK = 32")
    reading = read(path.parents[1], tmp_path)
    kept = {
        (each.text, each.reason, each.message, each.holder, each.is_normalised)
        for each in (notice.copied for notice in reading.notices)
        if each is not None
    }
    ids = {rowid: reading.message(rowid, "ZWAMESSAGE").id for rowid in (2, 3, 4, 32, 33)}
    assert kept == {
        ("Hoi, ben je thuis?", "deleted for everyone", ids[2], ids[3], False),
        ("Mijn status", "edited", ids[32], ids[33], False),
        ("Waar lag de sleutel?", "gone", None, ids[4], False),
    }
    assert {notice.source.table for notice in reading.notices if notice.copied and notice.source} == {
        "ZWAMEDIAITEM"
    }


def test_the_preview_of_a_link_survives_the_text(tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE ZWAMESSAGE SET ZMESSAGETYPE = 14, ZTEXT = NULL WHERE Z_PK = 19")
    reading = read(path.parents[1], tmp_path)
    (preview,) = [n.copied for n in reading.notices if n.copied and n.copied.origin == "link preview"]
    assert preview.text == "https://example.org/fiets\nFiets te koop\nEen rode fiets"
    assert preview.message == reading.message(19, "ZWAMESSAGE").id


def test_tables_without_row_ids_are_read_and_say_nothing_of_gaps(tmp_path: Path):
    root = tmp_path / "root"
    BUILD.build("direct", root)
    (file,) = root.rglob("ChatStorage.sqlite")
    with closing(sqlite3.connect(file)) as db:
        for table in ("ZWACHATSESSION", "ZWAMEDIAITEM", "ZWAMESSAGEINFO"):
            names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            if not names:
                continue
            columns, filled = ", ".join(names), ", ".join(f"ifnull({name}, -1)" for name in names)
            db.execute(f"CREATE TABLE other ({columns}, PRIMARY KEY ({columns})) WITHOUT ROWID")
            db.execute(f"INSERT OR IGNORE INTO other SELECT {filled} FROM {table}")
            db.execute(f"DROP TABLE {table}")
            db.execute(f"ALTER TABLE other RENAME TO {table}")
        db.commit()
    check(read(root, tmp_path / "work"))


NAMED = [(26, "product"), (27, "invite"), (19, "text"), (77, "unknown"), (3, "audio")]


@pytest.mark.parametrize(("message_type", "kind"), NAMED)
def test_what_a_media_item_is_called_is_told(message_type: int, kind: str, tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    metadata = bytes.fromhex("e2010a2208") + b"groepen!" + bytes.fromhex("c20100")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM ZWAMEDIAITEM WHERE ZMESSAGE = 1")
        connection.execute("INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE) VALUES (900, 1)")
        connection.execute(
            "UPDATE ZWAMEDIAITEM SET ZTITLE = ?, ZMEDIAURL = ?, ZMETADATA = ? WHERE Z_PK = 900",
            ("Amnesia haze", "https://example.org/1", metadata),
        )
        connection.execute(
            "UPDATE ZWAMESSAGE SET ZMESSAGETYPE = ?, ZMEDIAITEM = 900, ZTEXT = NULL WHERE Z_PK = 1",
            (message_type,),
        )
    (tmp_path / "work").mkdir()
    reading = read(path.parents[1], tmp_path / "work")
    check(reading)
    message = reading.message(1, "ZWAMESSAGE")
    assert message.kind == kind
    assert message.system is not None
    assert "called “Amnesia haze”" in (message.system.detail or "")
    assert "invitation to the group “groepen!”" in (message.system.detail or "")
    assert ("address https://example.org/1" in (message.system.detail or "")) is (kind != "audio")
    assert any("templates of businesses" in notice.text for notice in reading.notices)


def test_of_a_session_that_is_gone_each_row_has_the_conversation_that_it_names(tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE ZWAMESSAGE SET ZCHATSESSION = 999, ZISFROMME = 0, ZFROMJID = CASE Z_PK WHEN 1 THEN NULL"
            " ELSE '31600000077@s.whatsapp.net' END WHERE Z_PK IN (1, 2)"
        )
    (tmp_path / "work").mkdir()
    reading = read(path.parents[1], tmp_path / "work")
    check(reading)
    handles = {each.id: each.handle for each in reading.of(Conversation)}
    found = [handles[reading.message(row, "ZWAMESSAGE").conversation] for row in (1, 2)]
    assert found == [None, "31600000077@s.whatsapp.net"]


def test_sessions_without_row_ids_are_those_of_no_message(tmp_path: Path):
    path = database("direct", tmp_path / "evidence")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(ZWACHATSESSION)")]
        connection.execute("UPDATE ZWACHATSESSION SET ZSAVEDINPUT = 'concept ' || Z_PK")
        connection.execute(
            "UPDATE ZWAMESSAGE SET ZCHATSESSION = NULL, ZTOJID = NULL, ZFROMJID = NULL WHERE Z_PK = 2"
        )
        connection.execute(f"CREATE TABLE other ({', '.join(names)}, PRIMARY KEY (Z_PK)) WITHOUT ROWID")
        connection.execute("INSERT INTO other SELECT * FROM ZWACHATSESSION")
        connection.execute("DROP TABLE ZWACHATSESSION")
        connection.execute("ALTER TABLE other RENAME TO ZWACHATSESSION")
    (tmp_path / "work").mkdir()
    reading = read(path.parents[1], tmp_path / "work")
    check(reading)
    handles = {each.id: each.handle for each in reading.of(Conversation)}
    assert handles[reading.message(2, "ZWAMESSAGE").conversation] is None
    sessions = reading.accounting["ZWACHATSESSION"]
    assert sessions.failed == sessions.rows > 0
    assert sum("has no row id" in notice.text for notice in reading.notices) == sessions.failed
