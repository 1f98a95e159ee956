"""AES-256 in counter mode (NIST SP 800-38A, 6.5) over a stream, as media of several apps are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_CHUNK = 1 << 20


def decrypted(stream: BinaryIO, key: bytes, counter: bytes = bytes(16)) -> Iterator[bytes]:
    """The clear bytes, a piece at a time; ``counter`` is the first block of the counter."""
    decryptor = Cipher(algorithms.AES256(key), modes.CTR(counter)).decryptor()
    while data := stream.read(_CHUNK):
        yield decryptor.update(data)
