"""Connections of SQLite to a private copy: read-only, of tables only, whatever the copy's schema says."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_rows import decode_text
from forensics.formats.sqlite_table import quote

_ALLOWED_PRAGMAS = {"table_xinfo", "index_list"}
_PRAGMAS = (
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA query_only=ON",
    "PRAGMA temp_store=MEMORY",
)
if sys.version_info >= (3, 12):
    _SWITCHED_OFF = (
        sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER,
        sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW,
        sqlite3.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
    )


def connect(path: Path, *, is_tolerant: bool) -> tuple[sqlite3.Connection, str | None]:
    """A connection to the copy, and why SQLite refuses an entry of its schema, where it does.

    ``is_tolerant``: text is decoded by ``decode_text``. The caller sets ``authorize`` once it
    has looked at such entries.

    An entry that SQLite cannot parse makes it refuse all others; with writable_schema it passes over them.
    Nothing can be written by it: the file is open as immutable.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    # opened by the thread that looks through the evidence, then used by the one that reads it: never by two
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    if is_tolerant:
        connection.text_factory = decode_text
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    refusal = _refusal(connection)
    if sys.version_info >= (3, 12):
        for option in _SWITCHED_OFF:
            connection.setconfig(option, False)
    return connection, refusal


def _refusal(connection: sqlite3.Connection) -> str | None:
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 0")
    except sqlite3.DatabaseError as error:
        connection.execute("PRAGMA writable_schema=ON")
        return str(error)
    return None


def unparsed(connection: sqlite3.Connection, tables: Iterable[str], reason: str) -> Iterator[ReadProblem]:
    """The tables of which SQLite refuses the description, for that reason."""
    for name in tables:
        try:
            connection.execute(f"SELECT 1 FROM {quote(name)} NOT INDEXED LIMIT 0")
        except sqlite3.DatabaseError:
            text = f"table {name!r} cannot be read: SQLite refuses its description ({reason})"
            yield ReadProblem(kind="schema", text=text, table=name)


def authorize(
    action: int, first: str | None, second: str | None, _database: str | None, inner: str | None
) -> int:
    """Only reading of tables: no view or trigger, no function but typeof(), no pragma but two."""
    if inner is not None:
        return sqlite3.SQLITE_DENY
    allowed = (
        action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
        or (action == sqlite3.SQLITE_PRAGMA and first in _ALLOWED_PRAGMAS)
        or (action == sqlite3.SQLITE_FUNCTION and second == "typeof")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
