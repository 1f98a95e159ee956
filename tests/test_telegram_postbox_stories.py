"""Stories in Postbox, as StoryItemsTable, StoryTable and Stories.Item of the client store them."""

from __future__ import annotations

import random
import struct
from typing import Any

import pytest
from test_telegram_postbox_faults import ENCODING, OBJECTS, SCHEMA, Make, balanced, make, said  # noqa: F401
from whatsapp_installations import Reading

from forensics.digest import message_canonical
from forensics.model import Conversation, Location, Participant

NOOR, BRAM, CLEO, MENU = OBJECTS.NOOR, OBJECTS.BRAM, OBJECTS.CLEO, OBJECTS.MENU
Obj = ENCODING.Obj
TABLES = "".join(f"CREATE TABLE {each} (key BLOB PRIMARY KEY, value BLOB);" for each in ("t69", "t70"))
MARKS = (0xABCD1234, 0xABCD1235)


def key_of(peer: int, number: int) -> str:
    return struct.pack(">qi", peer, number).hex()


def entry(number: int, text: str, clock: str = "10:00", **more: bytes) -> bytes:
    """Stories.StoredItem.item."""
    fields = {
        "id": ENCODING.i32(number),
        "timestamp": ENCODING.i32(OBJECTS.at(clock)),
        "expirationTimestamp": ENCODING.i32(OBJECTS.at(clock) + 86400),
        "text": ENCODING.text(text),
        "entities": ENCODING.objs(),
        **more,
    }
    stored: bytes = ENCODING.entries({"d": ENCODING.i32(0), "i": ENCODING.obj(Obj("Item", fields))})
    return stored


def placeholder(number: int) -> bytes:
    fields = {"id": ENCODING.i32(number), "timestamp": ENCODING.i32(1)}
    stored: bytes = ENCODING.entries({"d": ENCODING.i32(1), "p": ENCODING.obj(Obj("Placeholder", fields))})
    return stored


def listed(stored: bytes, mark: int = MARKS[1]) -> bytes:
    """A value of t69; the newer mark has a byte of flags at the end."""
    end = struct.pack("<i", OBJECTS.at("10:00")) + (b"\x01" if mark == MARKS[1] else b"")
    return struct.pack("<Ii", mark, len(stored)) + stored + end


def insert(table: str, *rows: tuple[str, bytes]) -> str:
    return "".join(f"INSERT INTO {table} VALUES (X'{key}', X'{value.hex()}');" for key, value in rows)


def reading_of(make: Make, statements: str) -> Reading:  # noqa: F811
    channel = {MENU: OBJECTS.channel(MENU, "Menu", broadcast=True, username="menukaart")}
    reading = make(OBJECTS.base(more=channel) + statements, SCHEMA + TABLES)
    balanced(reading)
    return reading


def circumstances_of(make: Make, **more: bytes) -> list[str]:  # noqa: F811
    reading = reading_of(make, insert("t70", (key_of(BRAM, 7), entry(7, "hoi", **more))))
    (story,) = reading.messages
    assert story.system is not None
    return (story.system.detail or "").split("; ")[1:]


