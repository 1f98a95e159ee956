"""The Telegram parser for Android where the data is not as the app writes it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import tl_encoding as tl
from telegram_installations import FOLDER, load, read
from test_telegram_tl import mutate
from unsynced import unsynced
from whatsapp_installations import Reading

from forensics.digest import message_canonical
from forensics.errors import DamagedEvidence, UnknownKind
from forensics.formats.sqlite import Database
from forensics.model import Call
from parsers.telegram_android import TelegramAndroid

SCHEMA = (FOLDER / "schema" / "modern.sql").read_text("utf-8")
OLD_SCHEMA = (FOLDER / "schema" / "v60.sql").read_text("utf-8")
BUILD = load("build")
Make = Callable[..., Reading]
COLUMNS = "mid, uid, read_state, send_state, date, data, out, ttl"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Reads a database with these rows of messages_v2, after further statements."""

    def run(rows: list[tuple[Any, ...]], statements: str = "", schema: str = SCHEMA) -> Reading:
        folder, work = tmp_path / "evidence" / "files", tmp_path / "work"
        folder.mkdir(parents=True, exist_ok=True)
        work.mkdir(exist_ok=True)
        file = folder / "cache4.db"
        file.unlink(missing_ok=True)
        with closing(unsynced(file, isolation_level=None)) as database:
            database.executescript(schema)
            table = "messages_v2" if "messages_v2" in schema else "messages"
            database.execute("BEGIN")
            database.executemany(f"INSERT INTO {table}({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", rows)
            database.execute("COMMIT")
            database.executescript(statements)
        return read(tmp_path / "evidence", work)

    return run


def row(mid: int, data: Any, uid: Any = 5, date: Any = 1709546400, out: Any = 0) -> tuple[Any, ...]:
    return mid, uid, 3, 0, date, data, out, 0


def text(number: int, words: str, **more: Any) -> bytes:
    peer = tl.obj("peerUser#59511722", user_id=5)
    return tl.obj("message#9815cec8", id=number, peer_id=peer, from_id=peer, date=1709546400, message=words,
                  **more) + tl.string(" ")  # fmt: skip


def balanced(reading: Reading) -> None:
    assert all(each.balances() for each in reading.accounting.values())
    for each in reading.messages:
        message_canonical(each)


def test_an_empty_database_has_an_account_and_nothing_else(make: Make):
    reading = make([])
    assert (len(reading.messages), reading.accounting["messages_v2"].rows) == (0, 0)
    assert any("whose account this is" in notice.text for notice in reading.notices)


def test_only_the_message_table_is_needed(make: Make):
    schema = (
        "CREATE TABLE dialogs(did INTEGER PRIMARY KEY);"
        + SCHEMA[SCHEMA.index("CREATE TABLE messages_v2") :].splitlines()[0]
    )
    reading = make([row(1, text(1, "alone"))], schema=schema)
    assert [(each.text, each.conversation_kind) for each in reading.messages] == [("alone", "direct")]
    balanced(reading)


def test_values_of_the_wrong_kind_cost_no_other_row(make: Make):
    reading = make([
        row(1, text(1, "before")),
        row(2, "text where bytes belong"),
        row(3, 12.5),
        row(4, text(4, "no date"), date=None),
        row(5, text(5, "date of text"), date="soon"),
        row(6, text(6, "far"), date=1 << 40),
        row(7, text(7, "a dialog of text"), uid="x"),
        row(8, text(8, "out is 7"), out=7),
        row(9, b""),
        row(10, text(10, "after")),
    ])  # fmt: skip
    assert [each.text for each in reading.messages] == [
        *("before", None, None, "no date", "date of text", "far", "out is 7", None, "after")
    ]
    assert reading.accounting["messages_v2"].failed == 1
    assert reading.messages[3].sent_at == 1709546400000
    assert reading.messages[6].from_owner is False
    assert any("row 6 of messages_v2: its date is" in notice.text for notice in reading.notices)
    balanced(reading)


