"""Row ids of a table in their order, kept as stretches: neighbours cost nothing."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

# No row id has more digits, and int() refuses thousands of them.
_NUMBER = re.compile(r"\s*\d{1,19}\s*")


def listed(text: str) -> Iterator[int | str]:
    """The row ids that a text lists with commas between; what stands there and is no row id, as it is."""
    pieces = filter(None, map(str.strip, text.split(",")))
    return (int(each) if _NUMBER.fullmatch(each) else each for each in pieces)


class RowIds(Collection[int]):
    """Row ids in the order in which they were added, which is theirs."""

    def __init__(self) -> None:
        self._firsts, self._lasts = array("q"), array("q")
        self._count = 0
        self._next: int | None = None

    def add(self, rowid: int) -> None:
        """The next one."""
        self._count += 1
        if rowid == self._next:
            self._lasts[-1] = rowid
        else:
            self._firsts.append(rowid)
            self._lasts.append(rowid)
        self._next = rowid + 1

    def extend(self, rowids: Iterable[int]) -> None:
        """The next ones."""
        for rowid in rowids:
            self.add(rowid)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for first, last in zip(self._firsts, self._lasts, strict=True):
            yield from range(first, last + 1)

    def __contains__(self, rowid: object) -> bool:
        if type(rowid) is not int:
            return False
        place = bisect_right(self._firsts, rowid) - 1
        return place >= 0 and self._firsts[place] <= rowid <= self._lasts[place]

    @property
    def last(self) -> int | None:
        """The last one; None where there is none."""
        return self._lasts[-1] if self._lasts else None
