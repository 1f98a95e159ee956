"""Signal's secrets in the spellings in which they are handed over; known values made by other means."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from Crypto.Cipher import AES
from Crypto.Hash import SHA1
from Crypto.Protocol.KDF import PBKDF2

from parsers.signal_keys import attachment_keys, database_keys, safe_storage_keys
from parsers.signal_sqlcipher import FORM

KEY = hashlib.sha256(b"fictitious").digest()
HEX = KEY.hex()
SPEC = KEY + bytes(range(16))
POOL = "dtjs858asj6tv0jzsqrsmj0ubp335pisj98e9ssnss8myoc08drhtcktyawvx45l"
NONCE = bytes(range(12))


def found(material: bytes | str) -> list[tuple[str, bytes]]:
    return [*dict.fromkeys(database_keys(material.encode() if isinstance(material, str) else material))]


BOTH = [("text", HEX.encode()), ("raw", KEY)]


@pytest.mark.parametrize(
    ("material", "keys"),
    [
        (HEX, BOTH),
        (f"{HEX.upper()}\n", BOTH),
        (f"x'{HEX}'", BOTH),
        (" ".join(HEX[at : at + 8] for at in range(0, 64, 8)), BOTH),
        (KEY, BOTH),
        (base64.b64encode(KEY), BOTH),
        (base64.urlsafe_b64encode(KEY).rstrip(b"="), BOTH),
        (SPEC, [("spec", SPEC)]),
        (SPEC.hex(), [("spec", SPEC)]),
        (base64.b64encode(SPEC), [("spec", SPEC)]),
        (json.dumps({"key": HEX}), BOTH),
        (json.dumps([{"script_output": [{"payload": {"sqlite db key": HEX}}]}]), BOTH),
        (json.dumps({"attachment": HEX, "modernKey": HEX}), []),
        ('{"key": ', []),
        ('{"key": 5, "other": "short"}', []),
        (f'<map><string name="pref_database_unencrypted_secret">{HEX}</string></map>', BOTH[:1]),
        ("a passphrase of words\n", [("text", b"a passphrase of words")]),
        ("00000 11111 22222 33333 44444 55555", []),
        # an account entropy pool is base64 of 48 bytes as well: never a passphrase, a harmless try as a key
        (POOL, [("spec", base64.b64decode(POOL))]),
        ("two\nlines", []),
        (b"\xff\xfe\x00", []),
        ("", []),
        ("x" * 300, []),
    ],
)
def test_the_keys_of_a_database(material, keys):
    typed = [each for each in found(material) if each not in keys]
    assert [each for each in found(material) if each in keys] == keys
    assert all(kind == "text" for kind, _value in typed)
    assert len(typed) <= (1 if keys and material not in (KEY, SPEC) else 0)


def sealed_cbc(prefix: bytes, password: bytes, iterations: int) -> str:
    key = PBKDF2(password, b"saltysalt", 16, iterations, hmac_hash_module=SHA1)
    padded = HEX.encode() + bytes([16]) * 16
    data = prefix + AES.new(key, AES.MODE_CBC, b" " * 16).encrypt(padded)
    return json.dumps({"encryptedKey": data.hex()})


def sealed_gcm(key: bytes) -> str:
    body, tag = AES.new(key, AES.MODE_GCM, nonce=NONCE).encrypt_and_digest(HEX.encode())
    return json.dumps({"encryptedKey": (b"v10" + NONCE + body + tag).hex()})


SECRET = b"c2VjcmV0IG9mIGEgbWFj"


@pytest.mark.parametrize(
    ("config", "secret"),
    [
        (sealed_cbc(b"v10", SECRET, 1003), SECRET),
        (sealed_cbc(b"v10", SECRET, 1003), SECRET + b"\n"),
        (sealed_cbc(b"v11", SECRET, 1), SECRET),
        (sealed_gcm(KEY[::-1]), KEY[::-1]),
        (sealed_gcm(KEY[::-1]), KEY[::-1].hex().encode()),
        (sealed_gcm(KEY[::-1]), base64.b64encode(KEY[::-1])),
    ],
)
def test_the_key_of_a_desktop_is_opened_with_the_secret_of_its_system(config, secret):
    assert safe_storage_keys(config.encode(), secret) == [KEY]
    assert FORM.joined_keys(config.encode(), secret) == [b"raw:" + KEY]
    assert safe_storage_keys(config.encode(), secret[:-2] + b"xx") == []
    assert safe_storage_keys(secret, config.encode()) == []


def test_a_linux_desktop_without_a_store_needs_no_secret():
    assert ("raw", KEY) in found(sealed_cbc(b"v10", b"peanuts", 1))


@pytest.mark.parametrize("value", ["", "zz", "763130", "7631", "aa" * 50, 5, None])
def test_an_unusable_sealed_key_opens_nothing(value):
    assert safe_storage_keys(json.dumps({"encryptedKey": value}).encode(), SECRET) == []


def test_the_keys_of_attachments():
    text = base64.b64encode(KEY).decode()
    assert attachment_keys(
        json.dumps({"payload": {"signal attachment key": {"modernKey": text}}}).encode()
    ) == [KEY]
    assert attachment_keys(json.dumps({"sqlite db key": HEX}).encode()) == []
    assert attachment_keys(text.encode()) == [KEY]
    assert attachment_keys(KEY) == [KEY]
    assert attachment_keys(b"nothing") == []
