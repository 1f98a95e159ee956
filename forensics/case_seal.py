"""The digests of the tables of a case, as a change seals them in the log and ``verify`` makes them again.

A change that says which tables it writes costs no more than those: the digests of all others are taken over
from the last seal. What was changed in them behind the log's back is not sealed as if it belonged there, and
the tables that are written must be as that seal left them before anything is put into them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from forensics import case_schema
from forensics.custody import damaged, entry_at
from forensics.custody_entry import Entry
from forensics.errors import CaseDamaged

# Written by every change: it holds the head of the log.
_ALWAYS = "setting"
_INTEGERS = frozenset((int,))
# Rows that are digested at once in a table that has rows of nothing but numbers.
_TOGETHER = 1_000


def is_seal(entry: Entry) -> bool:
    """Whether the entry seals the tables of the case."""
    return entry.action == "hash.verify" and entry.result == "sealed"


def table_digests(db: sqlite3.Connection, names: Collection[str] = case_schema.DIGESTED) -> dict[str, str]:
    """SHA-256 over the rows of tables; of each but the messages', whose digests are logged by item of
    evidence, where none is named."""
    return {name: table_digest(db, name) for name in names}


def table_digest(db: sqlite3.Connection, name: str) -> str:
    """SHA-256 over the rows of one table."""
    return _rows_digest(db, f"SELECT {case_schema.DIGESTED[name]} FROM {name} ORDER BY 1")


def computed_digests(db: sqlite3.Connection) -> dict[str, str]:
    """SHA-256 over the rows of each table that is computed from the records of all items."""
    return {name: _rows_digest(db, sql) for name, sql in case_schema.COMPUTED.items()}


def _rows_digest(db: sqlite3.Connection, sql: str) -> str:
    digest = hashlib.sha256()
    rows = db.execute(sql)
    for row in rows:
        digest.update(_written(row))
        if _is_numbers(row):  # most likely the cues of half of all messages: many rows at once
            while some := rows.fetchmany(_TOGETHER):
                digest.update(_all_written(some))
    return digest.hexdigest()


def _is_numbers(values: Iterable[object]) -> bool:
    return _INTEGERS.issuperset(map(type, values))


def _all_written(rows: Sequence[tuple[Any, ...]]) -> bytes:
    values = tuple(chain.from_iterable(rows))
    if not _is_numbers(values):
        return b"".join(map(_written, rows))
    line = f"[{', '.join(['%d'] * len(rows[0]))}]\n"  # as json writes it
    return (line * len(rows) % values).encode()


def _written(row: tuple[Any, ...]) -> bytes:
    plain = [{"blob": each.hex()} if isinstance(each, bytes) else each for each in row]
    return json.dumps(plain, ensure_ascii=True).encode() + b"\n"


class Seal:
    """The digests that a change puts into the log at its end; made before anything is written."""

    def __init__(
        self, db: sqlite3.Connection, log: Path, last: object, writes: Collection[str] | None
    ) -> None:
        """``writes``: the tables that the change may write, None for any; ``last`` is the entry of the log
        that sealed the case before. CaseDamaged where that is none, or one of these tables differs from
        it."""
        self._db = db
        self._written = None if writes is None else {*writes, _ALWAYS}
        self._before: Mapping[str, str] = {}
        if self._written is not None:
            self._before = _sealed_by(log, last)
            _check(db, log, last, {name: self._before[name] for name in sorted(self._written)})

    def digests(self) -> dict[str, str]:
        """By table, as they are now."""
        if self._written is None:
            return table_digests(self._db)
        return {**self._before, **table_digests(self._db, self._written)}


def _sealed_by(log: Path, number: object) -> Mapping[str, str]:
    """The digests in that entry, for exactly the tables of today."""
    entry = entry_at(log, number) if isinstance(number, int) and number > 0 else None
    tables = entry.detail.get("tables") if entry is not None and is_seal(entry) else None
    if not isinstance(tables, Mapping) or tables.keys() != case_schema.DIGESTED.keys():
        raise damaged(log, f"entry {number} does not seal the tables of the case")
    return tables


def _check(db: sqlite3.Connection, log: Path, last: object, sealed: Mapping[str, str]) -> None:
    for name, digest in sealed.items():
        if table_digest(db, name) != digest:
            raise CaseDamaged(
                f"{log.parent}: table {name} is not as entry {last} of the log sealed it, and another entry"
                " would hide that; `sporen verify` tells what differs: restore the case from a copy"
            )
