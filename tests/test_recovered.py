"""Rows that the app's database no longer shows become messages of their own, apart from the live ones."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import (
    MSGSTORE,
    balance,
    everything,
    export_bytes,
    exported,
    ingest,
    log,
    new,
    of,
    phone,
    verified,
)
from test_demo import DEMO, make

from forensics import engine, recovered_rows
from forensics.errors import DamagedEvidence

LOST = ("recovered", "uncommitted")
SECRET = "De sleutel ligt onder de mat bij de achterdeur"
BEFORE, AFTER = "Morgen om vier uur bij de brug", "Overmorgen om vijf uur op het plein"
Record = dict[str, Any]


def lost(records: list[Record]) -> list[Record]:
    """The messages that the database no longer shows."""
    return [each for each in of(records, "message") if each["state"] in LOST]


def said(records: list[Record], key: str) -> list[str]:
    """The notices on one message, by its place."""
    (message,) = [each for each in lost(records) if each["id"] == key]
    return [each["text"] for each in of(records, "notice") if each["source"] == message["source"]]


def absent(case: Path, *words: str) -> None:
    """None of the words is in any file of the case."""
    found = everything(case)
    assert not [word for word in words if word.encode() in found or word.encode("utf-16-le") in found]


def connect(database: Path) -> sqlite3.Connection:
    """A database that keeps its write-ahead log and erases nothing."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    return connection


