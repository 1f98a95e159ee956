"""A tar archive, header by header: ustar, pax and GNU, with long names, large sizes and sparse files.

Source: POSIX.1-2017 pax "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual "Basic Tar
Format" and "Storing Sparse Files". A damaged header costs its member: reading goes on at the next good one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from forensics.formats.source import CHUNK, Source

BLOCK = 512
MAGIC = b"ustar"
MAGIC_AT = 257

_ZEROS = bytes(BLOCK)
# Names and pax records longer than this are no names but an attack on memory.
_MOST_EXTENSION = 8 << 20
_MOST_SPARSE_PARTS = 1 << 20
_KINDS = {b"1": "hard link", b"2": "symbolic link", b"3": "device", b"4": "device", b"5": "directory"}
_KINDS |= {b"6": "named pipe", b"D": "directory", b"V": "volume label"}
_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK, _SPARSE = b"xX", b"g", b"L", b"K", b"S"


class TarError(ValueError):
    """A part of the archive is damaged or missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One member. ``kind``: "file" or what else it is; ``parts``: (offset, size) of a sparse file's data."""

    name: str
    kind: str
    size: int
    modified: int | None
    link: str
    data: int
    parts: tuple[tuple[int, int], ...] | None


@dataclass(slots=True)
class _Extensions:
    """What headers in front of a member say about it."""

    records: dict[str, bytes] = field(default_factory=dict)
    sparse_parts: list[tuple[int, int]] = field(default_factory=list)


def entries(source: Source) -> Iterator[Entry | TarError]:
    """All members in order, and in between an error for each part that is damaged or missing."""
    return _Walk(source).entries()


