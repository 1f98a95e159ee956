"""Rows in bytes that no cell uses any more: whole cells, and cells whose first four bytes are lost.

A freed cell loses its first four bytes to the freeblock header: [next u16][size u16]. What stood there is the
payload's length, the row id, the header's length and up to two serial types. The rest of the record and the
block's size decide what it was (fileformat2.html section 1.6, freeblocks).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from forensics.formats.sqlite_pages import PADDING, Layout, Span
from forensics.formats.sqlite_recovery_rebuild import Rebuilder, is_clean
from forensics.formats.sqlite_recovery_record import Found, are_allowed, read_head, varint_length
from forensics.formats.sqlite_recovery_serial import Types
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_tree import read_varint

_HEADER = 4  # bytes of a freeblock's header
_MOST_FOLLOWING = 12  # how many places behind a cell are tried as its end
_LEAST_WEIGHT = 4
_REBUILDERS_KEPT = 64
_MOST_FAILURES = 200  # of headers that are none, in one span: bytes of zeros and text have thousands


@dataclass(frozen=True, slots=True)
class Carver:
    """Carves rows of given tables out of spans of a page; ``limit`` is the longest payload believed."""

    layout: Layout
    limit: int
    _rebuilders: dict[int, Rebuilder] = field(default_factory=dict)

    def rebuilder(self, template: Template) -> Rebuilder:
        """That of a table; those of the last tables are kept."""
        kept = self._rebuilders.get(id(template))
        if kept is None:
            if len(self._rebuilders) >= _REBUILDERS_KEPT:
                self._rebuilders.clear()
            kept = self._rebuilders[id(template)] = Rebuilder(self.layout, self.limit, template)
        return kept

    def carve(self, data: bytes, span: Span, template: Template) -> Iterator[Found]:
        """The rows of one table in one span, in the order in which they stand; ``data`` is padded."""
        position = span.start
        if span.block:
            end = span.start + span.block
            first = self._of_block(data, position, end, template)
            if first is not None:
                yield first
            position = first.end if first else position + _HEADER
        yield from self._scan(data, position, span.end, template)

    def _of_block(self, data: bytes, position: int, end: int, template: Template) -> Found | None:
        """The first cell of a freeblock; most blocks hold just the one that was freed."""
        rebuilder = self.rebuilder(template)
        found = rebuilder.exact(data, position, end, self._ends(data, position, end, template))
        return found or rebuilder.cut(data, position, end)

    def _ends(self, data: bytes, position: int, end: int, template: Template) -> Iterator[int]:
        """Where the first cell of a freeblock can end: with the block, or where the next one begins."""
        yield end
        whole = [cell.offset for cell in self._whole(data, position, end, template)]
        marks = _Marks.of(data, position, end, whole)
        yield from marks.behind(position, end, _stated_end(data, position))

    def _scan(self, data: bytes, low: int, high: int, template: Template) -> Iterator[Found]:
        if high - low <= _HEADER:
            return
        whole = {found.offset: found for found in self._whole(data, low, high, template)}
        marks = _Marks.of(data, low, high, sorted(whole))
        free, failed = low, 0
        places = sorted({*whole, *marks.anchors})
        for at in places:
            if at < free or (at not in whole and failed > _MOST_FAILURES):
                continue
            found = whole.get(at) or self._anchored(data, at, high, marks, template)
            failed += found is None
            if found is not None:
                yield found
                free = found.end

    def _whole(self, data: bytes, low: int, high: int, template: Template) -> Iterator[Found]:
        """Every cell that is wholly there: a header of the table, before it a row id and the right length."""
        for match in template.headers.finditer(data, low, high):
            head = read_head(data, match.start(), template.longest_header)
            if head is None:
                continue
            for start in cell_starts(data, low, match.start(), head.payload, template.without_rowid):
                found = self.whole_at(data, start, high, template)
                if found is not None:
                    yield found
                    break

    def whole_at(self, data: bytes, at: int, high: int, template: Template) -> Found | None:
        """The whole cell that begins at ``at`` and ends before ``high``."""
        payload, position = read_varint(data, at)
        rowid = None
        if not template.without_rowid:
            rowid, position = read_varint(data, position)
        head = read_head(data, position, template.longest_header) if 0 < payload <= self.limit else None
        if head is None or head.payload != payload or len(head.types) not in template.counts:
            return None
        local = self.layout.local(payload, template.without_rowid)
        end = position + local + (4 if local < payload else 0)
        if end > high or head.size > local or not template.allows(head.types):
            return None
        body = data[position + head.size : position + local]
        if not _has_weight(head.widths, body) or not are_allowed(template, head.types, body):
            return None
        if not is_clean(template, head.types, body):
            return None
        if template.without_rowid and not _is_like_others(template, head.types, body):
            return None
        return Found(
            template=template,
            rowid=rowid,
            types=head.types,
            body=body,
            offset=at,
            end=max(end, at + 4),
            overflow=int.from_bytes(data[end - 4 : end], "big") if local < payload else 0,
            missing=payload - local,
        )

    def _anchored(self, data: bytes, at: int, high: int, marks: _Marks, template: Template) -> Found | None:
        """A cell under the header of a freeblock that no list links any more. A later cell may have taken the
        end of the block, which the header still counts in."""
        return self._first(data, at, min(high, _stated_end(data, at)), marks, template)

    def _first(self, data: bytes, at: int, end: int, marks: _Marks, template: Template) -> Found | None:
        """The first cell of a freeblock: it fills the block, or another one follows it: a whole one, or one
        under a freeblock's header of its own. Such a header states the bytes from there to the end of the
        block as it was then, which later merges leave as it is."""
        return self.rebuilder(template).exact(data, at, end, marks.ends(at, end, _stated_end(data, at)))


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where in a span cells may begin: whole ones, and headers of freeblocks by the end that they state."""

    whole: list[int]
    anchors: list[int]
    by_end: dict[int, list[int]]

    @classmethod
    def of(cls, data: bytes, low: int, high: int, whole: list[int]) -> _Marks:
        anchors = list(_anchors(data, low, high))
        by_end: dict[int, list[int]] = {}
        for at in anchors:
            by_end.setdefault(_stated_end(data, at), []).append(at)
        return cls(whole, anchors, by_end)

    def ends(self, at: int, end: int, stated: int) -> Iterator[int]:
        """Where the cell at ``at`` can end."""
        yield end
        yield from self.behind(at, end, stated)

    def behind(self, at: int, end: int, stated: int) -> list[int]:
        """The nearest places behind ``at`` where the next cell of the same block can begin."""
        following = self.whole[bisect_right(self.whole, at) : bisect_left(self.whole, end)][:_MOST_FOLLOWING]
        found = set(following)
        for edge in (end, stated, *following):
            places = self.by_end.get(edge, [])
            first = bisect_left(places, at + _HEADER)
            found.update(place for place in places[first : first + _MOST_FOLLOWING] if place < end)
        return sorted(found)[:_MOST_FOLLOWING]


