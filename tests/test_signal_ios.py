"""Signal for iOS beside its golden cases: sealed files, and what is damaged in them."""

from __future__ import annotations

import hashlib
import hmac
import plistlib
import sqlite3

import pytest
from Crypto.Cipher import AES
from fixture_programs import load
from signal_golden import read

from parsers import signal_archive
from parsers.signal_archive import ArchiveError
from parsers.signal_ios import SignalIos

BUILD = load("signal_ios")
KEY = hashlib.sha512(b"fictitious key of a file").digest()


def with_new_attachments(tmp_path, change=lambda data: data):
    """Message 11 with a sealed picture, message 6 with a long text, both of the new kind."""
    root = BUILD.build("modern", tmp_path / "root")
    (main,) = root.rglob("signal.sqlite")
    whole = "\ufffc kom je? dan vertel ik het hele verhaal"
    contents = {1: (b"een plaat", "image/png"), 2: (whole.encode(), "text/x-signal-plain")}
    connection = sqlite3.connect(main)
    for number, (data, mime) in contents.items():
        folder = root / "attachment_files" / f"a{number}"
        folder.mkdir(parents=True)
        (folder / f"file{number}").write_bytes(change(sealed(data)))
        values = (number, mime, KEY, len(data), f"a{number}/file{number}", hashlib.sha256(data).digest())
        connection.execute(
            "INSERT INTO Attachment (id, mimeType, encryptionKey, unencryptedByteCount, "
            " localRelativeFilePath, sha256ContentHash) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )
    rows = [(0, 11, 1, 0), (3, 11, 1, 0), (1, 6, 2, 0), (0, 16, 99, 1)]
    connection.executemany(
        "INSERT INTO MessageAttachmentReference (ownerType, ownerRowId, attachmentRowId, renderingFlag)"
        " VALUES (?, ?, ?, ?)",
        rows,
    )
    connection.commit()
    connection.close()
    reading = read(SignalIos(), main, root, tmp_path / "work")
    return reading, whole


def sealed(plain: bytes) -> bytes:
    padded = plain + bytes(-len(plain) % 541)
    padded += bytes([16 - len(padded) % 16]) * (16 - len(padded) % 16)
    iv = hashlib.md5(plain).digest()
    body = iv + AES.new(KEY[:32], AES.MODE_CBC, iv).encrypt(padded)
    return body + hmac.digest(KEY[32:], body, "sha256")


def test_sealed_attachments_are_decrypted_and_hashed(tmp_path):
    reading, whole = with_new_attachments(tmp_path)
    (picture,) = reading.message(11, "model_TSInteraction").attachments
    assert (picture.kind, picture.present, picture.size) == ("image", True, 9)
    assert picture.sha256 == hashlib.sha256(b"een plaat").hexdigest()
    assert picture.path == "attachment_files/a1/file1!/decrypted"
    assert reading.message(11, "model_TSInteraction").kind == "image"
    assert reading.message(6, "model_TSInteraction").text == whole
    assert reading.message(6, "model_TSInteraction").attachments == ()
    old = reading.message(16, "model_TSInteraction")
    assert [each.kind for each in old.attachments] == ["voice", "image"]
    assert any("its attachment, row 99, is gone" in each.text for each in reading.notices)


def test_changed_attachments_are_not_present_and_noticed(tmp_path):
    reading, _whole = with_new_attachments(tmp_path, lambda data: data[:40] + b"?" + data[41:])
    (picture,) = reading.message(11, "model_TSInteraction").attachments
    assert (picture.present, picture.sha256, picture.size) == (False, None, 9)
    assert sum("cannot be decrypted" in each.text for each in reading.notices) == 2


@pytest.mark.parametrize(
    "data", [b"bplist00", b"bplist00\xff", b"{", b"\xff", b"[1]", b"bplist00" + bytes(40)]
)
def test_an_archive_that_cannot_be_read_says_so(data):
    with pytest.raises(ArchiveError):
        signal_archive.object_in(data)


def test_archives_that_turn_in_circles_or_point_nowhere_end():
    for objects, top in (
        ([plistlib.UID(0)], 0),
        (["$null", {"a": plistlib.UID(1)}], 1),
        (["$null", {"a": plistlib.UID(9)}], 1),
    ):
        data = plistlib.dumps(
            {"$objects": objects, "$top": {"root": plistlib.UID(top)}}, fmt=plistlib.FMT_BINARY
        )
        with pytest.raises(ArchiveError):
            signal_archive.object_in(data)
    assert signal_archive.object_in(None) == {}
    assert signal_archive.service_id({"a": b"\0" * 16}) == "00000000-0000-0000-0000-000000000000"
