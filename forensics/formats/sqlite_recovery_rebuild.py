"""A cell whose first four bytes are lost: every way in which it can have begun, and the one that is decided.

Lost are, in this order: the payload's length (1 to 3 bytes), the row id (1 to 9), the header's length (1) and
serial types, as far as four bytes go. In an index b-tree there is no row id, so up to two types are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery_plan import Plan, make_plan
from forensics.formats.sqlite_recovery_record import Found, are_allowed, read_head, read_types, varint_length
from forensics.formats.sqlite_recovery_serial import Types, kind_of, sizes
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_recovery_text import is_measured, is_written

_LOST = 4
_MOST_FRAGMENT = 3
_LEAST_BODY = 2
_MOST_OPTIONS = 400
_MOST_KEPT = 2048
_WIDTH_TYPES = {0: (0, 8, 9), 1: (1,), 2: (2,), 3: (3,), 4: (4,), 6: (5,), 8: (6, 7)}
_MOST_UNKNOWN = 121  # a payload of one length byte holds no longer value beside the rest


class _Shape(NamedTuple):
    """What is left of a header. ``lengths`` are those of the first types, which are lost; ``header`` is how
    long the header was, ``width`` how many bytes the values of the known types take."""

    known: Types
    lengths: tuple[int, ...]
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


_Left = tuple[bytes, tuple[int, ...], int, int | None]  # of a header: see _shape
_Rest = tuple[int, _Left]  # where the values begin, and what is left of the header before them


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Rebuilds the cells of one table; what it works out for one cell it keeps for the next ones."""

    layout: Layout
    limit: int
    template: Template
    _plans: dict[Types, Plan | None] = field(default_factory=dict)
    _fitting: dict[tuple[_Left, int], tuple[Plan, ...]] = field(default_factory=dict)

    def plan(self, types: Types) -> Plan | None:
        """How records of these types are judged; None where no lost cell can be of them."""
        try:
            return self._plans[types]
        except KeyError:
            if len(self._plans) >= _MOST_KEPT:
                self._plans.clear()
            plan = make_plan(self.template, self.layout, types)
            if plan is not None and not self._is_believed(plan):
                plan = None
            self._plans[types] = plan
            return plan

    def _is_believed(self, plan: Plan) -> bool:
        return plan.is_natural and plan.local >= _LEAST_BODY and plan.payload <= self.limit

    def exact(self, data: bytes, at: int, high: int, ends: Iterable[int]) -> Found | None:
        """The one cell from ``at`` to the first of these ends for which there is one: where several cells
        that disagree fill the bytes there is none. No end is behind ``high``."""
        cells = () if self.template.without_rowid else tuple(self._headed(data, at))
        rests = self._rests(data, at, high)
        for end in ends if cells or rests else ():
            found = self._filling(data, at, end, cells, rests)
            if found is not None:
                return found
        return None

    def _filling(
        self, data: bytes, at: int, high: int, cells: Sequence[_Cell], rests: Sequence[_Rest]
    ) -> Found | None:
        options = [found for cell in cells if (found := self._whole(data, at, high, cell)) is not None]
        for body, rest in rests:
            room = high - body
            plans = self._fitting.get((rest, room))
            for plan in self._learn_fitting(rest, room) if plans is None else plans:
                found = self._option(data, at, body, plan)
                if found is not None:
                    options.append(found)
        if len(options) > 1:
            options = [one for one in options if self.template.is_usual(one.types, one.body)] or options
            end = max(option.end for option in options)
            options = [option for option in options if option.end == end]
        return self.choose(options) if len(options) > 1 else options[0] if options else None

    def _whole(self, data: bytes, at: int, high: int, cell: _Cell) -> Found | None:
        """The cell with this header, when it ends at ``high`` or a few bytes before."""
        plan = self.plan(cell.types)
        if plan is None:
            return None
        if plan.is_local and cell.header == plan.header:
            is_filled = high - _MOST_FRAGMENT <= max(cell.body + plan.local, at + 4) <= high
            return self._option(data, at, cell.body, plan) if is_filled else None
        found = self._make(data, at, cell)
        is_filled = found is not None and high - _MOST_FRAGMENT <= found.end <= high
        return found if found is not None and is_filled and self._is_credible(found) else None

    def _learn_fitting(self, rest: _Left, room: int) -> tuple[Plan, ...]:
        """How the record behind what is left of a header can be, when its cell ends in ``room`` bytes or a
        few less."""
        if len(self._fitting) >= _MOST_KEPT:
            self._fitting.clear()
        plans = tuple(islice(self._find_plans(*rest, room), _MOST_OPTIONS)) if room >= 0 else ()
        self._fitting[rest, room] = plans
        return plans

    def _find_plans(
        self, rest: bytes, lengths: tuple[int, ...], prefix: int, low_byte: int | None, room: int
    ) -> Iterator[Plan]:
        taken = _LOST + len(rest) + (low_byte is not None)
        shape = _shape(rest, lengths, prefix, low_byte)
        if shape is None or self._is_too_far(prefix, room + taken):
            return
        for lost, width in self._lost(shape, room):
            plan = self.plan(lost + shape.known) if self._has_room(shape, width) else None
            if plan is not None and room - _MOST_FRAGMENT <= plan.stands <= room:
                yield plan

    def _option(self, data: bytes, at: int, start: int, plan: Plan) -> Found | None:
        """The cell of this plan whose values begin at ``start``, if they are such as SQLite could have stored
        and someone written."""
        if plan.is_local:
            body = data[start : start + plan.local]
            if not plan.fits(body, is_compared=True) or body.count(0) == len(body):
                return None
            return Found(self.template, None, plan.types, body, at, max(start + plan.local, at + 4))
        found = self._make(data, at, _Cell(plan.types, plan.payload, start, plan.header))
        return found if found is not None and self._is_credible(found) else None

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
        headed = () if self.template.without_rowid else self._headed(data, at)
        for start in (*headed, *self._typed(data, at, high)):
            cell = self._make(data, at, start)
            if cell is None or not high < cell.end <= len(data):
                continue
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

    def _headed(self, data: bytes, at: int) -> Iterator[_Cell]:
        """The record's header is left whole: payload length and row id took all four bytes, or more."""
        for head_at in _heads(data, at):
            if self.template.headers.match(data, head_at) is None:
                continue
            head = read_head(data, head_at, self.template.longest_header)
            if head is None or len(head.types) not in self.template.counts:
                continue
            if 1 <= head_at - at - varint_length(head.payload) <= 9:
                yield _Cell(head.types, head.payload, head_at + head.size, head.size)

    def _typed(self, data: bytes, at: int, high: int) -> Iterator[_Cell]:
        """The header's length is lost, and no type but that of the row id's alias."""
        for body, (rest, lengths, prefix, low_byte) in self._rests(data, at, high):
            shape = _shape(rest, lengths, prefix, low_byte)
            if shape is None or not (not lengths or (lengths == (1,) and self.template.alias == 0)):
                continue
            if self._has_room(shape, 0) and not self._is_too_far(prefix, high - at):
                types = (0,) * len(lengths) + shape.known
                yield _Cell(types, shape.header + shape.width, body, shape.header)

    def _is_too_far(self, prefix: int, size: int) -> bool:
        """Whether a payload whose length took one byte cannot fill so many bytes."""
        is_short = prefix == (1 if self.template.without_rowid else 2)
        return is_short and size > prefix + _MOST_FRAGMENT + 127

    def _rests(self, data: bytes, at: int, high: int) -> list[_Rest]:
        """What can be left of the header when its own length is lost; only types that are natural in their
        columns are looked at any further."""
        first = at + _LOST
        is_low = data[first] < 0x80
        found: list[_Rest] = []
        for prefix, lengths, split in _IN_INDEX if self.template.without_rowid else _IN_TABLE:
            if split and not is_low:
                continue
            for pattern in self.template.rests(len(lengths)):
                match = pattern.match(data, first + split, high)
                if match is not None:
                    low_byte = data[first] if split else None
                    found.append((match.end(), (match.group(), lengths, prefix, low_byte)))
        return found

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

    def _has_room(self, shape: _Shape, width: int) -> bool:
        """Whether length and row id take the bytes left to them, when the lost values take ``width``."""
        payload = shape.header + shape.width + width
        length = 1 if payload < 0x80 else 2 if payload < 0x4000 else 3
        is_wrong = length != shape.prefix if self.template.without_rowid else length >= shape.prefix
        return shape.header < 128 and not is_wrong

    def _make(self, data: bytes, at: int, cell: _Cell) -> Found | None:
        """The cell as a record, when SQLite could have stored it."""
        payload, header = cell.payload, cell.header
        if payload > self.limit:
            return None
        local = self.layout.local(payload, self.template.without_rowid) - header
        end = cell.body + local + (4 if local < payload - header else 0)
        if local < _LEAST_BODY or not self.template.allows(cell.types):
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
# The same with the bytes before the header: of a row id there is at least one.
_IN_INDEX, _IN_TABLE = (
    [(prefix, *split) for prefix in prefixes for split in _SPLITS[_LOST - prefix - 1]]
    for prefixes in ((1, 2, 3), (2, 3))
)


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


def _shape(rest: bytes, lengths: tuple[int, ...], prefix: int, low_byte: int | None) -> _Shape | None:
    """The shape of which ``rest`` is all that is left of the header."""
    read = read_types(rest, 0, len(rest))
    widths = sizes(read[0]) if read is not None else None
    if read is None or widths is None:
        return None
    left = sum(lengths) + len(rest)
    header = left + (1 if left < 127 else 2 if left < 16382 else 3)
    return _Shape(read[0], lengths, prefix, header, sum(widths), low_byte)


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
