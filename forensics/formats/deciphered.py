"""AES-CBC as a source: the blocks that are asked for are decrypted, at any offset, and nothing is kept."""

from __future__ import annotations

from Crypto.Cipher import AES

from forensics.formats.source import Source

BLOCK = 16


class Deciphered:
    """The plain bytes of the whole blocks among ``length`` bytes of ``source`` from ``start`` on."""

    def __init__(self, source: Source, start: int, length: int, key: bytes, iv: bytes) -> None:
        self._source, self._start = source, start
        self._key, self._iv = key, iv
        self.size = length - length % BLOCK

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        first = offset // BLOCK * BLOCK
        last = min(-(-(offset + length) // BLOCK) * BLOCK, self.size)
        if last <= first:
            return b""
        # the block before is the vector of the first one
        before = BLOCK if first else 0
        data = self._source.read_at(self._start + first - before, last - first + before)
        iv = data[:before] or self._iv
        sealed = data[before : before + (len(data) - before) // BLOCK * BLOCK]
        if not sealed:
            return b""
        plain = AES.new(self._key, AES.MODE_CBC, iv).decrypt(sealed)
        return plain[offset - first : offset - first + length]

    def unpadded_size(self) -> int | None:
        """The size without the padding of PKCS#7 at the end; None where there is no such padding."""
        if not self.size:
            return 0
        tail = self.read_at(self.size - BLOCK, BLOCK)
        count = tail[-1] if tail else 0
        is_padded = 1 <= count <= BLOCK and tail.endswith(bytes([count]) * count)
        return self.size - count if is_padded else None
