"""Rows of any table in the gap of a page that was another table's before: in one pass for all tables.

Only whole cells are believed, and only by more than their lengths. Where cells of two tables overlap, the
table that fits least counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from forensics.formats.sqlite_pages import Span
from forensics.formats.sqlite_recovery_carve import Carver, cell_starts, is_credible
from forensics.formats.sqlite_recovery_record import Found, read_head
from forensics.formats.sqlite_recovery_template import Template

_COLUMNS_LOOKED_AT = 3
_LONG = 128  # stands for every header's length of two bytes


class Strangers:
    """``tables`` are in the order in which they are to be preferred."""

    def __init__(self, tables: Sequence[Template], carver: Carver) -> None:
        self._carver = carver
        self._longest = max((table.header_sizes[-1] for table in tables), default=0)
        self._by_count: dict[int, list[tuple[int, Template]]] = {}
        for rank, table in enumerate(tables):
            for count in table.counts:
                self._by_count.setdefault(count, []).append((rank, table))

    @cached_property
    def _headers(self) -> re.Pattern[bytes]:
        """Matches where a header of any of the tables can begin, by its length and its first types."""
        by_first: dict[bytes, set[int]] = {}
        for tables in self._by_count.values():
            for _rank, table in tables:
                sizes = {min(size, _LONG) for size in table.header_sizes}
                by_first.setdefault(table.first_types(_COLUMNS_LOOKED_AT), set()).update(sizes)
        branches = [
            b"(?<=" + _one_of(sizes - {_LONG}) + b")(?=" + first + b")"
            for first, sizes in by_first.items()
            if sizes != {_LONG}
        ]
        lengths = set().union(*by_first.values())
        if _LONG in lengths:
            branches.append(b"(?<=[\x81-\xff])(?=[\x00-\x7f])")
        if not branches:
            return re.compile(b"(?!)")
        return re.compile(_one_of(lengths) + b"(?:" + b"|".join(branches) + b")", re.DOTALL)

    def cells(self, data: bytes, span: Span) -> list[Found]:
        """The cells in their order."""
        ranked = sorted(self._ranked(data, span), key=lambda one: (one[0], one[1].offset))
        free: list[Found] = []
        for _rank, found in ranked:
            if all(found.end <= other.offset or other.end <= found.offset for other in free):
                free.append(found)
        return sorted(free, key=lambda found: found.offset)

    def _ranked(self, data: bytes, span: Span) -> Iterator[tuple[int, Found]]:
        for match in self._headers.finditer(data, span.start, span.end):
            at = match.start()
            head = read_head(data, at, self._longest)
            tables = self._by_count.get(len(head.types), ()) if head else ()
            if head is None or not tables:
                continue
            starts = {
                is_index: next(cell_starts(data, span.start, at, head.payload, is_index), None)
                for is_index in {table.without_rowid for _rank, table in tables}
            }
            for rank, table in tables:
                start = starts[table.without_rowid]
                if start is None or not table.allows(head.types):
                    continue
                found = self._carver.whole_at(data, start, span.end, table)
                if found is not None and is_credible(table, found):
                    yield rank, found
                    break


def _one_of(sizes: Collection[int]) -> bytes:
    """A pattern of the first byte of these lengths of headers."""
    long = b"\x81-\xff" if _LONG in sizes else b""
    return b"[" + re.escape(bytes(sorted(size for size in sizes if size != _LONG))) + long + b"]"
