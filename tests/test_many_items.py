"""What an ingest does for all items of a case together may not be done again for each two of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

import pytest

from forensics import case_schema
from forensics.comparison import pairs
from forensics.databases import holders

SOURCE = {"path": "msgstore.db", "app_id": "CALL"}


def _case(items: int) -> sqlite3.Connection:
    """Items with a file, an account and a message each; all accounts are pairs and had the same call."""
    db = sqlite3.connect(":memory:")
    db.executescript(case_schema.TABLES)
    for n in range(1, items + 1):
        db.execute("INSERT INTO evidence VALUES (?,?,?,'file',1,NULL,NULL,NULL,'','','',0,NULL,'[]',?)",
                   (n, f"{n:064x}", f"phone{n}", n))  # fmt: skip
        db.execute("INSERT INTO file VALUES (?,?,?,1,?,'whatsapp','android','messages','','[]',NULL,?)",
                   (n, n, "msgstore.db", f"{n:064x}", '{"message": {}}'))  # fmt: skip
        db.execute(
            "INSERT INTO message (n, id, conversation, kind, state, sent_at, file, sha256)"
            " VALUES (?,?,1,'text','live',?,?,?)",
            (n, bytes([n]), n * 1000, n, b"d"),
        )
        form = {"account": f"a{n}", "from_owner": n == 1, "source": SOURCE}
        db.execute("INSERT INTO call VALUES (?,?,?,1,?,?,NULL)", (n, bytes([n]), n, json.dumps(form), b"d"))
        for other in range(n + 1, items + 1):
            db.execute("INSERT INTO pair (one, other, form) VALUES (?,?,'{}')", (f"a{n}", f"a{other}"))
    return db


def _statements(work: Callable[[sqlite3.Connection], object], items: int) -> int:
    db, seen = _case(items), list[str]()
    db.set_trace_callback(seen.append)
    work(db)
    return len(seen)


@pytest.mark.parametrize("work", [pairs, holders])
def test_no_statement_is_run_for_each_item_or_pair(work: Callable[[sqlite3.Connection], object]) -> None:
    assert _statements(work, 3) == _statements(work, 9)


def test_the_call_on_both_is_told_for_each_pair() -> None:
    found = pairs(_case(3))
    assert [(each["one"], each["other"], each["calls"]) for each in found] == [
        ("a1", "a2", [{"one": "k01", "other": "k02"}]),
        ("a1", "a3", [{"one": "k01", "other": "k03"}]),
        ("a2", "a3", [{"one": "k02", "other": "k03"}]),
    ]


def test_the_newest_message_of_each_file_is_known() -> None:
    assert {n: each.newest for n, each in holders(_case(3)).items()} == {1: 1000, 2: 2000, 3: 3000}
