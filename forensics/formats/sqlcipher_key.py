"""SQLCipher's keys and parameters: which profile of a database a secret fits, told by the code of page 1.

Source: Signal reference 6.1, 6.2 and 6.6 (checked on databases of SQLCipher 4.12). Nothing in a database says
how it was made: each profile is tried on page 1, the cheapest first, and the authentication code decides.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from forensics.formats.sqlite_header import MAGIC, page_size_of

# SQLCipher takes a secret as bytes of AES (x'64 hex'), as those with the salt (x'96 hex'), or as a text.
SecretKind = Literal["raw", "spec", "text"]
KEY = 32
SALT = 16
IV = 16
PLAIN_HEADER = 32
LARGEST_PAGE = 65536
# Pages of 512 bytes cannot be: SQLite needs 480 of them besides IV and code.
_PAGE_SIZES = (4096, 1024, 2048, 8192, 16384, 32768, 65536)
_HASHES = ("sha512", "sha1", "sha256")
# (hash, iterations) of a text, the cheapest first: Signal on Android (6.1), SQLCipher 2, 3 and 4, then the
# same with another hash.
_DERIVATIONS = (
    ("sha1", 1),
    ("sha256", 1),
    ("sha512", 1),
    ("sha1", 4000),
    ("sha1", 64_000),
    ("sha512", 256_000),
    ("sha256", 64_000),
    ("sha512", 64_000),
    ("sha1", 256_000),
    ("sha256", 256_000),
)
_MAC_SALT_MASK = 0x3A
_MAC_ITERATIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What a person or an app gives SQLCipher as the key."""

    kind: SecretKind
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """How the pages of one database are sealed. ``iterations`` is None for a key that was not derived."""

    hash: str
    page_size: int
    header: int  # bytes of page 1 that are not encrypted: the salt, or the plain header
    iterations: int | None
    key: bytes = field(repr=False)
    mac_key: bytes = field(repr=False)

    @property
    def mac_size(self) -> int:
        """Bytes of a page's authentication code."""
        return hashlib.new(self.hash).digest_size

    @property
    def reserve(self) -> int:
        """Bytes at the end of a page for IV and code, in whole blocks (6.1)."""
        return (IV + self.mac_size + 15) // 16 * 16

    @property
    def has_plain_header(self) -> bool:
        """Whether page 1 starts with SQLite's own header and the salt is not in the file."""
        return self.header == PLAIN_HEADER

    def mac(self, page: bytes | memoryview, number: int) -> tuple[bytes, bytes]:
        """The authentication code of a page as it is stored, and as it should be (6.3)."""
        start = self.header if number == 1 else 0
        end = self.page_size - self.reserve + IV
        right = hmac.digest(self.mac_key, bytes(page[start:end]) + number.to_bytes(4, "little"), self.hash)
        return bytes(page[end : end + self.mac_size]), right


def fitting(head: bytes, secret: Secret) -> Parameters | None:
    """The parameters with which this secret opens the database that starts so; None when there are none.

    ``head``: the first LARGEST_PAGE bytes of the file, or all of it.
    """
    for parameters in _candidates(head, secret):
        if parameters.page_size <= len(head):
            stored, right = parameters.mac(head[: parameters.page_size], 1)
            if hmac.compare_digest(stored, right):
                return parameters
    return None


def _candidates(head: bytes, secret: Secret) -> Iterator[Parameters]:
    is_plain = head.startswith(MAGIC)
    salt = secret.value[KEY : KEY + SALT] if secret.kind == "spec" else head[:SALT]
    if is_plain and secret.kind != "spec":
        return  # with a plain header the salt is in the key, or nowhere
    header = PLAIN_HEADER if is_plain else SALT
    stated = page_size_of(int.from_bytes(head[16:18], "big")) if is_plain else None
    sizes = _PAGE_SIZES if stated is None else (stated,)
    for name, iterations, key in _keys(secret, salt):
        mac_key = _mac_key(name, key, salt)
        for page_size in sizes:
            yield Parameters(
                hash=name,
                page_size=page_size,
                header=header,
                iterations=iterations,
                key=key,
                mac_key=mac_key,
            )


def _keys(secret: Secret, salt: bytes) -> Iterator[tuple[str, int | None, bytes]]:
    if secret.kind == "text":
        for name, iterations in _DERIVATIONS:
            yield name, iterations, hashlib.pbkdf2_hmac(name, secret.value, salt, iterations, KEY)
    else:
        for name in _HASHES:
            yield name, None, secret.value[:KEY]


def _mac_key(name: str, key: bytes, salt: bytes) -> bytes:
    masked = bytes(byte ^ _MAC_SALT_MASK for byte in salt)
    return hashlib.pbkdf2_hmac(name, key, masked, _MAC_ITERATIONS, KEY)
