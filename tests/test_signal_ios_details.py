"""Signal for iOS: what became of a message with each recipient, events in words, and stories."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from uuid import UUID

import pytest
from fixture_programs import load
from hypothesis import given
from hypothesis import strategies as st
from keyed_archives import Fields, archived
from signal_golden import NAMES, read
from unsynced import unsynced

from forensics.mentions import UNPLACED
from forensics.model import Participant, Receipt
from parsers import signal_archive, signal_json
from parsers.signal_archive import ArchiveError
from parsers.signal_ios import SignalIos
from parsers.signal_ios_mentions import in_order

BUILD = load("signal_ios")
NOOR, BRAM, CLEO = NAMES["@noor"], NAMES["@bram"], NAMES["@cleo"]
TABLE, KEY = "model_TSInteraction", "InfoMessageUserInfoKey"
AT = 1_709_546_400_000
STORIES = """
CREATE TABLE model_StoryMessage (id INTEGER PRIMARY KEY, recordType INTEGER, uniqueId TEXT, timestamp INTEGER,
  authorUuid, groupId BLOB, direction INTEGER, manifest, attachment, replyCount INTEGER);
CREATE TABLE StoryMessageAttachmentReference (ownerType INTEGER, ownerRowId INTEGER, attachmentRowId INTEGER,
  shouldLoop BOOLEAN, caption TEXT, captionBodyRanges BLOB, sourceFilename TEXT);
