"""A call deleted from the table of calls is told of, through its parser, apart from the live ones."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import balance, export_bytes, exported, ingest, new, of, verified
from test_recovered_apps import built, delete

# parser's fixtures, case, name of the database, table of calls
APPS = [
    ("whatsapp_android", "calls", "msgstore.db", "call_log"),
    ("signal_android", "modern", "signal.db", "call"),
    ("signal_ios", "modern", "signal.sqlite", "CallRecord"),
    ("signal_desktop", "modern", "db.sqlite", "callsHistory"),
]


def told(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The notices of recovered calls."""
    return [each for each in of(records, "notice") if each["text"].startswith("a call was recovered")]


def prepared(parser: str, case: str, name: str, folder: Path) -> tuple[Path, Path]:
    evidence = built(parser, case, folder / "phone")
    return evidence, next(each for each in evidence.rglob(name) if each.is_file())


@pytest.mark.parametrize(("parser", "case", "name", "table"), APPS)
def test_a_deleted_call_is_told_with_its_place_and_what_was_read_of_it(
    parser: str, case: str, name: str, table: str, tmp_path: Path
):
    evidence, database = prepared(parser, case, name, tmp_path)
    before = new(tmp_path / "before")
    ingest(before, evidence)
    calls = [each for each in of(exported(before), "call") if each["source"]["table"] == table]
    assert told(exported(before)) == []
    gone = calls[-1]
    delete(database, table, gone["source"]["rowid"])
    after = new(tmp_path / "after")
    balance(ingest(after, evidence))
    records = exported(after)
    left = [each["source"] for each in of(records, "call") if each["source"]["table"] == table]
    assert [each["rowid"] for each in left] == [each["source"]["rowid"] for each in calls[:-1]]
    (notice,) = told(records)
    assert notice["severity"] == "recovered"
    assert "it was found in " in notice["text"]
    source = notice["source"]
    assert source["table"] == table
    assert source["page"] is not None
    page = database.read_bytes()
    assert 0 < source["offset"] < len(page)
    read = json.loads(notice["raw"])
    same = ("record", "app", "from_owner", "at", "seconds", "video", "result")
    assert {key: read[key] for key in same} == {key: gone[key] for key in same}
    assert read["state"] == "recovered"
    assert verified(after, "--evidence", evidence) == []
    again = new(tmp_path / "again")
    ingest(again, evidence)
    assert export_bytes(again) == export_bytes(after)


def test_a_call_that_is_live_is_not_told_again(tmp_path: Path):
    """A row that was written twice leaves a copy of itself."""
    evidence, database = prepared("whatsapp_android", "calls", "msgstore.db", tmp_path)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        row = connection.execute("SELECT * FROM call_log ORDER BY _id LIMIT 1").fetchone()
        connection.execute("DELETE FROM call_log WHERE _id = ?", row[:1])
        connection.execute(f"INSERT INTO call_log VALUES({', '.join('?' * len(row))})", row)
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    assert told(exported(case)) == []


def test_an_earlier_state_of_a_call_names_the_live_one(tmp_path: Path):
    evidence, database = prepared("whatsapp_android", "calls", "msgstore.db", tmp_path)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        rowid, duration = connection.execute(
            "SELECT _id, duration FROM call_log WHERE duration > 0 ORDER BY _id LIMIT 1"
        ).fetchone()
        connection.execute("UPDATE call_log SET duration = duration + 60 WHERE _id = ?", (rowid,))
        main, wal = database.read_bytes(), Path(f"{database}-wal").read_bytes()
    database.write_bytes(main)
    Path(f"{database}-wal").write_bytes(wal)
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    records = exported(case)
    (live,) = [each for each in of(records, "call") if each["source"]["rowid"] == rowid]
    assert live["seconds"] == duration + 60
    (notice,) = told(records)
    assert f"is live as {live['id']} and says something else" in notice["text"]
    read = json.loads(notice["raw"])
    assert (read["seconds"], read["state"]) == (duration, "older_version")


def test_recovered_calls_outside_the_period_leave_nothing(tmp_path: Path):
    evidence, database = prepared("whatsapp_android", "calls", "msgstore.db", tmp_path)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE call_log SET timestamp = 946684800000 WHERE _id = 2")  # 1 January 2000
        connection.execute("VACUUM")
    delete(database, "call_log", 2)
    case = new(tmp_path / "case", "--from", "2024-03-01", "--until", "2024-03-31")
    ingest(case, evidence)
    records = exported(case)
    assert told(records) == []
    assert any("recovered calls were left out" in each["text"] for each in of(records, "notice"))


def test_with_privileged_contacts_a_call_of_nobody_known_is_counted_as_a_call(tmp_path: Path):
    """The conversation's row is gone, so that the caller cannot be known."""
    evidence, database = prepared("whatsapp_android", "calls", "msgstore.db", tmp_path)
    delete(database, "call_log", 2)
    plain = new(tmp_path / "plain")
    ingest(plain, evidence)
    assert len(told(exported(plain))) == 1
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM jid")
    (tmp_path / "privileged.txt").write_text("+31600000999\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, evidence)
    records = exported(case)
    assert told(records) == []
    left_out = [each["text"] for each in of(records, "notice") if "cannot be decided" in each["text"]]
    assert len([text for text in left_out if text.startswith("1 recovered calls were left out")]) == 1
    assert not [text for text in left_out if "messages" in text]
