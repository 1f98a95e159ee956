"""The current view's trees: which page belongs to what, found in one pass over the file and without a cell.

Only interior pages are kept in memory (about one page in a hundred), and one number a page: its owner.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.formats.sqlite_pages import (
    INTERIORS,
    BtreePage,
    Freelist,
    children,
    has_residue,
    needs_a_look,
    parse_page,
    read_cell,
    read_freelist,
)
from forensics.formats.sqlite_recovery_damage import DEEP, MISPLACED, OUTSIDE, TWICE, ZEROED, Damage
from forensics.formats.sqlite_recovery_files import Files
from forensics.formats.sqlite_tree import HIGHEST, INDEX_LEAF, LOWEST, TABLE_LEAF, read_varint

NOBODY, FREE_TRUNK, FREE_LEAF, SPECIAL, SCHEMA = 0, 1, 2, 3, 4
FIRST_OWNER = 5
_DEPTH = 20
_INNER_KEPT = 64
_TABLE_INTERIOR = 0x05
_NOT_TOLD = -1  # stands for what the bad cells of an inner page led to


@dataclass(slots=True)
class Tree:
    """A tree of the current view. ``holes`` are the ranges of row ids that cannot be read: of rows in them
    nobody can say that they are gone."""

    owner: int
    root: int
    is_index: bool
    leaves: array[int] = field(default_factory=lambda: array("I"))
    interiors: array[int] = field(default_factory=lambda: array("I"))
    holes: list[tuple[int, int]] = field(default_factory=list)
    _hidden: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, rowid: int | None) -> bool:
        """Whether a row of this id may be among those that cannot be read; asked when the tree is grown."""
        if not self.holes or rowid is None:
            return bool(self.holes)
        if not self._hidden:
            self._hidden = _merged(self.holes)
        at = bisect_right(self._hidden, rowid, key=lambda hole: hole[0])
        return at > 0 and rowid <= self._hidden[at - 1][1]


@dataclass(slots=True)
class Survey:
    """What one pass over the file found of each page: its kind (0 for no b-tree's) and the pages below it,
    whether its free space holds anything, whether its cells need a look, whether it holds zeros only, and its
    first number: the page that follows one of overflow."""

    kinds: bytearray
    children: dict[int, array[int]]
    residue: bytearray
    odd: bytearray
    blank: bytearray
    following: array[int]

    @classmethod
    def of(cls, files: Files) -> Survey:
        kinds, residue, odd, blank = (bytearray(files.pages + 1) for _ in range(4))
        following = array("I", bytes(4 * (files.pages + 1)))
        below: dict[int, array[int]] = {}
        usable = files.layout.usable
        for number, data in files.in_order():
            page = parse_page(data, number, usable)
            following[number] = int.from_bytes(data[:4], "big")
            if page is None:
                blank[number] = not following[number] and data.count(0) == len(data)
                continue
            odd[number] = needs_a_look(page, files.layout)
            kinds[number] = page.kind
            residue[number] = has_residue(page)
            if page.kind in INTERIORS:
                below[number] = array("I", children(page))
        return cls(kinds, below, residue, odd, blank, following)


class Trees:
    """The owner of every page, and the trees by owner."""

    def __init__(
        self, files: Files, survey: Survey, first_trunk: int, has_pointer_maps: bool, damage: Damage
    ) -> None:
        """``damage`` is told of the pages that a tree leads to and that cannot be of it."""
        self.files = files
        self._damage = damage
        self.survey = survey
        self.owners = array("I", bytes(4 * (files.pages + 1)))
        self.trees: dict[int, Tree] = {}
        self._inner: dict[int, tuple[array[int], array[int]]] = {}
        self.freelist = read_freelist(files.page, first_trunk, files.pages, files.layout.usable)
        self._mark(self.freelist)
        for page in range(1, files.pages + 1):
            if files.layout.is_special(page) or (has_pointer_maps and files.layout.is_pointer_map(page)):
                self.owners[page] = SPECIAL

    def _mark(self, freelist: Freelist) -> None:
        for page in freelist.trunks:
            self.owners[page] = FREE_TRUNK
        for page in freelist.leaves:
            self.owners[page] = FREE_LEAF

    def grow(self, owner: int, root: int, is_index: bool) -> Tree:
        """Walks a tree from its root and takes its pages; each page has one owner, so no loop can last."""
        tree = Tree(owner, root, is_index)
        self.trees[owner] = tree
        links = [(root, 0, LOWEST, HIGHEST)]
        while links:
            page, depth, low, high = links.pop()
            if not self._take(tree, page, depth):
                tree.holes.append((low, high))
                continue
            if page not in self.survey.children:
                tree.leaves.append(page)
                continue
            tree.interiors.append(page)
            links.extend(reversed(self._below(page, depth, low, high, is_index)))
        return tree

    def _take(self, tree: Tree, page: int, depth: int) -> bool:
        refusal = self._refusal(tree, page, depth)
        if refusal is None:
            self.owners[page] = tree.owner
        elif page != _NOT_TOLD:
            self._damage.note(refusal, page)
        return refusal is None

    def _refusal(self, tree: Tree, page: int, depth: int) -> str | None:
        """Why a page cannot be of the tree: the kind of damage."""
        if not 1 <= page <= self.files.pages:
            return OUTSIDE
        if self.owners[page] >= SCHEMA:
            return TWICE
        if depth >= _DEPTH:
            return DEEP
        kinds = (0x02, INDEX_LEAF) if tree.is_index else (_TABLE_INTERIOR, TABLE_LEAF)
        if self.survey.kinds[page] not in kinds:
            return ZEROED if self.survey.blank[page] else MISPLACED
        return None

    def _below(
        self, page: int, depth: int, low: int, high: int, is_index: bool
    ) -> list[tuple[int, int, int, int]]:
        below = self.survey.children[page]
        parsed = self.page(page)
        if parsed is None or len(below) != parsed.cells + 1:
            return [(_NOT_TOLD, depth, low, high), *((child, depth + 1, low, high) for child in below)]
        if is_index:
            return [(child, depth + 1, low, high) for child in below]
        keys = [read_varint(parsed.data, pointer + 4)[0] for pointer in parsed.pointers()]
        links = []
        for at, child in enumerate(below):
            top = keys[at] if at < len(keys) else high
            links.append((child, depth + 1, low, top))
            low = min(top + 1, HIGHEST)
        return links

    def page(self, number: int) -> BtreePage | None:
        """A page of the current view, parsed."""
        return parse_page(self.files.page(number), number, self.files.layout.usable)

    def find_leaf(self, tree: Tree, rowid: int) -> BtreePage | None:
        """The leaf on which a row of this id stands or would stand."""
        number = tree.root
        for _ in range(_DEPTH):
            if not 1 <= number <= self.files.pages or self.owners[number] != tree.owner:
                return None
            inner = self._inner.get(number)
            if inner is None:
                page = self.page(number)
                if page is None or page.is_index:
                    return None
                if page.is_leaf:
                    return page
                inner = self._keep(page)
            keys, below = inner
            number = below[bisect_left(keys, rowid)]
        return None

    def _keep(self, page: BtreePage) -> tuple[array[int], array[int]]:
        """The keys of an inner page of a table, and the pages below it, kept for the next row looked for."""
        keys = array("q", (read_varint(page.data, pointer + 4)[0] for pointer in page.pointers()))
        if len(self._inner) >= _INNER_KEPT:
            self._inner.clear()
        self._inner[page.number] = keys, array("I", children(page))
        return self._inner[page.number]

    def strays(self) -> Iterator[int]:
        """Pages that nothing refers to and that look like a leaf; overflow pages begin with a page number."""
        for page in range(2, self.files.pages + 1):
            if self.owners[page] == NOBODY and self.survey.kinds[page]:
                yield page

    @property
    def is_whole(self) -> bool:
        """Whether every tree could be walked to its end."""
        return not any(tree.holes for tree in self.trees.values())


def _merged(holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, none of which begins within another."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(holes):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        elif low <= high:
            found.append((low, high))
    return found


def cell_at(page: BtreePage, files: Files, rowid: int, limit: int) -> int | None:
    """The offset of the cell with this row id in a table leaf, whose cells stand in order."""
    pointers, data = page.pointers(), page.data

    def id_at(pointer: int) -> int:
        if data[pointer] < 0x80 and data[pointer + 1] < 0x80:
            return data[pointer + 1]
        return read_varint(data, read_varint(data, pointer)[1])[0]

    place = bisect_left(pointers, rowid, key=id_at)
    if place == len(pointers) or id_at(pointers[place]) != rowid:
        return None
    return pointers[place] if read_cell(page, pointers[place], files.layout, limit) is not None else None
