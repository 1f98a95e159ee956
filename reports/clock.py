"""A record's times as a report prints them, in the zone of the case; a report prints them by the million."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from forensics.times import display, parse_rfc3339

_WHOLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_DAY = 24 * 60
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(_DAY))
_ENDS = ("00:00:00", "23:59:59")
# Before 1941 offsets were not in whole minutes everywhere.
_FIRST = "1941"


class _Day(NamedTuple):
    """A day in UTC that begins and ends with one offset: that offset, and the local dates it can fall on."""

    minutes: int
    offset: str
    before: str
    same: str
    after: str


class Clock:
    """Times of one zone; days are worked out once. ``mark`` stands behind every time."""

    def __init__(self, zone: str, mark: str = "") -> None:
        self._zone, self._mark = zone, mark
        self._days: dict[str, _Day | None] = {}
        # by hour in UTC, how its times begin and end where offsets are whole hours
        self._hours: dict[str, tuple[str, str]] = {}

    def shown(self, text: str) -> str:
        """An RFC 3339 time as 2026-02-01 21:15:03 +01:00."""
        hour = self._hours.get(text[:13])
        if hour is not None and text[16] == ":" and text[-1] == "Z":
            return f"{hour[0]}{text[13:19]}{hour[1]}"
        return self._worked_out(text)

    def _worked_out(self, text: str) -> str:
        day = text[:10]
        if day not in self._days:
            self._days[day] = self._day(text)
        found = self._days[day]
        if found is None or text[10] != "T" or text[16] != ":" or text[-1] != "Z":
            return f"{display(parse_rfc3339(text), self._zone)}{self._mark}"
        minute = int(text[11:13]) * 60 + int(text[14:16]) + found.minutes
        local = found.same if 0 <= minute < _DAY else found.before if minute < 0 else found.after
        clock = _CLOCK[minute % _DAY]
        if not found.minutes % 60:
            self._hours[text[:13]] = (f"{local} {clock[:2]}", f"{found.offset}{self._mark}")
        return f"{local} {clock}{text[16:19]}{found.offset}{self._mark}"

    def _day(self, text: str) -> _Day | None:
        """None where the offset changes during the day, or where days cannot be counted on from."""
        if not _WHOLE.fullmatch(text) or not _FIRST <= text < "9999":
            return None
        day = date.fromisoformat(text[:10])
        first, last = (display(parse_rfc3339(f"{day}T{clock}Z"), self._zone) for clock in _ENDS)
        offset = first[19:]
        if offset != last[19:]:
            return None
        sign = -1 if offset[1] == "-" else 1
        minutes = sign * (int(offset[2:4]) * 60 + int(offset[5:7]))
        around = (str(day + timedelta(days=step)) for step in (-1, 0, 1))
        return _Day(minutes, offset, *around)
