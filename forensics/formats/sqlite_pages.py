"""One page image of a database file: its cells, and the spans of it that no cell uses.

Source: https://www.sqlite.org/fileformat2.html sections 1.5 (freelist), 1.6 (b-tree), 1.8 (ptrmap).
Everything here takes a page as bytes and trusts none of its numbers: a chain must ascend, a count must fit.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forensics.formats.sqlite_header import LOCK_BYTE
from forensics.formats.sqlite_tree import INDEX_INTERIOR, INDEX_LEAF, TABLE_INTERIOR, TABLE_LEAF, read_varint

PADDING = bytes(20)  # so that a varint at a page's end can be read
LEAVES = frozenset((TABLE_LEAF, INDEX_LEAF))
INTERIORS = frozenset((TABLE_INTERIOR, INDEX_INTERIOR))
KINDS = LEAVES | INTERIORS
_NODE = struct.Struct(">BHHHBI")
_U32 = struct.Struct(">I")
_PAIR = struct.Struct(">HH")
_SHORT = 2 + 9 + 0x7F  # lengths of a cell, its row id, and what its payload's first byte does not tell


@dataclass(frozen=True, slots=True)
class Layout:
    """The two sizes by which a file's pages are cut."""

    page_size: int
    usable: int

    def local(self, payload: int, is_index: bool) -> int:
        """How much of a payload stands in the b-tree page itself."""
        largest = self.largest(is_index)
        if payload <= largest:
            return payload
        smallest = (self.usable - 12) * 32 // 255 - 23
        fitting = smallest + (payload - smallest) % (self.usable - 4)
        return fitting if fitting <= largest else smallest

    def largest(self, is_index: bool) -> int:
        """The longest payload that stands in the b-tree page as a whole."""
        return (self.usable - 12) * 64 // 255 - 23 if is_index else self.usable - 35

    def is_special(self, page: int) -> bool:
        """Whether the page holds the lock byte, which is never used."""
        return page == LOCK_BYTE // self.page_size + 1

    def is_pointer_map(self, page: int) -> bool:
        """Whether the page is a pointer map, in a database that has them."""
        return page >= 2 and self.pointer_map_of(page) == page

    def pointer_map_of(self, page: int) -> int:
        """The pointer map that tells of a page: each tells of the pages behind it up to the next one; the one
        that would stand on the lock byte's page stands behind it."""
        group = self.usable // 5 + 1
        number = (page - 2) // group * group + 2
        return number + 1 if self.is_special(number) else number


@dataclass(frozen=True, slots=True)
class BtreePage:
    """A page that begins like one of a b-tree; ``data`` is its usable part and some zeros behind it."""

    number: int
    data: bytes
    kind: int
    start: int
    first_free: int
    cells: int
    content: int
    area: int  # where the cell pointers begin
    usable: int

    @property
    def is_leaf(self) -> bool:
        return self.kind in LEAVES

    @property
    def is_index(self) -> bool:
        return self.kind in (INDEX_LEAF, INDEX_INTERIOR)

    @property
    def pointers_end(self) -> int:
        return self.area + 2 * self.cells

    @property
    def cells_begin(self) -> int:
        """Before this no cell can begin."""
        return max(self.pointers_end, min(self.content, self.usable))

    @property
    def right_child(self) -> int:
        """The right-most child of an interior page."""
        return int.from_bytes(self.data[self.start + 8 : self.start + 12], "big")

    def pointers(self) -> tuple[int, ...]:
        """The cells' offsets, in key order, without those that cannot be one."""
        found: tuple[int, ...] = struct.unpack_from(f">{self.cells}H", self.data, self.area)
        low, high = self.pointers_end, self.usable - 4
        if not found or (low <= min(found) and max(found) <= high):
            return found
        return tuple(pointer for pointer in found if low <= pointer <= high)