def first_text(connection: sqlite3.Connection) -> tuple[int, str, str]:
    """Row id, key and text of a text message between two others."""
    found: tuple[int, str, str] = connection.execute(
        "SELECT _id, key_id, text_data FROM message WHERE message_type = 0 AND text_data IS NOT NULL"
        " ORDER BY _id LIMIT 1 OFFSET 2"
    ).fetchone()
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    assert make(folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def truth() -> Record:
    found: Record = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def demo_case(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = new(tmp_path_factory.mktemp("case") / "case")
    balance(ingest(case, demo))
    return case


@pytest.fixture(scope="module")
def demo_records(demo_case: Path) -> list[Record]:
    return exported(demo_case)


@pytest.fixture
def deleted(tmp_path: Path) -> Path:
    """A phone on which one message was deleted."""
    made = phone(tmp_path / "phone")
    with closing(connect(made / MSGSTORE)) as connection:
        rowid, _key, _text = first_text(connection)
        connection.execute("UPDATE message SET text_data = ? WHERE _id = ?", (SECRET, rowid))
        connection.execute("DELETE FROM message WHERE _id = ?", (rowid,))
    return made


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A phone on which a text was replaced, and the state of another message, with the log still there."""
    made = phone(tmp_path / "phone")
    database = made / MSGSTORE
    with closing(connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        rowid, _key, _text = first_text(connection)
        connection.execute("UPDATE message SET text_data = ? WHERE _id = ?", (BEFORE, rowid))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("UPDATE message SET text_data = ? WHERE _id = ?", (AFTER, rowid))
        connection.execute("UPDATE message SET starred = 1 - ifnull(starred, 0) WHERE _id > ?", (rowid,))
        for name in (database, Path(f"{database}-wal")):
            shutil.copyfile(name, tmp_path / name.name)
    for name in ("msgstore.db", "msgstore.db-wal"):
        shutil.copyfile(tmp_path / name, database.with_name(name))
    return made


# --- The demonstration phone --------------------------------------------------------------------------------


def test_deleted_rows_that_are_there_are_found_with_their_texts(demo_records: list[Record], truth: Record):
    found = {each["source"]["app_id"]: each["text"] for each in lost(demo_records)}
    for row in truth["deleted_rows"]:
        assert found[row["key_id"]] == row["text"]
    for row in truth["deleted_for_everyone"]:
        assert found.get(row["key_id"]) == row["text_still_in_main_file"]
    for row in truth["edited"]:
        assert found.get(row["key_id"]) == row["older_text_still_in_main_file"]
    older = [*truth["deleted_for_everyone"], *truth["edited"]]
    assert set(found) <= {row["key_id"] for row in (*truth["deleted_rows"], *older)}


def test_they_stand_in_the_conversation_they_were_in(demo_records: list[Record], truth: Record):
    chats = {each["id"]: each["handle"] for each in of(demo_records, "conversation")}
    where = {each["source"]["app_id"]: chats[each["conversation"]] for each in lost(demo_records)}
    assert all(where[row["key_id"]] == row["chat"] for row in truth["deleted_rows"])


def test_the_bytes_at_their_place_hold_their_text(demo: Path, demo_records: list[Record]):
    for each in lost(demo_records):
        for source in (each["source"], *each["also"]):
            data = (demo / source["path"]).read_bytes()
            text = each["text"].encode()
            assert text in data[source["offset"] : source["offset"] + 600]
            assert source["page"] is not None


def test_live_messages_are_what_they_are_without_a_recovery(
    demo: Path, demo_records: list[Record], tmp_path: Path
):
    case = new(tmp_path / "case")
    ingest(case, demo, "--no-recover")
    plain = exported(case)
    live = [each for each in of(demo_records, "message") if each["state"] not in LOST]
    assert live == of(plain, "message")
    assert of(demo_records, "participant") == of(plain, "participant")
    assert [each["detail"]["deleted_rows"] for each in log(case) if each["action"] == "parse.start"] == [
        "not looked for"
    ]
    assert any("deleted rows were not looked for" in each["text"] for each in of(plain, "notice"))
    assert verified(case, "--evidence", demo) == []


def test_no_message_is_there_twice(demo_records: list[Record]):
    messages = of(demo_records, "message")
    keys = [
        (each["conversation"], each["from_owner"], each["source"]["app_id"], each["text"])
        for each in messages
    ]
    assert len(keys) == len(set(keys))
    assert len({each["id"] for each in messages}) == len(messages)


def test_an_older_text_names_the_live_row(demo_records: list[Record], truth: Record):
    (row,) = [each for each in truth["edited"] if each["older_text_still_in_main_file"]]
    (older,) = [each for each in lost(demo_records) if each["source"]["app_id"] == row["key_id"]]
    (notice,) = said(demo_records, older["id"])
    assert f"an older version of row {row['id']} of message" in notice


def test_a_case_with_recovered_messages_verifies(demo: Path, demo_case: Path):
    assert verified(demo_case, "--evidence", demo) == []


def test_two_processes_recover_the_same(
    demo: Path, demo_case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "_WORTH_A_PROCESS", 0)
    case = new(tmp_path / "case")
    ingest(case, demo, "--workers", "2")
    assert export_bytes(case) == export_bytes(demo_case)


# --- Databases made here ------------------------------------------------------------------------------------


def test_a_deleted_message_is_recovered(deleted: Path, tmp_path: Path):
    case = new(tmp_path / "case")
    found = ingest(case, deleted)
    balance(found)
    (message,) = [each for each in lost(exported(case)) if each["text"] == SECRET]
    assert message["state"] == "recovered"
    (said_of_it,) = said(exported(case), message["id"])
    assert said_of_it == "this message was recovered: it was found in unused space of a page"
    assert (message["source"]["path"], message["source"]["table"]) == (MSGSTORE, "message")
    at = message["source"]["offset"]
    assert SECRET.encode() in (deleted / MSGSTORE).read_bytes()[at : at + 400]
    assert verified(case, "--evidence", deleted) == []


def test_an_older_text_in_the_log_is_a_record_and_a_new_star_is_none(edited: Path, tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, edited)
    records = exported(case)
    (message,) = [each for each in lost(records) if each["text"] == BEFORE]
    assert "an older version of row" in said(records, message["id"])[0]
    assert AFTER in [each["text"] for each in of(records, "message") if each["state"] == "live"]
    live = {
        (each["source"]["app_id"], each["text"])
        for each in of(records, "message")
        if each["state"] not in LOST
    }
    assert not [each for each in lost(records) if (each["source"]["app_id"], each["text"]) in live]
    assert verified(case, "--evidence", edited) == []


def test_two_runs_recover_the_same_bytes(edited: Path, tmp_path: Path):
    cases = [new(tmp_path / f"case-{number}") for number in (1, 2)]
    for case in cases:
        ingest(case, edited)
    assert export_bytes(cases[0]) == export_bytes(cases[1])


def test_recovered_rows_outside_the_period_leave_nothing(deleted: Path, tmp_path: Path):
    with closing(connect(deleted / MSGSTORE)) as connection:
        (newest,) = connection.execute("SELECT max(_id) FROM message").fetchone()
        # one message stays within the period, as large as before: nothing is moved
        connection.execute("UPDATE message SET timestamp = 1767268800000 WHERE _id = ?", (newest,))
    case = new(tmp_path / "case", "--from", "2026-01-01", "--until", "2026-01-01")
    balance(ingest(case, deleted))
    assert lost(exported(case)) == []
    absent(case, SECRET)
    notices = [each["text"] for each in of(exported(case), "notice") if each["severity"] == "scope"]
    assert any("recovered messages were left out" in each for each in notices)
    assert verified(case, "--evidence", deleted) == []


def test_recovered_rows_of_privileged_people_leave_nothing(deleted: Path, tmp_path: Path):
    whole = new(tmp_path / "whole")
    ingest(whole, deleted)
    records = exported(whole)
    (message,) = [each for each in lost(records) if each["text"] == SECRET]
    (chat,) = [each for each in of(records, "conversation") if each["id"] == message["conversation"]]
    (tmp_path / "privileged.txt").write_text(chat["handle"] + "\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, deleted)
    absent(case, SECRET)


def test_with_privileged_contacts_other_recovered_rows_are_kept(deleted: Path, tmp_path: Path):
    (tmp_path / "privileged.txt").write_text("+31600000999\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, deleted)
    assert SECRET in [each["text"] for each in lost(exported(case))]
    assert verified(case, "--evidence", deleted) == []


def test_with_privileged_contacts_a_row_without_its_chat_is_counted_only(deleted: Path, tmp_path: Path):
    with closing(connect(deleted / MSGSTORE)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM chat")
    plain = new(tmp_path / "plain")
    ingest(plain, deleted)
    assert SECRET in [each["text"] for each in lost(exported(plain))]
    (tmp_path / "privileged.txt").write_text("+31600000999\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, deleted)
    absent(case, SECRET)
    notices = [each["text"] for each in of(exported(case), "notice") if each["severity"] == "scope"]
    assert any("whose they were cannot be decided" in each for each in notices)


def test_more_rows_than_the_limit_are_told_of(deleted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recovered_rows, "MOST_ROWS", 0)
    case = new(tmp_path / "case")
    ingest(case, deleted)
    records = exported(case)
    assert lost(records) == []
    assert any("the rest was not read" in each["text"] for each in of(records, "notice"))


def test_a_recovery_that_fails_is_told_and_costs_nothing_else(
    deleted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_given: object, **_named: object) -> Any:
        raise DamagedEvidence("msgstore.db: nothing fits")

    monkeypatch.setattr(recovered_rows, "recover", fails)
    case = new(tmp_path / "case")
    balance(ingest(case, deleted))
    records = exported(case)
    assert [each for each in of(records, "message") if each["state"] == "live"]
    assert any("could not be looked for: msgstore.db" in each["text"] for each in of(records, "notice"))
