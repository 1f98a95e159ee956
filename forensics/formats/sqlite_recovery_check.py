"""The current view checked for what a recovery cannot read of it: pages, cells, overflow pages, free pages.

Nothing here decides what is recovered. Cells are looked at only on the few pages that the survey found worth
it (``sqlite_pages.needs_a_look``), so a sound file costs hardly more than its survey.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator

from forensics.formats.sqlite_header import HEADER_SIZE, HeaderError, read_header
from forensics.formats.sqlite_pages import BtreePage, CellParts, read_cell
from forensics.formats.sqlite_problem import Range, cut_page, truncated
from forensics.formats.sqlite_recovery_damage import (
    CELLS,
    EMPTY,
    FREELIST,
    SCHEMA_ENTRIES,
    ZEROED,
    CutRow,
    Damage,
)
from forensics.formats.sqlite_recovery_files import MAIN, Files
from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_tables import Tables, is_readable
from forensics.formats.sqlite_recovery_trees import NOBODY, SCHEMA, Trees

_FREE_COUNT = slice(36, 40)  # of the database header
_SCHEMA_NAME = "sqlite_schema"


def note_missing(files: Files, damage: Damage) -> None:
    """Notes the pages that the view must have and the files do not hold, the last one also where only a part
    of it is there."""
    size = files.layout.page_size
    whole, rest = divmod(files.size(MAIN), size)
    stated = _stated(files)
    is_padded = bool(rest) and files.pages == whole + 1 and stated is not None and stated <= whole
    last = max(whole if is_padded else files.pages, stated or 0)
    damage.missing = tuple(_absent(files, whole, last))
    if rest and stated is None and damage.missing == ((whole + 1, whole + 1),):
        damage.missing_text = cut_page(rest)
    elif damage.missing:
        damage.missing_text = truncated(damage.missing)


def _stated(files: Files) -> int | None:
    try:
        return read_header(files.page(1)[:HEADER_SIZE]).stated_pages
    except HeaderError:
        return None


def _absent(files: Files, whole: int, last: int) -> Iterator[Range]:
    """The pages from behind the whole ones of the main file up to ``last`` that the log does not have."""
    low = whole + 1
    for page in sorted(page for page in files.overlay if page > whole):
        if low < page <= last:
            yield low, page - 1
        low = page + 1
    if low <= last:
        yield low, last


class Check:
    """One look at the live pages, the free pages and those of nobody; ``run`` it when all trees are grown.
    Then ``strays`` is how many pages of a b-tree belong to none: SQLite leaves no such page."""

    def __init__(
        self, files: Files, trees: Trees, tables: Tables, live: LiveRows, *, limit: int, damage: Damage
    ) -> None:
        self._files, self._trees, self._tables = files, trees, tables
        self._live, self._limit, self._damage = live, limit, damage
        self._used = bytearray(files.pages + 1)  # by the overflow of live rows
        self.strays = 0
        self._roots = {1, *(tree.root for tree in trees.trees.values())}

    def run(self) -> None:
        """Notes what it finds."""
        self._freelist()
        self._schema()
        for number in range(1, self._files.pages + 1):
            if self._trees.survey.odd[number] and self._trees.owners[number] >= SCHEMA:
                page = self._trees.page(number)
                if page is not None:
                    self._page(page)
        for number in range(2, min(self._files.pages, _stated(self._files) or self._files.pages) + 1):
            if self._trees.owners[number] == NOBODY and not self._used[number]:
                self.strays += bool(self._trees.survey.kinds[number])
                if self._trees.survey.blank[number]:
                    self._damage.note(ZEROED, number)

    def _schema(self) -> None:
        tree, bad = self._trees.trees[SCHEMA], Counter[int]()
        for page, _pointer, _rowid, record in self._live.placed(tree, tree.leaves):
            bad[page] += not is_readable(record, self._tables.schema.encoding)
        for page, count in (+bad).items():
            self._damage.note(SCHEMA_ENTRIES, page, count)

    def _page(self, page: BtreePage) -> None:
        # A root may have no cells as a leaf; page 1, which has less room, as an inner page too.
        if not page.cells and page.number != 1 and (page.number not in self._roots or not page.is_leaf):
            self._damage.note(EMPTY, page.number)
        pointers = page.pointers()
        bad = page.cells - len(pointers)
        for pointer in pointers:
            if pointer < page.cells_begin:
                bad += 1
                continue
            parts = read_cell(page, pointer, self._files.layout, self._limit)
            if parts is None or parts.end > page.usable:
                bad += 1
            elif parts.local < parts.payload and self._is_cut(parts):
                self._damage.note_row(CutRow(self._name(page.number), parts.rowid, page.number))
        if bad:
            self._damage.note(CELLS, page.number, bad)

    def _name(self, page: int) -> str | None:
        owner = self._trees.owners[page]
        table = self._tables.by_owner.get(owner)
        return _SCHEMA_NAME if owner == SCHEMA else table.name if table is not None else None

    def _is_cut(self, parts: CellParts) -> bool:
        """Whether the row's chain leads outside the file, to a page that has another use, or ends too early;
        not where a page of it is missing or zeroed, which is told of that page."""
        survey, number = self._trees.survey, parts.overflow
        count = -(-(parts.payload - parts.local) // (self._files.layout.usable - 4))
        for left in range(count, 0, -1):
            if self._damage.lacks(number):
                return False
            if not 2 <= number <= self._files.pages or self._used[number]:
                return True
            if self._trees.owners[number] >= SCHEMA:
                return True
            if survey.blank[number] and left > 1 and self._trees.owners[number] == NOBODY:
                return False
            self._used[number] = 1
            number = survey.following[number]
        return False

    def _freelist(self) -> None:
        """Trunk by trunk as read_freelist goes; page 1 stands for the header's own numbers."""
        files, damage = self._files, self._damage
        first = files.page(1)
        holder, trunk, found = 1, int.from_bytes(first[32:36], "big"), 0
        is_whole, seen = not damage.missing, set[int]()
        while trunk:
            if trunk in seen or not 1 < trunk <= files.pages:
                if not damage.lacks(trunk):
                    damage.note(FREELIST, holder)
                return
            seen.add(trunk)
            following, count = struct.unpack_from(">II", files.page(trunk))
            found += 1 + self._leaves(trunk, count)
            holder, trunk = trunk, following
        if is_whole and found < int.from_bytes(first[_FREE_COUNT], "big"):
            damage.note(FREELIST, holder)

    def _leaves(self, trunk: int, count: int) -> int:
        """How many leaves a trunk states; a lying number of them, and one that can be none, is noted."""
        most = self._files.layout.usable // 4 - 2
        leaves = struct.unpack_from(f">{min(count, most)}I", self._files.page(trunk), 8)
        strange = [leaf for leaf in leaves if not 1 < leaf <= self._files.pages]
        if count > most or any(not self._damage.lacks(leaf) for leaf in strange):
            self._damage.note(FREELIST, trunk)
        return len(leaves)