def test_times_that_no_calendar_has_end_no_reading(make: Make):
    far = 1 << 62
    reading = make(
        [row(1, text(1, "x"))],
        "CREATE TABLE IF NOT EXISTS search_recent(did INTEGER, date INTEGER);"
        "CREATE TABLE IF NOT EXISTS chat_hints(did INTEGER, type INTEGER, rating REAL, date INTEGER);"
        "CREATE TABLE IF NOT EXISTS sharing_locations(uid, mid, date, period);"
        "CREATE TABLE IF NOT EXISTS web_recent_v3(id TEXT, type INTEGER, date INTEGER);"
        f"INSERT INTO enc_tasks_v4(mid, uid, date) VALUES (1, 5, {far});"
        f"INSERT INTO search_recent(did, date) VALUES (5, {far});"
        f"INSERT INTO chat_hints(did, type, rating, date) VALUES (5, 0, 1.5, {far});"
        f"INSERT INTO sharing_locations(uid, mid, date, period) VALUES (5, 1, {far}, 60);"
        f"INSERT INTO scheduled_messages_v2(mid, uid, date, data) VALUES (-1, 5, {far}, X'00');"
        f"INSERT INTO web_recent_v3(id, type, date) VALUES ('a', 1, {far});",
    )
    raw = " ".join(str(notice.raw) for notice in reading.notices)
    assert raw.count(f"no time ({far})") == 4
    balanced(reading)


def test_an_object_that_is_no_message_is_said_to_be_none(make: Make):
    reading = make([row(1, tl.obj("peerUser#59511722", user_id=5))])
    (message,) = reading.messages
    assert (message.kind, message.system and message.system.code) == ("unknown", 0x59511722)
    assert any("peerUser 0x59511722 at offset 0 is no message" in notice.text for notice in reading.notices)


def test_the_text_of_an_unknown_layout_stands_in_a_notice_only(make: Make):
    data = b"\xef\xbe\xad\xde" + text(1, "perhaps this")[4:]
    reading = make([row(1, data)])
    assert (reading.messages[0].kind, reading.messages[0].text) == ("unknown", None)
    (notice,) = [each for each in reading.notices if "0xdeadbeef" in each.text]
    assert "“perhaps this”" in notice.text
    assert notice.raw == data.hex()


def test_a_user_of_an_unknown_layout_costs_its_name_only(make: Make):
    statements = "INSERT INTO users(uid, name, data) VALUES (5, 'bram koster;;;bram_k', X'01020304');"
    reading = make([row(1, text(1, "hi"))], statements)
    (bram,) = [
        each for each in reading.records if getattr(each, "handle", None) == "5" and hasattr(each, "names")
    ]
    assert [each.name for each in bram.names] == ["bram koster", "@bram_k"]
    assert any("row 5 of users: constructor 0x04030201" in notice.text for notice in reading.notices)


def test_a_channel_as_android_writes_it_is_read_by_its_second_layout(make: Make):
    channel = tl.obj("channel#46aeac06", 1, id=9, title="Kanaal", photo=tl.obj("chatPhotoEmpty"), date=1,
                     bot_verification_icon=1 << 40)  # fmt: skip
    reading = make([], f"INSERT INTO chats(uid, name, data) VALUES (9, 'kanaal', X'{channel.hex()}');"
                       "INSERT INTO dialogs(did) VALUES (-9);")  # fmt: skip
    titles = [each.title for each in reading.records if type(each).__name__ == "Conversation"]
    assert "Kanaal" in titles
    assert not [notice for notice in reading.notices if notice.severity == "doubt"]


