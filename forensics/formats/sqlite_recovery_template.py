"""A table as a template: which records can be rows of it, by the rules that SQLite itself keeps.

Only what SQLite never stores is refused: an integer in a TEXT column (affinity made it text), an integer
wider than it need be, a NULL where the schema forbids it. https://www.sqlite.org/datatype3.html section 3.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isnan

from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_recovery_serial import WIDTHS, Types, kind_of, kinds_of, narrowest, width_of
from forensics.formats.sqlite_recovery_sql import DeclaredTable

_INTEGERS = frozenset((1, 2, 3, 4, 5, 6, 8, 9))
_NUMERIC_TEXT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
NUMBERS = ("integer", "real", "numeric")  # affinities that make numbers of texts that look like one
MOST_COLUMNS = 2000  # SQLITE_MAX_COLUMN
_MOST_VERDICTS = 4096


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column as its values stand in the record; ``place`` is where it is declared."""

    place: int
    affinity: str
    not_null: bool
    default: RawValue


@dataclass(frozen=True)
class Template:
    """A table that rows can be of. ``alias`` is the stored place of the INTEGER PRIMARY KEY. ``number`` tells
    tables of one database apart; a dropped one is not ``is_live``."""

    number: int
    name: str
    sql: str
    stored: tuple[StoredColumn, ...]
    declared: int
    alias: int | None
    key_columns: int  # of a table WITHOUT ROWID: how many stored columns are its key; else 0
    is_strict: bool
    root: int
    is_live: bool
    encoding: str
    small_constants: bool  # schema format 4: 0 and 1 take no byte
    shorter: frozenset[int] = frozenset()  # how many columns its rows had before ALTER TABLE ADD COLUMN
    scripts: frozenset[int] | None = (
        None  # of the texts in a UTF-16 database's live rows, see sqlite_recovery_text
    )
    usual: tuple[frozenset[int], ...] = ()  # the kinds (see kind_of) that live rows have in each column
    ranges: tuple[tuple[int, int], ...] = ()  # between which their integers lie, with much room on both sides

    @property
    def without_rowid(self) -> bool:
        return self.key_columns > 0

    @cached_property
    def required(self) -> int:
        """The fewest columns that a row can have: later ones may have come with ALTER TABLE."""
        places = [at for at, column in enumerate(self.stored) if column.not_null and column.default is None]
        return max([1, *(place + 1 for place in places), self.key_columns])

    @property
    def longest_header(self) -> int:
        return 3 + 9 * len(self.stored)

    def is_usual(self, types: Types, _body: bytes) -> bool:
        """Whether every value is of a kind that live rows have in its column."""
        return self._known("usual", kinds_of(types))

    def is_in_range(self, types: Types, body: bytes, columns: int) -> bool:
        """Whether the integers of the first columns are about as large as those of live rows."""
        position = 0
        for serial, (low, high) in zip(types[:columns], self.ranges, strict=False):
            width = width_of(serial)
            if serial in WIDTHS and low <= high:
                number = int.from_bytes(body[position : position + width], "big", signed=True)
                if not low <= number <= high:
                    return False
            position += width
        return True

    @cached_property
    def pairs(self) -> dict[tuple[int, tuple[int, ...], int | None], list[tuple[int, int]]]:
        """What the rebuilding of cells works out once: which two first types take so many bytes."""
        return {}

    @cached_property
    def singles(self) -> dict[tuple[int, tuple[int, ...], int | None], list[int]]:
        """The same for one first type."""
        return {}

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many columns a carved row may have, the most first."""
        return tuple(sorted({len(self.stored), *self.shorter}, reverse=True))

    @cached_property
    def headers(self) -> re.Pattern[bytes]:
        """Matches, at every offset, a whole record header of this table."""
        longest = self.first_types(self.counts[-1])
        return re.compile(self._sizes + b"(?=" + longest + b")", re.DOTALL)

    @cached_property
    def header_sizes(self) -> range:
        """What a header's own length can be: a byte for it and each value, up to two more for a long one."""
        wide = sum(any(self.allows_type(at, kind) for kind in (12, 13)) for at in range(len(self.stored)))
        return range(self.counts[-1] + 1, 3 + len(self.stored) + 2 * wide)

    @cached_property
    def _sizes(self) -> bytes:
        size = _byte_range(min(self.header_sizes[0], 127), min(127, self.header_sizes[-1]))
        return b"(?:" + size + b"|[\x81-\xff][\x00-\x7f])" if self.header_sizes[-1] > 127 else size

    def first_types(self, columns: int) -> bytes:
        """A pattern of the first types of a header."""
        return b"".join(self._columns[: min(columns, self.counts[-1])])

    def rests(self, first: int) -> list[re.Pattern[bytes]]:
        """What can be left of a header without its ``first`` types: a pattern for each number of columns that
        a carved row may have."""
        return self._rests.get(first) or self._learn_rests(first)

    @cached_property
    def _rests(self) -> dict[int, list[re.Pattern[bytes]]]:
        return {}

    def _learn_rests(self, first: int) -> list[re.Pattern[bytes]]:
        found = [b"".join(self._columns[first:count]) for count in self.counts]
        self._rests[first] = [re.compile(pattern, re.DOTALL) for pattern in found]
        return self._rests[first]

    @cached_property
    def _columns(self) -> list[bytes]:
        """For each column a pattern of the serial types that are natural in it."""
        found = []
        for at in range(self.counts[0]):
            kinds = [kind for kind in range(14) if self.allows_type(at, kind) and self.is_natural(at, kind)]
            found.append(b"(?:" + (b"\x00" if at == self.alias else _pattern(bytes(kinds))) + b")")
        return found

    def allows(self, types: Types) -> bool:
        """Whether a row of this table can have these serial types."""
        return self.required <= len(types) <= len(self.stored) and self._known("allowed", kinds_of(types))

    def is_all_natural(self, types: Types) -> bool:
        """Whether each value is of a kind that is natural in its column."""
        return self._known("natural", kinds_of(types))

    @cached_property
    def _verdicts(self) -> dict[tuple[str, bytes], bool]:
        return {}

    def _known(self, question: str, kinds: bytes) -> bool:
        """An answer for a row of these kinds; rows of one table have few, so it is kept."""
        answer = self._verdicts.get((question, kinds))
        if answer is None:
            if len(self._verdicts) >= _MOST_VERDICTS:
                self._verdicts.clear()
            answer = self._verdicts[question, kinds] = self._answer(question, kinds)
        return answer

    def _answer(self, question: str, kinds: bytes) -> bool:
        if question == "usual":
            return all(not seen or kind in seen for kind, seen in zip(kinds, self.usual, strict=False))
        ask = self.allows_type if question == "allowed" else self.is_natural
        return all(ask(at, kind) for at, kind in enumerate(kinds))

    def allows_type(self, at: int, serial: int) -> bool:
        """Whether the stored column may hold a value of this serial type."""
        column = self.stored[at]
        if at == self.alias or serial == 0:
            return serial == 0 and (at == self.alias or not column.not_null)
        if serial in (8, 9) and not self.small_constants:
            return False
        if column.affinity == "text":
            return serial % 2 == 1 and serial >= 13 if self.is_strict else serial >= 12
        if self.is_strict and column.affinity in ("integer", "real"):
            return serial in _INTEGERS or (serial == 7 and column.affinity == "real")
        return True

    def is_natural(self, at: int, serial: int) -> bool:
        """Whether this is what the declared type says the column is for, or what live rows have in it."""
        affinity = self.stored[at].affinity
        if at < len(self.usual) and kind_of(serial) in self.usual[at]:
            return True
        if affinity == "unknown":
            return False
        if at == self.alias or serial == 0:
            return True
        if affinity == "integer":
            return serial in _INTEGERS
        if affinity == "real":
            return serial in _INTEGERS or serial == 7
        if affinity == "text":
            return serial % 2 == 1
        return serial < 12 or serial % 2 == 1 or affinity == "blob"

    def allows_value(self, at: int, serial: int, data: bytes) -> bool:
        """Whether SQLite could have stored exactly these bytes; carved bytes mostly could not."""
        if serial in WIDTHS:
            number = int.from_bytes(data, "big", signed=True)
            return narrowest(number, self.small_constants) == serial
        if serial == 7:
            (real,) = struct.unpack(">d", data)
            return not isnan(real) and self.stored[at].affinity != "text"
        if serial < 13 or serial % 2 == 0:
            return True
        return self._allows_text(at, data)

    def _allows_text(self, at: int, data: bytes) -> bool:
        try:
            text = data.decode(self.encoding)
        except UnicodeDecodeError:
            return False
        if "\x00" in text:
            return False
        return not (self.stored[at].affinity in NUMBERS and is_numeric(text))

    def padded(self, types: Types) -> tuple[Types, bytes]:
        """The types of a short row filled up with the defaults, and the bytes that these add."""
        if len(types) >= len(self.stored):
            return types, b""
        added = [
            encode_value(column.default, self.encoding, self.small_constants)
            for column in self.stored[len(types) :]
        ]
        return types + tuple(serial for serial, _data in added), b"".join(data for _serial, data in added)


