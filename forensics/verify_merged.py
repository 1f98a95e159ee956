"""Verification of records that were merged (twins): one record of the case stands for several rows."""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson

from forensics.message_row import Packed

_COLUMNS = "kind, status, state, sent_at, received_at, text, rare"


class MergedRecords:
    """The records of one item of evidence that have further sources, and those sources."""

    def __init__(self, db: sqlite3.Connection, evidence: int) -> None:
        self._db = db
        rows = db.execute(
            "SELECT n, rare FROM message WHERE file IN (SELECT n FROM file WHERE evidence = ?)"
            " AND rare LIKE '%\"also\":%'",
            (evidence,),
        )
        self._standing: dict[tuple[str | None, ...], int] = {}
        for number, rare in rows:
            for source in orjson.loads(rare)["also"]:
                self._standing[source["path"], source["table"], str(source["rowid"])] = number

    def stands_for(self, packed: Packed) -> bool:
        """Whether a record of the case names this row as a further source and says the same."""
        number = self._standing.get((packed.path, packed.table_name, str(packed.row_id)))
        if number is None:
            return False
        kind, _, state, sent_at, _, text, _ = self._stored(number)
        return (kind, state, sent_at, text) == (packed.kind, packed.state, packed.sent_at, packed.text)

    def says(self, number: int, packed: Packed) -> bool:
        """Whether that record of the case says what this row does, apart from its further sources and from
        which of several equal records a reply points at."""
        *common, rare = self._stored(number)
        read = (packed.kind, packed.status, packed.state, packed.sent_at, packed.received_at, packed.text)
        return tuple(common) == read and _alone(rare) == _alone(packed.rare)

    def _stored(self, number: int) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._db.execute(
            f"SELECT {_COLUMNS} FROM message WHERE n = ?", (number,)
        ).fetchone()
        return found


def _alone(rare: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = orjson.loads(rare) if rare else {}
    fields.pop("also", None)
    if "reply_to" in fields:
        fields["reply_to"]["id"] = None
    return fields
