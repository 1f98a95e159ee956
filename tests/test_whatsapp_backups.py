"""Backups of WhatsApp beside that of the messages: increments, wa.db, settings, stickers."""

from __future__ import annotations

import io
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import balance, exported, ingest, new, of, phone, sporen, texts, verified
from unsynced import unsynced
from whatsapp_backups import ROOT_FILE, crypt14, crypt15, part, varint
from whatsapp_ios_installations import BUILD

from parsers.whatsapp_history import HistoryError, entries, looks_like, read_message

BACKUPS = "sdcard/Android/media/com.whatsapp/WhatsApp"
BRAM, GROUP = b"31600000001@s.whatsapp.net", b"120363000000000001@g.us"
CLEO, LID = b"31600000002@s.whatsapp.net", b"900000000000001@lid"
SECONDS = 1_770_000_000


def key(chat: bytes, name: bytes, from_me: int = 0, participant: bytes | None = None) -> bytes:
    found = part(1, chat) + part(2, from_me) + part(3, name)
    return part(1, found + (part(4, participant) if participant else b""))


def info(chat: bytes, name: bytes, content: bytes, *, from_me: int = 0, more: bytes = b"", who=None) -> bytes:
    """WebMessageInfo: 1 key, 2 message, 3 seconds."""
    return key(chat, name, from_me, who) + part(2, content) + part(3, SECONDS) + more


def conversation(jid: bytes, *messages: bytes, more: bytes = b"") -> bytes:
    """HistorySync field 2: 1 jid, 2 messages, each with WebMessageInfo in its field 1."""
    return part(2, part(1, jid) + more + b"".join(part(2, part(1, each)) for each in messages))


def increment(*conversations: bytes, more: bytes = b"") -> bytes:
    """One length-delimited HistorySync of the type RECENT (3)."""
    entry = part(1, 3) + b"".join(conversations) + more
    return varint(len(entry)) + entry


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "."), (2026, 1, 1, 0, 0, 0)), data)
    return target.getvalue()


def backup(folder: Path, name: str, plain: bytes) -> Path:
    """An encrypted backup in a phone's folder, with its key beside it."""
    path = folder / BACKUPS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(crypt15(plain))
    (folder / "encrypted_backup.key").write_bytes(ROOT_FILE)
    return path


EXTENDED = part(6, part(1, b"Tot zo") + part(17, part(1, b"K1") + part(2, BRAM) + part(3, part(1, b"Hoi"))))
IMAGE = part(3, part(2, b"image/jpeg") + part(3, b"De brug") + part(4, bytes(32)) + part(5, 2048))
POLL = part(49, part(2, b"Welke dag?") + part(3, part(1, b"Vrijdag")) + part(3, part(1, b"Zaterdag")))
ONCE = part(55, part(1, part(9, part(2, b"video/mp4") + part(5, 12))))
DELETION = part(12, part(1, part(1, BRAM) + part(2, 0) + part(3, b"K1")) + part(2, 0))
EDIT = part(12, part(1, part(3, b"K1")) + part(2, 14) + part(14, part(1, b"Hoi allemaal")))
REACTION = part(41, part(1, part(1, BRAM) + part(2, 0)) + part(2, "👍".encode()) + part(4, SECONDS * 1000))
GIF = part(9, part(2, b"video/mp4") + part(8, 1))
NOTE = part(66, part(2, b"video/mp4"))
MESSAGES = increment(
    conversation(
        BRAM,
        info(BRAM, b"K1", part(1, b"Hoi"), more=REACTION),
        info(BRAM, b"K2", EXTENDED, from_me=1, more=part(4, 4)),
        info(BRAM, b"K3", IMAGE),
        info(BRAM, b"K4", POLL),
        info(BRAM, b"K5", ONCE),
        info(BRAM, b"K6", DELETION),
        info(BRAM, b"K7", EDIT),
        key(BRAM, b"K8") + part(3, SECONDS) + part(24, 1),
        info(BRAM, b"K9", part(99, b"later")),
        info(BRAM, b"KA", GIF),
        info(BRAM, b"KB", NOTE),
    ),
    more=part(7, part(1, BRAM) + part(2, b"brammetje")) + part(15, part(1, CLEO) + part(2, LID)),
) + increment(
    conversation(
        GROUP,
        info(GROUP, b"G1", part(1, b"Van een LID"), who=LID),
        key(GROUP, b"G2") + part(3, SECONDS) + part(24, 27) + part(26, BRAM),
        more=part(13, b"Kampeerders") + part(20, part(1, BRAM)),
    )
)


