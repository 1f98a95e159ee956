"""The b-trees of a database file: which pages a table consists of, and which of them cannot be read.

Source: https://www.sqlite.org/fileformat2.html section 1.6. Every page is visited once at most, so that a
loop made by damage or on purpose ends.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LOWEST = -(1 << 63)
HIGHEST = (1 << 63) - 1
INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF = 0x02, 0x05, 0x0A, 0x0D
_DEPTH = 20  # BTCURSOR_MAX_DEPTH in SQLite's btreeInt.h
_NODE = struct.Struct(">BHHHBI")  # type, first freeblock, cells, content start, fragments, right-most child
_U32 = struct.Struct(">I")


class Malformed(ValueError):
    """A page is not what its place in the tree demands; the message completes "page 5 ..."."""


class Missing(Malformed):
    """The evidence does not hold the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A page of the tree that can be read; its row ids lie within ``low`` and ``high``."""

    page: int
    is_leaf: bool
    cells: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A page that cannot be read, with all that hangs below it. ``pointer`` is the file offset of the page
    number that leads to it, None for a root."""

    page: int
    reason: str
    low: int
    high: int
    pointer: int | None
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table leaf: ``local`` bytes of its payload stand at file offset ``start``, the rest on
    ``overflow_pages`` pages of which ``overflow`` is the first. ``slot`` is its offset in the page."""

    rowid: int
    payload: int
    start: int
    local: int
    overflow: int
    overflow_pages: int
    slot: int


@dataclass(frozen=True, slots=True)
class _Link:
    page: int
    depth: int
    low: int
    high: int
    pointer: int | None


def read_varint(data: bytes, offset: int) -> tuple[int, int]:
    """A variable-length integer as a signed 64-bit number, and the offset behind it. Most are of one to
    three bytes."""
    value = data[offset]
    if value < 0x80:
        return value, offset + 1
    byte = data[offset + 1]
    value = (value & 0x7F) << 7 | byte & 0x7F
    if byte < 0x80:
        return value, offset + 2
    byte = data[offset + 2]
    value = value << 7 | byte & 0x7F
    if byte < 0x80:
        return value, offset + 3
    for position in range(offset + 3, offset + 8):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    value = value << 8 | data[offset + 8]
    return (value - (1 << 64) if value >> 63 else value), offset + 9


class Pages:
    """The pages of a private copy, mapped for reading; closed by ``close``."""

    def __init__(
        self, path: Path, *, page_size: int, usable: int, count: int, absent: frozenset[int] = frozenset()
    ) -> None:
        self.page_size = page_size
        self.usable = usable
        self.count = count
        self.absent = absent
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def forget(self) -> None:
        """Give back the memory of the pages looked at; they are mapped again at need."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def walk(
        self, root: int, *, index: bool = False, low: int = LOWEST, high: int = HIGHEST
    ) -> Iterator[Node | Hole]:
        """The pages of a tree in key order; ``index`` for the tree of a table WITHOUT ROWID. Below the root
        only pages that may hold row ids from ``low`` to ``high``."""
        leaf_type, interior_type = (INDEX_LEAF, INDEX_INTERIOR) if index else (TABLE_LEAF, TABLE_INTERIOR)
        seen: set[int] = set()
        links = [_Link(root, 0, LOWEST, HIGHEST, None)]
        while links:
            link = links.pop()
            try:
                self._demand_reachable(link, seen)
                node, is_leaf = self._node(link, leaf_type, interior_type)
                below = [] if is_leaf else self._children(link, node.cells, index)
            except Malformed as error:
                yield Hole(
                    page=link.page,
                    reason=str(error),
                    low=link.low,
                    high=link.high,
                    pointer=link.pointer,
                    is_missing=isinstance(error, Missing),
                )
                continue
            yield node
            links.extend(link for link in reversed(below) if link.low <= high and link.high >= low)

    def _demand_reachable(self, link: _Link, seen: set[int]) -> None:
        if not 0 < link.page <= self.count:
            raise Missing("lies beyond the end of the file")
        if link.page in self.absent:
            raise Missing("is missing")
        if link.page in seen:
            raise Malformed("is linked more than once")
        if link.depth >= _DEPTH:
            raise Malformed("lies deeper than a b-tree may")
        seen.add(link.page)

    def _start(self, page: int) -> int:
        """The file offset of the page's b-tree header: page 1 begins with the database header."""
        return (page - 1) * self.page_size + (100 if page == 1 else 0)

    def _node(self, link: _Link, leaf_type: int, interior_type: int) -> tuple[Node, bool]:
        kind, _free, cells, *_rest = _NODE.unpack_from(self._map, self._start(link.page))
        if kind not in (leaf_type, interior_type):
            raise Malformed(f"is of type {kind}, not {leaf_type} or {interior_type}")
        is_leaf = kind == leaf_type
        if not cells and link.page != 1 and (link.depth or not is_leaf):
            raise Malformed("has no cells")
        self._pointer_area(link.page, cells, is_leaf)
        return Node(page=link.page, is_leaf=is_leaf, cells=cells, low=link.low, high=link.high), is_leaf

    def _pointer_area(self, page: int, cells: int, is_leaf: bool) -> int:
        """The offset of the cell pointers; raises Malformed when they do not fit."""
        start = self._start(page) + (8 if is_leaf else 12)
        # MX_CELL in SQLite's btreeInt.h: a cell and its pointer take 6 bytes at least.
        if cells > (self.page_size - 8) // 6 or start + 2 * cells > (page - 1) * self.page_size + self.usable:
            raise Malformed(f"states {cells} cells, more than fit in it")
        return start

    def _pointers(self, page: int, cells: int, is_leaf: bool) -> tuple[int, tuple[int, ...]]:
        """Where the cell pointers stand, and the cells' offsets in the page, in key order."""
        start = self._pointer_area(page, cells, is_leaf)
        return start, struct.unpack_from(f">{cells}H", self._map, start)

    def _children(self, link: _Link, cells: int, index: bool) -> list[_Link]:
        area, pointers = self._pointers(link.page, cells, is_leaf=False)
        base = (link.page - 1) * self.page_size
        lowest = area + 2 * cells - base
        page = self._padded(link.page)
        low, links = link.low, []
        for pointer in pointers:
            if not lowest <= pointer <= self.usable - 5:
                raise Malformed("has a cell outside its bounds")
            (child,) = _U32.unpack_from(page, pointer)
            key, end = read_varint(page, pointer + 4)
            if end > self.usable:
                raise Malformed("has a cell that passes its end")
            high = link.high if index else key
            links.append(_Link(child, link.depth + 1, low, high, base + pointer))
            low = link.low if index else min(high + 1, HIGHEST)
        right = self._start(link.page) + 8
        (child,) = _U32.unpack_from(self._map, right)
        links.append(_Link(child, link.depth + 1, low, link.high, right))
        return links

    def edges(self, leaf: Node) -> tuple[int, int] | None:
        """The first and the last row id of a table leaf with cells; None when they cannot be read."""
        _area, slots = self._pointers(leaf.page, leaf.cells, is_leaf=True)
        if max(slots[0], slots[-1]) > self.usable - 4:
            return None
        base = (leaf.page - 1) * self.page_size
        first, last = (
            self._map[base + slot : base + slot + 18] + bytes(18) for slot in (slots[0], slots[-1])
        )
        return read_varint(first, read_varint(first, 0)[1])[0], read_varint(last, read_varint(last, 0)[1])[0]

    def _padded(self, page: int) -> bytes:
        """The page's usable bytes, and zeros behind them so that a varint at its end can be read."""
        base = (page - 1) * self.page_size
        return self._map[base : base + self.usable] + bytes(20)

    def cells(self, leaf: Node) -> Iterator[Cell | Malformed]:
        """The cells of a table leaf in the order of their pointers; a bad one stands as its error."""
        area, slots = self._pointers(leaf.page, leaf.cells, is_leaf=True)
        base = (leaf.page - 1) * self.page_size
        page = self._padded(leaf.page)
        for number, slot in enumerate(slots):
            if area + 2 * leaf.cells - base <= slot <= self.usable - 4:
                yield self._cell(page, base, slot)
            else:
                yield Malformed(f"has cell {number} outside its bounds")

    def _cell(self, page: bytes, base: int, slot: int) -> Cell | Malformed:
        payload, position = read_varint(page, slot)
        rowid, position = read_varint(page, position)
        if not 0 <= payload <= self.count * self.page_size:
            return Malformed(f"has a cell of {payload} bytes")
        local = self._local(payload)
        spilled = payload - local
        if position + local + (4 if spilled else 0) > self.usable:
            return Malformed("has a cell that passes its end")
        return Cell(
            rowid=rowid,
            payload=payload,
            start=base + position,
            local=local,
            overflow=_U32.unpack_from(page, position + local)[0] if spilled else 0,
            overflow_pages=-(-spilled // (self.usable - 4)),
            slot=slot,
        )

    def payload(self, cell: Cell) -> bytes:
        """The cell's whole record. Raises Malformed when a page of it cannot be read."""
        parts = [self._map[cell.start : cell.start + cell.local]]
        for page in self.overflow(cell):
            if not self.holds(page):
                raise Malformed("is missing, and a row goes on in it")
            base = (page - 1) * self.page_size
            parts.append(self._map[base + 4 : base + self.usable])
        return b"".join(parts)[: cell.payload]

    def holds(self, page: int) -> bool:
        """Whether the evidence has the page."""
        return 0 < page <= self.count and page not in self.absent

    def _local(self, payload: int) -> int:
        """How much of a table leaf's payload stands in the page itself (section 1.6)."""
        largest = self.usable - 35
        if payload <= largest:
            return payload
        smallest = (self.usable - 12) * 32 // 255 - 23
        fitting = smallest + (payload - smallest) % (self.usable - 4)
        return fitting if fitting <= largest else smallest

    def overflow(self, cell: Cell) -> Iterator[int]:
        """The overflow pages of a cell, in order, as far as the chain can be followed."""
        page = cell.overflow
        for _ in range(cell.overflow_pages):
            yield page
            if not self.holds(page):
                return
            (page,) = _U32.unpack_from(self._map, (page - 1) * self.page_size)
