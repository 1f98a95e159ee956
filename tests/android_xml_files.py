"""Writes Android's binary XML, by the protocol that its serializer in AOSP writes."""

from __future__ import annotations

import struct

MAGIC = b"ABX\x00"


class Writer:
    """Strings of names are written once, and referred to by their number from then on."""

    def __init__(self) -> None:
        self.data = MAGIC + b"\x10"  # START_DOCUMENT with TYPE_NULL
        self._known: list[str] = []

    def start(self, name: str, /, **attributes: object) -> Writer:
        self.data += b"\x32" + self._interned(name)
        for key, value in attributes.items():
            self.data += self._attribute(key, value)
        return self

    def end(self, name: str) -> Writer:
        self.data += b"\x33" + self._interned(name)
        return self

    def text(self, text: str) -> Writer:
        self.data += b"\x24" + _string(text)
        return self

    def finished(self) -> bytes:
        return self.data + b"\x11"

    def _attribute(self, key: str, value: object) -> bytes:
        name = self._interned(key)
        if value is None:
            return b"\x1f" + name
        if isinstance(value, bool):
            return (b"\xcf" if value else b"\xdf") + name
        if isinstance(value, int):
            return b"\x6f" + name + struct.pack(">i", value)
        if isinstance(value, float):
            return b"\xbf" + name + struct.pack(">d", value)
        if isinstance(value, bytes):
            return b"\x4f" + name + struct.pack(">H", len(value)) + value
        return b"\x2f" + name + _string(str(value))

    def _interned(self, text: str) -> bytes:
        if text in self._known:
            return struct.pack(">H", self._known.index(text))
        self._known.append(text)
        return b"\xff\xff" + _string(text)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data
