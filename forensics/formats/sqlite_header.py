"""The byte layout of an SQLite file: the database header, and the numbers that pages are built of.

Source: https://www.sqlite.org/fileformat2.html sections 1.3 (header) and 1.6 (b-tree pages).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"SQLite format 3\x00"
HEADER_SIZE = 100
LOCK_BYTE = 1 << 30  # the page that holds this offset is never used (section 1.1)
MINIMUM_USABLE = 480  # section 1.3.4
ENCODINGS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}  # section 1.3.13
_FRACTIONS = b"\x40\x20\x20"  # payload fractions, which SQLite demands (section 1.3.5)
_LAYOUT = struct.Struct(">16sHBBB3s12I20x2I")


class HeaderError(ValueError):
    """The first 100 bytes are no header that a database can be read by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Bytes 0 to 99 of page 1; ``stated_pages`` is None where its own rules make the count invalid."""

    page_size: int
    reserved: int
    write_version: int
    read_version: int
    fractions: bytes
    change_counter: int
    stated_pages: int | None
    freelist_trunk: int
    schema_cookie: int
    schema_format: int
    encoding: int
    user_version: int
    application_id: int

    @property
    def usable(self) -> int:
        """Bytes of a page that b-trees use."""
        return self.page_size - self.reserved


def page_size_of(stored: int) -> int | None:
    """The page size that a stored number means (1 is 65536), or None when no page has that size."""
    size = 65536 if stored == 1 else stored
    return size if 512 <= size <= 65536 and size & (size - 1) == 0 else None


def read_header(data: bytes) -> Header:
    """Raises HeaderError when the magic or the page size is wrong or bytes are missing."""
    if len(data) < HEADER_SIZE:
        raise HeaderError(f"the header is cut off after {len(data)} of {HEADER_SIZE} bytes")
    (
        magic, stored_size, write_version, read_version, reserved, fractions, change_counter, pages, trunk,
        _free, cookie, schema_format, _cache, _largest_root, encoding, user_version, _incremental,
        application_id, valid_for, _version,
    ) = _LAYOUT.unpack(data[:HEADER_SIZE])  # fmt: skip
    if magic != MAGIC:
        raise HeaderError("the first 16 bytes are not those of an SQLite database")
    page_size = page_size_of(stored_size)
    if page_size is None:
        raise HeaderError(f"the header states a page size of {stored_size}")
    return Header(
        page_size=page_size,
        reserved=reserved,
        write_version=write_version,
        read_version=read_version,
        fractions=fractions,
        change_counter=change_counter,
        stated_pages=pages if pages and valid_for == change_counter else None,
        freelist_trunk=trunk,
        schema_cookie=cookie,
        schema_format=schema_format,
        encoding=encoding,
        user_version=user_version,
        application_id=application_id,
    )


def readable_header(data: bytes, header: Header, pages: int) -> tuple[bytes, list[str]]:
    """The header as SQLite accepts it for a plain file of ``pages`` pages, and each lie in it, in words."""
    wanted = bytearray(data[:HEADER_SIZE])
    lies = [text for wrong, text in _lies(header) if wrong]
    # Legacy journal mode: in WAL mode SQLite would look for a log beside the file.
    wanted[18:20] = b"\x01\x01"
    wanted[21:24] = _FRACTIONS
    # The true count, valid: SQLite then refuses pages beyond the end, and none within it.
    wanted[28:32] = pages.to_bytes(4, "big")
    wanted[92:96] = wanted[24:28]
    if header.usable < MINIMUM_USABLE:
        wanted[20] = 0
    if header.schema_format > 4:
        wanted[44:48] = (4).to_bytes(4, "big")
    if header.encoding not in ENCODINGS:
        wanted[56:60] = (1).to_bytes(4, "big")
    return bytes(wanted), lies


def _lies(header: Header) -> list[tuple[bool, str]]:
    versions = {header.read_version, header.write_version}
    return [
        (not versions <= {1, 2}, f"the header states file versions {sorted(versions)}; they are 1 or 2"),
        (header.fractions != _FRACTIONS, f"the header states payload fractions {header.fractions.hex()}"),
        (header.usable < MINIMUM_USABLE, f"the header reserves {header.reserved} bytes a page; read as 0"),
        (header.schema_format > 4, f"the header states schema format {header.schema_format}; read as 4"),
        # An empty database has not chosen an encoding yet: 0 stands in it by right.
        (header.encoding > 3, f"the header states text encoding {header.encoding}; read as UTF-8"),
    ]
