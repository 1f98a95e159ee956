"""Postbox's objects and the values of t7: pairs of bytes and values, and what no bytes may do."""

from __future__ import annotations

import random
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from postbox_installations import load

from forensics.formats.murmur3 import murmur3
from forensics.formats.postbox import SEED, Node, PostboxError, Problem, read_root, type_hash
from parsers.telegram_postbox_ids import (
    CHANNEL,
    GROUP,
    SECRET,
    USER,
    app_id,
    handle_of,
    hole,
    kind_of,
    listed,
    media_key,
    message_key,
    number_of,
    words_item,
)
from parsers.telegram_postbox_message import read_plain, read_stored

ENCODING, OBJECTS, DIRECT, GROUPS = (load(n) for n in ("encoding", "objects", "cases_direct", "cases_groups"))
Obj = ENCODING.Obj

# --- Hashes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "seed", "value"),
    [  # published with the reference implementation
        (b"", 0, 0),
        (b"", 1, 0x514E28B7),
        (b"", 0xFFFFFFFF, 0x81F16F39),
        (b"\0\0\0\0", 0, 0x2362F9DE),
        (b"aaaa", 0x9747B28C, 0x5A97808A),
        (b"abc", 0x9747B28C, 0xC84A62DD),
        (b"Hello, world!", 0x9747B28C, 0x24884CBA),
        (b"The quick brown fox jumps over the lazy dog", 0x9747B28C, 0x2FA826CD),
    ],
)
def test_the_hash_is_the_published_one(data: bytes, seed: int, value: int):
    assert murmur3(data, seed) & 0xFFFFFFFF == value


@pytest.mark.parametrize(
    ("name", "value"),
    [  # format reference 5.4
        ("TelegramUser", -1637309141),
        ("TelegramGroup", 1721859409),
        ("TelegramChannel", 1667961306),
        ("TelegramSecretChat", 566849114),
        ("TelegramMediaImage", -1951522668),
        ("TelegramMediaFile", 665733176),
        ("TelegramMediaAction", -1132984447),
        ("TelegramMediaPoll", -165764138),
        ("TextEntitiesMessageAttribute", -252989213),
        ("ReplyMessageAttribute", 478003709),
        ("EditedMessageAttribute", -1840307943),
        ("ReactionsMessageAttribute", 210987334),
        ("CloudDocumentMediaResource", 486562374),
        ("AuthorizedAccountState", 1601241862),
    ],
)
def test_types_have_the_hashes_of_the_reference(name: str, value: int):
    assert type_hash(name) == value


@given(st.binary(max_size=70))
def test_two_implementations_of_the_hash_agree(data: bytes):
    assert murmur3(data, SEED) == ENCODING.murmur(data)


# --- Objects ------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> tuple[Node, list[Problem]]:
    problems: list[Problem] = []
    return read_root(data, problems), problems


def test_bytes_and_the_object_they_are():
    inner = (
        b"\x01a\x00\xfe\xff\xff\xff" + b"\x02bc\x04\x02\x00\x00\x00\xc3\xa9" + b"\x01d\x0b" + b"\x01e\x02\x01"
    )
    data = b"\x01_\x05" + struct.pack("<ii", 7, len(inner)) + inner
    node, problems = decoded(data)
    assert (node.type, dict(node.fields), problems) == (7, {"a": -2, "bc": "é", "d": None, "e": True}, [])
    assert (node.number("a"), node.text("bc"), node.flag("e"), node.number("e")) == (-2, "é", True, None)


KEYS = st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=5)
I32, I64 = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)
SCALARS = st.one_of(
    st.tuples(st.just("i32"), I32),
    st.tuples(st.just("i64"), I64),
    st.tuples(st.just("boolean"), st.booleans()),
    st.tuples(st.just("real"), st.floats(allow_nan=False)),
    st.tuples(st.just("text"), st.text(max_size=9)),
    st.tuples(st.just("raw"), st.binary(max_size=9)),
    st.just(("nil", None)),
    st.tuples(st.just("i32s"), st.lists(I32, max_size=3)),
    st.tuples(st.just("i64s"), st.lists(I64, max_size=3)),
    st.tuples(st.just("texts"), st.lists(st.text(max_size=4), max_size=3)),
    st.tuples(st.just("raws"), st.lists(st.binary(max_size=4), max_size=3)),
)
OBJECTS_OF = st.recursive(
    st.tuples(I32, st.dictionaries(KEYS, SCALARS, max_size=4)),
    lambda inner: st.tuples(
        I32,
        st.dictionaries(
            KEYS,
            st.one_of(
                SCALARS,
                st.tuples(st.just("obj"), inner),
                st.tuples(st.just("objs"), st.lists(inner, max_size=3)),
                st.tuples(st.just("pairs"), st.lists(st.tuples(inner, inner), max_size=2)),
            ),
            max_size=4,
        ),
    ),
    max_leaves=8,
)


