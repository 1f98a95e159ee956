"""Times of an export: ``date_unixtime`` where it is there, else ``date`` by the clock of the exporting
computer.

Source: Telegram reference 6.1: ``date`` is local time without an offset; exports before June 2022 have only
that.
"""

from __future__ import annotations

from datetime import datetime

from forensics import times
from parsers.notes import Notes
from parsers.telegram_export_people import whole
from parsers.telegram_export_stream import Object

_FIRST_YEAR = 1971


class Clock:
    """Reads the times of one export; local ones are read in the case's time zone, which is counted."""

    def __init__(self, notes: Notes, timezone: str) -> None:
        self._notes = notes
        self._timezone = timezone

    def instant(self, value: Object, name: str, table: str, entry: int) -> int | None:
        """The time of a field; None where there is none."""
        seconds = whole(value.get(f"{name}_unixtime"))
        if seconds is not None and abs(seconds) < 1 << 40:
            return self._notes.instant(seconds * 1000, table, entry, f"{name}_unixtime")
        stored = value.get(name)
        if stored is None:
            return None
        moment = moment_of(stored)
        if moment is None:
            text = f"entry {entry}: {name} is no time"
            self._notes.add("doubt", text, table, entry, stored)
            return None
        if moment.year < _FIRST_YEAR:
            return None  # how versions before 2022 write that there is none: 1970
        self._notes.count(
            "times only by the clock of the exporting computer, whose zone is not known: read as"
            f" {self._timezone}"
        )
        instant, doubt = times.from_local(moment, self._timezone)
        if doubt is not None:
            self._notes.add("doubt", f"entry {entry}: {doubt}", table, entry, stored)
        return instant

    def beside(self, value: Object, stored: object) -> int | None:
        """A local time that stands in a message with both of its times: read in the case's time zone where
        that is how the exporting computer's clock was set, by the message's own times; else None."""
        seconds, own, moment = (
            whole(value.get("date_unixtime")),
            moment_of(value.get("date")),
            moment_of(stored),
        )
        if seconds is None or own is None or moment is None:
            return None
        if times.from_local(own, self._timezone)[0] != seconds * 1000:
            return None
        return times.from_local(moment, self._timezone)[0]


def moment_of(stored: object) -> datetime | None:
    """A local time as it is written; one with an offset, or none at all, is None."""
    try:
        moment = datetime.fromisoformat(stored) if type(stored) is str else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is None else None