"""


@pytest.fixture
def reading(tmp_path):
    def make(script: str = "", rows=(), columns: str = "", files=()):
        root = BUILD.build("modern", tmp_path / "root")
        (main,) = root.rglob("signal.sqlite")
        with closing(unsynced(main)) as connection:
            if columns:
                connection.execute(f"ALTER TABLE {TABLE} ADD COLUMN {columns}")
            connection.executescript(script)
            for statement, values in rows:
                connection.execute(statement, values)
            connection.commit()
        for path, data in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        return read(SignalIos(), main, root, tmp_path / "work")

    return make


def person(found, handle: str) -> str:
    return next(each.id for each in found.of(Participant) if each.handle == handle)


def address(service: str) -> Fields:
    return Fields({"backingUuid": service})


def with_states(reading, row: int, states) -> object:
    update = f"UPDATE {TABLE} SET recipientAddressStates = ? WHERE id = ?"
    return reading(columns="recipientAddressStates BLOB", rows=[(update, (archived(states), row))])


def test_receipts_of_each_recipient(reading):
    states = [
        (address(BRAM), Fields({"state": 6, "statusTimestamp": AT + 5000, "wasSentByUD": 1})),
        (address(CLEO), Fields({"state": 3, "deliveryTimestamp": AT + 1000, "readTimestamp": AT + 2000})),
        (address("00000000-0000-4000-8000-000000000077"), Fields({"state": 2, "statusTimestamp": AT})),
    ]
    found = with_states(reading, 2, states)
    message = found.message(2, TABLE)
    assert message.status == "read"
    assert message.receipts == (
        Receipt(participant=person(found, BRAM), delivered_at=None, read_at=AT + 5000, played_at=None),
        Receipt(participant=person(found, CLEO), delivered_at=AT + 1000, read_at=AT + 2000, played_at=None),
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0, "failed"),
        (1, "pending"),
        (3, "sent"),
        (4, "pending"),
        (5, "delivered"),
        (6, "read"),
        (7, "played"),
    ],
)
def test_how_far_a_message_came(code, status, reading):
    state = Fields({"state": code, "statusTimestamp": AT + 9000})
    message = with_states(reading, 2, [(address(BRAM), state)]).message(2, TABLE)
    assert message.status == status
    assert message.delivered_at == (AT + 9000 if code == 5 else None)
    assert message.read_at == (AT + 9000 if code == 6 else None)


def test_an_unknown_state_and_an_archive_that_cannot_be_read_are_told(reading):
    found = with_states(reading, 2, [(address(BRAM), Fields({"state": 42, "statusTimestamp": AT}))])
    assert found.message(2, TABLE).status == "sent"  # what the row itself says
    assert any("state of a recipient 42" in each.text for each in found.notices)


def test_a_damaged_archive_of_states_costs_only_them(reading):
    update = f"UPDATE {TABLE} SET recipientAddressStates = X'62706C6973743030' WHERE id = 2"
    found = reading(columns="recipientAddressStates BLOB", script=update)
    assert found.message(2, TABLE).text == "Ja, kom maar"
    assert any("recipientAddressStates cannot be read" in each.text for each in found.notices)


@pytest.mark.parametrize(
    ("stored", "status"),
    [(0, "pending"), (1, "failed"), (2, "sent"), (3, "delivered"), (4, "sent"), (5, "pending"), (9, None)],
)
def test_the_state_that_the_row_holds(stored, status, reading):
    found = reading(f"UPDATE {TABLE} SET storedMessageState = {stored} WHERE id = 2")
    assert found.message(2, TABLE).status == status


ITEMS = [
    {"nameChangedByOtherUser": {"updaterAci": BRAM.upper(), "newGroupName": "Kampvuur"}},
    {"wasMigrated": {}},
    {"sequenceOfInviteLinkRequestAndCancels": {"requester": CLEO, "count": 3, "isTail": True}},
]
GROUP = [Fields({"groupName": name}) for name in ("Kampeerders", "Kampvuur")]
SPOKEN_BRAM = "Bram van de boot (+31600000001)"


@pytest.mark.parametrize(
    ("info", "detail"),
    [
        (
            {f"{KEY}UpdateMessagesV2": Fields({"messagesKey": json.dumps(ITEMS).encode()})},
            f"name changed by other user: {SPOKEN_BRAM}, new group name Kampvuur; was migrated; "
            f"sequence of invite link request and cancels: Cleo ({CLEO}), count 3, is tail True",
        ),
        (
            {
                f"{KEY}OldGroupModel": GROUP[0],
                f"{KEY}NewGroupModel": GROUP[1],
                f"{KEY}GroupUpdateSourceAddress": address(BRAM),
            },
            f"by {SPOKEN_BRAM}; title: Kampvuur",
        ),
        (
            {f"{KEY}ProfileChanges": Fields({"oldNameLiteral": "Brammetje", "newNameLiteral": "Bram"})},
            "profile name: 'Brammetje' before, 'Bram' now",
        ),
        (
            {
                f"{KEY}ProfileChanges": Fields(
                    {
                        "oldNameComponents": Fields(
                            {"NS.nameComponentsPrivate": Fields({"NS.givenName": "B"})}
                        ),
                        "newNameComponents": Fields({"NS.givenName": "Bram", "NS.familyName": "Bos"}),
                    }
                )
            },
            "profile name: 'B' before, 'Bram Bos' now",
        ),
        (
            {
                f"{KEY}ChangePhoneNumberOld": "+31600000001",
                f"{KEY}ChangePhoneNumberNew": "+31600000009",
            },
            "number +31600000001 before, +31600000009 now",
        ),
        ({f"{KEY}ThreadMergePhoneNumber": "+31600000005"}, "number +31600000005"),
        ({f"{KEY}UsernameDisplayNameBeforeLearningProfileName": "b.01"}, "before known as b.01"),
        (
            {f"{KEY}NewDisappearingMessageToken": Fields({"isEnabled": 1, "durationSeconds": 3600})},
            "disappearing messages after 3600 s",
        ),
        ({"InfoMessageUserInfoKeyOfLater": "x"}, None),
    ],
)
def test_events_in_words(info, detail, reading):
    update = f"UPDATE {TABLE} SET messageType = 3, infoMessageUserInfo = ? WHERE id = 8"
    message = reading(rows=[(update, (archived(info),))]).message(8, TABLE)
    assert (message.system.type, message.system.code, message.system.detail) == ("group updated", 3, detail)


@pytest.mark.parametrize(
    "data", [b"bplist00", archived({f"{KEY}UpdateMessagesV2": Fields({"messagesKey": b"{"})})]
)
def test_details_that_cannot_be_read_are_told(data, reading):
    update = f"UPDATE {TABLE} SET messageType = 3, infoMessageUserInfo = ? WHERE id = 8"
    found = reading(rows=[(update, (data,))])
    assert found.message(8, TABLE).system.detail is None
    assert any("infoMessageUserInfo cannot be read" in each.text for each in found.notices)


def test_what_is_wrong_in_the_json_of_an_app_is_said_in_words_of_our_own():
    with pytest.raises(signal_json.JsonError, match="a whole number of thousands of digits"):
        signal_json.parsed('{"a": ' + "9" * 5000 + "}")
    with pytest.raises(signal_json.JsonError, match="values nested too deep"):
        signal_json.parsed("[" * 100_000)


def story(number: int, author, direction: int, manifest, attachment, group=None):
    values = (number, AT + number, author, group, direction, json.dumps(manifest), json.dumps(attachment))
    statement = (
        "INSERT INTO model_StoryMessage (id, timestamp, authorUuid, groupId, direction, manifest, "
        "attachment) VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    return statement, values


RECEIVED = {"incoming": {"receivedState": {"allowsReplies": True, "receivedTimestamp": AT + 500}}}
SENT = {
    "outgoing": {
        "recipientStates": [
            BRAM.upper(),
            {"allowsReplies": True, "contexts": [], "sendingState": 3, "viewedTimestamp": AT + 700},
            CLEO.upper(),
            {"allowsReplies": True, "contexts": [], "sendingState": 0},
        ]
    }
}


def test_stories_are_read_with_who_saw_them(reading):
    picture = b"een plaat"
    group = bytes(31) + b"\xaa"
    rows = [
        story(1, UUID(BRAM).bytes, 0, RECEIVED, {"text": {"_0": {"text": "buiten!", "textStyle": 0}}}),
        story(2, NOOR.upper(), 1, SENT, {"foreignReferenceAttachment": {}}),
        story(3, BRAM.upper(), 0, RECEIVED, {"file": {"_0": {"attachmentId": "oud-9"}}}, group),
        (
            "INSERT INTO Attachment (id, mimeType, encryptionKey, unencryptedByteCount, "
            "localRelativeFilePath) VALUES (50, 'image/png', X'00', 9, 'weg/weg')",
            (),
        ),
        ("INSERT INTO StoryMessageAttachmentReference VALUES (0, 2, 50, 0, 'zon', NULL, 'zon.png')", ()),
        (
            "INSERT INTO model_TSAttachment (id, uniqueId, byteCount, contentType, localRelativeFilePath) "
            "VALUES (9, 'oud-9', 9, 'image/png', 'a9/oud9.png')",
            (),
        ),
    ]
    found = reading(STORIES, rows, files=[("Attachments/a9/oud9.png", picture)])
    one, two, three = (found.message(number, "model_StoryMessage") for number in (1, 2, 3))
    assert (one.kind, one.text, one.from_owner, one.sender) == (
        "story",
        "buiten!",
        False,
        person(found, BRAM),
    )
    assert (one.sent_at, one.received_at, one.conversation_kind) == (AT + 1, AT + 500, "status")
    assert (two.from_owner, two.sender, two.status) == (True, person(found, NOOR), "played")
    assert two.receipts == (
        Receipt(participant=person(found, BRAM), delivered_at=None, read_at=None, played_at=AT + 700),
    )
    (file,) = two.attachments
    assert (file.kind, file.caption, file.filename, file.present, file.size) == (
        "image",
        "zon",
        "zon.png",
        False,
        9,
    )
    assert (three.conversation_kind, three.text) == ("group", None)
    (old,) = three.attachments
    assert (old.present, old.sha256) == (True, hashlib.sha256(picture).hexdigest())
    accounting = found.accounting["model_StoryMessage"]
    assert (accounting.rows, accounting.messages, accounting.failed) == (3, 3, 0)


def test_a_story_whose_json_is_damaged_is_still_a_story(reading):
    row = (
        "INSERT INTO model_StoryMessage (id, timestamp, direction, manifest, attachment) "
        "VALUES (1, ?, 0, '{', 5)",
        (AT,),
    )
    found = reading(STORIES, [row])
    message = found.message(1, "model_StoryMessage")
    assert (message.kind, message.text, message.received_at) == ("story", None, None)
    assert any("manifest cannot be read" in each.text for each in found.notices)


# --- Mentions ---------------------------------------------------------------------------------------------


def ranges(*mentions: tuple[int, str]) -> bytes:
    """The app's archive of mentions: where each stands, and who it is."""
    fields: dict[str, object] = {"mentionsCount": len(mentions), "stylesCount": 0}
    for number, (place, aci) in enumerate(mentions):
        value = Fields({"NS.special": 4, "NS.rangeval.location": place, "NS.rangeval.length": 1})
        fields[f"mentions.range.{number}"] = value
        fields[f"mentions.uuid.{number}"] = Fields({"NS.uuidbytes": UUID(aci).bytes})
    return archived(Fields(fields))


