"""The sender's clock against that of Signal's server, where an app keeps both.

Source: Signal reference 3.4 ("sender clocks lie", date_server is the server's), 2.5 (dateServerSent), 4.2 and
5.3 (serverTimestamp). A record has the time that the sender states; the server's is shown with the source
row, and where it is far from the sender's, one notice names the messages with both.
"""

from __future__ import annotations

from collections.abc import Mapping

from forensics.fields import readable_instant
from forensics.formats.protobuf import ProtobufError
from forensics.times import rfc3339
from parsers import signal_json
from parsers.notes import Notes
from parsers.signal_json import JsonError
from parsers.signal_parts import Parts

# Networks are slow and telephones offline for a while; a clock that is right is not an hour away.
_HOUR = 3_600_000
_MOST_NAMED = 1000


# Of a received message in the new backups: 8 incoming, in it 2 dateServerSent.
_INCOMING, _AT_SERVER = 8, 2


class KnowsServerTime:
    """See ``forensics.parser.KnowsTimes``; a row of any of Signal's forms."""

    def times_in(self, row: Mapping[str, object]) -> Mapping[str, int]:
        """When the message was at Signal's server."""
        at, _doubt = readable_instant(_at_server(row))
        return {} if at is None else {"at Signal's server": at}


def _at_server(row: Mapping[str, object]) -> int | None:
    for column in ("date_server", "serverTimestamp"):
        value = row.get(column)
        if isinstance(value, int) and value > 0:
            return value
    text, data = row.get("json"), row.get("data")
    try:
        if isinstance(text, str):
            return signal_json.integer_of(signal_json.parsed(text), "serverTimestamp")
        return Parts(data).part(_INCOMING).integer(_AT_SERVER) if isinstance(data, bytes) else None
    except (JsonError, ProtobufError):
        return None  # said when the message was read


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
