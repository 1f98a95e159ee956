"""WhatsApp's key files for encrypted Android backups, in every spelling they are handed over in.

Source: WhatsApp reference 4.1 and 4.3 (ElDavoo/wa-crypt-tools, checked on its key files).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator

from forensics.errors import WrongKey

# Key files are Java-serialised byte arrays: these 23 bytes, a 4-byte length, the payload (reference 4.1).
_JAVA_BYTES = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870")
_PAYLOAD_START = len(_JAVA_BYTES) + 4
_ROOT_KEY_LENGTH = 32
# `key`: cipher version 2, key version 1, server salt 32, google-id salt 16, its SHA-256 32, zero IV 16, AES
# key 32.
_ACCOUNT_KEY_LENGTH = 131
_SERVER_SALT = slice(3, 35)
_GOOGLE_ID = slice(35, 51)
_GOOGLE_ID_SHA256 = slice(51, 83)
_AES_KEY = slice(99, 131)
# Beyond the longest text that could spell a 158-byte file, a file is no key file.
_LONGEST_KEY_FILE = 1024

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SEPARATORS = b" \t\r\n-:"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")

_BACKUP_INFO = b"backup encryption"
_OTHER_ACCOUNT = "key of another account, or an older key: its server salt is not the one in this file"


def account_keys(material: bytes) -> list[bytes]:
    """Keys for crypt12 and crypt14: the 131-byte payload of a ``key`` file, or a bare 32-byte AES key."""
    return _candidates(material, _ACCOUNT_KEY_LENGTH, _ROOT_KEY_LENGTH, but_not=_ROOT_KEY_LENGTH)


def root_keys(material: bytes) -> list[bytes]:
    """Keys for crypt15: the 32-byte root key of ``encrypted_backup.key``, or 64 hex digits a phone shows."""
    return _candidates(material, _ROOT_KEY_LENGTH, but_not=_ACCOUNT_KEY_LENGTH)


def crypt15_key(root: bytes) -> bytes:
    """The AES key of a crypt15 backup: HKDF-SHA256 of the root key without salt (reference 4.3)."""
    extracted = hmac.digest(bytes(32), root, "sha256")
    return hmac.digest(extracted, _BACKUP_INFO + b"\x01", "sha256")


def compare_account(
    key: bytes, server_salt: bytes | None, google_id: bytes | None
) -> tuple[bytes, dict[str, str | int | bool | None]]:
    """The AES key of ``account_keys``, and how its account compares with the backup's header.

    Raises WrongKey when the server salts differ; a bare key has nothing to compare.
    """
    if len(key) != _ACCOUNT_KEY_LENGTH:
        return key, dict.fromkeys(("server_salt_matches", "google_id_matches", "key_file_whole"))
    if server_salt is not None and key[_SERVER_SALT] != server_salt:
        raise WrongKey(_OTHER_ACCOUNT)
    of_key = key[_GOOGLE_ID]
    return key[_AES_KEY], {
        "server_salt_matches": None if server_salt is None else True,
        "google_id_matches": None if google_id is None else of_key == google_id,
        "key_file_whole": hashlib.sha256(of_key).digest() == key[_GOOGLE_ID_SHA256],
    }


def _candidates(material: bytes, *lengths: int, but_not: int) -> list[bytes]:
    """``but_not``: the length that only the other kind of key file has when it is serialised."""
    if len(material) > _LONGEST_KEY_FILE:
        return []
    found = []
    for data, serialised in _spellings(material):
        if len(data) in lengths and not (serialised and len(data) == but_not):
            found.append(data)
    return list(dict.fromkeys(found))


def _spellings(material: bytes) -> Iterator[tuple[bytes, bool]]:
    """The bytes and what they spell in hex and base64; of a serialised array its payload, and True."""
    for data in (material, _from_hex(material), _from_base64(material)):
        if data is None:
            continue
        if not data.startswith(_JAVA_BYTES):
            yield data, False
        elif int.from_bytes(data[len(_JAVA_BYTES) : _PAYLOAD_START]) == len(data) - _PAYLOAD_START:
            yield data[_PAYLOAD_START:], True


def _from_hex(material: bytes) -> bytes | None:
    try:
        return binascii.unhexlify(material.removeprefix(_BYTE_ORDER_MARK).translate(None, _SEPARATORS))
    except binascii.Error:
        return None


def _from_base64(material: bytes) -> bytes | None:
    text = b"".join(material.removeprefix(_BYTE_ORDER_MARK).split()).rstrip(b"=").translate(_URL_SAFE)
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return None
