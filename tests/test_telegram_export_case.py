"""Telegram Desktop's exports from evidence to case: in a folder, a zip, alone; what authority leaves out."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from sporen_runs import done, exported, ingest, new
from test_telegram_export import FOLDER

PICTURE = hashlib.sha256(b"not really a picture").hexdigest()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


def messages(case: Path) -> list[dict]:
    return [each for each in exported(case) if each["record"] == "message"]


def test_an_export_in_a_folder_a_zip_and_as_a_file_says_the_same(case: Path, tmp_path: Path):
    folder = tmp_path / "phone" / "Downloads" / "ChatExport_2026-02-01"
    shutil.copytree(FOLDER / "single", folder)
    shutil.make_archive(str(tmp_path / "export"), "zip", FOLDER / "single")
    found = []
    for number, (path, is_whole) in enumerate(
        ((folder.parent.parent, True), (tmp_path / "export.zip", True), (folder / "result.json", False))
    ):
        other = new(tmp_path / f"case{number}")
        told = ingest(other, path)
        (document,) = told["evidence"]
        assert (document["app"], document["platform"]) == ("telegram", "export")
        assert document["tables"]["message"] == {"rows": 16, "messages": 16, "skipped": {}, "failed": 0}
        (attachment,) = next(each for each in messages(other) if each["source"]["app_id"] == "2")[
            "attachments"
        ]
        assert (attachment["present"], attachment["sha256"]) == (
            (True, PICTURE) if is_whole else (False, None)
        )
        found.append([(each["text"], each["kind"], each["sent_at"]) for each in messages(other)])
        done("verify", other, "--evidence", path)
    assert found[0] == found[1] == found[2]


def test_what_buttons_say_is_found_and_shown_from_its_place(case: Path):
    ingest(case, FOLDER / "single")
    (hit,) = json.loads(done("search", case, "Amnesia", "--json").stdout)["results"]
    shown = done("show", case, hit["id"], "--evidence", FOLDER / "single").stdout
    assert "Amnesia 10g" in shown


def test_pages_and_lists_of_html_are_read_together(case: Path, tmp_path: Path):
    folder = tmp_path / "ChatExport"
    shutil.copytree(FOLDER / "html", folder)
    told = ingest(case, folder, code=3)  # the second page is cut off
    assert {each["path"] for each in told["evidence"]} == {"messages.html", "messages2.html"}
    found = messages(case)
    assert len({each["conversation"] for each in found}) == 1
    assert len(found) == 11
    assert sum(each["attachments"] != [] and each["attachments"][0]["present"] for each in found) == 1
    done("verify", case, "--evidence", folder)


def test_a_privileged_person_is_left_out_of_a_whole_account(tmp_path: Path):
    (tmp_path / "privileged.txt").write_text("+31 6 0000 0101\n", "utf-8")
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, FOLDER / "account")
    assert not [each for each in messages(case) if each["text"] == "oud"]
    assert "Bram Kist" not in {name["name"] for each in exported(case) if each["record"] == "participant"
                               for name in each["names"]}  # fmt: skip


def test_what_is_outside_the_period_is_counted_and_left_out(tmp_path: Path):
    case = new(tmp_path / "case", "--from", "2026-01-31")
    told = ingest(case, FOLDER / "account")
    (document,) = told["evidence"]
    assert document["tables"]["story"]["skipped"] == {"scope": 2}
    assert document["tables"]["message"]["messages"] == 8


def test_characters_that_no_page_shows_are_kept(case: Path, tmp_path: Path):
    file = tmp_path / "result.json"
    file.write_text(
        '{"name": "B", "type": "personal_chat", "id": 5, "messages": [{"id": 1, "type": "message",'
        ' "date_unixtime": "1769857200", "from": "B\\u0000", "from_id": "user5",'
        ' "text": "a\\u0000b\\ud83d"}]}',
        "utf-8",
    )
    ingest(case, file)
    (message,) = messages(case)
    assert message["text"] == "a\0b\ufffd"
    done("verify", case, "--evidence", file)
