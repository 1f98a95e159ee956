"""How the clocks of two phones compare, by the times that each stored of the same messages."""

from __future__ import annotations

from array import array
from typing import Any

# What is subtracted from what. ``one`` and ``other`` are the phones of a pair.
SENT = "sent"  # the sent time that the other phone stores, less the one that this phone stores
ARRIVED = (
    "arrived"  # the time at which the receiving phone received it, less the sent time of the sending one
)
RECEIVED = "received"  # the time at which the other phone received it, less that of this phone
BY_ONE, BY_OTHER, BY_THIRD = "one", "other", "third"


class Clocks:
    """Gathers differences in milliseconds by what is compared and by who sent the message."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], array[int]] = {}

    def add(self, what: str, by: str, later: int | None, earlier: int | None) -> None:
        """One message; nothing where one of the times is not stored."""
        if later is not None and earlier is not None:
            self._found.setdefault((what, by), array("q")).append(later - earlier)

    def measures(self) -> list[dict[str, Any]]:
        """Number of messages, median and spread of each."""
        return [
            {"what": what, "by": by, **spread(values)} for (what, by), values in sorted(self._found.items())
        ]

    def offset(self) -> int | None:
        """By how much the other phone's clock is ahead, if messages take equally long both ways."""
        there, back = (self._found.get((ARRIVED, by)) for by in (BY_ONE, BY_OTHER))
        if not there or not back:
            return None
        return (_part(sorted(there), 50) - _part(sorted(back), 50)) // 2


def spread(values: array[int]) -> dict[str, int]:
    """The median, and the values between which four of five lie; a value that occurs, not one in between."""
    ordered = sorted(values)
    return {
        "messages": len(ordered),
        "median_ms": _part(ordered, 50),
        "low_ms": _part(ordered, 10),
        "high_ms": _part(ordered, 90),
    }


def _part(ordered: list[int], percent: int) -> int:
    return ordered[(len(ordered) - 1) * percent // 100]
