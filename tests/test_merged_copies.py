"""A phone with its own backup beside the live database: each message is one record with two sources."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, done, ingest, messages, new, phone, verified
from whatsapp_backups import ROOT_FILE, crypt15

BACKUP = "data/media/0/Android/media/com.whatsapp/WhatsApp/Databases/msgstore.db.crypt15"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = phone(tmp_path / "phone")
    live = folder / MSGSTORE
    backup = folder / BACKUP
    backup.parent.mkdir(parents=True)
    backup.write_bytes(crypt15(live.read_bytes()))
    (folder / "data/data/com.whatsapp/files").mkdir(parents=True, exist_ok=True)
    (folder / "data/data/com.whatsapp/files/encrypted_backup.key").write_bytes(ROOT_FILE)
    return folder


def test_each_message_is_one_record_that_names_the_backup_too(evidence: Path, tmp_path: Path) -> None:
    alone = new(tmp_path / "alone")
    done("ingest", alone, evidence / MSGSTORE)
    case = new(tmp_path / "case")
    document = ingest(case, evidence)
    found = messages(case)
    assert len(found) == len(messages(alone))
    with_id = [each for each in found if each["source"]["app_id"]]
    assert all(each["source"]["path"] == MSGSTORE for each in found)
    assert all(f"{BACKUP}!/msgstore.db" in {also["path"] for also in each["also"]} for each in with_id)
    tables = {each["path"]: each["tables"] for each in document["evidence"]}
    assert tables[f"{BACKUP}!/msgstore.db"]["message"]["skipped"]["copy"] == len(with_id)
    assert verified(case, "--evidence", evidence) == []


def test_what_the_backup_says_otherwise_is_an_older_text_of_the_same_message(
    evidence: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(evidence / MSGSTORE, isolation_level=None)) as connection:
        connection.execute("UPDATE message SET text_data = 'changed later' WHERE _id = 2")
    case = new(tmp_path / "case")
    ingest(case, evidence)
    (found,) = (each for each in messages(case) if each["source"]["rowid"] == 2)
    assert (found["source"]["path"], found["text"]) == (MSGSTORE, "changed later")
    assert found["edits"] == [{"at": None, "text": "Hoi, ben je thuis?"}]
    assert verified(case, "--evidence", evidence) == []


def test_a_merged_record_that_was_changed_is_found(evidence: Path, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, evidence)
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as connection:
        connection.execute("UPDATE message SET text = 'forged' WHERE row_id = 2")
    assert any(
        "is not what the evidence says" in each for each in verified(case, "--evidence", evidence, code=1)
    )


def test_a_delivery_is_compared_with_the_evidence_record_by_record(evidence: Path, tmp_path: Path) -> None:
    case, delivery = new(tmp_path / "case"), tmp_path / "delivery"
    ingest(case, evidence)
    done("report", case, "-o", delivery, "--format", "jsonl")
    assert verified(delivery, "--evidence", evidence) == []
    told = done("verify", delivery).stderr
    assert hashlib.sha256((delivery / "tagmanifest-sha256.txt").read_bytes()).hexdigest() in told
    path = delivery / "data" / "messages.jsonl"
    path.write_text(path.read_text("utf-8").replace("Hoi, ben je thuis?", "Hoi, ben je weg?"), "utf-8")
    assert any(
        "is not what the evidence says" in e for e in verified(delivery, "--evidence", evidence, code=1)
    )
