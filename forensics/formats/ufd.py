"""Cellebrite's .ufd: what was extracted, how, and the hashes of the delivered files.

Source: containers reference 1, from source (test data of a public project, fox-it/dissect.target). Keys may
repeat and lines may be anything, so that no strict reader of INI files will do.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
_HEX = re.compile(r"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One ``key=value`` of a section, in the order of the file."""

    section: str
    key: str
    value: str


def is_ufd(head: bytes) -> bool:
    """Whether the first bytes are those of a .ufd, by its sections."""
    text = _text(head).lower()
    return "[general]" in text and ("[dumps]" in text or "ufdver" in text)


def _text(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF16_LE):
        return data[2:].decode("utf-16-le", "backslashreplace")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "backslashreplace")


def lines(data: bytes) -> Iterator[Line]:
    """All values, in the order of the file."""
    section = ""
    for each in _text(data).splitlines():
        text = each.strip()
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1]
            continue
        key, equals, value = text.partition("=")
        if equals and not text.startswith((";", "#")):
            yield Line(section, key.strip(), value.strip())


def hash_of(line: Line) -> tuple[str, str] | None:
    """Algorithm and digest in lower case, where it is one of a file; the HMAC of the vendor is none."""
    algorithm = _HASHES.get(len(line.value))
    if algorithm is None or not _HEX.fullmatch(line.value) or "." not in line.key:
        return None
    return algorithm, line.value.lower()
