"""Databases that tests make: SQLite does not wait for the disk, for none of them outlives its test."""

from __future__ import annotations

import sqlite3
from os import PathLike
from typing import Any


def unsynced(path: str | PathLike[str], **options: Any) -> sqlite3.Connection:
    """As ``sqlite3.connect``; what is written is the same to the byte."""
    connection = sqlite3.connect(path, **options)
    connection.execute("PRAGMA synchronous = OFF")
    return connection
