"""The demonstration phone: the same in every run, sane as a WhatsApp database, at one with its truth.json."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
DATABASES = Path("data/data/com.whatsapp/databases")
SHARED = Path("data/media/0/Android/media/com.whatsapp/WhatsApp")


def make(folder, truth=None, **environment):
    command = [sys.executable, "-B", "-W", "error", str(DEMO / "make_demo.py"), str(folder)]
    if truth is not None:
        command += ["--truth", str(truth)]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    base = tmp_path_factory.mktemp("demo")
    done = make(base / "phone", base / "truth.json")
    assert done.returncode == 0, done.stderr
    return base / "phone"


@pytest.fixture(scope="module")
def truth():
    return json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def whole(phone, tmp_path):
    """A private copy of msgstore.db with its write-ahead log."""
    for name in ("msgstore.db", "msgstore.db-wal"):
        shutil.copyfile(phone / DATABASES / name, tmp_path / name)
    with closing(sqlite3.connect(tmp_path / "msgstore.db")) as connection:
        yield connection


@pytest.fixture
def main_only(phone, tmp_path):
    """What a tool sees that leaves the write-ahead log behind."""
    (tmp_path / "alone").mkdir()
    shutil.copyfile(phone / DATABASES / "msgstore.db", tmp_path / "alone" / "msgstore.db")
    with closing(sqlite3.connect(tmp_path / "alone" / "msgstore.db")) as connection:
        yield connection


@pytest.fixture
def maker(monkeypatch):
    """Imports a module of the maker and leaves no trace of it for other tests."""
    monkeypatch.syspath_prepend(str(DEMO))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(DEMO) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def one(connection, query, *values):
    return connection.execute(query, values).fetchone()[0]


def hashes(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_runs_under_other_settings_give_the_same_bytes(phone, tmp_path):
    done = make(tmp_path / "again", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "again") == hashes(phone)


def test_the_committed_truth_is_what_the_maker_makes(phone, truth):
    assert json.loads((phone.parent / "truth.json").read_text(encoding="utf-8")) == truth


def test_a_folder_with_content_is_refused_and_left_alone(tmp_path):
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    done = make(tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_only_the_log_holds_the_newest_rows(whole, main_only, truth):
    newest = truth["newest_in_main_file_before"]
    assert one(main_only, "SELECT max(timestamp) FROM message") < newest
    assert one(main_only, "SELECT count(*) FROM message") == truth["counts"]["messages_in_main_file"] + 1
    assert one(whole, "SELECT count(*) FROM message") == truth["counts"]["rows"]
    assert one(whole, "SELECT count(*) FROM message WHERE timestamp >= ?", newest) == 157
    assert one(main_only, "SELECT count(*) FROM message WHERE text_data LIKE '%3-CMC 1g €12%'") == 0
    assert one(whole, "SELECT count(*) FROM message WHERE text_data LIKE '%3-CMC 1g €12%'") == 13


def test_the_log_is_read_to_its_last_frame(phone, whole):
    log = (phone / DATABASES / "msgstore.db-wal").read_bytes()
    busy, frames, _ = whole.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    assert (busy, frames) == (0, (len(log) - 32) // (24 + 4096))


def test_a_log_with_one_changed_byte_loses_its_last_rows(phone, tmp_path, truth):
    shutil.copyfile(phone / DATABASES / "msgstore.db", tmp_path / "msgstore.db")
    log = bytearray((phone / DATABASES / "msgstore.db-wal").read_bytes())
    log[len(log) // 2] ^= 1
    (tmp_path / "msgstore.db-wal").write_bytes(log)
    with closing(sqlite3.connect(tmp_path / "msgstore.db")) as connection:
        assert one(connection, "SELECT count(*) FROM message") < truth["counts"]["rows"]


def test_both_databases_pass_the_integrity_check(whole, phone, tmp_path):
    shutil.copyfile(phone / DATABASES / "wa.db", tmp_path / "wa.db")
    assert one(whole, "PRAGMA integrity_check") == "ok"
    with closing(sqlite3.connect(tmp_path / "wa.db")) as contacts:
        assert one(contacts, "PRAGMA integrity_check") == "ok"
        assert one(contacts, "SELECT display_name FROM wa_contacts WHERE jid LIKE '31600000072@%'") == "Oom B"
        assert one(contacts, "SELECT verified_name FROM wa_vnames WHERE jid LIKE '31600000100@%'") == (
            "Bakkerij De Korenaar"
        )
    assert not (phone / DATABASES / "wa.db-wal").exists()
    assert not (phone / DATABASES / "msgstore.db-shm").exists()


def test_counts_are_those_of_a_year(whole, truth):
    assert truth["counts"]["messages"] == one(whole, "SELECT count(*) - 1 FROM message")
    assert 1900 <= truth["counts"]["messages"] <= 2100
    assert truth["counts"]["chats"] == one(whole, "SELECT count(*) FROM chat") == 58
    assert truth["counts"]["calls"] == one(whole, "SELECT count(*) FROM call_log") == 50
    texts = Counter(
        row[0]
        for row in whole.execute("SELECT text_data FROM message WHERE text_data > '' AND broadcast = 0")
    )
    assert len(texts) > 1200


def test_the_sentinel_row_comes_first(whole):
    row = whole.execute(
        "SELECT _id, chat_row_id, key_id, status, timestamp FROM message ORDER BY _id"
    ).fetchone()
    assert row == (1, -1, "-1", -1, None)


def test_every_kind_of_message_is_there(whole):
    kinds = dict(whole.execute("SELECT message_type, count(*) FROM message GROUP BY 1"))
    for code in (0, 1, 2, 3, 4, 5, 7, 9, 13, 15, 16, 20, 42, 64, 66, 90):
        assert kinds.get(code, 0) > 0, code


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("message_quoted", 5),
        ("message_add_on_reaction", 50),
        ("message_add_on_poll_vote_selected_option", 20),
        ("message_edit_info", 2),
        ("message_revoked", 3),
        ("message_ephemeral", 4),
        ("message_ephemeral_setting", 2),
        ("message_forwarded", 3),
        ("message_mentions", 2),
        ("message_vcard_jid", 1),
        ("message_location", 4),
        ("message_call_log", 2),
        ("call_log_participant_v2", 8),
        ("message_system_chat_participant", 4),
        ("message_system_value_change", 1),
        ("newsletter_message", 8),
        ("receipt_user", 400),
        ("group_participant_user", 40),
        ("jid_map", 30),
        ("deleted_chat_job", 1),
        ("message_details", 1),
        ("message_view_once_media", 1),
        ("message_add_on_pin_in_chat", 1),
    ],
)
def test_side_tables_have_rows(whole, table, least):
    assert one(whole, f"SELECT count(*) FROM {table}") >= least


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM message WHERE _id > 1 AND chat_row_id NOT IN (SELECT _id FROM chat)",
        "SELECT count(*) FROM message WHERE sender_jid_row_id > 0"
        " AND sender_jid_row_id NOT IN (SELECT _id FROM jid)",
        "SELECT count(*) FROM chat WHERE jid_row_id NOT IN (SELECT _id FROM jid)",
        "SELECT count(*) FROM message m JOIN chat c ON c._id = m.chat_row_id"
        " JOIN jid j ON j._id = c.jid_row_id"
        " WHERE j.server = 'g.us' AND m.from_me = 0 AND m.message_type <> 7 AND m.sender_jid_row_id = 0",
        "SELECT count(*) FROM message WHERE timestamp % 1000 <> 0 AND from_me = 0",
        "SELECT count(*) FROM message_poll_option o WHERE vote_total <> (SELECT count(*)"
        " FROM message_add_on_poll_vote_selected_option s WHERE s.message_poll_option_id = o._id)",
    ],
)
def test_no_row_points_nowhere(whole, query):
    assert one(whole, query) == 0


def test_a_removed_reaction_and_an_unsent_message_are_there(whole):
    assert one(whole, "SELECT count(*) FROM message_add_on_reaction WHERE reaction = ''") == 1
    rows = whole.execute("SELECT text_data, status FROM message WHERE from_me = 1 ORDER BY _id DESC LIMIT 2")
    assert rows.fetchall() == [("Zo online", 0), ("Telefoon deed raar", 4)]


def test_messages_are_numbered_in_order_of_time(whole):
    times = [row[0] for row in whole.execute("SELECT timestamp FROM message WHERE _id > 1 ORDER BY _id")]
    assert times == sorted(times)


def test_all_numbers_are_of_the_fictitious_ranges(whole):
    for user, server in whole.execute("SELECT user, server FROM jid"):
        if server == "s.whatsapp.net":
            assert user == "0" or re.fullmatch(r"316000000\d\d|316000001\d\d", user), user
        if server == "lid":
            assert re.fullmatch(r"1000000000\d{5}", user), user


def test_one_direct_chat_has_a_lid_that_maps_to_no_number(whole):
    rows = whole.execute(
        "SELECT j.raw_string FROM chat c JOIN jid j ON j._id = c.jid_row_id"
        " WHERE j.server = 'lid' AND j._id NOT IN (SELECT lid_row_id FROM jid_map)"
    ).fetchall()
    assert rows == [("100000000000095@lid",)]


def test_every_message_the_truth_names_exists(whole, truth):
    rows = {
        row[0]: (row[1], row[2])
        for row in whole.execute(
            "SELECT m._id, j.raw_string, m.key_id FROM message m"
            " JOIN chat c ON c._id = m.chat_row_id JOIN jid j ON j._id = c.jid_row_id"
        )
    }
    named = [place for menu in truth["menus"] for place in (menu, *menu["copies"])]
    named += truth["edited"] + truth["deleted_for_everyone"] + truth["media"]["changed"]
    for group in truth["deals"] + truth["mentions"] + truth["decoys"]:
        named += [{**message, "chat": group["chat"]} for message in group["messages"]]
    assert len(named) > 800
    for place in named:
        assert rows[place["id"]] == (place["chat"], place["key_id"])


def test_a_menu_stands_in_the_database_as_it_was_written(whole, truth, maker):
    menus = maker("menus").MENUS
    for menu in truth["menus"]:
        stored = one(whole, "SELECT text_data FROM message WHERE _id = ?", menu["id"])
        expected = None if menu["deleted_for_everyone"] else menus[menu["menu"]].text
        assert stored == expected
        assert menu["items"]
        for place in menu["copies"]:
            assert one(whole, "SELECT text_data FROM message WHERE _id = ?", place["id"]) == expected


def test_every_price_of_an_item_stands_in_its_menu(maker):
    words = {50: "vijftig euro", 140: "honderdveertig euro", 100: "honderd euro"}
    for name, menu in maker("menus").MENUS.items():
        text = menu.text.replace(".", "")
        for item in menu.as_json():
            price = int(item["price"])
            found = re.search(rf"(?<!\d){price}(?!\d)", text) or (name == "2026-01" and words[price] in text)
            assert found, (name, item)
        assert ("€" in menu.text or "euro" in menu.text) == (menu.currency == "EUR")


def test_menus_go_out_in_every_way(truth):
    audiences = Counter(menu["audience"] for menu in truth["menus"])
    assert audiences == {"broadcast": 15, "status": 5, "direct": 5, "newsletter": 2, "group": 1}
    assert {deal["kind"] for deal in truth["deals"]} == {
        "retail",
        "medicine",
        "courier",
        "wholesale",
        "supply",
        "ledger",
    }
    assert sum(deal["implicit"] for deal in truth["deals"]) >= 10
    assert {"bakery", "pharmacy", "hairdresser", "tickets", "second-hand", "recipe", "game"} == {
        decoy["what"] for decoy in truth["decoys"]
    }


def test_every_substance_is_one_of_the_lexicon(truth):
    table = DEMO.parent.parent / "forensics" / "analysis" / "data" / "substances.csv"
    with table.open(encoding="utf-8", newline="") as rows:
        known = {row["id"] for row in csv.DictReader(rows)}
    named = {item["substance"] for menu in truth["menus"] for item in menu["items"]}
    named |= {name for deal in truth["deals"] for name in deal["substances"]}
    assert named - known == set()
    assert len(named) == 27


def test_missing_ids_are_the_gaps_in_the_message_table(whole, truth):
    ids = {row[0] for row in whole.execute("SELECT _id FROM message")}
    last = one(whole, "SELECT seq FROM sqlite_sequence WHERE name = 'message'")
    assert sorted(set(range(1, last + 1)) - ids) == truth["missing_ids"]


def test_deleted_texts_are_still_in_the_bytes(phone, whole, truth):
    main = (phone / DATABASES / "msgstore.db").read_bytes()
    log = (phone / DATABASES / "msgstore.db-wal").read_bytes()
    assert len(truth["deleted_rows"]) == 14
    for row in truth["deleted_rows"]:
        assert row["text"].encode() in (main if row["deleted_in"] == "main file" else log)


def test_what_was_changed_last_stands_unchanged_in_the_main_file(main_only, whole, truth):
    older = {row["id"]: row["older_text_still_in_main_file"] for row in truth["edited"]}
    older |= {row["id"]: row["text_still_in_main_file"] for row in truth["deleted_for_everyone"]}
    late = {number: text for number, text in older.items() if text is not None}
    assert len(late) == 2
    for number, text in late.items():
        query = "SELECT text_data FROM message WHERE _id = ?"
        assert one(main_only, query, number) == text
        assert one(whole, query, number) != text


def test_media_agree_with_their_hash_except_one(phone, whole, truth):
    absent, changed, whole_files = [], [], 0
    rows = whole.execute("SELECT message_row_id, file_path, file_hash, file_length FROM message_media")
    for number, path, stored, size in rows:
        if path is None or not (phone / SHARED / path).is_file():
            absent.append(number)
            continue
        content = (phone / SHARED / path).read_bytes()
        assert len(content) == size
        if base64.b64encode(hashlib.sha256(content).digest()).decode() == stored:
            whole_files += 1
        else:
            changed.append(number)
    assert changed == [place["id"] for place in truth["media"]["changed"]]
    assert sorted(absent) == sorted(place["id"] for place in truth["media"]["absent"])
    assert len(absent) >= 5
    assert whole_files == truth["media"]["referenced"] - len(changed) - len(absent)


def test_media_begin_with_the_marks_of_their_kind(phone):
    marks = {".jpg": b"\xff\xd8\xff\xe0", ".png": b"\x89PNG\r\n\x1a\n", ".opus": b"OggS", ".pdf": b"%PDF-1.4"}
    files = [path for path in (phone / SHARED).rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == set(marks)
    for path in files:
        assert path.read_bytes().startswith(marks[path.suffix])


@pytest.mark.parametrize(
    "text", ["%<script>%", "=1+1", "%\u202e%", "%السلام%", "%Kanka%", "%Cześć%", "%你好%"]
)
def test_texts_that_trouble_a_report_are_there(whole, text):
    assert one(whole, "SELECT count(*) FROM message WHERE text_data LIKE ?", text) >= 1


def test_the_account_stands_in_the_preferences(phone, truth):
    folder = phone / "data/data/com.whatsapp/shared_prefs"
    light = (folder / "com.whatsapp_preferences_light.xml").read_text(encoding="utf-8")
    assert '<string name="cc">31</string>' in light
    assert '<string name="ph">600000001</string>' in light
    assert f'<string name="registration_jid">{truth["owner"]["phone"]}</string>' in light
    assert "self_display_name" in (folder / "startup_prefs.xml").read_text(encoding="utf-8")


def test_a_line_of_a_play_is_read_with_its_options(maker):
    script = maker("script")
    line = script.parse_line(r"mam: Soep\nof brood? {react=👍 ik; +=30; star}")
    assert (line.who, line.text) == ("mam", "Soep\nof brood?")
    assert line.options == {"react": "👍 ik", "+": "30", "star": ""}
    assert script.parse_line("noa: {img}").text == ""


def test_a_line_that_is_no_line_is_named(maker, tmp_path):
    play = tmp_path / "play.txt"
    play.write_text("== mam\n@ 2025-10-04 12:00\nmam: hoi\nzonder dubbele punt\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"play\.txt:4"):
        maker("script").read_play(play)
