"""From records to rows: live rows taken out, one row for all the places in which it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from zlib import crc32

from forensics.formats.sqlite_recovery_keys import (
    KeySet,
    content_key,
    first_certain,
    full_key,
    glimpse_key,
    identity_key,
    normal_payload,
    plain_columns,
)
from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_overflow import Overflow
from forensics.formats.sqlite_recovery_record import Found, head_of
from forensics.formats.sqlite_recovery_sift import Sifted
from forensics.formats.sqlite_recovery_tables import Tables, is_row_of
from forensics.formats.sqlite_recovery_template import Template, Types, sizes
from forensics.formats.sqlite_recovery_trees import Trees
from forensics.formats.sqlite_schema import fold

_UNKNOWN = 0  # the number under which rows of no known table have their keys
_MASK = (1 << 20) - 1
_MOST_PLACES = 100  # of one row; a long log can hold thousands of copies


@dataclass(frozen=True, slots=True)
class At:
    """A place of a row."""

    origin: str
    page: int
    offset: int
    file: str


@dataclass(slots=True)
class Gathered:
    """A row with all its places. ``has_live_key`` says that a row WITHOUT ROWID has its key still."""

    found: Found
    tables: tuple[Template, ...]
    places: list[At]
    is_uncommitted: bool
    has_live_key: bool = False

    def add(self, other: Gathered) -> None:
        """The same row at a further place; the better of the two speaks for both."""
        mine, its = (
            (self.is_uncommitted, self.found.rowid is None),
            (other.is_uncommitted, other.found.rowid is None),
        )
        if its < mine:
            self.found, self.tables = other.found, other.tables
            self.places[:] = [*other.places, *self.places]
        else:
            self.places.extend(other.places)
        self.is_uncommitted = self.is_uncommitted and other.is_uncommitted
        del self.places[_MOST_PLACES:]


@dataclass(slots=True)
class _Wanted:
    """What of a table's live rows is to be compared."""

    content: bool = False
    full: bool = False
    needs_parts: bool = False
    glimpses: set[int] = field(default_factory=set)


