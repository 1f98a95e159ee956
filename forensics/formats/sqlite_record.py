"""A record: the values of one row as a cell's payload holds them.

Source: https://www.sqlite.org/fileformat2.html section 2.1.
"""

from __future__ import annotations

import struct

from forensics.formats.sqlite_tree import read_varint

RawValue = int | float | str | bytes | None
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_PADDING = bytes(20)


class RecordError(ValueError):
    """The bytes are no record."""


def read_record(payload: bytes, encoding: str) -> list[RawValue]:
    """The stored values, before column affinity and defaults. Raises RecordError, also for text that is not
    valid in ``encoding``."""
    types, position = serial_types(payload, len(payload))
    values: list[RawValue] = []
    for serial_type in types:
        size = serial_size(serial_type)
        if position + size > len(payload):
            raise RecordError(f"a value of {size} bytes passes the end of the record")
        values.append(_value(serial_type, payload[position : position + size], encoding))
        position += size
    return values


def serial_size(serial_type: int) -> int:
    """Bytes that a value of this serial type takes; raises RecordError for the two that have no meaning."""
    if serial_type >= 12:
        return (serial_type - 12) // 2
    if serial_type in (0, 8, 9):
        return 0
    if serial_type == 7:
        return 8
    if serial_type in _INTEGER_SIZES:
        return _INTEGER_SIZES[serial_type]
    raise RecordError(f"serial type {serial_type} has no meaning")


def serial_types(payload: bytes, size: int) -> tuple[list[int], int]:
    """The serial types of a record of so many bytes, and where its values begin; ``payload`` holds its header
    at least. Raises RecordError."""
    padded = payload[:9] + _PADDING
    header_size, position = read_varint(padded, 0)
    if not position <= header_size <= min(size, len(payload)):
        raise RecordError(f"the record's header states {header_size} bytes")
    header = payload[:header_size] + _PADDING
    types = []
    while position < header_size:
        serial_type, position = read_varint(header, position)
        types.append(serial_type)
    return types, header_size


def _value(serial_type: int, data: bytes, encoding: str) -> RawValue:
    if serial_type == 0:
        return None
    if serial_type in (8, 9):
        return serial_type - 8
    if serial_type == 7:
        return float(struct.unpack(">d", data)[0])
    if serial_type < 12:
        return int.from_bytes(data, "big", signed=True)
    if serial_type % 2 == 0:
        return data
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RecordError(f"a text is not valid {encoding}") from error
