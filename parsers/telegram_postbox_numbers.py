"""Numbers of Postbox's objects within what a record can hold. A field that the client writes with 32 bits may
come with 64 in a damaged or forged object; what no time or count can be is then taken as not stored."""

from __future__ import annotations

from forensics.digest import LARGEST_INTEGER
from forensics.times import LATEST


def moment(seconds: int | None) -> int | None:
    """Seconds since 1970 as milliseconds; None for none, and for what no calendar has."""
    return seconds * 1000 if seconds and 0 < seconds <= LATEST // 1000 else None


def whole(number: int | None) -> int | None:
    """A number as JSON can hold it exactly; None for a larger one."""
    return number if number is not None and abs(number) <= LARGEST_INTEGER else None