@pytest.mark.parametrize("mark", MARKS)
def test_a_story_is_read_with_its_poster_time_text_and_picture(make: Make, mark: int):  # noqa: F811
    picture = ENCODING.root(OBJECTS.image(55, OBJECTS.photo_size(55, "y", 1280, 720)))
    words = ENCODING.objs(OBJECTS.entity(0, 6, 10, url=ENCODING.text("https://example.org/x")))
    stored = entry(7, "😀 menu nu", "11:30", media=ENCODING.raw(picture), entities=words)
    reading = reading_of(make, insert("t69", (key_of(BRAM, 7), listed(stored, mark))))
    (story,) = reading.messages
    (chat,) = [each for each in reading.records if isinstance(each, Conversation) and each.kind == "status"]
    assert (chat.title, chat.handle) == ("Stories of Bram Koster (100000001)", "100000001")
    assert (story.conversation, story.conversation_kind, story.kind) == (chat.id, "status", "story")
    assert (story.text, story.sent_at) == ("😀 menu nu", OBJECTS.at("11:30") * 1000)
    assert (story.sender, story.from_owner) == (chat.participants[0], False)
    assert [each.kind for each in story.attachments] == ["image"]
    # positions count UTF-16 units: the first six of them are "😀 men"
    assert story.system is not None
    assert story.system.detail == (
        "link “😀 men” to https://example.org/x; expires at 2024-03-05T11:30:00.000Z"
    )
    assert (story.source.table, story.source.rowid_key) == ("t69", key_of(BRAM, 7))
    assert story.source.app_id == "7"
    assert reading.accounting["t69"].messages == 1
    assert "tables that are not read" not in said(reading)


def test_a_story_in_both_tables_is_told_once_and_another_text_is_shown(make: Make):  # noqa: F811
    one, other, third = key_of(BRAM, 7), key_of(BRAM, 8), key_of(CLEO, 7)
    reading = reading_of(
        make,
        insert("t69", (one, listed(entry(7, "same"))), (other, listed(entry(8, "edited"))))
        + insert("t70", (one, entry(7, "same")), (other, entry(8, "first")), (third, entry(7, "of Cleo"))),
    )
    assert [each.text for each in reading.messages] == ["same", "edited", "of Cleo"]
    counted = reading.accounting["t70"]
    assert (counted.rows, counted.messages, counted.skipped) == (3, 1, {"copy": 2})
    expected = f"info: row {other} of t70: story 8 has another text here than before\nfirst"
    assert said(reading).count("another text") == 1
    assert expected in said(reading)


def test_what_is_no_story_any_more_or_not_loaded_is_counted(make: Make):  # noqa: F811
    reading = reading_of(
        make,
        insert("t69", (key_of(BRAM, 7), listed(placeholder(7))), (key_of(BRAM, 8), listed(placeholder(8))))
        + insert("t70", (key_of(BRAM, 7), entry(7, "loaded")), (key_of(CLEO, 9), b"")),
    )
    assert [each.text for each in reading.messages] == ["loaded"]
    assert reading.accounting["t69"].skipped == {"placeholder": 2}
    assert reading.accounting["t70"].skipped == {"placeholder": 1}


def test_a_row_that_cannot_be_read_costs_itself(make: Make):  # noqa: F811
    short = listed(entry(9, "cut"))[:-30]
    rows = [
        (key_of(BRAM, 6), entry(6, "before")),
        (key_of(BRAM, 7), b"\xff" * 9),
        (key_of(BRAM, 8), ENCODING.entries({"d": ENCODING.i32(5)})),
        (key_of(BRAM, 9), short),
        ("00ff", entry(9, "no key")),
        (key_of(CLEO, 9), entry(9, "after")),
    ]
    reading = reading_of(make, insert("t70", *rows))
    assert [each.text for each in reading.messages] == ["before", "after"]
    assert reading.accounting["t70"].failed == 4
    failed = [each for each in reading.notices if each.severity == "failed"]
    assert [each.source.rowid_key for each in failed] == [key for key, _ in rows[1:5]]
    assert all(each.raw for each in failed)
    assert "it is neither a story nor the place of one" in failed[1].text
    assert "bytes expected" in failed[2].text
    assert "a key of 2 bytes" in failed[3].text


