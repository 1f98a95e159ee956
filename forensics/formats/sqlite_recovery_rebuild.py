"""A cell whose first four bytes are lost: every way in which it can have begun, and the one that is decided.

Lost are, in this order: the payload's length (1 to 3 bytes), the row id (1 to 9), the header's length (1) and
serial types, as far as four bytes go. In an index b-tree there is no row id, so up to two types are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery_record import Found, are_allowed, header_size, read_head, varint_length
from forensics.formats.sqlite_recovery_serial import Types, kind_of, sizes
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_recovery_text import is_measured, is_written
from forensics.formats.sqlite_tree import read_varint

_LOST = 4
_MOST_FRAGMENT = 3
_LEAST_BODY = 2
_MOST_OPTIONS = 400
_WIDTH_TYPES = {0: (0, 8, 9), 1: (1,), 2: (2,), 3: (3,), 4: (4,), 6: (5,), 8: (6, 7)}
_MOST_UNKNOWN = 121  # a payload of one length byte holds no longer value beside the rest


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is left of a header. ``unknown`` first types are lost, each of which took ``lengths`` bytes."""

    known: Types
    lengths: tuple[int, ...]
    body: int
    prefix: int  # bytes before the record's header
    low_byte: int | None = None  # the second byte of the last unknown type, where that is left


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
            for types in self._types(shape, high - shape.body):
                found = self._make(data, at, types, (shape.body, header_size(types)), ends)
                if found is not None and self._prefix_agrees(found, shape):
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
        for head_at in range(at + _LOST, at + 13):
            if head_at > at + _LOST and data[head_at - 1] >= 0x80 and head_at < at + 12:
                continue
            if any(data[place] < 0x80 for place in range(at + _LOST, head_at - 1)):
                break
            head = read_head(data, head_at, self.template.longest_header)
            if head is None or len(head.types) not in self.template.counts:
                continue
            rowid_length = head_at - at - varint_length(head.payload)
            if 1 <= rowid_length <= 9:
                found = self._make(data, at, head.types, (head_at + head.size, head.size), ends)
                if found is not None:
                    yield found

    def _typed(self, data: bytes, at: int, ends: range) -> Iterator[Found]:
        """The header's length is lost, and no type but that of the row id's alias."""
        for shape in self._shapes(data, at, ends[0] - 1):
            if not shape.lengths or (shape.lengths == (1,) and self.template.alias == 0):
                types = (0,) * len(shape.lengths) + shape.known
                found = self._make(data, at, types, (shape.body, header_size(types)), ends)
                if found is not None and self._prefix_agrees(found, shape):
                    yield found

    def _shapes(self, data: bytes, at: int, high: int) -> Iterator[_Shape]:
        """What the header can have been when its own length is lost."""
        first = at + _LOST
        prefixes = (1, 2, 3) if self.template.without_rowid else (2, 3)
        for prefix in prefixes:
            if prefix == prefixes[0] and high - at > prefix + _MOST_FRAGMENT + 127:
                continue  # the payload's length took one byte
            lost = _LOST - prefix - 1
            for lengths, split in _SPLITS[lost]:
                low_byte = data[first] if split else None
                if low_byte is not None and low_byte >= 0x80:
                    continue
                for count in self.template.counts:
                    known = _read_types(data, first + split, count - len(lengths), high)
                    if known is not None:
                        yield _Shape(known[0], lengths, known[1], prefix, low_byte)

    def _types(self, shape: _Shape, room: int) -> Iterator[Types]:
        widths = sizes(shape.known)
        if widths is None:
            return
        rest = room - sum(widths)
        if not shape.lengths:
            yield shape.known
            return
        if len(shape.lengths) == 1:
            for width in range(max(0, rest - _MOST_FRAGMENT), min(rest, _MOST_UNKNOWN) + 1):
                yield from ((serial, *shape.known) for serial in _candidates(width, shape, 0))
        elif shape.known and self.template.usual:
            # Two lost values divide their bytes in many ways: only live rows can tell which.
            for both in range(max(0, rest - _MOST_FRAGMENT), rest + 1):
                yield from self._pairs(shape, both)

    def _pairs(self, shape: _Shape, rest: int) -> Iterator[Types]:
        """Two lost types whose values take ``rest`` bytes together."""
        key = (rest, shape.lengths, shape.low_byte)
        pairs = self.template.pairs.get(key)
        if pairs is None:
            pairs = self.template.pairs[key] = list(self._make_pairs(shape, rest))
        for first, second in pairs:
            yield (first, second, *shape.known)

    def _make_pairs(self, shape: _Shape, rest: int) -> Iterator[tuple[int, int]]:
        for width in range(min(rest, _MOST_UNKNOWN) + 1):
            for first in _candidates(width, shape, 0):
                if self._may_be(0, first):
                    seconds = _candidates(rest - width, shape, 1)
                    yield from ((first, second) for second in seconds if self._may_be(1, second))

    def _may_be(self, at: int, serial: int) -> bool:
        usual = self.template.usual[at] if self.template.usual else ()
        is_usual = not usual or kind_of(serial) in usual
        return is_usual and self.template.allows_type(at, serial) and self.template.is_natural(at, serial)

    def _prefix_agrees(self, found: Found, shape: _Shape) -> bool:
        """Whether payload length and row id take the bytes that the shape leaves them."""
        size = header_size(found.types)
        payload = size + sum(sizes(found.types) or [])
        rest = shape.prefix - varint_length(payload)
        return size < 128 and (rest == 0 if self.template.without_rowid else rest >= 1)

    def _make(self, data: bytes, at: int, types: Types, split: tuple[int, int], ends: range) -> Found | None:
        """The cell of these types; ``split`` is where its body begins and how long its header was."""
        body_at, header = split
        widths = sizes(types)
        if widths is None:
            return None
        payload = header + sum(widths)
        if payload > self.limit:
            return None
        local = self.layout.local(payload, self.template.without_rowid) - header
        end = body_at + local + (4 if local < payload - header else 0)
        if local < _LEAST_BODY or max(end, at + 4) not in ends or not self.template.allows(types):
            return None
        body = data[body_at : body_at + local]
        if body.count(0) == len(body) or not are_allowed(self.template, types, body):
            return None
        overflow = int.from_bytes(data[end - 4 : end], "big") if local < payload - header else 0
        return Found(
            template=self.template,
            rowid=None,
            types=types,
            body=body,
            offset=at,
            end=max(end, at + 4),
            overflow=overflow,
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


def _read_types(data: bytes, position: int, count: int, high: int) -> tuple[Types, int] | None:
    found = []
    for _ in range(count):
        if position >= high:
            return None
        serial, position = read_varint(data, position)
        if serial < 0 or serial in (10, 11):
            return None
        found.append(serial)
    return tuple(found), position


def _tail(found: Found, first: int) -> tuple[Types, bytes]:
    widths = sizes(found.types) or []
    return found.types[first:], found.body[sum(widths[:first]) :]
