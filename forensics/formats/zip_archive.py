"""The central directory of a zip, read one entry at a time: a million members cost no memory here.

Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5; Info-ZIP's extra fields (proginfo/extrafld.txt).
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from forensics.formats.source import CHUNK, ReadAhead, Source

# 8.5: the first part of a split archive begins with the second marker, one that was to be split and fitted
# into one part with the third.
_SPLIT, _ONE_PART = b"PK\x07\x08", b"PK00PK"
STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", _SPLIT, _ONE_PART)

_ENTRY_START = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3L2H")  # 4.3.7
_ENTRY = struct.Struct("<4s6H3L5H2L")  # 4.3.12
_END = struct.Struct("<4s4H2LH")  # 4.3.16
_END_64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_LOCATOR_64 = struct.Struct("<4sLQL")  # 4.3.15
_MOST_COMMENT = 0xFFFF
# Name, extra fields and comment have at most 65,535 bytes each.
_MOST_ENTRY = _ENTRY.size + 3 * 0xFFFF
_WINDOW = 1 << 20
_IN_EXTRA_16, _IN_EXTRA_32 = 0xFFFF, 0xFFFFFFFF

# 4.4.5; what is not here has no decompressor at hand.
METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_METHOD_NAMES = {1: "shrunk", 6: "imploded", 9: "Deflate64", 98: "PPMd", 99: "AES-encrypted"}
_ENCRYPTED, _UTF8 = 1 << 0, 1 << 11
_UNIX = 3
_METHOD_AES = 99
_ZIP64, _NTFS, _TIMES, _UNICODE_PATH, _AES = 0x0001, 0x000A, 0x5455, 0x7075, 0x9901
# NTFS times count 100 ns from 1601-01-01.
_NTFS_EPOCH_MILLIS = 11_644_473_600_000


class ZipError(ValueError):
    """The bytes are no whole zip archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where the central directory is. ``base``: bytes before the archive that its offsets do not count."""

    start: int
    size: int
    entries: int
    base: int


class Entry(NamedTuple):
    """One member. ``modified``: milliseconds since 1970 where the archive says it in UTC, else None."""

    name: str
    raw_name: bytes
    method: int
    encrypted: bool
    crc: int
    packed: int
    size: int
    modified: int | None
    local: int
    mode: int
    position: int

    @property
    def is_directory(self) -> bool:
        return self.name.endswith(("/", "\\")) or stat.S_ISDIR(self.mode)

    @property
    def method_name(self) -> str:
        return METHODS.get(self.method) or _METHOD_NAMES.get(self.method, f"method {self.method}")


def directory(source: Source, size: int) -> Directory:
    """Find the central directory from the end of the archive; ZipError when there is none."""
    tail_start = max(0, size - _MOST_COMMENT - _END.size)
    tail = source.read_at(tail_start, size - tail_start)
    at = len(tail)
    while (at := tail.rfind(b"PK\x05\x06", 0, at)) >= 0:
        if at + _END.size <= len(tail):
            found = _directory(source, tail_start + at, tail[at : at + _END.size])
            disk = int.from_bytes(tail[at + 4 : at + 6], "little")
            if found is not None and 0 < disk < _IN_EXTRA_16:
                raise ZipError(f"it is the last of {disk + 1} parts of a split one: join them (zip -s 0)")
            if found is not None:
                return found
    if source.read_at(0, len(_SPLIT)) == _SPLIT:
        raise ZipError("it is the first part of a split one: join all parts (zip -s 0)")
    raise ZipError("its central directory is lost: the end of the archive is missing or damaged")


def _directory(source: Source, end: int, record: bytes) -> Directory | None:
    """The directory that this end record points at; None when there is none at that place."""
    _, _, _, _, entries, length, start, _ = _END.unpack(record)
    directory_end = end
    locator = source.read_at(max(0, end - _LOCATOR_64.size), _LOCATOR_64.size)
    if locator.startswith(b"PK\x06\x07"):
        found = _end_64(source, end, _LOCATOR_64.unpack(locator)[2])
        if found is None:
            return None
        directory_end, entries, length, start = found
    base = directory_end - length - start
    begin = directory_end - length
    if base < 0 or begin < 0:
        return None
    if length and source.read_at(begin, 4) != _ENTRY_START:
        return None
    return Directory(start=begin, size=length, entries=entries, base=base)


def _end_64(source: Source, end: int, said: int) -> tuple[int, int, int, int] | None:
    """Place of the zip64 end record, entries, size and start; where it is said to be, or right before."""
    for place in (said, end - _LOCATOR_64.size - _END_64.size):
        record = source.read_at(max(0, place), _END_64.size)
        if len(record) == _END_64.size and record.startswith(b"PK\x06\x06"):
            fields = _END_64.unpack(record)
            return place, fields[7], fields[8], fields[9]
    return None


def entries(source: Source, where: Directory) -> Iterator[Entry | ZipError]:
    """All entries in the order of the directory, and in between an error for each part that is damaged."""
    ahead = ReadAhead(source)
    position, end, count = where.start, where.start + where.size, 0
    while position < end:
        window = ahead.read_at(position, min(_WINDOW, end - position))
        at = 0
        # as many as are whole in the window, which is nearly all of them
        while len(window) - at > _MOST_ENTRY:
            try:
                entry, following = _entry_in(window, at, where, position + at)
            except ZipError:
                break
            count += 1
            yield entry
            at = following
        position += at
        if position >= end:
            break
        try:
            entry, position = entry_at(ahead, where, position)
        except ZipError as error:
            yield error
            position = _next_entry(ahead, position + 1, end)
        else:
            count += 1
            yield entry
    # the 16-bit count of an archive without zip64 wraps around
    if (count - where.entries) & _IN_EXTRA_16:
        yield ZipError(f"its end announces {where.entries} members, but its directory lists {count}")


def _entry_in(window: bytes, at: int, where: Directory, position: int) -> tuple[Entry, int]:
    """The entry at that offset of the window, and the offset of the next one in it."""
    fields = _ENTRY.unpack_from(window, at)
    if fields[0] != _ENTRY_START:
        raise ZipError(f"its central directory is damaged at offset {position}")
    name_end = at + _ENTRY.size + fields[10]
    extra_end = name_end + fields[11]
    entry = _entry(
        fields, window[at + _ENTRY.size : name_end], window[name_end:extra_end], where.base, position
    )
    return entry, extra_end + fields[12]


def _next_entry(source: Source, position: int, end: int) -> int:
    while position < end:
        data = source.read_at(position, min(CHUNK, end - position))
        found = data.find(_ENTRY_START)
        if found >= 0:
            return position + found
        position += max(1, len(data) - len(_ENTRY_START) + 1)
    return end


def entry_at(source: Source, where: Directory, position: int) -> tuple[Entry, int]:
    """The entry at that offset of the archive, and the offset of the next; ZipError when it is damaged."""
    fixed = source.read_at(position, _ENTRY.size)
    if len(fixed) < _ENTRY.size or not fixed.startswith(_ENTRY_START):
        raise ZipError(f"its central directory is damaged at offset {position}")
    fields = _ENTRY.unpack(fixed)
    name_length, extra_length, comment_length = fields[10:13]
    variable = source.read_at(position + _ENTRY.size, name_length + extra_length)
    if len(variable) < name_length + extra_length:
        raise ZipError(f"its central directory is cut off at offset {position}")
    following = position + _ENTRY.size + len(variable) + comment_length
    return _entry(fields, variable[:name_length], variable[name_length:], where.base, position), following


def _entry(fields: tuple[int, ...], raw_name: bytes, extra: bytes, base: int, position: int) -> Entry:
    made_by, flags, method = fields[1], fields[3], fields[4]
    size, packed, local = fields[9], fields[8], fields[16]
    is_unix = made_by >> 8 == _UNIX
    modified, unicode_path = None, b""
    if extra:
        extras = _extras(extra)
        size, packed, local = _sizes(size, packed, local, extras.get(_ZIP64, b""))
        modified, unicode_path = _modified(extras), extras.get(_UNICODE_PATH, b"")
        if method == _METHOD_AES:
            method = int.from_bytes(extras.get(_AES, b"")[5:7], "little")  # the packing below the encryption
    return Entry(
        _name(raw_name, flags, unicode_path, is_unix),
        raw_name,
        method,
        bool(flags & _ENCRYPTED),
        fields[7],
        packed,
        size,
        modified,
        base + local,
        fields[15] >> 16 if is_unix else 0,
        position,
    )


def _extras(extra: bytes) -> dict[int, bytes]:
    """Extra fields by their id; what is cut off at the end is left out (4.5.1)."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, at)
        found.setdefault(number, extra[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def _sizes(size: int, packed: int, local: int, wide: bytes) -> tuple[int, int, int]:
    """Each value that is all ones stands in the zip64 field instead, in this order (4.5.3)."""
    values = [size, packed, local]
    at = 0
    for number, value in enumerate(values):
        if value == _IN_EXTRA_32 and at + 8 <= len(wide):
            values[number] = int.from_bytes(wide[at : at + 8], "little")
            at += 8
    return values[0], values[1], values[2]


def _name(raw: bytes, flags: int, unicode_path: bytes, is_unix: bool) -> str:
    """UTF-8 where the archive says so, and where Unix wrote what can be nothing else; else code page 437."""
    if raw.isascii() and not unicode_path:
        return raw.decode("ascii")
    if unicode_path[:1] == b"\x01" and unicode_path[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        raw, flags = unicode_path[5:], flags | _UTF8
    try:
        return raw.decode("utf-8" if flags & _UTF8 or is_unix else "cp437")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace") if flags & _UTF8 else raw.decode("cp437")


def _modified(extras: dict[int, bytes]) -> int | None:
    """The time of last change in UTC; the DOS time beside the name has no zone and is left alone."""
    times = extras.get(_TIMES, b"")
    if len(times) >= 5 and times[0] & 1:
        return int.from_bytes(times[1:5], "little", signed=True) * 1000
    ntfs = extras.get(_NTFS, b"")
    if len(ntfs) >= 16 and ntfs[4:8] == b"\x01\x00\x18\x00":
        return int.from_bytes(ntfs[8:16], "little") // 10_000 - _NTFS_EPOCH_MILLIS
    return None


def local_extras(source: Source, entry: Entry) -> dict[int, bytes]:
    """The extra fields of the local header, which may say more than those of the directory (4.3.7); none
    where there is no local header."""
    fixed = source.read_at(entry.local, _LOCAL.size)
    if len(fixed) < _LOCAL.size or not fixed.startswith(STARTS[0]):
        return {}
    name_length, extra_length = struct.unpack_from("<2H", fixed, _LOCAL.size - 4)
    return _extras(source.read_at(entry.local + _LOCAL.size + name_length, extra_length))


def data_start(source: Source, entry: Entry) -> tuple[int, bool]:
    """Where the member's bytes start, and whether its local header gives it the same name.

    ZipError when there is no local header at its place.
    """
    fixed = source.read_at(entry.local, _LOCAL.size)
    if len(fixed) < _LOCAL.size or not fixed.startswith(STARTS[0]):
        raise ZipError(f"its local header at offset {entry.local} is damaged or missing")
    name_length, extra_length = struct.unpack_from("<2H", fixed, _LOCAL.size - 4)
    start: int = entry.local + _LOCAL.size + name_length + extra_length
    return start, source.read_at(entry.local + _LOCAL.size, name_length) == entry.raw_name
