"""Telegram from evidence to case: every account of a phone, drafts beside the database, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from sporen_runs import done, exported, ingest, new
from telegram_installations import load

BUILD = load("build")
FILES = "data/data/org.telegram.messenger/files"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


def test_each_account_of_a_phone_is_read_with_its_own_owner(case: Path, tmp_path: Path):
    told = ingest(case, BUILD.build("accounts", tmp_path / "phone"))
    assert {each["path"] for each in told["evidence"]} == {
        f"{FILES}/cache4.db",
        f"{FILES}/account1/cache4.db",
    }
    records = exported(case)
    accounts = {each["handle"]: each["name"] for each in records if each["record"] == "account"}
    assert accounts == {"100000100": "Noor Vermeer", "5000000003": "Dirk Dekker"}
    texts = {each["text"]: each["from_owner"] for each in records if each["record"] == "message"}
    assert texts == {"old": False, "deleted in the log": False, "to Bram from Dirk": True}


def test_a_draft_has_the_file_of_preferences_as_its_source(case: Path, tmp_path: Path):
    phone = BUILD.build("unsent", tmp_path / "phone")
    ingest(case, phone)
    (draft,) = [each for each in exported(case) if each["record"] == "message" and each["status"] == "draft"
                and each["text"] == "I was about to say"]  # fmt: skip
    assert draft["sent_at"] is None
    assert draft["source"]["path"].endswith("shared_prefs/drafts.xml")
    assert draft["source"]["table"] is None
    done("verify", case, "--evidence", phone)
    assert "no row in a table" in done("show", case, draft["id"], "--evidence", phone).stdout


def test_files_are_found_by_the_database_of_the_same_account(case: Path, tmp_path: Path):
    phone = BUILD.build("media", tmp_path / "phone")
    second = phone / FILES / "account1"
    second.mkdir()
    for name in ("cache4.db", "file_to_path.db"):
        (second / name).write_bytes((phone / FILES / name).read_bytes())
    ingest(case, phone)
    (found,) = [e for e in exported(case) if e["record"] == "message" and e["source"]["app_id"] == "107"]
    assert [each["present"] for each in found["attachments"]] == [True]
    # both databases are of one owner and say the same: one record, which is the case only with the same file
    paths = {found["source"]["path"], *(each["path"] for each in found["also"])}
    assert paths == {f"{FILES}/cache4.db", f"{FILES}/account1/cache4.db"}
