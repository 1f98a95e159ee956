"""SQLCipher's pages and log against databases that SQLCipher itself made."""

from __future__ import annotations

import io

import pytest
from sqlcipher_files import HEX, PROFILES, RAW, RAW_SECRET, ROWS, SPEC_SECRET, make, text, words

from forensics.formats import sqlcipher
from forensics.formats.sqlcipher import PageCipher, decrypt
from forensics.formats.sqlcipher_key import LARGEST_PAGE, Secret, fitting
from forensics.formats.sqlcipher_log import decrypt_log
from forensics.formats.sqlite import Database
from forensics.formats.sqlite_checksum import checksum
from forensics.formats.sqlite_wal import FRAME, HEADER, WalError, read_wal, read_wal_header

every_profile = pytest.mark.parametrize("name", PROFILES)


def cipher_of(data: bytes, secret: Secret) -> PageCipher:
    parameters = fitting(data[:LARGEST_PAGE], secret)
    assert parameters is not None
    return PageCipher(parameters)


def plain(data: bytes, secret: Secret) -> tuple[bytes, sqlcipher.PagesRead]:
    target = io.BytesIO()
    read = decrypt(io.BytesIO(data), len(data), cipher_of(data, secret), target)
    return target.getvalue(), read


def rows(data: bytes, tmp_path, log: bytes | None = None) -> dict[int, str]:
    wal = None if log is None else io.BytesIO(log)
    with Database.open(io.BytesIO(data), wal=wal, work=tmp_path / "work") as database:
        return {row[0]: row[1] for row in database.rows("note", ["words"])}


def test_the_authentication_code_is_that_of_rfc_2104():
    data = bytes(range(256)) * 16
    for name in ("sha1", "sha256", "sha512"):
        parameters = sqlcipher.Parameters(
            hash=name, page_size=4096, header=16, iterations=None, key=RAW, mac_key=RAW[::-1]
        )
        cipher = PageCipher(parameters)
        for number in (1, 2):
            _stored, right = parameters.mac(data, number)
            end = 4096 - parameters.reserve + 16
            page = data[:end] + right + data[end + len(right) :]
            assert cipher.is_right(memoryview(page), number)
            assert not cipher.is_right(memoryview(page), number + 2)


