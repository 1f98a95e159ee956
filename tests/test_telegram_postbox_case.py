"""Postbox from evidence to case: accounts, platforms, encrypted databases and their keys, rows read again."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from postbox_installations import load
from sporen_runs import balance, done, export_bytes, exported, ingest, log, messages, new, texts, verified
from unsynced import unsynced

from parsers.telegram_postbox import TelegramPostbox

BUILD, CASES, ENCODING = load("build"), load("cases_groups"), load("encoding")
MAC = "Users/noor/Library/Group Containers/6N38VWS5BX.ru.keepcoder.Telegram/stable"
FILE = f"{MAC}/account-303/postbox/db/db_sqlite"
PASSCODE = "geheim 123"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An encrypted database made by SQLCipher itself, with a log that holds a later message."""
    sqlcipher_files = pytest.importorskip("sqlcipher_files")
    folder = tmp_path_factory.mktemp("sealed")
    plain = BUILD.build("macos", folder / "plain")
    (plain,) = plain.rglob("db_sqlite")
    late = CASES.rows(CASES.BRAM, [(2, "10:01", CASES.message("only in the sealed log", CASES.BRAM))])
    target = folder / "db_sqlite"
    sqlcipher_files.seal(plain, target, sqlcipher_files.PROFILES["ios"], late=late)
    assert target.read_bytes().startswith(b"SQLite format 3\0")
    return target, Path(f"{target}-wal")


def mac(folder: Path, sealed: tuple[Path, Path], key: bytes | None, name: str = ".tempkeyEncrypted") -> Path:
    """The folder of a Mac with that encrypted database, and a key file above it."""
    target = folder / FILE
    target.parent.mkdir(parents=True)
    target.write_bytes(sealed[0].read_bytes())
    Path(f"{target}-wal").write_bytes(sealed[1].read_bytes())
    if key is not None:
        (folder / MAC / name).write_bytes(key)
    return folder


def key_file(passcode: str) -> bytes:
    from sqlcipher_files import RAW, SALT  # noqa: PLC0415  # skipped where there is no SQLCipher

    return ENCODING.seal_key(RAW, SALT, passcode)


def test_each_account_of_a_phone_is_read_with_its_own_owner(case: Path, tmp_path: Path):
    told = ingest(case, BUILD.build("accounts", tmp_path / "phone"))
    assert len(told["evidence"]) == 2
    balance(told)
    records = exported(case)
    accounts = {
        each["handle"]: (each["name"], each["platform"]) for each in records if each["record"] == "account"
    }
    assert accounts == {"100000100": ("Noor Vermeer", "ios"), "5000000003": ("Dirk Dekker", "ios")}
    found = {each["text"]: each["from_owner"] for each in records if each["record"] == "message"}
    assert found == {"old": False, "removed in the log": False, "to Bram from Dirk": True}


def test_a_message_is_named_by_its_key_and_its_row_is_read_again(case: Path, tmp_path: Path):
    phone = BUILD.build("direct", tmp_path / "phone")
    ingest(case, phone)
    (found,) = [each for each in messages(case) if each["text"] == "Hi, here is the list"]
    source = found["source"]
    assert (source["table"], source["rowid"]) == ("t7", None)
    assert source["rowid_key"] == "0000000005f5e1010000000065e59ba000000065"
    shown = json.loads(done("show", case, found["id"], "--json").stdout)["source_row"]
    assert shown["values"]["key"] == {"blob": source["rowid_key"]}
    assert b"Hi, here is the list" in bytes.fromhex(shown["values"]["value"]["blob"])
    assert verified(case, "--evidence", phone) == []


def test_the_row_of_a_table_without_row_ids_is_read_again_too(case: Path, tmp_path: Path):
    ingest(case, BUILD.build("few_tables", tmp_path / "phone"))
    (found,) = [each for each in messages(case) if each["text"] == "hello"]
    shown = json.loads(done("show", case, found["id"], "--json").stdout)["source_row"]
    assert shown["values"]["key"] == {"blob": found["source"]["rowid_key"]}


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path):
    phone = BUILD.build("media", tmp_path / "phone")
    found = []
    for name in ("one", "two"):
        folder = new(tmp_path / name)
        ingest(folder, phone)
        found.append(export_bytes(folder))
    assert found[0] == found[1]


def test_media_are_found_beside_their_own_database(case: Path, tmp_path: Path):
    ingest(case, BUILD.build("media", tmp_path / "phone"))
    (found,) = [each for each in messages(case) if each["source"]["app_id"] == "410"]
    (attachment,) = found["attachments"]
    assert attachment["present"]
    assert attachment["path"].endswith("account-101/postbox/media/telegram-cloud-document-4-607.pdf")


def test_a_key_that_lies_beside_is_found_without_being_named(case: Path, tmp_path: Path, sealed):
    phone = mac(tmp_path / "mac", sealed, key_file("no-matter-key"))
    balance(ingest(case, phone))
    assert texts(case) == ["on the Mac", "only in the sealed log"]
    (account,) = [each for each in exported(case) if each["record"] == "account"]
    assert (account["platform"], account["name"]) == ("macos", "Noor Vermeer")
    assert {each["source"]["path"] for each in messages(case)} == {f"{FILE}!/db_sqlite.decrypted"}
    opened = [each for each in log(case) if each["action"] == "decrypt" and each["result"] == "ok"]
    assert [each["detail"]["form"] for each in opened] == ["telegram-sqlcipher"]
    assert verified(case, "--evidence", phone) == []


