"""The decisions of persons on flags, and to which flag of today each belongs.

A flag is known by the messages that it names. When further evidence changes those, it is another flag, which
nobody has decided on: the decision stays with it as one on an earlier version, and is never applied to it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forensics.comparison import standing_for

Record = dict[str, Any]


def decisions(db: sqlite3.Connection) -> dict[str, list[Record]]:
    """All decisions by the flag on which they were made, oldest first."""
    found: dict[str, list[Record]] = {}
    for flag, decision, reason, by, at in db.execute(
        "SELECT flag, decision, reason, by, at FROM decision ORDER BY n"
    ):
        made = {"decision": decision, "reason": reason, "by": by, "at": at}
        found.setdefault(flag, []).append(made)
    return found


def flag_form(db: sqlite3.Connection, flag: str) -> str | None:
    """What a decision keeps of its flag; None where there is no such flag."""
    row = db.execute("SELECT form FROM flag WHERE id = ?", (flag,)).fetchone()
    if row is None:
        return None
    form = json.loads(row[0])
    kept = {name: form[name] for name in ("kind", "conversation", "messages")}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


class Earlier:
    """The decisions whose flag is not there any more."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._by_flag: dict[str, list[Record]] = {}
        self.unattached: list[Record] = []
        made = list(self._made())
        if made:
            self._attach(made)

    def of(self, flag: str) -> list[Record]:
        """Those that were made on earlier versions of this flag, oldest first."""
        return self._by_flag.get(flag, [])

    def _made(self) -> Iterator[Record]:
        rows = self._db.execute(
            "SELECT flag, decision, reason, by, at, form FROM decision"
            " WHERE flag NOT IN (SELECT id FROM flag) ORDER BY n"
        ).fetchall()
        for flag, decision, reason, by, at, form in rows:
            kept = json.loads(form) if form else {}
            yield {
                "decision": decision, "reason": reason, "by": by, "at": at, "flag": flag,
                "kind": kept.get("kind"), "messages": kept.get("messages", []),
            }  # fmt: skip

    def _attach(self, made: Sequence[Record]) -> None:
        """To every flag of the same kind that names one of the messages, else to those of any kind."""
        flags = [(key, json.loads(form)) for key, form in self._db.execute("SELECT id, form FROM flag")]
        by_message: dict[str, list[tuple[str, str]]] = {}
        for key, form in sorted(flags, key=lambda each: each[0]):
            for message in form["messages"]:
                by_message.setdefault(message, []).append((key, form["kind"]))
        for each in made:
            covering = dict.fromkeys(
                found
                for message in each["messages"]
                for found in by_message.get(standing_for(self._db, message), ())
            )
            same = [key for key, kind in covering if kind == each["kind"]]
            chosen = same or [key for key, _ in covering]
            for key in chosen:
                self._by_flag.setdefault(key, []).append(each)
            if not chosen:
                self.unattached.append(each)


def with_decision(
    record: Mapping[str, Any], made: Mapping[str, Sequence[Record]], earlier: Earlier
) -> Record:
    """A flag with the latest decision on it, and with those on earlier versions of it where there are any."""
    own = made.get(record["id"])
    found = {**record, "decision": own[-1] if own else None}
    before = earlier.of(record["id"])
    return {**found, "earlier_decisions": before} if before else found
