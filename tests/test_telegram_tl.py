"""The decoder of TL objects against an encoder that shares nothing with it but the schema's text."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc
from typing import Any

import pytest
import tl_encoding as tl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forensics.formats.tl import TlError
from parsers.telegram_tl import MOST_NESTED, BrokenObject, Decoder
from parsers.telegram_tl_schema import Schema, parse_line, schema
from parsers.telegram_tl_value import Value

# Types that no constructor of the schema has: an object that needs one cannot be made.
UNKNOWN_TYPES = {
    "ChannelAdminRights_layer92",
    "ChannelBannedRights_layer92",
    "ipPort",
}
IDS = schema().ids()


def needs_unknown(number: int) -> bool:
    kinds = {field["type"].removeprefix("Vector<").rstrip(">") for field in tl.fields(number)}
    return bool(kinds & UNKNOWN_TYPES)


MAKABLE = [number for number in IDS if not needs_unknown(number)]
MESSAGES = tl.by_type()["Message"]


def plain(value: Any) -> Any:
    if isinstance(value, Value):
        return {"_": value.constructor.id, **{key: plain(each) for key, each in value.items()}}
    return [plain(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(schema())


def test_every_constructor_of_every_layer_is_read_to_its_last_byte(decoder: Decoder):
    """With all of its conditional fields, with none, and with some."""
    assert len(IDS) == 3309
    for number in MAKABLE:
        for share in (0.0, 1.0, 0.5):
            data, wanted = tl.made(random.Random(number), number, share=share)
            value, end = decoder.read(data)
            assert end == len(data), value.name
            assert plain(value) == wanted


def test_second_layouts_are_read_by_the_variant(decoder: Decoder):
    with_more = [number for number in IDS if len(tl.lines()[number]) > 1]
    assert len(with_more) == 9
    data = tl.obj("channel#46aeac06", 1, id=7, title="T", photo=tl.obj("chatPhotoEmpty"), date=1,
                  bot_verification_icon=1 << 40)  # fmt: skip
    with pytest.raises(TlError):
        decoder.read(data)
    value, end = Decoder(schema(), 1).read(data)
    assert (end, value["bot_verification_icon"], value["title"]) == (len(data), 1 << 40, "T")


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(MAKABLE), st.integers(0, 1 << 32))
def test_what_is_encoded_is_decoded(number: int, seed: int):
    data, wanted = tl.made(random.Random(seed), number)
    value, end = Decoder(schema()).read(data)
    assert (plain(value), end) == (wanted, len(data))


@pytest.mark.parametrize("number", MESSAGES, ids=lambda each: f"{each:08x}")
def test_every_truncation_of_a_message_raises_the_formats_error(number: int, decoder: Decoder):
    data, _ = tl.made(random.Random(1), number, share=0.6)
    data = data[:2000]
    for length in range(0, len(data) - 1, 1 if len(data) < 400 else 3):
        with pytest.raises(TlError):
            decoder.read(data[:length])
            raise AssertionError(f"{length} bytes of {len(data)} were enough")


def test_the_fields_before_the_place_of_the_error_are_kept(decoder: Decoder):
    peer = tl.obj("peerUser#59511722", user_id=5)
    unknown = b"\x01\x02\x03\x04"
    message = tl.obj(
        "message#9815cec8", id=1, peer_id=peer, date=9, message="menu", media=unknown, entities=[]
    )
    with pytest.raises(BrokenObject, match="constructor 0x04030201 is not known at offset 40") as caught:
        decoder.read(message)
    assert (caught.value.constructor, caught.value.offset) == (0x04030201, 40)
    assert caught.value.partial.text("message") == "menu"
    assert caught.value.partial.child("peer_id") == {"user_id": 5}
    nested = tl.obj(
        "messageMediaDocument#52d8ccd9",
        document=tl.obj(
            "document#8fd4c4d8", id=3, access_hash=1, file_reference=b"", date=1,
            mime_type="image/webp", size=9, dc_id=2, attributes=[
                tl.obj("documentAttributeFilename", file_name="a.webp"), b"\x01\0\0\0"]),
    )  # fmt: skip
    with pytest.raises(BrokenObject) as caught:
        decoder.read(nested)
    document = caught.value.partial.child("document")
    assert document is not None
    assert document.children("attributes")[0].text("file_name") == "a.webp"


def test_objects_are_nested_only_so_deep(decoder: Decoder):
    data = struct.pack("<I", 0x6724ABC4) * 100_000 + struct.pack("<I", 0xDC3D824F)
    with pytest.raises(TlError, match=f"deeper than {MOST_NESTED}"):
        decoder.read(data)


def test_hostile_counts_make_nothing_large(decoder: Decoder):
    peer = tl.obj("peerUser#59511722", user_id=5)
    message = tl.obj("message#9815cec8", id=1, peer_id=peer, date=9, message="x", entities=[])
    position = message.rindex(struct.pack("<I", 0x1CB5C415)) + 4
    tracemalloc.start()
    for count in (1 << 31, 0xFFFFFFFF, 1 << 28):
        with pytest.raises(TlError, match="a vector of"):
            decoder.read(message[:position] + struct.pack("<I", count))
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def mutate(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                changed[place : place + 4] = struct.pack(
                    "<I", chance.choice((0, 0xFFFFFFFF, 1 << 31, 0x1CB5C415))
                )
            case 2:
                del changed[place : place + chance.randrange(1, 9)]
            case _:
                changed[place:place] = chance.randbytes(4)
        if not changed:
            return b""
    return bytes(changed)


def mutated(decoder: Decoder, rounds: int) -> None:
    chance = random.Random(4)
    originals = [tl.made(random.Random(n), number, share=0.7)[0][:4000] for n, number in enumerate(MESSAGES)]
    for turn in range(rounds):
        data = mutate(chance, originals[turn % len(originals)])
        started = time.perf_counter()
        try:
            value, end = decoder.read(data)
            assert 0 < end <= len(data)
            assert isinstance(value, Value)
        except TlError as error:
            assert 0 <= error.offset <= len(data)
        assert time.perf_counter() - started < 5


def test_mutated_messages_are_read_or_refused(decoder: Decoder):
    mutated(decoder, 3000)


@pytest.mark.full
def test_a_hundred_thousand_mutated_messages_are_read_or_refused(decoder: Decoder):
    mutated(decoder, 100_000)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x44\xb4\x6f\x44")
def test_any_bytes_are_read_or_refused(data: bytes):
    try:
        _value, end = Decoder(schema()).read(data)
        assert end <= len(data)
    except TlError as error:
        assert 0 <= error.offset <= len(data)


def test_bits_that_are_fields_are_asked_for_by_name(decoder: Decoder):
    data = tl.obj("channel#fe685355", id=7, title="Menu", photo=tl.obj("chatPhotoEmpty"), date=1,
                  broadcast=True, autotranslation=True)  # fmt: skip
    value, _ = decoder.read(data)
    assert value.has("broadcast")
    assert value.has("autotranslation")
    assert not value.has("megagroup")
    assert not value.has("no_such_bit")


def test_a_field_of_another_type_is_none(decoder: Decoder):
    value, _ = decoder.read(tl.obj("peerUser#59511722", user_id=5))
    assert value.number("user_id") == 5
    for ask in (value.text, value.child, value.raw, value.real):
        assert ask("user_id") is None
    assert not value.children("user_id")
    assert not value.numbers("user_id")


def test_flags_that_depend_on_flags_are_read_one_by_one():
    """No layout of the table is like that; a later one may be."""
    line = "thing#00000001 flags:# count:flags.0?int flags2:# text:flags2.3?string last:int = Thing"
    decoder = Decoder(Schema(line))
    data = struct.pack("<IIiI", 1, 1, 7, 8) + tl.string("x") + struct.pack("<i", 9)
    assert dict(decoder.read(data)[0]) == {"flags": 1, "count": 7, "flags2": 8, "text": "x", "last": 9}
    data = struct.pack("<IIIi", 1, 0, 0, 9)
    assert dict(decoder.read(data)[0]) == {"flags": 0, "flags2": 0, "last": 9}


def test_a_line_of_the_schema_is_read():
    found = parse_line("%a.b#0000002a flags:# bit:flags.3?true list:flags.4?Vector<Peer> = a.B // someone")
    assert (found.id, found.name, found.type) == (42, "a.b", "a.B")
    assert found.bits == {"bit": ("flags", 8)}
    assert [(each.name, each.item) for each in found.wire] == [("flags", None), ("list", "Peer")]
