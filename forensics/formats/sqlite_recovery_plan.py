"""How a record of given serial types is judged, worked out once: deleted rows mostly have types seen before.

A plan says the same as ``are_allowed``, ``is_in_range`` and ``is_clean`` together, but only of records whose
values all stand in the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from forensics.formats.sqlite_pages import Layout
from forensics.formats.sqlite_recovery_record import header_size
from forensics.formats.sqlite_recovery_serial import WIDTHS, Types, sizes
from forensics.formats.sqlite_recovery_template import NUMBERS, Template, is_numeric
from forensics.formats.sqlite_recovery_text import has_control, is_measured, is_written

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_JUDGED = 2  # columns whose integers are compared with those of live rows
_NARROWER = {2: 1, 3: 2, 4: 3, 6: 4, 8: 6}  # bytes of an integer -> of the next narrower one


class Integer(NamedTuple):
    """Where an integer stands in a body; numbers from ``low`` up to ``high`` SQLite would have stored in
    fewer bytes, others than ``floor`` to ``top`` no live row has."""

    start: int
    end: int
    low: int
    high: int
    floor: int
    top: int


class Text(NamedTuple):
    """Where a text stands in a body; a ``plain`` one must not look like a number, which affinity would have
    made of it."""

    start: int
    end: int
    is_number: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A record of these types. ``local`` is how many bytes of its values stand in the page, all of them where
    it ``is_local``; ``stands`` is how many they take there with the number of an overflow page."""

    template: Template
    types: Types
    widths: Types
    header: int
    payload: int
    local: int
    stands: int
    is_local: bool
    is_utf_8: bool
    is_allowed: bool
    is_natural: bool
    integers: tuple[Integer, ...]
    reals: tuple[int, ...]
    texts: tuple[Text, ...]

    def fits(self, body: bytes, *, is_compared: bool) -> bool:
        """Whether SQLite could have stored these values, and someone have written them; whether the first
        ones are about as large as those of live rows only where it ``is_compared``."""
        for start, end, low, high, floor, top in self.integers:
            number = int.from_bytes(body[start:end], "big", signed=True)
            if low <= number < high or (is_compared and not floor <= number <= top):
                return False
        for start in self.reals:
            if not is_measured(body[start : start + 8]):
                return False
        for start, end, is_number in self.texts:
            data = body[start:end]
            is_plain = self.is_utf_8 and not is_number and data.isascii()
            if has_control(data) if is_plain else not self._is_text(data, is_number):
                return False
        return True

    def _is_text(self, data: bytes, is_number: bool) -> bool:
        try:
            text = data.decode(self.template.encoding)
        except UnicodeDecodeError:
            return False
        if "\x00" in text or (is_number and is_numeric(text)):
            return False
        return is_written(text, self.template.scripts)


def make_plan(template: Template, layout: Layout, types: Types) -> Plan | None:
    """None where a type has no meaning."""
    widths = sizes(types)
    if widths is None:
        return None
    header = header_size(types)
    payload = header + sum(widths)
    integers, reals, texts = _parts(template, types, widths)
    is_allowed = template.allows(types)
    local = layout.local(payload, template.without_rowid) - header
    is_local = local == payload - header
    return Plan(
        template=template,
        types=types,
        widths=widths,
        header=header,
        payload=payload,
        local=local,
        stands=local if is_local else local + 4,
        is_local=is_local,
        is_utf_8=template.encoding == "utf-8",
        is_allowed=is_allowed,
        is_natural=is_allowed and template.is_all_natural(types),
        integers=integers,
        reals=reals,
        texts=texts,
    )


def _parts(
    template: Template, types: Types, widths: Types
) -> tuple[tuple[Integer, ...], tuple[int, ...], tuple[Text, ...]]:
    integers: list[Integer] = []
    reals: list[int] = []
    texts: list[Text] = []
    position = 0
    for at, (serial, width) in enumerate(zip(types[: len(template.stored)], widths, strict=False)):
        if serial in WIDTHS:
            integers.append(_integer(template, at, position, width))
        elif serial == 7:
            reals.append(position)
        elif serial >= 13 and serial % 2:
            texts.append(Text(position, position + width, template.stored[at].affinity in NUMBERS))
        position += width
    return tuple(integers), tuple(reals), tuple(texts)


def _integer(template: Template, at: int, position: int, width: int) -> Integer:
    low, high = 0, 2 if template.small_constants else 0
    if width > 1:
        half = 1 << 8 * _NARROWER[width] - 1
        low, high = -half, half
    floor, top = _LEAST, _MOST
    if at < min(_JUDGED, len(template.ranges)) and template.ranges[at][0] <= template.ranges[at][1]:
        floor, top = template.ranges[at]
    return Integer(position, position + width, low, high, floor, top)
