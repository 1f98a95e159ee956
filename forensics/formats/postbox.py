"""Postbox's objects as bytes -> values: entries of a key, a type and a value, one behind the other.

Source: Telegram reference 5.4 (Coding.swift of the iOS client). Numbers are little-endian. An object says by
the hash of its type's name what it is; its length stands before it, so that whatever is wrong within it costs
what follows within it and no more. Of an entry that stands there twice the first one counts.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from forensics.formats.murmur3 import murmur3

# The seed of the client's hashes (5.4), -137723950 as it is written there.
SEED = 0xF7CA7FD2
ROOT_KEY = "_"
_MOST_NESTED = 64
# The smallest sizes of an object (type, length) and of a sized value (length).
_OBJECT, _SIZED = 8, 4
_OBJECT_KIND = 5

_int = struct.Struct("<i")
_long = struct.Struct("<q")
_real = struct.Struct("<d")
_two = struct.Struct("<ii")


class PostboxError(ValueError):
    """The bytes are not what Postbox writes. ``offset`` is where."""

    def __init__(self, text: str, offset: int) -> None:
        super().__init__(f"{text} at offset {offset}")
        self.offset = offset


class Problem(NamedTuple):
    """What is wrong within an object that was read all the same: in words, where, and the bytes of a text
    that is no text."""

    text: str
    offset: int
    raw: bytes | None = None


class Node:
    """An object: the hash of its type's name, and its entries by their keys."""

    __slots__ = ("fields", "type")

    def __init__(self, type_hash: int, fields: Mapping[str, object]) -> None:
        self.type = type_hash
        self.fields = fields

    def number(self, key: str) -> int | None:
        """An integer."""
        value = self.fields.get(key)
        return value if type(value) is int else None

    def real(self, key: str) -> float | None:
        """A number with a fraction."""
        value = self.fields.get(key)
        return value if type(value) is float else None

    def flag(self, key: str) -> bool:
        """A truth value, or an integer that stands for one."""
        return self.fields.get(key) in (True, 1)

    def text(self, key: str) -> str | None:
        """A text."""
        value = self.fields.get(key)
        return value if type(value) is str else None

    def raw(self, key: str) -> bytes | None:
        """Bytes."""
        value = self.fields.get(key)
        return value if type(value) is bytes else None

    def child(self, key: str) -> Node | None:
        """An object."""
        value = self.fields.get(key)
        return value if type(value) is Node else None

    def children(self, key: str) -> list[Node]:
        """A list of objects."""
        value = self.fields.get(key)
        return [each for each in value if type(each) is Node] if type(value) is list else []

    def numbers(self, key: str) -> list[int]:
        """A list of integers."""
        value = self.fields.get(key)
        return [each for each in value if type(each) is int] if type(value) is list else []


def type_hash(name: str) -> int:
    """The number that stands for a type."""
    return murmur3(name.encode(), SEED)


def read_root(data: bytes, problems: list[Problem]) -> Node:
    """The object of a whole value: its only entry. Raises PostboxError when it is none; what is wrong within
    it is added to ``problems``."""
    key, kind, at = _entry_head(data, 0, len(data))
    if key != ROOT_KEY or kind != _OBJECT_KIND:
        raise PostboxError(f"a root object expected, an entry {key!r} of type {kind} is there", 0)
    node, at = _object(data, at, len(data), 0, problems)
    if at < len(data):
        problems.append(Problem(f"{len(data) - at} bytes are left", at))
    return node


def read_bare(data: bytes, problems: list[Problem]) -> Node:
    """Entries that no object is put around, as Swift's Codable values are stored; its type is not stored.
    What is wrong is added to ``problems``."""
    fields: dict[str, object] = {}
    try:
        _entries(data, 0, len(data), 0, problems, fields)
    except PostboxError as error:
        problems.append(Problem(str(error), error.offset))
    return Node(0, fields)


def read_sized(data: bytes, at: int, what: str) -> tuple[bytes, int]:
    """Bytes behind their length, and where the next value is."""
    length, at = read_count(data, at, len(data), 1, what)
    return data[at : at + length], at + length


def read_count(data: bytes, at: int, end: int, least: int, what: str) -> tuple[int, int]:
    """How many ``what`` follow, each of at least ``least`` bytes, and where the first one is."""
    if end - at < _SIZED:
        raise PostboxError(f"the count of {what} expected, {max(end - at, 0)} bytes are there", at)
    (count,) = _int.unpack_from(data, at)
    if count < 0 or count * least > end - at - _SIZED:
        raise PostboxError(f"{count} {what} expected, {end - at - _SIZED} bytes are there", at)
    return count, at + _SIZED


def _entry_head(data: bytes, at: int, end: int) -> tuple[str, int, int]:
    """The key of the entry at ``at``, its type and where its value starts."""
    stop = at + 1 + data[at] if at < end else at
    if stop >= end:
        raise PostboxError(f"an entry expected, {max(end - at, 0)} bytes are there", at)
    try:
        return str(data[at + 1 : stop], "utf-8"), data[stop], stop + 1
    except UnicodeDecodeError as error:
        raise PostboxError("the key of an entry is not valid UTF-8", at) from error


