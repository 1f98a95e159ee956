"""How much of the messages is gone, counted by conversation and month, from what is left in a case.

Three traces are counted: ids that are missing from a table of messages, quotations of messages that the
evidence does not hold, and texts that only the full-text index still has. Nothing is concluded from them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from forensics import times

MISSING, QUOTED, INDEXED = "missing", "quoted", "indexed"
# as forensics.parser.gap_notices and forensics.recovered_words say it
_GAP = re.compile(r"\d+ ids? missing from table (?P<table>[^:]+): ")
INDEXED_WORDS = "only the full-text index still holds a text of row"
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


class Lost(NamedTuple):
    """``conversation`` is None where it cannot be known; ``since`` and ``until`` are months, the same where
    the neighbours are of one, None where none is known."""

    conversation: str | None
    since: str | None
    until: str | None
    what: str
    number: int


class _Hole(NamedTuple):
    """Row ids of a table that have no live message."""

    first: int
    last: int
    what: str


def lost(db: sqlite3.Connection, zone: str) -> list[Lost]:
    """The counts in the order of conversation and month."""
    counts: Counter[tuple[str | None, str | None, str | None, str]] = Counter()
    for conversation, month in _quoted(db, zone):
        counts[conversation, month, month, QUOTED] += 1
    for (file, table), holes in sorted(_holes(db).items()):
        for hole, since, until in _bounded(db, file, table, holes):
            key = (None, _month(since, zone), _month(until, zone), hole.what)
            counts[key] += hole.last - hole.first + 1
    found = [Lost(*key, count) for key, count in counts.items()]
    return sorted(found, key=lambda one: tuple(part or "" for part in one[:4]))


def _month(instant: int | None, zone: str) -> str | None:
    return None if instant is None else times.local(instant, zone).strftime("%Y-%m")


def _quoted(db: sqlite3.Connection, zone: str) -> Iterator[tuple[str, str | None]]:
    """Conversation and month of each quoted message that is gone; one quoted twice counts once."""
    rows = db.execute(
        "SELECT DISTINCT c.id, json_extract(m.rare, '$.reply_to.text'),"
        " json_extract(m.rare, '$.reply_to.app_id'),"
        " ifnull(json_extract(m.rare, '$.reply_to.sent_at'), '')"
        " FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation"
        " WHERE m.rare LIKE '%\"reply_to\":{%' AND json_extract(m.rare, '$.reply_to.id') IS NULL"
        " AND json_extract(m.rare, '$.reply_to.text') IS NOT NULL ORDER BY 1, 4, 3, 2"
    )
    seen: set[tuple[str, str]] = set()
    for conversation, text, app_id, sent_at in rows:
        if (conversation, app_id or text) not in seen:
            seen.add((conversation, app_id or text))
            instant = times.parse_rfc3339(sent_at) if sent_at else None
            yield conversation, _month(instant, zone)


def _holes(db: sqlite3.Connection) -> dict[tuple[int, str], list[_Hole]]:
    """The holes by number of the file and name of the table."""
    found: dict[tuple[int, str], list[_Hole]] = {}
    files = {
        (sha256, path): number
        for number, sha256, path in db.execute(
            "SELECT f.n, e.sha256, f.path FROM file AS f LEFT JOIN evidence AS e ON e.n = f.evidence"
        )
    }
    for severity, text, source, raw in db.execute(
        "SELECT severity, text, source, raw FROM notice WHERE severity = 'gap' OR text LIKE ? ORDER BY n",
        (f"%{INDEXED_WORDS}%",),
    ):
        where = json.loads(source) if source else {}
        file = files.get((where.get("evidence_sha256"), where.get("path")))
        hole = _hole(severity, text, where, raw)
        if file is not None and hole is not None:
            found.setdefault((file, where["table"]), []).append(hole)
    return found


def _hole(severity: str, text: str, where: dict[str, object], raw: str | None) -> _Hole | None:
    if severity != "gap":
        rowid = where.get("rowid")
        return _Hole(rowid, rowid, INDEXED) if isinstance(rowid, int) else None
    ids = _RANGE.fullmatch(raw or "")
    if _GAP.match(text) is None or ids is None:
        return None  # of numbers that are no row ids
    return _Hole(int(ids[1]), int(ids[2] or ids[1]), MISSING)


def _bounded(
    db: sqlite3.Connection, file: int, table: str, holes: list[_Hole]
) -> Iterator[tuple[_Hole, int | None, int | None]]:
    """Each hole with the times of the live messages before and after it, in one pass over those; none of a
    table without messages."""
    rows = db.execute(
        "SELECT row_id, sent_at FROM message WHERE file = ? AND table_name = ? AND place IS NULL"
        " AND sent_at IS NOT NULL AND row_id IS NOT NULL ORDER BY row_id",
        (file, table),
    )
    ordered, before = sorted(holes), None
    upcoming = next(rows, None)
    if upcoming is None:
        return
    for hole in ordered:
        while upcoming is not None and upcoming[0] < hole.first:
            before, upcoming = upcoming[1], next(rows, None)
        after = upcoming[1] if upcoming is not None else None
        yield hole, before if before is not None else after, after if after is not None else before
