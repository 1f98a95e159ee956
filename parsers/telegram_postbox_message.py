"""The value of a row of t7: a message as Postbox stores it, read part by part.

Source: Telegram reference 5.3 (MessageHistoryTable of the client; "from source"). What is read before the
bytes stop making sense is kept. The place of custom tags (data flag 0x40) is assumed: behind the other
optional parts; the row must then fit to its last byte.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.formats.postbox import Node, PostboxError, Problem, decoded, read_count, read_root, read_sized
from parsers.telegram_postbox_ids import message_key

MESSAGE = 0
# Flags (5.3).
UNSENT, FAILED, INCOMING, SENDING, WAS_SCHEDULED = 1, 2, 4, 32, 128
PINNED, UNSEEN_MENTION, UNSEEN_REACTION = 1024, 32, 2048
_CUSTOM_TAGS = 1 << 6
_KNOWN_BITS = 0x3F
# The optional parts in their order, with their struct codes: data flags bit 0 to 5.
_OPTIONAL = "qIqIIq"
_head = struct.Struct("<bIIB")
_flags = struct.Struct("<IIb")
_author = struct.Struct("<q")
_forward = struct.Struct("<qi")
_origin = struct.Struct("<qii")
_reference = struct.Struct("<iq")
_int = struct.Struct("<i")
# No attributes, no media of its own, none of others.
_NOTHING_MORE = bytes(12)


class Forwarded(NamedTuple):
    """Where a message was forwarded from. ``author`` is None for somebody of whom only ``signature`` is
    known; ``message`` is peer, namespace and number of the original."""

    author: int | None
    date: int
    source: int | None
    message: tuple[int, int, int] | None
    signature: str | None
    announcement: str | None


class Part(NamedTuple):
    """An attribute or a medium: None for what could not be read, with its bytes and what is wrong."""

    node: Node | None
    raw: bytes
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Stored:
    """A message. ``problem`` says why the rest is missing, ``missing`` names the first part that is."""

    kind: int
    data_flags: int = 0
    unique_id: int | None = None
    album: int | None = None
    thread: int | None = None
    flags: int | None = None
    tags: int = 0
    forward: Forwarded | None = None
    author: int | None = None
    text: str | None = None
    attributes: list[Part] = field(default_factory=list)
    media: list[Part] = field(default_factory=list)
    referenced: list[tuple[int, int]] = field(default_factory=list)
    damaged: list[Problem] = field(default_factory=list)
    problem: str | None = None
    missing: str | None = None

    @property
    def strange_flags(self) -> int:
        """Data flags whose parts are not known, or assumed."""
        return self.data_flags & ~_KNOWN_BITS


class Plain(NamedTuple):
    """A message that is nothing but its text."""

    flags: int
    author: int | None
    text: str


def read_plain(data: bytes) -> Plain | None:
    """The short way for a message without forward, attributes, media, tags or optional parts but a global id;
    None for all others."""
    if len(data) < _head.size or data[0] != MESSAGE or data[9] > 1:
        return None
    at = _head.size + (8 if data[9] else 0)
    if len(data) < at + _flags.size + 1:
        return None
    flags, tags, forward = _flags.unpack_from(data, at)
    if tags or forward or flags & WAS_SCHEDULED:
        return None
    at += _flags.size
    author = None
    if data[at] == 1 and len(data) >= at + 9:
        (author,) = _author.unpack_from(data, at + 1)
        at += 8
    elif data[at]:
        return None
    end = len(data) - len(_NOTHING_MORE)
    if end < at + 5 or data[end:] != _NOTHING_MORE or _int.unpack_from(data, at + 1)[0] != end - at - 5:
        return None
    try:
        return Plain(flags, author, str(data[at + 5 : end], "utf-8"))
    except UnicodeDecodeError:
        return None  # the long way says which bytes these are


def is_message(key: object, value: object) -> bool:
    """Whether a row of some table of keys and values can only be a message: nothing of it is left over."""
    if type(key) is not bytes or type(value) is not bytes or message_key(key) is None or not value:
        return False
    stored = read_stored(value)
    return stored.kind == MESSAGE and stored.problem is None and not stored.damaged


def read_stored(data: bytes) -> Stored:
    """A message with all its parts, as far as they can be read."""
    stored = Stored(int.from_bytes(data[:1], "little", signed=True))
    if stored.kind != MESSAGE:
        return stored
    reader = _Reader(data, stored)
    try:
        reader.read()
    except PostboxError as error:
        stored.problem, stored.missing = str(error), reader.part
    return stored


class _Reader:
    """Reads one value from its start; ``part`` is what it is at."""

    def __init__(self, data: bytes, stored: Stored) -> None:
        self._data = data
        self._stored = stored
        self._at = 0
        self.part = "flags"

    def read(self) -> None:
        """All parts in their order. Raises PostboxError where one cannot be read."""
        stored = self._stored
        stored.data_flags = self._take(_head)[3]
        self._optional(stored.data_flags)
        stored.flags, stored.tags = self._take(_flags)[:2]
        self._at -= 1
        self.part = "forward"
        stored.forward = self._forwarded(self._byte())
        self.part = "author"
        if self._byte():
            (stored.author,) = self._take(_author)
        self.part = "text"
        self._text()
        self.part = "attributes"
        self._parts(stored.attributes)
        self.part = "media"
        self._parts(stored.media)
        self._references()
        if self._at < len(self._data):
            stored.damaged.append(
                Problem(f"{len(self._data) - self._at} bytes are left", self._at, self._data)
            )

    def _take(self, form: struct.Struct) -> tuple[int, ...]:
        if len(self._data) - self._at < form.size:
            left = max(len(self._data) - self._at, 0)
            raise PostboxError(f"{form.size} bytes expected, {left} are there", self._at)
        values = form.unpack_from(self._data, self._at)
        self._at += form.size
        return values

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise PostboxError("a byte expected, nothing is there", self._at)
        self._at += 1
        return self._data[self._at - 1]

    def _optional(self, bits: int) -> None:
        stored = self._stored
        codes = [(bit, code) for bit, code in enumerate(_OPTIONAL) if bits >> bit & 1]
        values = self._take(struct.Struct("<" + "".join(code for _, code in codes)))
        found = {bit: value for (bit, _), value in zip(codes, values, strict=True)}
        stored.unique_id, stored.album, stored.thread = found.get(0), found.get(2), found.get(5)
        if bits & _CUSTOM_TAGS:
            count, self._at = read_count(self._data, self._at, len(self._data), 4, "custom tags")
            for _ in range(count):
                _tag, self._at = read_sized(self._data, self._at, "bytes of a custom tag")

    def _forwarded(self, bits: int) -> Forwarded | None:
        if not bits:
            return None
        author, date = self._take(_forward)
        source = self._take(_author)[0] if bits & 2 else None
        message = self._take(_origin) if bits & 4 else None
        signature = self._words() if bits & 8 else None
        announcement = self._words() if bits & 16 else None
        if bits & 32:
            self._take(_int)
        origin = None if message is None else (message[0], message[1], message[2])
        return Forwarded(author or None, date, source, origin, signature, announcement)

    def _words(self) -> str:
        start = self._at + 4
        raw, self._at = read_sized(self._data, self._at, "bytes of text")
        return decoded(raw, start, self._stored.damaged)

    def _text(self) -> None:
        """The text; of one that is cut off what is there."""
        data, start = self._data, self._at + 4
        try:
            raw, self._at = read_sized(data, self._at, "bytes of text")
        except PostboxError:
            if len(data) > start and _int.unpack_from(data, self._at)[0] > 0:
                self._stored.text = data[start:].decode("utf-8", "replace")
            raise
        self._stored.text = decoded(raw, start, self._stored.damaged)

    def _parts(self, into: list[Part]) -> None:
        count, self._at = read_count(self._data, self._at, len(self._data), 4, self.part)
        for _ in range(count):
            raw, self._at = read_sized(self._data, self._at, f"bytes of {self.part}")
            into.append(read_part(raw))

    def _references(self) -> None:
        count, self._at = read_count(self._data, self._at, len(self._data), _reference.size, "references")
        for _ in range(count):
            namespace, number = self._take(_reference)
            self._stored.referenced.append((namespace, number))


def read_part(raw: bytes) -> Part:
    """An attribute or a medium, which has its own length: whatever is wrong within it stays within."""
    problems: list[Problem] = []
    try:
        node = read_root(raw, problems)
    except PostboxError as error:
        return Part(None, raw, (*problems, Problem(str(error), error.offset)))
    return Part(node, raw, tuple(problems))
