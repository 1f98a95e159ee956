"""The lines of one conversation of a case that the analysis reads, in reading order.

Those that say something are known by their cue. Of the others only a short one right behind such a line can
answer it (analysis.right_behind), and only near a line that may speak of a drug: there the text of the next
message is read. Of all messages up to the last of these the order is gone through, which one item of evidence
has in an index.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from heapq import merge

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.score import Rules
from forensics.case_copies import SpokenCopy
from forensics.flag_rows import LineRow
from forensics.message_row import reading_order

_FIELDS = "m.id, m.text, m.rare, m.sent_at, p.id, m.from_owner"
_WRITER = "LEFT JOIN participant AS p ON p.n = m.sender"
_FLAGS, _NUMBER = 6, -1  # places in a row: what it says, and the number of its message
_BYTES = 4  # of a character in UTF-8 at most


def lines_of(
    db: sqlite3.Connection, number: int, copied: Sequence[SpokenCopy], rules: Rules
) -> Iterator[LineRow]:
    """The lines of the conversation and the copies in it that say something, and what may answer the former;
    each row with the terms of the reading order behind it."""
    beside = sorted((_copied_row(each) for each in copied), key=_reading_place)
    return _Answered(db, number, beside, rules).rows()


def _copied_row(copied: SpokenCopy) -> LineRow:
    """A copy as a row like those of messages: a text that has no older ones."""
    line = copied.line
    return (line.id, line.text, None, *line[2:], line.sent_at, *copied.place)


def _is_copy(row: LineRow) -> bool:
    return isinstance(row[0], str)


def _reading_place(row: LineRow) -> LineRow:
    """As the database orders: what has no time comes first."""
    _key, _text, _rare, _at, _sender, _owner, _flags, sent_at, *place = row
    return (sent_at is not None, sent_at or 0, *place)


class _Answered:
    """The messages of a conversation and the copies in it that say something, with what is right behind a
    message and may answer it."""

    def __init__(self, db: sqlite3.Connection, number: int, copies: Sequence[LineRow], rules: Rules) -> None:
        self._db = db
        self._copies = copies
        self._conversation = (number,)
        self._order = reading_order(db)
        self._reach, self._longest = rules.window["learnt_lines"], rules.window["behind_longest"]
        self._numbers: Iterator[tuple[int]] | None = None  # of all messages, behind the one that was reached
        self._reached: int | None = None

    def rows(self) -> Iterator[LineRow]:
        """All in reading order; each waits until it is known whether a drug cue is within reach behind it."""
        waiting: deque[LineRow] = deque()
        place, opened = 0, -self._reach - 1  # places of the next to come out, and of the last drug cue read
        for at, row in enumerate(self._speaking()):
            waiting.append(row)
            opened = at if row[_FLAGS] & CUE_OPENS else opened
            if len(waiting) > self._reach:
                yield from self._followed(waiting, is_near=opened >= place - self._reach)
                place += 1
        while waiting:
            yield from self._followed(waiting, is_near=opened >= place - self._reach)
            place += 1

    def _speaking(self) -> Iterator[LineRow]:
        rows = self._db.execute(
            f"SELECT {_FIELDS}, q.flags, {self._order} FROM cue AS q"
            f" LEFT JOIN message AS m ON m.n = q.message {_WRITER}"
            f" WHERE m.conversation = ? ORDER BY {self._order}",
            self._conversation,
        )
        return merge(rows, self._copies, key=_reading_place) if self._copies else rows

    def _followed(self, waiting: deque[LineRow], *, is_near: bool) -> Iterator[LineRow]:
        """The first that waits, and what is right behind it and says nothing, where that is of interest."""
        row = waiting.popleft()
        yield row
        if not is_near or _is_copy(row):
            return
        behind = self._right_behind(row[_NUMBER])
        following = next((each[_NUMBER] for each in waiting if not _is_copy(each)), None)
        if behind is not None and behind != following:
            yield from self._short(behind)

    def _right_behind(self, number: int) -> int | None:
        """The number of the message right behind one; these are asked for in reading order."""
        if self._numbers is None:
            sql = f"SELECT m.n FROM message AS m WHERE m.conversation = ? ORDER BY {self._order}"
            self._numbers = self._db.execute(sql, self._conversation)
        if self._reached != number:
            self._reached = next((each for (each,) in self._numbers if each == number), None)
        self._reached = next((each for (each,) in self._numbers), None)
        return self._reached

    def _short(self, number: int) -> Iterator[LineRow]:
        """A message as a line, where it has a text that is no longer than an answer may be."""
        return self._db.execute(
            f"SELECT {_FIELDS}, 0, {self._order} FROM message AS m {_WRITER}"
            " WHERE m.n = ? AND length(CAST(m.text AS BLOB)) BETWEEN 1 AND ?",  # of a text: up to a NUL
            (number, _BYTES * self._longest),
        )
