"""From a Signal account's entropy pool (the "recovery key") to the keys of its new backups.

Source: Signal reference 2.2 (checked against the known answers of libsignal). A local backup says its
own id, sealed in the file ``metadata`` beside it; that of a remote one follows from the account's ACI, and
newer ones need a token besides, which Signal's enclave holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forensics.formats.protobuf import ProtobufError
from parsers.signal_parts import Parts

POOL = 64
BACKUP_ID = 16
BACKUP_KEY = TOKEN = 32
_METADATA_IV = 12
# No list of secrets that a person types is longer.
_LONGEST = 512
_BYTE_ORDER_MARK = "\ufeff"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX_TOKEN = re.compile(r"[0-9a-f]{64}")
_POOL = re.compile(r"[a-z0-9]{64}")
# How it is shown: # for the letter o, = for the digit 0 (signalbackup-tools).
_SHOWN = str.maketrans({"#": "o", "=": "0"})
_NOT_OF_POOL = re.compile(r"[^a-z0-9]")
_MAY_STAND_IN_POOL = re.compile(r"[a-zA-Z0-9#=\s.,_-]*")

_KEY_INFO = b"20240801_SIGNAL_BACKUP_KEY"
_ID_INFO = b"20241024_SIGNAL_BACKUP_ID:"
_METADATA_INFO = b"20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY"
_MESSAGES_INFO = b"20241007_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:"
_MESSAGES_INFO_WITH_TOKEN = b"20250708_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:"


@dataclass(frozen=True, slots=True)
class MessageKeys:
    """The two keys of a backup's stream of messages."""

    mac: bytes = field(repr=False)
    cipher: bytes = field(repr=False)


def entropy_pool(text: str) -> str | None:
    """The 64 characters of a pool as it is typed or shown, with spaces; None for another text."""
    if len(text) > _LONGEST or not _MAY_STAND_IN_POOL.fullmatch(text):
        return None
    pool = _NOT_OF_POOL.sub("", text.lower().translate(_SHOWN))
    return pool if _POOL.fullmatch(pool) else None


def backup_key(pool: str) -> bytes:
    """The key from which all others of a backup follow."""
    return _derived(pool.encode(), _KEY_INFO, BACKUP_KEY)


def backup_id(key: bytes, aci: bytes) -> bytes:
    """The id of the backups of the account with that ACI (16 bytes)."""
    return _derived(key, _ID_INFO + aci, BACKUP_ID)


def sealed_backup_id(metadata: bytes) -> tuple[bytes, bytes] | None:
    """IV and sealed id in the file ``metadata`` of a local backup; None where it is no such file."""
    if len(metadata) > _LONGEST:
        return None
    try:
        sealed = Parts(metadata).part(2)
        iv, encrypted = sealed.content(1) or b"", sealed.content(2) or b""
    except ProtobufError:
        return None
    return (iv, encrypted) if len(iv) == _METADATA_IV and len(encrypted) == BACKUP_ID else None


def local_backup_id(key: bytes, metadata: bytes) -> bytes | None:
    """The id that a local backup's ``metadata`` holds; None where it is no such file."""
    found = sealed_backup_id(metadata)
    if found is None:
        return None
    iv, encrypted = found
    cipher = algorithms.AES256(_derived(key, _METADATA_INFO, 32))
    return Cipher(cipher, modes.CTR(iv + bytes(4))).decryptor().update(encrypted)


def message_keys(key: bytes, identifier: bytes, token: bytes = b"") -> MessageKeys:
    """The keys of the stream of messages; the code's comes first."""
    info = _MESSAGES_INFO_WITH_TOKEN if token else _MESSAGES_INFO
    keys = _derived(key, info + identifier, 64, salt=token or None)
    return MessageKeys(mac=keys[:32], cipher=keys[32:])


@dataclass(frozen=True, slots=True)
class RemoteSecrets:
    """What a key file says of an account, one a line: pool, ACI, and the token of newer backups in hex."""

    pool: str | None = field(repr=False)
    aci: bytes | None
    token: bytes = field(default=b"", repr=False)


def remote_secrets(material: bytes) -> RemoteSecrets:
    """The secrets in a key file; what is not there is None."""
    pool, aci, token = None, None, b""
    for line in _lines(material):
        if _UUID.fullmatch(line):
            aci = UUID(line).bytes
        elif _HEX_TOKEN.fullmatch(line) and pool is not None:
            token = bytes.fromhex(line)
        else:
            pool = entropy_pool(line) or pool
    if pool is None and aci is None:
        pool = entropy_pool(" ".join(_lines(material)))  # written over several lines
    return RemoteSecrets(pool, aci, token)


def _lines(material: bytes) -> Iterator[str]:
    try:
        text = material[: _LONGEST + 1].decode().removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        return
    if len(material) <= _LONGEST:
        yield from (line.strip().lower() for line in text.splitlines() if line.strip())


def _derived(key: bytes, info: bytes, length: int, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key)
