"""WhatsApp key files and encrypted backups made byte by byte, with invented keys and accounts."""

from __future__ import annotations

import hashlib
import io

import pytest
from Crypto.Cipher import AES

from parsers.whatsapp_crypt import FORMS
from parsers.whatsapp_keys import crypt15_key

CRYPT12, CRYPT14, CRYPT15 = FORMS
LIMIT = 1 << 24
IV = bytes(range(0xA0, 0xB0))
SALT = bytes(range(32))
GOOGLE_ID = bytes(range(0x40, 0x50))
AES_KEY = hashlib.sha256(b"fictitious aes key").digest()
ROOT_KEY = hashlib.sha256(b"fictitious root key").digest()
DATABASE = b"SQLite format 3\x00" + bytes(range(256)) * 20 + bytes(3000)

JAVA = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")


def java_file(payload):
    return JAVA + len(payload).to_bytes(4) + payload


def key_file(salt=SALT, google_id=GOOGLE_ID, aes=AES_KEY):
    return java_file(
        b"\x00\x01\x02" + salt + google_id + hashlib.sha256(google_id).digest() + bytes(16) + aes
    )


ROOT_FILE = java_file(ROOT_KEY)


def varint(value):
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def part(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


EXPIRY = part(1, b"2.22.5.13") + part(3, b"67") + part(4, 0) + part(5, 1) + part(6, 0) + part(39, 1)
CIPHER_14 = part(1, b"\x00\x01") + part(2, b"2") + part(3, SALT) + part(4, GOOGLE_ID) + part(5, IV)
HEADER_14 = part(1, 0) + part(2, CIPHER_14) + part(4, EXPIRY)
HEADER_15 = part(1, 1) + part(3, part(1, IV)) + part(4, EXPIRY)


def sealed(key, plain):
    ciphertext, tag = AES.new(key, AES.MODE_GCM, nonce=IV).encrypt_and_digest(plain)
    return ciphertext + tag


def crypt12(plain, key=AES_KEY):
    data = b"\x00\x01\x02" + SALT + GOOGLE_ID + IV + sealed(key, plain)
    return data + hashlib.md5(data).digest() + b"--67"


def prefixed(header, key, plain, md5):
    data = varint(len(header)) + header + sealed(key, plain)
    return data + hashlib.md5(data).digest() if md5 else data


def crypt14(plain, md5=True, header=HEADER_14):
    return prefixed(header, AES_KEY, plain, md5)


def crypt15(plain, md5=True, header=HEADER_15):
    return prefixed(header, crypt15_key(ROOT_KEY), plain, md5)


def form_of(data, name="msgstore.db"):
    found = [form for form in FORMS if form.recognises(data[:4096], data[-64:], name)]
    assert len(found) <= 1
    return found[0] if found else None


def opened(form, data, key, limit=LIMIT):
    target = io.BytesIO()
    result = form.open(io.BytesIO(data), len(data), key, target, limit)
    return target.getvalue(), result


def refused(form, data, key, error, match=None, limit=LIMIT):
    target = io.BytesIO()
    with pytest.raises(error, match=match):
        form.open(io.BytesIO(data), len(data), key, target, limit)
    assert target.getvalue() == b""


(ACCOUNT_KEY,) = CRYPT14.keys(key_file())
(BACKUP_KEY,) = CRYPT15.keys(ROOT_FILE)
