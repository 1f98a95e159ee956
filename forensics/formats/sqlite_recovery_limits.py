"""What a recovery left out, since a hostile file may cost only so much: counted, so that it can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_PAGES = 10_000  # pages that are counted one by one


@dataclass(slots=True)
class Limits:
    """Counts what the limits of a recovery left out; filled while its rows are given."""

    comparisons: int = 0  # with a live row whose overflow pages were not read again
    entries: int = 0  # of indexes
    crowded: dict[int, int] = field(default_factory=dict)  # number of columns -> tables that have so many
    _pages: set[int] = field(default_factory=set)

    def page(self, number: int) -> None:
        """Cells of this page were left out."""
        if len(self._pages) < _MOST_PAGES:
            self._pages.add(number)

    def told(self) -> Iterator[str]:
        """A sentence for each limit that was reached."""
        if self.comparisons:
            yield (
                f"{self.comparisons} rows could not be compared with the live row of their id, which is too"
                " long to be read so often: they count as older versions of it"
            )
        if self.entries:
            yield f"{self.entries} entries of indexes were left out: there are too many of rows that are gone"
        for columns, tables in sorted(self.crowded.items()):
            yield (
                f"{tables} tables have {columns} columns: rows on pages of no table were sought in the"
                " first of them only"
            )
        if self._pages:
            yield (
                f"cells were left out on {len(self._pages)} pages or more: they lie over each other and state"
                " several times what a page holds"
            )
