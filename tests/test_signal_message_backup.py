"""The encrypted form of Signal's new backups: keys, authentication, the stream, and the commands."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
from contextlib import closing

import pytest
import signal_snapshots as made
from click.testing import CliRunner
from fixture_programs import load
from hypothesis import given
from hypothesis import strategies as st
from signal_snapshots import item, part, text
from unsynced import unsynced

from forensics.cli import main
from forensics.errors import DamagedEvidence, LimitExceeded, WrongKey
from forensics.formats import sqlite_build
from parsers import signal_message_backup
from parsers.signal_entropy_pool import (
    backup_id,
    backup_key,
    entropy_pool,
    local_backup_id,
    message_keys,
    remote_secrets,
)
from parsers.signal_group_id import group_handle
from parsers.signal_message_backup import FORM
from parsers.signal_message_stream import MAGIC, StreamBroken, records, start_of_stream

LIMIT = 1 << 26
# The known answers of reference 2.2 (published with libsignal).
ANSWER_POOL = "dtjs858asj6tv0jzsqrsmj0ubp335pisj98e9ssnss8myoc08drhtcktyawvx45l"
ANSWER_ACI = bytes.fromhex("659aa5f4a28dfcc11ea1b997537a3d95")
MESSAGE = item(1, part(11, part(2, text("hoi"))))
FRAMES = made.items(MESSAGE)
DATA = made.main(FRAMES)
(KEY,) = FORM.joined_keys(made.metadata(), made.POOL.encode())


def opened(data, key=KEY, limit=LIMIT):
    target = io.BytesIO()
    return FORM.open(io.BytesIO(data), len(data), key, target, limit), target.getvalue()


def rows(data, tmp_path, table="chat_item"):
    (tmp_path / "opened").write_bytes(data)
    with closing(sqlite3.connect(tmp_path / "opened")) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


# --- Keys ---


def test_the_keys_are_the_known_answers():
    key = backup_key(ANSWER_POOL)
    assert key.hex() == "ea26a2ddb5dba5ef9e34e1b8dea1f5ae7f255306a6d2d883e542306eaa9fe985"
    identifier = backup_id(key, ANSWER_ACI)
    assert identifier.hex() == "8a624fbc45379043f39f1391cddc5fe8"
    keys = message_keys(key, identifier)
    assert keys.mac.hex() == "f425e22a607c529717e1e1b29f9fe139f9d1c7e7d01e371c7753c544a3026649"
    assert keys.cipher.hex() == "e143f4ad5668d8bfed2f88562f0693f53bda2c0e55c9d71730f30e24695fd6df"
    assert repr(keys) == "MessageKeys()"


def test_the_id_of_a_local_backup_stands_in_its_metadata():
    assert local_backup_id(made.ROOT, made.metadata()) == made.BACKUP_ID
    for broken in (b"", b"\xff", part(1, 1), made.metadata()[:-1], part(2, part(1, b"short"))):
        assert local_backup_id(made.ROOT, broken) is None


@pytest.mark.parametrize(
    "shown",
    [
        ANSWER_POOL,
        ANSWER_POOL.upper(),
        ANSWER_POOL.replace("o", "#").replace("0", "="),
        " ".join(ANSWER_POOL[place : place + 4] for place in range(0, 64, 4)),
        f"{ANSWER_POOL[:32]}\n{ANSWER_POOL[32:]}\n",
    ],
)
def test_a_pool_is_known_however_it_is_shown(shown):
    assert entropy_pool(shown) == ANSWER_POOL
    assert remote_secrets(shown.encode()).pool == ANSWER_POOL


@pytest.mark.parametrize("text", ["", "a" * 63, "a" * 65, "a" * 63 + "{", "{" + "a" * 64 + "}", "a" * 600])
def test_what_is_no_pool_is_none(text):
    assert entropy_pool(text) is None
    assert FORM.keys(text.encode()) == []


def test_a_file_may_hold_pool_aci_and_token():
    lines = f"{made.POOL}\n00000000-0000-0000-0000-000000000001\n{'ab' * 32}\n".encode()
    assert FORM.keys(lines) == [made.ROOT + made.BACKUP_ID + b"\xab" * 32]
    aci = b"00000000-0000-0000-0000-000000000001\n"
    assert FORM.joined_keys(aci, made.POOL.encode()) == [made.ROOT + made.BACKUP_ID]
    assert FORM.joined_keys(made.POOL.encode(), aci) == []
    assert FORM.keys(made.POOL.encode()) == FORM.keys(aci) == FORM.keys(b"\xff\xfe") == []


# --- Opening ---


def test_a_backup_opens_record_by_record(tmp_path):
    result, data = opened(DATA)
    assert result.problems == ()
    assert result.rebuilt
    assert result.details == {
        "backup_version": 1,
        "has_token": False,
        "backup_info": 1,
        "account": 1,
        "recipient": 7,
        "chat": 4,
        "chat_item": 1,
    }
    ((number, offset, stored, chat, author, sent),) = rows(data, tmp_path)
    assert (number, offset, stored) == (13, len(made.stream(FRAMES[:13])), MESSAGE)
    assert (chat, author, sent) == (made.BRAM_CHAT, made.BRAM_ID, made.NOON + 60_000)
    assert rows(data, tmp_path, "sporen_owner") == [("00000000-0000-0000-0000-000000000001",)]


def test_a_remote_backup_with_its_token_opens_behind_its_prefix():
    token = hashlib.sha256(b"token").digest()
    prefix = MAGIC + part(1, b"metadata")[1:]
    data = prefix + made.main(FRAMES, token=token)
    assert start_of_stream(io.BytesIO(data)) == len(prefix)
    assert opened(data, KEY + token)[0].details["has_token"] is True
    with pytest.raises(WrongKey):
        opened(data)


def test_it_is_known_by_its_mark_or_by_its_place_and_noise():
    noise = b"".join(hashlib.sha512(bytes([each])).digest() for each in range(64))
    place = f"phone/SignalBackups/{made.SNAPSHOT}/main"
    assert FORM.recognises(noise, b"", place)
    assert FORM.recognises(noise, b"", "main")
    assert FORM.recognises(MAGIC + bytes(100), b"", "anything")
    assert not FORM.recognises(noise, b"", "phone/other/main")
    assert not FORM.recognises(b"SQLite format 3\0".ljust(4096, b"\0"), b"", place)


def test_every_truncation_and_every_changed_byte_is_refused_as_a_whole():
    for length in range(0, len(DATA), 7):
        with pytest.raises(WrongKey):
            opened(DATA[:length])
    for place in range(0, len(DATA), 3):
        changed = bytearray(DATA)
        changed[place] ^= 1 << place % 8
        with pytest.raises(WrongKey, match="authentication code"):
            opened(bytes(changed))


@pytest.mark.full
def test_every_single_changed_byte_and_truncation_is_refused():
    for place in range(len(DATA)):
        changed = bytearray(DATA)
        changed[place] ^= 0x80
        for data in (bytes(changed), DATA[:place]):
            with pytest.raises(WrongKey):
                opened(data)


def test_what_the_code_vouches_for_and_is_still_damaged_is_read_as_far_as_it_goes(tmp_path):
    """A phone that wrote nonsense: the code is right, the content is not."""
    whole = made.stream(FRAMES)
    cut = gzip.compress(whole[:-3], mtime=0)
    result, data = opened(made.packed(cut))
    assert "cut off after" in result.problems[0].text
    assert rows(data, tmp_path, "chat") != [] == rows(data, tmp_path)
    broken = bytearray(gzip.compress(whole, mtime=0))
    broken[-6] ^= 1
    assert "cannot be unpacked" in opened(made.packed(bytes(broken)))[0].problems[0].text
    short = opened(made.packed(gzip.compress(whole, mtime=0)[:40]))[0]
    assert "cannot be read further" in short.problems[0].text


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"\xff", "cannot be understood"),
        (b"", "of a kind that is not known (fields: none)"),
        (part(9, b"new"), "of a kind that is not known (fields: 9)"),
        (part(4, MESSAGE) + part(12, 1), "of a kind that is not known (fields: 4, 12)"),
    ],
)
def test_a_record_of_no_known_kind_is_kept_and_told(frame, words, tmp_path):
    result, data = opened(made.main([*FRAMES, frame]))
    assert words in result.problems[0].text
    assert rows(data, tmp_path, "other_frame")[0][2] == frame
    assert len(rows(data, tmp_path)) == 1 + frame.startswith(part(4, MESSAGE))


def test_lost_records_are_told_one_by_one_up_to_a_number_and_the_others_counted(monkeypatch, tmp_path):
    monkeypatch.setattr(signal_message_backup, "_MOST_TOLD", 2)
    result, data = opened(made.main([*FRAMES, *[part(9, b"new")] * 3, FRAMES[-1], b"\xff"]))
    told, first = [each.text for each in result.problems], len(FRAMES)
    assert [f"record {first + n} of" in told[n] for n in range(2)] == [True, True]
    assert told[2:] == [
        "records of the backup that cannot be understood or are of no known kind,"
        f" besides those named: 2, number {first + 2} to {first + 4}"
    ]
    assert len(rows(data, tmp_path, "other_frame")) == 4


def test_a_first_record_that_is_none_is_damage():
    with pytest.raises(DamagedEvidence, match="first record"):
        opened(made.main([b"\xff"]))


def test_a_bomb_stops_at_the_limit():
    bomb = [*made.people(), *(part(4, part(11, part(2, part(1, b"x" * (1 << 20))))) for _ in range(40))]
    data = made.main(bomb)
    assert len(data) < 1 << 20
    with pytest.raises(LimitExceeded):
        opened(data, limit=8 << 20)


def test_large_records_do_not_wait_together(monkeypatch, tmp_path):
    waited = []
    real = sqlite_build.Builder._flush

    def flush(self, table, pending):
        waited.append(sum(len(v) for _mark, row in pending for v in row if isinstance(v, bytes)))
        real(self, table, pending)

    monkeypatch.setattr(sqlite_build, "_BATCH_BYTES", 1 << 16)
    monkeypatch.setattr(sqlite_build.Builder, "_flush", flush)
    large = [item(n, part(11, part(2, text("x" * 20_000)))) for n in range(30)]
    result, data = opened(made.main(made.items(*large)))
    assert result.details["chat_item"] == len(rows(data, tmp_path)) == 30
    assert max(waited) < (1 << 16) + 21_000


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_records_come_out_as_they_went_in(contents):
    data = made.packed(gzip.compress(made.stream(contents), mtime=0))
    found = list(records(io.BytesIO(data), 0, len(data), message_keys(made.ROOT, made.BACKUP_ID)))
    assert [each.data for each in found] == contents
    offsets = [len(made.stream(contents[:place])) for place in range(len(contents))]
    assert [each.offset for each in found] == offsets


@pytest.mark.parametrize("count", [1_000, 1_001, 40 << 20])
def test_zeros_that_a_few_bytes_are_unpacked_to_end_the_stream(count):
    data = made.packed(gzip.compress(made.stream([b"first"]) + bytes(count), mtime=0))
    found = []
    try:
        found += records(io.BytesIO(data), 0, len(data), message_keys(made.ROOT, made.BACKUP_ID))
    except StreamBroken as error:
        assert count > 1_000
        assert str(error) == "at byte 1007 end more than 1000 records of nothing"
    else:
        assert count == 1_000
        assert [each.data for each in found] == [b"first", *[b""] * 1_000]


@given(st.binary(max_size=200))
def test_any_bytes_as_stream_give_records_or_their_own_error(noise):
    data = made.packed(gzip.compress(noise, mtime=0))
    try:
        found = list(records(io.BytesIO(data), 0, len(data), message_keys(made.ROOT, made.BACKUP_ID)))
    except StreamBroken:
        return
    assert sum(len(each.data) + 1 for each in found) <= len(noise)


# --- By the commands ---


@pytest.fixture
def ingest(tmp_path, monkeypatch):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "home"))
    case, runner = tmp_path / "case", CliRunner()
    made_case = ["new", str(case), "--number", "T-1", "--examiner", "A. Examiner"]
    assert runner.invoke(main, [*made_case, "--authority", "none:-:2026-01-01"]).exit_code == 0

    def run(*arguments):
        done = runner.invoke(main, ["ingest", str(case), *map(str, arguments), "--json"])
        target = tmp_path / "export.jsonl"
        runner.invoke(main, ["export", str(case), "--format", "jsonl", "-o", str(target)])
        return done, [json.loads(line) for line in target.read_text("utf-8").splitlines()]

    return run


def test_a_folder_of_backups_is_read_with_the_pool_alone(ingest, tmp_path):
    picture = made.Media(b"een plaat" * 99, "image/jpeg")
    body = part(11, part(2, text("kijk")) + part(3, picture.attachment()))
    root = made.write(tmp_path / "phone", made.main(made.items(item(1, body))), [picture])
    (tmp_path / "pool.txt").write_text(made.POOL)
    done, exported = ingest(root, "--key", tmp_path / "pool.txt")
    assert done.exit_code == 0, done.output
    (message,) = [each for each in exported if each["record"] == "message"]
    assert (message["text"], message["platform"]) == ("kijk", "android")
    assert message["source"]["path"] == f"{made.SNAPSHOT}/main!/main.decrypted"
    (file,) = message["attachments"]
    assert (file["present"], file["sha256"]) == (True, hashlib.sha256(b"een plaat" * 99).hexdigest())
    key = ["--key", str(tmp_path / "pool.txt")]
    again = CliRunner().invoke(main, ["verify", str(tmp_path / "case"), "--evidence", str(root), *key])
    assert again.exit_code == 0, again.output
    shown = CliRunner().invoke(main, ["show", str(tmp_path / "case"), message["id"], *key])
    assert "kijk" in shown.output, shown.output
    assert made.POOL not in again.output + shown.output
    for written in (tmp_path / "case").rglob("*"):
        assert not written.is_file() or made.POOL.encode() not in written.read_bytes(), written


def test_every_snapshot_opens_with_its_own_metadata_and_no_other_file_of_that_name_is_a_key(ingest, tmp_path):
    root = made.write(tmp_path / "phone", DATA)
    later = made.items(MESSAGE, item(2, part(11, part(2, text("later")))))
    made.write(tmp_path / "phone", made.main(later), snapshot="signal-backup-2026-03-02-02-00-00")
    for number in range(3):
        other = tmp_path / "phone/SignalBackups" / f"cache{number}"
        other.mkdir()
        (other / "metadata").write_bytes(b"something else" + bytes([number]))
    assert not FORM.holds_key(b"something else\0")
    assert FORM.holds_key(made.metadata())
    (tmp_path / "pool.txt").write_text(made.POOL)
    done, exported = ingest(root, "--key", tmp_path / "pool.txt")
    assert done.exit_code == 0, done.output
    texts = [each["text"] for each in exported if each["record"] == "message"]
    assert set(texts) == {"hoi", "later"}


ON_THE_PHONE = """
INSERT INTO recipient (_id, type, aci) VALUES (90, 0, '00000000-0000-0000-0000-000000000001'),
  (91, 0, '00000000-0000-0000-0000-000000000002');
