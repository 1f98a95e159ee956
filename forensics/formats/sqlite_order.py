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


class Order:
    """The row ids of a table by a (quoted) column of whole numbers; NULL comes first, as the lowest."""

    def __init__(self, reader: RowReader, what: Selection, column: str) -> None:
        self._reader = reader
        self._keys = array("q")
        found = None
        if what.rowid is not None and reader.is_sound(what):
            found = reader.sorted_rowids(what, column, LOWEST, HIGHEST, self._keys)
        self._rowids = array("q") if found is None else found
        self.is_known = found is not None

    def rows(self, what: Selection, low: int, high: int) -> Iterator[Row]:
        """The rows whose column lies between the two, by it and then by row id. ValueError where the order is
        not known."""
        if not self.is_known:
            raise ValueError("the order of these rows is not known")
        first, last = bisect_left(self._keys, low), bisect_right(self._keys, high)
        return fetched(self._reader, what, self._rowids[first:last])


class Orders:
    """Every order of a database, made when it is asked for first."""

    def __init__(self, reader: RowReader, encoding: str) -> None:
        self._reader, self._encoding = reader, encoding
        self._known: dict[tuple[str, str], Order] = {}

    def of(self, table: TableInfo, column: Column) -> Order:
        """The order of a table by a column."""
        key = table.name, column.name
        if key not in self._known:
            what = select(table, (), self._encoding)
            self._known[key] = Order(self._reader, what, quote(column.name))
        return self._known[key]
