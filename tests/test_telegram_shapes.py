"""Objects byte by byte in the shape in which the client stored them in 2016 (layer 72): invented values.

Reference 3 and 4.1. Nothing here comes from the encoder of the fixtures or from the schema.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from test_telegram_faults import OLD_SCHEMA, make, row  # noqa: F401  # a fixture
from whatsapp_installations import Reading

from forensics.model import Account
from parsers.telegram_blobs import BlobReader, MessageBlob
from parsers.telegram_tl_schema import schema

Make = Callable[..., Reading]
WHEN = 1_475_000_000  # 2016-09-27T18:13:20Z
# the constructor, flags (unread, out, and two bits without a meaning), the local number, no timer
HEAD = "f9555555 03030000 b0cbfcff 00000000"
# who wrote, and to whom: a peerUser of that layer
PEERS = "a1860100 6dbcb19d a2860100"
DATE = "c0b6ea57"
# messageMediaEmpty, a vector without entities, and the attach path: empty in a secret chat
TAIL = "2063ed3d 15c4b51c 00000000 00000000"
SHORT = f"{HEAD} {PEERS} {DATE} 0c 476f6564656d6f7267656e21 000000 {TAIL}"
LONG = f"{HEAD} {PEERS} {DATE} 1b 4461742069732065656e2068656c65206c616e6765207061746174 {TAIL}"
KEY = bytes(range(256))
# encryptedChat of that layer: id, access hash, date, who began it, who takes part, 256 bytes, fingerprint
CHAT = f"36ce56fa 0d000000 0102030405060708 {DATE} a1860100 a2860100 fe000100 {KEY.hex()} 1112131415161718"


@pytest.fixture(scope="module")
def blobs() -> BlobReader:
    return BlobReader(schema())


@pytest.mark.parametrize(
    ("stored", "words"), [(SHORT, "Goedemorgen!"), (LONG, "Dat is een hele lange patat")]
)
def test_a_message_of_a_secret_chat_is_read_to_its_last_byte(blobs: BlobReader, stored: str, words: str):
    data = bytes.fromhex(stored)
    assert len(data) % 4 == 0
    found = blobs.message(data)
    assert type(found) is MessageBlob
    value = found.value
    assert (found.problem, found.attach_path, value["message"]) == (None, None, words)
    assert (value["id"], value["ttl"], value["from_id_user_id"], value["date"]) == (
        -209_999 - 1,
        0,
        100001,
        WHEN,
    )
    assert (value.has("unread"), value.has("out"), value.has("mentioned")) == (True, True, False)
    peer, media = value.child("peer_id"), value.child("media")
    assert peer is not None
    assert (peer.name, peer["user_id"]) == ("peerUser", 100002)
    assert media is not None
    assert (media.name, value.children("entities")) == ("messageMediaEmpty", [])


@pytest.mark.parametrize("stored", [SHORT, LONG])
def test_every_cut_of_it_is_told_with_its_place_and_keeps_what_stands_before(blobs: BlobReader, stored: str):
    data = bytes.fromhex(stored)
    # without the attach path, and with half of it, the message itself is whole
    for cut in range(4, len(data) - 4):
        found = blobs.message(data[:cut])
        assert found.problem is not None, cut
        assert found.value is not None, cut
        assert (found.value.number("id") == -210_000) is (cut >= 20), cut


def test_the_object_of_a_secret_chat_is_read_to_its_last_byte(blobs: BlobReader):
    data = bytes.fromhex(CHAT)
    found = blobs.whole(data)
    assert found.value is not None
    assert (found.problem, found.end, len(data)) == (None, 296, 296)
    assert (found.value.name, found.value["id"], found.value["admin_id"]) == ("encryptedChat", 13, 100001)
    assert (found.value["participant_id"], found.value["g_a_or_b"]) == (100002, KEY)


def test_such_rows_are_messages_of_a_secret_chat(make: Make):  # noqa: F811
    rows: list[tuple[Any, ...]] = [
        row(-210_000 - place, sqlite3.Binary(bytes.fromhex(stored)), uid=13 << 32, date=WHEN, out=1)
        for place, stored in enumerate((SHORT, LONG))
    ]
    values = f"(13, 100002, 'bram', x'{CHAT.replace(' ', '')}')"
    reading = make(rows, f"INSERT INTO enc_chats(uid, user, name, data) VALUES {values};", schema=OLD_SCHEMA)
    assert [each.text for each in reading.messages] == ["Dat is een hele lange patat", "Goedemorgen!"]
    assert {each.conversation_kind for each in reading.messages} == {"secret"}
    assert {(each.sent_at, each.from_owner, each.state) for each in reading.messages} == {
        (WHEN * 1000, True, "live")
    }
    assert not [each for each in reading.notices if each.severity in ("doubt", "failed")]
    assert [each.handle for each in reading.records if isinstance(each, Account)] == ["100001"]
    said = "no preferences name the owner: 100001 is the other party of a secret chat"
    assert said in [each.text for each in reading.notices]


@pytest.mark.parametrize("partner", [0, 100003])
def test_a_chat_whose_partner_is_neither_party_does_not_say_who_the_owner_is(make: Make, partner: int):  # noqa: F811
    values = f"(13, {partner}, 'bram', x'{CHAT.replace(' ', '')}')"
    stored = sqlite3.Binary(bytes.fromhex(SHORT))
    rows = [row(-210_000, stored, uid=13 << 32, date=WHEN, out=1)]
    reading = make(rows, f"INSERT INTO enc_chats(uid, user, name, data) VALUES {values};", schema=OLD_SCHEMA)
    assert [each.handle for each in reading.records if isinstance(each, Account)] == [None]