def _entries(  # noqa: PLR0917  # called for every object
    data: bytes, at: int, end: int, depth: int, problems: list[Problem], into: dict[str, object]
) -> None:
    while at < end:
        start = at
        key, kind, at = _entry_head(data, at, end)
        read = _READERS.get(kind)
        if read is None:
            raise PostboxError(f"entry {key!r} has the unknown type {kind}", start)
        value, at = read(data, at, end, depth, problems)
        if key in into:
            problems.append(Problem(f"entry {key!r} stands there twice", start))
        else:
            into[key] = value


def _object(data: bytes, at: int, end: int, depth: int, problems: list[Problem]) -> tuple[Node, int]:
    if end - at < _OBJECT:
        raise PostboxError(f"an object expected, {max(end - at, 0)} bytes are there", at)
    number, length = _two.unpack_from(data, at)
    start = at + _OBJECT
    if length < 0 or length > end - start:
        raise PostboxError(f"an object of {length} bytes expected, {end - start} bytes are there", at)
    if depth == _MOST_NESTED:
        raise PostboxError(f"objects nested deeper than {_MOST_NESTED}", at)
    fields: dict[str, object] = {}
    try:
        _entries(data, start, start + length, depth + 1, problems, fields)
    except PostboxError as error:
        problems.append(Problem(str(error), error.offset))
    return Node(number, fields), start + length


def _fixed(data: bytes, at: int, end: int, form: struct.Struct) -> tuple[object, int]:
    if end - at < form.size:
        raise PostboxError(f"{form.size} bytes expected, {max(end - at, 0)} are there", at)
    return form.unpack_from(data, at)[0], at + form.size


def _i32(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    return _fixed(data, at, end, _int)


def _i64(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    return _fixed(data, at, end, _long)


def _double(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    return _fixed(data, at, end, _real)


def _boolean(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    if at >= end:
        raise PostboxError("a truth value expected, nothing is there", at)
    return data[at] != 0, at + 1


def _text(data: bytes, at: int, end: int, _depth: int, problems: list[Problem]) -> tuple[object, int]:
    length, start = read_count(data, at, end, 1, "bytes of text")
    stop = start + length
    return decoded(data[start:stop], start, problems), stop


def decoded(raw: bytes, at: int, problems: list[Problem]) -> str:
    """Bytes as text; those that are not valid UTF-8 become U+FFFD and are added to ``problems``."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        problems.append(Problem("text is not valid UTF-8", at, raw))
        return raw.decode("utf-8", "replace")


def _bytes(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    length, start = read_count(data, at, end, 1, "bytes")
    return data[start : start + length], start + length


def _nil(_data: bytes, at: int, _end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    return None, at


def _i32s(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    count, start = read_count(data, at, end, 4, "numbers")
    return list(struct.unpack_from(f"<{count}i", data, start)), start + 4 * count


def _i64s(data: bytes, at: int, end: int, _depth: int, _problems: list[Problem]) -> tuple[object, int]:
    count, start = read_count(data, at, end, 8, "numbers")
    return list(struct.unpack_from(f"<{count}q", data, start)), start + 8 * count


def _objects(data: bytes, at: int, end: int, depth: int, problems: list[Problem]) -> tuple[object, int]:
    count, at = read_count(data, at, end, _OBJECT, "objects")
    found = []
    for _ in range(count):
        node, at = _object(data, at, end, depth, problems)
        found.append(node)
    return found, at


def _pairs(data: bytes, at: int, end: int, depth: int, problems: list[Problem]) -> tuple[object, int]:
    count, at = read_count(data, at, end, 2 * _OBJECT, "pairs of objects")
    found = []
    for _ in range(count):
        key, at = _object(data, at, end, depth, problems)
        value, at = _object(data, at, end, depth, problems)
        found.append((key, value))
    return found, at


def _texts(data: bytes, at: int, end: int, depth: int, problems: list[Problem]) -> tuple[object, int]:
    count, at = read_count(data, at, end, _SIZED, "texts")
    found = []
    for _ in range(count):
        value, at = _text(data, at, end, depth, problems)
        found.append(value)
    return found, at


def _several_bytes(data: bytes, at: int, end: int, depth: int, problems: list[Problem]) -> tuple[object, int]:
    count, at = read_count(data, at, end, _SIZED, "values of bytes")
    found = []
    for _ in range(count):
        value, at = _bytes(data, at, end, depth, problems)
        found.append(value)
    return found, at


_Reader = Callable[[bytes, int, int, int, list[Problem]], tuple[object, int]]
_READERS: dict[int, _Reader] = {
    0: _i32,
    1: _i64,
    2: _boolean,
    3: _double,
    4: _text,
    _OBJECT_KIND: _object,
    6: _i32s,
    7: _i64s,
    8: _objects,
    9: _pairs,
    10: _bytes,
    11: _nil,
    12: _texts,
    13: _several_bytes,
}
