"""Texts that survive beside their message: tied to it as copies, found by the analysis, never originals."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from source_tree import ROOT
from sporen_runs import MSGSTORE, done, exported, ingest, new, of, verified
from unsynced import unsynced
from whatsapp_phones import PREFERENCES

SCHEMA = ROOT / "fixtures" / "whatsapp_android" / "schema"
TIME = 1_770_000_000_000
MENU = "Menu van vandaag\nWiet 5 gram 50 euro\nHasj 10 gram 60 euro\nCoke 1 gram 50 euro"
OLD_MENU = "Lijst\nXTC 10 stuks 40 euro\nKetamine 1 gram 30 euro\nSpeed 5 gram 35 euro"
# as the index keeps it: lower case, its signs set apart (reference 2.7)
INDEXED = (
    "lijst   xtc   10   stuks   40   euro   ketamine   1   gram   30   euro   speed   5   gram   35   euro"
)
PEOPLE = """
INSERT INTO jid (_id, user, server, type, raw_string) VALUES
  (1, '31600000100', 's.whatsapp.net', 0, '31600000100@s.whatsapp.net'),
  (2, '31600000001', 's.whatsapp.net', 0, '31600000001@s.whatsapp.net');
INSERT INTO chat (_id, jid_row_id) VALUES (1, 2);
"""


def row(rowid: int, text: str | None, *, kind: int = 0, from_me: int = 0) -> str:
    stored = "NULL" if text is None else f"'{text}'"
    return (
        "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp,"
        f" message_type, text_data, sort_id) VALUES ({rowid}, 1, {from_me}, 'K{rowid}', 0, 0,"
        f" {TIME + rowid * 60_000}, {kind}, {stored}, {rowid});"
    )


def quote(rowid: int, key: str, text: str) -> str:
    return (
        "INSERT INTO message_quoted (message_row_id, chat_row_id, parent_message_chat_row_id, from_me,"
        f" sender_jid_row_id, key_id, timestamp, message_type, text_data) VALUES ({rowid}, 1, 1, 0, 0,"
        f" '{key}', {TIME}, 0, '{text}');"
    )


def index(*rows: tuple[int, str]) -> str:
    values = ", ".join(f"({rowid}, '{text}')" for rowid, text in rows)
    return (
        "CREATE VIRTUAL TABLE message_ftsv2 USING fts4(content, fts_jid, fts_namespace);"
        f"INSERT INTO message_ftsv2 (docid, content) VALUES {values};"
    )


def phone(folder: Path, sql: str) -> Path:
    """A phone whose msgstore.db holds these rows beside the people."""
    database = folder / MSGSTORE
    database.parent.mkdir(parents=True)
    with closing(unsynced(database)) as connection:
        connection.executescript((SCHEMA / "modern.sql").read_text("utf-8"))
        connection.executescript(PEOPLE + sql)
    return folder


def case_of(tmp_path: Path, sql: str, *options: object) -> Path:
    case = new(tmp_path / "case", *options)
    ingest(case, phone(tmp_path / "phone", sql))
    return case


def copies(case: Path) -> list[dict[str, Any]]:
    """The raw values of the copies in an export, each with its table and row id."""
    return [
        {**json.loads(each["raw"]), "at": (each["source"]["table"], each["source"]["rowid"])}
        for each in of(exported(case), "notice")
        if each["severity"] == "copy"
    ]


def by_row(case: Path) -> dict[int, dict[str, Any]]:
    return {each["source"]["rowid"]: each for each in of(exported(case), "message")}


DELETED = row(2, None, kind=15) + row(3, "top", from_me=1) + quote(3, "K2", MENU)


def test_a_deleted_text_in_a_quote_is_a_copy_of_its_message(tmp_path: Path):
    case = case_of(tmp_path, DELETED)
    rows = by_row(case)
    assert (rows[2]["text"], rows[2]["state"]) == (None, "deleted_for_everyone")
    (copy,) = copies(case)
    assert copy["at"] == ("message_quoted", 3)
    assert (copy["text"], copy["origin"], copy["reason"]) == (MENU, "quote", "deleted for everyone")
    assert (copy["copy_of"], copy["holder"], copy["app_id"]) == (rows[2]["id"], rows[3]["id"], "K2")
    assert copy["normalised"] is False
    assert verified(case, "--evidence", tmp_path / "phone") == []


def test_a_menu_that_only_a_quote_keeps_is_flagged_and_marked_as_a_copy(tmp_path: Path):
    case = case_of(tmp_path, DELETED)
    deleted = by_row(case)[2]
    menu = next(each for each in of(exported(case), "flag") if each["kind"] == "menu")
    assert menu["messages"] == [deleted["id"]]
    assert menu["own"] == []
    assert [(each["message"], each["origin"], each["text"]) for each in menu["copies"]] == [
        (deleted["id"], "quote", MENU)
    ]
    assert {each["substance"] for each in menu["items"]} >= {"cannabis", "hash", "cocaine"} or menu["items"]
    assert all(rule["copy"] == "quote" and rule["message"] == deleted["id"] for rule in menu["rules"])
    assert "[copy: quote] Menu van vandaag" in done("flags", case).stdout


def test_a_menu_of_a_message_that_is_gone_stands_beside_its_answer_under_its_own_sender(tmp_path: Path):
    case = case_of(tmp_path, row(3, "top", from_me=1) + quote(3, "WEG", MENU))
    answer = by_row(case)[3]
    (copy,) = copies(case)
    assert (copy["copy_of"], copy["holder"], copy["reason"], copy["from_owner"]) == (
        None,
        answer["id"],
        "gone",
        False,
    )
    assert copy["sender"] != answer["sender"]
    menu = next(each for each in of(exported(case), "flag") if each["kind"] == "menu")
    assert menu["messages"] == [answer["id"]]
    assert menu["copies"][0]["sender"] == copy["sender"]


def test_two_answers_that_quote_one_deleted_menu_are_one_flag(tmp_path: Path):
    case = case_of(tmp_path, DELETED + row(4, "ja", from_me=1) + quote(4, "K2", MENU))
    assert len(copies(case)) == 2
    assert len([each for each in of(exported(case), "flag") if each["kind"] == "menu"]) == 1


EDITED = row(2, MENU) + f"INSERT INTO message_edit_info VALUES (2, 'K2', {TIME}, {TIME});"


def test_the_index_of_words_keeps_a_normalised_copy_of_what_was_edited(tmp_path: Path):
    case = case_of(tmp_path, EDITED + index((2, INDEXED)))
    (copy,) = copies(case)
    assert copy["at"] == ("message_ftsv2_content", 2)
    assert (copy["text"], copy["origin"], copy["reason"]) == (INDEXED, "index of words", "edited")
    assert (copy["normalised"], copy["copy_of"]) == (True, by_row(case)[2]["id"])
    (text,) = {e["text"] for e in of(exported(case), "notice") if e["severity"] == "copy"}
    assert "a copy, normalised, not the original" in text


def test_an_edited_list_and_the_copy_of_the_older_one_are_two_flags_of_one_message(tmp_path: Path):
    case = case_of(tmp_path, EDITED + row(3, "top", from_me=1) + quote(3, "K2", OLD_MENU))
    menus = [each for each in of(exported(case), "flag") if each["kind"] == "menu"]
    (message,) = {key for each in menus for key in each["messages"]}
    assert message == by_row(case)[2]["id"]
    assert sorted("copies" in each for each in menus) == [False, True]


def test_a_quote_that_says_what_the_edited_message_says_is_no_copy(tmp_path: Path):
    assert copies(case_of(tmp_path, EDITED + row(3, "top") + quote(3, "K2", MENU))) == []


def test_an_index_that_holds_the_text_of_now_is_no_copy(tmp_path: Path):
    same = "  ".join(MENU.lower().split())
    assert copies(case_of(tmp_path, EDITED + index((2, same)))) == []


def test_the_index_of_words_keeps_texts_of_messages_that_are_gone(tmp_path: Path):
    case = case_of(
        tmp_path, row(2, "hoi") + row(4, "dag") + index((2, "hoi"), (3, "was weg"), (9, "ook weg"))
    )
    assert [(each["at"][1], each["text"], each["reason"], each["copy_of"]) for each in copies(case)] == [
        (3, "was weg", "gone", None),
        (9, "ook weg", "gone", None),
    ]


def test_the_preview_of_a_link_survives_the_text(tmp_path: Path):
    sql = row(2, None, kind=15) + (
        "INSERT INTO message_text (message_row_id, description, page_title, url)"
        " VALUES (2, 'Alles uit voorraad', 'Winkel', 'https://winkel.example/lijst');"
    )
    (copy,) = copies(case_of(tmp_path, sql))
    assert copy["origin"] == "link preview"
    assert copy["text"] == "https://winkel.example/lijst\nWinkel\nAlles uit voorraad"


def test_show_prints_the_copy_beside_its_message_with_its_own_source(tmp_path: Path):
    case = case_of(tmp_path, DELETED)
    key = by_row(case)[2]["id"]
    shown = done("show", case, key).stdout
    assert f"copy of this message (deleted for everyone), quote in {MSGSTORE} message_quoted 3" in shown
    (copy,) = json.loads(done("show", case, key, "--json").stdout)["copies"]
    assert (copy["text"], copy["source"]["table"], copy["source"]["rowid"]) == (MENU, "message_quoted", 3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("kopie, niet het origineel", "kopie, citaat")),
        ("en", ("copy, not the original", "copy, quote")),
    ],
)
def test_the_report_prints_the_copy_beside_its_message(tmp_path: Path, language: str, words: tuple[str, ...]):
    case = case_of(tmp_path, DELETED)
    done("report", case, "-o", tmp_path / "out", "--format", "html", "--language", language)
    pages = "".join(file.read_text("utf-8") for file in sorted((tmp_path / "out").rglob("*.html")))
    assert all(each in pages for each in words)
    assert "Wiet 5 gram 50 euro" in pages


def test_a_copy_outside_the_period_is_not_read(tmp_path: Path):
    case = case_of(tmp_path, DELETED + row(20_000, "later"), "--from", "2026-02-05")
    everything = json.dumps(exported(case))
    assert "Wiet 5 gram" not in everything
    assert "later" in everything


def test_a_copy_of_a_privileged_contact_is_not_read(tmp_path: Path):
    secret = tmp_path / "privileged.txt"
    secret.write_text("+31600000001\n", "utf-8")
    sql = DELETED + index((9, "weg van wie dan ook"))
    case = new(tmp_path / "case", "--privileged", secret)
    ingest(case, phone(tmp_path / "phone", sql))
    everything = json.dumps(exported(case))
    assert "Wiet 5 gram" not in everything
    assert "weg van wie" not in everything
    assert "copies of texts of messages were left out" in everything


def with_backup(tmp_path: Path, now: str, before: str, *, is_first: bool) -> Path:
    """A case of a phone as it is and as it was before."""
    items = [phone(tmp_path / "old", before), phone(tmp_path / "phone", now)]
    for item in items:
        (item / PREFERENCES).parent.mkdir(parents=True)
        (item / PREFERENCES).write_text('<map><string name="registration_jid">31600000100</string></map>')
    case = new(tmp_path / "case")
    for item in items if is_first else reversed(items):
        ingest(case, item)
    return case


@pytest.mark.parametrize("is_first", [True, False], ids=["backup first", "phone first"])
def test_a_text_that_an_older_database_still_has_is_not_read_as_a_copy_too(tmp_path: Path, is_first: bool):
    case = with_backup(tmp_path, DELETED, row(2, MENU), is_first=is_first)
    assert [each["text"] for each in by_row(case)[2]["edits"]] == [MENU]
    (menu,) = [each for each in of(exported(case), "flag") if each["kind"] == "menu"]
    assert "copies" not in menu
    assert len(copies(case)) == 1


@pytest.mark.parametrize("is_first", [True, False], ids=["backup first", "phone first"])
def test_an_older_list_that_a_quote_and_an_older_database_keep_is_flagged_beside_that_of_now(
    tmp_path: Path, is_first: bool
):
    now = EDITED + row(3, "top", from_me=1) + quote(3, "K2", OLD_MENU)
    case = with_backup(tmp_path, now, row(2, OLD_MENU), is_first=is_first)
    assert [each["text"] for each in by_row(case)[2]["edits"]] == [OLD_MENU]
    menus = [each for each in of(exported(case), "flag") if each["kind"] == "menu"]
    assert sorted("copies" in each for each in menus) == [False, True]
    done("report", case, "-o", tmp_path / "out", "--format", "html")
    pages = "".join(file.read_text("utf-8") for file in sorted((tmp_path / "out").rglob("*.html")))
    assert "XTC 10 stuks" in pages