@dataclass(frozen=True, slots=True)
class CellParts:
    """Where a cell's parts stand in its page; ``end`` is behind all of them."""

    rowid: int | None
    payload: int
    body: int
    local: int
    overflow: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a page that no cell uses. ``block`` is the size that a freeblock at its start states, or 0."""

    start: int
    end: int
    block: int


def parse_page(data: bytes, number: int, usable: int) -> BtreePage | None:
    """None for what cannot be a b-tree page."""
    start = 100 if number == 1 else 0
    if len(data) < start + 12 or data[start] not in KINDS:
        return None
    kind, free, cells, content, _fragments, _right = _NODE.unpack_from(data, start)
    area = start + (8 if kind in LEAVES else 12)
    if area + 2 * cells > usable or cells > usable // 4:
        return None
    padded = data[:usable] + bytes(max(0, usable - len(data))) + PADDING
    return BtreePage(number, padded, kind, start, free, cells, content or 65536, area, usable)


def children(page: BtreePage) -> list[int]:
    """The pages below an interior page, in key order; a lying one among them is the reader's to refuse."""
    found = [_U32.unpack_from(page.data, pointer)[0] for pointer in page.pointers()]
    return [*found, page.right_child]


def freeblocks(page: BtreePage) -> dict[int, int]:
    """Offset and size of each freeblock, as far as the chain ascends within the page."""
    found: dict[int, int] = {}
    offset, low = page.first_free, page.pointers_end
    while low <= offset <= page.usable - 4:
        following, size = _PAIR.unpack_from(page.data, offset)
        if size < 4 or offset + size > page.usable:
            break
        found[offset] = size
        offset, low = following, offset + size
    return found


def read_cell(page: BtreePage, pointer: int, layout: Layout, limit: int) -> CellParts | None:
    """The parts of the cell at ``pointer``; None when it passes the page's end or ``limit`` bytes."""
    data, position = page.data, pointer
    if page.kind in INTERIORS:
        position += 4
    payload, rowid = 0, None
    if page.kind != TABLE_INTERIOR:
        payload, position = read_varint(data, position)
    if not page.is_index:
        rowid, position = read_varint(data, position)
    if page.kind == TABLE_INTERIOR:
        return CellParts(rowid, 0, position, 0, 0, position)
    if not 0 <= payload <= limit:
        return None
    local = layout.local(payload, page.is_index)
    end = position + local + (4 if local < payload else 0)
    if end > page.usable:
        return None
    overflow = _U32.unpack_from(data, end - 4)[0] if local < payload else 0
    return CellParts(rowid, payload, position, local, overflow, max(end, pointer + 4))


def has_residue(page: BtreePage) -> bool:
    """Whether the page's free space, as its header states it, holds anything but zeros."""
    end = min(page.content, page.usable)
    return bool(page.first_free) or page.data.count(0, page.pointers_end, end) != max(
        0, end - page.pointers_end
    )


def needs_a_look(page: BtreePage, layout: Layout) -> bool:
    """Whether the page has no cells, or one that may lie outside it, pass its end or go on elsewhere."""
    found: tuple[int, ...] = struct.unpack_from(f">{page.cells}H", page.data, page.area)
    if not found:
        return True
    low, high = min(found), max(found)
    if low < page.content or low < page.pointers_end or high > page.usable - 4:
        return True
    if page.kind == TABLE_INTERIOR:
        return any(read_varint(page.data, pointer + 4)[1] > page.usable for pointer in found)
    start, largest = 0 if page.is_leaf else 4, layout.largest(page.is_index)
    return any(_is_odd(page, pointer + start, largest) for pointer in _unclear(page, found, start, largest))


def _unclear(page: BtreePage, found: tuple[int, ...], start: int, largest: int) -> Sequence[int]:
    """The cells that may pass the page's end or go on elsewhere, for all that the first two bytes tell: a
    length of one byte is below 128, and of one of two bytes the first tells it to within 128."""
    if largest < 0x7F:
        return found
    data, end = page.data, page.usable - start - _SHORT
    end_of_two, longest = end + (0x80 << 7), 0x80 + (largest >> 7)
    return [
        pointer
        for pointer in found
        if pointer > end
        or (
            (first := data[pointer + start]) >= 0x80
            and (first >= longest or pointer + (first << 7) > end_of_two or data[pointer + start + 1] >= 0x80)
        )
    ]


