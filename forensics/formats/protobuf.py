"""Protocol Buffers wire format without a schema: the fields of one message, in order, each with its offset.

Source: protobuf.dev "Encoding". A field that no reader knows is simply one more entry in the list.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

VARINT = 0
FIXED64 = 1
LENGTH_DELIMITED = 2
GROUP_START = 3
GROUP_END = 4
FIXED32 = 5

# Encoding: a varint holds at most 64 bits, so at most ten bytes; field numbers are 1 to 2**29 - 1.
_MOST_VARINT_BYTES = 10
_MOST_FIELD_NUMBER = (1 << 29) - 1
_MASK = (1 << 64) - 1
# Protobuf's own decoders stop at 100 nested messages; groups are the only nesting read here.
_MOST_NESTED_GROUPS = 100


class ProtobufError(ValueError):
    """The bytes are no whole protobuf message, or a field is not of the kind asked for."""


class Field(NamedTuple):
    """One field: unsigned ``int`` for varint and fixed kinds, ``bytes`` for length-delimited and groups.

    ``offset`` is where the field's tag starts in the message.
    """

    number: int
    wire_type: int
    value: int | bytes
    offset: int

    def content(self) -> bytes:
        """The bytes of a length-delimited field; ProtobufError for any other kind."""
        if self.wire_type == LENGTH_DELIMITED and isinstance(self.value, bytes):
            return self.value
        raise ProtobufError(f"field {self.number} has wire type {self.wire_type}, not length-delimited")

    def integer(self) -> int:
        """The unsigned value of a varint or fixed field; ProtobufError for any other kind."""
        if isinstance(self.value, int):
            return self.value
        raise ProtobufError(f"field {self.number} has wire type {self.wire_type}, not a number")

    def text(self) -> str:
        """The UTF-8 text of a length-delimited field; ProtobufError when it is not valid UTF-8."""
        try:
            return self.content().decode()
        except UnicodeDecodeError as error:
            raise ProtobufError(f"field {self.number} is not valid UTF-8") from error


# a tuple made as it is, without the arguments of a class that has names for them
_made = tuple.__new__


def varint(data: bytes, offset: int = 0) -> tuple[int, int]:
    """The unsigned 64-bit value at ``offset`` and the offset after it; raises ProtobufError."""
    if 0 <= offset < len(data) and data[offset] < 0x80:
        return data[offset], offset + 1  # most tags, lengths and small numbers
    value = 0
    for count, byte in enumerate(data[offset : offset + _MOST_VARINT_BYTES]):
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value & _MASK, offset + count + 1
    if len(data) - offset >= _MOST_VARINT_BYTES:
        raise ProtobufError(f"varint at offset {offset} is longer than {_MOST_VARINT_BYTES} bytes")
    raise ProtobufError(f"varint at offset {offset} is cut off")


def signed(value: int) -> int:
    """An int32 or int64 as stored: negative numbers take all 64 bits of the varint."""
    return value - (1 << 64) if value >= 1 << 63 else value


def zigzag(value: int) -> int:
    """A sint32 or sint64 as stored: 0, -1, 1, -2 are stored as 0, 1, 2, 3."""
    return (value >> 1) ^ -(value & 1)


def double(value: int) -> float:
    """The IEEE 754 number whose bits are a FIXED64 value."""
    number: float = struct.unpack("<d", value.to_bytes(8, "little"))[0]
    return number


def single(value: int) -> float:
    """The IEEE 754 number whose bits are a FIXED32 value."""
    number: float = struct.unpack("<f", value.to_bytes(4, "little"))[0]
    return number


def fields(data: bytes) -> list[Field]:
    """All fields of the message, in stored order; raises ProtobufError unless every byte belongs to one."""
    found = []
    offset = 0
    while offset < len(data):
        field, offset = _field(data, offset, 0)
        if field.wire_type == GROUP_END:
            raise ProtobufError(f"group {field.number} at offset {field.offset} ends but never started")
        found.append(field)
    return found


def readable_fields(data: bytes) -> tuple[list[Field], str | None]:
    """The fields up to the first byte that belongs to none, and what is wrong there, if anything."""
    found: list[Field] = []
    offset, size = 0, len(data)
    while offset < size:
        # most fields by far: a tag of one byte, and a number or a length of one byte
        tag = data[offset]
        if 7 < tag < 0x80 and not tag & 5 and offset + 1 < size and (short := data[offset + 1]) < 0x80:
            following = offset + 2 + (short if tag & 7 else 0)
            if following <= size:
                value = data[offset + 2 : following] if tag & 7 else short
                found.append(_made(Field, (tag >> 3, tag & 7, value, offset)))
                offset = following
                continue
        try:
            field, offset = _field(data, offset, 0)
        except ProtobufError as error:
            return found, str(error)
        if field.wire_type == GROUP_END:
            return found, f"group {field.number} at offset {field.offset} ends but never started"
        found.append(field)
    return found, None


def _field(data: bytes, start: int, depth: int) -> tuple[Field, int]:
    tag, offset = varint(data, start)
    number, wire_type = tag >> 3, tag & 7
    if not 1 <= number <= _MOST_FIELD_NUMBER:
        raise ProtobufError(f"field number {number} at offset {start} is out of range")
    value: int | bytes
    if wire_type == VARINT:
        value, offset = varint(data, offset)
    elif wire_type == LENGTH_DELIMITED:
        value, offset = _length_delimited(data, offset)
    elif wire_type in {FIXED32, FIXED64}:
        size = 8 if wire_type == FIXED64 else 4
        value, offset = int.from_bytes(_exactly(data, offset, size), "little"), offset + size
    elif wire_type == GROUP_START:
        value, offset = _group(data, offset, number, depth + 1)
    elif wire_type == GROUP_END:
        value = b""
    else:
        raise ProtobufError(f"unknown wire type {wire_type} at offset {start}")
    return Field(number, wire_type, value, start), offset


def _length_delimited(data: bytes, offset: int) -> tuple[bytes, int]:
    length, offset = varint(data, offset)
    return _exactly(data, offset, length), offset + length


def _exactly(data: bytes, offset: int, length: int) -> bytes:
    value = data[offset : offset + length]
    if len(value) != length:
        raise ProtobufError(f"{length} bytes expected at offset {offset}, {len(value)} are there")
    return value


def _group(data: bytes, offset: int, number: int, depth: int) -> tuple[bytes, int]:
    """The bytes between a group's start tag and its end tag, and the offset after the end tag."""
    if depth > _MOST_NESTED_GROUPS:
        raise ProtobufError(f"groups nested deeper than {_MOST_NESTED_GROUPS} at offset {offset}")
    start = offset
    while offset < len(data):
        field, following = _field(data, offset, depth)
        if field.wire_type == GROUP_END:
            if field.number != number:
                raise ProtobufError(f"group {number} at offset {start} is ended by group {field.number}")
            return data[start:offset], following
        offset = following
    raise ProtobufError(f"group {number} at offset {start} never ends")