class Gatherer:
    """Goes over the records twice; ``source`` gives them in the same order each time."""

    def __init__(
        self,
        tables: Tables,
        trees: Trees,
        live: LiveRows,
        overflow: Overflow,
        source: Callable[[], Iterator[Sifted]],
    ) -> None:
        self._tables = tables
        self._trees = trees
        self._live = live
        self._overflow = overflow
        self._source = source
        self._seen = bytearray(_MASK + 1)  # which checksums records have: most live rows need no key
        self._keys = KeySet()
        self._identities = KeySet()
        self._wanted: dict[int, _Wanted] = {}
        self._partial: dict[int, Gathered] = {}
        self._glimpses: dict[int, int] = {}  # the same, as a row of each table that it can be of
        self._live_glimpses: set[int] = set()
        self._groups: dict[tuple[int, int | None], Gathered] = {}
        self._same_name = _same_name(tables)

    def rows(self) -> Iterator[Gathered]:
        """Every row that is not live: those found once, those found more often, the incomplete ones."""
        for row in self._records():
            self._note(row)
        self._keys.freeze()
        self._identities.freeze()
        self._compare_with_live()
        for row in self._records():
            yield from self._judged(row)
        yield from self._merged()
        for key, row in self._partial.items():
            if key not in self._live_glimpses:
                yield row

    def _records(self) -> Iterator[Gathered]:
        for sifted in self._source():
            tables = tuple(table for table in sifted.tables if not self._is_doubtful(table, sifted.found))
            if len(tables) < len(sifted.tables) or not all(map(self._tables.is_reported, tables)):
                continue
            is_dropped = bool(tables) and not any(table.is_live for table in tables) and sifted.image is None
            origin = "dropped_table" if is_dropped else sifted.origin
            place = At(origin, sifted.page, sifted.place.offset, sifted.place.file)
            yield Gathered(self._overflow.completed(sifted), tables, [place], sifted.is_uncommitted)

    def _is_doubtful(self, table: Template, found: Found) -> bool:
        """Whether the row may be a live one in a part of its table that cannot be read."""
        tree = self._trees.trees.get(table.number) if table.is_live else None
        return tree is not None and tree.hides(found.rowid)

    def _note(self, row: Gathered) -> None:
        found = row.found
        if not found.is_whole:
            self._note_partial(row)
            return
        self._keys.add(self._group(row))
        for table in self._compared(row):
            wanted = self._wanted.setdefault(table.number, _Wanted())
            is_full = table.alias is not None and found.rowid is not None
            wanted.full |= is_full
            wanted.needs_parts |= table.without_rowid
            wanted.content |= not is_full
            self._seen[crc32(normal_payload(table, found.types, found.body)) & _MASK] = 1
            self._keys.add(self._live_key(table, found))
            if table.without_rowid:
                self._identities.add(_identity(table, found.types, found.body))

    def _note_partial(self, row: Gathered) -> None:
        first = first_certain(row.found)
        number = row.tables[0].number if row.tables else _UNKNOWN
        key = glimpse_key(number, first, row.found.types, row.found.body)
        if key is None:
            return
        for table in self._compared(row):
            wanted = self._wanted.setdefault(table.number, _Wanted())
            wanted.glimpses.add(first)
            wanted.needs_parts = True
            other = glimpse_key(table.number, first, row.found.types, row.found.body)
            self._glimpses.setdefault(other or key, key)
        if key in self._partial:
            self._partial[key].add(row)
        else:
            self._partial[key] = row

    def _compared(self, row: Gathered) -> list[Template]:
        """The live tables of which the record may be a row: its own, and for a dropped one its successor."""
        tables = list(row.tables)
        for table in row.tables:
            other = self._same_name.get(fold(table.name))
            if not table.is_live and other is not None and is_row_of(other, row.found):
                tables.append(other)
        return tables

    def _group(self, row: Gathered) -> int:
        table = row.tables[0] if row.tables else None
        payload = normal_payload(table, row.found.types, row.found.body)
        return content_key(table.number if table else _UNKNOWN, b"g" + payload)

    def _live_key(self, table: Template, found: Found) -> int:
        payload = normal_payload(table, found.types, found.body)
        if table.alias is not None and found.rowid is not None:
            return full_key(table.number, payload, found.rowid)
        return content_key(table.number, payload)

    def _compare_with_live(self) -> None:
        for number, wanted in sorted(self._wanted.items()):
            table, tree = self._tables.by_owner.get(number), self._trees.trees.get(number)
            if table is None or tree is None:
                continue
            for rowid, record in self._live.payloads(tree):
                payload = record
                if wanted.needs_parts or plain_columns(record) != len(table.stored):
                    head = head_of(record)
                    if head is None:
                        continue
                    types, body = head.types, record[head.size :]
                    payload = normal_payload(table, types, body)
                    self._compare_parts(table, wanted, types, body)
                if not self._seen[crc32(payload) & _MASK]:
                    continue
                if wanted.content:
                    self._keys.mark(content_key(number, payload))
                if wanted.full and rowid is not None:
                    self._keys.mark(full_key(number, payload, rowid))

    def _compare_parts(self, table: Template, wanted: _Wanted, types: Types, body: bytes) -> None:
        if table.without_rowid:
            self._identities.mark(_identity(table, types, body))
        for first in wanted.glimpses:
            key = glimpse_key(table.number, first, types, body)
            if key is not None and key in self._glimpses:
                self._live_glimpses.add(self._glimpses[key])

    def _judged(self, row: Gathered) -> Iterator[Gathered]:
        """The row, unless it is live or incomplete or is found at several places."""
        found = row.found
        if not found.is_whole:
            return
        compared = self._compared(row)
        if self._keys.is_marked(self._live_key(table, found) for table in compared):
            return
        self._drop_partial(row)
        row.has_live_key = self._identities.is_marked(
            _identity(table, found.types, found.body) for table in compared if table.without_rowid
        )
        group = self._group(row)
        if not self._keys.is_repeated(group):
            yield row
        elif (group, found.rowid) in self._groups:
            self._groups[group, found.rowid].add(row)
        else:
            self._groups[group, found.rowid] = row

    def _drop_partial(self, row: Gathered) -> None:
        """An incomplete row that was found whole elsewhere is not given a second time."""
        for table in row.tables:
            wanted = self._wanted.get(table.number)
            for first in wanted.glimpses if wanted else ():
                key = glimpse_key(table.number, first, row.found.types, row.found.body)
                if key is not None and key in self._glimpses:
                    self._partial.pop(self._glimpses[key], None)

    def _merged(self) -> Iterator[Gathered]:
        """The rows found at several places; one without row id is the same as one with the same values."""
        known = {group: row for (group, rowid), row in reversed(self._groups.items()) if rowid is not None}
        for (group, rowid), row in self._groups.items():
            if rowid is None and group in known:
                known[group].add(row)
        for (group, rowid), row in self._groups.items():
            if rowid is not None or group not in known:
                yield row


def _identity(table: Template, types: tuple[int, ...], body: bytes) -> int:
    key_types = types[: table.key_columns]
    return identity_key(table.number, key_types, body[: sum(sizes(key_types) or [])])


def _same_name(tables: Tables) -> dict[str, Template]:
    return {fold(table.name): table for table in tables.by_owner.values()}