def written(value: tuple[int, dict[str, Any]]) -> Any:
    """An object for the encoder of the fixtures."""
    fields = {}
    for key, (kind, each) in value[1].items():
        match kind:
            case "nil":
                fields[key] = ENCODING.NIL
            case "obj":
                fields[key] = ENCODING.obj(written(each))
            case "objs":
                fields[key] = ENCODING.objs(*map(written, each))
            case "pairs":
                fields[key] = ENCODING.pairs(*((written(a), written(b)) for a, b in each))
            case "i32s" | "i64s" | "texts" | "raws":
                fields[key] = getattr(ENCODING, kind)(*each)
            case _:
                fields[key] = getattr(ENCODING, kind)(each)
    return Obj(value[0], fields)


def same(node: Node, value: tuple[int, dict[str, Any]]) -> bool:
    if node.type != value[0] or list(node.fields) != list(value[1]):
        return False
    for key, (kind, wanted) in value[1].items():
        found: Any = node.fields[key]
        match kind:
            case "obj":
                right = same(found, wanted)
            case "objs":
                right = len(found) == len(wanted) and all(map(same, found, wanted))
            case "pairs":
                right = len(found) == len(wanted) and all(
                    same(a, c) and same(b, d) for (a, b), (c, d) in zip(found, wanted, strict=True)
                )
            case _:
                right = found == wanted and type(found) is type(wanted)
        if not right:
            return False
    return True


@given(OBJECTS_OF)
def test_what_is_written_is_read(value: tuple[int, dict[str, Any]]):
    node, problems = decoded(ENCODING.root(written(value)))
    assert same(node, value)
    assert problems == []


@given(OBJECTS_OF)
def test_every_truncation_is_an_error_of_the_format(value: tuple[int, dict[str, Any]]):
    data = ENCODING.root(written(value))
    for size in range(len(data)):
        with pytest.raises(PostboxError):
            decoded(data[:size])


