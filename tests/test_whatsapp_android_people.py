"""Whose phone it is and who is who: preferences, LIDs, names, recognition of the databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from test_whatsapp_android_rows import PEOPLE, SCHEMAS, Make, insert, make, said, text
from unsynced import unsynced
from whatsapp_installations import Reading

from forensics.formats.sqlite import Database
from forensics.model import Account, Conversation, Notice, Participant
from forensics.parser import SideFile
from parsers.whatsapp_account import preferred_number, read_preferences
from parsers.whatsapp_android import WhatsAppAndroid
from parsers.whatsapp_people import split_jid

__all__ = ["make"]

LIDS = """
INSERT INTO jid (_id, user, server, agent, device, type, raw_string) VALUES
  (10, '700000000000001', 'lid', 0, 0, 18, '700000000000001@lid'),
  (11, '700000000000002', 'lid', 0, 0, 18, '700000000000002@lid'),
  (12, '700000000000009', 'lid', 0, 0, 18, '700000000000009@lid'),
  (13, '0', 's.whatsapp.net', 0, 0, 7, '0@s.whatsapp.net');
INSERT INTO jid_map VALUES (10, 2, 1), (12, 1, 2), (11, 999, 3);
"""


def participant(reading: Reading, handle: str) -> Participant:
    (found,) = [each for each in reading.of(Participant) if each.handle == handle]
    assert isinstance(found, Participant)
    return found


def preference(**values: str) -> bytes:
    strings = "".join(f'<string name="{key}">{value}</string>' for key, value in values.items())
    return f"<?xml version='1.0'?><map>{strings}</map>".encode()


def files(**contents: bytes) -> list[SideFile]:
    return [SideFile(path=f"x/shared_prefs/{name}.xml", data=data) for name, data in contents.items()]


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (files(startup_prefs=preference(registration_jid="31600000100")), "31600000100"),
        (files(startup_prefs=preference(registration_jid="31600000100@s.whatsapp.net")), "31600000100"),
        (files(startup_prefs=preference(registration_jid="31600000100.0:3@s.whatsapp.net")), "31600000100"),
        (files(startup_prefs=preference(cc="31", ph="600000100")), "31600000100"),
        (files(startup_prefs=preference(cc="31")), None),
        (files(startup_prefs=preference(registration_jid="")), None),
        (files(startup_prefs=b"\xff\xfe no xml"), None),
        ([], None),
    ],
)
def test_the_number_stands_in_the_preferences(given: list[SideFile], number: str | None) -> None:
    assert preferred_number(read_preferences(given)) == number


def test_the_number_given_at_registration_is_used_too() -> None:
    key = "com.whatsapp.registration.RegisterPhone."
    data = preference(**{f"{key}country_code": "31", f"{key}phone_number": "600000100"})
    given = [SideFile(path="shared_prefs/registration.RegisterPhone.xml", data=data)]
    assert preferred_number(read_preferences(given)) == "31600000100"


def test_the_light_file_is_believed_before_its_older_twin() -> None:
    older = SideFile(path="a/shared_prefs/com.whatsapp_preferences.xml", data=preference(push_name="oud"))
    newer = SideFile(
        path="a/shared_prefs/com.whatsapp_preferences_light.xml", data=preference(push_name="nieuw")
    )
    values = read_preferences([older, newer])
    assert values.first("push_name") == "nieuw"
    assert [value for value, _path in values.values["push_name"]] == ["nieuw", "oud"]


def test_escaped_characters_of_a_name_are_read() -> None:
    values = read_preferences(files(startup_prefs=preference(push_name="A &amp; B &lt;3 &#128512;")))
    assert values.first("push_name") == "A & B <3 😀"


def test_two_numbers_in_the_preferences_are_said(make: Make) -> None:
    both = (
        preference(registration_jid="31600000100").decode()
        + preference(registration_jid="31600000200").decode()
    )
    reading = make(PEOPLE, preferences=both)
    assert said(reading, "more than one value of registration_jid")


def test_the_owner_without_preferences_is_the_account_of_the_chats(make: Make) -> None:
    reading = make(PEOPLE + "UPDATE chat SET account_jid_row_id = 1;")
    (account,) = reading.of(Account)
    assert account.phone == "+31600000100"
    assert said(reading, "taken from chat.account_jid_row_id")


def test_the_owner_without_preferences_is_the_device_of_sent_messages(make: Make) -> None:
    sql = PEOPLE + text(2, from_me=1, status=4) + text(3)
    sql += "INSERT INTO message_details VALUES (2, 1), (3, 2), (4, 3);"
    (account,) = make(sql).of(Account)
    assert account.phone == "+31600000100"


def test_two_accounts_of_the_chats_name_no_owner(make: Make) -> None:
    reading = make(PEOPLE + "UPDATE chat SET account_jid_row_id = _id;")
    (account,) = reading.of(Account)
    assert (account.handle, account.phone) == (None, None)
    assert said(reading, "the owner has no number")
    (owner,) = [each for each in reading.of(Participant) if each.is_owner]
    assert owner.handle is None


def test_a_lid_is_the_person_it_is_mapped_to_or_itself(make: Make) -> None:
    sql = (
        PEOPLE
        + LIDS
        + text(2, chat_row_id=2, sender_jid_row_id=10)
        + text(3, chat_row_id=2, sender_jid_row_id=11)
    )
    sql += text(4, chat_row_id=2, sender_jid_row_id=12)
    reading = make(sql, preferences=preference(registration_jid="31600000100").decode())
    bram, unmapped = (
        participant(reading, "31600000001@s.whatsapp.net"),
        participant(reading, "700000000000002@lid"),
    )
    (owner,) = [each for each in reading.of(Participant) if each.is_owner]
    assert [reading.message(row).sender for row in (2, 3, 4)] == [bram.id, unmapped.id, owner.id]
    assert unmapped.phone is None
    (listed,) = [notice for notice in reading.notices if "LIDs that are read" in notice.text]
    assert "700000000000001@lid 31600000001@s.whatsapp.net" in (listed.raw or "")
    assert said(reading, "jid_map names a jid that is gone")


def test_the_chat_of_a_lid_and_of_its_number_are_one_conversation(make: Make) -> None:
    sql = (
        PEOPLE
        + LIDS
        + "INSERT INTO chat (_id, jid_row_id) VALUES (5, 10);"
        + text(2)
        + text(3, chat_row_id=5)
    )
    reading = make(sql)
    assert reading.message(2).conversation == reading.message(3).conversation
    assert reading.message(2).sender == reading.message(3).sender
    (listed,) = [notice for notice in reading.notices if "stored under a LID" in notice.text]
    assert listed.raw == "chat 5: 700000000000001@lid 31600000001@s.whatsapp.net"


def test_whatsapp_itself_has_no_telephone_number(make: Make) -> None:
    assert participant(make(PEOPLE + LIDS), "0@s.whatsapp.net").phone is None


def test_names_come_best_first_each_once_with_their_source(make: Make) -> None:
    wa = insert(
        "wa_contacts",
        jid="31600000001@s.whatsapp.net",
        wa_name="brammetje",
        given_name="Bram",
        family_name="Kist",
        display_name="Bram Kist",
        nickname="Kistje",
    )
    wa += insert("wa_contacts", jid="700000000000001@lid", wa_name="brammetje", display_name=" ")
    wa += "INSERT INTO wa_vnames (jid, verified_name) VALUES ('31600000001@s.whatsapp.net', 'Kist BV');"
    sql = PEOPLE + LIDS + "INSERT INTO lid_display_name VALUES (10, 'B.', 'bkist');"
    names = participant(make(sql, wa=wa), "31600000001@s.whatsapp.net").names
    assert [(name.name, name.source) for name in names] == [
        ("Bram Kist", "address book"),
        ("Kist BV", "verified business name"),
        ("brammetje", "push name (self-chosen)"),
        ("Kistje", "address book, nickname"),
        ("B.", "display name of the LID (self-chosen)"),
        ("bkist", "username"),
    ]


def test_a_group_without_subject_has_its_name_of_wa_db(make: Make) -> None:
    wa = insert("wa_contacts", jid="120363000000000001@g.us", display_name="Kampeerders")
    (group,) = [each for each in make(PEOPLE, wa=wa).of(Conversation) if each.kind == "group"]
    assert group.title == "Kampeerders"


def test_notices_on_wa_db_name_that_file(make: Make) -> None:
    wa = insert("wa_contacts", jid="31600000001@s.whatsapp.net")
    wa += "UPDATE wa_contacts SET display_name = CAST(x'42FF' AS TEXT);"
    (notice,) = [notice for notice in make(PEOPLE, wa=wa).notices if notice.severity == "doubt"]
    assert isinstance(notice, Notice)
    assert notice.source is not None
    assert notice.source.path.endswith("wa.db")
    assert notice.raw == "42ff"


def test_what_has_no_record_of_its_own_is_listed(make: Make) -> None:
    wa = "INSERT INTO wa_block_list VALUES ('31600000002@s.whatsapp.net');"
    wa += insert("wa_group_descriptions", jid="120363000000000001@g.us", description="Alles over kamperen")
    sql = (
        PEOPLE
        + "INSERT INTO labels VALUES (1, 'Nieuwe klant', 1, 3); INSERT INTO labeled_jid VALUES (1, 1, 2);"
    )
    sql += "INSERT INTO quick_replies VALUES (1, 'prijs', 'Een bel kost 5 euro');"
    sql += insert(
        "group_past_participant_user", group_jid_row_id=4, user_jid_row_id=3, is_leave=1, timestamp=5
    )
    raws = "\n".join(notice.raw or "" for notice in make(sql, wa=wa).notices)
    for words in (
        "+31600000002",
        "Alles over kamperen",
        "Nieuwe klant: 31600000001@s.whatsapp.net",
        "prijs: Een bel kost 5 euro",
        "120363000000000001@g.us: +31600000002, left",
    ):
        assert words in raws, words


@pytest.mark.parametrize(
    ("jid", "parts"),
    [
        ("31600000001@s.whatsapp.net", ("31600000001", "s.whatsapp.net")),
        ("31600000001.0:5@s.whatsapp.net", ("31600000001", "s.whatsapp.net")),
        ("700000000000001:3@lid", ("700000000000001", "lid")),
        ("31600000001-1514800000@g.us", ("31600000001-1514800000", "g.us")),
        ("status@broadcast", ("status", "broadcast")),
        ("lid_me", ("", "lid_me")),
        ("@g.us", ("", "@g.us")),
        ("", ("", "")),
    ],
)
def test_a_jid_is_split_without_its_device(jid: str, parts: tuple[str, str]) -> None:
    assert split_jid(jid) == parts


@contextmanager
def opened(tmp_path: Path, sql: str) -> Iterator[Database]:
    path = tmp_path / "any.db"
    with closing(unsynced(path, isolation_level=None)) as connection:
        connection.executescript(sql)
    with path.open("rb") as stream, Database.open(stream, work=tmp_path) as database:
        yield database


@pytest.mark.parametrize(
    ("schema", "role", "generation"),
    [
        ("legacy", "messages", "legacy"),
        ("legacy_2021", "messages", "legacy"),
        ("transition", "messages", "transition"),
        ("modern_2022", "messages", "modern"),
        ("modern", "messages", "modern"),
        ("wa", "contacts", None),
    ],
)
def test_databases_are_known_by_their_tables(
    tmp_path: Path, schema: str, role: str, generation: str | None
) -> None:
    with opened(tmp_path, (SCHEMAS / f"{schema}.sql").read_text("utf-8")) as database:
        parser = WhatsAppAndroid()
        assert parser.role(database) == role
        if generation is not None:
            assert parser.schema(database).startswith(generation)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE messages (_id INTEGER PRIMARY KEY, body TEXT);",
        "CREATE TABLE message (_id INTEGER PRIMARY KEY, thread_id INTEGER, body TEXT);",
        "CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT);",
        "CREATE TABLE other (a);",
    ],
)
def test_databases_of_other_apps_are_not_taken(tmp_path: Path, sql: str) -> None:
    with opened(tmp_path, sql) as database:
        assert WhatsAppAndroid().role(database) is None


def test_an_app_and_its_business_twin_are_told_apart_by_the_path() -> None:
    parser = WhatsAppAndroid()
    assert parser.application("data/data/com.whatsapp/databases/msgstore.db") == "whatsapp"
    assert parser.application("data/data/com.whatsapp.w4b/databases/msgstore.db") == "whatsapp_business"
    assert parser.application("msgstore.db") == "whatsapp"


@pytest.mark.parametrize(
    ("path", "is_wanted"),
    [
        ("data/data/com.whatsapp/shared_prefs/com.whatsapp_preferences_light.xml", True),
        ("data/data/com.whatsapp.w4b/shared_prefs/com.whatsapp.w4b_preferences.xml", True),
        ("data/data/com.whatsapp/shared_prefs/registration.RegisterPhone.xml", True),
        ("data/data/com.whatsapp/shared_prefs/startup_prefs.xml", True),
        ("data/data/com.whatsapp/shared_prefs/other.xml", False),
        ("downloads/startup_prefs.xml", False),
        ("com.whatsapp_preferences_light.xml", True),
    ],
)
def test_only_preferences_are_wanted(path: str, is_wanted: bool) -> None:
    assert WhatsAppAndroid().wants(path) is is_wanted


def test_chats_without_row_ids_are_those_of_no_message(make: Make) -> None:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for (view,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'view'"
            ).fetchall():
                connection.execute(f"DROP VIEW {view}")
            for table in ("chat", "message"):
                names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                end = "" if table == "message" else " WITHOUT ROWID"
                connection.execute(
                    f"CREATE TABLE other (_id INTEGER PRIMARY KEY, {', '.join(names[1:])}){end}"
                )
                connection.execute(f"INSERT INTO other SELECT * FROM {table}")
                connection.execute(f"DROP TABLE {table}")
                connection.execute(f"ALTER TABLE other RENAME TO {table}")
            connection.execute("UPDATE message SET chat_row_id = NULL, sender_jid_row_id = NULL")

    reading = make(PEOPLE + text(2), spoil=spoil)
    message = reading.message(2)
    handles = {each.id: each.handle for each in reading.of(Conversation)}
    assert (handles[message.conversation], message.sender) == (None, None)
