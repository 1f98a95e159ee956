"""The head of an Android backup (``adb backup``): its lines, and the key that a password gives.

Source: containers reference 5, from source (fox-it/dissect.target loaders/ab.py, mvt-project/mvt
parsers/backup.py), and a backup made from it that another program opened. Not yet seen: a file that a phone
has written.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from forensics.errors import DamagedEvidence, WrongKey
from forensics.formats.deciphered import BLOCK, Deciphered

MAGIC = b"ANDROID BACKUP\n"
# Versions 1 to 5 are known; the newest app writes 5.
VERSIONS = range(1, 6)
NONE, AES_256 = "none", "AES-256"
_KEY = 32
# Android writes 10,000 rounds; a file that asks for more than this is made to do harm.
_MOST_ROUNDS = 1_000_000
_MOST_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The five lines of an encrypted backup."""

    user_salt: bytes
    checksum_salt: bytes
    rounds: int
    iv: bytes
    master_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``data``: the offset at which the tar stream starts, packed and encrypted as the head says."""

    version: int
    is_compressed: bool
    encryption: str
    data: int
    seal: Seal | None


def read_head(start: bytes) -> Head:
    """The head from the first bytes of a file; raises DamagedEvidence, also for a version not known."""
    lines = start[:_MOST_HEAD].split(b"\n")
    try:
        version, compressed, encryption = int(lines[1]), int(lines[2]), lines[3].decode("ascii")
        count = 9 if encryption == AES_256 else 4
        seal = _seal(lines[4:9]) if encryption == AES_256 else None
        if len(lines) <= count:
            raise ValueError("it is cut off")
    except (ValueError, IndexError) as error:
        raise DamagedEvidence(f"the head of an Android backup is damaged: {error}") from error
    if version not in VERSIONS or compressed not in (0, 1) or encryption not in (NONE, AES_256):
        raise DamagedEvidence(
            f"an Android backup of version {version}, compression {compressed}, encryption {encryption!r}: "
            "not known here"
        )
    return Head(
        version=version,
        is_compressed=bool(compressed),
        encryption=encryption,
        data=sum(len(line) + 1 for line in lines[:count]),
        seal=seal,
    )


def _seal(lines: list[bytes]) -> Seal:
    user_salt, checksum_salt, rounds, iv, master_key = lines
    found = Seal(
        user_salt=_hex(user_salt),
        checksum_salt=_hex(checksum_salt),
        rounds=int(rounds),
        iv=_hex(iv),
        master_key=_hex(master_key),
    )
    if not 1 <= found.rounds <= _MOST_ROUNDS:
        raise ValueError(f"{found.rounds} rounds")
    if len(found.iv) != BLOCK or not found.master_key or len(found.master_key) % BLOCK:
        raise ValueError("the lines of its encryption have other lengths")
    return found


def _hex(line: bytes) -> bytes:
    return bytes.fromhex(line.decode("ascii"))


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]


def master_key(seal: Seal, password: bytes) -> tuple[bytes, bytes]:
    """The key and vector of the data; raises WrongKey. The password is given in UTF-8."""
    user_key = hashlib.pbkdf2_hmac("sha1", password, seal.user_salt, seal.rounds, _KEY)
    blob = Deciphered(_Bytes(seal.master_key), 0, len(seal.master_key), user_key, seal.iv)
    size = blob.unpadded_size()
    if size is None:
        raise WrongKey("wrong password")
    iv, key, checksum = _parts(blob.read_at(0, size))
    if len(iv) != BLOCK or len(key) != _KEY:
        raise WrongKey("wrong password")
    # Which of the two forms the checksum is of does not only depend on the version: both are tried.
    for form in (key, as_java_text(key)):
        expected = hashlib.pbkdf2_hmac("sha1", form, seal.checksum_salt, seal.rounds, _KEY)
        if hmac.compare_digest(expected, checksum):
            return key, iv
    raise WrongKey("wrong password or changed file")


def _parts(plain: bytes) -> tuple[bytes, bytes, bytes]:
    """Three fields, each with its length in one byte before it; what is missing is empty."""
    found, at = [], 0
    for _ in range(3):
        length = plain[at] if at < len(plain) else 0
        found.append(plain[at + 1 : at + 1 + length])
        at += 1 + length
    return found[0], found[1], found[2]


def as_java_text(key: bytes) -> bytes:
    """The key as Java wrote it from version 2 on: each signed byte a character, in UTF-8 (0x80 is U+FF80)."""
    return "".join(chr(byte if byte < 0x80 else 0xFF00 | byte) for byte in key).encode("utf-8")
