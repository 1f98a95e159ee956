"""Records as they are found: their header read from bytes, their payload, and the values they hold."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from forensics.formats.sqlite_pages import PADDING
from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_recovery_serial import Types, header_widths, sizes
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_rows import BadText
from forensics.formats.sqlite_tree import read_varint

_LONGEST_HEADER = 20_000  # 2000 columns of 9 bytes, rounded up


@dataclass(frozen=True, slots=True)
class Head:
    """A record's header: its serial types, the bytes it takes and those of each value."""

    types: Types
    size: int
    widths: tuple[int, ...]

    @property
    def payload(self) -> int:
        return self.size + sum(self.widths)


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found at ``offset`` of a page. ``body`` may be shorter than the types say; of the
    first ``lost`` stored values neither type nor bytes are certain."""

    template: Template | None
    rowid: int | None
    types: Types
    body: bytes
    offset: int
    end: int
    lost: frozenset[int] = frozenset()
    overflow: int = 0  # the first overflow page, 0 where the record has none
    missing: int = 0  # bytes of the payload that stand on overflow pages
    is_cut: bool = False  # its end was overwritten

    @property
    def is_whole(self) -> bool:
        return not self.lost and not self.is_cut and not self.missing


def write_varint(number: int) -> bytes:
    """A variable-length integer as SQLite writes it."""
    number &= 0xFFFFFFFFFFFFFFFF
    if number >> 56:
        head, last = number >> 8, number & 0xFF
        return bytes((head >> shift) & 0x7F | 0x80 for shift in range(49, -1, -7)) + bytes([last])
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def varint_length(number: int) -> int:
    """The bytes that a variable-length integer takes."""
    return 1 if 0 <= number < 0x80 else 2 if 0 <= number < 0x4000 else len(write_varint(number))


def read_types(data: bytes, position: int, end: int) -> tuple[Types, int] | None:
    """The serial types from ``position`` to ``end``; None when they do not end there."""
    header = data[position:end]
    if header.isascii() and position + len(header) == end:
        return tuple(header), end
    found = []
    while position < end:
        byte = data[position]
        position += 1
        if byte >= 0x80:
            low = data[position]
            if low < 0x80:
                byte = (byte & 0x7F) << 7 | low
                position += 1
            else:
                byte, position = read_varint(data, position - 1)
        found.append(byte)
    return (tuple(found), position) if position == end else None


def read_head(data: bytes, offset: int, most: int = _LONGEST_HEADER) -> Head | None:
    """The record header of at most ``most`` bytes at ``offset`` of padded bytes; None where there is none."""
    size = data[offset]
    header = data[offset + 1 : offset + size]
    if size <= most and header.isascii() and len(header) == size - 1:
        plain = header_widths(header)
        is_within = offset + size <= len(data) - len(PADDING)
        return Head(tuple(header), size, tuple(plain)) if plain and is_within else None
    size, position = read_varint(data, offset)
    if not position - offset < size <= min(most, len(data) - len(PADDING) - offset):
        return None
    read = read_types(data, position, offset + size)
    widths = sizes(read[0]) if read else None
    if read is None or widths is None or min(read[0]) < 0:
        return None
    return Head(read[0], size, widths)


def head_of(payload: bytes) -> Head | None:
    """The header of a whole payload."""
    return read_head(payload + PADDING, 0) if payload else None


def header_size(types: Types) -> int:
    """The bytes of the header that holds these types, its own size included."""
    length = len(types)
    if max(types, default=0) > 127:
        length = sum(varint_length(serial) for serial in types)
    return length + (1 if length < 127 else 2 if length < 16382 else 3)


def write_payload(types: Types, body: bytes) -> bytes:
    """The record of these types and bytes, as SQLite writes it: equal rows give equal bytes."""
    if len(types) < 127 and max(types, default=0) < 128:
        return bytes([len(types) + 1, *types]) + body
    header = b"".join(write_varint(serial) for serial in types)
    return write_varint(header_size(types)) + header + body


def are_allowed(template: Template, types: Types, body: bytes, first: int = 0) -> bool:
    """Whether SQLite could have stored these values in the table, from column ``first`` on; a value that
    ``body`` does not hold to its end is not judged."""
    widths = sizes(types)
    if widths is None:
        return False
    position = 0
    for at, (serial, width) in enumerate(zip(types, widths, strict=True)):
        if width and at >= first:
            data = body[position : position + width]
            if len(data) == width and not template.allows_value(at, serial, data):
                return False
        position += width
    return True


def decode_value(serial: int, data: bytes, encoding: str) -> RawValue:
    """The value; text that is not valid in ``encoding`` comes as BadText."""
    if serial >= 12:
        if serial % 2 == 0:
            return data
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            return BadText(data)
    if serial in (0, 10, 11):
        return None
    if serial in (8, 9):
        return serial - 8
    if serial == 7:
        return float(struct.unpack(">d", data)[0])
    return int.from_bytes(data, "big", signed=True)


def index_order(values: list[RawValue]) -> list[tuple[int, float, bytes]]:
    """A key by which records sort as in an index (fileformat2.html section 2.4), text by its bytes."""
    order: list[tuple[int, float, bytes]] = []
    for value in values:
        if value is None:
            order.append((0, 0, b""))
        elif isinstance(value, int | float):
            order.append((1, value, b""))
        elif isinstance(value, str):
            order.append((2, 0, value.encode("utf-8", "surrogatepass")))
        else:
            order.append((3, 0, value))
    return order


def decode_values(found: Found, encoding: str) -> list[RawValue]:
    """The stored values in their stored order. A lost one is None, of one that is cut the part that is there
    (of a number nothing)."""
    values: list[RawValue] = []
    position = 0
    widths = sizes(found.types) or ()
    if found.is_whole and len(found.body) >= sum(widths):
        for serial, width in zip(found.types, widths, strict=True):
            values.append(decode_value(serial, found.body[position : position + width], encoding))
            position += width
        return values
    for at, (serial, width) in enumerate(zip(found.types, widths, strict=False)):
        data = found.body[position : position + width]
        position += width
        if at in found.lost or (len(data) < width and (serial < 12 or not data)):
            values.append(None)
        elif len(data) < width:
            values.append(_part(serial, data, encoding))
        else:
            values.append(decode_value(serial, data, encoding))
    return values


def _part(serial: int, data: bytes, encoding: str) -> RawValue:
    """The part of a text that is there, without a character that was cut in two."""
    if serial % 2 == 0:
        return data
    for cut in range(4):
        whole = data[: len(data) - cut]
        value = decode_value(serial, whole, encoding)
        if not isinstance(value, BadText):
            return value
    return BadText(data)


def row_values(found: Found, encoding: str) -> tuple[RawValue, ...]:
    """The row's values in the order in which its columns are declared; as stored where no table is known."""
    values = decode_values(found, encoding)
    template = found.template
    if template is None:
        return tuple(values)
    row: list[RawValue] = [None] * template.declared
    for at, column in enumerate(template.stored):
        if at == template.alias:
            row[column.place] = found.rowid
        elif at < len(values):
            value = values[at]
            is_real = column.affinity == "real" and isinstance(value, int)
            row[column.place] = float(value) if is_real and value is not None else value
        else:
            row[column.place] = column.default
    return tuple(row)