@pytest.fixture
def records(tmp_path: Path) -> list[dict[str, Any]]:
    backup(tmp_path / "phone", "Databases/msgstore-increment-1.db.crypt15", zipped(messages__bin=MESSAGES))
    case = new(tmp_path / "case")
    balance(ingest(case, tmp_path / "phone"))
    assert verified(case, "--evidence", tmp_path / "phone") == []
    return exported(case)


def by_key(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["source"]["app_id"]: each for each in of(records, "message")}


def test_the_messages_of_an_increment_are_records(records: list[dict[str, Any]]):
    found = by_key(records)
    people = {each["handle"]: each for each in of(records, "participant")}
    bram, owner = people[BRAM.decode()], next(e for e in people.values() if e["is_owner"])
    assert sorted(found) == ["G1", "G2", *(f"K{each}" for each in "123456789AB")]
    assert (found["K1"]["text"], found["K1"]["sender"], found["K1"]["from_owner"]) == (
        "Hoi",
        bram["id"],
        False,
    )
    assert found["K1"]["sent_at"] == "2026-02-02T02:40:00.000Z"
    assert found["K1"]["reactions"] == [
        {"sender": bram["id"], "emoji": "👍", "at": "2026-02-02T02:40:00.000Z"}
    ]
    assert (found["K2"]["sender"], found["K2"]["status"]) == (owner["id"], "read")
    assert found["K2"]["reply_to"] == {
        "id": found["K1"]["id"], "app_id": "K1", "text": "Hoi", "sent_at": None, "sender": bram["id"],
    }  # fmt: skip
    assert [(a["kind"], a["mime"], a["size"], a["present"]) for a in found["K3"]["attachments"]] == [
        ("image", "image/jpeg", 2048, False)
    ]
    assert (found["K3"]["kind"], found["K3"]["text"]) == ("image", "De brug")
    assert [each["text"] for each in found["K4"]["poll"]["options"]] == ["Vrijdag", "Zaterdag"]
    assert (found["K5"]["kind"], found["K5"]["view_once"]) == ("video", True)
    assert (found["K6"]["kind"], found["K6"]["system"]["type"]) == ("system", "deletion")
    assert (found["K7"]["system"]["type"], found["K7"]["text"]) == ("edit", "Hoi allemaal")
    assert (found["K8"]["state"], found["K8"]["text"]) == ("deleted_for_everyone", None)
    assert found["K9"]["kind"] == "unknown"
    assert [found[each]["attachments"][0]["kind"] for each in ("KA", "KB")] == ["gif", "video_note"]
    assert bram["names"][0]["name"] == "brammetje"


def test_a_lid_in_an_increment_is_the_person_whose_number_it_gives(records: list[dict[str, Any]]):
    found, people = by_key(records), {each["id"]: each for each in of(records, "participant")}
    assert people[found["G1"]["sender"]]["phone"] == "+31600000002"
    assert (found["G2"]["kind"], found["G2"]["system"]["type"]) == ("system", "participant added")
    (group,) = [each for each in of(records, "conversation") if each["kind"] == "group"]
    assert (group["title"], group["handle"]) == ("Kampeerders", GROUP.decode())


def test_an_increment_says_where_it_was_read_and_that_it_names_no_account(records: list[dict[str, Any]]):
    source = by_key(records)["G1"]["source"]
    path = f"{BACKUPS}/Databases/msgstore-increment-1.db.crypt15!/msgstore-increment-1.db!/messages.bin"
    assert (source["path"], source["table"], source["rowid"]) == (path, "WebMessageInfo", 12)
    assert any("whose account it is is not written in it" in n["text"] for n in of(records, "notice"))


