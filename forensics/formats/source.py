"""Bytes that can be read at any offset, by several readers at once, and a part of them as a stream."""

from __future__ import annotations

import io
import os
from threading import Lock
from typing import BinaryIO, Protocol

CHUNK = 1 << 20


class Source(Protocol):
    """Bytes read by offset."""

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at ``offset``; fewer than ``length`` only where the source ends."""
        ...


class StreamSource:
    """A seekable stream as a source: seeking and reading are one step, so its readers are independent."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = Lock()
        self.size = stream.seek(0, os.SEEK_END)

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        with self._lock:
            self._stream.seek(offset)
            data = self._stream.read(length)
            while len(data) < length:
                more = self._stream.read(length - len(data))
                if not more:
                    break
                data += more
            return data

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class ReadAhead:
    """A source for one reader that goes forwards in small steps: it keeps the last mebibyte it read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._start = 0
        self._kept = b""

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        at = offset - self._start
        if at < 0 or at + length > len(self._kept):
            self._kept = self._source.read_at(offset, max(length, CHUNK))
            self._start, at = offset, 0
        return self._kept[at : at + length]


class Section:
    """``size`` bytes of a source from ``start`` on, as a source of their own."""

    def __init__(self, source: Source, start: int, size: int) -> None:
        self._source, self._start, self.size = source, start, max(0, size)

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        return self._source.read_at(self._start + offset, max(0, min(length, self.size - offset)))


class Span(io.RawIOBase):
    """``size`` bytes of a source from ``start`` on, as a seekable stream that can only be read."""

    def __init__(self, source: Source, start: int, size: int) -> None:
        super().__init__()
        self._source = source
        self._start = start
        self.size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError(f"negative position {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the C base takes any buffer
        length = max(0, min(len(buffer), self.size - self._position))
        data = self.take(self._position, length) if length else b""
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def take(self, position: int, length: int) -> bytes:
        """The bytes at ``position`` of the span; a subclass looks at them on their way."""
        return self._source.read_at(self._start + position, length)