@given(OBJECTS_OF, st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_an_error_a_problem_or_another_value(value: Any, place: int, change: int):
    data = bytearray(ENCODING.root(written(value)))
    data[place % len(data)] ^= change
    try:
        decoded(bytes(data))
    except PostboxError as error:
        assert 0 <= error.offset <= len(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(data: bytes):
    for each in (data, b"\x01_\x05" + struct.pack("<ii", 1, len(data)) + data):
        try:
            decoded(each)
        except PostboxError as error:
            assert "at offset" in str(error)
        read_stored(each)
        read_plain(each)


def test_what_is_wrong_within_an_object_costs_what_follows_within_it():
    inner = Obj("Inner", {"first": ENCODING.i32(1), "broken": b"\x63", "last": ENCODING.i32(2)})
    node, problems = decoded(
        ENCODING.root(Obj("Outer", {"in": ENCODING.obj(inner), "after": ENCODING.i32(3)}))
    )
    child = node.child("in")
    assert child is not None
    assert dict(child.fields) == {"first": 1}
    assert node.number("after") == 3
    ((text, _offset, _raw),) = problems
    assert "entry 'broken' has the unknown type 99" in text


def test_objects_nested_without_end_and_counts_without_measure_are_refused():
    nest = b""
    for _ in range(3000):
        nest = b"\x01a\x05" + struct.pack("<ii", 1, len(nest)) + nest
    node, problems = decoded(b"\x01_\x05" + struct.pack("<ii", 1, len(nest)) + nest)
    assert any("nested deeper than 64" in each.text for each in problems)
    assert node.child("a") is not None
    for kind in (6, 7, 8, 9, 10, 12, 13, 4):
        for count in (-1, 2**31 - 1):
            data = ENCODING.root(Obj("X", {"a": bytes([kind]) + struct.pack("<i", count)}))
            assert len(decoded(data)[1]) == 1


def test_of_an_entry_that_stands_twice_the_first_counts_and_a_text_that_is_none_is_named():
    twice = ENCODING.entries({"a": ENCODING.i32(1)}) + ENCODING.entries({"a": ENCODING.i32(2)})
    node, problems = decoded(b"\x01_\x05" + struct.pack("<ii", 1, len(twice)) + twice + b"\0")
    assert node.number("a") == 1
    assert [each.text for each in problems] == ["entry 'a' stands there twice", "1 bytes are left"]
    node, problems = decoded(ENCODING.root(Obj("X", {"a": ENCODING.text(b"x\xff")})))
    assert (node.text("a"), problems[0].raw) == ("x�", b"x\xff")


# --- Ids and keys -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "kind", "number", "handle"),
    [
        (100000001, USER, 100000001, "100000001"),
        (0x82A05F203, USER, 5000000003, "5000000003"),
        (0x100000FA1, GROUP, 4001, "-4001"),
        (0x259682F01, CHANNEL, 1500000001, "-1500000001"),
        (0x3ABCDEF6A, SECRET, -1412567190, str(1 << 62 | 0xABCDEF6A)),
        (0x7FFFFFFF00000000, 7, 0x0FFFFFFF << 32, str(0x7FFFFFFF00000000)),
    ],
)
def test_a_peer_is_a_kind_and_a_number(peer: int, kind: int, number: int, handle: str):
    assert (kind_of(peer), number_of(peer), handle_of(peer)) == (kind, number, handle)


@given(st.sampled_from([USER, GROUP, CHANNEL]), st.integers(0, 2**60 - 1))
def test_every_peer_that_is_written_is_read(kind: int, number: int):
    packed = ENCODING.peer(kind, number)
    peer = packed - (1 << 64) if packed >> 63 else packed
    assert (kind_of(peer), number_of(peer)) == (kind, number)


@given(st.binary(max_size=30), st.binary(max_size=30), st.text(max_size=40))
def test_no_key_does_anything_but_be_one_or_not(key: bytes, value: bytes, text: str):
    for found in (message_key(key), media_key(key), listed(key, value), hole(key, value), words_item(text)):
        assert found is None or isinstance(found, tuple)


def test_ids_of_the_index_of_words():
    assert words_item("p100000001a0b999") == (100000001, 0, 999)
    assert words_item(f"p{2**64 - 1}a{2**32 - 1}b{2**32 - 5}") == (-1, -1, -5)
    for other in ("", "p1a2", "p1a2b3 ", f"p{2**64}a0b1", "p1a2b-3", "P1a2b3"):
        assert words_item(other) is None
    assert (app_id(0, 7), app_id(2, 7)) == ("7", "2:7")


# --- The values of t7 ---------------------------------------------------------------------------------------


def values() -> list[bytes]:
    """All values of t7 in the golden cases."""
    found = []
    for sql in (DIRECT.direct(), DIRECT.media(), GROUPS.groups(), GROUPS.secrets()):
        for line in sql.splitlines():
            if line.startswith("INSERT INTO t7"):
                found.append(bytes.fromhex(line.split("X'")[2].split("'")[0]))
    return found


VALUES = values()


def test_every_truncation_of_every_message_keeps_what_stands_before():
    for data in VALUES:
        whole = read_stored(data)
        assert (whole.problem, whole.damaged) == (None, [])
        for size in range(1, len(data)):
            cut = read_stored(data[:size])
            assert cut.problem is not None
            if cut.missing in ("attributes", "media"):
                assert cut.text == whole.text
            assert read_plain(data[:size]) is None


def test_the_short_way_says_what_the_long_one_says():
    plain = [data for data in VALUES if read_plain(data) is not None]
    assert len(plain) >= 10
    for data in plain:
        short, long = read_plain(data), read_stored(data)
        assert short is not None
        assert (short.flags, short.author, short.text) == (long.flags, long.author, long.text)
        assert not (
            long.attributes or long.media or long.referenced or long.forward or long.tags or long.damaged
        )


@given(
    st.binary(max_size=12) | st.text(max_size=12).map(str.encode),
    st.none() | I64,
    st.integers(0, 511),
    st.sampled_from([0, 1024]),
    st.booleans(),
    st.integers(0, 6),
)
def test_the_short_way_is_taken_only_where_nothing_is_lost(words, author, flags, tags, unique, more):
    options = {"unique": 5} if unique else {}
    options |= {"album": 6} if more == 1 else {"thread": 7} if more == 2 else {}
    attributes = [Obj("EditedMessageAttribute", {"d": ENCODING.i32(1)})] if more == 3 else []
    forward = ENCODING.Forwarded(0, 1) if more == 4 else None
    data = ENCODING.message(
        words,
        author,
        flags,
        tags=tags,
        forward=forward,
        attributes=attributes,
        referenced=[(0, 1)] if more == 5 else [],
        **options,
    )
    short, long = read_plain(data), read_stored(data)
    assert (long.flags, long.author, long.tags) == (flags, author, tags)
    if short is not None:
        assert (short.flags, short.author, short.text) == (flags, author, long.text)
        assert more in (0, 6)
        assert not tags
        assert not long.damaged


def test_no_changed_byte_of_a_message_raises_anything():
    chance = random.Random(11)
    for data in VALUES:
        for _ in range(40):
            changed = bytearray(data)
            for _ in range(chance.randrange(1, 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            read_stored(bytes(changed))
            read_plain(bytes(changed))
