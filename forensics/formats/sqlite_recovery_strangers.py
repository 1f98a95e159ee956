"""Rows of any table in the gap of a page that was another table's before: in one pass for all tables.

Only whole cells are believed, and only by more than their lengths. Where cells of two tables overlap, the
table that fits least counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from forensics.formats.sqlite_pages import Span
from forensics.formats.sqlite_recovery_carve import Carver, cell_starts, is_credible
from forensics.formats.sqlite_recovery_record import Found, read_head
from forensics.formats.sqlite_recovery_template import Template

_COLUMNS_LOOKED_AT = 3


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
        by_size: dict[int, dict[bytes, None]] = {}
        for tables in self._by_count.values():
            for _rank, table in tables:
                first = table.first_types(_COLUMNS_LOOKED_AT)
                for size in table.header_sizes:
                    by_size.setdefault(size, {})[first] = None
        branches = [
            re.escape(bytes([size])) + b"(?=" + b"|".join(first) + b")"
            for size, first in sorted(by_size.items())
            if size < 128
        ]
        if any(size > 127 for size in by_size):
            branches.append(b"[\x81-\xff](?=[\x00-\x7f])")
        return re.compile(b"|".join(branches) or b"(?!)", re.DOTALL)

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
