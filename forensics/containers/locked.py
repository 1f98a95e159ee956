"""What a container is that opens with a password only, and which passwords a key file may hold."""

from __future__ import annotations

import unicodedata
from typing import Protocol

from forensics.members import Evidence

_LONGEST = 1024


class Locked(Protocol):
    """A container that is encrypted; ``name`` is that of its form, for the log."""

    path: str
    name: str

    def keys(self, material: bytes) -> list[bytes]:
        """The passwords that the bytes of a key file may be."""
        ...

    def open(self, key: bytes) -> Evidence:
        """What is in it; raises WrongKey, DamagedEvidence."""
        ...


def passwords(material: bytes) -> list[bytes]:
    """One line of text, without the end of its line; nothing else is a password."""
    try:
        text = material.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        return []
    if not text or len(text) > _LONGEST or any(unicodedata.category(each) == "Cc" for each in text):
        return []
    return [text.encode("utf-8")]
