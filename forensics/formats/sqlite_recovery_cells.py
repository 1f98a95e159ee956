"""The cells of a page image as records, without those that the page's current image still has.

An image in a log mostly differs from the next one in a cell or two: a cell that stands in the current image
byte for byte is a live row, and is not looked at. One with overflow pages is: those can be others.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from forensics.formats.sqlite_pages import LEAVES, BtreePage, Layout, parse_page, read_cell
from forensics.formats.sqlite_recovery_files import Files
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_record import Found, head_of
from forensics.formats.sqlite_tree import TABLE_INTERIOR, TABLE_LEAF, read_varint

_KEPT = 64
_MOST_TIMES = 4  # the cells of a page may state as many bytes as it has; more only where it is damaged


@dataclass(frozen=True, slots=True)
class PageCells:
    """The records of a page image; ``has_live`` when some were left out since the current image has them."""

    found: list[Found]
    has_live: bool


class CellReader:
    """Reads the cells of one image at a time; the current cells of the last pages are kept."""

    def __init__(self, files: Files, limit: int, limits: Limits) -> None:
        self._files = files
        self._layout = files.layout
        self._limit = limit
        self._limits = limits
        self._current: OrderedDict[int, tuple[int, frozenset[bytes]]] = OrderedDict()

    def read(self, page: BtreePage, *, is_old: bool) -> PageCells:
        """The records of a leaf or of an inner page of an index."""
        if page.kind == TABLE_INTERIOR:
            return PageCells([], False)
        plain, others, is_cut = plain_cells(page, self._layout)
        if is_cut:
            self._limits.page(page.number)
        live: frozenset[bytes] = frozenset()
        if is_old and page.number <= self._files.pages:
            kind, live = self._live(page.number)
            live = live if kind == page.kind else frozenset()
        data, found, has_live = page.data, [], False
        for pointer, rowid, start, end in plain:
            if live and data[pointer:end] in live:
                has_live = True
                continue
            payload = data[start:end]
            head = head_of(payload)
            if head is not None and head.payload == end - start:
                body = payload[head.size :]
                found.append(Found(None, rowid, head.types, body, pointer, max(end, pointer + 4)))
        found.extend(each for pointer in others for each in self._long(page, pointer))
        return PageCells(found, has_live)

    def _long(self, page: BtreePage, pointer: int) -> list[Found]:
        parts = read_cell(page, pointer, self._layout, self._limit)
        payload = page.data[parts.body : parts.body + parts.local] if parts else b""
        head = head_of(payload) if parts and parts.payload else None
        if parts is None or head is None or head.payload != parts.payload:
            return []
        body, missing = payload[head.size :], parts.payload - parts.local
        none = frozenset[int]()
        return [Found(None, parts.rowid, head.types, body, pointer, parts.end, none, parts.overflow, missing)]

    def _live(self, number: int) -> tuple[int, frozenset[bytes]]:
        """The kind of the page's current image, and its cells as bytes."""
        kept = self._current.get(number)
        if kept is None:
            page = parse_page(self._files.page(number), number, self._layout.usable)
            cells = plain_cells(page, self._layout)[0] if page is not None else []
            data = page.data if page is not None else b""
            kind = page.kind if page is not None else 0
            kept = kind, frozenset(data[pointer:end] for pointer, _rowid, _start, end in cells)
            self._current[number] = kept
            if len(self._current) > _KEPT:
                self._current.popitem(last=False)
        self._current.move_to_end(number)
        return kept


def plain_cells(
    page: BtreePage, layout: Layout
) -> tuple[list[tuple[int, int | None, int, int]], list[int], bool]:
    """Offset, row id, and begin and end of the payload of each cell that stands wholly in the page; then the
    offsets of the other ones. Cells that lie over each other are read until they are a few pages long; the
    last value is whether some were left out."""
    pointers = list(dict.fromkeys(page.pointers()))
    if page.kind not in LEAVES:
        return [], pointers, False
    data, usable, is_table = page.data, page.usable, page.kind == TABLE_LEAF
    largest = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
    plain: list[tuple[int, int | None, int, int]] = []
    others: list[int] = []
    room = _MOST_TIMES * usable
    for pointer in pointers:
        if room <= 0:
            return plain, others, True
        payload, position, rowid = data[pointer], pointer + 1, None
        if payload >= 0x80:
            payload, position = read_varint(data, pointer)
        if is_table:
            rowid = data[position]
            position += 1
            if rowid >= 0x80:
                rowid, position = read_varint(data, position - 1)
        end = position + payload
        if 0 < payload <= largest and end <= usable:
            plain.append((pointer, rowid, position, end))
            room -= end - pointer
        elif payload:
            others.append(pointer)
            room -= largest // 8  # as little of a long row stands in its page as that
    return plain, others, False