def test_the_owners_stories_and_those_posted_in_a_channel(make: Make):  # noqa: F811
    rows = [
        (key_of(NOOR, 1), entry(1, "own")),
        (key_of(MENU, 1), entry(1, "by the owner", isMy=ENCODING.boolean(True))),
        (key_of(MENU, 2), entry(2, "by Cleo", authorId=ENCODING.i64(CLEO))),
        (key_of(MENU, 3), entry(3, "by the channel")),
    ]
    reading = reading_of(make, insert("t70", *rows))
    found = {each.text: each for each in reading.messages}
    owner = found["own"].sender
    assert (found["own"].from_owner, found["by the owner"].from_owner) == (True, True)
    assert found["by the owner"].sender == owner
    names = {each.id: each.names[0].name for each in reading.records if isinstance(each, Participant)}
    assert names[found["by Cleo"].sender or ""] == "Cleo"
    assert names[found["by the channel"].sender or ""] == "Menu"
    assert not found["by Cleo"].from_owner


def test_who_may_see_it_and_who_saw_it(make: Make):  # noqa: F811
    views = {
        "seenCount": ENCODING.i32(12),
        "reactedCount": ENCODING.i32(2),
        "forwardCount": ENCODING.i32(1),
        "seenPeerIds": ENCODING.i64s(BRAM, CLEO),
        "reactions": ENCODING.objs(
            Obj("MessageReaction", {"v": ENCODING.text("🔥"), "c": ENCODING.i32(2), "s": ENCODING.i32(0)})
        ),
    }
    privacy = {"base": ENCODING.i32(1), "addPeers": ENCODING.i64s(CLEO)}
    assert circumstances_of(
        make,
        views=ENCODING.obj(Obj("Views", views)),
        privacy=ENCODING.obj(Obj("Privacy", privacy)),
        isPinned=ENCODING.boolean(True),
        isEdited=ENCODING.boolean(True),
        isPublic=ENCODING.boolean(False),
    ) == [
        "kept on the profile",
        "edited",
        "who may see it: contacts, with a list of people: Cleo (100000002)",
        "12 views",
        "2 reactions",
        "forwarded once",
        "seen by Bram Koster (100000001), Cleo (100000002)",
        "reactions: 🔥 2",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"discriminator": 0, "authorPeerId": CLEO, "storyId": 4, "isModified": True},
            "taken from story 4 of Cleo (100000002), changed",
        ),
        ({"discriminator": 1, "authorName": "Verborgen"}, "taken from “Verborgen”"),
        ({"discriminator": 9}, "taken from somebody who is not stored"),
    ],
)
def test_where_a_story_was_taken_from(make: Make, fields: dict[str, Any], words: str):  # noqa: F811
    written = {
        key: ENCODING.boolean(value)
        if value is True
        else ENCODING.text(value)
        if isinstance(value, str)
        else ENCODING.i64(value)
        if key == "authorPeerId"
        else ENCODING.i32(value)
        for key, value in fields.items()
    }
    assert circumstances_of(make, forwardInfo=ENCODING.obj(Obj("ForwardInfo", written))) == [words]


def area(kind: int, value: bytes, **more: bytes) -> Any:
    return Obj("MediaArea", {"type": ENCODING.i32(kind), "value": value, **more})


def test_what_was_put_on_a_story(make: Make):  # noqa: F811
    venue = Obj("MapVenue", {"ti": ENCODING.text("Café Zon"), "ad": ENCODING.text("Plein 1")})
    place = {
        "latitude": ENCODING.real(52.5),
        "longitude": ENCODING.real(4.25),
        "venue": ENCODING.raw(ENCODING.root(venue)),
    }
    areas = ENCODING.objs(
        area(0, ENCODING.obj(Obj("Venue", place))),
        area(1, ENCODING.obj(Obj("Reaction", {"v": ENCODING.text("👍")}))),
        area(2, ENCODING.obj(Obj("MessageId", {"id": ENCODING.i32(31)}))),
        area(3, ENCODING.text("https://example.org/kaart")),
        area(4, ENCODING.text("☀"), temperature=ENCODING.real(21.5)),
        area(5, ENCODING.text("gift-1")),
        area(9, ENCODING.text("x")),
    )
    reading = reading_of(make, insert("t70", (key_of(BRAM, 7), entry(7, "hier", mediaAreas=areas))))
    (story,) = reading.messages
    assert story.location == Location(latitude=52.5, longitude=4.25, name="Café Zon", address="Plein 1")
    assert story.system is not None
    assert (story.system.detail or "").split("; ")[1:] == [
        "a place on it: “Café Zon”, Plein 1 at latitude 52.5, longitude 4.25",
        "a reaction on it: 👍",
        "a message on it, number 31",
        "a link on it: https://example.org/kaart",
        "the weather on it: ☀, 21.5 °C",
        "a gift on it: gift-1",
        "something of kind 9 on it",
    ]


