"""The wire format against the specification's own examples, an independent writer, and every truncation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats import protobuf
from forensics.formats.protobuf import Field, ProtobufError, fields, varint


def write_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def write_field(number: int, wire_type: int, value: int | bytes) -> bytes:
    tag = write_varint(number << 3 | wire_type)
    if isinstance(value, bytes):
        if wire_type == protobuf.GROUP_START:
            return tag + value + write_varint(number << 3 | protobuf.GROUP_END)
        return tag + write_varint(len(value)) + value
    if wire_type == protobuf.VARINT:
        return tag + write_varint(value)
    return tag + value.to_bytes(8 if wire_type == protobuf.FIXED64 else 4, "little")


numbers = st.integers(1, (1 << 29) - 1)
scalars = st.one_of(
    st.tuples(numbers, st.just(protobuf.VARINT), st.integers(0, (1 << 64) - 1)),
    st.tuples(numbers, st.just(protobuf.FIXED64), st.integers(0, (1 << 64) - 1)),
    st.tuples(numbers, st.just(protobuf.FIXED32), st.integers(0, (1 << 32) - 1)),
    st.tuples(numbers, st.just(protobuf.LENGTH_DELIMITED), st.binary(max_size=300)),
)
messages = st.lists(
    st.one_of(
        scalars,
        st.builds(
            lambda number, inner: (
                number,
                protobuf.GROUP_START,
                b"".join(write_field(*entry) for entry in inner),
            ),
            numbers,
            st.lists(scalars, max_size=2),
        ),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # protobuf.dev, "Encoding": a simple message, a string, packed repeated numbers, an optional group.
        (b"\x08\x96\x01", [Field(1, 0, 150, 0)]),
        (b"\x12\x07testing", [Field(2, 2, b"testing", 0)]),
        (b"\x32\x06\x03\x8e\x02\x9e\xa7\x05", [Field(6, 2, b"\x03\x8e\x02\x9e\xa7\x05", 0)]),
        (b"\x1a\x03\x08\x96\x01", [Field(3, 2, b"\x08\x96\x01", 0)]),
        (b"\x43\x08\x01\x44", [Field(8, 3, b"\x08\x01", 0)]),
        (b"\x08\x01\x15\x04\x03\x02\x01\x09\x08\x07\x06\x05\x04\x03\x02\x01",
         [Field(1, 0, 1, 0), Field(2, 5, 0x01020304, 2), Field(1, 1, 0x0102030405060708, 7)]),
        (b"", []),
    ],
)  # fmt: skip
def test_fields_of_known_bytes(data, expected):
    assert fields(data) == expected


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\xbc\x01", 188),
        (b"\x81\x01", 129),
        (b"\xd0\x02", 336),
        (b"\x80\x80\x00", 0),
        (b"\xff" * 9 + b"\x01", (1 << 64) - 1),
        (b"\xfe" + b"\xff" * 8 + b"\x7f", (1 << 64) - 2),
    ],
)
def test_varints_of_known_bytes(data, value):
    assert varint(data + b"rest") == (value, len(data))


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",
        b"\xff" * 9,
        b"\xff" * 10 + b"\x01",
        b"\x00\x01",
        b"\x06",
        b"\x07",
        b"\x0c",
        b"\x43\x08\x01",
        b"\x43\x08\x01\x4c",
        b"\x0b" * 200 + b"\x0c" * 200,
        b"\x80\x80\x80\x80\x10\x00",
        b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ],
)
def test_malformed_bytes_raise_the_own_error(data):
    with pytest.raises(ProtobufError):
        fields(data)


@given(messages)
def test_what_is_written_is_read(entries):
    data = b"".join(write_field(*entry) for entry in entries)
    found = fields(data)
    assert [field[:3] for field in found] == entries
    for field, entry in zip(found, entries, strict=True):
        encoded = write_field(*entry)
        assert data[field.offset : field.offset + len(encoded)] == encoded


@given(messages)
def test_every_truncation_inside_a_field_raises(entries):
    encoded = [write_field(*entry) for entry in entries]
    data = b"".join(encoded)
    whole = {0}
    for part in encoded:
        whole.add(max(whole) + len(part))
    for length in range(len(data)):
        if length in whole:
            assert len(fields(data[:length])) == sorted(whole).index(length)
        else:
            with pytest.raises(ProtobufError):
                fields(data[:length])


@given(messages, st.data())
def test_any_changed_byte_gives_fields_or_the_own_error(entries, data):
    whole = bytearray(b"".join(write_field(*entry) for entry in entries))
    if not whole:
        return
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        assert all(0 <= field.offset < len(whole) for field in fields(bytes(whole)))
    except ProtobufError:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_fields_or_the_own_error(data):
    try:
        found = fields(data)
    except ProtobufError:
        return
    assert [field.offset for field in found] == sorted({field.offset for field in found})
    assert not found or found[0].offset == 0


@given(st.one_of(st.binary(max_size=60), messages.map(lambda each: b"".join(write_field(*e) for e in each))))
def test_what_is_readable_is_what_is_whole_up_to_the_first_damage(data):
    found, problem = protobuf.readable_fields(data)
    end = len(data)
    while problem is not None and end > 0:
        end -= 1
        try:
            assert fields(data[:end]) == found
        except (ProtobufError, AssertionError):
            continue
        break
    assert fields(data[:end]) == found


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_signed_and_zigzag_numbers_come_back(number):
    assert protobuf.signed(number & (1 << 64) - 1) == number
    assert protobuf.zigzag((number << 1) ^ (number >> 63)) == number


def test_floating_point_bits_become_numbers():
    assert protobuf.double(0x400921FB54442D18) == 3.141592653589793
    assert protobuf.single(0xC0490FDB) == -3.1415927410125732


def test_a_field_of_another_kind_is_refused():
    assert Field(1, 2, b"caf\xc3\xa9", 0).text() == "café"
    assert Field(1, 2, b"x", 0).content() == b"x"
    assert Field(1, 0, 7, 0).integer() == 7
    for wrong in (Field(1, 0, 7, 0).content, Field(1, 2, b"x", 0).integer, Field(1, 2, b"\xff", 0).text):
        with pytest.raises(ProtobufError):
            wrong()
    with pytest.raises(ProtobufError):
        Field(1, 3, b"x", 0).content()
