"""Full-text search over the messages of a case: words, "phrases", prefix*, AND, OR, NOT (SQLite FTS5)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from forensics import times
from forensics.case import Case
from forensics.errors import WrongUse

LIMIT = 100


def search(case: Case, query: str, limit: int = LIMIT) -> dict[str, Any]:
    """How many messages match, and the first ``limit`` of them, best match first.

    WrongUse when the query is not in the language of FTS5.
    """
    try:
        count = case.db.execute(
            "SELECT count(*) FROM message_text WHERE message_text MATCH ?", (query,)
        ).fetchone()[0]
        rows = case.db.execute(
            "SELECT m.id, c.id, c.title, c.kind, c.app, p.id, p.names, p.phone, p.handle, m.from_owner,"
            " m.sent_at, m.state, m.text, snippet(message_text, 0, '[', ']', '…', 16)"
            " FROM (SELECT rowid, rank FROM message_text WHERE message_text MATCH :query"
            "       ORDER BY rank, rowid LIMIT :limit) AS hit"
            " JOIN message_text ON message_text.rowid = hit.rowid AND message_text MATCH :query"
            " LEFT JOIN message AS m ON m.n = hit.rowid LEFT JOIN conversation AS c ON c.n = m.conversation"
            " LEFT JOIN participant AS p ON p.n = m.sender ORDER BY hit.rank, hit.rowid",
            {"query": query, "limit": limit},
        ).fetchall()
    except UnicodeEncodeError as error:
        raise WrongUse(f"{query}: this query is no text in UTF-8") from error
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_ERROR:
            raise
        raise WrongUse(f'this query cannot be read ({error}); put a text with signs in "quotes"') from error
    return {"query": query, "count": count, "results": [_result(row) for row in rows]}


def _result(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("id", "conversation", "title", "conversation_kind", "app", "sender")
    found = dict(zip(names, row, strict=False))
    from_owner, sent_at, state, text, snippet = row[9:]
    return {
        **found,
        "id": f"m{found['id'].hex()}",
        "sender_name": next((each["name"] for each in json.loads(row[6] or "[]")), None) or row[7] or row[8],
        "sender_identifier": row[7] or row[8],
        "from_owner": None if from_owner is None else bool(from_owner),
        "sent_at": times.rfc3339(sent_at),
        "state": state,
        "text": text,
        "snippet": snippet,
    }
