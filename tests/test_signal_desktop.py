"""Signal Desktop beside its golden cases: sealed files, and what is damaged in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import sqlite3

import pytest
from Crypto.Cipher import AES
from fixture_programs import load
from signal_golden import read

from parsers.signal_desktop import SignalDesktop
from parsers.signal_sealed import SealBroken, unseal

BUILD = load("signal_desktop")
KEY = hashlib.sha512(b"fictitious key of a file").digest()


def sealed(plain: bytes, key: bytes = KEY) -> bytes:
    """By reference 2.4 and 5.4: zeros up to a size that says little, PKCS7, IV in front, code behind."""
    padded = plain + bytes(-len(plain) % 541)
    padded += bytes([16 - len(padded) % 16]) * (16 - len(padded) % 16)
    iv = hashlib.md5(plain).digest()
    body = iv + AES.new(key[:32], AES.MODE_CBC, iv).encrypt(padded)
    return body + hmac.digest(key[32:], body, "sha256")


@pytest.mark.parametrize("length", [0, 1, 15, 16, 540, 541, 3 << 20])
def test_a_sealed_file_comes_back_without_its_padding(length):
    plain = hashlib.sha256(b"x").digest() * (length // 32 + 1)
    plain = plain[:length]
    found = unseal(io.BytesIO(sealed(plain)), KEY, length, keep=True)
    assert (found.size, found.sha256) == (length, hashlib.sha256(plain).hexdigest())
    assert found.text == plain[: 4 << 20]


def test_every_truncation_and_every_changed_byte_of_a_sealed_file_is_refused():
    data = sealed(b"een plaat")
    for length in range(len(data)):
        with pytest.raises(SealBroken):
            unseal(io.BytesIO(data[:length]), KEY, 9)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        with pytest.raises(SealBroken):
            unseal(io.BytesIO(bytes(changed)), KEY, 9)
    for key in (KEY[::-1], KEY[:63], b""):
        with pytest.raises(SealBroken):
            unseal(io.BytesIO(data), key, 9)
    with pytest.raises(SealBroken, match="bytes, 100000 expected"):
        unseal(io.BytesIO(data), KEY, 100_000)


def with_attachment(tmp_path, data: bytes, **columns):
    root = BUILD.build("modern", tmp_path / "root")
    (main,) = root.rglob("db.sqlite")
    (root / "Signal/attachments.noindex/ef").mkdir()
    (root / "Signal/attachments.noindex/ef/zegel").write_bytes(data)
    values = {
        "path": "ef\\zegel",
        "localKey": base64.b64encode(KEY).decode(),
        "size": 9,
        "version": 2,
        **columns,
    }
    connection = sqlite3.connect(main)
    assignments = ", ".join(f"{name} = ?" for name in values)
    where = "messageId = 'm10' AND attachmentType = 'attachment' AND orderInMessage = 1"
    connection.execute(f"UPDATE message_attachments SET {assignments} WHERE {where}", tuple(values.values()))
    connection.commit()
    connection.close()
    reading = read(SignalDesktop(), main, root, tmp_path / "work")
    return reading, reading.message(10, "messages")


def test_a_sealed_attachment_is_decrypted_and_hashed(tmp_path):
    digest = hashlib.sha256(b"een plaat").hexdigest()
    _reading, message = with_attachment(tmp_path, sealed(b"een plaat"), plaintextHash=digest)
    second = message.attachments[1]
    assert (second.present, second.size, second.sha256) == (True, 9, digest)
    assert second.path == "Signal/attachments.noindex/ef/zegel!/decrypted"


def test_a_changed_attachment_is_not_present_and_a_notice(tmp_path):
    reading, message = with_attachment(tmp_path, sealed(b"een plaat")[:-1] + b"?")
    assert message.attachments[1].present is False
    assert message.attachments[1].sha256 is None
    assert any(
        "cannot be decrypted: its authentication code is wrong" in each.text for each in reading.notices
    )


def test_a_long_text_is_whole(tmp_path):
    whole = "een foto met een verhaal dat in de rij niet past"
    data = sealed(whole.encode())
    _reading, message = with_attachment(
        tmp_path, data, size=len(whole), attachmentType="long-message", contentType="text/x-signal-plain"
    )
    assert message.text == whole
    assert len(message.attachments) == 1