def is_numeric(text: str) -> bool:
    """Whether a text looks like a number, so that numeric affinity would have made it one."""
    return len(text) < 400 and _NUMERIC_TEXT.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _pattern(kinds: bytes) -> bytes:
    """Matches the serial types of these kinds (see kind_of), as bytes of a header."""
    long = [kind for kind in kinds if kind >= 12]
    single = bytes(
        [*(kind for kind in kinds if kind < 12), *(n for kind in long for n in range(kind, 128, 2))]
    )
    last = bytes(byte for kind in long for byte in range(kind % 2, 128, 2))
    pattern = b"[" + re.escape(single) + b"]" if single else b"(?!)"
    return pattern + (b"|[\x81-\xff][\x80-\xff]{0,2}[" + re.escape(last) + b"]" if last else b"")


def _byte_range(low: int, high: int) -> bytes:
    return b"[" + re.escape(bytes([low])) + b"-" + re.escape(bytes([max(low, high)])) + b"]"


def encode_value(value: RawValue, encoding: str, small_constants: bool) -> tuple[int, bytes]:
    """A value as SQLite stores it: its serial type and its bytes."""
    if isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
        serial = narrowest(value, small_constants)
        return serial, value.to_bytes(WIDTHS.get(serial, 0), "big", signed=True) if serial < 8 else b""
    if isinstance(value, float):
        return 7, struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode(encoding, "surrogatepass")
        return 13 + 2 * len(data), data
    if isinstance(value, bytes):
        return 12 + 2 * len(value), value
    return 0, b""