def test_a_plain_increment_is_read_too(tmp_path: Path):
    (tmp_path / "increment.zip").write_bytes(zipped(messages__bin=MESSAGES))
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "increment.zip")
    assert "Van een LID" in texts(case)


def test_a_cut_off_increment_gives_what_is_there_and_says_so(tmp_path: Path):
    (tmp_path / "increment.zip").write_bytes(zipped(messages__bin=MESSAGES[:-20]))
    case = new(tmp_path / "case")
    balance(ingest(case, tmp_path / "increment.zip"))
    assert "Hoi" in texts(case)
    assert any("is cut off" in n["text"] for n in of(exported(case), "notice") if n["severity"] == "failed")


def test_any_cut_and_any_changed_byte_of_an_increment_gives_its_own_error():
    for place in range(len(MESSAGES)):
        changed = bytearray(MESSAGES)
        changed[place] ^= 0xFF
        for data in (MESSAGES[:place], bytes(changed)):
            looks_like(data)
            try:
                found = list(entries(io.BytesIO(data)))
            except HistoryError:
                continue
            for each in (info for entry in found for chat in entry.chats for info in chat.messages):
                read_message(each, None)


def database(path: Path, sql: str) -> bytes:
    with closing(unsynced(path)) as connection:
        connection.executescript(sql)
    data = path.read_bytes()
    path.unlink()
    return data


SETTINGS = """CREATE TABLE settings (_id INTEGER PRIMARY KEY, jid TEXT, deleted INTEGER, mute_end INTEGER);
INSERT INTO settings VALUES (1, '31600000001@s.whatsapp.net', 0, 1770000000000);"""
STATUS = """CREATE TABLE status_interactions (_id INTEGER PRIMARY KEY, status_row_id INTEGER,
  view_count INTEGER, reaction_count INTEGER); INSERT INTO status_interactions VALUES (4, 9, 12, 3);
CREATE TABLE status_seen_receipt (_id INTEGER PRIMARY KEY, status_row_id INTEGER);"""
LOCATION = """CREATE TABLE location_cache (jid TEXT, latitude REAL, longitude REAL, timestamp INTEGER);
INSERT INTO location_cache VALUES ('31600000001@s.whatsapp.net', 52.5, 4.75, 1770000000000);
CREATE TABLE location_sharer (jid TEXT);"""


@pytest.mark.parametrize(
    ("name", "sql", "wanted"),
    [
        ("chatsettingsbackup.db", SETTINGS, ("settings", '"mute_end": 1770000000000')),
        ("status.db", STATUS, ("status_interactions", '"view_count": 12')),
        ("location.db", LOCATION, ("location_cache", '"latitude": 52.5')),
    ],
)
@pytest.mark.parametrize("is_encrypted", [True, False])
def test_the_rows_of_databases_beside_the_messages_stand_in_a_notice(
    name: str, sql: str, wanted: tuple[str, str], is_encrypted: bool, tmp_path: Path
):
    root = phone(tmp_path / "phone")
    data = database(tmp_path / "made.db", sql)
    if is_encrypted:
        backup(root, f"Backups/{name}.crypt15", data)
    else:
        (root / "data/data/com.whatsapp/databases" / name).write_bytes(data)
    case = new(tmp_path / "case")
    ingest(case, root)
    listed = [n for n in of(exported(case), "notice") if n["source"] and n["source"]["table"] == wanted[0]]
    assert len(listed) == 1
    assert wanted[1] in listed[0]["raw"]
    assert name in listed[0]["source"]["path"]


