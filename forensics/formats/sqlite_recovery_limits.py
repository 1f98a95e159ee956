"""What a recovery left out, since a hostile file may cost only so much: counted, so that it can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.formats.sqlite_recovery_damage import Damage

_DOUBTFUL = "records left out because their rows may still be in a part of their table that cannot be read"
_STRAYS = "pages that belong to no table, no index and not to the free pages"
_SEARCHED = "as SQLite leaves none (their rows may be of a damaged table and not deleted)"
_PASSED = "and were not searched (they may be of a table or an index that cannot be read as a whole)"
_MOST_PAGES = 10_000  # pages that are counted one by one


@dataclass(slots=True)
class Limits:
    """Counts what the limits of a recovery left out; filled while its rows are given. ``damage`` is what
    could not be read, which no limit is to blame for; ``strays`` are pages of b-trees that belong to none,
    which are not searched where they may be of one that cannot be read as a whole."""

    comparisons: int = 0  # with a live row whose overflow pages were not read again
    entries: int = 0  # of indexes
    crowded: dict[int, int] = field(default_factory=dict)  # number of columns -> tables that have so many
    doubtful: int = 0  # records that may be live rows which cannot be read
    strays: int = 0
    are_strays_searched: bool = True
    damage: Damage = field(default_factory=Damage)
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
        if self.doubtful:
            yield f"{_DOUBTFUL}: {self.doubtful}"
        if self.strays:
            yield f"{_STRAYS}, {_SEARCHED if self.are_strays_searched else _PASSED}: {self.strays}"
        if self._pages:
            yield (
                f"cells were left out on {len(self._pages)} pages or more: they lie over each other and state"
                " several times what a page holds"
            )
