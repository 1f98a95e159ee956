"""A cell whose first four bytes are lost: every way in which it can have begun, and the one that is decided.

Lost are, in this order: the payload's length (1 to 3 bytes), the row id (1 to 9), the header's length (1) and
serial types, as far as four bytes go. In an index b-tree there is no row id, so up to two types are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery_record import Found, are_allowed, read_head, read_types, varint_length
from forensics.formats.sqlite_recovery_serial import Types, kind_of, sizes
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_recovery_text import is_measured, is_written

_LOST = 4
_MOST_FRAGMENT = 3
_LEAST_BODY = 2
_MOST_OPTIONS = 400
_WIDTH_TYPES = {0: (0, 8, 9), 1: (1,), 2: (2,), 3: (3,), 4: (4,), 6: (5,), 8: (6, 7)}
_MOST_UNKNOWN = 121  # a payload of one length byte holds no longer value beside the rest


class _Shape(NamedTuple):
    """What is left of a header. ``lengths`` are those of the first types, which are lost; ``header`` is how
    long the header was, ``width`` how many bytes the values of the known types take."""

    known: Types
    lengths: tuple[int, ...]
    body: int
    prefix: int  # bytes before the record's header
    header: int
    width: int
    low_byte: int | None  # the second byte of the last unknown type, where that is left


class _Cell(NamedTuple):
    """A cell that may have been: its payload's length, where its body begins, how long its header was."""

    types: Types
    payload: int
    body: int
    header: int


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Rebuilds the cells of one table."""

    layout: Layout
    limit: int
    template: Template

    def exact(self, data: bytes, at: int, size: int) -> Found | None:
        """The one cell that fills ``size`` bytes; None where there is none, or several that disagree."""
        low = at + size - _MOST_FRAGMENT
        tried = islice(self._options(data, at, range(low, at + size + 1)), _MOST_OPTIONS)
        options = [option for option in tried if self._is_credible(option)]
        usual = [option for option in options if self.template.is_usual(option.types, option.body)]
        for fitting in (usual, options):
            end = max((option.end for option in fitting), default=0)
            if fitting:
                return self.choose([option for option in fitting if option.end == end])
        return None

    def _options(self, data: bytes, at: int, ends: range) -> Iterator[Found]:
        """Each cell that can begin at ``at`` and end where ``ends`` says."""
        yield from self._headed(data, at, ends)
        high = ends[-1]
        for shape in self._shapes(data, at, high):
            for lost in self._lost(shape, high - shape.body):
                found = self._shaped(data, at, shape, lost, ends)
                if found is not None:
                    yield found

    def choose(self, options: Iterable[Found]) -> Found | None:
        """The option that the schema decides; where only the lost columns differ, they stay lost."""
        found = list({(option.types, option.body): option for option in options}.values())
        if len(found) <= 1:
            return found[0] if found else None
        if len({(len(option.types), option.end) for option in found}) > 1:
            return None
        return self._common(found)

    def _common(self, found: list[Found]) -> Found | None:
        differing = {
            at
            for at, column in enumerate(zip(*(option.types for option in found), strict=True))
            if len(set(column)) > 1
        }
        rest = {_tail(option, max(differing, default=-1) + 1) for option in found}
        left = replace(found[0], lost=frozenset(differing))
        return left if len(rest) == 1 and self._has_text(left) else None

    def _is_natural(self, types: Types, _body: bytes) -> bool:
        return self.template.is_all_natural(types)

    def _is_credible(self, found: Found) -> bool:
        types, body = found.types, found.body
        if not self.template.is_in_range(types, body, 2):
            return False
        return self._is_natural(types, body) and is_clean(self.template, types, body)

    def cut(self, data: bytes, at: int, high: int) -> Found | None:
        """A cell whose end was overwritten too: only when all its types are known and a text is left."""
        ends = range(high + 1, len(data) + 1)
        cells = [*self._headed(data, at, ends), *self._typed(data, at, ends)]
        for cell in cells:
            body = cell.body[: max(0, high - (cell.end - len(cell.body) - (4 if cell.overflow else 0)))]
            found = replace(cell, body=body, end=high, is_cut=True, overflow=0, missing=0)
            if self._is_natural(found.types, found.body) and self._has_text(found):
                return found
        return None

    def _has_text(self, found: Found) -> bool:
        """Whether a value of four bytes or more is left whole, with something behind or before it."""
        position = 0
        for at, (serial, width) in enumerate(zip(found.types, sizes(found.types) or [], strict=True)):
            position += width
            if serial >= 12 and width >= 4 and position <= len(found.body) and at not in found.lost:
                return True
        return False

    def _headed(self, data: bytes, at: int, ends: range) -> Iterator[Found]:
        """The record's header is left whole: payload length and row id took all four bytes, or more."""
        if self.template.without_rowid:
            return
        for head_at in _heads(data, at):
            if self.template.headers.match(data, head_at) is None:
                continue
            head = read_head(data, head_at, self.template.longest_header)
            if head is None or len(head.types) not in self.template.counts:
                continue
            payload = head.payload
            if 1 <= head_at - at - varint_length(payload) <= 9:
                cell = _Cell(head.types, payload, head_at + head.size, head.size)
                found = self._make(data, at, cell, ends)
                if found is not None:
                    yield found

    def _typed(self, data: bytes, at: int, ends: range) -> Iterator[Found]:
        """The header's length is lost, and no type but that of the row id's alias."""
        for shape in self._shapes(data, at, ends[0] - 1):
            if not shape.lengths or (shape.lengths == (1,) and self.template.alias == 0):
                found = self._shaped(data, at, shape, ((0,) * len(shape.lengths), 0), ends)
                if found is not None:
                    yield found

    def _shapes(self, data: bytes, at: int, high: int) -> Iterator[_Shape]:
        """What the header can have been when its own length is lost; only types that are natural in their
        columns are looked at any further."""
        first = at + _LOST
        prefixes = (1, 2, 3) if self.template.without_rowid else (2, 3)
        for prefix in prefixes:
            if prefix == prefixes[0] and high - at > prefix + _MOST_FRAGMENT + 127:
                continue  # the payload's length took one byte
            for lengths, split in _SPLITS[_LOST - prefix - 1]:
                low_byte = data[first] if split else None
                if low_byte is not None and low_byte >= 0x80:
                    continue
                for match in self.template.rests(data, first + split, len(lengths), high):
                    shape = _shape(data, match, lengths, prefix, low_byte)
                    if shape is not None:
                        yield shape

    def _lost(self, shape: _Shape, room: int) -> Iterator[tuple[Types, int]]:
        """The lost types that fit into ``room`` bytes of values, and the bytes that their values take."""
        rest = room - shape.width
        if not shape.lengths:
            yield (), 0
        elif len(shape.lengths) == 1:
            for width in range(max(0, rest - _MOST_FRAGMENT), min(rest, _MOST_UNKNOWN) + 1):
                yield from (((serial,), width) for serial in self._singles(shape, width))
        elif shape.known and self.template.usual:
            # Two lost values divide their bytes in many ways: only live rows can tell which.
            for both in range(max(0, rest - _MOST_FRAGMENT), rest + 1):
                yield from ((pair, both) for pair in self._pairs(shape, both))

    def _singles(self, shape: _Shape, width: int) -> list[int]:
        """The natural first types whose value takes ``width`` bytes."""
        key = (width, shape.lengths, shape.low_byte)
        found = self.template.singles.get(key)
        if found is None:
            found = [serial for serial in _candidates(width, shape, 0) if self._may_be_first(serial)]
            self.template.singles[key] = found
        return found

    def _pairs(self, shape: _Shape, rest: int) -> list[tuple[int, int]]:
        """Two lost types whose values take ``rest`` bytes together."""
        key = (rest, shape.lengths, shape.low_byte)
        pairs = self.template.pairs.get(key)
        if pairs is None:
            pairs = self.template.pairs[key] = list(self._make_pairs(shape, rest))
        return pairs

    def _make_pairs(self, shape: _Shape, rest: int) -> Iterator[tuple[int, int]]:
        for width in range(min(rest, _MOST_UNKNOWN) + 1):
            for first in _candidates(width, shape, 0):
                if self._may_be(0, first):
                    seconds = _candidates(rest - width, shape, 1)
                    yield from ((first, second) for second in seconds if self._may_be(1, second))

    def _may_be_first(self, serial: int) -> bool:
        return self.template.allows_type(0, serial) and self.template.is_natural(0, serial)

    def _may_be(self, at: int, serial: int) -> bool:
        usual = self.template.usual[at] if self.template.usual else ()
        is_usual = not usual or kind_of(serial) in usual
        return is_usual and self.template.allows_type(at, serial) and self.template.is_natural(at, serial)

    def _shaped(
        self, data: bytes, at: int, shape: _Shape, lost: tuple[Types, int], ends: range
    ) -> Found | None:
        """The cell of this shape, when payload length and row id take the bytes left to them."""
        payload = shape.header + shape.width + lost[1]
        length = 1 if payload < 0x80 else 2 if payload < 0x4000 else 3
        is_index = self.template.without_rowid
        if shape.header >= 128 or (length != shape.prefix if is_index else length >= shape.prefix):
            return None
        return self._make(data, at, _Cell(lost[0] + shape.known, payload, shape.body, shape.header), ends)

    def _make(self, data: bytes, at: int, cell: _Cell, ends: range) -> Found | None:
        """The cell as a record, when it ends where ``ends`` says and SQLite could have stored it."""
        payload, header = cell.payload, cell.header
        if payload > self.limit:
            return None
        local = self.layout.local(payload, self.template.without_rowid) - header
        end = cell.body + local + (4 if local < payload - header else 0)
        if local < _LEAST_BODY or max(end, at + 4) not in ends or not self.template.allows(cell.types):
            return None
        body = data[cell.body : cell.body + local]
        if body.count(0) == len(body) or not are_allowed(self.template, cell.types, body):
            return None
        return Found(
            template=self.template,
            rowid=None,
            types=cell.types,
            body=body,
            offset=at,
            end=max(end, at + 4),
            overflow=int.from_bytes(data[end - 4 : end], "big") if local < payload - header else 0,
            missing=payload - header - local,
        )


