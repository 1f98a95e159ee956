"""The path of a legacy media file, out of the Java object in ``messages.thumb_image``.

Source: WhatsApp reference 2.2: a serialized ``com.whatsapp.MediaData`` whose field ``file`` is a
``java.io.File`` with the single field ``path`` (Java Object Serialization Specification, chapter 6:
TC_CLASSDESC with the serial version and flags, TC_STRING with a two-byte length and modified UTF-8).
"""

from __future__ import annotations

import re

MAGIC = b"\xac\xed\x00\x05sr"
_FILE = re.compile(
    rb"\x00\x0cjava\.io\.File.{8}\x03\x00\x01L\x00\x04patht\x00\x12Ljava/lang/String;xpt(..)", re.DOTALL
)


def stored_path(blob: bytes | None) -> str | None:
    """The path of the file; None where the object holds none, or is none."""
    if blob is None or not blob.startswith(MAGIC):
        return None
    match = _FILE.search(blob)
    if match is None:
        return None
    length = int.from_bytes(match[1], "big")
    raw = blob[match.end() : match.end() + length]
    return modified_utf8(raw) if len(raw) == length and raw else None


def modified_utf8(raw: bytes) -> str:
    """Java's form of UTF-8: surrogates are encoded each for itself, a zero as C0 80."""
    try:
        text = raw.replace(b"\xc0\x80", b"\x00").decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
