"""Where a table can be cut, and the rows of another one by a column that names its row ids.

So a table can be read in parts, each with what hangs from it. Only of what is wholly as it should be: where a
page cannot be read there are no cuts, and no order by a column.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from forensics.formats.sqlite_ascending import Row
from forensics.formats.sqlite_rows import FORGET_AFTER, RowReader, Selection
from forensics.formats.sqlite_table import Column, TableInfo, quote, select
from forensics.formats.sqlite_tree import HIGHEST, LOWEST, Node, Pages

_BATCH = 500
_STEP = 64  # rows between two whose value is kept


def cuts(pages: Pages, root: int, rows: int) -> list[int]:
    """The row ids, each the highest that a leaf can hold, after which parts of about so many rows end."""
    found, count = [], 0
    for number, part in enumerate(pages.walk(root), 1):
        if number % FORGET_AFTER == 0:
            pages.forget()
        if isinstance(part, Node) and part.is_leaf:
            count += part.cells
            if count >= rows and part.high < HIGHEST:
                found.append(part.high)
                count = 0
    pages.forget()
    return found


def fetched(reader: RowReader, what: Selection, rowids: Sequence[int]) -> Iterator[Row]:
    """The rows with these ids, in their order."""
    for start in range(0, len(rowids), _BATCH):
        rows = reader.fetch(what, rowids[start : start + _BATCH]).values()
        yield from rows if what.convert is None else map(what.convert, rows)


class _Stretches:
    """Row ids by a column, as stretches of neighbours; of the column every 64th value. Where side rows lie as
    their messages do this hardly grows with the table; at worst it takes sixteen bytes a row."""

    def __init__(self) -> None:
        self._starts, self._firsts = array("q"), array("q")  # of each stretch the place and the row id there
        self._marks = array("q")
        self._count = 0
        self._next: int | None = None

    def add(self, rowid: int, key: int) -> None:
        """The next one."""
        if self._count % _STEP == 0:
            self._marks.append(key)
        if rowid != self._next:
            self._starts.append(self._count)
            self._firsts.append(rowid)
        self._count += 1
        self._next = rowid + 1

    def near(self, low: int, high: int) -> tuple[int, int]:
        """From which place on, and up to before which, a key between the two may stand: not a step more than
        where it does, on either side."""
        first = max(0, bisect_left(self._marks, low) - 1) * _STEP
        return first, min(self._count, bisect_right(self._marks, high) * _STEP)

    def at(self, first: int, last: int) -> list[int]:
        """The row ids from the one place up to before the other."""
        found: list[int] = []
        stretch = bisect_right(self._starts, first) - 1
        while first < last:
            end = self._starts[stretch + 1] if stretch + 1 < len(self._starts) else self._count
            rowid = self._firsts[stretch] + first - self._starts[stretch]
            found += range(rowid, rowid + min(end, last) - first)
            first, stretch = end, stretch + 1
        return found


class Order:
    """The row ids of a table by a (quoted) column of whole numbers; NULL comes first, as the lowest."""

    def __init__(self, reader: RowReader, bare: Selection, column: str) -> None:
        """``bare``: of the table, with that column alone."""
        self._reader, self._bare = reader, bare
        self._stretches = _Stretches()
        self.is_known = (
            bare.rowid is not None
            and reader.is_sound(bare)
            and reader.sort(bare, column, self._stretches.add)
        )
        if not self.is_known:
            self._stretches = _Stretches()

    def rows(self, what: Selection, low: int, high: int) -> Iterator[Row]:
        """The rows whose column lies between the two, by it and then by row id. ValueError where the order is
        not known."""
        if not self.is_known:
            raise ValueError("the order of these rows is not known")
        first, last = self._stretches.near(low, high)
        places = range(last)
        first = bisect_left(places, low, lo=first, hi=min(first + _STEP + 1, last), key=self._key)
        last = bisect_right(places, high, lo=max(first, last - _STEP), key=self._key)
        for start in range(first, last, _BATCH):
            yield from fetched(self._reader, what, self._stretches.at(start, min(start + _BATCH, last)))

    def _key(self, place: int) -> int:
        """The value of the column at a place."""
        ((_rowid, key),) = fetched(self._reader, self._bare, self._stretches.at(place, place + 1))
        return LOWEST if key is None else int(key)


class Orders:
    """Every order of a database, made when it is asked for first."""

    def __init__(self, reader: RowReader, encoding: str) -> None:
        self._reader, self._encoding = reader, encoding
        self._known: dict[tuple[str, str], Order] = {}

    def of(self, table: TableInfo, column: Column) -> Order:
        """The order of a table by a column."""
        key = table.name, column.name
        if key not in self._known:
            bare = select(table, (column.name,), self._encoding)
            self._known[key] = Order(self._reader, bare, quote(column.name))
        return self._known[key]
