"""What Telegram for Android keeps beside its messages, rarer events, and the schema against the reference."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import tl_encoding as tl
from telegram_installations import FOLDER, read
from test_telegram_faults import balanced, make, row, text  # noqa: F401  # a fixture
from test_telegram_tl import mutate, needs_unknown, plain
from unsynced import unsynced
from whatsapp_installations import Reading

from forensics.model import Conversation
from parsers.telegram_blobs import BlobReader
from parsers.telegram_tl_schema import schema

Make = Callable[..., Reading]
OWNER = "INSERT INTO users(uid, name, data) VALUES (7, '', x'{}')"
STORIES = (
    "CREATE TABLE stories(dialog_id INTEGER, story_id INTEGER, data BLOB, custom_params BLOB, "
    "PRIMARY KEY(dialog_id, story_id));"
    "CREATE TABLE profile_stories(dialog_id INTEGER, story_id INTEGER, data BLOB, type INTEGER, "
    "seen INTEGER, pin INTEGER, PRIMARY KEY(dialog_id, story_id, type));"
)


def owner() -> str:
    return OWNER.format(tl.obj("user#020b1422", id=7, first_name="Noor", self=True).hex()) + ";"


def story(number: int, **more: Any) -> bytes:
    known = {
        "id": number,
        "date": 1709546400,
        "expire_date": 1709632800,
        "media": tl.obj("messageMediaEmpty"),
    }
    return tl.obj("storyItem#79b26a24", **{**known, **more})


def stored(table: str, dialog: int, number: int, data: bytes) -> str:
    columns, marks = (
        ("type, seen, pin", "0, 0, 0") if table == "profile_stories" else ("custom_params", "NULL")
    )
    return (
        f"INSERT INTO {table}(dialog_id, story_id, data, {columns})"
        f" VALUES ({dialog}, {number}, x'{data.hex()}', {marks});"
    )


def test_stories_are_messages_of_their_poster_each_once(make: Make):  # noqa: F811
    sent = story(3, caption="koop nu 🍀", pinned=True, views=tl.obj("storyViews#8d595cd6", views_count=12))
    statements = (
        STORIES
        + owner()
        + "".join(
            (
                stored("stories", 7, 3, sent),
                stored("stories", 5, 9, story(9, caption="van Bram")),
                stored("stories", 5, 10, tl.obj("storyItemDeleted#51e6ee4f", id=10)),
                stored("stories", 5, 11, b"\x01\x02\x03\x04"),
                stored("profile_stories", 7, 3, sent),
            )
        )
    )
    reading = make([row(1, text(1, "a"))], statements)
    balanced(reading)
    found = {each.source.app_id: each for each in reading.messages if each.kind == "story"}
    assert sorted(found) == ["3", "9"]
    own, other = found["3"], found["9"]
    assert (own.text, own.from_owner, own.conversation_kind, own.sent_at) == (
        "koop nu 🍀",
        True,
        "status",
        1709546400000,
    )
    assert own.system is not None
    assert own.system.detail == "expires at 2024-03-05T10:00:00.000Z; kept on the profile; 12 views"
    assert (other.text, other.from_owner) == ("van Bram", False)
    titles = {each.handle: each.title for each in reading.of(Conversation) if each.kind == "status"}
    assert titles == {"7": "Stories of Noor (7)", "5": "Stories of 5"}
    first, second = reading.accounting["stories"], reading.accounting["profile_stories"]
    assert (first.rows, first.messages, first.skipped, first.failed) == (4, 2, {"placeholder": 1}, 1)
    assert (second.rows, second.skipped) == (1, {"copy": 1})


def test_a_thread_its_answers_and_a_damaged_copy_of_what_is_answered_are_said(make: Make):  # noqa: F811
    header = tl.obj("messageReplyHeader#a6d57763", reply_to_msg_id=1, reply_to_top_id=1)
    answers = tl.obj("messageReplies#83d60fc2", replies=4, replies_pts=1)
    reading = make(
        [row(1, text(1, "post")), row(2, text(2, "answer", reply_to=header, replies=answers))],
        f"UPDATE messages_v2 SET replydata = x'01020304' WHERE mid = 2;"
        f"UPDATE messages_v2 SET replies_data = x'{answers.hex()}' WHERE mid = 1;",
    )
    first, second = reading.messages
    assert (first.system and first.system.detail) == "4 replies"
    assert (second.system and second.system.detail) == "4 replies; in the thread of message 1"
    words = "row 2 of messages_v2, replydata: constructor 0x04030201"
    assert any(words in each.text and each.raw == "01020304" for each in reading.notices)


def test_a_live_location_says_where_it_heads_and_who_shares_one_is_listed(make: Make):  # noqa: F811
    point = tl.obj("geoPoint#b2a2f663", long=4.5, lat=52.25, access_hash=1)
    live = tl.obj("messageMediaGeoLive#b940c666", geo=point, heading=90, period=900,
                  proximity_notification_radius=50)  # fmt: skip
    reading = make(
        [row(1, text(1, "", media=live))],
        "CREATE TABLE sharing_locations(uid INTEGER, mid INTEGER, date INTEGER, period INTEGER,"
        " message BLOB, proximity INTEGER);"
        "INSERT INTO sharing_locations VALUES (5, 1, 1709546400, 900, NULL, 0);",
    )
    (message,) = reading.messages
    assert message.system is not None
    assert message.system.detail == "shared for 900 s; heading 90°; to be told within 50 m"
    assert any("live locations that were being shared" in each.text and
               each.raw == "message 1 of 5: since 2024-03-04T10:00:00.000Z, for 900 s"
               for each in reading.notices)  # fmt: skip


def test_a_file_is_found_by_the_message_that_the_app_recorded_it_for(tmp_path: Path):
    files = tmp_path / "evidence" / "files"
    files.mkdir(parents=True)
    (tmp_path / "evidence" / "Telegram").mkdir()
    (tmp_path / "evidence" / "Telegram" / "saved.jpg").write_bytes(b"jpeg")
    photo = tl.obj("photo#fb197a65", id=9, access_hash=1, file_reference=b"", date=1, sizes=[], dc_id=2)
    data = text(4, "kijk", media=tl.obj("messageMediaPhoto#695150d7", photo=photo))
    with closing(unsynced(files / "cache4.db", isolation_level=None)) as database:
        database.executescript((FOLDER / "schema" / "modern.sql").read_text("utf-8"))
        database.execute(
            "INSERT INTO messages_v2(mid, uid, date, data, out) VALUES (4, 5, 1709546400, ?, 0)", (data,)
        )
    with closing(unsynced(files / "file_to_path.db", isolation_level=None)) as database:
        database.executescript((FOLDER / "schema" / "file_to_path.sql").read_text("utf-8"))
        database.execute("INSERT INTO paths_by_dialog_id VALUES ('/sdcard/Telegram/saved.jpg', 5, 4, 0)")
    (message,) = read(tmp_path / "evidence", tmp_path).messages
    (found,) = message.attachments
    assert (found.present, found.size, found.path) == (True, 4, "Telegram/saved.jpg")


EVENTS = {
    "boosted the group 3 times": ("messageActionBoostApply#cc02aa6d", {"boosts": 3}),
    "scored 9 in a game": ("messageActionGameScore#92a72876", {"game_id": 1, "score": 9}),
    "changed the theme to 🍀": ("messageActionSetChatTheme#aa786345", {"emoticon": "🍀"}),
    "asked for the telephone number": ("messageActionPhoneNumberRequest#01baa035", {}),
    "set the price of a message to 5 stars": ("messageActionPaidMessagesPrice#bcd71419", {"stars": 5}),
    "done on the list: 1, 2; open again: none": (
        "messageActionTodoCompletions#cc7c5c89",
        {"completed": [1, 2], "incompleted": []},
    ),
}


@pytest.mark.parametrize("words", EVENTS)
def test_rarer_events_are_said_in_words(make: Make, words: str):  # noqa: F811
    name, fields = EVENTS[words]
    event = tl.obj("messageService#7a800e0a", id=1, peer_id=tl.obj("peerUser#59511722", user_id=5),
                   date=1709546400, action=tl.obj(name, **fields))  # fmt: skip
    (message,) = make([row(1, event)]).messages
    assert (message.kind, message.system and message.system.detail) == ("system", words)


def test_every_event_of_the_schema_has_words_of_its_own_or_says_its_fields(make: Make):  # noqa: F811
    peer = tl.obj("peerUser#59511722", user_id=5)
    made = [tl.made(random.Random(n), n, share=1.0)[0] for n in tl.by_type()["MessageAction"]]
    rows = [row(place + 1, tl.obj("messageService#7a800e0a", id=place + 1, peer_id=peer, date=1709546400,
                                  action=each)) for place, each in enumerate(made)]  # fmt: skip
    silent = {each.system.type for each in make(rows).messages if each.system and not each.system.detail}
    assert silent <= {"Empty", "CustomAction"}


# Reference 3.2: id, name, and how many words of flags its layout has.
MESSAGES = {
    0x555555F8: ("message_secret_old", 1),
    0x555555F9: ("message_secret_layer72", 1),
    0x555555FA: ("message_secret", 1),
    0x1C9B1027: ("message_layer104_2", 1),
    0x9789DAC4: ("message_layer104_3", 1),
    0xF52E6B7F: ("message_layer118", 1),
    0xA4E97F37: ("message_alias_a4e97f37", 2),
    0x05F46804: ("messageForwarded", 0),
    0x22EB6ABA: ("message", 0),
    0x9F8D60BB: ("messageService", 0),
    0x567699B3: ("message", 0),
    0xA367E716: ("messageForwarded", 0),
    0xA7AB1991: ("message", 1),
    0xC3060325: ("message", 1),
    0xF07814C8: ("message", 1),
    0x1D86F70E: ("messageService", 0),
    0x2BEBFA86: ("message", 1),
    0xAB406723: ("message", 1),
    0x5BA66C13: ("message", 1),
    0xC992E15C: ("message", 1),
    0xEF11CEF6: ("message", 1),
    0xC06B9607: ("messageService", 1),
    0xC09BE45F: ("message", 1),
    0x90DDDC11: ("message", 1),
    0x44F9B43D: ("message", 1),
    0x9E19A1F6: ("messageService", 1),
    0x452C0E65: ("message", 1),
    0x83E5DE54: ("messageEmpty", 0),
    0x58AE39C9: ("message", 1),
    0x286FA604: ("messageService", 1),
    0xBCE383D2: ("message", 1),
    0x85D6CBE2: ("message", 1),
    0x38116EE0: ("message", 1),
    0x76BEC211: ("message", 1),
    0x1E4C8A69: ("message", 1),
    0xA66C7EFC: ("message", 1),
    0x2357BF25: ("message", 2),
    0xBDE09C2E: ("message", 2),
    0x2B085862: ("messageService", 1),
    0x94345242: ("message", 2),
    0x96FDBBE9: ("message", 2),
    0xD3D28540: ("messageService", 1),
    0xEABCDD4D: ("message", 2),
    0x9815CEC8: ("message", 2),
    0xB92F76CF: ("message", 2),
    0x9CB490E9: ("message", 2),
    0x3AE56482: ("message", 2),
    0x95EF6F2B: ("message", 2),
    0x90A6CA84: ("messageEmpty", 1),
    0x7A800E0A: ("messageService", 1),
    0x7600B9D3: ("message", 2),
}
# Reference 3.3.
OTHERS = {
    0x9DB1BC6D: "peerUser user_id:int",
    0xBAD0E5BB: "peerChat chat_id:int",
    0xBDDDE532: "peerChannel channel_id:int",
    0x36C6019A: "peerChat chat_id:long",
    0x59511722: "peerUser user_id:long",
    0xA2A5371E: "peerChannel channel_id:long",
    0x76A6D327: "messageEntityTextUrl offset:int length:int url:string",
    0xDC7B1140: "messageEntityMentionName offset:int length:int user_id:long",
    0x352DCA58: "messageEntityMentionName offset:int length:int user_id:int",
    0xC8CF05F8: "messageEntityCustomEmoji offset:int length:int document_id:long",
    0x73924BE0: "messageEntityPre offset:int length:int language:string",
    0x32CA960F: "messageEntitySpoiler offset:int length:int",
    0xFA04579D: "messageEntityMention offset:int length:int",
    0xBB92BA95: "messageEntityUnknown offset:int length:int",
}


def test_the_layouts_of_messages_are_those_of_the_reference():
    table = schema()
    of_messages = {number for number in table.ids() if table.layouts(number)[0].type == "Message"}
    assert of_messages == set(MESSAGES)
    for number, (name, flags) in MESSAGES.items():
        layout = table.layouts(number)[0]
        assert layout.name == name, hex(number)
        assert sum(each.type == "#" for each in layout.params) == flags, hex(number)


@pytest.mark.parametrize("number", MESSAGES, ids=lambda each: f"{each:08x}")
def test_what_all_layouts_of_a_message_share_stands_in_their_order(number: int):
    """Reference 3.2: the text comes before the medium in every layout, so that a medium costs no text."""
    names = [each.name for each in schema().layouts(number)[0].params]
    order = [
        *("flags", "flags2", "id", "from_id", "peer_id", "fwd_from", "via_bot_id", "reply_to", "date"),
        *("message", "media", "reply_markup", "entities", "views", "edit_date", "grouped_id"),
    ]
    places = [names.index(name) for name in order if name in names]
    assert places == sorted(places)


@pytest.mark.parametrize("number", OTHERS, ids=lambda each: f"{each:08x}")
def test_peers_and_entities_are_those_of_the_reference(number: int):
    layout = schema().layouts(number)[0]
    assert " ".join([layout.name, *(f"{each.name}:{each.type}" for each in layout.params)]) == OTHERS[number]


FAMILIES = (
    *("Message", "MessageMedia", "MessageAction", "MessageEntity", "MessageFwdHeader", "MessageReplies"),
    *("MessageReplyHeader", "MessageReactions", "MessagePeerReaction", "ReplyMarkup", "KeyboardButton"),
    *("Poll", "PollResults", "WebPage", "Document", "DocumentAttribute", "Photo", "PhotoSize", "GeoPoint"),
    *("Game", "StoryItem", "Chat", "User", "ChatFull", "UserFull", "EncryptedChat", "DraftMessage"),
    *("DecryptedMessageAction", "ForumTopic", "ChannelParticipant"),
)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_of_a_family_is_read_to_its_last_byte_and_stops_at_each_cut(family: str):
    from_layers = tl.by_type()[family]
    assert from_layers
    reader = BlobReader(schema())
    for number in from_layers:
        if needs_unknown(number):
            continue
        for share in (0.3, 0.8):
            data, wanted = tl.made(random.Random(number), number, share=share)
            blob = reader.whole(data)
            assert (blob.problem, blob.end) == (None, len(data)), hex(number)
            assert plain(blob.value) == wanted
            for cut in sorted({4, len(data) // 2, len(data) - 1}):
                if 4 <= cut < len(data):
                    short = reader.whole(data[:cut])
                    assert short.problem is not None or short.end == cut


def mutated(make: Make, rounds: int) -> None:  # noqa: F811
    """Message objects that were changed become records or notices, in memory that does not grow."""
    chance = random.Random(11)
    originals = [tl.made(random.Random(n), n, share=0.7)[0][:3000] for n in tl.by_type()["Message"]]
    for start in range(0, rounds, 2500):
        count = min(2500, rounds - start)
        blobs = [mutate(chance, originals[(start + turn) % len(originals)]) for turn in range(count)]
        dialogs = (5, -9, 1 << 62 | 3)
        rows = [row(place + 1, data, uid=dialogs[place % 3]) for place, data in enumerate(blobs)]
        reading = make(rows)
        balanced(reading)
        assert reading.accounting["messages_v2"].rows == count


def test_two_thousand_changed_objects_become_records_or_notices(make: Make):  # noqa: F811
    mutated(make, 2000)


@pytest.mark.full
def test_a_hundred_thousand_changed_objects_become_records_or_notices(make: Make):  # noqa: F811
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mutated(make, 100_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB on Linux