@pytest.mark.parametrize(
    ("name", "plain", "said"),
    [
        ("stickers.db", zipped(a__webp=b"RIFF", b__webp=b"RIFF"), "2 pictures (stickers or wallpapers)"),
        ("wallpapers.backup", zipped(w__jpg=b"x"), "1 pictures (stickers or wallpapers)"),
        ("backup_settings.json", b'{"version": 1}', "settings of the backup, by its name"),
        ("commerce_backup.db", "CREATE TABLE odd (x)", "the catalogue and orders of a business, by its name"),
    ],
)
def test_a_backup_that_holds_no_messages_is_named_and_not_read(
    name: str, plain: bytes | str, said: str, tmp_path: Path
):
    root = phone(tmp_path / "phone")
    data = database(tmp_path / "made.db", plain) if isinstance(plain, str) else plain
    backup(root, f"Backups/{name}.crypt15", data)
    case = new(tmp_path / "case")
    ingest(case, root)
    unread = [n for n in of(exported(case), "notice") if n["severity"] == "unread"]
    (notice,) = [n for n in unread if not n["text"].startswith("tables that are not read")]
    assert said in notice["text"]
    assert notice["text"].endswith(": it was not read")
    assert verified(case, "--evidence", root) == []


def test_a_backup_that_holds_no_messages_alone_is_refused_with_what_it_is(tmp_path: Path):
    path = backup(tmp_path, "Backups/stickers.db.crypt15", zipped(a__webp=b"RIFF"))
    result = sporen("ingest", new(tmp_path / "case"), path, "--key", tmp_path / "encrypted_backup.key")
    assert result.exit_code == 3
    assert "1 pictures (stickers or wallpapers)" in result.stderr


def test_a_backup_of_no_known_kind_is_still_a_problem(tmp_path: Path):
    root = phone(tmp_path / "phone")
    backup(root, "Backups/nobody-knows.crypt15", b"neither this nor that")
    ingest(new(tmp_path / "case"), root, code=3)


def test_contacts_without_messages_are_read_as_names(tmp_path: Path):
    data = database(tmp_path / "wa.db", "CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT)")
    folder = tmp_path / "alone"
    folder.mkdir()
    (folder / "wa.db").write_bytes(data)
    case = new(tmp_path / "case")
    ingest(case, folder)
    (notice,) = of(exported(case), "notice")
    assert notice["severity"] == "info"
    assert "its 0 names are given to the people of that app" in notice["text"]


def test_what_is_listed_beside_messages_is_not_read_alone(tmp_path: Path):
    folder = tmp_path / "alone"
    folder.mkdir()
    data = database(tmp_path / "x.db", "CREATE TABLE settings (jid TEXT, mute_end INTEGER)")
    (folder / "chatsettings.db").write_bytes(data)
    case = new(tmp_path / "case")
    ingest(case, folder)
    (notice,) = of(exported(case), "notice")
    assert notice["severity"] == "unread"
    assert notice["text"] == (
        "chatsettings.db: a database of settings of whatsapp, which is read beside one of messages only:"
        " it was not read"
    )


def test_an_encrypted_wa_db_names_the_people(tmp_path: Path):
    root = phone(tmp_path / "phone", "no_wa_db")
    sql = (
        "CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT, display_name TEXT);"
        "INSERT INTO wa_contacts VALUES (1, '31600000001@s.whatsapp.net', 'Uit de back-up');"
    )
    backup(root, "Backups/wa.db.crypt15", database(tmp_path / "wa.db", sql))
    case = new(tmp_path / "case")
    ingest(case, root)
    names = {name["name"] for each in of(exported(case), "participant") for name in each["names"]}
    assert "Uit de back-up" in names


def test_the_index_of_words_of_an_iphone_is_named_and_not_read(tmp_path: Path):
    root = BUILD.build("direct", tmp_path / "phone")
    folder = next(root.rglob("ChatStorage.sqlite")).parent / "fts"
    folder.mkdir()
    (folder / "ChatSearchV5f.sqlite").write_bytes(database(tmp_path / "x.db", "CREATE TABLE docs (x)"))
    case = new(tmp_path / "case")
    ingest(case, root)
    (notice,) = [n for n in of(exported(case), "notice") if n["severity"] == "unread"]
    assert "index of words, whose tables are not known, by its name: it was not read" in notice["text"]


@pytest.mark.parametrize("length", [20, 60, 107, 200])
def test_the_header_of_a_crypt14_that_was_cut_off_is_no_increment(length: int):
    """Its first bytes are a length and fields too, and the salt may have an @ in it."""
    header = crypt14(bytes(4096))
    assert b"@" in header[:60]
    assert not looks_like(header[:length])
