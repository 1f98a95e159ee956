"""Signal from evidence to export by the commands: encrypted databases with their logs, files and keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3

import pytest
from click.testing import CliRunner
from Crypto.Cipher import AES
from fixture_programs import FIXTURES, load
from signal_golden import make_database
from sqlcipher_files import HEX, PROFILES, RAW, SALT, seal

from forensics.cli import main

MODERN_KEY = hashlib.sha256(b"fictitious modern key").digest()
PICTURE = hashlib.sha256(b"picture").digest() * 100
LONG_TEXT = "het begin van een lange tekst die hier pas eindigt"
PACKAGE = "data/data/org.thoughtcrime.securesms"
LATE = """
INSERT INTO message (_id, thread_id, from_recipient_id, to_recipient_id, type, body, date_sent, date_received)
  VALUES (10, 1, 2, 1, 10485780, 'alleen in de wal', 1709547000000, 1709547001000);
"""
FOLDER = FIXTURES / "signal_android"
MAKER = load("signal_android", "make_backup")


@pytest.fixture
def sporen(tmp_path, monkeypatch):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    case = tmp_path / "case"

    def run(*arguments):
        return CliRunner().invoke(main, [str(each) for each in arguments])

    made = run(
        "new", case, "--number", "T-1", "--examiner", "A. Examiner", "--authority", "none:-:2026-01-01"
    )
    assert made.exit_code == 0, made.output

    def ingest(*evidence, keys=()):
        options = [part for key in keys for part in ("--key", key)]
        done = run("ingest", case, *evidence, *options, "--json")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        exported = run("export", case, "--format", "jsonl", "-o", tmp_path / "export.jsonl")
        assert exported.exit_code == 0, exported.output
        lines = (tmp_path / "export.jsonl").read_text("utf-8").splitlines()
        return done, [json.loads(line) for line in lines]

    return ingest


def of(records, kind):
    return [each for each in records if each["record"] == kind]


def by_text(records):
    return {each["text"]: each for each in of(records, "message")}


def plain_database(path, *scripts):
    path.parent.mkdir(parents=True, exist_ok=True)
    make_database(
        path, [FOLDER / "schema/modern.sql", FOLDER / "people.sql", *(FOLDER / each for each in scripts)]
    )
    return path


@pytest.fixture
def phone(tmp_path):
    """A handset: the sealed database with a log, the key in the preferences, files of app_parts."""
    root = tmp_path / "phone"
    plain = plain_database(tmp_path / "plain.db", "backup/rows.sql")
    parts = root / PACKAGE / "app_parts"
    parts.mkdir(parents=True)
    connection = sqlite3.connect(plain)
    for rowid, data in ((1, PICTURE), (2, LONG_TEXT.encode())):
        random = hashlib.sha256(bytes([rowid])).digest()
        key = hmac.digest(MODERN_KEY, random, "sha256")
        (parts / f"part{rowid}.mms").write_bytes(
            AES.new(key, AES.MODE_CTR, nonce=b"", initial_value=0).encrypt(data)
        )
        connection.execute(
            "UPDATE attachment SET data_file=?, data_random=?, data_size=?, data_hash_end=? WHERE _id=?",
            (
                f"/data/user/0/org.thoughtcrime.securesms/app_parts/part{rowid}.mms",
                random,
                len(data),
                base64.b64encode(hashlib.sha256(data).digest()).decode(),
                rowid,
            ),
        )
    connection.commit()
    connection.close()
    databases = root / PACKAGE / "databases"
    databases.mkdir()
    seal(plain, databases / "signal.db", PROFILES["android"], late=LATE)
    plain.unlink()
    return root


def secrets(folder):
    path = folder / "secrets.json"
    payload = {
        "sqlite db key": HEX,
        "signal attachment key": {"modernKey": base64.b64encode(MODERN_KEY).decode()},
    }
    path.write_text(
        json.dumps([{"app": "org.thoughtcrime.securesms", "script_output": [{"payload": payload}]}])
    )
    return path


def test_a_sealed_handset_opens_with_the_secrets_and_its_log(phone, tmp_path, sporen):
    done, records = sporen(phone, keys=[secrets(tmp_path)])
    assert done.exit_code == 0, done.output
    messages = by_text(records)
    assert set(messages) == {"uit de reservekopie", "een foto", LONG_TEXT, None, "alleen in de wal"}
    (picture,) = messages["een foto"]["attachments"]
    assert (picture["present"], picture["size"]) == (True, len(PICTURE))
    assert picture["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert picture["path"] == f"{PACKAGE}/app_parts/part1.mms!/decrypted"
    source = messages["alleen in de wal"]["source"]
    assert source["path"] == f"{PACKAGE}/databases/signal.db!/signal.db.decrypted"
    assert (source["table"], source["rowid"], source["app_id"]) == ("message", 10, "1709547000000")
    assert HEX not in json.dumps(records)


def test_secrets_that_lie_in_the_evidence_are_found(phone, sporen):
    secrets(phone)
    done, records = sporen(phone)
    assert done.exit_code == 0, done.output
    assert len(of(records, "message")) == 5


def test_without_the_key_of_the_files_the_messages_are_read(phone, tmp_path, sporen):
    key = tmp_path / "signal.key"
    key.write_text(HEX.upper())
    done, records = sporen(phone, keys=[key])
    assert done.exit_code == 0, done.output
    messages = by_text(records)
    assert messages["een foto"]["attachments"][0]["present"] is False
    assert messages["het begin van een lange tekst"]["state"] == "live"


@pytest.mark.parametrize("key", [None, "0" * 64, "a passphrase that opens nothing"])
def test_a_wrong_key_or_none_is_exit_code_4(phone, tmp_path, sporen, key):
    keys = []
    if key is not None:
        keys = [tmp_path / "wrong"]
        keys[0].write_text(key)
    done, records = sporen(phone, keys=keys)
    assert done.exit_code == 4
    assert of(records, "message") == []


def test_a_page_with_a_wrong_code_is_a_notice_and_exit_code_3(phone, tmp_path, sporen):
    database = phone / PACKAGE / "databases" / "signal.db"
    (phone / PACKAGE / "databases" / "signal.db-wal").unlink()
    data = bytearray(database.read_bytes())
    last = len(data) // 4096
    data[(last - 1) * 4096 + 10] ^= 1
    database.write_bytes(data)
    done, records = sporen(phone, keys=[secrets(tmp_path)])
    assert done.exit_code == 3, done.output
    assert any(f"pages {last} is wrong" in each["text"] for each in of(records, "notice"))
    assert of(records, "message")


@pytest.mark.parametrize("profile", ["desktop", "ios", "passphrase 4", "raw 3", "sha256", "key and salt"])
def test_a_database_in_any_profile_opens_when_it_is_named(profile, tmp_path, sporen):
    plain = plain_database(tmp_path / "plain.db", "modern/rows.sql")
    sealed = tmp_path / "evidence.db"
    seal(plain, sealed, PROFILES[profile], late=LATE.replace("(10,", "(100,"))
    key = tmp_path / "key"
    secret = PROFILES[profile].secret
    key.write_bytes(secret.value if secret.kind == "text" else secret.value.hex().encode())
    done, records = sporen(sealed, keys=[key])
    assert done.exit_code == 0, done.output
    assert len(of(records, "message")) == 32
    assert by_text(records)["alleen in de wal"]


def test_a_backup_opens_with_its_passphrase(tmp_path, sporen):
    plain = plain_database(tmp_path / "plain.db", "backup/rows.sql")
    payloads = {
        ("attachment", 1, 0): PICTURE,
        ("attachment", 2, 0): LONG_TEXT.encode(),
        ("attachment", 3, 0): b"stem!",
    }
    data, places = MAKER.write(plain, 1, payloads)
    backup = tmp_path / "signal-2024-03-04-10-00-00.backup"
    backup.write_bytes(data)
    key = tmp_path / "passphrase.txt"
    key.write_text(" ".join(MAKER.PASSPHRASE[start : start + 5] for start in range(0, 30, 5)) + "\n")
    done, records = sporen(backup, keys=[key])
    assert done.exit_code == 0, done.output
    messages = by_text(records)
    assert set(messages) == {"uit de reservekopie", "een foto", LONG_TEXT, None}
    for message in messages.values():
        source = message["source"]
        assert source["offset"] == places["message", source["rowid"]]
        assert source["table"] == "message"
        assert (
            source["path"] == "signal-2024-03-04-10-00-00.backup!/signal-2024-03-04-10-00-00.backup.decrypted"
        )
        assert source["file_sha256"] == hashlib.sha256(data).hexdigest()
    (picture,) = messages["een foto"]["attachments"]
    assert (picture["kind"], picture["present"], picture["size"]) == ("image", True, len(PICTURE))
    assert picture["path"] == "signal-2024-03-04-10-00-00.backup!/attachment/1"
    assert messages[None]["kind"] == "voice"
    (call,) = of(records, "call")
    assert call["source"]["offset"] == places["call", 1]
    (account,) = of(records, "account")
    assert account["handle"] == "00000000-0000-4000-8000-000000000100"
    assert any("leaves out messages to be viewed once" in each["text"] for each in of(records, "notice"))
    assert any("5 ids missing from table message: 4-8" in each["text"] for each in of(records, "notice"))


def test_a_cut_off_backup_is_exit_code_3_and_says_where(tmp_path, sporen):
    plain = plain_database(tmp_path / "plain.db", "backup/rows.sql")
    data, places = MAKER.write(plain, 0, {})
    backup = tmp_path / "signal.backup"
    cut = places["message", 3] + 20
    backup.write_bytes(data[:cut])
    key = tmp_path / "passphrase.txt"
    key.write_text(MAKER.PASSPHRASE)
    done, records = sporen(backup, keys=[key])
    assert done.exit_code == 3
    assert {each["text"] for each in of(records, "message")} == {"uit de reservekopie", "een foto"}
    assert any(
        f"byte {places['message', 3]} cannot be read" in each["text"] for each in of(records, "notice")
    )


def test_the_wrong_passphrase_is_exit_code_4(tmp_path, sporen):
    writer = MAKER.Writer(1)
    writer.frame(MAKER.part(5, MAKER.part(1, 302)))
    backup = tmp_path / "signal.backup"
    backup.write_bytes(writer.data)
    key = tmp_path / "passphrase.txt"
    key.write_text("1" * 30)
    done, _records = sporen(backup, keys=[key])
    assert done.exit_code == 4
    assert "wrong passphrase" in done.output


def test_no_key_is_kept_anywhere(phone, tmp_path, sporen):
    sporen(phone, keys=[secrets(tmp_path)])
    for file in (tmp_path / "case").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for each in (HEX.encode(), RAW, SALT, MODERN_KEY, base64.b64encode(MODERN_KEY)):
                assert each not in data, file


def desktop(tmp_path, config):
    build = load("signal_desktop")
    root = build.build("modern", tmp_path / "laptop")
    plain = root / "Signal/sql/db.sqlite"
    plain.rename(tmp_path / "plain.sqlite")
    late = "UPDATE messages SET body = 'Ja, kom nu' WHERE rowid = 2;"
    seal(tmp_path / "plain.sqlite", plain, PROFILES["desktop"], late=late)
    (root / "Signal/config.json").write_text(json.dumps(config))
    return root


def test_a_desktop_opens_with_the_key_in_its_config(tmp_path, sporen):
    done, records = sporen(desktop(tmp_path, {"key": HEX}))
    assert done.exit_code == 0, done.output
    live = [each for each in of(records, "message") if each["state"] != "recovered"]
    assert len(live) == 24
    assert by_text(records)["Ja, kom nu"]["state"] == "live"
    assert by_text(records)["Ja, kom maar"]["state"] == "recovered"  # what the log replaced
    assert by_text(records)["een foto"]["attachments"][0]["present"] is True


def test_a_desktop_with_a_sealed_key_opens_with_the_secret_of_its_system(tmp_path, sporen):
    wrapping = hashlib.pbkdf2_hmac("sha1", b"the secret", b"saltysalt", 1, 16)
    body = AES.new(wrapping, AES.MODE_CBC, b" " * 16).encrypt(HEX.encode() + bytes([16]) * 16)
    root = desktop(tmp_path, {"encryptedKey": (b"v11" + body).hex()})
    secret = tmp_path / "safe-storage.txt"
    secret.write_text("the secret\n")
    done, records = sporen(root)
    assert (done.exit_code, of(records, "message")) == (4, [])
    done, records = sporen(root, keys=[secret])
    assert done.exit_code == 0, done.output
    assert len(of(records, "message")) == 25


def test_a_row_that_only_the_encrypted_log_still_holds_is_recovered(tmp_path, sporen):
    databases = tmp_path / "phone" / PACKAGE / "databases"
    plain = plain_database(tmp_path / "plain.db", "backup/rows.sql")
    databases.mkdir(parents=True)
    gone = "DELETE FROM message WHERE _id = 10;"
    seal(plain, databases / "signal.db", PROFILES["android"], late=LATE + gone)
    plain.unlink()
    done, records = sporen(tmp_path / "phone", keys=[secrets(tmp_path)])
    assert done.exit_code == 0, done.output
    message = by_text(records)["alleen in de wal"]
    assert message["state"] == "recovered"
    assert message["source"]["path"] == f"{PACKAGE}/databases/signal.db-wal!/signal.db-wal.decrypted"
    assert message["source"]["page"] is not None
