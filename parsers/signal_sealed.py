"""Signal's sealed media files: IV, AES-256-CBC, HMAC-SHA256; on the desktop, on iOS and in the new backups.

Source: Signal reference 2.4, 4.3 and 5.4. The plain bytes are padded to a size that says little; ``size``
says where they end. They are hashed as they pass, and count only when the code behind them is right.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_LENGTH = 64
_AES = 32
_IV, _MAC, _BLOCK = 16, 32, 16
_CHUNK = 1 << 20
_LONGEST_TEXT = 4 << 20


class SealBroken(ValueError):
    """The file is no sealed file, another key's, or changed."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """The plain bytes of a file by size and hash; ``text`` holds them where they were asked for."""

    size: int
    sha256: str
    text: bytes | None


class _Plain:
    """Takes plain bytes."""

    def __init__(self, *, keep: bool) -> None:
        self.taken = 0
        self._keep = keep
        self._digest = hashlib.sha256()
        self.kept = b""

    def take(self, part: bytes) -> None:
        """The next bytes."""
        self.taken += len(part)
        self._digest.update(part)
        if self._keep and len(self.kept) < _LONGEST_TEXT:
            self.kept += part

    def result(self) -> Unsealed:
        """What was taken."""
        return Unsealed(self.taken, self._digest.hexdigest(), self.kept if self._keep else None)


def unseal(stream: BinaryIO, key: bytes, size: int, *, keep: bool = False) -> Unsealed:
    """The first ``size`` plain bytes. Raises SealBroken; EvidenceUnreadable when the file cannot be read."""
    plain = _Plain(keep=keep)
    for part in pieces(stream, key, size):
        plain.take(part)
    return plain.result()


def pieces(stream: BinaryIO, key: bytes, size: int) -> Iterator[bytes]:
    """The first ``size`` plain bytes as they come. SealBroken, at the end too: until then nothing of it is
    known to be right."""
    if len(key) != KEY_LENGTH:
        raise SealBroken(f"a key of {len(key)} bytes, {KEY_LENGTH} expected")
    iv = stream.read(_IV)
    code = hmac.new(key[_AES:], iv, "sha256")
    decryptor = Cipher(algorithms.AES256(key[:_AES]), modes.CBC(iv.ljust(_IV, b"\0"))).decryptor()
    held, length, left = b"", 0, max(size, 0)
    while chunk := stream.read(_CHUNK):
        held += chunk
        body, held = held[:-_MAC], held[-_MAC:]
        length += len(body)
        code.update(body)
        part = decryptor.update(body)[:left]
        left -= len(part)
        yield part
    if len(held) < _MAC or length % _BLOCK or not length:
        raise SealBroken("not whole: there is no room for its blocks and its authentication code")
    if not hmac.compare_digest(code.digest(), held):
        raise SealBroken("its authentication code is wrong: another key, or a changed file")
    if left:
        raise SealBroken(f"it holds {max(size, 0) - left} bytes, {size} expected")
