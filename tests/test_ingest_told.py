"""What ``ingest`` says of several items: the accounting of the whole, once the last of them is in."""

from __future__ import annotations

import json
from pathlib import Path

from sporen_runs import MSGSTORE, change, done, exported, ingest, new, of, phone

from forensics.case import Case
from forensics.ingest_told import told_of


def test_items_that_have_the_same_messages_are_counted_once(tmp_path: Path):
    first, later = phone(tmp_path / "first"), phone(tmp_path / "later")
    change(later / MSGSTORE, "UPDATE message SET starred = 1 WHERE _id = 5")
    case = new(tmp_path / "case")
    found = ingest(case, first, later)
    records = exported(case)
    assert found["messages"] == len(of(records, "message")) + len(of(records, "call"))
    assert found["flags"] == len(json.loads(done("flags", case, "--json").stdout)["flags"])
    tables = [each["tables"]["message"] for each in found["evidence"] if "message" in each["tables"]]
    assert len(tables) == 2
    assert sum(each["messages"] for each in tables) == len(of(records, "message"))
    assert sorted(each["skipped"].get("copy", 0) > 0 for each in tables) == [False, True]


def test_the_messages_of_a_case_are_looked_at_once(tmp_path: Path):
    folder = new(tmp_path / "case")
    found = ingest(folder, phone(tmp_path / "phone"))
    statements: list[str] = []
    with Case.open(folder) as case:
        case.db.set_trace_callback(statements.append)
        _files, messages, flags = told_of(case, [1])
        case.db.set_trace_callback(None)
    assert (messages, flags) == (found["messages"], found["flags"])
    assert sum(each.count("FROM message") for each in statements) == 1
