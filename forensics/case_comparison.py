"""What another tool decoded beside what was read here from the app's own database: counts and differences.

Messages are the same by the app's own id, else by second and text. Nothing is merged, changed or preferred.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from forensics.parser import SEVERAL_APPS

# So many ids of each kind of difference are listed; all are counted.
LISTED = 100
_SECOND = 1000

_SIDES = f"""
CREATE TEMP TABLE side AS
SELECT m.n AS n, c.app AS app, m.app_id AS app_id, m.sent_at AS sent_at, m.text AS text,
  f.app = '{SEVERAL_APPS}' AS is_other
FROM message AS m LEFT JOIN file AS f ON f.n = m.file LEFT JOIN conversation AS c ON c.n = m.conversation
WHERE f.evidence = ?
"""
_INDEXES = (
    "CREATE INDEX temp.side_by_id ON side (app, app_id)",
    f"CREATE INDEX temp.side_by_time ON side (app, sent_at / {_SECOND})",
)
_PAIRS = f"""
CREATE TEMP TABLE pair AS
SELECT o.n AS other, o.app AS app, coalesce(
  (SELECT min(w.n) FROM side AS w WHERE w.app = o.app AND w.app_id = o.app_id AND NOT w.is_other),
  (SELECT min(w.n) FROM side AS w WHERE w.app = o.app AND w.sent_at / {_SECOND} = o.sent_at / {_SECOND}
     AND w.text = o.text AND NOT w.is_other)) AS own
FROM side AS o WHERE o.is_other
"""
_BOTH = (
    "FROM pair AS p LEFT JOIN side AS o ON o.n = p.other LEFT JOIN side AS w ON w.n = p.own WHERE p.app = ?"
)
_DIFFERENCES = {
    "only_other": f"SELECT p.other {_BOTH} AND p.own IS NULL ORDER BY 1",
    "only_own": "SELECT w.n FROM side AS w WHERE w.app = ? AND NOT w.is_other"
    " AND w.n NOT IN (SELECT own FROM pair WHERE own IS NOT NULL) ORDER BY 1",
    "text_differs": f"SELECT p.other {_BOTH} AND p.own IS NOT NULL"
    " AND ifnull(o.text, '') <> ifnull(w.text, '') ORDER BY 1",
    "time_differs": f"SELECT p.other {_BOTH} AND p.own IS NOT NULL"
    " AND ((o.sent_at IS NULL) <> (w.sent_at IS NULL)"
    f" OR abs(o.sent_at - w.sent_at) >= {_SECOND}) ORDER BY 1",
}


def compare(db: sqlite3.Connection, evidence: int) -> Iterator[dict[str, Any]]:
    """For each app that another tool decoded in this item: the counts of both sides, and the differences."""
    db.execute(_SIDES, (evidence,))
    for statement in _INDEXES:
        db.execute(statement)
    db.execute(_PAIRS)
    try:
        apps = db.execute("SELECT DISTINCT app FROM side WHERE is_other ORDER BY app").fetchall()
        for (app,) in apps:
            yield _compared(db, app)
    finally:
        db.execute("DROP TABLE temp.pair")
        db.execute("DROP TABLE temp.side")


def _compared(db: sqlite3.Connection, app: str) -> dict[str, Any]:
    counts = dict(db.execute("SELECT is_other, count(*) FROM side WHERE app = ? GROUP BY 1", (app,)))
    (same,) = db.execute("SELECT count(own) FROM pair WHERE app = ?", (app,)).fetchone()
    found: dict[str, Any] = {"app": app, "own": counts.get(0, 0), "other": counts.get(1, 0), "same": same}
    for name, sql in _DIFFERENCES.items():
        numbers = [n for (n,) in db.execute(sql, (app,))]
        found[name] = len(numbers)
        found[f"{name}_ids"] = [_id(db, n) for n in numbers[:LISTED]]
    return found


def _id(db: sqlite3.Connection, number: int) -> str:
    (key,) = db.execute("SELECT id FROM message WHERE n = ?", (number,)).fetchone()
    return f"m{key.hex()}"