def test_every_place_and_what_is_wrong_in_it_is_told(make: Make):  # noqa: F811
    good = ENCODING.root(Obj("MapVenue", {"ti": ENCODING.text("Zuid")}))
    first = {"latitude": ENCODING.real(1.5), "longitude": ENCODING.real(float("nan"))}
    second = {
        "latitude": ENCODING.real(52.5),
        "longitude": ENCODING.real(4.25),
        "venue": ENCODING.raw(good + b"\x00"),
    }
    places = ({}, first, second)
    areas = ENCODING.objs(*(area(0, ENCODING.obj(Obj("Venue", each))) for each in places))
    reading = reading_of(make, insert("t70", (key_of(BRAM, 7), entry(7, "hier", mediaAreas=areas))))
    (story,) = reading.messages
    assert story.system is not None
    assert (story.system.detail or "").split("; ")[1:] == [
        "a place on it (coordinates not stored)",
        "a place on it at latitude 1.5, longitude nan",
        "a place on it: “Zuid” at latitude 52.5, longitude 4.25",
    ]
    row = f"doubt: row {key_of(BRAM, 7)} of t70"
    assert f"{row}: the longitude of a place is no number (nan) at offset 0" in said(reading)
    assert f"{row}: the name of a place: 1 bytes are left at offset {len(good)}\n{good.hex()}00" in said(
        reading
    )


def test_what_is_not_stored_or_has_no_meaning_is_said_in_words(make: Make):  # noqa: F811
    nothing = ENCODING.i32(0)
    kinds = [area(kind, nothing) for kind in (3, 4, 5)]
    found = circumstances_of(
        make,
        privacy=ENCODING.obj(Obj("Privacy", {"base": ENCODING.i32(9)})),
        views=ENCODING.obj(Obj("Views", {"seenCount": ENCODING.i32(1)})),
        mediaAreas=ENCODING.objs(*kinds, Obj("MediaArea", {}), area(2, ENCODING.obj(Obj("X", {})))),
    )
    assert found == [
        "who may see it: unknown (9)",
        "1 view",
        "a link on it: not stored",
        "the weather on it: not stored, temperature not stored",
        "a gift on it: not stored",
        "something of kind not stored on it",
        "a message on it, number not stored",
    ]
    assert circumstances_of(make, privacy=ENCODING.obj(Obj("Privacy", {}))) == ["who may see it: not stored"]


def test_of_two_versions_the_whole_one_is_told_and_the_other_ones_faults_too(make: Make):  # noqa: F811
    key = key_of(BRAM, 7)
    whole = entry(7, "hoi", isEdited=ENCODING.boolean(True))
    damaged = entry(7, "hoi", odd=b"\x63")
    reading = reading_of(make, insert("t69", (key, listed(damaged))) + insert("t70", (key, whole)))
    (story,) = reading.messages
    assert story.source.table == "t70"
    assert story.system is not None
    assert (story.system.detail or "").endswith("; edited")
    assert [reading.accounting[each].skipped for each in ("t69", "t70")] == [{"copy": 1}, {}]
    assert f"doubt: row {key} of t69: " in said(reading)
    other = reading_of(make, insert("t69", (key, listed(whole))) + insert("t70", (key, damaged)))
    assert [each.source.table for each in other.messages] == ["t69"]
    assert f"doubt: row {key} of t70: " in said(other)
    alone = reading_of(make, insert("t69", (key, listed(damaged))) + insert("t70", (key_of(BRAM, 8), whole)))
    assert [each.source.table for each in alone.messages] == ["t70", "t69"]


