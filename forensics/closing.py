"""What was purged stays out of the case: known by keyed hashes, and removed when it comes again."""

from __future__ import annotations

import sqlite3

from forensics.case import Case, Change
from forensics.case_analysis import analyse
from forensics.purged import CONVERSATIONS, GROUPS, KINDS, PEOPLE, SETTING, purged_of
from forensics.removal import Removed, remove


def close_again(case: Case, change: Change) -> bool:
    """Within an ingest: remove what further evidence brought of conversations that were purged before (under
    an id that was not known then, or of a group as another phone has it); whether anything was."""
    purged = purged_of(case.info)
    if not purged:
        return False
    rows = change.db.execute("SELECT n, id, app, handle FROM conversation ORDER BY n").fetchall()
    numbers = [
        n
        for n, key, app, handle in rows
        if purged.holds(CONVERSATIONS, key) or (handle and purged.holds(GROUPS, app, handle))
    ]
    people = [
        key
        for key, app, handle in change.db.execute("SELECT id, app, handle FROM participant").fetchall()
        if purged.holds(PEOPLE, key) or (handle and purged.holds(PEOPLE, app, handle))
    ]
    if not numbers and not people:
        return False
    removed = remove(change.db, purged.secret, numbers, people)
    remember(case, removed)
    analyse_quoting(change.db, removed)
    return True


def analyse_quoting(db: sqlite3.Connection, removed: Removed) -> None:
    """Make the flags anew that rested on a text of what was removed."""
    if removed.quoting:
        (last,) = db.execute("SELECT ifnull(max(n), 0) FROM message").fetchone()
        analyse(db, last + 1, changed=removed.quoting)


def remember(case: Case, removed: Removed) -> None:
    """Add the marks of what was removed to those of the case."""
    stored = case.info.get(SETTING) or {}
    marks = {kind: sorted({*stored.get(kind, ()), *removed.marks[kind]}) for kind in KINDS}
    case.set(**{SETTING: marks})
