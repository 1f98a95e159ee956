"""Takes the sealed parts of a conversation out of a case: nobody here can open them, their marks tell whose
they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Set

from forensics.purged import CONVERSATIONS, GROUPS, mark
from forensics.removal import Removed
from forensics.sealing import FILE, RECORDS, shared_marks


def is_sealed(db: sqlite3.Connection, secret: str, conversation: str) -> bool:
    """Whether there are sealed parts of the conversation of that id."""
    wanted = mark(secret, CONVERSATIONS, conversation)
    rows = db.execute("SELECT DISTINCT marks FROM sealed")
    return any(json.loads(marks).get(CONVERSATIONS) == wanted for (marks,) in rows)


def marks_in(db: sqlite3.Connection, secret: str, numbers: Iterable[int]) -> set[str]:
    """The marks that sealed parts of these conversations of the case have, on whichever phone: by every id, a
    group by its handle, a direct one by those of both people."""
    found: set[str] = set()
    for number in numbers:
        key, app, kind, handle, account = db.execute(
            "SELECT c.id, c.app, c.kind, c.handle, json_extract(a.form, '$.handle') FROM conversation AS c"
            " LEFT JOIN account AS a ON a.id = c.account WHERE c.n = ?",
            (number,),
        ).fetchone()
        read = db.execute("SELECT id FROM alias WHERE stands_for = ?", (key,)).fetchall()
        found |= {mark(secret, CONVERSATIONS, each) for (each,) in [(key,), *read]}
        found.update(shared_marks(secret, app, kind, handle, account).values())
    return found


def remove_sealed(db: sqlite3.Connection, wanted: Set[str], removed: Removed) -> None:
    """Delete the parts with one of these marks, and those of the same conversation on other phones; what went
    is counted, and remembered so that it is not sealed again."""
    rows = db.execute("SELECT n, kind, records, file, marks FROM sealed ORDER BY n").fetchall()
    parts = [(n, kind, records, file, json.loads(marks)) for n, kind, records, file, marks in rows]
    known = _with_same({tuple(sorted(each[4].items())) for each in parts}, wanted)
    gone = [each for each in parts if not known.isdisjoint(each[4].values())]
    files: set[str] = set()
    for n, kind, records, file, marks in gone:
        _remember(marks, removed)
        removed.counts["sealed parts"] += 1
        if kind == RECORDS:
            removed.counts["sealed records"] += records
        files |= {file} if kind == FILE else set()
        db.execute("DELETE FROM sealed WHERE n = ?", (n,))
    if files:
        removed.counts["sealed files"] += len(files)


def _with_same(conversations: Iterable[tuple[tuple[str, str], ...]], wanted: Set[str]) -> set[str]:
    """The marks, with all that stand beside one of them."""
    found, before = set(wanted), -1
    marks = [{value for _, value in each} for each in conversations]
    while len(found) != before:
        before = len(found)
        found.update(*(each for each in marks if not found.isdisjoint(each)))
    return found


def _remember(marks: Mapping[str, str], removed: Removed) -> None:
    for kind in (CONVERSATIONS, GROUPS):
        if kind in marks:
            removed.marks[kind].add(marks[kind])