def test_another_field_than_the_text_is_shown_with_the_row(make: Make):  # noqa: F811
    key = key_of(BRAM, 7)
    views = Obj("Views", {"seenCount": ENCODING.i32(3)})
    other = entry(7, "hoi", isEdited=ENCODING.boolean(True), views=ENCODING.obj(views))
    reading = reading_of(make, insert("t69", (key, listed(entry(7, "hoi")))) + insert("t70", (key, other)))
    expected = f"info: row {key} of t70: story 7 has something else here than before in: isEdited, views"
    assert f"{expected}\n{other.hex()}" in said(reading)


def test_the_owners_reaction_and_a_medium_of_a_type_that_is_not_known(make: Make):  # noqa: F811
    strange = ENCODING.root(Obj(12345, {"x": ENCODING.i32(1)}))
    reaction = ENCODING.obj(Obj("Reaction", {"cfid": ENCODING.i64(88)}))
    stored = entry(7, "hoi", media=ENCODING.raw(strange), myReaction=reaction)
    reading = reading_of(make, insert("t70", (key_of(BRAM, 7), stored)))
    (story,) = reading.messages
    assert [each.emoji for each in story.reactions] == ["custom emoji 88"]
    assert story.system is not None
    assert story.system.detail is not None
    assert story.system.detail.startswith("a medium of type 12345, which is not known; ")
    assert f"doubt: row {key_of(BRAM, 7)} of t70: a medium of type 12345 is not known\n{strange.hex()}" in (
        said(reading)
    )


def test_every_cut_of_a_story_is_a_story_with_a_doubt_or_a_failed_row(make: Make):  # noqa: F811
    whole = entry(7, "hoi", isEdited=ENCODING.boolean(True))
    for size in range(1, len(whole), 7):
        reading = reading_of(make, insert("t70", (key_of(BRAM, 7), whole[:size])))
        about = [each.severity for each in reading.notices if each.source.table == "t70"]
        assert set(about) == ({"doubt"} if reading.messages else {"failed"}), size


def test_changed_bytes_cost_no_other_story(make: Make):  # noqa: F811
    chance = random.Random(7)
    venue = {"latitude": ENCODING.real(52.5), "longitude": ENCODING.real(float("nan"))}
    whole = listed(
        entry(
            7,
            "hoi 😀",
            media=ENCODING.raw(ENCODING.root(OBJECTS.image(55, OBJECTS.photo_size(55, "y", 9, 9)))),
            mediaAreas=ENCODING.objs(area(0, ENCODING.obj(Obj("Venue", venue)))),
            views=ENCODING.obj(Obj("Views", {"seenPeerIds": ENCODING.i64s(BRAM)})),
            forwardInfo=ENCODING.obj(Obj("ForwardInfo", {"discriminator": ENCODING.i32(1)})),
        )
    )
    rows = []
    for number in range(1, 600):
        changed = bytearray(whole)
        for _ in range(chance.randrange(1, 5)):
            changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        rows.append((key_of(CLEO, number), bytes(changed[: chance.choice((len(whole), len(whole) // 2))])))
    rows.append((key_of(CLEO, 600), whole))
    reading = reading_of(make, insert("t69", *rows))
    counted = reading.accounting["t69"]
    assert counted.rows == 600
    assert reading.messages[-1].text == "hoi 😀"
    for each in reading.messages:
        message_canonical(each)


def test_a_table_of_another_kind_under_these_numbers_is_named_as_unread(make: Make):  # noqa: F811
    reading = reading_of(make, insert("t70", ("00" * 28, b"x")))
    assert "tables that are not read: 1, with 1 rows: t70: 1" in said(reading)
    assert "t70" not in reading.accounting
