"""Takes the texts of messages that are removed out of the quotations of them in other conversations.

A quotation may stand in the message that is kept, in what is kept of a record that was merged into it
(``twin``), and in a difference between the two. ``gone`` and ``closing`` are tables of the removal (removal).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson

from forensics.copies import SEVERITY as COPY
from forensics.digest import written
from forensics.message_row import SELECT, FilePlace, stored_fields
from forensics.purged import without_quote
from forensics.twin_rows import as_read

_REPLY = "reply_to"
# Messages that stay and in which a quotation stands, as they are kept or as one of their records was read.
_ANSWERS = f"""
SELECT m.n, m.id, m.rare FROM message AS m WHERE m.conversation NOT IN (SELECT n FROM closing)
  AND m.rare LIKE '%"{_REPLY}":{{%'
UNION
SELECT m.n, t.id, json_extract(t.form, '$.rare') FROM twin AS t LEFT JOIN message AS m ON m.n = t.message
  WHERE m.conversation NOT IN (SELECT n FROM closing)
  AND json_extract(t.form, '$.rare') LIKE '%"{_REPLY}":{{%'
ORDER BY 1, 2
"""


class Quotations:
    """The quotations of what is removed; ``keys``: ids of its messages, ``closed``: of its conversations."""

    def __init__(self, db: sqlite3.Connection, keys: set[str], closed: set[str]) -> None:
        self._db = db
        self._keys = keys
        self._closed = closed
        self._files = {
            n: FilePlace(*place)
            for n, *place in db.execute(
                "SELECT f.n, e.sha256, f.sha256, f.path FROM file AS f"
                " LEFT JOIN evidence AS e ON e.n = f.evidence"
            )
        }

    def take_out(self) -> Iterator[list[bytes]]:
        """Of each message whose quotation loses its text: its id, and those of the records merged into it."""
        holders, found = self._holders(), set[int]()
        for n, key, rare in self._db.execute(_ANSWERS).fetchall():
            reply = orjson.loads(rare)[_REPLY]
            if reply["text"] is not None and (f"m{key.hex()}" in holders or self._is_of(reply)):
                found.add(n)
        for n in sorted(found):
            yield self._unquote(n)

    def _is_of(self, reply: dict[str, Any]) -> bool:
        """Whether it quotes a message that goes: by its id, else by that of the app and the text."""
        if reply["id"] is not None:
            return reply["id"] in self._keys
        sql = (
            "SELECT 1 FROM message WHERE app_id = ? AND text = ? AND conversation IN (SELECT n FROM closing)"
        )
        return self._db.execute(sql, (reply["app_id"], reply["text"])).fetchone() is not None

    def _holders(self) -> set[str]:
        """The messages whose row keeps a copy of a text of these conversations that has no message now."""
        rows = self._db.execute("SELECT raw FROM notice WHERE severity = ?", (COPY,))
        forms = [json.loads(raw) for (raw,) in rows if raw]
        return {each["holder"] for each in forms if each["conversation"] in self._closed and each["holder"]}

    def _unquote(self, n: int) -> list[bytes]:
        (rare,) = self._db.execute("SELECT rare FROM message WHERE n = ?", (n,)).fetchone()
        if rare:
            self._db.execute("UPDATE message SET rare = ? WHERE n = ?", (without_quote(rare), n))
        twins = self._db.execute("SELECT n, id, form FROM twin WHERE message = ?", (n,)).fetchall()
        for twin, _key, form in twins:
            own = json.loads(form)
            if own.get("rare"):
                own["rare"] = without_quote(own["rare"])
                self._db.execute("UPDATE twin SET form = ? WHERE n = ?", (orjson.dumps(own).decode(), twin))
        for twin, key, _form in twins:
            found = as_read(self._db, self._files, key)
            digest = hashlib.sha256(written(found[0])).digest() if found else b""
            self._db.execute("UPDATE twin SET sha256 = ? WHERE n = ?", (digest, twin))
        row = self._db.execute(f"{SELECT} WHERE m.n = ?", (n,)).fetchone()
        digest = hashlib.sha256(written(stored_fields(row, self._files))).digest()
        self._db.execute("UPDATE message SET sha256 = ? WHERE n = ?", (digest, n))
        self._undiffer(n)
        return [row[0], *(key for _twin, key, _form in twins)]

    def _undiffer(self, n: int) -> None:
        """Without the text in what the records of the message say otherwise of their quotation."""
        rows = self._db.execute(
            "SELECT rowid, form FROM difference WHERE message = :n OR other = :n", {"n": n}
        ).fetchall()
        for row, form in rows:
            told = json.loads(form)
            sides = (
                each[side]
                for each in told.get("fields", ())
                if each["field"] == _REPLY
                for side in ("kept", "other")
            )
            for reply in sides:
                if reply:
                    reply["text"] = None
            text = json.dumps(told, ensure_ascii=False, sort_keys=True)
            self._db.execute("UPDATE difference SET form = ? WHERE rowid = ?", (text, row))
