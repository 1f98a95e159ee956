"""Wall-clock times become instants, with what is doubtful about them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from forensics import times


@pytest.mark.parametrize(
    ("wall", "instant", "doubt"),
    [
        (datetime(2026, 1, 31, 21, 5), "2026-01-31T20:05:00.000Z", None),
        (datetime(2026, 7, 1, 0, 0), "2026-06-30T22:00:00.000Z", None),
        (datetime(2026, 10, 25, 2, 30), "2026-10-25T00:30:00.000Z", "twice"),
        (datetime(2026, 3, 29, 2, 30), "2026-03-29T01:30:00.000Z", "skipped"),
        (datetime(2026, 10, 25, 3, 0), "2026-10-25T02:00:00.000Z", None),
    ],
)
def test_wall_clock_times(wall: datetime, instant: str, doubt: str | None):
    found, what = times.from_local(wall, "Europe/Amsterdam")
    assert times.rfc3339(found) == instant
    assert (what is None) if doubt is None else (doubt in what)


def test_the_last_day_that_there_is_has_no_end():
    assert times.day_bounds(None, date.max, "Europe/Amsterdam") == (None, None)
    assert times.day_bounds(None, date(1970, 1, 1), "UTC") == (None, 86_400_000)