# By how many bytes of serial types are lost: the lengths of the lost types, and whether the first byte that
# is left is the second one of a type of two bytes.
_SPLITS: dict[int, tuple[tuple[tuple[int, ...], int], ...]] = {
    0: (((), 0),),
    1: (((1,), 0), ((2,), 1)),
    2: (((1, 1), 0), ((2,), 0), ((1, 2), 1)),
}


def is_clean(template: Template, types: Types, body: bytes) -> bool:
    """Whether the values look written by someone; bytes of other values, read as text or as a real number,
    seldom do."""
    position = 0
    for serial, width in zip(types, sizes(types) or [], strict=False):
        data = body[position : position + width]
        position += width
        if serial == 7 and width == len(data) and not is_measured(data):
            return False
        if serial < 13 or serial % 2 == 0:
            continue
        if not is_written(data.decode(template.encoding, "ignore"), template.scripts):
            return False
    return True


def _candidates(width: int, shape: _Shape, at: int) -> Iterator[int]:
    """The serial types of ``width`` bytes that take the bytes in the header which the shape gives them."""
    is_last = at == len(shape.lengths) - 1
    for serial in (*_WIDTH_TYPES.get(width, ()), 12 + 2 * width, 13 + 2 * width):
        if varint_length(serial) != shape.lengths[at]:
            continue
        if is_last and shape.low_byte is not None and serial & 0x7F != shape.low_byte:
            continue
        yield serial


def _shape(
    data: bytes, match: re.Match[bytes], lengths: tuple[int, ...], prefix: int, low_byte: int | None
) -> _Shape | None:
    """The shape of which ``match`` is all that is left of the header."""
    start, end = match.span()
    read = read_types(data, start, end)
    widths = sizes(read[0]) if read is not None else None
    if read is None or widths is None:
        return None
    left = sum(lengths) + end - start
    header = left + (1 if left < 127 else 2 if left < 16382 else 3)
    return _Shape(read[0], lengths, end, prefix, header, sum(widths), low_byte)


def _heads(data: bytes, at: int) -> Iterator[int]:
    """Where the record's header can begin: where the lost bytes end, or the row id behind them."""
    yield at + _LOST
    for place in range(at + _LOST, at + 12):
        if data[place] < 0x80:
            yield place + 1
            return
    yield at + 12


def _tail(found: Found, first: int) -> tuple[Types, bytes]:
    widths = sizes(found.types) or ()
    return found.types[first:], found.body[sum(widths[:first]) :]
