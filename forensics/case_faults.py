"""Messages in whose analysis there was a fault of this program: a notice of each, with its source.

A copy of a text that stands beside a message is told with that message. The notices are made anew with the
flags of their conversation. Their raw value is JSON: the ids of the message and of its conversation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from forensics.digest import canonical
from forensics.flag_rows import FlagRow
from forensics.message_row import SELECT, file_places, stored_record

SEVERITY = "unanalysed"


def forget_faults(db: sqlite3.Connection, numbers: str) -> None:
    """Remove the notices of these conversations, a JSON array of numbers, and of those that are gone."""
    db.execute(
        "DELETE FROM notice WHERE severity = ? AND ifnull(json_extract(raw, '$.conversation'), '') NOT IN"
        " (SELECT id FROM conversation WHERE n NOT IN (SELECT value FROM json_each(?)))",
        (SEVERITY, numbers),
    )


def unanalysed(db: sqlite3.Connection) -> int:
    """How many messages of the case have such a notice."""
    (count,) = db.execute("SELECT count(*) FROM notice WHERE severity = ?", (SEVERITY,)).fetchone()
    return int(count)


def note_faults(db: sqlite3.Connection, rows: Iterable[FlagRow]) -> None:
    """The notices of messages, out of their rows among those of flags."""
    places = file_places(db)
    told: set[str] = set()
    for key, _number, _kind, _score, error in rows:
        if key in told:
            continue  # a message and a copy beside it are one
        told.add(key)
        stored = db.execute(f"{SELECT} WHERE m.id = ?", (bytes.fromhex(key[1:]),)).fetchone()
        record = stored_record(stored, places)
        text = (
            f"the analysis of a message, or of a copy beside it, failed ({error.decode()}): a flag for it may"
            " be missing"
        )
        raw = canonical({"conversation": record["conversation"], "message": key})
        db.execute(
            "INSERT INTO notice (evidence, severity, text, source, raw) VALUES (NULL, ?, ?, ?, ?)",
            (SEVERITY, text, canonical(record["source"]), raw),
        )
