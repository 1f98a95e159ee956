"""What an ingest tells of the items that came in, once the last is in: one can have the same messages as
one before it, and then they are counted once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from forensics.case import Case

_PRINTED = ("path", "sha256", "app", "platform", "tables")  # of each file, by ``ingest --json``


def told_of(case: Case, items: Sequence[int]) -> tuple[list[dict[str, Any]], int, int]:
    """The files of these items with their accounting, how many messages and calls they gave, and how many
    flags the conversations with messages of theirs have."""
    numbers = ",".join(map(str, items))
    rows = case.db.execute(
        f"SELECT path, sha256, app, platform, tables FROM file WHERE evidence IN ({numbers}) ORDER BY n"
    )
    files = [dict(zip(_PRINTED, (*row[:-1], json.loads(row[-1])), strict=True)) for row in rows]
    calls = f"SELECT count(*) FROM call WHERE evidence IN ({numbers}) AND stands_for IS NULL"
    (count,) = case.db.execute(calls).fetchone()
    found = _messages(case, numbers)
    flagged = case.db.execute("SELECT conversation, count(*) FROM flag GROUP BY conversation")
    flags = sum(each for conversation, each in flagged if conversation in found)
    return files, sum(found.values()) + count, flags


def _messages(case: Case, numbers: str) -> dict[int, int]:
    """How many messages of these items each conversation has: one look at all, in the order they lie in,
    which an index would only make longer."""
    return dict(
        case.db.execute(
            "SELECT conversation, count(*) FROM message NOT INDEXED"
            f" WHERE file IN (SELECT n FROM file WHERE evidence IN ({numbers})) GROUP BY conversation"
        ).fetchall()
    )


def skipped_rows(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows of these files were skipped, by reason."""
    found: dict[str, int] = {}
    for record in records:
        for table in (record["tables"] or {}).values():
            for reason, count in table["skipped"].items():
                found[reason] = found.get(reason, 0) + count
    return found
