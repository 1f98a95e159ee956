"""What was read of one item, put together with what the case has: people, accounts, and each message once."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from forensics.call_twins import merge_calls
from forensics.case import Case, Change
from forensics.case_analysis import built_in
from forensics.case_seal import computed_digests
from forensics.case_writer import records_sha256
from forensics.closing import close_again
from forensics.comparison import note
from forensics.differences import find_gone
from forensics.links import link, own_numbers
from forensics.same_account import aliases, find_aliases, rename_records, store_aliases
from forensics.statements import settle
from forensics.twins import merge, take_apart


class Combined(NamedTuple):
    """What came of it: the conversations to look at again, whether records are stated anew, the accounting of
    the item's files by path, and how many of its messages and calls are copies."""

    changed: list[int]
    is_restated: bool
    tables: dict[str, dict[str, Any]]
    copies: int


def combine(
    case: Case, change: Change, number: int, left: list[int], *, has_one_holder: bool = False
) -> Combined:
    """Combine the item ``number``; ``left``: conversations that an older reading of it shared with others;
    ``has_one_holder``: all messages of the case came from one file."""
    db, speaks = change.db, built_in().speaks
    left = list(left)
    renamed = _unite(case, change, number, left)
    restated = sorted({*settle(db), *renamed})
    changed = merge(db, number, speaks, restated, left, has_one_holder=has_one_holder)
    merge_calls(db)
    is_closed = close_again(case, change)
    find_gone(db)
    link(db, number, own_numbers())
    note(db)
    _seal_again(change, number, restated or is_closed)
    case.set(computed=computed_digests(db))
    stored = db.execute("SELECT path, tables FROM file WHERE evidence = ?", (number,))
    tables = {path: json.loads(each) for path, each in stored}
    inside = "file IN (SELECT n FROM file WHERE evidence = ?)"
    (copies,) = db.execute(
        f"SELECT (SELECT count(*) FROM twin WHERE n <> message AND {inside})"
        " + (SELECT count(*) FROM call WHERE evidence = ? AND stands_for IS NOT NULL)",
        (number, number),
    ).fetchone()
    return Combined(changed, bool(restated) or is_closed, tables, copies)


def _unite(case: Case, change: Change, number: int, left: list[int]) -> list[int]:
    """Give databases that name no owner the account that they are of; gives the conversations in them."""
    db = change.db
    before, found = aliases(db), find_aliases(db)
    if before != found:
        left += take_apart(db, built_in().speaks)
        accounts = {old: new for old, new in found.items() if old.startswith("a")}
        subject = {"case": str(case.info["number"])}
        change.log("hash.verify", subject, "accounts united", accounts=accounts)
    touched = rename_records(db, before, found, number) if before or found else []
    store_aliases(db, found)
    return touched


def _seal_again(change: Change, number: int, is_restated: object) -> None:
    """Items of which a conversation is now called otherwise have another digest over their records."""
    sql = "SELECT n, path, sha256, records_sha256 FROM evidence WHERE n <> ? ORDER BY n"
    items = change.db.execute(sql, (number,)).fetchall() if is_restated else []
    for other, path, digest, sealed in items:
        found = records_sha256(change.db, other)
        if found == sealed:
            continue
        change.db.execute("UPDATE evidence SET records_sha256 = ? WHERE n = ?", (found, other))
        change.log(
            "hash.verify", {"path": path, "sha256": digest}, "stated anew beside further evidence",
            records_sha256=found, changes_case=True,
        )  # fmt: skip
