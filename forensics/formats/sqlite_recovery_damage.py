"""What of a live database a recovery could not read, by kind: the pages are counted, and the first are named.

Only what is read of the current view counts. That the pages of a deleted row are gone or used again is no
damage: such a row is given as incomplete.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.formats.sqlite_problem import Range, ReadProblem, ranges, spoken
from forensics.formats.sqlite_schema import fold

ZEROED, OUTSIDE, MISPLACED, TWICE, DEEP = "zeroed", "outside", "misplaced", "twice", "deep"
EMPTY, CELLS, FREELIST, SCHEMA_ENTRIES = "empty", "cells", "freelist", "schema"
# The kind of ReadProblem, and the words. Two slots: how many, and on which pages.
_SENTENCES = {
    ZEROED: ("zeroed", "pages that hold zeros only, yet are not free: {} ({})"),
    OUTSIDE: ("page", "pages beyond the end of the file to which tables or indexes lead: {} ({})"),
    MISPLACED: ("page", "pages that are not what their place in a table or an index demands: {} ({})"),
    TWICE: ("page", "pages to which tables or indexes lead more than once: {} ({})"),
    DEEP: ("page", "pages that lie deeper than a b-tree may: {} ({})"),
    EMPTY: ("page", "pages without the cells that they must have: {} ({})"),
    CELLS: (
        "page",
        "cells that lie outside the part of their page that is for cells, or pass its end: {} (pages {})",
    ),
    FREELIST: ("page", "pages by which the list of free pages cannot be followed: {} ({})"),
    SCHEMA_ENTRIES: ("schema", "entries of the schema that cannot be read: {} (pages {})"),
}
KINDS = tuple(_SENTENCES)
_CHAINS = "rows whose overflow pages cannot be followed to their end: {} (pages {})"
_TOLD_OF_PAGES = frozenset(("missing", "zeroed", "page", "row", "schema"))
_MOST = 10_000  # pages of one kind, and rows, that are kept one by one


class CutRow(NamedTuple):
    """A live row that cannot be read to its end: its table and row id where it has them, and its page."""

    table: str | None
    rowid: int | None
    page: int


@dataclass(slots=True)
class Damage:
    """Filled before the first row of a recovery is given. ``missing`` are pages that the files do not hold;
    what is wrong with other pages because of these is not told once more. ``unused`` says in sentences why
    the log is not part of the view."""

    missing: tuple[Range, ...] = ()
    missing_text: str = ""
    unused: tuple[str, ...] = ()
    _pages: dict[str, dict[int, int]] = field(default_factory=dict)  # kind -> page -> how many
    _rows: dict[CutRow, None] = field(default_factory=dict)
    _further: Counter[str] = field(default_factory=Counter)

    def lacks(self, page: int) -> bool:
        """Whether the page is one of those that are missing."""
        at = bisect_right(self.missing, page, key=lambda each: each[0])
        return at > 0 and page <= self.missing[at - 1][1]

    def note(self, kind: str, page: int, count: int = 1) -> None:
        """So many things of this kind, on or of a page; once more of the same page changes nothing."""
        if self.lacks(page):
            return
        pages = self._pages.setdefault(kind, {})
        if page in pages or len(pages) < _MOST:
            pages[page] = count
        else:
            self._further[kind] += count

    def note_row(self, row: CutRow) -> None:
        """A row that cannot be read to its end."""
        if len(self._rows) < _MOST:
            self._rows[row] = None
        else:
            self._further[_CHAINS] += 1

    def problems(self, told: Iterable[ReadProblem] = ()) -> Iterator[ReadProblem]:
        """One problem for each kind of damage, without what others have told of the same pages and rows."""
        others = list(told)
        if self.missing and not any(each.kind == "missing" for each in others):
            yield ReadProblem(kind="missing", text=self.missing_text, pages=self.missing)
        texts = {each.text for each in others}
        yield from (ReadProblem(kind="wal", text=text) for text in self.unused if text not in texts)
        known = _Known(others)
        for kind, (problem, sentence) in _SENTENCES.items():
            pages = self._pages.get(kind, {})
            left = {page: count for page, count in pages.items() if not known.has_page(page)}
            if left or self._further[kind]:
                yield self._problem(kind, problem, sentence, sum(left.values()), left)
        rows = [row for row in self._rows if not known.has_row(row)]
        if rows or self._further[_CHAINS]:
            yield self._problem(_CHAINS, "row", _CHAINS, len(rows), {row.page for row in rows})

    def _problem(
        self, kind: str, problem: str, sentence: str, count: int, pages: Iterable[int]
    ) -> ReadProblem:
        found = ranges(pages)
        further = self._further[kind]
        text = sentence.format(count + further, spoken(found) + (" and further ones" if further else ""))
        return ReadProblem(kind=problem, text=text, pages=found)


class _Known:
    """The pages and the rows of which problems tell."""

    def __init__(self, problems: Iterable[ReadProblem]) -> None:
        told: list[Range] = []
        self._rows: set[tuple[str, int | None]] = set()
        for each in problems:
            if each.kind in _TOLD_OF_PAGES:
                told.extend(each.pages)
            if each.kind == "row" and each.table is not None and each.rowids is not None:
                self._rows.add((fold(each.table), each.rowids[0]))
        self._lows, self._highs = array("Q"), array("Q")  # of a range also what the ones before it reach
        for low, high in sorted(told):
            self._lows.append(low)
            self._highs.append(max(high, self._highs[-1] if self._highs else 0))

    def has_page(self, page: int) -> bool:
        at = bisect_right(self._lows, page)
        return at > 0 and page <= self._highs[at - 1]

    def has_row(self, row: CutRow) -> bool:
        is_named = row.table is not None and (fold(row.table), row.rowid) in self._rows
        return is_named or self.has_page(row.page)
