"""The Postbox parser where the data is not as the app writes it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postbox_installations import FOLDER, NAME, load, read
from unsynced import unsynced
from whatsapp_installations import Reading

from forensics.digest import call_dict, canonical, message_canonical
from forensics.errors import DamagedEvidence, UnknownKind
from forensics.formats.sqlite import Database
from forensics.model import Call
from parsers.telegram_postbox import TelegramPostbox

ENCODING, OBJECTS, DIRECT, GROUPS, BAD, BUILD = (
    load(name) for name in ("encoding", "objects", "cases_direct", "cases_groups", "cases_bad", "build")
)
SCHEMA = (FOLDER / "schema" / "tables.sql").read_text("utf-8")
BRAM, NOOR, CLEO, MENU, FAMILY = (getattr(OBJECTS, n) for n in ("BRAM", "NOOR", "CLEO", "MENU", "FAMILY"))
Make = Callable[..., Reading]
Obj, text = ENCODING.Obj, ENCODING.message


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Reads a database of these statements."""

    def run(statements: str, schema: str = SCHEMA) -> Reading:
        folder, work = tmp_path / "evidence" / "postbox" / "db", tmp_path / "work"
        folder.mkdir(parents=True, exist_ok=True)
        work.mkdir(exist_ok=True)
        file = folder / NAME
        file.unlink(missing_ok=True)
        with closing(unsynced(file, isolation_level=None)) as database:
            database.executescript(f"BEGIN;{schema}{statements}COMMIT;")
        return read(tmp_path / "evidence", work)

    return run


def balanced(reading: Reading) -> None:
    assert all(each.balances() for each in reading.accounting.values())
    for each in reading.messages:
        message_canonical(each)


def said(reading: Reading) -> str:
    return "\n".join(f"{each.severity}: {each.text}\n{each.raw}" for each in reading.notices)


def test_values_of_the_wrong_kind_cost_no_other_row(make: Make):
    key = ENCODING.message_key(BRAM, 0, OBJECTS.at("10:01"), 2).hex()
    reading = make(
        OBJECTS.base()
        + OBJECTS.rows(BRAM, [(1, "10:00", text("before", BRAM))])
        + f"INSERT INTO t7 VALUES (X'{key}', 12.5), (NULL, X'00'), (7, 'x'), ('abcdefghijklmnopqrst', X'00');"
        + OBJECTS.rows(BRAM, [(3, "10:02", text("after", BRAM))])
    )
    # the text of twenty bytes is a key after all, of a message that is not whole
    assert [each.text for each in reading.messages] == ["before", None, None, "after"]
    assert [each.kind for each in reading.messages] == ["text", "unknown", "unknown", "text"]
    assert reading.accounting["t7"].failed == 2
    balanced(reading)


def test_a_short_row_of_another_type_is_a_hole_and_a_long_one_a_failed_row(make: Make):
    hidden = b"\x07" + text("a message whose first byte was changed", BRAM)[1:]
    keys = [ENCODING.message_key(BRAM, 0, OBJECTS.at("10:01"), n).hex() for n in (2, 3)]
    reading = make(
        OBJECTS.base()
        + OBJECTS.rows(BRAM, [(1, "10:00", text("before", BRAM))])
        + f"INSERT INTO t7 VALUES (X'{keys[0]}', X'{bytes([1, *[0] * 12]).hex()}');"
        + f"INSERT INTO t7 VALUES (X'{keys[1]}', X'{hidden.hex()}');"
    )
    assert [each.text for each in reading.messages] == ["before"]
    assert (reading.accounting["t7"].skipped, reading.accounting["t7"].failed) == ({"hole": 1}, 1)
    (notice,) = (each for each in reading.notices if each.severity == "failed")
    assert notice.text == (
        "a row of t7 is of type 7, which is no message's, and too long for a part that was not fetched:"
        " it was not read"
    )
    assert notice.raw == hidden.hex()
    balanced(reading)


@pytest.mark.parametrize("table", ["t0", "t2", "t14", "t16", "t18", "t6", "t9", "t54", "t56"])
def test_no_side_table_costs_a_message(make: Make, table: str):
    number = table in ("t0", "t2", "t14", "t16", "t18")
    statements = OBJECTS.rows(BRAM, [(1, "10:00", text("here", BRAM)), (2, "10:01", text("there", NOOR, 0))])
    broken = [b"", b"\0", b"\xff" * 9, b"\x01_\x05" + b"\xff" * 8, ENCODING.root(Obj("X", {})), bytes(300)]
    for place, value in enumerate(broken):
        key = str(place + 2) if number else f"X'{bytes([place, 1, 2] * (1 + place * 2)).hex()}'"
        statements += f"INSERT OR IGNORE INTO {table} VALUES ({key}, X'{value.hex()}');"
    statements += f"INSERT OR IGNORE INTO {table} VALUES ({'77' if number else 'NULL'}, NULL);" * (
        table != "t54"
    )
    statements = statements.replace("(NULL, NULL)", "(X'00', NULL)")
    reading = make(statements)
    assert [each.text for each in reading.messages] == ["here", "there"]
    assert reading.accounting["t7"].messages == 2
    balanced(reading)
    if table == "t2":
        return  # by it and by t7 the database is known
    without = make(statements.replace(f"INTO {table} ", "INTO t99 "), SCHEMA.replace(f" {table} (", " t99 ("))
    assert [each.text for each in without.messages] == ["here", "there"]


