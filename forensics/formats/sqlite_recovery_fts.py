"""Texts that a full-text index still holds of rows that are gone.

FTS3, FTS4 and FTS5 keep a second copy of each text in the table NAME_content (docid or id, then c0...;
fts3.html, shadow tables). Which table is indexed no format says: it is taken for the one whose rows of the
same ids hold the same texts, letter by letter (apps put blanks around marks and fold case), in most of a
sample.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_record import Found, decode_values, head_of
from forensics.formats.sqlite_recovery_tables import Tables
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_recovery_trees import Tree, Trees
from forensics.formats.sqlite_schema import fold

_MODULES = frozenset(("fts3", "fts4", "fts5"))
_SAMPLE = 64
_COMPARED = 1 << 16  # ids at once
_FEWEST = 3  # texts that must agree
_FIRST = 12  # rows of the sample after which only tables that agreed with one are asked any more


@dataclass(frozen=True, slots=True)
class Indexed:
    """A table that a full-text index copies: its stored ``column`` is ``copied`` of the copy's."""

    table: Template
    column: int
    copied: int


@dataclass(frozen=True, slots=True)
class LostText:
    """A text whose row is gone. ``page`` and ``offset`` are those of the copy's cell in the page."""

    table: Template
    rowid: int
    column: int
    text: str
    page: int
    offset: int


class TextCopies:
    """Compares the full-text indexes of a database with the tables that they index."""

    def __init__(self, tables: Tables, trees: Trees, live: LiveRows, encoding: str) -> None:
        self._tables = tables
        self._trees = trees
        self._live = live
        self._encoding = encoding

    def lost(self) -> Iterator[LostText]:
        """The texts of ids that the indexed table has no longer."""
        by_name = {fold(table.name): table for table in self._tables.by_owner.values()}
        for name, module in sorted(self._tables.virtual.items()):
            copy = by_name.get(fold(f"{name}_content")) if module in _MODULES else None
            tree = self._trees.trees.get(copy.number) if copy is not None else None
            indexed = self._indexed(copy, tree) if copy is not None and tree is not None else None
            if indexed is not None and tree is not None:
                yield from self._missing(indexed, tree)

    def _indexed(self, copy: Template, tree: Tree) -> Indexed | None:
        """The table and column in which most of a sample of the texts stand too."""
        votes: Counter[tuple[int, int, int]] = Counter()
        sample = self._sample(tree)
        others = [
            table
            for table in self._tables.by_owner.values()
            if table.number != copy.number and not table.without_rowid and self._tables.is_reported(table)
        ]
        for at, (rowid, values) in enumerate(sample):
            if at == _FIRST and max(votes.values(), default=0) >= _FEWEST:
                others = [table for table in others if any(-table.number == vote[0] for vote in votes)]
            for table in others:
                for column, value in enumerate(self._row(table, rowid)):
                    if isinstance(value, str) and (letters := _letters(value)):
                        votes.update(
                            (-table.number, -column, -place)
                            for place, text in enumerate(values)
                            if isinstance(text, str) and _letters(text) == letters
                        )
        best = max(votes.items(), key=lambda one: (one[1], one[0]), default=None)
        if best is None or best[1] < max(_FEWEST, len(sample) // 2):
            return None
        number, column, copied = best[0]
        return Indexed(self._tables.by_owner[-number], -column, -copied)

    def _sample(self, tree: Tree) -> list[tuple[int, list[object]]]:
        """Some rows of the copy, from all of its parts."""
        found: list[tuple[int, list[object]]] = []
        step = max(1, len(tree.leaves) // _SAMPLE)
        for at in range(0, len(tree.leaves), step):
            rows = self._live.placed(tree, tree.leaves[at : at + 1])
            few = max(1, _SAMPLE // max(1, len(tree.leaves)))
            for _number, _pointer, rowid, payload in list(rows)[:few]:
                if rowid is not None:
                    found.append((rowid, self._values(payload)))
        return found

    def _row(self, table: Template, rowid: int) -> list[object]:
        row = self._live.find(self._trees.trees[table.number], rowid)
        return list(decode_values(Found(None, rowid, *row, 0, 0), self._encoding)) if row else []

    def _values(self, payload: bytes) -> list[object]:
        head = head_of(payload)
        if head is None:
            return []
        return list(decode_values(Found(None, None, head.types, payload[head.size :], 0, 0), self._encoding))

    def _missing(self, indexed: Indexed, tree: Tree) -> Iterator[LostText]:
        """The copies of ids that no live row of the table has: eight bytes an id are kept, and where nothing
        is missing no copy is read."""
        owner = self._trees.trees[indexed.table.number]
        absent = _absent(self._live.ids(tree), self._live.ids(owner))
        for number, pointer, rowid, payload in self._live.placed(tree, tree.leaves if absent else ()):
            at = len(absent) if rowid is None else bisect_left(absent, rowid)
            if rowid is None or at == len(absent) or absent[at] != rowid:
                continue
            if owner.hides(rowid):
                self._tables.limits.doubtful += 1
                continue
            values = self._values(payload)
            text = values[indexed.copied] if indexed.copied < len(values) else None
            if isinstance(text, str) and text:
                yield LostText(indexed.table, rowid, indexed.column, text, number, pointer)


def _absent(ids: array[int], live: array[int]) -> array[int]:
    """The ids that are not among the live ones; both are in order."""
    absent = array("q")
    for first in range(0, len(ids), _COMPARED):
        some = ids[first : first + _COMPARED]
        low, high = bisect_left(live, some[0]), bisect_right(live, some[-1])
        absent.extend(sorted(set(some).difference(live[low:high])))
    return absent


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
