"""The recorded offset of the device's clock: it is shown beside stored times and never applied."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping

# Where the configuration of a case gives it.
PATHS = (("device", "clock_offset_seconds"), ("state", "clock_offset_seconds"))
_SECONDS = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,3})?")


def recorded_offset(config: object, exhibits: Iterable[str | None]) -> str | None:
    """The recorded seconds as they were written; None where there are none, where what is recorded is no
    number, or where several exhibits have a clock each."""
    if len(set(exhibits) - {None}) > 1:
        return None
    found = next((value for value in (_at(config, path) for path in PATHS) if value not in (None, "")), None)
    text = "" if isinstance(found, bool) or found is None else str(found)
    return text if _SECONDS.fullmatch(text) else None


def offset_of(db: sqlite3.Connection, config: object) -> str | None:
    """The recorded seconds for all that is in a case."""
    return recorded_offset(config, (exhibit for (exhibit,) in db.execute("SELECT exhibit FROM evidence")))


def _at(config: object, path: Iterable[str]) -> object:
    for step in path:
        config = config.get(step) if isinstance(config, Mapping) else None
    return config
