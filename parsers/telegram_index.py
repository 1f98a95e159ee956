"""Which messages there are, by dialog and number, in nine bytes each: to find what a reply speaks of, to tell
a copy from a message, and to see what is missing."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import le
from typing import NamedTuple


class Rows(NamedTuple):
    """The rows of one dialog, side by side: the message's number, the table's place, the row id."""

    numbers: array[int]
    tables: array[int]
    rowids: array[int]


class Index:
    """Rows of some tables. All are added, then it is sealed, then it is asked."""

    def __init__(self, tables: Sequence[str]) -> None:
        self.tables = tuple(tables)
        self._dialogs: dict[int, Rows] = {}

    def add(self, dialog: int, number: int, table: int, rowid: int) -> None:
        """A row; ``table`` is the place of its table in ``tables``."""
        rows = self._dialogs.get(dialog)
        if rows is None:
            rows = self._dialogs[dialog] = Rows(array("i"), array("B"), array("i"))
        try:
            rows.rowids.append(rowid)
            rows.numbers.append(number)
        except OverflowError:  # of a damaged or forged row: all of the dialog get eight bytes
            rows = self._dialogs[dialog] = _wide(rows)
            rows.rowids.append(rowid)
            rows.numbers.append(number)
        rows.tables.append(table)

    def seal(self) -> None:
        """Put it in order: of one message, the table that stands first, then the row that does."""
        for dialog, rows in self._dialogs.items():
            if not all(map(le, rows.numbers, islice(rows.numbers, 1, None))) or len(set(rows.tables)) > 1:
                ordered = sorted(zip(*rows, strict=True))
                self._dialogs[dialog] = Rows(
                    array(rows.numbers.typecode, (each[0] for each in ordered)),
                    array("B", (each[1] for each in ordered)),
                    array(rows.rowids.typecode, (each[2] for each in ordered)),
                )

    def __bool__(self) -> bool:
        return bool(self._dialogs)

    def dialogs(self) -> Iterator[int]:
        """The dialogs that have rows."""
        yield from self._dialogs

    def numbers(self, dialog: int) -> Sequence[int]:
        """The numbers of a dialog's messages, sorted."""
        rows = self._dialogs.get(dialog)
        return () if rows is None else rows.numbers

    def has(self, dialog: int, number: int) -> bool:
        """Whether there is such a row."""
        return self.first(dialog, number) is not None

    def first(self, dialog: int, number: int) -> tuple[str, int] | None:
        """Table and row id of the first row of that message."""
        rows = self._dialogs.get(dialog)
        if rows is None:
            return None
        place = bisect_left(rows.numbers, number)
        if place == len(rows.numbers) or rows.numbers[place] != number:
            return None
        return self.tables[rows.tables[place]], rows.rowids[place]

    def all(self, dialog: int, number: int) -> list[tuple[str, int]]:
        """Table and row id of every row of that message."""
        rows = self._dialogs.get(dialog)
        if rows is None:
            return []
        first, last = bisect_left(rows.numbers, number), bisect_right(rows.numbers, number)
        return [(self.tables[rows.tables[each]], rows.rowids[each]) for each in range(first, last)]


def _wide(rows: Rows) -> Rows:
    """The same rows in eight bytes a number; without what was added of a row that did not fit."""
    size = len(rows.tables)
    return Rows(array("q", rows.numbers[:size]), rows.tables, array("q", rows.rowids[:size]))