def test_of_a_type_that_is_not_known_fifty_rows_are_shown_and_all_are_counted(make: Make):
    strange = Obj("FutureAttribute", {"x": ENCODING.i32(1)})
    rows = [(n, "10:00", text(f"m{n}", BRAM, attributes=[strange])) for n in range(1, 121)]
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, rows))
    shown = [each for each in reading.notices if each.raw and each.raw.startswith("015f05")]
    assert len(shown) == 50
    number = ENCODING.murmur(b"FutureAttribute")
    assert f"an attribute of type {number} is not known: 120 rows" in said(reading)
    assert {each.text for each in reading.messages} == {f"m{n}" for n in range(1, 121)}


def test_of_peers_that_are_not_whole_some_are_shown_and_all_are_counted(make: Make):
    broken = [(1000 + n, b"\x18\x00\x00\x00FLAT") for n in range(250)]
    reading = make(
        ENCODING.insert("t2", broken) + OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("x", BRAM))])
    )
    assert len([each for each in reading.notices if each.raw == "18000000464c4154"]) == 200
    assert "further row of t2 that is not whole: 50 rows" in said(reading)
    assert [each.text for each in reading.messages] == ["x"]


def test_who_voted_for_something_that_is_not_stored(make: Make):
    results = Obj(
        "TelegramMediaPollResults", {"v": ENCODING.NIL, "rv": ENCODING.i64s(CLEO), "t": ENCODING.i32(1)}
    )
    poll = Obj(
        "TelegramMediaPoll", {"t": ENCODING.text("Who?"), "os": ENCODING.objs(), "rs": ENCODING.obj(results)}
    )
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("", BRAM, media=[poll]))]))
    ((message,),) = [reading.messages]
    assert message.system is not None
    assert message.system.detail == "voted, for what is not stored: 100000002"


def test_a_namespace_without_a_meaning_is_named(make: Make):
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("x", BRAM))], namespace=9))
    assert [each.source.app_id for each in reading.messages] == ["9:1"]
    assert "namespace of messages 9 has no meaning known to this parser: 1 row" in said(reading)


def test_media_that_name_each_other_come_to_an_end(make: Make):
    key, here = ENCODING.media_key(0, 5), (BRAM, 0, 1, OBJECTS.at("10:00"))
    reading = make(
        OBJECTS.base()
        + OBJECTS.rows(BRAM, [(1, "10:00", text("round", BRAM, referenced=[(0, 5)]))])
        + ENCODING.insert("t6", [(key, ENCODING.embedded_media(*here))])
    )
    ((message,),) = [reading.messages]
    assert (message.kind, message.text) == ("unknown", "round")
    assert "medium 0:5 of message 1 is not in t6" in said(reading)


def test_times_that_are_none_stay_with_their_message(make: Make):
    statements = OBJECTS.base()
    for number, time in ((1, -1), (2, 0), (3, 2**31 - 1), (4, -(2**31))):
        key = ENCODING.message_key(BRAM, 0, time, number)
        statements += ENCODING.insert("t7", [(key, text(f"at {time}", BRAM))])
    reading = make(statements)
    assert [each.sent_at for each in reading.messages] == [None, None, (2**31 - 1) * 1000, None]
    assert "a negative time" in said(reading)
    balanced(reading)


def test_half_a_pair_in_json_and_json_that_is_none(make: Make):
    quotes = [b'{"t":"\\ud83d half","e":[]}', b"{", b"[" * 5000, b'{"t":5}', b"\xff"]
    rows = [
        (n, "10:00", text("x", BRAM, attributes=[OBJECTS.reply(BRAM, 1, qu=ENCODING.raw(each))]))
        for n, each in enumerate(quotes, 1)
    ]
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, rows))
    found = [each.reply_to and each.reply_to.text for each in reading.messages]
    assert found == ["� half", "{", "[" * 5000, None, "�"]
    balanced(reading)