def with_mentions(reading, blob: bytes | None):
    """Row 6, with two places in its text, and the table of mentions in the other order."""
    text = f"UPDATE {TABLE} SET body = char(65532) || ' en ' || char(65532), bodyRanges = ? WHERE id = 6"
    table = "INSERT INTO model_TSMention (id, uniqueMessageId, uuidString) VALUES (2, 'i6', ?)"
    return reading(columns="bodyRanges BLOB", rows=[(text, (blob,)), (table, (BRAM,))])


@pytest.mark.parametrize("mentions", [((0, BRAM), (5, NOOR)), ((5, NOOR), (0, BRAM))])
def test_two_who_are_mentioned_stand_in_the_order_of_their_places(reading, mentions):
    found = with_mentions(reading, ranges(*mentions))
    message = found.message(6, TABLE)
    assert message.mentions == (person(found, BRAM), person(found, NOOR))
    assert message.system is None


@pytest.mark.parametrize(
    "blob", [None, b"bplist00", ranges((0, BRAM)), ranges((0, CLEO), (5, BRAM)), archived(Fields({}))]
)
def test_where_the_places_are_not_known_nobody_is_put_there(reading, blob):
    found = with_mentions(reading, blob)
    message = found.message(6, TABLE)
    assert {person(found, BRAM), person(found, NOOR)} <= set(message.mentions)
    assert message.system is not None
    assert message.system.type == UNPLACED
    assert message.kind == "text"
    assert any("who stands where in its text" in each.text for each in found.notices)


@given(st.data())
def test_any_changed_byte_of_the_places_gives_an_order_or_the_own_error(data):
    blob = bytearray(ranges((0, BRAM), (5, NOOR)))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    for each in (bytes(blob), bytes(blob[:place])):
        try:
            assert all(isinstance(aci, str) for aci in in_order(signal_archive.object_in(each)))
        except ArchiveError:
            continue
