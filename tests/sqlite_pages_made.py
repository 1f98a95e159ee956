"""Pages of SQLite databases written byte by byte from the file format, also such as SQLite never writes."""

from __future__ import annotations

import struct
from collections.abc import Sequence

PAGE = 1024
TABLE_LEAF, TABLE_INTERIOR, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
SQL = "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, chat INTEGER)"


def varint(number: int) -> bytes:
    """Section 1.6: seven bits a byte, the high bit set in all but the last; a ninth byte gives eight bits."""
    if number >> 56:
        head = [(number >> 8 + 7 * at) & 0x7F | 0x80 for at in range(7, -1, -1)]
        return bytes(head) + bytes([number & 0xFF])
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def record(*values: object) -> bytes:
    """Section 2.1; integers take as few bytes as they can, 0 and 1 none."""
    header, body = b"", b""
    for value in values:
        if value is None:
            header += b"\x00"
        elif value in (0, 1):
            header += bytes([8 + int(str(value))])
        elif isinstance(value, int):
            width, serial = next(
                (w, s)
                for w, s in ((1, 1), (2, 2), (3, 3), (4, 4), (6, 5), (8, 6))
                if abs(value) < 1 << 8 * w - 1
            )
            header += bytes([serial])
            body += value.to_bytes(width, "big", signed=True)
        else:
            data = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[call-overload]
            header += varint((13 if isinstance(value, str) else 12) + 2 * len(data))
            body += data
    return varint(len(header) + 1) + header + body


def cell(rowid: int, *values: object) -> bytes:
    """A cell of a table leaf whose payload stands in the page."""
    payload = record(*values)
    return varint(len(payload)) + varint(rowid) + payload


def long_cell(rowid: int, text: str, first: int, page: int = PAGE) -> bytes:
    """A cell of ``t`` whose text goes on at the overflow page ``first``; all else of it is left out."""
    payload = record(None, text, 7)
    smallest = (page - 12) * 32 // 255 - 23
    local = smallest + (len(payload) - smallest) % (page - 4)
    local = local if local <= page - 35 else smallest
    return varint(len(payload)) + varint(rowid) + payload[:local] + struct.pack(">I", first)


def leaf(
    cells: Sequence[bytes],
    *,
    kind: int = TABLE_LEAF,
    free: int = 0,
    count: int | None = None,
    pointers: Sequence[int] | None = None,
    start: int = 0,
    right: int | None = None,
    page: int = PAGE,
) -> bytes:
    """A page with these cells at its end, the last one lowest; what is stated of them may be a lie."""
    data = bytearray(page)
    position, places = page, []
    for each in cells:
        position -= len(each)
        data[position : position + len(each)] = each
        places.append(position)
    named = list(places if pointers is None else pointers)
    stated = len(named) if count is None else count
    struct.pack_into(">BHHHB", data, start, kind, free, stated, position & 0xFFFF, 0)
    area = start + 8
    if right is not None:
        struct.pack_into(">I", data, area, right)
        area += 4
    struct.pack_into(f">{len(named)}H", data, area, *named)
    return bytes(data)


def interior(children: Sequence[tuple[int, int]], right: int, page: int = PAGE) -> bytes:
    """An inner page of a table: child and highest row id of each, and the right-most child."""
    cells = [struct.pack(">I", child) + varint(key) for child, key in children]
    return leaf(cells, kind=TABLE_INTERIOR, right=right, page=page)


def first_page(
    schema: Sequence[tuple[str, int, str]],
    pages: int,
    *,
    trunk: int = 0,
    free: int = 0,
    vacuum: int = 0,
    page: int = PAGE,
) -> bytes:
    """Page 1: the file's header (section 1.3), and sqlite_schema's rows: name, root and SQL of each table."""
    rows = [cell(at, "table", name, name, root, sql) for at, (name, root, sql) in enumerate(schema, 1)]
    data = bytearray(leaf(rows, start=100, page=page))
    stated = (1, pages, trunk, free, 1, 4, 0, vacuum, 1, 0, 0, 0)
    head = struct.pack(
        ">16sH6B12I", b"SQLite format 3\x00", page if page < 65536 else 1, 1, 1, 0, 64, 32, 32, *stated
    )
    data[: len(head)] = head
    struct.pack_into(">II", data, 92, 1, 3_040_001)
    return bytes(data)


def tree(leaves: Sequence[int], keys: Sequence[int], first: int) -> tuple[int, list[bytes]]:
    """The inner pages over these leaves, numbered from ``first`` on; the root is the last. ``keys`` are the
    highest row ids of the leaves."""
    level, made = list(zip(leaves, keys, strict=True)), list[bytes]()
    while len(level) > 1:
        above = []
        for at in range(0, len(level), 60):
            part = level[at : at + 60]
            made.append(interior(part[:-1], part[-1][0]))
            above.append((first + len(made) - 1, part[-1][1]))
        level = above
    return level[0][0], made


LOST, _LIVE = 16, 8  # entries of an index leaf


def entries_of_one_row(pages: int) -> bytes:
    """A table with one row, and an index of so many leaves; in each lie entries that are lost, all of one row
    id, each with another key."""
    made = []
    for number in range(pages):
        keys = range((LOST + _LIVE) * number, (LOST + _LIVE) * (number + 1))
        records = [record(100_000 + key * 7919 % 10_007, 500_000) for key in keys]
        page = bytearray(leaf([varint(len(each)) + each for each in records], kind=INDEX_LEAF))
        lowest = struct.unpack_from(">H", page, 8 + 2 * (_LIVE - 1))[0]
        struct.pack_into(">HH", page, 3, _LIVE, lowest)
        made.append(bytes(page))
    root, inner = _index_tree(list(range(3, 3 + pages)), 3 + pages)
    rows = [
        cell(1, "table", "t", "t", 2, SQL),
        cell(2, "index", "i", "t", root, "CREATE INDEX i ON t(chat)"),
    ]
    first = first_page([], 2 + pages + len(inner))[:100] + leaf(rows, start=100)[100:]
    return first + b"".join([leaf([cell(1, None, "live", 100_000)]), *made, *inner])


def _index_tree(level: list[int], first: int) -> tuple[int, list[bytes]]:
    """The inner pages over these leaves of an index; the root is the last."""
    made: list[bytes] = []
    entry = record(100_000, 500_000)
    while len(level) > 1:
        above = []
        for at in range(0, len(level), 30):
            *some, last = level[at : at + 30]
            cells = [struct.pack(">I", child) + varint(len(entry)) + entry for child in some]
            made.append(leaf(cells, kind=INDEX_INTERIOR, right=last))
            above.append(first + len(made) - 1)
        level = above
    return level[0], made
