"""The tables of law under which a case is analysed: the built-in one, or with the user's over and beside it.

A case keeps the user's table whole: what is analysed later, or again after a purge, is so under the same one,
wherever its file went.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from forensics.analysis.findings import Classifier
from forensics.case_settings import LAW
from forensics.flag_work import built_in, under_table


def told(setting: Mapping[str, Any]) -> dict[str, Any]:
    """What the log and a report say of it: all but the rows."""
    return {name: value for name, value in setting.items() if name != "table"}


def classifier_of(db: sqlite3.Connection) -> Classifier:
    """The classifier of a case: the built-in one where it has no table of its own."""
    row = db.execute("SELECT value FROM setting WHERE name = ?", (LAW,)).fetchone()
    kept = json.loads(row[0]) if row else None
    return under_table(str(kept["table"]), str(kept["name"])) if kept else built_in()