def _is_odd(page: BtreePage, position: int, largest: int) -> bool:
    """Whether the payload whose length stands there passes the page's end or goes on elsewhere."""
    data = page.data
    payload, position = data[position], position + 1
    if payload >= 0x80:
        payload, position = read_varint(data, position - 1)
    if not page.is_index:
        position = position + 1 if data[position] < 0x80 else read_varint(data, position)[1]
    return not 0 <= payload <= largest or position + payload > page.usable


def free_spans(page: BtreePage, layout: Layout, limit: int) -> list[Span]:
    """The spans that no cell uses and that are not all zeros: the gap and the freeblocks, where the cell
    pointers agree with them; otherwise what lies between the cells, which the header may lie about."""
    blocks = freeblocks(page)
    pointers = sorted(page.pointers())
    content = min(page.content, page.usable)
    is_true = page.pointers_end <= content and (not pointers or pointers[0] >= content)
    for offset, size in blocks.items():
        at = bisect_left(pointers, offset)
        is_true = is_true and (at == len(pointers) or pointers[at] >= offset + size)
    if not is_true or (page.first_free and page.first_free not in blocks):
        return _between_cells(page, layout, limit, blocks)
    found = [Span(page.pointers_end, content, 0)]
    found.extend(Span(offset, offset + size, size) for offset, size in blocks.items() if offset >= content)
    return [span for span in found if span.end - span.start >= 4 and not _is_zero(page, span.start, span.end)]


def gap(page: BtreePage) -> Span | None:
    """The unallocated bytes between pointers and cells, by the header alone; None when it is all zeros."""
    end = min(page.content, page.usable)
    if end - page.pointers_end < 4 or _is_zero(page, page.pointers_end, end):
        return None
    return Span(page.pointers_end, end, 0)


def _is_zero(page: BtreePage, low: int, high: int) -> bool:
    return page.data.count(0, low, high) == high - low


def _between_cells(page: BtreePage, layout: Layout, limit: int, blocks: dict[int, int]) -> list[Span]:
    used = [(page.pointers_end, page.pointers_end), (page.usable, page.usable)]
    for pointer in page.pointers():
        parts = read_cell(page, pointer, layout, limit)
        used.append((pointer, min(parts.end if parts else pointer + 4, page.usable)))
    spans: list[Span] = []
    position = page.pointers_end
    for start, end in sorted(used):
        if start - position >= 4:
            spans.extend(_cut(page, position, start, blocks))
        position = max(position, end)
    return spans


def _cut(page: BtreePage, start: int, end: int, blocks: dict[int, int]) -> Iterator[Span]:
    """A span cut where freeblocks begin in it."""
    edges = [start, *sorted(block for block in blocks if start < block < end), end]
    for low, high in pairwise(edges):
        if high - low >= 4 and not _is_zero(page, low, high):
            size = blocks.get(low, 0)
            yield Span(low, high, size if low + size <= high else 0)


@dataclass(frozen=True, slots=True)
class Freelist:
    """The free pages: for each trunk how many of its bytes the list uses, and the leaves."""

    trunks: dict[int, int]
    leaves: frozenset[int]


def read_freelist(read: Callable[[int], bytes], first: int, pages: int, usable: int) -> Freelist:
    """A loop, a page beyond the end or an absurd count ends the list."""
    trunks: dict[int, int] = {}
    leaves: set[int] = set()
    trunk = first
    while 1 < trunk <= pages and trunk not in trunks:
        data = read(trunk)
        following, count = struct.unpack_from(">II", data)
        count = min(count, usable // 4 - 2)
        trunks[trunk] = 8 + 4 * count
        leaves.update(leaf for leaf in struct.unpack_from(f">{count}I", data, 8) if 1 < leaf <= pages)
        trunk = following
    return Freelist(trunks, frozenset(leaves - trunks.keys()))
