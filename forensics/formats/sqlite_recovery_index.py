"""Entries of an ordinary index whose row is gone: of that, the key's columns and the row id are left.

An entry holds the indexed columns and then the row id (fileformat2.html section 2.5). It is looked for in the
free blocks of the index's own pages, and at the end of their gaps. An entry of a row id that the table still
has says nothing: the row was changed, or the entry is a copy that balancing left. Such copies fill the gap of
every page that was divided, cut anywhere, and one read from the wrong byte is the entry of no row: of a gap
only entries are taken that lie one behind the other up to the first cell, where entries freed last end.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from forensics.formats.sqlite_pages import Span, free_spans
from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_recovery_carve import Carver
from forensics.formats.sqlite_recovery_files import Files
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_record import Found, decode_values
from forensics.formats.sqlite_recovery_serial import Types, sizes
from forensics.formats.sqlite_recovery_sql import read_create_index, read_create_table
from forensics.formats.sqlite_recovery_tables import Tables, experienced, sampled
from forensics.formats.sqlite_recovery_template import StoredColumn, Template
from forensics.formats.sqlite_recovery_trees import Tree, Trees
from forensics.formats.sqlite_schema import fold
from forensics.formats.sqlite_tree import HIGHEST

_SAMPLE = 600
_FEWEST_LIVE = 8  # entries by which those that are gone are judged
_MOST = 100_000  # lost entries of one table that are kept at once
_MOST_VARIANTS = 8  # of one row id, each of which says something else
_MOST_SEQUENCES = 1000
_HEADER = 6  # bytes of an entry's two lengths at most


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table: its entries as rows WITHOUT ROWID, where its columns stand in the table, and the
    serial types of live entries: a lost one must have those of one of them, since lengths may be guessed."""

    table: Template
    entries: Template
    columns: tuple[int, ...]
    tree: Tree
    seen: frozenset[Types]

    @property
    def longest(self) -> int:
        """The bytes that a live entry takes at most, with its header."""
        return max(_HEADER + len(types) + sum(sizes(types) or ()) for types in self.seen)


@dataclass(slots=True)
class LostEntry:
    """What entries tell of a row that is gone: some of its values, by the places of their columns, and where
    the entries lie: origin, page, offset in the page."""

    table: Template
    rowid: int
    values: dict[int, RawValue]
    places: list[tuple[str, int, int]] = field(default_factory=list)

    def takes(self, other: LostEntry) -> bool:
        """Adds what another entry of the same row id tells, unless it tells another thing of one column."""
        if any(self.values.get(place, value) != value for place, value in other.values.items()):
            return False
        self.values.update(other.values)
        self.places.extend(other.places)
        return True


class IndexEntries:
    """The ordinary indexes of a database; ``note`` is told every row that was recovered otherwise."""

    def __init__(
        self, files: Files, tables: Tables, trees: Trees, live: LiveRows, carver: Carver, *, limits: Limits
    ) -> None:
        self._files = files
        self._trees = trees
        self._live = live
        self._carver = carver
        self._limits = limits
        self._encoding = tables.schema.encoding
        self._indexes: dict[str, list[Index]] = {}
        self._told: set[bytes] = set()  # keys of rows that were given, with their row ids
        self._nameless: Counter[bytes] = Counter()  # keys of rows that were given without
        self._taken: set[bytes] = set()  # keys with row ids that such a row stands for
        self._highest = _highest(tables, trees, live)
        self._missing: dict[int, array[int] | None] = {}  # of one table (LiveRows.missing)
        for index in _indexes(tables, trees, live):
            if tables.is_reported(index.table):
                self._indexes.setdefault(index.table.name, []).append(index)

    def note(self, table: str | None, rowid: int | None, values: tuple[RawValue, ...]) -> None:
        """A row that is given already: what its own entries would say of it need not be said again. Without
        its row id it stands for one row of that key."""
        for index in self._indexes.get(table or "", ()):
            key = _key(index, [values[place] for place in index.columns], rowid)
            if rowid is None:
                self._nameless[key] += 1
            else:
                self._told.add(key)

    def lost(self) -> Iterator[LostEntry]:
        """What only entries tell, in the order of the tables' names and of the row ids."""
        for _name, indexes in sorted(self._indexes.items()):
            rows: dict[int, list[LostEntry]] = {}
            count = 0
            for index in indexes:
                for entry in self._of(index):
                    known = rows.get(entry.rowid, [])
                    if any(other.takes(entry) for other in known):
                        continue
                    if count < _MOST and len(known) < _MOST_VARIANTS:
                        rows.setdefault(entry.rowid, known).append(entry)
                        count += 1
                    else:
                        self._limits.entries += 1
            for _rowid, entries in sorted(rows.items()):
                yield from entries

    def _of(self, index: Index) -> Iterator[LostEntry]:
        owner = self._trees.trees[index.table.number]
        if not self._can_lose(index, owner):
            return
        for number in (*index.tree.leaves, *index.tree.interiors):
            page = self._trees.page(number) if self._trees.survey.residue[number] else None
            if page is None:
                continue
            for span in free_spans(page, self._files.layout, self._carver.limit):
                for found in self._found(index, page.data, span):
                    entry = self._entry(index, found, owner)
                    if entry is not None:
                        origin = "freeblock" if span.block else "unallocated"
                        entry.places.append((origin, number, found.offset))
                        yield entry

    def _found(self, index: Index, data: bytes, span: Span) -> Iterable[Found]:
        if span.block:
            return self._carver.carve(data, span, index.entries)
        return self._behind_one_another(index, data, span)

    def _behind_one_another(self, index: Index, data: bytes, gap: Span) -> list[Found]:
        """The entries at the end of a gap, of which only as much is read as they take."""
        reach = 2 * index.longest
        while True:
            start = max(gap.start, gap.end - reach)
            chain = _ending_at(
                list(self._carver.carve(data, Span(start, gap.end, 0), index.entries)), gap.end
            )
            if start == gap.start or not chain or chain[0].offset > start + reach // 2:
                return chain
            reach *= 2

    def _entry(self, index: Index, found: Found, owner: Tree) -> LostEntry | None:
        template = index.entries
        if not found.is_whole or found.types not in index.seen:
            return None
        if not template.is_in_range(found.types, found.body, len(found.types)):
            return None
        *stored, rowid = decode_values(found, self._encoding)
        values = [_shown(value, column) for value, column in zip(stored, template.stored, strict=False)]
        if not isinstance(rowid, int) or rowid < 1 or _key(index, values, rowid) in self._told:
            return None
        if owner.hides(rowid) or not self._is_missing(index, owner, rowid):
            return None
        if self._is_given(index, values, rowid):
            return None
        return LostEntry(index.table, rowid, dict(zip(index.columns, values, strict=True)))

    def _can_lose(self, index: Index, owner: Tree) -> bool:
        """Whether a row can be gone: none is where all ids up to the highest ever given are there."""
        number = index.table.number
        if number not in self._missing:
            highest = self._highest.get(fold(index.table.name), HIGHEST)
            self._missing = {number: self._live.missing(owner, highest)}
        return self._missing[number] is None or bool(self._missing[number])

    def _is_missing(self, index: Index, owner: Tree, rowid: int) -> bool:
        """Whether the table can have had a row of this id and has none."""
        runs = self._missing[index.table.number]
        if runs is not None:
            place = bisect_left(runs, rowid)  # of an end of a run, or of a beginning that is the id itself
            if place == len(runs) or (place % 2 == 0 and runs[place] != rowid):
                return False
        return not self._live.has(owner, rowid)

    def _is_given(self, index: Index, values: list[RawValue], rowid: int) -> bool:
        """Whether a row that was given without its id stands for this one: each does for one row."""
        if not self._nameless:
            return False
        one, key = _key(index, values, rowid), _key(index, values, None)
        if one not in self._taken and self._nameless[key] > 0:
            self._nameless[key] -= 1
            self._taken.add(one)
        return one in self._taken


