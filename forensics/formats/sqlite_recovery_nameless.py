"""Rows of a table that no schema describes, in the gap of a page that another table took over.

The page's cell pointers stand in key order (fileformat2.html section 1.6). Those of the page before stay
behind the pointers of the page now, and name its cells as long as nothing was written over these. Where they
are gone too, cells follow each other without a byte between, from the first one on that is no zero, as SQLite
lays them down: the newest row first. Rows are believed when several agree in that.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from forensics.formats.sqlite_pages import PADDING, Span
from forensics.formats.sqlite_recovery_record import Found, read_head
from forensics.formats.sqlite_tree import read_varint

_FEWEST = 4  # cells that must agree
_MOST = 600  # that are looked at
_LONGEST_HEADER = 500  # bytes: tables of more columns are not believed unseen
_TRIED = 16  # places where a chain of cells is looked for
_SOMETHING = re.compile(b"[^\x00]")


def former_cells(data: bytes, span: Span, is_known: Callable[[Found], bool]) -> list[Found]:
    """Whole cells of a table leaf that pointers within the span name; none where they do not agree, or where
    the first of them is of a known table. ``data`` is padded, and ``span`` begins behind the pointers of the
    page now."""
    named: list[Found] = []
    for pointer in _pointers(data, span):
        cell = _cell(data, pointer, span)
        if cell is not None:
            if not named and is_known(cell):
                return []
            named.append(cell)
    counts = Counter(len(cell.types) for cell in named)
    columns = max(counts, key=lambda count: (counts[count], -count), default=0)
    alike = [cell for cell in named if len(cell.types) == columns]
    return _believed(alike) or _believed(_chain(data, span, is_known)[::-1])


def _believed(cells: list[Found]) -> list[Found]:
    """The cells, when they are several and in order."""
    rowids = [cell.rowid or 0 for cell in cells]
    is_in_order = all(one < two for one, two in pairwise(rowids))
    return cells if is_in_order and len(cells) >= _FEWEST else []


def _chain(data: bytes, span: Span, is_known: Callable[[Found], bool]) -> list[Found]:
    """Cells that follow each other from the first bytes on that are no zeros."""
    found: list[Found] = []
    match = _SOMETHING.search(data, span.start, span.end)
    first = match.start() if match else span.end
    for start in range(first, min(first + _TRIED, span.end)):
        at, found = start, []
        while (cell := _cell(data, at, span)) and len(found) < _MOST:
            if (found and len(cell.types) != len(found[0].types)) or (not found and is_known(cell)):
                break
            found.append(cell)
            at = cell.end
        if len(found) >= _FEWEST:
            break
    return found


def _pointers(data: bytes, span: Span) -> list[int]:
    """The former pointers from the span's begin on, as far as they can be such: those to cells that were
    written over are passed by."""
    start = span.start + span.start % 2
    usable = len(data) - len(PADDING)
    found: list[int] = []
    for at in range(start, span.end - 1, 2):
        (pointer,) = struct.unpack_from(">H", data, at)
        if not at < pointer < usable or len(found) == _MOST:
            break
        if pointer < span.end:
            found.append(pointer)
    return found


def _cell(data: bytes, pointer: int, span: Span) -> Found | None:
    """The cell, when it stands wholly in the span and its lengths agree."""
    payload, position = read_varint(data, pointer)
    rowid, position = read_varint(data, position)
    end = position + payload
    is_within = payload > 0 and end <= span.end
    head = read_head(data, position, min(payload, _LONGEST_HEADER)) if is_within else None
    if head is None or head.payload != payload:
        return None
    return Found(None, rowid, head.types, data[position + head.size : end], pointer, max(end, pointer + 4))
