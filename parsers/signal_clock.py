"""The sender's clock against that of Signal's server, where an app keeps both.

Source: Signal reference 3.4 ("sender clocks lie", date_server is the server's), 2.5 (dateServerSent), 4.2 and
5.3 (serverTimestamp). A record has the time that the sender states; where the server's is far from it, one
notice names the messages with both.
"""

from __future__ import annotations

from forensics.fields import readable_instant
from forensics.times import rfc3339
from parsers.notes import Notes

# Networks are slow and telephones offline for a while; a clock that is right is not an hour away.
_HOUR = 3_600_000
_MOST_NAMED = 1000


class Clocks:
    """The messages of one table whose two times are far apart."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._lines: list[str] = []
        self._more = 0

    def look(self, rowid: int, sent: int | None, server: int | None) -> None:
        """Compare the times of a message; what is missing or no time says nothing."""
        if sent is None or server is None or abs(sent - server) <= _HOUR:
            return
        times = [readable_instant(each)[0] for each in (sent, server)]
        if None in times:
            return
        if len(self._lines) >= _MOST_NAMED:
            self._more += 1
            return
        self._lines.append(f"row {rowid}: sent {rfc3339(times[0])}, at the server {rfc3339(times[1])}")

    def note(self, notes: Notes) -> None:
        """One notice with all of them."""
        if self._more:
            self._lines.append(f"and {self._more} more")
        text = "messages whose time of sending is more than an hour from that of Signal's server"
        notes.listing(text, self._table, self._lines)
