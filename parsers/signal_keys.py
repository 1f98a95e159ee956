"""The secrets of Signal in every spelling in which they are handed over.

Source: Signal reference 1.2 (backup passphrase), 3.1 (Android: database and attachment secret, preferences,
JSON of extraction tools), 4.1 (iOS: 48 bytes of the keychain), 5.2 (Desktop: config.json, safeStorage).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSPHRASE_DIGITS = 30
_KEY, _SPEC = 32, 48
_HEX_KEY = re.compile(r"[0-9a-fA-F]{64}")
# No secret that a person types or a tool exports is longer than this, unless it stands in JSON or XML.
_LONGEST_TEXT = 256
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PREFERENCE = re.compile(r'<string\s+name="pref_database_unencrypted_secret"\s*>\s*([0-9a-fA-F]{64})\s*<')
_ENTROPY_POOL = re.compile(r"[a-z0-9]{64}")

# Electron safeStorage (5.2).
_SALT = b"saltysalt"
_SPACES = b" " * 16
_MAC_ITERATIONS, _LINUX_ITERATIONS = 1003, 1
_NO_SECRET = b"peanuts"  # Chromium's password where the desktop has no store for one
_GCM_NONCE = 12


def backup_passphrase(material: bytes) -> bytes | None:
    """The 30 digits of a backup's passphrase; spaces and line ends between them are noise."""
    text = material.removeprefix(_BYTE_ORDER_MARK)
    if len(text) > _LONGEST_TEXT or text.strip(b"0123456789 \t\r\n-"):
        return None
    digits = bytes(byte for byte in text if 0x30 <= byte <= 0x39)
    return digits if len(digits) == PASSPHRASE_DIGITS else None


def database_keys(material: bytes) -> Iterator[tuple[str, bytes]]:
    """What SQLCipher may be given: ``raw`` 32 bytes, ``spec`` 48 bytes (key and salt), ``text``."""
    for data in _spellings(material):
        if len(data) == _KEY:
            yield "text", data.hex().encode()
            yield "raw", data
        elif len(data) == _SPEC:
            yield "spec", data
    text = _text(material)
    if text is None:
        return
    if text.lstrip().startswith(("{", "[")):
        for name, value in _strings(text):
            if _HEX_KEY.fullmatch(value) and not _is_of_attachments(name):
                yield "text", value.lower().encode()
                yield "raw", bytes.fromhex(value)
        opened = _opened_with(text, _NO_SECRET)
        if opened is not None:
            yield "raw", opened
    elif found := _PREFERENCE.search(text):
        yield "text", found[1].lower().encode()
    elif _may_be_typed(text):
        yield "text", text.strip("\r\n").encode()


def safe_storage_keys(config: bytes, secret: bytes) -> list[bytes]:
    """The raw database key that a desktop's config.json keeps sealed with the secret of the system."""
    text, typed = _text(config), _text(secret)
    if text is None or not text.lstrip().startswith("{"):
        return []
    found = [_unwrapped(text, data) for data in _spellings(secret) if len(data) == _KEY]
    if typed is not None and len(typed) <= _LONGEST_TEXT:
        found.append(_opened_with(text, typed.strip("\r\n").encode()))
    return [key for key in found if key is not None]


def attachment_keys(material: bytes) -> list[bytes]:
    """The modern keys of Android's attachments (3.2) that a key file may hold: in JSON or bare."""
    text = _text(material)
    if text is not None and text.lstrip().startswith(("{", "[")):
        named = [value for name, value in _strings(text) if _is_of_attachments(name)]
        return [data for value in named for data in _spellings(value.encode()) if len(data) == _KEY]
    return [data for data in _spellings(material) if len(data) == _KEY]


def _is_of_attachments(name: str) -> bool:
    return "modern" in name.lower() or "attachment" in name.lower()


def _may_be_typed(text: str) -> bool:
    """Whether a text may be a passphrase of SQLCipher: one line, and no secret of another kind."""
    line = text.strip("\r\n")
    return (
        0 < len(line) <= _LONGEST_TEXT
        and line.isprintable()
        and not line.startswith("<")
        and _ENTROPY_POOL.fullmatch(line) is None
        and _HEX_KEY.fullmatch(line) is None
        and backup_passphrase(text.encode()) is None
    )


def _spellings(material: bytes) -> Iterator[bytes]:
    """The bytes, and what they spell in hex (also as x'...') and in base64."""
    yield material
    if len(material) > _LONGEST_TEXT:
        return
    text = material.removeprefix(_BYTE_ORDER_MARK).strip()
    bare = text.removeprefix(b"x'").removesuffix(b"'") if text.startswith(b"x'") else text
    try:
        yield binascii.unhexlify(bare.translate(None, b" \t\r\n-:"))
        return
    except binascii.Error:
        pass  # no hex: then perhaps base64
    padded = b"".join(text.split()).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        yield base64.b64decode(padded + b"=" * (-len(padded) % 4), validate=True)
    except binascii.Error:
        return  # neither: only the bytes themselves


def _text(material: bytes) -> str | None:
    try:
        return material.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError:
        return None


def _strings(text: str) -> Iterator[tuple[str, str]]:
    """Every text in a JSON document with the names that lead to it; none where it is no JSON."""
    try:
        pending = [("", json.loads(text))]
    except (ValueError, RecursionError):
        return
    while pending:
        name, value = pending.pop(0)
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            pending += [(f"{name}/{key}", each) for key, each in value.items()]
        elif isinstance(value, list):
            pending += [(name, each) for each in value]


def _sealed_key(config: str) -> bytes | None:
    for name, value in _strings(config):
        if name == "/encryptedKey":
            try:
                return bytes.fromhex(value)
            except ValueError:
                return None
    return None


def _opened_with(config: str, password: bytes) -> bytes | None:
    """macOS: v10, 1003 iterations; Linux: v11, or v10 without a store, one iteration (5.2)."""
    sealed = _sealed_key(config)
    if sealed is None or not sealed.startswith((b"v10", b"v11")) or len(sealed) % 16 != 3:
        return None
    is_mac = sealed.startswith(b"v10") and password != _NO_SECRET
    iterations = _MAC_ITERATIONS if is_mac else _LINUX_ITERATIONS
    key = hashlib.pbkdf2_hmac("sha1", password, _SALT, iterations, 16)
    decryptor = Cipher(algorithms.AES128(key), modes.CBC(_SPACES)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        return _hex_key(unpadder.update(decryptor.update(sealed[3:])) + unpadder.finalize())
    except ValueError:
        return None  # the padding is wrong: another password


def _unwrapped(config: str, key: bytes) -> bytes | None:
    """Windows: v10, nonce, ciphertext and tag of AES-256-GCM (5.2)."""
    sealed = _sealed_key(config)
    if sealed is None or not sealed.startswith(b"v10") or len(sealed) < 3 + _GCM_NONCE + 16:
        return None
    nonce, body = sealed[3 : 3 + _GCM_NONCE], sealed[3 + _GCM_NONCE :]
    try:
        return _hex_key(AESGCM(key).decrypt(nonce, body, None))
    except InvalidTag:
        return None


def _hex_key(clear: bytes) -> bytes | None:
    text = clear.decode("ascii", "replace")
    return bytes.fromhex(text) if _HEX_KEY.fullmatch(text) else None