def _ending_at(found: list[Found], end: int) -> list[Found]:
    """The last of these that lie one behind the other up to ``end``, in their order."""
    chain: list[Found] = []
    for each in reversed(found):
        if each.end != end:
            break
        chain.append(each)
        end = each.offset
    return chain[::-1]


def _shown(value: RawValue, column: StoredColumn) -> RawValue:
    """A value as a row gives it: an integer of a REAL column is a real number."""
    return float(value) if column.affinity == "real" and isinstance(value, int) else value


def _key(index: Index, values: list[RawValue], rowid: int | None) -> bytes:
    told = repr((index.entries.number, values, rowid)).encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=8).digest()


def _highest(tables: Tables, trees: Trees, live: LiveRows) -> dict[str, int]:
    """By the name of a table with AUTOINCREMENT the highest row id it ever had (fileformat2.html 2.6.2)."""
    owner = next((each for each in tables.by_owner.values() if each.name == "sqlite_sequence"), None)
    found: dict[str, int] = {}
    for row in sampled(live, trees.trees[owner.number], _MOST_SEQUENCES) if owner else ():
        values = decode_values(row, tables.schema.encoding)
        if len(values) == 2 and isinstance(values[0], str) and isinstance(values[1], int):
            name = fold(values[0])
            found[name] = max(values[1], found.get(name, 0))
    return found


def _indexes(tables: Tables, trees: Trees, live: LiveRows) -> Iterator[Index]:
    """The indexes of plain columns of tables with row ids, those of which enough entries are live."""
    by_name = {fold(table.name): table for table in tables.by_owner.values() if not table.without_rowid}
    for owner, sql in tables.indexes.items():
        declared = read_create_index(sql)
        table = by_name.get(fold(declared[0])) if declared else None
        entries = _entries(table, declared[1], owner) if table and declared else None
        if table is None or entries is None:
            continue
        tree = trees.trees[owner]
        sample = [each for each in sampled(live, tree, _SAMPLE) if len(each.types) == len(entries.stored)]
        if len(sample) >= _FEWEST_LIVE and not tree.holes:
            columns = tuple(column.place for column in entries.stored[:-1])
            seen = frozenset(each.types for each in sample)
            yield Index(table, experienced(entries, sample), columns, tree, seen)


def _entries(table: Template, names: tuple[str, ...], number: int) -> Template | None:
    """An index's entries as rows: the columns of these names, and the row id."""
    declared = read_create_table(table.sql)
    places = {fold(column.name): at for at, column in enumerate(declared.columns)} if declared else {}
    by_place = {column.place: column for column in table.stored}
    by_name = {name: by_place[at] for name, at in places.items() if at in by_place}
    columns = [by_name.get(fold(name)) for name in names]
    found = [column for column in columns if column is not None]
    if len(found) < len(names) or len({column.place for column in found}) < len(found):
        return None
    stored = (*(replace(column, default=None) for column in found), StoredColumn(-1, "integer", True, None))
    return replace(
        table, number=number, stored=stored, alias=None, key_columns=len(stored), shorter=frozenset(),
        declared=len(stored), usual=(), ranges=(),
    )  # fmt: skip