def test_a_chat_older_than_the_list_goes_is_not_called_hidden(make: Make):
    def listed(hole: str) -> Reading:
        return make(
            OBJECTS.base()
            + OBJECTS.rows(BRAM, [(1, "10:00", text("old", BRAM))])
            + OBJECTS.rows(CLEO, [(2, "10:30", text("new", CLEO))])
            + DIRECT.chat_list((CLEO, "10:30", 2))
            + ENCODING.insert("t9", [(ENCODING.list_key(0, OBJECTS.at(hole), 1, kind=2), b"")])
        )

    assert [each.state for each in listed("10:10").messages] == ["live", "live"]
    assert [each.state for each in listed("09:00").messages] == ["hidden", "live"]


def test_without_a_list_of_chats_nothing_is_hidden(make: Make):
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("old", BRAM))]))
    assert [each.state for each in reading.messages] == ["live"]
    assert "not in the list" not in said(reading)


def test_a_channel_that_t2_does_not_have_is_of_no_known_kind(make: Make):
    reading = make(
        ENCODING.insert("t0", [(2, OBJECTS.state(NOOR))])
        + OBJECTS.rows(MENU, [(1, "10:00", text("post", MENU))])
        + OBJECTS.rows(FAMILY, [(2, "10:00", text("in a group", BRAM))])
    )
    assert [each.conversation_kind for each in reading.messages] == ["unknown", "group"]


def test_the_owner_is_not_taken_from_what_was_received(make: Make):
    reading = make(OBJECTS.rows(BRAM, [(1, "10:00", text("in", BRAM)), (2, "10:01", text("out", MENU, 0))]))
    assert "whose account this is" in said(reading)
    sent = [each for each in reading.messages if each.from_owner]
    assert [each.text for each in sent] == ["out"]
    balanced(reading)


def test_several_media_of_one_message_are_all_kept(make: Make):
    place = DIRECT.place(52.5, 4.75)
    photo = OBJECTS.image(1, OBJECTS.photo_size(1, "y", 9, 9))
    strange = Obj("FutureMedia", {})
    reading = make(
        OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("all", BRAM, media=[strange, photo, place]))])
    )
    ((message,),) = [reading.messages]
    assert (message.kind, len(message.attachments)) == ("image", 1)
    assert message.location is not None
    assert message.location.latitude == 52.5
    assert message.system is not None
    assert message.system.code == ENCODING.murmur(b"FutureMedia")


def test_an_event_keeps_what_else_its_row_says(make: Make):
    liked = OBJECTS.reactions([("👍", 3)], [])
    reading = make(
        OBJECTS.base()
        + OBJECTS.rows(BRAM, [(1, "10:00", text("", BRAM, attributes=[liked], media=[OBJECTS.action(6)]))])
    )
    ((message,),) = [reading.messages]
    assert message.system is not None
    assert message.system.detail == "pinned a message; reactions: 👍 3"


def test_the_owner_s_own_choice_is_a_reaction_though_no_giver_is_named(make: Make):
    chosen = [
        Obj("MessageReaction", {"v": ENCODING.text("🔥"), "c": ENCODING.i32(4), "cord": ENCODING.i32(0)}),
        Obj("MessageReaction", {"v": ENCODING.text("👍"), "c": ENCODING.i32(1), "s": ENCODING.i32(0)}),
    ]
    liked = Obj("ReactionsMessageAttribute", {"r": ENCODING.objs(*chosen), "rp": ENCODING.objs()})
    reading = make(OBJECTS.base() + OBJECTS.rows(BRAM, [(1, "10:00", text("x", BRAM, attributes=[liked]))]))
    ((message,),) = [reading.messages]
    assert [(each.emoji, each.at) for each in message.reactions] == [("🔥", None)]
    assert message.system is not None
    assert message.system.detail == "reactions: 🔥 4, 👍 1"


@pytest.mark.parametrize(("seconds", "words"), [(30, "messages disappear 30 s after they are read"),
                                                (0, "messages no longer disappear")])  # fmt: skip
def test_the_timer_of_a_secret_chat(make: Make, seconds: int, words: str):
    action = OBJECTS.action(12, t=ENCODING.i32(seconds))
    statements = OBJECTS.base(more={OBJECTS.HUSH: OBJECTS.secret(OBJECTS.HUSH, BRAM)})
    reading = make(
        statements + OBJECTS.rows(OBJECTS.HUSH, [(1, "10:00", text("", BRAM, media=[action]))], namespace=2)
    )
    ((message,),) = [reading.messages]
    assert message.system is not None
    assert (message.conversation_kind, message.system.detail) == ("secret", words)


