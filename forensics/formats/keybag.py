"""The keys of an encrypted iTunes or Finder backup: its keybag, opened with the password.

Source: containers reference 4: checked there on a backup built from these steps that iphone-backup-decrypt
opened; from source (fox-it/dissect.target loaders/itunes.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from forensics.errors import DamagedEvidence, WrongKey

_KEY, _WRAPPED = 32, 40
# WRAP: bit 1, the key is wrapped with what the password gives; without it with the device's own key only.
_BY_PASSWORD = 2
# iOS writes 10,000,000 and 10,000 rounds; beyond these a file is made to do harm.
_MOST_FIRST_ROUNDS, _MOST_SECOND_ROUNDS = 20_000_000, 1_000_000
CLASSES = {
    1: "NSFileProtectionComplete",
    2: "NSFileProtectionCompleteUnlessOpen",
    3: "NSFileProtectionCompleteUntilFirstUserAuthentication",
    4: "NSFileProtectionNone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keybag:
    """``first`` is the round with SHA-256 that iOS has since 10.2, None before; ``wrapped``: class -> key."""

    first: tuple[bytes, int] | None
    salt: bytes
    rounds: int
    wrapped: Mapping[int, bytes]


def read_keybag(data: bytes) -> Keybag:
    """A keybag from its bytes; raises DamagedEvidence."""
    header: dict[bytes, bytes] = {}
    classes: list[dict[bytes, bytes]] = []
    for tag, value in _entries(data):
        # the second UUID starts the first class key
        if tag == b"UUID" and (classes or tag in header):
            classes.append({})
        (classes[-1] if classes else header).setdefault(tag, value)
    first = (header[b"DPSL"], _number(header, b"DPIC")) if b"DPSL" in header else None
    found = Keybag(
        first=first,
        salt=header.get(b"SALT", b""),
        rounds=_number(header, b"ITER"),
        wrapped={
            _number(each, b"CLAS"): each[b"WPKY"]
            for each in classes
            if _number(each, b"WRAP") & _BY_PASSWORD and len(each.get(b"WPKY", b"")) == _WRAPPED
        },
    )
    if not found.salt or not 1 <= found.rounds <= _MOST_SECOND_ROUNDS or not found.wrapped:
        raise DamagedEvidence("the keybag of the backup is damaged")
    if first is not None and not 1 <= first[1] <= _MOST_FIRST_ROUNDS:
        raise DamagedEvidence(f"the keybag of the backup asks for {first[1]} rounds")
    return found


def _entries(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Tag, length (32 bits, big-endian) and value."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8])
        value = data[at + 8 : at + 8 + length]
        if len(value) < length:
            raise DamagedEvidence("the keybag of the backup is cut off")
        yield data[at : at + 4], value
        at += 8 + length


def _number(found: Mapping[bytes, bytes], tag: bytes) -> int:
    return int.from_bytes(found.get(tag, b""))


def class_keys(keybag: Keybag, password: bytes) -> dict[int, bytes]:
    """Protection class -> key; raises WrongKey. With 10,000,000 rounds this takes seconds."""
    key = password
    if keybag.first is not None:
        key = hashlib.pbkdf2_hmac("sha256", key, *keybag.first, _KEY)
    key = hashlib.pbkdf2_hmac("sha1", key, keybag.salt, keybag.rounds, _KEY)
    found = {}
    for number, wrapped in keybag.wrapped.items():
        plain = unwrapped(key, wrapped)
        if plain is not None:
            found[number] = plain
    if not found:
        raise WrongKey("wrong password")
    return found


def unwrapped(key: bytes, wrapped: bytes) -> bytes | None:
    """RFC 3394; None where its integrity value is not right."""
    try:
        return aes_key_unwrap(key, wrapped)
    except (InvalidUnwrap, ValueError):  # ValueError: of another length
        return None


def file_key(keys: Mapping[int, bytes], sealed: bytes) -> bytes | None:
    """The key of a file or of the manifest: its class (32 bits, little-endian) and the wrapped key."""
    key = keys.get(int.from_bytes(sealed[:4], "little"))
    return None if key is None or len(sealed) != 4 + _WRAPPED else unwrapped(key, sealed[4:])
