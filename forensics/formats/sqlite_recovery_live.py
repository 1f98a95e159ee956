"""The rows of the current view, as records: what no recovered row may equal."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import lt

from forensics.formats.sqlite_pages import INTERIORS, BtreePage, CellParts, read_cell
from forensics.formats.sqlite_recovery_files import Files
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_record import head_of
from forensics.formats.sqlite_recovery_serial import Types
from forensics.formats.sqlite_recovery_trees import Tree, Trees, cell_at
from forensics.formats.sqlite_tree import TABLE_INTERIOR, TABLE_LEAF, read_varint

MOST_PAYLOAD = 1 << 26  # of a longer row only so much is read


class LiveRows:
    """Streams the live rows of a table, finds one by its row id, and knows which pages rows overflow to."""

    def __init__(self, files: Files, trees: Trees, limit: int, limits: Limits) -> None:
        self._files = files
        self._trees = trees
        self._limit = limit
        self._limits = limits
        self._overflow: bytearray | None = None
        self._budget = 8 * files.pages + 1_000  # overflow pages of all rows that are looked up, together
        self._last: tuple[tuple[int, int], bytes] | None = None  # of a long row: the place, and the record

    def rows(self, tree: Tree) -> Iterator[tuple[int | None, Types, bytes]]:
        """Row id, serial types and body of each row that can be read."""
        for rowid, payload in self.payloads(tree):
            head = head_of(payload)
            if head is not None:
                yield rowid, head.types, payload[head.size :]

    def payloads(self, tree: Tree) -> Iterator[tuple[int | None, bytes]]:
        """Row id and record of each row that can be read."""
        used = bytearray(self._files.pages + 1)
        if tree.is_index:
            for node, parts in self._cells(tree):
                yield parts.rowid, self._payload(node, parts, used)
            return
        for number in tree.leaves:
            page = self._trees.page(number)
            if page is not None and page.kind == TABLE_LEAF:
                yield from self._of_leaf(page, used)

    def ids(self, tree: Tree) -> array[int]:
        """The row ids of a table's rows in their order, also of rows of which no more can be read."""
        found = array("q")
        for number in tree.leaves:
            page = self._trees.page(number)
            if page is not None and page.kind == TABLE_LEAF:
                found.extend(_ids(page.data, page.pointers()))
        is_in_order = all(map(lt, found, islice(found, 1, None)))
        return found if is_in_order else array("q", sorted(set(found)))

    def missing(self, tree: Tree, highest: int) -> array[int] | None:
        """The row ids from 1 to ``highest`` that no row of a table has: first and last of each run, in their
        order, one behind the other. None where the rows are not in their order."""
        found, following = array("q"), 1
        for number in tree.leaves:
            page = self._trees.page(number)
            if page is None or page.kind != TABLE_LEAF:
                continue
            for first, last in _runs(page.data, page.pointers()):
                if last < 1 and following == 1:
                    continue
                if first < following:
                    return None
                if first > following:
                    found.extend((following, first - 1))
                following = last + 1
        if following <= highest:
            found.extend((following, highest))
        return found

    def placed(self, tree: Tree, leaves: Iterable[int]) -> Iterator[tuple[int, int, int | None, bytes]]:
        """Page, offset in the page, row id and record of the rows on these leaves of a tree."""
        used = bytearray(self._files.pages + 1)
        for number in leaves:
            page = self._trees.page(number)
            if page is None or page.kind != TABLE_LEAF or tree.is_index:
                continue
            for pointer in page.pointers():
                parts = read_cell(page, pointer, self._files.layout, self._limit)
                if parts is not None:
                    yield number, pointer, parts.rowid, self._payload(page, parts, used)

    def _of_leaf(self, page: BtreePage, used: bytearray) -> Iterator[tuple[int | None, bytes]]:
        """The same of one table leaf, with as few steps a row as can be: every live row passes here."""
        data, largest, usable = page.data, self._files.layout.usable - 35, self._files.layout.usable
        for pointer in page.pointers():
            payload, position = data[pointer], pointer + 1
            if payload >= 0x80:
                payload, position = read_varint(data, pointer)
            rowid = data[position]
            position += 1
            if rowid >= 0x80:
                rowid, position = read_varint(data, position - 1)
            if 0 <= payload <= largest and position + payload <= usable:
                yield rowid, data[position : position + payload]
                continue
            parts = read_cell(page, pointer, self._files.layout, self._limit)
            if parts is not None:
                yield rowid, self._payload(page, parts, used)

    def find(self, tree: Tree, rowid: int) -> tuple[Types, bytes] | None:
        """The serial types and the body of the live row of this id; both are empty where it cannot be read,
        None is for no such row."""
        cell = self._cell(tree, rowid)
        if cell is None:
            return None
        payload = self._found_payload(*cell)
        head = head_of(payload)
        return (head.types, payload[head.size :]) if head else ((), b"")

    def has(self, tree: Tree, rowid: int) -> bool:
        """Whether there is a live row of this id."""
        return self._cell(tree, rowid) is not None

    def _cell(self, tree: Tree, rowid: int) -> tuple[BtreePage, CellParts] | None:
        page = self._trees.find_leaf(tree, rowid)
        pointer = cell_at(page, self._files, rowid, self._limit) if page else None
        parts = read_cell(page, pointer, self._files.layout, self._limit) if page and pointer else None
        return (page, parts) if page is not None and parts is not None else None

    def _found_payload(self, page: BtreePage, parts: CellParts) -> bytes:
        """The record with its overflow pages; nothing when the budget for them is spent: rows of a tampered
        database may all share a long chain. The last one is kept, for the many versions of one row."""
        if not parts.overflow:
            return page.data[parts.body : parts.body + parts.local]
        place = page.number, parts.body
        if self._last is None or self._last[0] != place:
            if self._budget <= 0:
                self._limits.comparisons += 1
                return b""
            used = bytearray(self._files.pages + 1)
            self._last = place, self._payload(page, parts, used)
            self._budget -= used.count(1)
        return self._last[1]

    def uses_as_overflow(self, page: int) -> bool:
        """Whether a live row goes on in this page; asked the first time, every tree is walked once."""
        if self._overflow is None:
            self._overflow = bytearray(self._files.pages + 1)
            for tree in self._trees.trees.values():
                for _page, parts in self._cells(tree):
                    for _data in self._chain(parts, self._overflow):
                        pass
        return bool(self._overflow[page])

    def _cells(self, tree: Tree) -> Iterator[tuple[BtreePage, CellParts]]:
        numbers = [tree.leaves, tree.interiors] if tree.is_index else [tree.leaves]
        for number in (number for part in numbers for number in part):
            page = self._trees.page(number)
            if (
                page is None
                or page.kind == TABLE_INTERIOR
                or (page.kind in INTERIORS) != (number in self._trees.survey.children)
            ):
                continue
            for pointer in page.pointers():
                parts = read_cell(page, pointer, self._files.layout, self._limit)
                if parts is not None:
                    yield page, parts

    def _payload(self, page: BtreePage, parts: CellParts, used: bytearray) -> bytes:
        payload = page.data[parts.body : parts.body + parts.local]
        if parts.local < parts.payload:
            payload += b"".join(self._chain(parts, used))
        return payload

    def _chain(self, parts: CellParts, used: bytearray) -> Iterator[bytes]:
        """The rest of a row from its overflow pages; a page is used once, so no chain lasts for ever."""
        missing, number = min(parts.payload, MOST_PAYLOAD) - parts.local, parts.overflow
        while missing > 0 and 1 < number <= self._files.pages and not used[number]:
            used[number] = 1
            data = self._files.page(number)
            yield data[4 : 4 + min(missing, self._files.layout.usable - 4)]
            missing -= self._files.layout.usable - 4
            number = int.from_bytes(data[:4], "big")


def _runs(data: bytes, pointers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The row ids of a table leaf as runs without a hole; most leaves are one, as their ends show."""
    if pointers:
        first, last = _ids(data, (pointers[0], pointers[-1]))
        if 1 <= first <= last == first + len(pointers) - 1:
            yield first, last
            return
    yield from ((rowid, rowid) for rowid in _ids(data, pointers))


def _ids(data: bytes, pointers: Iterable[int]) -> Iterator[int]:
    """The row ids of a table leaf's cells; without a call for lengths of one byte and ids of up to three."""
    for pointer in pointers:
        at = pointer + 1 if data[pointer] < 0x80 else read_varint(data, pointer)[1]
        first, second, third = data[at : at + 3]
        if first < 0x80:
            yield first
        elif second < 0x80:
            yield (first & 0x7F) << 7 | second
        elif third < 0x80:
            yield ((first & 0x7F) << 7 | second & 0x7F) << 7 | third
        else:
            yield read_varint(data, at)[0]
