"""SQLCipher databases decrypted as a stream into plain SQLite files, every page checked by its code.

Source: Signal reference 6.3 (checked on databases of SQLCipher 4.12). A page whose code is wrong is written
as zeros and named: what is not authentic is never taken for evidence.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from forensics.formats.source import CHUNK
from forensics.formats.sqlcipher_key import IV, Parameters
from forensics.formats.sqlite_header import MAGIC
from forensics.formats.sqlite_problem import Range, ReadProblem, ranges, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesRead:
    """What became of the pages; ``rest`` are bytes behind the last whole page."""

    pages: int
    bad: tuple[Range, ...]
    unused: int
    rest: int

    @property
    def verified(self) -> int:
        """Pages whose code is right."""
        return self.pages - self.unused - sum(high - low + 1 for low, high in self.bad)

    def problems(self) -> tuple[ReadProblem, ...]:
        """What could not be read, for the notices of the database."""
        found = []
        if self.bad:
            text = (
                f"the authentication code of pages {spoken(self.bad)} is wrong: changed, damaged or of "
                "another key; they were not read"
            )
            found.append(ReadProblem(kind="page", text=text, pages=self.bad))
        if self.rest:
            text = f"the encrypted file ends within a page, {self.rest} bytes of which are there"
            page = self.pages + 1
            found.append(ReadProblem(kind="missing", text=text, pages=((page, page),)))
        return tuple(found)


class PageCipher:
    """Checks and decrypts pages with one key.

    The IV of a page stands behind its ciphertext. Put in front of it, it is the block that CBC chains with,
    so that one cipher object decrypts all pages in one go: what it makes of the IVs is left out.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._end = parameters.page_size - parameters.reserve
        self._code = slice(self._end + IV, self._end + IV + parameters.mac_size)
        self._blank = bytes(parameters.page_size)
        self._reserve = bytes(parameters.reserve)
        cipher = Cipher(algorithms.AES256(parameters.key), modes.CBC(bytes(IV)))
        self._decryptor = cipher.decryptor()
        block = hashlib.new(parameters.hash).block_size
        padded = parameters.mac_key.ljust(block, b"\0")
        self._inner = hashlib.new(parameters.hash, bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.new(parameters.hash, bytes(byte ^ 0x5C for byte in padded))

    def is_right(self, page: memoryview, number: int) -> bool:
        """Whether the page's authentication code is right: HMAC (RFC 2104) with its two starts kept."""
        start = self.parameters.header if number == 1 else 0
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(page[start : self._end + IV])
        inner.update(number.to_bytes(4, "little"))
        outer.update(inner.digest())
        return hmac.compare_digest(outer.digest(), page[self._code])

    def is_blank(self, page: memoryview) -> bool:
        """Whether the page is all zeros: never written."""
        return page == self._blank

    def plain(self, pages: list[tuple[int, memoryview | None]]) -> bytes:
        """The plain pages with these numbers; zeros for None."""
        parts = []
        for number, page in pages:
            if page is not None:
                start = self.parameters.header if number == 1 else 0
                parts += [page[self._end : self._end + IV], page[start : self._end]]
        clear = memoryview(self._decryptor.update(b"".join(parts)))
        out: list[bytes | memoryview] = []
        at = 0
        for number, page in pages:
            if page is None:
                out.append(self._blank)
                continue
            start = self.parameters.header if number == 1 else 0
            at += IV
            if number == 1:
                out.append(page[:start] if self.parameters.has_plain_header else MAGIC)
            out.append(clear[at : at + self._end - start])
            out.append(self._reserve)
            at += self._end - start
        return b"".join(out)


def decrypt(source: BinaryIO, size: int, cipher: PageCipher, target: BinaryIO) -> PagesRead:
    """Write the plain database into ``target``."""
    page_size = cipher.parameters.page_size
    bad: list[int] = []
    unused = number = 0
    source.seek(0)
    for data in _batches(source, size // page_size * page_size, page_size):
        view = memoryview(data)
        pages: list[tuple[int, memoryview | None]] = []
        for offset in range(0, len(view), page_size):
            number += 1
            page: memoryview | None = view[offset : offset + page_size]
            if not cipher.is_right(view[offset : offset + page_size], number):
                is_unused = cipher.is_blank(view[offset : offset + page_size])
                unused += is_unused
                if not is_unused:
                    bad.append(number)
                page = None
            pages.append((number, page))
        target.write(cipher.plain(pages))
    return PagesRead(pages=number, bad=ranges(bad), unused=unused, rest=size - number * page_size)


def _batches(source: BinaryIO, length: int, page_size: int) -> Iterator[bytes]:
    """Whole pages, about a mebibyte of them at a time; a short source ends them."""
    step = max(CHUNK // page_size, 1) * page_size
    while length > 0:
        data = source.read(min(step, length))
        while len(data) % page_size and (more := source.read(page_size - len(data) % page_size)):
            data += more
        whole = len(data) // page_size * page_size
        if whole:
            yield data[:whole]
        if whole < len(data) or not data:
            return
        length -= whole
