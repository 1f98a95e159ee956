"""EWF images (E01) made for the tests, from the description of the format in libewf's documentation.

A header of the file, then sections that name the next one, chunks of 64 sectors with an Adler-32 each, tables
of their offsets, and the digest of the medium.
"""

from __future__ import annotations

import hashlib
import struct
import zlib

SECTOR, SECTORS_PER_CHUNK = 512, 64
CHUNK = SECTOR * SECTORS_PER_CHUNK
_DESCRIPTOR = 76
_COMPRESSED = 1 << 31
_HEADER = (
    "1\nmain\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\r\n"
    "T-1\tE-1\tchip\tT. Tester\t\t1\tLinux\t2025 9 14 20 49 42\t2025 9 14 20 49 42\t0\r\n"
)


def _checked(data: bytes) -> bytes:
    return data + struct.pack("<L", zlib.adler32(data))


class _Segment:
    def __init__(self, number: int) -> None:
        self.data = b"EVF\t\r\n\xff\x00\x01" + struct.pack("<2H", number, 0)

    def section(self, kind: bytes, content: bytes, *, is_last: bool = False) -> None:
        at = len(self.data)
        size = _DESCRIPTOR + len(content)
        following = at if is_last else at + size
        head = struct.pack("<16s2Q40x", kind, following, size)
        self.data += _checked(head) + content

    def chunks(self, chunks: list[bytes], *, compressed: bool) -> None:
        start = len(self.data) + _DESCRIPTOR
        packed, entries = b"", []
        for chunk in chunks:
            entries.append(start + len(packed) | (_COMPRESSED if compressed else 0))
            packed += zlib.compress(chunk) if compressed else _checked(chunk)
        self.section(b"sectors", packed)
        table = _checked(struct.pack("<L4xQ4x", len(entries), 0))
        table += _checked(b"".join(struct.pack("<L", each) for each in entries))
        self.section(b"table", table)
        self.section(b"table2", table)


def ewf_segments(
    raw: bytes, *, segments: int = 1, compressed: bool = True, digest: bool = True
) -> list[bytes]:
    """The bytes of E01, E02 ... of an image, whose size is one of whole sectors."""
    chunks = [raw[at : at + CHUNK] for at in range(0, len(raw), CHUNK)]
    volume = struct.pack(
        "<B3x3LQ3LB3x3LB3xLL16s963x5x",
        *(1, len(chunks), SECTORS_PER_CHUNK, SECTOR, len(raw) // SECTOR, 0, 0, 0, 1, 0, 0, 0),
        *(int(compressed), SECTORS_PER_CHUNK, 0, bytes(range(16))),
    )
    share = -(-len(chunks) // segments)
    made = []
    for number in range(segments):
        segment = _Segment(number + 1)
        if number == 0:
            header = zlib.compress(_HEADER.encode("ascii"))
            segment.section(b"header", header)
            segment.section(b"header", header)
            segment.section(b"volume", _checked(volume))
        else:
            segment.section(b"data", _checked(volume))
        segment.chunks(chunks[number * share : (number + 1) * share], compressed=compressed)
        is_last = number == segments - 1
        if is_last and digest:
            segment.section(b"hash", _checked(hashlib.md5(raw, usedforsecurity=False).digest() + bytes(16)))
        segment.section(b"done" if is_last else b"next", b"", is_last=True)
        made.append(segment.data)
    return made
