"""Key files in every spelling they are handed over in, and the key that is derived from a root key."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from whatsapp_backups import (
    ACCOUNT_KEY,
    AES_KEY,
    CRYPT12,
    CRYPT14,
    CRYPT15,
    DATABASE,
    ROOT_FILE,
    ROOT_KEY,
    crypt14,
    key_file,
    opened,
)

from parsers.whatsapp_crypt import FORMS
from parsers.whatsapp_keys import crypt15_key


def spellings(raw):
    digits = raw.hex()
    grouped = " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
    return [
        raw,
        digits.encode(),
        digits.upper().encode() + b"\r\n",
        grouped.encode() + b"\n",
        grouped.replace(" ", "-").encode(),
        b"\xef\xbb\xbf" + digits.encode(),
        base64.b64encode(raw),
        base64.b64encode(raw).rstrip(b"=") + b"\n",
        base64.urlsafe_b64encode(raw),
    ]


@pytest.mark.parametrize("material", [ROOT_FILE, *spellings(ROOT_KEY)])
def test_the_root_key_is_found_in_every_spelling(material):
    assert ROOT_KEY in CRYPT15.keys(material)
    assert len(CRYPT15.keys(material)) == 1


def test_the_url_safe_alphabet_of_base64_is_understood():
    raw = b"\xfb\xff\xfe" * 10 + b"\xfb\xff"
    assert b"-" in base64.urlsafe_b64encode(raw)
    assert CRYPT15.keys(base64.urlsafe_b64encode(raw)) == [raw]


@pytest.mark.parametrize("material", spellings(key_file()))
def test_the_account_key_is_found_in_every_spelling(material):
    assert CRYPT12.keys(material) == CRYPT14.keys(material) == [ACCOUNT_KEY]
    assert CRYPT15.keys(material) == []


@pytest.mark.parametrize("material", spellings(AES_KEY))
def test_a_bare_aes_key_opens_crypt14(material):
    (key,) = CRYPT14.keys(material)
    plain, result = opened(CRYPT14, crypt14(DATABASE), key)
    assert plain == DATABASE
    assert result.details["server_salt_matches"] is None


@pytest.mark.parametrize(
    "material",
    [
        b"",
        b"hello",
        b"12345 12345 12345 12345 12345 12345",
        ROOT_KEY[:31],
        ROOT_KEY + b"x",
        ROOT_KEY.hex().encode()[:63],
        b"g" + ROOT_KEY.hex().encode()[1:],
        ROOT_FILE[:-1],
        ROOT_FILE + b"\n",
        key_file()[:-1],
        ROOT_KEY * 100,
        b"\xff" * 1024,
    ],
)
def test_what_is_no_key_gives_no_candidate(material):
    assert [form.keys(material) for form in FORMS] == [[], [], []]


def test_a_root_key_file_is_no_key_for_crypt14():
    assert CRYPT14.keys(ROOT_FILE) == CRYPT12.keys(ROOT_FILE) == []


def test_the_crypt15_key_is_hkdf_sha256_by_an_independent_implementation():
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"backup encryption")
    assert crypt15_key(ROOT_KEY) == hkdf.derive(ROOT_KEY)


def test_the_crypt15_key_by_hmac_from_its_definition():
    def hmac_sha256(key, message):
        block = key.ljust(64, b"\x00")
        inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
        return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()

    root = bytes(range(32))
    expected = hmac_sha256(hmac_sha256(bytes(32), root), b"backup encryption\x01")
    assert crypt15_key(root) == expected
    assert crypt15_key(root).hex() == "4e54c0777a7214dfdf0af5b6e153acfa2fbdac603fea6fd1630b824e5c29eef5"
