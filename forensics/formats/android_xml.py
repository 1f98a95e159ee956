"""Android's binary XML (since Android 12), in which settings, users and preferences are kept: its tags.

Source: AOSP frameworks/base, com/android/internal/util/BinaryXmlSerializer.java and BinaryXmlPullParser.java
(from source; only in our own fixtures until a real file has been read). Each event is a byte: the token in
its lower half, the type of its value in the upper one; strings are UTF-8 with a length of two bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MAGIC = b"ABX\x00"
_START_DOCUMENT, _END_DOCUMENT, _START_TAG, _END_TAG, _ATTRIBUTE = 0, 1, 2, 3, 15
_TEXT = 4
_WITH_TEXT = frozenset((4, 5, 6, 7, 8, 9, 10))  # text, CDATA, entity, blanks, instruction, comment, DOCTYPE
_NEW = 0xFFFF  # in the place of a reference: the string follows, and gets the next number
_NULL, _STRING, _INTERNED = 0x10, 0x20, 0x30
_BYTES = (0x40, 0x50)  # to be written in hexadecimal, in Base64
_NUMBERS = {
    0x60: struct.Struct(">i"), 0x70: struct.Struct(">i"),
    0x80: struct.Struct(">q"), 0x90: struct.Struct(">q"),
    0xA0: struct.Struct(">f"), 0xB0: struct.Struct(">d"),
}  # fmt: skip
_TRUE, _FALSE = 0xC0, 0xD0


class AndroidXmlError(ValueError):
    """The bytes are no whole binary XML of Android."""


@dataclass(slots=True)
class Tag:
    """An element in the order in which it begins, with its attributes as text and the text in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""


def tags(data: bytes) -> Iterator[Tag]:
    """Each element once it ends; AndroidXmlError where the rest cannot be read."""
    reader = _Reader(data)
    opened: list[Tag] = []
    while (event := reader.event()) is not None:
        token, kind = event & 0x0F, event & 0xF0
        if token == _START_TAG:
            opened.append(Tag(reader.interned()))
        elif token == _END_TAG:
            reader.interned()
            if not opened:
                raise AndroidXmlError("an element ends that did not begin")
            yield opened.pop()
        elif token == _ATTRIBUTE:
            name = reader.interned()
            value = reader.value(kind)
            if opened and value is not None:
                opened[-1].attributes[name] = value
        elif token in _WITH_TEXT:
            text = reader.string()
            if opened and token == _TEXT:
                opened[-1].text += text
        elif token not in (_START_DOCUMENT, _END_DOCUMENT):
            raise AndroidXmlError(f"an event of an unknown kind: {event:#x}")
    if opened:
        raise AndroidXmlError(f"cut off: {len(opened)} elements do not end")


class _Reader:
    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise AndroidXmlError("no binary XML of Android")
        self._data = data
        self._at = len(MAGIC)
        self._strings: list[str] = []

    def event(self) -> int | None:
        """The next event; None at the end."""
        return self._take(1)[0] if self._at < len(self._data) else None

    def string(self) -> str:
        return self._take(self._short()).decode("utf-8", "backslashreplace")

    def interned(self) -> str:
        """A string that is written once and referred to from then on."""
        number = self._short()
        if number == _NEW:
            self._strings.append(self.string())
            return self._strings[-1]
        if number >= len(self._strings):
            raise AndroidXmlError(f"string {number} is referred to before it was written")
        return self._strings[number]

    def value(self, kind: int) -> str | None:
        """An attribute's value as text; None for null."""
        if kind == _NULL:
            return None
        if kind in (_TRUE, _FALSE):
            return "true" if kind == _TRUE else "false"
        if kind in (_STRING, _INTERNED):
            return self.string() if kind == _STRING else self.interned()
        if kind in _BYTES:
            return self._take(self._short()).hex()
        if kind not in _NUMBERS:
            raise AndroidXmlError(f"a value of an unknown kind: {kind:#x}")
        return str(_NUMBERS[kind].unpack(self._take(_NUMBERS[kind].size))[0])

    def _short(self) -> int:
        return int.from_bytes(self._take(2), "big")

    def _take(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise AndroidXmlError(f"cut off: {count} bytes should follow, {len(part)} do")
        self._at += count
        return part