@every_profile
def test_every_profile_is_found_and_read(name, tmp_path):
    profile = PROFILES[name]
    data = make(tmp_path, profile).read_bytes()
    found, read = plain(data, profile.secret)
    assert cipher_of(data, profile.secret).parameters.page_size == profile.page_size
    assert len(found) == len(data)
    assert (read.pages, read.bad, read.rest) == (len(data) // profile.page_size, (), 0)
    assert read.verified == read.pages
    assert rows(found, tmp_path) == {number: words(number) for number in range(1, ROWS + 1)}


@every_profile
def test_the_log_is_read_with_its_database(name, tmp_path):
    profile = PROFILES[name]
    path = make(tmp_path, profile, log=True)
    data, log = path.read_bytes(), path.with_name("made.db-wal").read_bytes()
    target = io.BytesIO()
    read = decrypt_log(io.BytesIO(log), cipher_of(data, profile.secret), target)
    assert read.frames == read.verified == read.in_chain > 0
    assert read.problems() == ()
    found, _ = plain(data, profile.secret)
    view = read_wal(io.BytesIO(target.getvalue()))
    assert (view.applied, view.bad_checksum, view.cut_bytes) == (read.frames, 0, 0)
    expected = {number: words(number) for number in range(1, 2 * ROWS + 1) if number != 7}
    assert rows(found, tmp_path, target.getvalue()) == expected
    assert rows(found, tmp_path) == {number: words(number) for number in range(1, ROWS + 1)}


@every_profile
def test_a_wrong_key_fits_nothing(name, tmp_path):
    profile = PROFILES[name]
    data = make(tmp_path, profile).read_bytes()
    wrong = bytearray(profile.secret.value)
    wrong[0] ^= 1
    assert fitting(data[:LARGEST_PAGE], Secret(kind=profile.secret.kind, value=bytes(wrong))) is None


def test_a_secret_of_another_kind_fits_nothing(tmp_path):
    desktop = make(tmp_path, PROFILES["desktop"]).read_bytes()
    assert fitting(desktop, text(HEX)) is None
    assert fitting(desktop, SPEC_SECRET) is None
    ios = make(tmp_path, PROFILES["ios"]).read_bytes()
    assert fitting(ios, RAW_SECRET) is None
    assert fitting(b"", RAW_SECRET) is None
    assert fitting(desktop[:4095], RAW_SECRET) is None


def test_no_key_stands_in_a_representation(tmp_path):
    data = make(tmp_path, PROFILES["desktop"]).read_bytes()
    parameters = fitting(data, RAW_SECRET)
    for shown in (repr(parameters), repr(RAW_SECRET)):
        assert HEX not in shown
        assert repr(RAW)[2:-1] not in shown


@pytest.mark.parametrize("name", ["desktop", "android", "ios"])
def test_a_page_with_a_wrong_code_is_named_and_the_rest_is_read(name, tmp_path):
    profile = PROFILES[name]
    data = make(tmp_path, profile).read_bytes()
    whole = rows(plain(data, profile.secret)[0], tmp_path)
    for page in range(2, len(data) // 4096 + 1):
        for place in (0, 2000, 4095 - 79):
            changed = bytearray(data)
            changed[(page - 1) * 4096 + place] ^= 0x10
            found, read = plain(bytes(changed), profile.secret)
            if place == 4095 - 79 and name == "android":
                assert read.bad == ((page, page),)  # the last ciphertext block
            assert read.bad == ((page, page),)
            assert read.verified == read.pages - 1
            (problem,) = read.problems()
            assert (problem.kind, problem.pages) == ("page", ((page, page),))
            assert f"pages {page} is wrong" in problem.text
            left = rows(found, tmp_path)
            assert left.items() <= whole.items()
            assert len(left) < len(whole)


def test_pages_in_each_others_place_are_wrong(tmp_path):
    data = make(tmp_path, PROFILES["desktop"]).read_bytes()
    swapped = data[:4096] + data[8192:12288] + data[4096:8192] + data[12288:]
    assert plain(swapped, RAW_SECRET)[1].bad == ((2, 3),)


def test_pages_of_zeros_are_unused(tmp_path):
    data = make(tmp_path, PROFILES["desktop"]).read_bytes() + bytes(8192)
    found, read = plain(data, RAW_SECRET)
    assert (read.unused, read.bad) == (2, ())
    assert read.verified == read.pages - 2
    assert found.endswith(bytes(8192))


def test_every_truncation_keeps_the_whole_pages(tmp_path):
    data = make(tmp_path, PROFILES["pages of 1024"]).read_bytes()
    for length in range(1024, len(data), 537):
        found, read = plain(data[:length], RAW_SECRET)
        assert len(found) == length // 1024 * 1024
        assert (read.bad, read.rest) == ((), length % 1024)
        assert [problem.kind for problem in read.problems()] == ["missing"] * (length % 1024 > 0)


def test_pages_beyond_one_step_and_short_reads(tmp_path, monkeypatch):
    data = make(tmp_path, PROFILES["desktop"]).read_bytes()

    class Halting(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000))

    whole = plain(data, RAW_SECRET)[0]
    for chunk in (1, 8192, 3 * 4096 + 5):
        monkeypatch.setattr(sqlcipher, "CHUNK", chunk)
        assert plain(data, RAW_SECRET)[0] == whole
    target = io.BytesIO()
    read = decrypt(Halting(data), len(data), cipher_of(data, RAW_SECRET), target)
    assert target.getvalue() == whole
    assert read.rest == 0


@pytest.fixture
def logged(tmp_path):
    path = make(tmp_path, PROFILES["android"], log=True)
    data, log = path.read_bytes(), path.with_name("made.db-wal").read_bytes()
    return data, log, cipher_of(data, PROFILES["android"].secret)


def log_of(log: bytes, cipher: PageCipher):
    target = io.BytesIO()
    read = decrypt_log(io.BytesIO(log), cipher, target)
    return read, read_wal(io.BytesIO(target.getvalue())), target.getvalue()


def test_a_changed_byte_in_the_log_ends_it_there_as_it_does_for_sqlite(logged):
    _data, log, cipher = logged
    frame = FRAME.size + 4096
    count = (len(log) - HEADER.size) // frame
    for number in range(count):
        for place in (0, 9, 17, 30, 3000, frame - 60):
            changed = bytearray(log)
            changed[HEADER.size + number * frame + place] ^= 1
            read, view, plain_log = log_of(bytes(changed), cipher)
            assert read.in_chain == number
            # SQLite's own view of the encrypted log, and the reader's of the plain one
            sealed = read_wal(io.BytesIO(bytes(changed)))
            assert view.applied == sealed.applied
            assert (view.bad_checksum, view.older_generation) == (
                sealed.bad_checksum,
                sealed.older_generation,
            )
            assert len(plain_log) == len(log)


def test_frames_outside_the_chain_are_decrypted_for_whoever_recovers(logged):
    _data, log, cipher = logged
    frame = FRAME.size + 4096
    changed = bytearray(log)
    changed[HEADER.size + frame + 9] ^= 1  # a salt of the second frame: of an older generation
    read, view, plain_log = log_of(bytes(changed), cipher)
    assert read.verified == read.frames
    assert read.problems() == ()
    assert view.older_generation == 1
    whole = log_of(log, cipher)[2]
    for number in range(read.frames):
        start = HEADER.size + number * frame + FRAME.size
        assert plain_log[start : start + 4096] == whole[start : start + 4096]


def test_a_frame_with_right_checksums_and_a_wrong_code_is_named(logged):
    _data, log, cipher = logged
    frame = FRAME.size + 4096
    header = read_wal_header(log[: HEADER.size])
    rebuilt, sums = bytearray(log[: HEADER.size]), header.sums
    for number in range((len(log) - HEADER.size) // frame):
        piece = bytearray(log[HEADER.size + number * frame :][:frame])
        if number == 1:
            piece[FRAME.size + 100] ^= 1
        sums = checksum(bytes(piece[:8]), header.little_endian, sums)
        sums = checksum(bytes(piece[FRAME.size :]), header.little_endian, sums)
        piece[16:24] = sums[0].to_bytes(4) + sums[1].to_bytes(4)
        rebuilt += piece
    read, view, _ = log_of(bytes(rebuilt), cipher)
    assert read.in_chain == read.frames == view.applied
    assert read.verified == read.frames - 1
    (problem,) = read.problems()
    page = int.from_bytes(log[HEADER.size + frame :][:4])
    assert problem.pages == ((page, page),)
    assert "in the write-ahead log" in problem.text


def test_every_truncation_of_a_log_is_one_of_the_plain_log(logged):
    _data, log, cipher = logged
    for length in range(HEADER.size, min(len(log), 3 * 4200), 113):
        _read, view, plain_log = log_of(log[:length], cipher)
        sealed = read_wal(io.BytesIO(log[:length]))
        assert (view.applied, view.uncommitted, view.cut_bytes) == (
            sealed.applied,
            sealed.uncommitted,
            sealed.cut_bytes,
        )
        assert len(plain_log) == length
    for length in range(HEADER.size):
        with pytest.raises(WalError):
            log_of(log[:length], cipher)


def test_a_log_of_other_pages_is_no_log_of_this_database(logged, tmp_path):
    _data, _log, cipher = logged
    other = make(tmp_path, PROFILES["pages of 1024"], log=True)
    read, _view, _ = log_of(other.with_name("made.db-wal").read_bytes(), cipher)
    assert read.verified == 0
    assert read.problems()
