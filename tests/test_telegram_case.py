"""Telegram from evidence to case: every account of a phone, drafts beside the database, files."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("query", "number"),
    [("Amnesia", "26"), ('"today"', "27"), ("menu", "27"), ('"shop"', "26")],
)
def test_buttons_and_previews_are_found(case: Path, tmp_path: Path, query: str, number: str):
    ingest(case, BUILD.build("direct", tmp_path / "phone"))
    found = json.loads(done("search", case, query, "--json").stdout)
    known = {each["id"]: each["source"]["app_id"] for each in exported(case) if each["record"] == "message"}
    assert [known[each["id"]] for each in found["results"]] == [number]
    done("verify", case)


def test_what_else_a_message_says_is_found_by_its_words(case: Path, tmp_path: Path):
    """An event, the name of a file, an option of a poll, a card, the name of a place."""
    ingest(case, BUILD.build("media", tmp_path / "phone"))
    messages = [each for each in exported(case) if each["record"] == "message"]
    asked = [
        *(option["text"] for each in messages if each["poll"] for option in each["poll"]["options"]),
        *(card["name"] for each in messages for card in each["contacts"]),
        *(each["location"]["name"] for each in messages if each["location"] and each["location"]["name"]),
        *(file["filename"] for each in messages for file in each["attachments"] if file["filename"]),
    ]
    assert len(asked) >= 4
    for words in asked:
        quoted = '"' + words.replace('"', " ") + '"'
        assert json.loads(done("search", case, quoted, "--json").stdout)["count"] >= 1, words
