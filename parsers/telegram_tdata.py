"""The data folder of Telegram Desktop, ``tdata``: recognised, said to be without messages, and left alone.

Source: Telegram reference 7 (what is in it, and that messages are not: "from source" and the maintainers'
word); storage_file_utilities.cpp of telegramdesktop/tdesktop for the frame of every file in it ("from
source"): ``TDF$``, the version of the app, the data, and the MD5 of data, its length, version and ``TDF$``.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator

from forensics.model import Notice, Record
from forensics.parser import Document

_MAGIC = b"TDF$"
_version = struct.Struct("<I")
_HEAD, _MD5 = len(_MAGIC) + _version.size, 16
# The key of the folder, of which there is one; its last letter tells copies apart.
_KEY = re.compile(r"(?:.*/)?key_data[0-9a-z]")
# Such a file has a few hundred bytes.
_LARGEST = 1 << 16
_WORDS = (
    "the data folder of Telegram Desktop (tdata): messages are not kept there, and nothing of it was read;"
    " it holds keys of live sessions, which may not be used to reach the account"
)


class TelegramTdata:
    """See ``forensics.parser.DocumentParser``."""

    name = "telegram_tdata"
    app = "telegram"
    platform = "desktop"

    def recognises(self, head: bytes, path: str) -> bool:
        """The frame of the app's files, of the one file that every such folder has."""
        return head.startswith(_MAGIC) and len(head) >= _HEAD + _MD5 and _KEY.fullmatch(path) is not None

    def schema(self, head: bytes) -> str:
        """With the version of the app that wrote it."""
        return f"tdata of Telegram Desktop {_app_version(head)}"

    def read(self, document: Document) -> Iterator[Record]:
        """One notice."""
        with document.stream() as stream:
            data = stream.read(_LARGEST)
        whole = "" if _is_whole(data) else "; its checksum does not fit: it is damaged or was changed"
        text = f"{_WORDS}; written by version {_app_version(data)}{whole}"
        yield Notice(severity="unread", text=text, source=document.source())


def _app_version(data: bytes) -> str:
    """5002003 is version 5.2.3."""
    (number,) = _version.unpack_from(data, len(_MAGIC))
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"


def _is_whole(data: bytes) -> bool:
    content, stored = data[_HEAD:-_MD5], data[-_MD5:]
    framed = content + _version.pack(len(content)) + data[len(_MAGIC) : _HEAD] + _MAGIC
    return hashlib.md5(framed, usedforsecurity=False).digest() == stored
