"""The apps' epochs to one instant: whole milliseconds since 1970-01-01 UTC, or None.

An instant is an ``int`` everywhere inside Sporen, because a chat of a million messages holds several
million of them; it becomes RFC 3339 text or an aware datetime at the edges, here and nowhere else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forensics.errors import WrongUse

# RFC 3339 has four-digit years: 0001-01-01 and 9999-12-31T23:59:59.999.
EARLIEST = -62_135_596_800_000
LATEST = 253_402_300_799_999
# Seconds between 1970-01-01 and 2001-01-01 UTC (Core Data's reference date).
MAC_EPOCH_SECONDS = 978_307_200
_EPOCH = date(1970, 1, 1)


class TimeOutOfRange(ValueError):
    """The stored number is no time that RFC 3339 can write."""


def from_millis(value: int) -> int:
    """Milliseconds since 1970; raises TimeOutOfRange outside the years 1 to 9999."""
    if EARLIEST <= value <= LATEST:
        return value
    raise TimeOutOfRange(f"{value} ms since 1970 is outside the years 1 to 9999")


def from_seconds(value: float) -> int:
    """Seconds since 1970 (whole or fractional) as milliseconds; raises TimeOutOfRange."""
    return from_millis(round(value * 1000))


def from_mac_seconds(value: float) -> int:
    """Seconds since 2001-01-01 UTC (Core Data) as milliseconds since 1970; raises TimeOutOfRange."""
    return from_seconds(value + MAC_EPOCH_SECONDS)


_MINUTES = tuple(f"T{minute // 60:02}:{minute % 60:02}" for minute in range(1440))
_SECONDS = tuple(f":{second:02}." for second in range(60))
_MILLIS = tuple(f"{millis:03}Z" for millis in range(1000))


@lru_cache(maxsize=8192)
def _day_text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def rfc3339(instant: int | None) -> str | None:
    """RFC 3339 in UTC with milliseconds and Z, or None."""
    if instant is None:
        return None
    minute, millis = divmod(instant, 60_000)
    day, minute = divmod(minute, 1440)
    second, millis = divmod(millis, 1000)
    return _day_text(day) + _MINUTES[minute] + _SECONDS[second] + _MILLIS[millis]


def parse_rfc3339(text: str) -> int:
    """The instant of an RFC 3339 time; raises ValueError when there is no zone, or TimeOutOfRange where its
    zone takes it out of the years 1 to 9999."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text}: a time without a zone")
    return from_millis((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def zone(name: str) -> ZoneInfo:
    """The named time zone; WrongUse when the time-zone database has none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongUse(f"{name}: no such time zone; use a name such as Europe/Amsterdam") from error


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return zone(name)


def local(instant_ms: int, zone_name: str) -> datetime:
    """The instant as an aware datetime in the named zone."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)
    try:
        return moment.astimezone(_zone(zone_name))
    except OverflowError:  # the first and last day of the calendar have no local time in some zones
        return moment


def from_local(moment: datetime, zone_name: str) -> tuple[int, str | None]:
    """The instant at which the clocks of a zone showed this (naive) time, and what is doubtful about it.

    Of the hour that passes twice when summer time ends the first passing is taken.
    """
    first, second = moment.replace(tzinfo=_zone(zone_name)), moment.replace(tzinfo=_zone(zone_name), fold=1)
    instant = (first - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    if first.utcoffset() == second.utcoffset():
        return instant, None
    if local(instant, zone_name).replace(tzinfo=None, fold=0) != moment:
        return instant, "a time that the clocks skipped when summer time began"
    return instant, "a time that the clocks showed twice when summer time ended; the first is taken"


def display(instant: int | None, zone_name: str) -> str:
    """Local civil time with its offset, as a report prints it: 2026-02-01 21:15:03 +01:00."""
    if instant is None:
        return ""
    text = local(instant, zone_name).strftime("%Y-%m-%d %H:%M:%S%z").rjust(24, "0")
    return f"{text[:19]} {text[19:22]}:{text[22:24]}"


def day_bounds(first: date | None, last: date | None, zone_name: str) -> tuple[int | None, int | None]:
    """Instants of the first moment of ``first`` and the first moment after ``last`` (inclusive days). Nothing
    is after the last day that there is."""

    def start(day: date) -> int:
        midnight = datetime(day.year, day.month, day.day, tzinfo=_zone(zone_name))
        return (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    after = last + timedelta(days=1) if last is not None and last < date.max else None
    return (start(first) if first else None, start(after) if after else None)


def now() -> int:
    """The workstation's clock. Only the custody log and the case's own dates may use it."""
    return (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
