"""Times as a report prints them: the quick way gives what the careful way gives."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.times import EARLIEST, LATEST, display, parse_rfc3339, rfc3339
from reports.clock import Clock

ZONES = ("Europe/Amsterdam", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


@pytest.mark.parametrize("zone", ZONES)
@given(instant=st.integers(EARLIEST, LATEST) | st.integers(0, 2_000_000_000_000))
def test_any_instant_is_shown_as_by_the_time_zone_database(zone, instant):
    text = rfc3339(instant)
    assert Clock(zone).shown(text) == display(parse_rfc3339(text), zone)


@pytest.mark.parametrize("zone", sorted(available_timezones())[::23])
def test_each_hour_of_four_years_is_shown_as_by_the_time_zone_database(zone):
    clock = Clock(zone)
    for day in range(0, 4 * 366, 3):
        for hour in (0, 1, 2, 12, 23):
            text = f"{date(2022, 12, 30) + timedelta(days=day)}T{hour:02}:59:59.999Z"
            assert clock.shown(text) == display(parse_rfc3339(text), zone)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-29T00:59:59.000Z", "2026-03-29 01:59:59 +01:00"),
        ("2026-03-29T01:00:00.000Z", "2026-03-29 03:00:00 +02:00"),
        ("2026-12-31T23:30:00.000Z", "2027-01-01 00:30:00 +01:00"),
        ("2026-06-01T12:00:00+02:00", "2026-06-01 12:00:00 +02:00"),
    ],
)
def test_the_edges(text, shown):
    assert Clock("Europe/Amsterdam").shown(text) == shown