@pytest.mark.parametrize("passcode", [PASSCODE, ""])
def test_a_passcode_opens_the_key_that_lies_beside(case: Path, tmp_path: Path, sealed, passcode: str):
    phone = mac(tmp_path / "mac", sealed, key_file(passcode))
    if passcode:
        refusal = ingest(case, phone, code=4)["problems"][0]["text"]
        assert "telegram-sqlcipher" in refusal
        assert "no key for it is at hand" in refusal
        assert exported(case) == []
        wrong, right = tmp_path / "wrong", tmp_path / "right"
        wrong.write_text("geheim 124", "utf-8")
        right.write_text(f"{passcode}\n", "utf-8")
        ingest(case, phone, "--key", wrong, code=4)
        ingest(case, phone, "--key", right)
    else:
        ingest(case, phone)  # a key that is sealed with no passcode at all
    assert texts(case) == ["on the Mac", "only in the sealed log"]
    assert PASSCODE not in (case / "custody.jsonl").read_text("utf-8")


def test_a_plain_key_and_one_in_hex_open_it(tmp_path: Path, sealed):
    from sqlcipher_files import RAW, SALT  # noqa: PLC0415  # skipped where there is no SQLCipher

    beside = new(tmp_path / "beside")
    ingest(beside, mac(tmp_path / "one", sealed, RAW + SALT, ".tempkey"))
    assert texts(beside) == ["on the Mac", "only in the sealed log"]
    named, key = new(tmp_path / "named"), tmp_path / "hex"
    key.write_text((RAW + SALT).hex(), "utf-8")
    ingest(named, mac(tmp_path / "two", sealed, None), "--key", key)
    assert texts(named) == ["on the Mac", "only in the sealed log"]


def test_a_store_of_the_client_without_messages_is_known(case: Path, tmp_path: Path, sealed):
    import sqlcipher_files  # noqa: PLC0415  # skipped where there is no SQLCipher

    phone = mac(tmp_path / "mac", sealed, key_file("no-matter-key"))
    plain, other = tmp_path / "plain", phone / MAC / "accounts-metadata/db/db_sqlite"
    with closing(unsynced(plain)) as database:
        database.executescript(
            "CREATE TABLE __meta_fulltext_tables (name); CREATE TABLE t0 (key INTEGER PRIMARY KEY, value);"
        )
    other.parent.mkdir(parents=True)
    sqlcipher_files.seal(plain, other, sqlcipher_files.PROFILES["ios"])
    ingest(case, phone)
    assert texts(case) == ["on the Mac", "only in the sealed log"]


@pytest.mark.parametrize(
    ("path", "platform"),
    [
        (FILE, "macos"),
        ("evidence/appstore/account-12/postbox/db/db_sqlite", "macos"),
        (
            "private/var/mobile/Containers/Shared/AppGroup/1/telegram-data/account-1/postbox/db/db_sqlite",
            "ios",
        ),
        ("telegram-data/account-1/postbox/db/db_sqlite!/db_sqlite.decrypted", "ios"),
        ("db_sqlite", "ios"),
        ("db_sqlite!/db_sqlite.decrypted", "macos"),
    ],
)
def test_the_platform_by_the_path(path: str, platform: str):
    assert TelegramPostbox().platform_at(path) == platform


def test_a_file_alone_is_read_and_its_platform_is_called_assumed(case: Path, tmp_path: Path):
    (file,) = BUILD.build("wal", tmp_path / "phone").rglob("db_sqlite")
    ingest(case, file)
    found = {state: [] for state in ("live", "recovered")}
    for each in messages(case):
        found[each["state"]].append(each["text"])
    assert found == {
        "live": ["changed in the log", "only in the log"],
        "recovered": ["old", "removed in the log"],
    }
    notices = [each["text"] for each in exported(case) if each["record"] == "notice"]
    assert any("it is plain, as on iOS (assumed)" in each for each in notices)


def test_a_changed_page_costs_that_page_and_is_named(case: Path, tmp_path: Path, sealed):
    phone = mac(tmp_path / "mac", sealed, key_file("no-matter-key"))
    data = bytearray((phone / FILE).read_bytes())
    data[-3000] ^= 1
    (phone / FILE).write_bytes(data)
    told = ingest(case, phone, code=3)
    assert any("authentication code of page" in each["text"] for each in told["problems"])


def test_no_passcode_file_opens_a_key_file_that_is_cut(sealed):
    from parsers.telegram_postbox_key import FORMS  # noqa: PLC0415

    (form,) = FORMS
    whole = key_file(PASSCODE)
    assert len(form.joined_keys(whole, PASSCODE.encode())) == 1
    assert form.joined_keys(whole[:-1], PASSCODE.encode()) == []
    assert form.joined_keys(PASSCODE.encode(), whole) == []
    assert form.keys(whole) == []
    for place in range(48):
        changed = bytearray(whole)
        changed[place] ^= 1
        assert form.joined_keys(bytes(changed), PASSCODE.encode()) == []


def test_another_key_value_store_is_not_taken_for_postbox(case: Path, tmp_path: Path):
    file = tmp_path / "db_sqlite"
    with closing(unsynced(file)) as database:
        database.executescript(
            "CREATE TABLE t2(key TEXT, value BLOB); CREATE TABLE t7(key BLOB, value BLOB);"
        )
    ingest(case, file, code=3)
    assert exported(case) == []
