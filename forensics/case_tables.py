"""The tables of a case by the ``sqlite-utils`` library, without what it would load besides.

It loads numpy and pandas where they are installed, to take their numbers too. Nobody gives it any here, and
they take longer to load than all of Sporen, and 70 MB.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite_utils

_NOT_WANTED = ("numpy", "pandas")


class Tables:
    """The tables of an open case file, for records that come one by one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db: sqlite_utils.Database = _library().Database(db)

    def insert(self, table: str, record: Mapping[str, Any]) -> int:
        """Insert the record; gives its number."""
        return int(str(self._db.table(table).insert(dict(record)).last_pk))

    def update(self, table: str, number: int, values: Mapping[str, Any]) -> None:
        """Set columns of the record with that number."""
        self._db.table(table).update(number, dict(values))


def _library() -> Any:
    if "sqlite_utils" in sys.modules:
        return sys.modules["sqlite_utils"]
    absent = [name for name in _NOT_WANTED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: "not to be found"
    try:
        return import_module("sqlite_utils")
    finally:
        for name in absent:
            del sys.modules[name]
