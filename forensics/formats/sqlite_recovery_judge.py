"""What a recovered row is: deleted, an older version of a row that is still there, or never committed."""

from __future__ import annotations

from forensics.formats.sqlite_recovery_gather import Gathered
from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_serial import Types, sizes
from forensics.formats.sqlite_recovery_template import Template
from forensics.formats.sqlite_recovery_trees import Tree, Trees

_FEW_COLUMNS = 2


class Judge:
    """Compares a recovered row with the live row of the same id."""

    def __init__(self, trees: Trees, live: LiveRows) -> None:
        self._trees = trees
        self._live = live

    def state(self, row: Gathered) -> str:
        """deleted, older_version or uncommitted."""
        if row.is_uncommitted:
            return "uncommitted"
        if row.has_live_key:
            return "older_version"
        return "older_version" if any(self._is_older(table, row) for table in row.tables) else "deleted"

    def _is_older(self, table: Template, row: Gathered) -> bool:
        tree = self._trees.trees.get(table.number) if table.is_live else None
        if tree is None or tree.is_index or row.found.rowid is None:
            return False
        return self._has_successor(tree, table, row)

    def _has_successor(self, tree: Tree, table: Template, row: Gathered) -> bool:
        """Whether the live row of the same id is this row changed. An id is used again after the last row was
        deleted: then, in a table of several columns, none of them is the same."""
        rowid = row.found.rowid
        assert rowid is not None
        now = self._live.find(tree, rowid)
        if now is None:
            return False
        stored = len(table.stored) - (table.alias is not None)
        if stored <= _FEW_COLUMNS or not now[0]:
            return True
        shared = _telling(table, row.found.types, row.found.body) & _telling(table, *now)
        return bool(shared)


def _telling(table: Template, types: Types, body: bytes) -> set[tuple[int, int, bytes]]:
    """The values that tell a row from others, by column: not NULL, nor 0 or 1."""
    found, position = set(), 0
    for at, (serial, width) in enumerate(zip(types, sizes(types) or [], strict=False)):
        if width and at != table.alias:
            found.add((at, serial, body[position : position + width]))
        position += width
    return found
