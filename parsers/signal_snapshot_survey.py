"""Which message was sent at a time, for the quotations of a new backup of Signal.

Source: Signal reference 2.5 and 7 (10: several messages may have the same time; the author decides).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from forensics.formats.sqlite import Database
from parsers.notes import Notes
from parsers.signal_sides import all_rows
from parsers.signal_snapshot_tables import ITEM_KEYS, OLDER


class SnapshotSurvey:
    """The messages by when they were sent, older versions too: sixteen bytes for each."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database = database
        found = [(row[3], row[0]) for row in all_rows(database, ITEM_KEYS, notes) if row[3] is not None]
        found += [(row[2], row[1]) for row in all_rows(database, OLDER, notes) if row[2] is not None]
        found.sort()
        self._times = array("q", (sent for sent, _row in found))
        self._rows = array("q", (row for _sent, row in found))

    def target(self, sent: int, author: int | None, chat: int | None) -> int | None:
        """The row of the message of that author, in that conversation where several are; None for none."""
        start, end = bisect_left(self._times, sent), bisect_right(self._times, sent)
        keys = {row: self._keys(row) for row in self._rows[start:end]}
        found = [row for row, (_chat, by) in keys.items() if by == author]
        here = [row for row in found if keys[row][0] == chat]
        chosen = here or found
        return chosen[0] if len(chosen) == 1 else None

    def _keys(self, row: int) -> tuple[object, object]:
        found = self._database.row(ITEM_KEYS.name, row) or {}
        return found.get("chat"), found.get("author")