class _Walk:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = 0
        self._shared: dict[str, bytes] = {}
        self._extensions = _Extensions()

    def entries(self) -> Iterator[Entry | TarError]:
        ended = False
        while len(block := self._source.read_at(self._position, BLOCK)) == BLOCK:
            if block == _ZEROS:
                ended = True
                self._position += BLOCK
                continue
            begin = self._position
            try:
                entry = self._header(block)
            except TarError as error:
                yield TarError(f"damaged at offset {begin}: {error}")
                self._extensions = _Extensions()
                ended = self._find_next_header(begin + BLOCK) or ended
            else:
                if entry is not None:
                    ended = False
                    yield entry
        if block and block.strip(b"\x00"):
            yield TarError(f"cut off at offset {self._position}")
        elif not ended:
            yield TarError("the end marker is missing: the archive is cut off")

    def _find_next_header(self, position: int) -> bool:
        """Go to the next header that its checksum confirms; whether there was none before the end."""
        self._position = position
        while data := self._source.read_at(self._position, CHUNK):
            at = data.find(MAGIC, MAGIC_AT)
            while at >= 0:
                start = at - MAGIC_AT
                if start % BLOCK == 0 and _checksum_is_right(data[start : start + BLOCK]):
                    self._position += start
                    return False
                at = data.find(MAGIC, at + 1)
            self._position += len(data) - len(data) % BLOCK or len(data)
        return True

    def _header(self, block: bytes) -> Entry | None:
        """The member of this header; None when it only says something about the next one."""
        if not _checksum_is_right(block):
            raise TarError("the checksum of a header is wrong")
        kind = block[156:157]
        size = _number(block[124:136])
        self._position += BLOCK
        if kind in {_PAX_GLOBAL, _LONG_NAME, _LONG_LINK} or kind in _PAX:
            self._extend(kind, size)
            return None
        extensions, self._extensions = self._extensions, _Extensions()
        records = self._shared | extensions.records
        return self._member(block, kind, _decimal(records, "size", size), records, extensions.sparse_parts)

    def _extend(self, kind: bytes, size: int) -> None:
        if size > _MOST_EXTENSION:
            raise TarError(f"a name or pax header of {size} bytes")
        body = self._source.read_at(self._position, size)
        if len(body) < size:
            raise TarError("a name or pax header is cut off")
        self._position += _blocks(size)
        if kind == _LONG_NAME:
            self._extensions.records.setdefault("path", body.split(b"\x00")[0])
        elif kind == _LONG_LINK:
            self._extensions.records.setdefault("linkpath", body.split(b"\x00")[0])
        else:
            self._records(body, self._shared if kind == _PAX_GLOBAL else self._extensions.records)

    def _records(self, body: bytes, into: dict[str, bytes]) -> None:
        for key, value in _pax_records(body):
            if key == "GNU.sparse.offset":
                self._extensions.sparse_parts.append((_whole(value), 0))
            elif key == "GNU.sparse.numbytes" and self._extensions.sparse_parts:
                offset, _ = self._extensions.sparse_parts.pop()
                self._extensions.sparse_parts.append((offset, _whole(value)))
            else:
                into[key] = value

    def _member(
        self,
        block: bytes,
        kind: bytes,
        stored: int,
        records: dict[str, bytes],
        sparse_parts: list[tuple[int, int]],
    ) -> Entry:
        name = records.get("GNU.sparse.name") or records.get("path") or _header_name(block)
        what = _KINDS.get(kind, "file")
        if kind == b"\x00" and name.endswith(b"/"):
            what = "directory"
        header_end = self._position
        parts, real, data = self._sparse(block, kind, stored, records, sparse_parts)
        if what != "file":
            stored = 0
        self._position = max(
            data, header_end + _blocks(stored) if kind != _SPARSE else data + _blocks(stored)
        )
        return Entry(
            name=name.decode("utf-8", "backslashreplace"),
            kind=what,
            size=stored if parts is None else real,
            modified=_modified(block, records),
            link=(records.get("linkpath") or block[157:257].split(b"\x00")[0]).decode(
                "utf-8", "backslashreplace"
            ),
            data=data,
            parts=parts,
        )

    def _sparse(
        self, block: bytes, kind: bytes, stored: int, records: dict[str, bytes], pairs: list[tuple[int, int]]
    ) -> tuple[tuple[tuple[int, int], ...] | None, int, int]:
        """The parts of a sparse file, its real size, and where its data start; None for any other file."""
        data, available = self._position, stored
        real = _decimal(records, "GNU.sparse.realsize", _decimal(records, "GNU.sparse.size", stored))
        if kind == _SPARSE:
            pairs, data = self._old_sparse_parts(block)
            real = _number(block[483:495])
        elif records.get("GNU.sparse.major") == b"1":
            pairs, length = self._pax_sparse_parts()
            data, available = data + length, stored - length
        elif "GNU.sparse.map" in records:
            numbers = [_whole(number) for number in records["GNU.sparse.map"].split(b",")]
            pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
        elif not pairs:
            return None, stored, data
        end = 0
        for offset, size in pairs:
            if offset < end or offset + size > real:
                raise TarError("the map of a sparse file is damaged")
            end = offset + size
        if sum(size for _, size in pairs) > available:
            raise TarError("the map of a sparse file is longer than its data")
        return tuple(pairs), real, data

    def _old_sparse_parts(self, block: bytes) -> tuple[list[tuple[int, int]], int]:
        pairs = _octal_pairs(block[386:482])
        position, more = self._position, block[482]
        while more:
            extension = self._source.read_at(position, BLOCK)
            if len(extension) < BLOCK or len(pairs) > _MOST_SPARSE_PARTS:
                raise TarError("the map of a sparse file is cut off")
            pairs += _octal_pairs(extension[:504])
            position, more = position + BLOCK, extension[504]
        return pairs, position

    def _pax_sparse_parts(self) -> tuple[list[tuple[int, int]], int]:
        """Format 1.0: a count, then offset and size of each part, in decimal lines before the data."""
        numbers: list[int] = []
        pending, length = b"", 0
        while not numbers or len(numbers) < 1 + 2 * numbers[0]:
            block = self._source.read_at(self._position + length, BLOCK)
            if len(block) < BLOCK or len(numbers) > 2 * _MOST_SPARSE_PARTS:
                raise TarError("the map of a sparse file is cut off")
            length += BLOCK
            *lines, pending = (pending + block).split(b"\n")
            numbers += [_whole(line) for line in lines]
        return list(zip(numbers[1::2], numbers[2::2], strict=False)), length


