"""What is sealed in a WhatsApp backup: AES-256-GCM, checked to its tag, and the stream inflated as it comes.

Source: WhatsApp reference 4.2 and 4.3. Everything is written to a private target while the tag is not yet
known, and taken back when it is wrong: no byte of a changed file or a wrong key is ever handed on.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from forensics.errors import DamagedEvidence, LimitExceeded, SporenError, WrongKey
from forensics.parser import Opened

Details = dict[str, str | int | bool | None]

WRONG_KEY = "wrong key or changed file: the authentication tag does not match"

_CHUNK = 1 << 20
_TAG = 16
_MD5 = 16
# Two-byte zlib headers of a 32 KiB window, by compression level (RFC 1950).
_ZLIB_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_SQLITE_START = b"SQLite format 3\x00"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_KIND_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """How one file is sealed: ``start`` of the ciphertext, ``suffix`` bytes after everything else.

    ``md5_always``: the form has no variant without MD5, so the tag's place is known without it.
    """

    key: bytes
    iv: bytes
    start: int
    suffix: int
    md5_always: bool


def unseal(source: BinaryIO, size: int, seal: Seal, target: BinaryIO, limit: int) -> Opened:
    """Decrypt and inflate into ``target``, at most ``limit`` bytes; on any error the target is left empty.

    Raises WrongKey when the tag does not match, DamagedEvidence when an authentic payload is not whole or
    the file is too short, LimitExceeded for a payload larger than ``limit``.
    """
    try:
        return _unseal(source, size - seal.suffix, seal, _Payload(target, limit))
    except (SporenError, OSError):
        target.seek(0)
        target.truncate()
        raise


def _unseal(source: BinaryIO, end: int, seal: Seal, payload: _Payload) -> Opened:
    least = _TAG + _MD5 if seal.md5_always else _TAG
    if end - seal.start < least:
        raise DamagedEvidence(f"cut off: no room for the {least} bytes that end such a file")
    # Whether the last 32 bytes are tag and MD5, or ciphertext and tag, shows when all before them is read.
    footer = min(_TAG + _MD5, end - seal.start)
    decryptor = Cipher(algorithms.AES256(seal.key), modes.GCM(seal.iv)).decryptor()
    digest = hashlib.md5(usedforsecurity=False)
    source.seek(0)
    digest.update(_exactly(source, seal.start))
    for chunk in _chunks(source, end - footer - seal.start):
        digest.update(chunk)
        payload.write(decryptor.update(chunk))
    before, last = _exactly(source, footer - _MD5), _exactly(source, _MD5)
    digest.update(before)
    has_md5 = len(before) == _TAG and digest.digest() == last
    if not has_md5 and not seal.md5_always:
        payload.write(decryptor.update(before))
    try:
        decryptor.finalize_with_tag(before if has_md5 or seal.md5_always else last)
    except InvalidTag as error:
        raise WrongKey(WRONG_KEY) from error
    if seal.md5_always and not has_md5:
        raise DamagedEvidence("changed file: the content is authentic, but header or footer fail the MD5")
    return payload.finish({"tag_matches": True, "md5_matches": True if has_md5 else None})


def _exactly(source: BinaryIO, length: int) -> bytes:
    return b"".join(_chunks(source, length))


def _chunks(source: BinaryIO, length: int) -> Iterator[bytes]:
    while length:
        chunk = source.read(min(_CHUNK, length))
        if not chunk:
            raise DamagedEvidence(f"cut off: {length} bytes fewer than the file should have")
        length -= len(chunk)
        yield chunk


class _Payload:
    """Takes decrypted bytes as they come; what is wrong with them waits until the tag has been checked."""

    def __init__(self, target: BinaryIO, limit: int) -> None:
        self._target = target
        self._limit = limit
        self._problem: SporenError | None = None
        self._undecided = b""
        self._decided = False
        self._inflater = zlib.decompressobj()
        self._compressed = False
        self._trailing = 0
        self._head = b""
        self._size = 0
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Inflate and store the next bytes."""
        if not self._decided:
            data = self._undecided = self._undecided + data
            if len(data) < 2:
                return
            self._decide()
        if self._problem is None:
            if self._compressed:
                self._inflate(data)
            else:
                self._store(data)

    def _decide(self) -> None:
        self._decided = True
        self._compressed = self._undecided.startswith(_ZLIB_STARTS)

    def _inflate(self, data: bytes) -> None:
        try:
            while not self._inflater.eof and self._problem is None:
                inflated = self._inflater.decompress(data, _CHUNK)
                data = self._inflater.unconsumed_tail
                self._store(inflated)
                if not data and len(inflated) < _CHUNK:
                    break
        except zlib.error as error:
            self._problem = DamagedEvidence(f"the key fits, but the compressed content is damaged: {error}")
        self._trailing = len(self._inflater.unused_data)
        if self._inflater.eof and not self._trailing:
            self._trailing = len(data)

    def _store(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            self._problem = LimitExceeded(f"holds more than the {self._limit} bytes that are allowed")
            return
        self._head = (self._head + data[:_KIND_HEAD])[:_KIND_HEAD]
        self._digest.update(data)
        self._target.write(data)

    def finish(self, checks: Details) -> Opened:
        """What was stored, now that its tag is right; raises what was wrong with the payload."""
        if not self._decided:
            self._decided = True
            self._store(self._undecided)
        if self._problem is None and self._compressed:
            if not self._inflater.eof:
                self._problem = DamagedEvidence("the key fits, but the compressed content ends early")
            elif self._trailing:
                self._problem = DamagedEvidence("the key fits, but bytes follow the compressed content")
        if self._problem is not None:
            raise self._problem
        return Opened(
            kind=_kind(self._head),
            details={
                **checks,
                "compression": "zlib" if self._compressed else "none",
                "payload_bytes": self._size,
                "payload_sha256": self._digest.hexdigest(),
            },
        )


def _kind(head: bytes) -> str:
    if head.startswith(_SQLITE_START):
        return "sqlite"
    if head.startswith(_ZIP_STARTS):
        return "zip"
    if head.lstrip(b" \t\r\n")[:1] in {b"{", b"["} and not any(
        byte < 0x20 for byte in head.translate(None, b"\t\r\n")
    ):
        return "json"
    return "unknown"
