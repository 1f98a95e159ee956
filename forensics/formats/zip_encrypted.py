"""One encrypted member of a zip, ZipCrypto or AES, decrypted and unpacked by pyzipper as it is read.

pyzipper would read the whole central directory, which may have millions of entries: it is handed an archive
of this one member, put together as it reads. Source: APPNOTE 6.3.10, 4.3.7 to 4.3.16 and 6.1; WinZip's AES.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import BinaryIO

import pyzipper

from forensics.errors import DamagedEvidence
from forensics.formats.source import Section, Source, Span
from forensics.formats.zip_archive import Directory, Entry

_LOCAL_SIZE, _ENTRY_SIZE = 30, 46
_WIDE = 0xFFFFFFFF
_ZIP64 = 0x0001
_REFUSALS = (
    zipfile.BadZipFile,
    pyzipper.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)


class PasswordRefused(ValueError):
    """The password does not open the member."""


class EncryptedMember:
    """The plain bytes of one member as a source; PasswordRefused. Reading forwards is quick, back is not."""

    def __init__(self, source: Source, where: Directory, entry: Entry, password: bytes) -> None:
        archive = io.BufferedReader(_Joined(*_one_member(source, where, entry)))
        self._position = 0
        try:
            opened = pyzipper.AESZipFile(archive)
            self._stream: BinaryIO = opened.open(opened.infolist()[0], pwd=password)
        except RuntimeError as error:  # what it raises for a password whose check bytes differ
            raise PasswordRefused("wrong password") from error
        except _REFUSALS as error:
            raise DamagedEvidence(f"cannot be decrypted: {error}") from error

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source; raises DamagedEvidence, also where the code or CRC at the end is not right."""
        try:
            if offset != self._position:
                self._stream.seek(offset)
            data = self._stream.read(length)
        except _REFUSALS as error:
            self._position = -1
            raise DamagedEvidence(f"cannot be decrypted: {error}") from error
        self._position = offset + len(data)
        return data

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class _Joined(Span):
    """A part of a source with bytes behind it, as a seekable stream."""

    def __init__(self, part: Section, behind: bytes) -> None:
        super().__init__(part, 0, part.size + len(behind))
        self._part, self._behind = part, behind

    def take(self, position: int, length: int) -> bytes:
        """The bytes there, at most to the end of the part or of what is behind it."""
        left = self._part.size - position
        if left > 0:
            return self._part.read_at(position, min(length, left))
        return self._behind[-left : -left + length]


def _one_member(source: Source, where: Directory, entry: Entry) -> tuple[Section, bytes]:
    """The member with its local header, and a directory of it alone."""
    lengths = struct.unpack("<2H", source.read_at(entry.local + _LOCAL_SIZE - 4, 4).ljust(4, b"\x00"))
    part = Section(source, entry.local, _LOCAL_SIZE + sum(lengths) + entry.packed)
    fixed = bytearray(source.read_at(entry.position, _ENTRY_SIZE))
    name_length, extra_length, _comment = struct.unpack_from("<3H", fixed, 28)
    variable = source.read_at(entry.position + _ENTRY_SIZE, name_length + extra_length)
    name, extra = variable[:name_length], _without_zip64(variable[name_length:])
    # sizes in the wide field whatever they are; the offset is 0 now
    extra += struct.pack("<2H2Q", _ZIP64, 16, entry.size, entry.packed)
    struct.pack_into("<2L", fixed, 20, _WIDE, _WIDE)
    struct.pack_into("<3H", fixed, 28, len(name), len(extra), 0)
    struct.pack_into("<L", fixed, 42, 0)
    directory = bytes(fixed) + name + extra
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), part.size)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, part.size + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, _WIDE, _WIDE, 0)
    return part, directory + end_64 + locator + end


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, at)
        if number != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