class Sparse:
    """The bytes of a sparse file as a source: its parts, and zeros between them."""

    def __init__(self, source: Source, entry: Entry) -> None:
        self._source = source
        self._size = entry.size
        self._parts = entry.parts or ()
        self._offsets = [offset for offset, _ in self._parts]
        self._places = []
        place = entry.data
        for _, size in self._parts:
            self._places.append(place)
            place += size

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        pieces = []
        end = min(offset + length, self._size)
        while offset < end:
            piece = self._piece(offset, end)
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def _piece(self, offset: int, end: int) -> bytes:
        number = bisect_right(self._offsets, offset) - 1
        if number >= 0:
            inside = offset - self._offsets[number]
            left = self._parts[number][1] - inside
            if left > 0:
                return self._source.read_at(self._places[number] + inside, min(left, end - offset))
        following = self._offsets[number + 1] if number + 1 < len(self._offsets) else end
        return bytes(min(following, end) - offset)


def _blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _checksum_is_right(block: bytes) -> bool:
    try:
        stored = _number(block[148:156])
    except TarError:
        return False
    others = block[:148] + block[156:]
    unsigned = 8 * ord(" ") + sum(others)
    # some historic writers summed signed bytes
    return stored == unsigned or stored == unsigned - 256 * sum(byte > 127 for byte in others)


# No file is larger: offsets of files are of 64 bits.
_LARGEST = (1 << 62) - 1
# Seconds in a pax header (POSIX "pax Header Block"): a decimal number, no exponent, whose power takes memory.
_SECONDS = re.compile(rb"-?[0-9]{1,15}(?:\.[0-9]{0,40})?")


def _number(text: bytes) -> int:
    """Octal digits, or base 256 where the first bit is set (GNU tar "Large or Negative Values")."""
    if text[:1] >= b"\x80":
        value = int.from_bytes(text) & (1 << (8 * len(text) - 1)) - 1
        if text[0] == 0xFF:
            raise TarError("a negative number")
        if value > _LARGEST:
            raise TarError(f"a number of more than {_LARGEST}")
        return value
    digits = text.split(b"\x00")[0].strip()
    if digits.strip(b"01234567"):
        raise TarError("a number in a header is damaged")
    return int(digits or b"0", 8)


def _whole(text: bytes) -> int:
    if not text.isdigit() or len(text) > 20:
        raise TarError("a number in a pax header is damaged")
    if int(text) > _LARGEST:
        raise TarError(f"a number of more than {_LARGEST}")
    return int(text)


def _decimal(records: dict[str, bytes], key: str, otherwise: int) -> int:
    return _whole(records[key]) if key in records else otherwise


def _octal_pairs(text: bytes) -> list[tuple[int, int]]:
    pairs = []
    for at in range(0, len(text) - 23, 24):
        if not text[at]:
            break
        pairs.append((_number(text[at : at + 12]), _number(text[at + 12 : at + 24])))
    return [pair for pair in pairs if pair[1]]


def _pax_records(body: bytes) -> Iterator[tuple[str, bytes]]:
    """ "length key=value" lines, where the length counts the whole line."""
    at = 0
    while at < len(body) and body[at]:
        digits = body[at : at + 20].split(b" ")[0]
        length = _whole(digits)
        line = body[at + len(digits) + 1 : at + length]
        key, equals, value = line.partition(b"=")
        if not equals or not value.endswith(b"\n"):
            raise TarError("a pax header is damaged")
        yield key.decode("utf-8", "backslashreplace"), value[:-1]
        at += length


def _header_name(block: bytes) -> bytes:
    name, prefix = block[:100].split(b"\x00")[0], block[345:500].split(b"\x00")[0]
    # GNU's own format has other things in the place of the prefix
    is_posix = block[MAGIC_AT : MAGIC_AT + 6] == b"ustar\x00"
    return prefix + b"/" + name if prefix and is_posix else name


def _modified(block: bytes, records: dict[str, bytes]) -> int | None:
    """Milliseconds since 1970, or None where the archive has no readable time."""
    try:
        if "mtime" in records:
            written = _SECONDS.fullmatch(records["mtime"])
            return None if written is None else int(Decimal(written[0].decode("ascii")) * 1000)
        return _number(block[136:148]) * 1000
    except TarError:
        return None
