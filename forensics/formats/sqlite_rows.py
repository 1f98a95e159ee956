"""Rows of one table, tolerantly: quick where the table is whole, page by page where it is not.

Before a table is read its b-tree is walked: only a tree in which every page is there, of its kind and linked
once is given to SQLite as a whole. So no statement can run for ever, and no progress handler is needed.
No index is ever used: a damaged or lying index would hide rows.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from operator import itemgetter, lt

from forensics.formats.sqlite_ascending import Row, demand_ascending, each_once
from forensics.formats.sqlite_damage import Damage, extend, row_problem, span
from forensics.formats.sqlite_problem import ReadProblem, ranges, spoken
from forensics.formats.sqlite_tree import HIGHEST, LOWEST, Cell, Hole, Malformed, Node, Pages

_BATCH = 100
# Row ids in one statement.
_TOGETHER = 500
# Pages of a walk, and looks at single leaves (for each the system maps what lies around it too), after which
# their memory is given back: a large table would stay in it as a whole.
FORGET_AFTER, _FORGET_AFTER_LOOKS = 1024, 32
_first = itemgetter(0)


class BadText(bytes):
    """The bytes of a value of type TEXT that are not valid in the database's encoding."""


def decode_text(data: bytes) -> str | BadText:
    """A text_factory that loses nothing: invalid UTF-8 comes as BadText."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return BadText(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked of one table. ``convert`` makes a row of what SQLite gives, or is None."""

    table: str
    root: int
    is_index_tree: bool
    select: str  # "SELECT <row id>, <columns> FROM <table> NOT INDEXED"
    source: str  # "FROM <table> NOT INDEXED"
    rowid: str | None  # how the row id is called, None where it has none
    convert: Callable[[Row], Row] | None
    # a condition of SQLite's that leaves out rows nobody asked for: "AND ..."; not kept where it must be read
    # page by page
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What the walk of a tree found: pages that cannot be read, those of them that the evidence has and that
    are not of this tree, leaves whose row ids are not within their bounds, and the rows that it states."""

    holes: int
    misfits: int
    strays: int
    cells: int

    @property
    def is_whole(self) -> bool:
        """Whether SQLite may be given the tree as a whole."""
        return self.holes == 0


class RowReader:
    """Reads rows through two connections to the same private copy: ``strict`` raises at invalid text and is
    quick, ``tolerant`` decodes with decode_text."""

    def __init__(
        self,
        pages: Pages,
        strict: sqlite3.Connection,
        tolerant: sqlite3.Connection,
        *,
        zeroed: frozenset[int],
        report: Callable[[ReadProblem], None],
    ) -> None:
        self._pages = pages
        self._strict = strict
        self._tolerant = tolerant
        self._zeroed = zeroed
        self._report = report
        self._structures: dict[tuple[int, bool], Structure] = {}
        # SQLite complains of a page's cells only when it first loads the page (btreeInitPage in btree.c):
        # what it once refused is not given to it again.
        self._refused: set[int] = set()
        self._looks = 0

    def structure(self, root: int, *, is_index_tree: bool) -> Structure:
        """Walks the tree once; later calls answer from memory."""
        key = (root, is_index_tree)
        if key not in self._structures:
            holes = misfits = strays = cells = 0
            for number, part in enumerate(self._pages.walk(root, index=is_index_tree), 1):
                if number % FORGET_AFTER == 0:
                    self._pages.forget()
                if isinstance(part, Hole):
                    holes += 1
                    misfits += not part.is_missing
                elif part.is_leaf or is_index_tree:
                    cells += part.cells
                    strays += not is_index_tree and self._is_stray(part)
            self._pages.forget()
            self._structures[key] = Structure(holes=holes, misfits=misfits, strays=strays, cells=cells)
        return self._structures[key]

    def _is_stray(self, leaf: Node) -> bool:
        edges = self._pages.edges(leaf) if leaf.cells else (leaf.low, leaf.high)
        return edges is None or not leaf.low <= edges[0] <= edges[1] <= leaf.high

    def read(self, what: Selection, low: int, high: int) -> Iterator[Row]:
        """Rows with ``low`` <= row id <= ``high`` in that order; without row ids, all in key order."""
        rows = self._keyless(what) if what.rowid is None else self._keyed(what, low, high)
        return rows if what.convert is None else map(what.convert, rows)

    def _keyed(self, what: Selection, low: int, high: int) -> Iterator[Row]:
        position = low
        while position <= high and self._may_seek(what, position):
            try:
                for batch in self._batches(what, position):
                    if batch[-1][0] > high:
                        yield from (row for row in batch if row[0] <= high)
                        return
                    yield from batch
                    position = batch[-1][0] + 1
                return
            except sqlite3.DatabaseError as error:
                rows = self._past_bad_text(what, position) if _is_bad_text(error) else None
            if rows is None:
                self._refused.add(what.root)
                break
            yield from (row for row in rows if row[0] <= high)
            position = rows[-1][0] + 1 if rows else HIGHEST + 1
        if position <= high:
            yield from self._page_by_page(what, position, high)

    def apart(self, what: Selection, other: Selection, also: Sequence[int]) -> Iterator[Row]:
        """Rows whose id no row of ``other`` has, and those with the ids of ``also``, in the order of their
        ids; all rows where either table is not as it should be."""
        if what.rowid is None or other.rowid is None or not (self.is_sound(what) and self.is_sound(other)):
            return self.read(what, LOWEST, HIGHEST)
        only = f"AND {what.rowid} NOT IN (SELECT {other.rowid} {other.source})"
        without = self.read(replace(what, only=only), LOWEST, HIGHEST)
        return each_once(merge(without, self._present(what, also), key=_first))

    def _present(self, what: Selection, rowids: Sequence[int]) -> Iterator[Row]:
        """Those rows of a sound tree that are there, in the order of ``rowids``."""
        for start in range(0, len(rowids), _TOGETHER):
            chunk = rowids[start : start + _TOGETHER]
            sql = f"{what.select} WHERE {what.rowid} IN ({','.join('?' * len(chunk))}) ORDER BY {what.rowid}"
            try:
                rows = self._tolerant.execute(sql, chunk).fetchall()
            except sqlite3.DatabaseError:
                for rowid in chunk:
                    yield from self.read(what, rowid, rowid)
                continue
            yield from rows if what.convert is None else map(what.convert, rows)

    def _may_seek(self, what: Selection, position: int) -> bool:
        """Whether SQLite, sent to this row id, finds what stands there: the tree is as it should be, and so
        is the leaf in question. Where pages are missing or hold zeros, text could end in zeros that the
        evidence does not hold: then each row is looked at."""
        if not self.is_sound(what):
            return False
        self._looks += 1
        if self._looks % _FORGET_AFTER_LOOKS == 0:
            self._pages.forget()
        path = self._pages.walk(what.root, low=position, high=position)
        return all(self._leaf_rowids(what, part)[1] is None for part in path if _is_end(part))

    def is_sound(self, what: Selection) -> bool:
        """Whether the tree is as it should be, and nothing of the file is missing or zeroed."""
        if what.root in self._refused or self._pages.absent or self._zeroed:
            return False
        structure = self.structure(what.root, is_index_tree=False)
        return structure.is_whole and not structure.strays

    def _batches(self, what: Selection, low: int) -> Iterator[list[Row]]:
        """Batches of rows, each given only when the next one is known to follow it in order. There is no
        upper bound in the statement: a wrong row id would end it before its time."""
        sql = f"{what.select} WHERE {what.rowid} >= ? {what.only} ORDER BY {what.rowid}"
        cursor = self._strict.execute(sql, (low,))
        held = cursor.fetchmany(_BATCH)
        while held:
            following = cursor.fetchmany(_BATCH)
            demand_ascending(held, following)
            yield held
            held = following

    def _past_bad_text(self, what: Selection, low: int) -> list[Row] | None:
        """The next rows with invalid text as bytes; None when they cannot be read for another reason."""
        sql = f"{what.select} WHERE {what.rowid} >= ? {what.only} ORDER BY {what.rowid} LIMIT ?"
        try:
            rows = self._tolerant.execute(sql, (low, 3 * _BATCH)).fetchall()
            demand_ascending(rows, [])
        except sqlite3.DatabaseError:
            return None  # the caller goes on page by page, which reports what is wrong
        # The last ones are given when what follows them is known.
        return rows if len(rows) < 3 * _BATCH else rows[: 2 * _BATCH]

    def _page_by_page(self, what: Selection, low: int, high: int) -> Iterator[Row]:
        damage: Damage | None = None
        last = low - 1
        for part in self._pages.walk(what.root, low=low, high=high):
            if not _is_end(part):
                continue
            rowids, reason = self._leaf_rowids(what, part)
            if reason is not None:
                damage = extend(damage, part, reason, last)
            found = self.fetch(what, [rowid for rowid in rowids if low <= rowid <= high])
            for rowid, row in found.items():
                if rowid <= last:
                    text = f"row {rowid} on page {part.page} is out of order and was left out"
                    self._report(row_problem(what.table, rowid, text))
                    continue
                self._flush(what.table, damage, rowid)
                damage = None
                last = rowid
                yield row
        self._flush(what.table, damage, high + 1)

    def _leaf_rowids(self, what: Selection, part: Node | Hole) -> tuple[list[int], str | None]:
        """The row ids on a leaf, or none and why not."""
        if isinstance(part, Hole):
            return [], part.reason
        cells = []
        for cell in self._pages.cells(part):
            if isinstance(cell, Malformed):
                return [], str(cell)
            cells.append(cell)
        rowids = [cell.rowid for cell in cells]
        if not all(map(lt, rowids, islice(rowids, 1, None))):
            return [], "has its row ids out of order"
        if rowids and not part.low <= rowids[0] <= rowids[-1] <= part.high:
            return [], "has row ids that do not belong there"
        if self._pages.absent or self._zeroed:
            rowids = [cell.rowid for cell in cells if self._has_whole_overflow(what.table, cell)]
        return rowids, None

    def _has_whole_overflow(self, table: str, cell: Cell) -> bool:
        for page in self._pages.overflow(cell):
            if not self._pages.holds(page):
                text = f"row {cell.rowid} goes on in page {page}, which is missing"
                self._report(row_problem(table, cell.rowid, text, page))
                return False
            if page in self._zeroed:
                text = f"row {cell.rowid} goes on in page {page}, which holds zeros only"
                self._report(row_problem(table, cell.rowid, text, page))
        return True

    def fetch(self, what: Selection, rowids: Sequence[int]) -> dict[int, Row]:
        """The rows with these ids, in the order of ``rowids``; each that cannot be read is a problem."""
        found: dict[int, Row] = {}
        for start in range(0, len(rowids), _TOGETHER):
            chunk = rowids[start : start + _TOGETHER]
            rows = self._chunk(what, chunk)
            if len(rows) == len(chunk):
                found.update(zip(chunk, map(rows.__getitem__, chunk), strict=True))
                continue
            for rowid in chunk:
                row = rows.get(rowid) or self._fetch_one(what, rowid)
                if row is not None:
                    found[rowid] = row
        return found

    def _chunk(self, what: Selection, chunk: Sequence[int]) -> dict[int, Row]:
        """The rows with these ids, none when one of them cannot be read. Ids without a hole are a range where
        the tree is as it should be: a prepared one may link the same pages over and over.
        """
        first, last = chunk[0], chunk[-1]
        asked: tuple[int, ...] = tuple(chunk)
        is_range = last - first == len(chunk) - 1 and all(map(lt, chunk, chunk[1:]))
        if is_range and self.is_sound(what):
            sql, asked = f"{what.select} WHERE {what.rowid} BETWEEN ? AND ?", (first, last)
        else:
            sql = f"{what.select} WHERE {what.rowid} IN ({','.join('?' * len(chunk))})"
        try:
            return {row[0]: row for row in self._strict.execute(sql, asked)}
        except sqlite3.DatabaseError:
            return {}  # the caller asks for them one by one, which reports what is wrong

    def _fetch_one(self, what: Selection, rowid: int) -> Row | None:
        sql = f"{what.select} WHERE {what.rowid} = ?"
        try:
            row: Row | None = self._tolerant.execute(sql, (rowid,)).fetchone()
            reason = "it is not found by its id"
        except sqlite3.DatabaseError as error:
            row, reason = None, str(error)
        if row is None:
            text = f"row {rowid} cannot be read: {reason}"
            self._report(row_problem(what.table, rowid, text))
        return row

    def sorted_rowids(self, what: Selection, column: str, low: int, high: int) -> array[int] | None:
        """Row ids by a (quoted) column, then by row id; None when the table is not wholly in order."""
        if not self._is_in_order(what):
            return None
        try:
            return array("q", map(_first, self._sorted(what, column, "0", low, high)))
        except sqlite3.DatabaseError:
            return None  # the caller sorts what can be read page by page, which reports what cannot

    def sort(self, what: Selection, column: str, take: Callable[[int, int], None]) -> bool:
        """Give row ids and values by a (quoted) column, then by row id, to ``take``, NULL as the lowest whole
        number; whether all were given: not where the table is damaged, or a value is no whole number."""
        if not self._is_in_order(what):
            return False
        try:
            for rowid, value in self._sorted(what, column, column, LOWEST, HIGHEST):
                if value is not None and not isinstance(value, int):
                    return False
                take(rowid, LOWEST if value is None else value)
        except sqlite3.DatabaseError:
            return False  # the caller reads page by page, which reports what cannot be read
        return True

    def _sorted(self, what: Selection, column: str, value: str, low: int, high: int) -> sqlite3.Cursor:
        sql = (
            f"SELECT {what.rowid}, {value} {what.source}"
            f" WHERE {what.rowid} BETWEEN ? AND ? ORDER BY {column} COLLATE BINARY, {what.rowid}"
        )
        return self._strict.execute(sql, (low, high))

    def distinct(self, what: Selection, column: str) -> list[object] | None:
        """The values of a (quoted) column, each once; None when the table is not wholly as it should be."""
        if what.rowid is None or not self.is_sound(what):
            return None
        try:
            return [row[0] for row in self._strict.execute(f"SELECT DISTINCT {column} {what.source}")]
        except sqlite3.DatabaseError:
            return None  # the caller reads every row, which reports what cannot be read

    def _is_in_order(self, what: Selection) -> bool:
        if not self._may_seek(what, LOWEST):
            return False
        bare = replace(what, select=f"SELECT {what.rowid} {what.source}", convert=None)
        try:
            for _batch in self._batches(bare, LOWEST):
                pass
        except sqlite3.DatabaseError:
            self._refused.add(what.root)  # the caller reads page by page, which reports what is wrong
            return False
        return True

    def _keyless(self, what: Selection) -> Iterator[Row]:
        """All rows in key order up to the first damage; never more than the tree has cells."""
        structure = self.structure(what.root, is_index_tree=what.is_index_tree)
        delivered = 0
        reason = "a page of it cannot be read"
        try:
            cursor = self._tolerant.execute(what.select)
            while delivered < structure.cells and (row := cursor.fetchone()) is not None:
                delivered += 1
                yield row
        except sqlite3.DatabaseError as error:
            reason = str(error)
            structure = Structure(holes=1, misfits=1, strays=0, cells=structure.cells)
        if not structure.is_whole:
            walk = self._pages.walk(what.root, index=what.is_index_tree)
            pages = ranges(part.page for part in walk if isinstance(part, Hole))
            text = f"table {what.table!r} is read up to its row {delivered} only: {reason}"
            self._report(ReadProblem(kind="page", text=text, table=what.table, pages=pages))

    def _flush(self, table: str, damage: Damage | None, following: int) -> None:
        """Report the damage that lies before the row ``following``."""
        if damage is None:
            return
        low = None if damage.low == LOWEST else damage.low
        high = None if damage.high == HIGHEST and following > HIGHEST else min(damage.high, following - 1)
        pages = ranges(damage.pages)
        text = f"page {spoken(pages)} of table {table!r} {damage.reason}: {span(low, high)} cannot be read"
        self._report(ReadProblem(kind="page", text=text, table=table, pages=pages, rowids=(low, high)))


def _is_bad_text(error: sqlite3.DatabaseError) -> bool:
    # Python's own complaint carries no SQLite error code (_pysqlite_fetch_one_row in cursor.c).
    return str(error).startswith("Could not decode")


def _is_end(part: Node | Hole) -> bool:
    return isinstance(part, Hole) or part.is_leaf
