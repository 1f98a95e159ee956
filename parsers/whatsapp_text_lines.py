"""Lines of a WhatsApp text export: which of them begin an entry, when that was, and who wrote it.

Source: WhatsApp reference 5. The forms differ by the language and settings of the phone:
``[31-01-2026, 21:05:07] Name: text`` (iOS), ``1/31/26, 9:05 PM - Name: text`` (Android) and others. Whether
the day or the month comes first is decided over the whole file, never line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, NamedTuple

INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
LRM = "\u200e"
_LONGEST_LINE = 1 << 20
_LONGEST_SENDER = 100
_HALVES = r"[AaPp]\.?\s?[Mm]\.?|ÖÖ|ÖS|öö|ös"
_AFTERNOON = rf"(?P<half>{_HALVES})"
_PREFIX = re.compile(
    rf"^[{INVISIBLE}]*(?P<bracket>\[)?"
    r"(?P<a>\d{1,4})(?P<mark>[./-])[ ]?(?P<b>\d{1,2})(?P=mark)[ ]?(?P<c>\d{2}|\d{4})\.?"
    # a word ("klo", "à") that is no half of the day, which Turkish writes before the time
    rf",?\s(?:(?!(?:{_HALVES})\s)[^\W\d_]{{1,6}}\s)?(?:{_AFTERNOON.replace('half', 'before')}\s?)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    rf"(?:\s?{_AFTERNOON})?"
    r"(?(bracket)\]|\s[-–])[ ]"
)


class Stamp(NamedTuple):
    """The numbers of a time as they are written; ``parts`` in the order of the line."""

    parts: tuple[int, int, int]
    is_year_first: bool
    mark: str
    is_padded: bool
    hour: int
    minute: int
    second: int | None


class Entry(NamedTuple):
    """One entry: the number of its first line and where that starts, and all that belongs to it."""

    line: int
    offset: int
    stamp: Stamp
    is_bracket: bool
    body: str
    raw: bytes | None  # the bytes, where they are not valid UTF-8


class Broken(NamedTuple):
    """Lines at the start that belong to no entry."""

    line: int
    offset: int
    text: str


def prefix(line: str) -> tuple[Stamp, bool, str] | None:
    """The time at the start of a line, whether it stands in brackets, and the rest; None without one."""
    match = _PREFIX.match(line)
    if match is None:
        return None
    a, b, c = match["a"], match["b"], match["c"]
    half = (match["half"] or match["before"] or "").lower()
    hour, minute = int(match["hour"]), int(match["minute"])
    second = None if match["second"] is None else int(match["second"])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") or half == "ös" else 0)
    is_year_first = len(a) == 4
    if hour > 23 or minute > 59 or (second or 0) > 59 or (len(a) > 2) != is_year_first:
        return None
    if is_year_first and len(c) == 4:
        return None
    is_padded = len(b) == 2 and len(a) in (2, 4)
    stamp = Stamp((int(a), int(b), int(c)), is_year_first, match["mark"], is_padded, hour, minute, second)
    return stamp, match["bracket"] is not None, line[match.end() :]


def entries(stream: BinaryIO) -> Iterator[Entry | Broken]:
    """All entries of an export, with the lines that go on; a line longer than 1 MiB comes in pieces."""
    current: tuple[int, int, Stamp, bool, list[bytes]] | None = None
    offset, number, is_new_line = 0, 0, True
    while data := stream.readline(_LONGEST_LINE):
        number += is_new_line
        found = prefix(data.decode("utf-8", "replace")) if is_new_line else None
        is_new_line = data.endswith(b"\n")
        if found is not None:
            if current is not None:
                yield _entry(current)
            stamp, is_bracket, rest = found
            current = (number, offset, stamp, is_bracket, [_after(data, rest)])
        elif current is not None:
            current[4].append(data)
        elif data.strip():
            yield Broken(number, offset, data.decode("utf-8", "replace").rstrip("\r\n"))
        offset += len(data)
    if current is not None:
        yield _entry(current)


def _after(data: bytes, rest: str) -> bytes:
    """The bytes of a line behind its time: the time is ASCII but for marks, which are valid UTF-8."""
    decoded = data.decode("utf-8", "replace")
    return data[len(decoded[: len(decoded) - len(rest)].encode()) :]


def _entry(parts: tuple[int, int, Stamp, bool, list[bytes]]) -> Entry:
    line, offset, stamp, is_bracket, pieces = parts
    data = b"".join(pieces)
    data = data.removesuffix(b"\n").removesuffix(b"\r")
    body = data.decode("utf-8", "replace")
    is_whole = "\ufffd" not in body or body.encode() == data
    return Entry(line, offset, stamp, is_bracket, body, None if is_whole else data)


def split_sender(body: str) -> tuple[str | None, str]:
    """The sender, who ends at the first ``: ``, and the text; an entry without one is a line of the app."""
    name, colon, text = body.partition(": ")
    if not colon and body.endswith(":"):  # an empty text
        name, colon, text = body[:-1], ":", ""
    plain = name.strip().strip(INVISIBLE).strip()
    if not colon or not plain or len(plain) > _LONGEST_SENDER or any(each in name for each in '\n"“”«»'):
        return None, body
    return plain, text


@dataclass(slots=True)
class DateOrder:
    """Which of a date's numbers is the day, from all dates of a file."""

    largest: list[int] = field(default_factory=lambda: [0, 0])
    descents: list[int] = field(default_factory=lambda: [0, 0])
    is_slash: bool = False
    is_always_padded: bool = True
    is_year_first: bool = False
    count: int = 0
    _last: list[tuple[int, ...]] = field(default_factory=lambda: [(), ()])

    def see(self, stamp: Stamp) -> None:
        """Take one date into account."""
        self.count += 1
        if stamp.is_year_first:
            self.is_year_first = True
            return
        a, b, year = stamp.parts
        self.largest = [max(self.largest[0], a), max(self.largest[1], b)]
        self.is_slash = self.is_slash or stamp.mark == "/"
        self.is_always_padded = self.is_always_padded and stamp.is_padded
        clock = (stamp.hour, stamp.minute, stamp.second or 0)
        for place, day in enumerate(((year, b, a, *clock), (year, a, b, *clock))):
            self.descents[place] += day < self._last[place]
            self._last[place] = day

    def decide(self, *, speaks_english: bool) -> tuple[bool | None, str]:
        """Whether the day comes first (None: not to be decided), and on what ground."""
        first, second = self.largest
        if first > 12 and second > 12:
            return None, "cannot be decided: both numbers are larger than 12 somewhere"
        if first > 12 or second > 12:
            which = "day" if first > 12 else "month"
            return first > 12, f"{which} first: the other number is never a month" if first > 12 else (
                f"{which} first: the second number is larger than 12 somewhere"
            )
        if bool(self.descents[0]) != bool(self.descents[1]):
            which = "month" if self.descents[0] else "day"
            return not self.descents[0], f"{which} first: only so the entries are in the order of time"
        if not self.is_slash:
            return True, "day first: no known form with dots or hyphens has the month first"
        if self.is_always_padded and not speaks_english:
            return True, "day first: the only known form with the month first has no leading zeros"
        return None, "cannot be decided: every date can be read in two ways, in the same order of time"


def moment(stamp: Stamp, day_first: bool | None) -> datetime | None:
    """The time on the clock of the phone; None for a date that is none or that has two readings."""
    first, second, third = stamp.parts
    if stamp.is_year_first:
        year, month, day = first, second, third
    else:
        year = third if third > 99 else 2000 + third
        if day_first is None and first != second:
            return None
        day, month = (first, second) if day_first is not False else (second, first)
    try:
        return datetime(year, month, day, stamp.hour, stamp.minute, stamp.second or 0)
    except ValueError:  # no such day: the caller says so
        return None
