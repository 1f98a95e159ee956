"""What a backup's frames say: statements with their parameters, key values, and which payload follows.

Source: Signal reference 1.7 and 1.8. The statements come from a file that nobody vouches for, so none is run:
of CREATE TABLE the names are taken, of INSERT the parameters; everything else is named and left.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import NamedTuple

from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from forensics.formats.sqlite_build import TableShape, Value

STATEMENT, PREFERENCE, ATTACHMENT, VERSION, END, AVATAR, STICKER, KEY_VALUE = range(2, 10)
_NAME = r'(?:"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|([A-Za-z_][A-Za-z0-9_$]*))'
_CREATE = re.compile(rf"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\((.*)\)", re.I | re.S)
_INSERT = re.compile(rf"\s*INSERT\s+INTO\s+{_NAME}\s+VALUES\s*\(([?,\s]*)\)\s*;?\s*\Z", re.I)
# Of no use without the application, and of no evidence: indexes, triggers, virtual tables (1.8).
_LEFT_OUT = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+)?(?:INDEX|TRIGGER|VIRTUAL\s+TABLE)\b", re.I)
_SHADOWS = re.compile(r"sqlite_|emoji_search|.*_fts(?:_|$)", re.I)
_CONSTRAINT = re.compile(r"\s*(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b", re.I)
_COLUMN = re.compile(rf"\s*{_NAME}(.*)", re.S)
_ROW_ID = re.compile(r"\s*INTEGER\s+PRIMARY\s+KEY\b", re.I)
_DOUBLE = struct.Struct("<d")


class Insert(NamedTuple):
    """A row for a table, with as many places as the statement has."""

    table: str
    places: int


def table_of(statement: str) -> TableShape | None:
    """The table that a CREATE TABLE makes; None for any other statement and for one that makes no sense."""
    match = _CREATE.match(statement)
    if match is None:
        return None
    columns: list[str] = []
    key = None
    for part in _parts(match[5]):
        if _CONSTRAINT.match(part):
            continue
        column = _COLUMN.match(part)
        if column is None:
            return None
        if _ROW_ID.match(column[5]):
            key = len(columns)
        columns.append(_first(column))
    return TableShape(name=_first(match), columns=tuple(columns), key=key) if columns else None


def insert_of(statement: str) -> Insert | None:
    """What an INSERT of parameters, in the order of the columns, fills; None for any other statement."""
    match = _INSERT.match(statement)
    return None if match is None else Insert(_first(match), match[5].count("?"))


def _repeated() -> dict[bytes, Value]:
    """The parameters that most columns of most rows have: NULL, an empty text, small numbers, -1."""
    numbers = {bytes([0x10, number]): number for number in range(0x80)}
    return {b"\x28\x01": None, b"\x0a\x00": "", b"\x10" + b"\xff" * 9 + b"\x01": -1, **numbers}


_KNOWN = _repeated()


def is_left_out(statement: str) -> bool:
    """Whether the statement belongs in a backup but is not needed to read it."""
    return _LEFT_OUT.match(statement) is not None


def is_shadow(table: str) -> bool:
    """Whether the table is SQLite's own or an index of words."""
    return _SHADOWS.match(table) is not None


def _first(match: re.Match[str]) -> str:
    name: str = next(each for each in match.groups()[:4] if each is not None)
    return name


def _parts(body: str) -> list[str]:
    """The column definitions: split at commas outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, "", 0
    for place, letter in enumerate(body):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "\"'`":
            quoted = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0:
            parts.append(body[start:place])
            start = place + 1
    return [*parts, body[start:]]


def statement_of(content: bytes) -> tuple[str, Sequence[Value]]:
    """A SqlStatement: its text and parameters. Raises ProtobufError."""
    text = ""
    values: list[Value] = []
    position, end, known = 0, len(content), _KNOWN
    while position < end:
        tag = content[position]
        if tag not in (0x0A, 0x12):
            return _statement_slowly(content)
        start = position + 2
        if start <= end and content[start - 1] < 0x80:
            position = start + content[start - 1]
        else:
            length, start = protobuf.varint(content, position + 1)
            position = start + length
        if position > end:
            raise ProtobufError(
                f"{position - start} bytes expected at offset {start}, {end - start} are there"
            )
        piece = content[start:position]
        if tag == 0x0A:
            text = piece.decode("utf-8", "replace")
        elif piece in known:
            values.append(known[piece])
        else:
            values.append(parameter(piece))
    return text, values


def _length(content: bytes, offset: int) -> tuple[int, int]:
    """A length and the offset behind it; mostly a single byte."""
    if offset < len(content) and content[offset] < 0x80:
        return content[offset], offset + 1
    return protobuf.varint(content, offset)


def _statement_slowly(content: bytes) -> tuple[str, Sequence[Value]]:
    """The same for a statement with fields that are not known."""
    text = ""
    values: list[Value] = []
    for each in protobuf.fields(content):
        if each.number == 1:
            text = each.content().decode("utf-8", "replace")
        elif each.number == 2:
            values.append(parameter(each.content()))
    return text, values


def parameter(data: bytes) -> Value:
    """A SqlParameter: exactly one of its fields is set; integers are two's complement."""
    if not data:
        raise ProtobufError("a parameter without a value")
    tag = data[0]
    if tag == 0x10:
        value, end = protobuf.varint(data, 1)
        if end == len(data):
            return protobuf.signed(value)
    elif tag in (0x0A, 0x22):
        length, start = _length(data, 1)
        if start + length == len(data):
            return _text(data[start:]) if tag == 0x0A else data[start:]
    elif tag == 0x28 and len(data) == 2:
        return None
    elif tag == 0x19 and len(data) == 9:
        number: float = _DOUBLE.unpack_from(data, 1)[0]
        return number
    return _parameter_slowly(data)


def _parameter_slowly(data: bytes) -> Value:
    """The first field that is known, among others that are not."""
    for each in protobuf.fields(data):
        if each.number == 1:
            return _text(each.content())
        if each.number == 2:
            return protobuf.signed(each.integer())
        if each.number == 3:
            return protobuf.double(each.integer())
        if each.number == 4:
            return each.content()
        if each.number == 5:
            return None
    raise ProtobufError("a parameter without a value")


def _text(data: bytes) -> str | bytes:
    """Text; bytes that are no UTF-8 stay bytes, which the reader of the table then reports."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def announced(data: bytes) -> int | None:
    """How many bytes follow this frame, None when none do; for a damaged frame a guess that is tried."""
    try:
        for each in protobuf.fields(data):
            if each.number in (ATTACHMENT, AVATAR, STICKER):
                inner = {part.number: part for part in protobuf.fields(each.content())}
                return inner[3 if each.number == ATTACHMENT else 2].integer()
    except (ProtobufError, KeyError):
        return None
    return None