def _is_like_others(template: Template, types: Types, body: bytes) -> bool:
    """Whether an index cell, which no row id confirms, is like the live rows of its table."""
    is_like = template.is_usual(types, body) and template.is_in_range(types, body, len(types))
    return is_like and len(body) >= _LEAST_WEIGHT


def _stated_end(data: bytes, at: int) -> int:
    return at + (data[at + 2] << 8 | data[at + 3])


def is_credible(template: Template, found: Found) -> bool:
    """Whether a record on a page that is not known to be of its table is one by more than its lengths."""
    if sum(map(bool, found.body)) < _LEAST_WEIGHT:
        return False
    return template.is_all_natural(found.types) and is_clean(template, found.types, found.body)


def cell_starts(data: bytes, low: int, head: int, payload: int, without_rowid: bool) -> Iterator[int]:
    """Where the cell of a record header can begin: its length and row id stand before it."""
    length = varint_length(payload)
    if without_rowid:
        if head - length >= low:
            yield head - length
        return
    for rowid_length in range(1, 10):
        start = head - rowid_length - length
        if start < low:
            return
        if (
            read_varint(data, start) == (payload, start + length)
            and read_varint(data, start + length)[1] == head
        ):
            yield start


def _has_weight(widths: tuple[int, ...], body: bytes) -> bool:
    """Whether the record says anything: bytes of zeros read as a record of nothing."""
    return bool(body) and (len(body) != body.count(0)) and any(widths)


def _anchors(data: bytes, low: int, high: int) -> Iterator[int]:
    """Where four bytes can be the header of a freeblock that ended within the page."""
    usable = len(data) - len(PADDING)
    for match in _anchor_pattern(min(usable >> 8, 255), min((usable - low) >> 8, 255)).finditer(
        data, low, high - _HEADER
    ):
        at = match.start()
        following = data[at] << 8 | data[at + 1]
        size = data[at + 2] << 8 | data[at + 3]
        if size <= usable - at and (following == 0 or at + size <= following < usable):
            yield at


@lru_cache
def _anchor_pattern(page: int, size: int) -> re.Pattern[bytes]:
    """Matches, at every offset, four bytes of which the first is at most ``page``, and whose last two are a
    number of at least four whose first byte is at most ``size``."""
    large = b"|[\x01-" + re.escape(bytes([size])) + b"]." if size else b""
    first = b"[\x00-" + re.escape(bytes([page])) + b"]"
    return re.compile(b"(?=" + first + b".(?:\x00[\x04-\xff]" + large + b"))", re.DOTALL)
