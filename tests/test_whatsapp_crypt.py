"""Backups made here byte by byte, opened again; and every way in which they must not open."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whatsapp_backups import (
    ACCOUNT_KEY,
    BACKUP_KEY,
    CIPHER_14,
    CRYPT12,
    CRYPT14,
    CRYPT15,
    DATABASE,
    EXPIRY,
    HEADER_14,
    HEADER_15,
    IV,
    LIMIT,
    SALT,
    crypt12,
    crypt14,
    crypt15,
    form_of,
    key_file,
    opened,
    part,
    refused,
)

from forensics.errors import DamagedEvidence, LimitExceeded, SporenError, WrongKey
from parsers import whatsapp_payload

MADE = {
    "crypt12": (CRYPT12, ACCOUNT_KEY, crypt12(zlib.compress(DATABASE))),
    "crypt14 with MD5": (CRYPT14, ACCOUNT_KEY, crypt14(zlib.compress(DATABASE))),
    "crypt14 without MD5": (CRYPT14, ACCOUNT_KEY, crypt14(zlib.compress(DATABASE), md5=False)),
    "crypt15 with MD5": (CRYPT15, BACKUP_KEY, crypt15(zlib.compress(DATABASE))),
    "crypt15 without MD5": (CRYPT15, BACKUP_KEY, crypt15(zlib.compress(DATABASE), md5=False)),
}
made = pytest.mark.parametrize(("form", "key", "data"), MADE.values(), ids=MADE.keys())


@made
def test_each_form_is_recognised_by_its_content_and_opens(form, key, data):
    assert form_of(data, "holiday.jpg") is form
    plain, result = opened(form, data, key)
    assert plain == DATABASE
    assert result.kind == "sqlite"
    assert result.details["payload_sha256"] == hashlib.sha256(DATABASE).hexdigest()
    assert result.details["payload_bytes"] == len(DATABASE)
    assert (result.details["tag_matches"], result.details["compression"]) == (True, "zlib")


def test_details_hold_the_header_and_the_checks_but_no_key():
    _, result = opened(CRYPT14, crypt14(zlib.compress(DATABASE)), ACCOUNT_KEY)
    assert result.details == {
        "form": "crypt14",
        "iv": IV.hex(),
        "server_salt": SALT.hex(),
        "header_bytes": len(HEADER_14),
        "key_type": 0,
        "new_key_type": None,
        "passkey": False,
        "unknown_fields": "",
        "app_version": "2.22.5.13",
        "jid_suffix": "67",
        "backup_version": 0,
        "features": "5,39",
        "cipher_version": "0001",
        "key_version": "2",
        "server_salt_matches": True,
        "google_id_matches": True,
        "key_file_whole": True,
        "tag_matches": True,
        "md5_matches": True,
        "compression": "zlib",
        "payload_bytes": len(DATABASE),
        "payload_sha256": hashlib.sha256(DATABASE).hexdigest(),
    }
    _, result = opened(CRYPT12, crypt12(DATABASE), ACCOUNT_KEY)
    assert result.details["jid_suffix"] == "67"
    assert result.details["key_version"] == "2"


def test_a_file_without_md5_says_so():
    _, result = opened(CRYPT15, crypt15(DATABASE, md5=False), BACKUP_KEY)
    assert result.details["md5_matches"] is None
    _, result = opened(CRYPT15, crypt15(DATABASE), BACKUP_KEY)
    assert result.details["md5_matches"] is True


ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr(zipfile.ZipInfo("messages.bin"), b"increment")


@pytest.mark.parametrize(
    ("plain", "kind", "compression"),
    [
        (DATABASE, "sqlite", "none"),
        (ZIP.getvalue(), "zip", "none"),
        (b' {"name": "Ada"}', "json", "none"),
        (zlib.compress(b"[1, 2]"), "json", "zlib"),
        (zlib.compress(DATABASE, 1), "sqlite", "zlib"),
        (zlib.compress(DATABASE, 9), "sqlite", "zlib"),
        (zlib.compress(b""), "unknown", "zlib"),
        (b"\x0a\x03abc", "unknown", "none"),
        (b"{\x00\x01", "unknown", "none"),
        (b"x", "unknown", "none"),
        (b"", "unknown", "none"),
    ],
)
@pytest.mark.parametrize("md5", [True, False])
def test_the_payload_is_told_by_its_content(plain, kind, compression, md5):
    data, result = opened(CRYPT15, crypt15(plain, md5), BACKUP_KEY)
    assert data == (zlib.decompress(plain) if compression == "zlib" else plain)
    assert (result.kind, result.details["compression"]) == (kind, compression)


@pytest.mark.parametrize("extra", [0, 60, 200, 3000])
def test_header_lengths_are_varints_and_unknown_fields_are_skipped(extra):
    header = part(9, b"y" * extra) + HEADER_15 + part(700, 3) + b"\x5d" + bytes(4)
    assert extra < 200 or len(header) >= 256
    data = crypt15(zlib.compress(DATABASE), header=header)
    assert form_of(data) is CRYPT15
    plain, result = opened(CRYPT15, data, BACKUP_KEY)
    assert plain == DATABASE
    assert result.details["unknown_fields"] == "9,11,700"
    assert result.details["header_bytes"] == len(header)


def test_a_field_of_an_unexpected_type_costs_only_that_field():
    strange = part(1, 7) + part(3, b"\xff6") + part(4, b"x") + part(5, b"")
    _, result = opened(CRYPT15, crypt15(DATABASE, header=part(3, part(1, IV)) + part(4, strange)), BACKUP_KEY)
    named = ("app_version", "jid_suffix", "backup_version", "features", "key_type")
    assert [result.details[name] for name in named] == [None, "\\xff6", None, "", None]
    _, result = opened(CRYPT15, crypt15(DATABASE, header=HEADER_15 + part(4, b"\x0a\x09cut")), BACKUP_KEY)
    assert result.details["features"] == "unreadable"


def test_without_a_server_salt_in_the_header_nothing_is_compared():
    data = crypt14(DATABASE, header=part(2, part(5, IV)))
    plain, result = opened(CRYPT14, data, ACCOUNT_KEY)
    assert plain == DATABASE
    assert result.details["server_salt_matches"] is None
    assert result.details["key_version"] is None


def test_a_payload_of_several_chunks_is_streamed(monkeypatch):
    monkeypatch.setattr(whatsapp_payload, "_CHUNK", 64)
    for plain in (DATABASE, zlib.compress(DATABASE), zlib.compress(bytes(100_000))):
        for md5 in (True, False):
            data, _ = opened(CRYPT14, crypt14(plain, md5), ACCOUNT_KEY)
            assert data == (DATABASE if plain == DATABASE else zlib.decompress(plain))


SMALL = {name: (form, key) for name, (form, key, _) in MADE.items()}


def small(name):
    plain = zlib.compress(b"SQLite format 3\x00 little")
    makers = {"crypt12": lambda: crypt12(plain), "crypt14": lambda: crypt14(plain, "with MD5" in name)}
    return makers.get(name.split()[0], lambda: crypt15(plain, "with MD5" in name))()


@pytest.mark.parametrize("name", SMALL)
def test_every_truncation_is_refused(name):
    form, key = SMALL[name]
    data = small(name)
    for length in range(len(data)):
        if "with MD5" in name and length == len(data) - 16:
            # exactly the MD5 is gone: this is the whole file of a backup of the kind without one
            assert opened(form, data[:length], key)[1].details["md5_matches"] is None
        else:
            refused(form, data[:length], key, (WrongKey, DamagedEvidence))


@pytest.mark.parametrize("name", [name for name in SMALL if "without" not in name])
def test_every_changed_byte_is_refused(name):
    form, key = SMALL[name]
    data = small(name)
    for position in range(len(data)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= change
            if name == "crypt12" and position >= len(data) - 2 and change == 1:
                continue  # the last two digits of the phone number are under neither the tag nor the MD5
            refused(form, bytes(changed), key, (WrongKey, DamagedEvidence))


@pytest.mark.parametrize("name", [name for name in SMALL if "without" in name])
def test_every_changed_byte_under_the_tag_is_refused(name):
    form, key = SMALL[name]
    data = small(name)
    iv = data.index(IV)
    header = data[0] + 1 if data[0] < 0x80 else (data[0] & 0x7F | data[1] << 7) + 2
    for position in [*range(iv, iv + len(IV)), *range(header, len(data))]:
        changed = bytearray(data)
        changed[position] ^= 0x01
        refused(form, bytes(changed), key, WrongKey, "wrong key or changed file")


@made
def test_a_wrong_key_opens_nothing(form, key, data):
    wrong = key[:-1] + bytes([key[-1] ^ 1])
    refused(form, data, wrong, WrongKey, "wrong key or changed file: the authentication tag does not match")


def test_the_key_of_another_account_is_called_that():
    (other,) = CRYPT14.keys(key_file(salt=bytes(32)))
    refused(CRYPT14, crypt14(DATABASE), other, WrongKey, "key of another account")
    refused(CRYPT12, crypt12(DATABASE), other, WrongKey, "key of another account")


def test_an_authentic_crypt12_with_a_changed_md5_is_called_changed():
    data = bytearray(crypt12(DATABASE))
    data[-10] ^= 1
    refused(CRYPT12, bytes(data), ACCOUNT_KEY, DamagedEvidence, "content is authentic")


def test_a_key_file_whose_own_check_fails_is_tried_and_reported():
    damaged = bytearray(key_file())
    damaged[27 + 60] ^= 1
    (key,) = CRYPT14.keys(bytes(damaged))
    _, result = opened(CRYPT14, crypt14(DATABASE), key)
    assert result.details["key_file_whole"] is False
    (key,) = CRYPT14.keys(key_file(google_id=bytes(16)))
    _, result = opened(CRYPT14, crypt14(DATABASE), key)
    assert (result.details["google_id_matches"], result.details["key_file_whole"]) == (False, True)


def test_the_limit_is_the_last_byte_that_is_allowed():
    for plain in (DATABASE, zlib.compress(DATABASE)):
        assert opened(CRYPT15, crypt15(plain), BACKUP_KEY, len(DATABASE))[0] == DATABASE
        refused(CRYPT15, crypt15(plain), BACKUP_KEY, LimitExceeded, None, len(DATABASE) - 1)


def test_a_bomb_stops_at_the_limit(monkeypatch):
    written = []
    store = whatsapp_payload._Payload._store
    monkeypatch.setattr(
        whatsapp_payload._Payload, "_store", lambda self, data: (written.append(len(data)), store(self, data))
    )
    refused(CRYPT15, crypt15(zlib.compress(bytes(50 << 20), 9)), BACKUP_KEY, LimitExceeded, None, 2 << 20)
    assert sum(written) <= 4 << 20


@pytest.mark.parametrize(
    ("plain", "match"),
    [
        (zlib.compress(DATABASE)[:-5], "ends early"),
        (zlib.compress(DATABASE)[:100], "ends early"),
        (zlib.compress(DATABASE) + b"garbage", "bytes follow"),
        (zlib.compress(DATABASE) + bytes(5 << 20), "bytes follow"),
        (zlib.compress(DATABASE)[:-1] + b"?", "damaged"),
        (b"\x78\x9c" + b"\xff" * 50, "damaged"),
    ],
)
def test_a_damaged_payload_under_a_right_tag_is_damaged_not_a_wrong_key(plain, match):
    refused(CRYPT15, crypt15(plain), BACKUP_KEY, DamagedEvidence, match)


def test_a_file_shorter_than_said_is_damaged():
    data = crypt15(DATABASE)
    target = io.BytesIO()
    with pytest.raises(DamagedEvidence, match="cut off"):
        CRYPT15.open(io.BytesIO(data[:-40]), len(data), BACKUP_KEY, target, LIMIT)
    assert target.getvalue() == b""


def test_a_full_disk_leaves_nothing_behind():
    class Full(io.BytesIO):
        def write(self, data):
            super().write(data[:10])
            raise OSError(28, "No space left on device")

    target = Full()
    data = crypt15(DATABASE)
    with pytest.raises(OSError, match="No space"):
        CRYPT15.open(io.BytesIO(data), len(data), BACKUP_KEY, target, LIMIT)
    assert target.getvalue() == b""


def test_a_passkey_backup_says_why_it_does_not_open():
    header = part(1, 1) + part(4, EXPIRY) + part(5, part(1, b"credential"))
    data = crypt15(DATABASE, header=header)
    assert form_of(data) is CRYPT15
    refused(CRYPT15, data, BACKUP_KEY, WrongKey, "passkey")
    data = crypt15(DATABASE, header=HEADER_15 + part(5, part(1, b"credential")))
    assert opened(CRYPT15, data, BACKUP_KEY)[0] == DATABASE
    refused(CRYPT15, data, bytes(32), WrongKey, "tag does not match; a passkey backup")


def test_both_ciphers_in_one_header_are_told_by_the_key_type():
    header = part(1, 1) + part(2, CIPHER_14) + part(3, part(1, IV))
    assert form_of(crypt15(DATABASE, header=header)) is CRYPT15
    assert form_of(crypt14(DATABASE, header=part(2, CIPHER_14) + part(3, part(1, IV)))) is CRYPT14
    refused(CRYPT14, crypt15(DATABASE), ACCOUNT_KEY, DamagedEvidence, "crypt15")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        DATABASE,
        b"PK\x03\x04" + bytes(100),
        b"\xff" * 100,
        bytes(100),
        b"\x00\x01\x00\x00" + bytes(200),
        crypt14(DATABASE, header=part(2, part(5, IV[:12]))),
        crypt15(DATABASE, header=part(3, b"")),
        crypt15(DATABASE, header=part(4, EXPIRY)),
        crypt15(DATABASE, header=part(3, 5)),
        crypt15(DATABASE)[:40],
        crypt12(DATABASE)[:66],
        crypt12(DATABASE)[:-1],
    ],
)
def test_other_files_are_not_taken_for_a_backup(data):
    assert form_of(data) is None


def test_a_cut_off_crypt12_is_known_by_its_name_and_refused():
    data = crypt12(DATABASE)[:-1]
    assert form_of(data, "msgstore.db.crypt12") is CRYPT12
    refused(CRYPT12, data, ACCOUNT_KEY, DamagedEvidence, "cut off")


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_refused_by_the_own_errors(data):
    form_of(data)
    for form, key in ((CRYPT12, ACCOUNT_KEY), (CRYPT14, ACCOUNT_KEY), (CRYPT15, BACKUP_KEY)):
        with pytest.raises(SporenError):
            form.open(io.BytesIO(data), len(data), key, io.BytesIO(), LIMIT)


@given(st.binary(max_size=2000), st.booleans(), st.booleans())
@settings(max_examples=100)
def test_what_is_sealed_comes_back(plain, md5, compressed):
    data = crypt15(zlib.compress(plain), md5) if compressed else crypt15(b"." + plain, md5)
    assert opened(CRYPT15, data, BACKUP_KEY)[0] == (plain if compressed else b"." + plain)
