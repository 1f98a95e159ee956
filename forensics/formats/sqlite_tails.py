"""Pages of zeros that are the ends of long values: what an app stores may itself be zeros.

Source: https://www.sqlite.org/fileformat2.html section 1.6 (cell payload overflow pages): the last page of a
chain begins with four zeros, and all that stands behind them may be zeros of a blob. Of a text or a number
they are none: that is damage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import BinaryIO

from forensics.formats.sqlite_header import Header
from forensics.formats.sqlite_pages import CellParts, Layout, parse_page, read_cell
from forensics.formats.sqlite_record import RecordError, serial_size, serial_types

_NEXT = 4  # bytes of an overflow page that name the next one


def tails(
    file: BinaryIO, header: Header, pages: int, blank: Collection[int], free: Collection[int]
) -> set[int]:
    """Those of the ``blank`` pages that end a chain where the length of its value says, within a blob.

    ``free``: the pages on the freelist, which name nothing. Each page is followed once, whatever names it.
    """
    chains = _Chains(file, header, pages, blank)
    for number in range(1, pages + 1):
        if number not in free:
            chains.follow(number)
    return chains.tails


class _Chains:
    """The overflow pages that cells name, as far as they lead to pages of zeros."""

    def __init__(self, file: BinaryIO, header: Header, pages: int, blank: Collection[int]) -> None:
        self._file, self._header, self._pages, self._blank = file, header, pages, blank
        self._layout = Layout(header.page_size, header.usable)
        self._held = header.usable - _NEXT  # bytes of a value in one page
        self._followed = bytearray(pages + 1)
        self.tails: set[int] = set()

    def follow(self, number: int) -> None:
        """The chains of the cells of a page; of one that is none of a b-tree there are none."""
        for cell, local in self._cells(number):
            count = -(-(cell.payload - cell.local) // self._held)
            last, place = self._last(cell.overflow, count), cell.local + (count - 1) * self._held
            if last in self._blank and _is_blob_from(local, cell.payload, place):
                self.tails.add(last)

    def _cells(self, number: int) -> Iterator[tuple[CellParts, bytes]]:
        """The cells that go on elsewhere, each with what of its value stands in the page."""
        self._file.seek((number - 1) * self._header.page_size)
        page = parse_page(self._file.read(self._header.page_size), number, self._header.usable)
        if page is None:
            return
        for pointer in page.pointers():
            cell = read_cell(page, pointer, self._layout, self._pages * self._held)
            if cell is not None and cell.overflow:
                yield cell, page.data[cell.body : cell.body + cell.local]

    def _last(self, page: int, count: int) -> int:
        """The page at which a chain of so many ends; 0 where it ends before, or goes where another went."""
        for left in range(count, 0, -1):
            if not 0 < page <= self._pages or self._followed[page]:
                return 0
            self._followed[page] = 1
            if left == 1:
                return page
            if page in self._blank:
                return 0
            self._file.seek((page - 1) * self._header.page_size)
            page = int.from_bytes(self._file.read(_NEXT), "big")
        return 0


def _is_blob_from(local: bytes, payload: int, place: int) -> bool:
    """Whether all that stands in a record from a place on is of blobs. ``local``: how the record begins."""
    try:
        types, position = serial_types(local, payload)
        for serial_type in types:
            size, is_blob = serial_size(serial_type), serial_type >= 12 and serial_type % 2 == 0
            position += size
            if size and position > place and not is_blob:
                return False
    except RecordError:
        return False
    return position == payload
