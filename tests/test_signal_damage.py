"""Damaged databases of Signal: every truncation and every changed byte ends in a notice or its exit code.

The ordinary suite takes samples; the full one every byte.
"""

from __future__ import annotations

import io
from contextlib import closing

import pytest
from signal_golden import open_installation
from sqlcipher_files import PROFILES, make
from unsynced import unsynced

from forensics.errors import SporenError, UnknownKind, WrongKey
from forensics.formats.sqlite import Database
from forensics.model import Message, Notice
from parsers.signal_android import SignalAndroid
from parsers.signal_sqlcipher import FORM

LIMIT = 1 << 26
SCRIPT = """
PRAGMA page_size = 512;
CREATE TABLE recipient (_id INTEGER PRIMARY KEY, type, e164, aci, group_id);
CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_id);
CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent, date_received, thread_id, from_recipient_id,
  type, body);
CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id, author_id, emoji, date_sent);
INSERT INTO recipient VALUES (1, 0, '+31600000001', '00000000-0000-4000-8000-000000000001', NULL);
INSERT INTO recipient VALUES (2, 0, NULL, '00000000-0000-4000-8000-000000000100', NULL);
INSERT INTO thread VALUES (1, 1);
INSERT INTO reaction VALUES (1, 2, 1, 'x', 1709547001000);
"""
ROW = "INSERT INTO message VALUES (?, 1709547000000, 1709547001000, 1, 1, 10485780, ?)"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "signal.db"
    with closing(unsynced(path)) as connection:
        connection.executescript(SCRIPT)
        connection.executemany(ROW, [(number, f"bericht {number} " + "x" * 40) for number in range(1, 21)])
        connection.commit()
    return path.read_bytes()


def look(data: bytes, folder) -> tuple[list[Message], list[Notice], bool]:
    """The messages and notices of a damaged database, and whether something was said."""
    path = folder / "signal.db"
    path.write_bytes(data)
    parser = SignalAndroid()
    try:
        with Database.open(io.BytesIO(data), work=folder / "work", name="signal.db") as database:
            if parser.role(database) is None:
                return [], [], True  # intake says that no parser knows it
        with open_installation(parser, path, folder, folder / "work") as installation:
            records = list(parser.read(installation))
            said = bool(installation.database.problems)
            assert all(each.balances() for each in installation.accounting.values())
    except SporenError:
        return [], [], True
    messages = [each for each in records if isinstance(each, Message)]
    notices = [each for each in records if isinstance(each, Notice)]
    return messages, notices, said


def sweep_database(small: bytes, folder, step: int) -> None:
    whole, _notices, said = look(small, folder)
    assert len(whole) == 20
    assert not said
    for place in range(0, len(small), step):
        changed = bytearray(small)
        changed[place] ^= 1 << place % 8
        messages, notices, said = look(bytes(changed), folder)
        assert len(messages) >= 20 or notices or said, place
    for length in range(0, len(small), step):
        messages, notices, said = look(small[:length], folder)
        assert len(messages) == 20 or notices or said, length


def test_samples_of_a_damaged_database_are_told(small, tmp_path):
    sweep_database(small, tmp_path, 149)


@pytest.mark.full
def test_every_damaged_database_is_told(small, tmp_path):
    sweep_database(small, tmp_path, 1)


def sweep_sealed(data: bytes, secret: bytes, page_size: int, step: int, filler: int) -> None:
    # SQLite's plain header is outside the code of page 1 (6.3): what is wrong in it, SQLite's reader tells.
    plain = 32 if data.startswith(b"SQLite format 3") else 0
    for place in range(0, len(data), step):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        page = place // page_size + 1
        is_filler = place < plain or place % page_size >= page_size - filler
        try:
            result = FORM.open(io.BytesIO(bytes(changed)), len(data), secret, io.BytesIO(), LIMIT)
        except (WrongKey, UnknownKind) as error:
            assert page == 1
            assert error.exit_code == 4
            continue
        if is_filler:
            assert result.problems == ()
        else:
            (problem,) = result.problems
            assert problem.pages == ((page, page),)
    for length in range(0, len(data), step):
        if length < page_size:
            with pytest.raises(WrongKey):
                FORM.open(io.BytesIO(data[:length]), length, secret, io.BytesIO(), LIMIT)
            continue
        result = FORM.open(io.BytesIO(data[:length]), length, secret, io.BytesIO(), LIMIT)
        assert bool(result.problems) is (length % page_size > 0)


# The bytes of a reserve that hold neither IV nor code: nothing reads them (6.1).
SEALED = [("pages of 1024", 0), ("raw 3", 12), ("ios, pages of 1024", 0)]


def sealed(name: str, folder) -> tuple[bytes, bytes, int]:
    profile = PROFILES[name]
    kind = profile.secret.kind.encode()
    return make(folder, profile).read_bytes(), kind + b":" + profile.secret.value, profile.page_size


@pytest.mark.parametrize(("name", "filler"), SEALED)
def test_samples_of_a_damaged_sealed_database_are_told(name, filler, tmp_path):
    data, secret, page_size = sealed(name, tmp_path)
    sweep_sealed(data, secret, page_size, 307, filler)


@pytest.mark.full
@pytest.mark.parametrize(("name", "filler"), SEALED)
def test_every_damaged_sealed_database_is_told(name, filler, tmp_path):
    data, secret, page_size = sealed(name, tmp_path)
    sweep_sealed(data[: 6 * page_size], secret, page_size, 1, filler)
