"""SHA-256 of bytes that somebody else is still decrypting, taken by a thread beside it.

hashlib lets go of the interpreter's lock over larger buffers (docs.python.org, hashlib: above 2047 bytes), as
do hmac and the ciphers of cryptography: on two cores the hash of a piece costs no time while its
authentication code is summed. The digest is that of hashlib, whoever takes it.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

# Smaller pieces are hashed at once: handing one over costs about as long as hashing so many bytes.
_LEAST = 1 << 16


class SideHasher:
    """One thread, started by the first large piece, ended with the block; it hashes stream after stream."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def sha256(self) -> SideHash:
        """The hash of a new stream."""
        return SideHash(self._pool)


class SideHash:
    """The SHA-256 of one stream; one piece at a time is on its way, so memory holds two."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._digest = hashlib.sha256()
        self._pending: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        """Take the next piece; it is hashed when the digest is asked for, at the latest."""
        self._wait()
        if len(piece) < _LEAST:
            self._digest.update(piece)
        else:
            self._pending = self._pool.submit(self._digest.update, piece)

    def hexdigest(self) -> str:
        """The digest of all pieces, in hexadecimal."""
        self._wait()
        return self._digest.hexdigest()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None