INSERT INTO recipient (_id, type, group_id) VALUES (92, 3, '{group}');
INSERT INTO groups (group_id, recipient_id, title) VALUES ('{group}', 92, 'Havenploeg');
INSERT INTO thread (_id, recipient_id) VALUES (90, 92);
INSERT INTO key_value VALUES ('account.aci', '00000000-0000-0000-0000-000000000001', 0);
INSERT INTO message (thread_id, from_recipient_id, to_recipient_id, type, body, date_sent, date_received)
  VALUES (90, 91, 90, 10485780, 'hoi', {sent}, {sent} + 1000);
"""


def test_a_message_of_a_group_on_the_phone_and_in_its_backup_is_one(ingest, tmp_path):
    phone = load("signal_android").build("empty", tmp_path / "phone")
    (database,) = phone.rglob("signal.db")
    script = ON_THE_PHONE.format(group=group_handle(b"M" * 32, "android"), sent=made.NOON + 60_000)
    with closing(unsynced(database)) as connection:
        connection.executescript(script)
    in_group = item(1, part(11, part(2, text("hoi"))), chat=made.GROUP_CHAT)
    made.write(phone, made.main(made.items(in_group)))
    (tmp_path / "pool.txt").write_text(made.POOL)
    done, exported = ingest(phone, "--key", tmp_path / "pool.txt")
    assert done.exit_code == 0, done.output
    (message,) = [each for each in exported if each["record"] == "message"]
    assert message["source"]["table"] == "message"
    assert [(each["table"], each["rowid"]) for each in message["also"]] == [("chat_item", 13)]


def test_another_pool_is_exit_code_4_and_is_told(ingest, tmp_path):
    root = made.write(tmp_path / "phone", DATA)
    (tmp_path / "pool.txt").write_text("a" * 64)
    done, exported = ingest(root, "--key", tmp_path / "pool.txt")
    assert done.exit_code == 4
    assert [each for each in exported if each["record"] == "message"] == []