def test_rows_of_both_ways_to_write_a_secret_chat_are_one_conversation(make: Make):
    def whisper(number: int) -> bytes:
        return tl.obj("message_secret", id=number, ttl=0, from_id_user_id=5, date=1709546400, message="x",
                      peer_id=tl.obj("peerUser#9db1bc6d", user_id=6), media=tl.obj("messageMediaEmpty"),
                      entities=[])  # fmt: skip

    reading = make(
        [row(-1, whisper(-1), uid=0x12345678 << 32), row(-2, whisper(-2), uid=1 << 62 | 0x12345678)]
    )
    assert len({each.conversation for each in reading.messages}) == 1
    assert {each.conversation_kind for each in reading.messages} == {"secret"}


def test_not_this_app(tmp_path: Path):
    for statements, role in (
        ("CREATE TABLE message(_id INTEGER PRIMARY KEY, chat_row_id, from_me, key_id)", None),
        ("CREATE TABLE messages(mid, uid, send_state, data)", None),
        ("CREATE TABLE paths(document_id, dc_id, type, path)", "files"),
        ("CREATE TABLE users(uid, data); CREATE TABLE messages(mid, uid, send_state, data)", "messages"),
    ):
        file = tmp_path / "some.db"
        file.unlink(missing_ok=True)
        with closing(unsynced(file)) as database:
            database.executescript(statements)
        with file.open("rb") as stream, Database.open(stream, work=tmp_path, name="some.db") as opened:
            assert TelegramAndroid().role(opened) == role


def test_a_truncated_file_gives_what_is_left_of_it(tmp_path: Path):
    """Or it is refused: never a traceback."""
    whole = BUILD.build("direct", tmp_path / "whole") / "data/data/org.telegram.messenger/files/cache4.db"
    data, was_read = whole.read_bytes(), []
    for number, size in enumerate(range(1000, len(data), len(data) // 12)):
        folder = tmp_path / str(number) / "files"
        folder.mkdir(parents=True)
        (folder / "cache4.db").write_bytes(data[:size])
        try:
            balanced(read(folder.parent, tmp_path))
            was_read.append(size)
        except (DamagedEvidence, UnknownKind, KeyError):
            # KeyError: the helper of these tests finds no database that the parser knows
            assert size not in was_read
    assert was_read


def rows_of(blobs: list[bytes]) -> list[tuple[Any, ...]]:
    return [row(number + 1, data, uid=(5, -9, 1 << 62 | 3)[number % 3]) for number, data in enumerate(blobs)]


def objects(kind: str) -> list[bytes]:
    """One object of each constructor of a type, with all of its fields."""
    return [tl.made(random.Random(n), n, share=share)[0] for n in tl.by_type()[kind] for share in (1.0, 0.4)]


def test_messages_of_every_layer_become_records(make: Make):
    reading = make(rows_of([data + tl.string(" ") for data in objects("Message")]))
    balanced(reading)
    assert not [each for each in reading.messages if each.system and each.system.code == 0x1CB5C415]
    assert reading.accounting["messages_v2"].failed == 0
    assert not [notice for notice in reading.notices if "is not known" in notice.text]


@pytest.mark.parametrize("old", [False, True])
def test_every_medium_and_every_event_becomes_a_record(make: Make, old: bool):
    peer = tl.obj("peerUser#59511722", user_id=5)
    media = [text(1, "", media=each) for each in objects("MessageMedia")]
    events = [
        tl.obj("messageService#7a800e0a", id=1, peer_id=peer, date=1709546400, action=each)
        for each in (*objects("MessageAction"),)
    ]
    reading = make(rows_of(media + events), schema=OLD_SCHEMA if old else SCHEMA)
    balanced(reading)
    known = [each for each in reading.messages if each.system is None or each.system.type != "unknown"]
    # media that the app's own version did not support, and a live stream, are unknown
    assert len(reading.messages) - len(known) <= 8
    assert len(reading.of(Call)) >= 6


def test_mutated_messages_become_records_or_notices(make: Make):
    chance = random.Random(7)
    blobs = [mutate(chance, data[:3000]) for data in objects("Message") * 8]
    balanced(make(rows_of([data + tl.string(" ") for data in blobs])))
