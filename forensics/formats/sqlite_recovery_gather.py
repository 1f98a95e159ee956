"""From records to rows: live rows taken out, one row for all the places in which it was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from forensics.formats.sqlite_recovery_keys import (
    MOST_COUNTED,
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
from forensics.formats.sqlite_recovery_serial import Types, sizes
from forensics.formats.sqlite_recovery_sift import Sifted
from forensics.formats.sqlite_recovery_spool import Spool
from forensics.formats.sqlite_recovery_tables import Tables, is_row_of
from forensics.formats.sqlite_recovery_template import Template
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
    is_pointed: bool = False  # a pointer map decided between tables: no row that any of them has is given

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
            if len(other.tables) < len(self.tables):
                self.tables = other.tables  # what is decided at one place is decided
        self.is_uncommitted = self.is_uncommitted and other.is_uncommitted
        del self.places[_MOST_PLACES:]


@dataclass(slots=True)
class _Group:
    """The rows of the same values, by row id; ``seen`` is how many of their places were gone over."""

    seen: int = 0
    rows: dict[int | None, Gathered] = field(default_factory=dict)

    def add(self, row: Gathered) -> None:
        rowid = row.found.rowid
        if rowid in self.rows:
            self.rows[rowid].add(row)
        else:
            self.rows[rowid] = row

    def merged(self) -> Iterator[Gathered]:
        """One row for each id; one without row id is the same as the first with the same values."""
        nameless = self.rows.get(None)
        named = [row for rowid, row in self.rows.items() if rowid is not None]
        if nameless is not None and named:
            named[0].add(nameless)
        yield from named or self.rows.values()


@dataclass(slots=True)
class _Wanted:
    """What of a table's live rows is to be compared."""

    content: bool = False
    full: bool = False
    needs_parts: bool = False
    glimpses: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gatherer asks: the tables, their trees and live rows, and the rest of long rows."""

    tables: Tables
    trees: Trees
    live: LiveRows
    overflow: Overflow


class Gatherer:
    """Goes over the records of ``source`` once, keeps them in a private file in ``work``, and goes over that
    when it is known what is live."""

    def __init__(self, parts: Parts, source: Iterable[Sifted], work: Path) -> None:
        self._tables = parts.tables
        self._trees = parts.trees
        self._live = parts.live
        self._overflow = parts.overflow
        self._source = source
        self._work = work
        self._numbered = {table.number: table for table in parts.tables.all}
        self._seen = bytearray(_MASK + 1)  # which checksums records have: most live rows need no key
        self._keys = KeySet()
        self._identities = KeySet()
        self._wanted: dict[int, _Wanted] = {}
        self._partial: dict[int, Gathered] = {}
        self._glimpses: dict[int, int] = {}  # the same, as a row of each table that it can be of
        self._live_glimpses: set[int] = set()
        self._groups: dict[int, _Group] = {}
        self._same_name = _same_name(parts.tables)

    def rows(self) -> Iterator[Gathered]:
        """Every row that is not live: those found once, those found more often, the incomplete ones."""
        with closing(Spool(self._work)) as spool:
            for row in self._records():
                if not row.found.is_whole:
                    self._note_partial(row)
                    continue
                keys = self._note(row)
                spool.add((*keys, *self._packed(row)))
            self._keys.freeze()
            self._identities.freeze()
            self._compare_with_live()
            for group, live_keys, identities, *packed in spool.read():
                yield from self._judged(group, live_keys, identities, packed)
        for waiting in self._groups.values():
            yield from waiting.merged()
        for key, row in self._partial.items():
            if key not in self._live_glimpses:
                yield row

    def _packed(self, row: Gathered) -> tuple[object, ...]:
        found, at = row.found, row.places[0]
        numbers = tuple(table.number for table in row.tables)
        place = (at.origin, at.page, at.offset, at.file)
        return (
            numbers,
            found.rowid,
            found.types,
            found.body,
            found.offset,
            found.end,
            place,
            row.is_uncommitted,
        )

    def _unpacked(self, packed: list[Any]) -> Gathered:
        numbers, rowid, types, body, offset, end, place, is_uncommitted = packed
        tables = tuple(self._numbered[number] for number in numbers)
        found = Found(tables[0] if tables else None, rowid, types, body, offset, end)
        return Gathered(found, tables, [At(*place)], is_uncommitted)

    def _records(self) -> Iterator[Gathered]:
        for sifted in self._source:
            tables = tuple(table for table in sifted.tables if not self._is_doubtful(table, sifted.found))
            if len(tables) < len(sifted.tables):
                self._tables.limits.doubtful += 1
                continue
            if not all(map(self._tables.is_reported, tables)):
                continue
            is_dropped = bool(tables) and not any(table.is_live for table in tables) and sifted.image is None
            origin = "dropped_table" if is_dropped else sifted.origin
            place = At(origin, sifted.page, sifted.place.offset, sifted.place.file)
            found = self._overflow.completed(sifted)
            yield Gathered(found, tables, [place], sifted.is_uncommitted, is_pointed=sifted.is_pointed)

    def _is_doubtful(self, table: Template, found: Found) -> bool:
        """Whether the row may be a live one in a part of its table that cannot be read."""
        tree = self._trees.trees.get(table.number) if table.is_live else None
        return tree is not None and tree.hides(found.rowid)

    def _note(self, row: Gathered) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        """The keys of a whole row: its own, those of the live rows it may be, those of its primary key."""
        found = row.found
        own = row.tables[0] if row.tables else None
        payload = normal_payload(own, found.types, found.body)
        group = content_key(own.number if own else _UNKNOWN, b"g" + payload)
        self._keys.add(group)
        live: list[int] = []
        identities: list[int] = []
        for table in self._compared(row):
            wanted = self._wanted.setdefault(table.number, _Wanted())
            is_full = table.alias is not None and found.rowid is not None
            wanted.full |= is_full
            wanted.needs_parts |= table.without_rowid
            wanted.content |= not is_full
            filled = payload if table is own else normal_payload(table, found.types, found.body)
            self._seen[crc32(filled) & _MASK] = 1
            key = content_key(table.number, filled)
            if is_full and found.rowid is not None:
                key = full_key(table.number, filled, found.rowid)
            live.append(key)
            self._keys.add(key)
            if table.without_rowid:
                identities.append(_identity(table, found.types, found.body))
                self._identities.add(identities[-1])
        return group, tuple(live), tuple(identities)

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
        if row.is_pointed:
            others = self._tables.fitting_all([row.found])
            tables.extend(table for table in others if table.number != row.tables[0].number)
        for table in row.tables:
            other = self._same_name.get(fold(table.name))
            if not table.is_live and other is not None and is_row_of(other, row.found):
                tables.append(other)
        return tables

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

    def _judged(
        self, group: int, live: tuple[int, ...], identities: tuple[int, ...], packed: list[Any]
    ) -> Iterator[Gathered]:
        """The row, unless it is live; one that is found at several places with the last of them."""
        count = self._keys.count(group)
        row = None
        if not self._keys.is_marked(live):
            row = self._unpacked(packed)
            self._drop_partial(row)
            row.has_live_key = self._identities.is_marked(identities)
        if count == 1:
            yield from (row,) if row is not None else ()
            return
        waiting = self._groups.setdefault(group, _Group())
        waiting.seen += 1
        if row is not None:
            waiting.add(row)
        if waiting.seen == count < MOST_COUNTED:
            yield from self._groups.pop(group).merged()

    def _drop_partial(self, row: Gathered) -> None:
        """An incomplete row that was found whole elsewhere is not given a second time."""
        for table in row.tables:
            wanted = self._wanted.get(table.number)
            for first in wanted.glimpses if wanted else ():
                key = glimpse_key(table.number, first, row.found.types, row.found.body)
                if key is not None and key in self._glimpses:
                    self._partial.pop(self._glimpses[key], None)


def _identity(table: Template, types: tuple[int, ...], body: bytes) -> int:
    key_types = types[: table.key_columns]
    return identity_key(table.number, key_types, body[: sum(sizes(key_types) or ())])


def _same_name(tables: Tables) -> dict[str, Template]:
    return {fold(table.name): table for table in tables.by_owner.values()}
