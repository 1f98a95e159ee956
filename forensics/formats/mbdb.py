"""Manifest.mbdb: the list of files in a backup by iTunes of iOS before 10, one record after the other.

Sources, which agree on the layout: the wiki page "MbdbMbdxFormat" of iphonebackupbrowser, and from source
iphone-dataprotection (backup4.py), Metasploit (apple_backup_manifestdb.rb) and pyiosbackup (mbdb.py). Grade:
known from source; only in our own fixtures until a real one has been read.

All numbers are big-endian. "mbdb", 5, 0; then records: five strings (domain, path, target of a link, SHA-1 of
the content where there is one, wrapped key), mode (16 bits), inode (64), owner and group, three times in
seconds since 1970 and size (64), class of protection (8), number of properties (8), and these, two strings
each. A string is its length (16 bits) and as many bytes; a length of 0xFFFF is none. The first time is the
last change; on the other two the sources do not agree, so they are not kept, and neither is the SHA-1, of
which none says whether it is of the encrypted bytes.
"""

from __future__ import annotations

import hashlib
import stat
import struct
from collections.abc import Iterator
from typing import NamedTuple

from forensics.formats.source import ReadAhead, Source

MAGIC = b"mbdb\x05\x00"
_FIXED = struct.Struct(">HQ2L3LQ2B")
_LENGTH, _NONE = 2, 0xFFFF
_STRINGS = 5


class MbdbError(ValueError):
    """The list cannot be read any further."""


class Record(NamedTuple):
    """A file, folder or link. ``domain`` and ``path`` are the stored bytes, UTF-8 in all that was seen;
    ``key``: class of protection (32 bits) and wrapped key, empty where the file is not encrypted."""

    domain: bytes
    path: bytes
    key: bytes
    mode: int
    inode: int
    uid: int
    gid: int
    modified: int
    size: int
    protection: int
    position: int

    @property
    def file_id(self) -> str:
        """The name of the file in the backup: SHA-1 of domain, hyphen and path."""
        return hashlib.sha1(self.domain + b"-" + self.path).hexdigest()

    @property
    def is_file(self) -> bool:
        return stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.mode)


def records(source: Source) -> Iterator[Record]:
    """All records in their order. Raises MbdbError at the first that is no whole one: where the next begins
    is then not known."""
    ahead = ReadAhead(source)
    if ahead.read_at(0, len(MAGIC)) != MAGIC:
        raise MbdbError("it does not begin as a manifest of this kind")
    position = len(MAGIC)
    while ahead.read_at(position, 1):
        record, position = record_at(ahead, position)
        yield record


def record_at(source: Source, position: int) -> tuple[Record, int]:
    """The record at that offset, and the offset of the next. Raises MbdbError."""
    at = position
    strings = []
    for _ in range(_STRINGS):
        text, at = _string(source, at)
        strings.append(text)
    data = _whole(source, at, _FIXED.size)
    mode, inode, uid, gid, modified, _, _, size, protection, properties = _FIXED.unpack(data)
    at += _FIXED.size
    for _ in range(2 * properties):
        _text, at = _string(source, at)
    domain, path, _target, _digest, key = strings
    return Record(domain, path, key, mode, inode, uid, gid, modified, size, protection, position), at


def _string(source: Source, at: int) -> tuple[bytes, int]:
    """The bytes of a string, and the offset behind it."""
    length = int.from_bytes(_whole(source, at, _LENGTH))
    at += _LENGTH
    if length == _NONE:
        return b"", at
    return _whole(source, at, length), at + length


def _whole(source: Source, at: int, length: int) -> bytes:
    data = source.read_at(at, length)
    if len(data) < length:
        raise MbdbError(f"it is cut off or damaged at offset {at}")
    return data