def test_not_this_app(tmp_path: Path):
    for statements, role in (
        (SCHEMA, "messages"),
        (BAD.FEW, "messages"),
        (
            "CREATE TABLE __meta_fulltext_tables(name); CREATE TABLE t0(key INTEGER PRIMARY KEY, value)",
            "store",
        ),
        ("CREATE TABLE t2(key INTEGER PRIMARY KEY, value); CREATE TABLE t7(key TEXT, value)", None),
        ("CREATE TABLE t2(key INTEGER PRIMARY KEY, value BLOB)", None),
        ("CREATE TABLE users(uid, data); CREATE TABLE messages(mid, uid, send_state, data)", None),
        ("CREATE TABLE t2(key BLOB, value); CREATE TABLE t7(key BLOB, value)", None),
    ):
        file = tmp_path / "some.db"
        file.unlink(missing_ok=True)
        with closing(unsynced(file)) as database:
            database.executescript(statements)
        with file.open("rb") as stream, Database.open(stream, work=tmp_path, name="some.db") as opened:
            assert TelegramPostbox().role(opened) == role


def test_a_truncated_file_gives_what_is_left_of_it(tmp_path: Path):
    """Or it is refused: never a traceback."""
    (whole,) = BUILD.build("direct", tmp_path / "whole").rglob(NAME)
    data, was_read = whole.read_bytes(), []
    for number, size in enumerate(range(1000, len(data), len(data) // 10)):
        folder = tmp_path / str(number) / "db"
        folder.mkdir(parents=True)
        (folder / NAME).write_bytes(data[:size])
        try:
            balanced(read(folder.parent, tmp_path))
            was_read.append(size)
        except (DamagedEvidence, UnknownKind, AssertionError):
            # AssertionError: what is left of the schema has not both tables
            assert size < len(data) // 2
    assert was_read


def test_numbers_that_no_record_can_hold_cost_themselves_only(make: Make):
    """Every 32-bit number of every object written with 64 bits, as large as they go."""
    largest, smallest = b"\x01" + b"\xff" * 7 + b"\x7f", b"\x01" + bytes(7) + b"\x80"
    before = ENCODING.i32
    makers = (DIRECT.direct, DIRECT.edited, GROUPS.groups, GROUPS.timer, GROUPS.interface_state)
    for number in (largest, smallest):
        with pytest.MonkeyPatch.context() as patch:
            for maker in makers:
                patch.setitem(
                    maker.__globals__,
                    "i32",
                    lambda value, number=number: before(value) if value in range(100) else number,
                )
            cases = [
                DIRECT.direct(),
                DIRECT.media(),
                GROUPS.groups(),
                GROUPS.secrets(),
                GROUPS.drafts(),
            ]
        for statements in cases:
            reading = make(statements)
            balanced(reading)
            for each in reading.records:
                if isinstance(each, Call):
                    canonical(call_dict(each))
        assert any(number.hex() in each.lower() for each in cases)
    threads = [
        (1, "10:00", text("x", BRAM, thread=2**63 - 1)),
        (2, "10:01", text("y", BRAM, thread=-(2**63))),
    ]
    reading = make(OBJECTS.base() + OBJECTS.rows(MENU, threads))
    balanced(reading)
    assert [each.system and each.system.code for each in reading.messages] == [None, None]


def mutated(chance: random.Random, statements: str) -> str:
    """The same rows with some bytes of some values changed, added or left out; keys stay as they are."""
    lines = []
    for line in statements.splitlines():
        parts = line.split("X'")
        if line.startswith("INSERT INTO t") and chance.random() < 0.6:
            data = bytearray.fromhex(parts[-1].split("'")[0])
            for _ in range(chance.randrange(1, 4)):
                if not data:
                    break
                place = chance.randrange(len(data))
                match chance.randrange(4):
                    case 0:
                        data[place] = chance.randrange(256)
                    case 1:
                        del data[place : place + chance.randrange(1, 9)]
                    case 2:
                        data[place:place] = chance.randbytes(chance.randrange(1, 9))
                    case _:
                        data[place : place + 4] = chance.choice(
                            (b"\xff\xff\xff\x7f", b"\0\0\0\x80", bytes(4))
                        )
            parts[-1] = f"{data.hex()}');"
        lines.append("X'".join(parts))
    return "\n".join(lines)


def fuzz(make: Make, seeds: range) -> None:
    cases: dict[str, Any] = {
        "direct": DIRECT.direct(),
        "media": DIRECT.media(),
        "groups": GROUPS.groups(),
        "secret": GROUPS.secrets(),
        "deleted": GROUPS.deleted(),
    }
    for seed in seeds:
        chance = random.Random(seed)
        for name, statements in cases.items():
            reading = make(mutated(chance, statements))
            balanced(reading)
            rows = statements.count("INSERT INTO t7")
            assert reading.accounting["t7"].rows == rows, (seed, name)
            # a changed value costs that row at most: its key says which message it is, its type whether one
            other = [each for each in reading.notices if "which is no message's" in each.text]
            assert reading.accounting["t7"].failed == len(other), (seed, name)


def test_changed_values_become_records_or_notices(make: Make):
    fuzz(make, range(2))


@pytest.mark.full
def test_changed_values_become_records_or_notices_many_times(make: Make):
    fuzz(make, range(2, 120))