def make_template(
    table: DeclaredTable, *, sql: str, number: int, root: int, is_live: bool, encoding: str, small: bool
) -> Template | None:
    """None for a table that stores nothing, or more columns than SQLite allows."""
    real = [at for at, column in enumerate(table.columns) if not column.is_virtual]
    if not real or len(table.columns) > MOST_COLUMNS:
        return None
    alias = None if table.without_rowid else _alias(table)
    order = real
    if table.without_rowid:
        order = [*table.key, *(at for at in real if at not in table.key)]
    stored = tuple(
        StoredColumn(
            place=at,
            affinity=table.columns[at].affinity,
            not_null=table.columns[at].not_null or (table.without_rowid and at in table.key),
            default=table.columns[at].default,
        )
        for at in order
    )
    return Template(
        number=number,
        name=table.name,
        sql=sql,
        stored=stored,
        declared=len(table.columns),
        alias=order.index(alias) if alias is not None and alias in order else None,
        key_columns=len(table.key) if table.without_rowid else 0,
        is_strict=table.is_strict,
        root=root,
        is_live=is_live,
        encoding=encoding,
        small_constants=small,
    )


def nameless_template(number: int, seen: list[Types], *, encoding: str, small: bool) -> Template:
    """A table that no schema describes any more, as its rows show it: of their kinds only."""
    columns = len(seen[0])
    usual = tuple(frozenset(kind_of(types[at]) for types in seen) for at in range(columns))
    stored = tuple(StoredColumn(at, "unknown", False, None) for at in range(columns))
    return Template(
        number=number, name="", sql="", stored=stored, declared=columns, alias=None, key_columns=0,
        is_strict=False, root=0, is_live=False, encoding=encoding, small_constants=small, usual=usual,
    )  # fmt: skip


def _alias(table: DeclaredTable) -> int | None:
    if len(table.key) != 1:
        return None
    column = table.columns[table.key[0]]
    is_alias = column.declared.lower() == "integer" and (table.key_is_apart or not column.is_descending)
    return table.key[0] if is_alias else None
