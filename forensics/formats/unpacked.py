"""Compressed bytes as a source of unpacked ones: unpacked forwards as they are asked for, never as a whole.

A way back is a state of the decompressor, kept every so often (deflate, gzip). bzip2 and LZMA cannot
keep one: what they have unpacked so far stays in a private temporary file.
"""

from __future__ import annotations

import bz2
import lzma
import sys
import tempfile
import zlib
from bisect import bisect_right
from collections.abc import Callable
from threading import Lock
from typing import IO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from forensics.errors import LimitExceeded, MachineFailed, SporenError
from forensics.formats.source import CHUNK, Source

_INPUT = 1 << 16
# What was unpacked last is kept, so that a header and the bytes behind it are one step.
_PIECE = 1 << 18
# Ratios say nothing about little data; 100 MiB of zeros in a database are no bomb.
RATIO_FROM = 100 << 20
_FIRST_STEP = 4 << 20
# An inflate state takes about 50 KB: with at most 256 of them a way back costs 13 MB of memory.
_MOST_STATES = 256
# LZMA reserves its dictionary before the first byte; xz -9 asks for 64 MiB.
_MOST_LZMA_MEMORY = 256 << 20
_LZMA_PROPERTIES = 5
# zstd --ultra --long=31 asks for 2 GiB; 128 MiB (2 to the 27th) is what the program itself allows unasked.
_WINDOW, _MOST_WINDOW = zstd.DecompressionParameter.window_log_max, 27


class Decompressor(Protocol):
    """What bz2 and lzma decompressors have in common, and zlib's after a little help."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflater:
    """zlib's decompressor with the shape of the others, and a copy of its state."""

    def __init__(self, window_bits: int) -> None:
        self._inflate = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max(0, max_length))

    def copy(self) -> Inflater:
        twin = Inflater.__new__(Inflater)
        twin._inflate = self._inflate.copy()
        return twin


class ZipLzma:
    """LZMA as zip has it (APPNOTE 5.8.8): version 2, length of the properties 2, properties, raw stream."""

    def __init__(self) -> None:
        self._header = b""
        self._lzma: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._lzma is not None and self._lzma.eof

    @property
    def needs_input(self) -> bool:
        return self._lzma is None or self._lzma.needs_input

    @property
    def unused_data(self) -> bytes:
        return b"" if self._lzma is None else self._lzma.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if self._lzma is not None:
            return self._lzma.decompress(data, max_length)
        self._header += data
        if len(self._header) < 4 + _LZMA_PROPERTIES:
            return b""
        length = int.from_bytes(self._header[2:4], "little")
        if length != _LZMA_PROPERTIES:
            raise lzma.LZMAError(f"{length} bytes of properties")
        self._lzma = _raw_lzma(self._header[4:9])
        return self._lzma.decompress(self._header[9:], max_length)


def _raw_lzma(properties: bytes) -> lzma.LZMADecompressor:
    packed, dictionary = properties[0], int.from_bytes(properties[1:], "little")
    if dictionary > _MOST_LZMA_MEMORY:
        raise lzma.LZMAError(f"a dictionary of {dictionary} bytes is more than is allowed")
    lc, lp, pb = packed % 9, packed // 9 % 5, packed // 45
    chain = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": max(dictionary, 4096)}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])


def _xz() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_LZMA_MEMORY)


def _zstd() -> Decompressor:
    found: Decompressor = zstd.ZstdDecompressor(options={_WINDOW: _MOST_WINDOW})
    return found


METHODS: dict[str, Callable[[], Decompressor]] = {
    "deflate": lambda: Inflater(-zlib.MAX_WBITS),
    "zlib": lambda: Inflater(zlib.MAX_WBITS),
    "gzip": lambda: Inflater(zlib.MAX_WBITS | 16),
    "bzip2": bz2.BZ2Decompressor,
    "lzma": ZipLzma,
    "xz": _xz,
    "zstd": _zstd,
}
# Several of these may stand one after the other and unpack as one.
_JOINED = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00", "zstd": b"\x28\xb5\x2f\xfd"}


class Unpacked:
    """``length`` bytes of ``source`` from ``start``, unpacked. ``damage`` says in words where it went wrong.

    Reading stops at damage as at an end: what was whole before it is given. LimitExceeded is raised once more
    than ``ratio`` bytes came out for one that went in, beyond the first 100 MiB.
    """

    def __init__(self, source: Source, start: int, length: int, method: str, ratio: int) -> None:
        self._source, self._start, self._length = source, start, length
        self._method, self._ratio = method, ratio
        self._lock = Lock()
        self.damage: str | None = None
        self._decompressor = METHODS[method]()
        self._consumed = 0
        self._produced = 0
        self._finished = False
        self._step = _FIRST_STEP
        # (bytes produced, bytes consumed, decompressor) from which unpacking can go on
        self._states: list[tuple[int, int, Inflater]] = []
        self._last = b""
        self._kept: IO[bytes] | None = None
        self._failure: SporenError | None = None

    @property
    def consumed(self) -> int:
        """How many packed bytes went into what was unpacked last."""
        return self._consumed

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        with self._lock:
            if not isinstance(self._decompressor, Inflater):
                return self._read_kept(offset, length)
            pieces = []
            while length:
                piece = self._recent(offset, length) or self._further(offset, length)
                if not piece:
                    break
                pieces.append(piece)
                offset += len(piece)
                length -= len(piece)
            return b"".join(pieces)

    def _recent(self, offset: int, length: int) -> bytes:
        at = offset - (self._produced - len(self._last))
        return self._last[at : at + length] if at >= 0 else b""

    def _further(self, offset: int, length: int) -> bytes:
        nearest = bisect_right(self._states, offset, key=lambda state: state[0]) - 1
        if offset < self._produced or (nearest >= 0 and self._states[nearest][0] > self._produced):
            self._go_to(nearest)
        while self._produced <= offset and not self._finished:
            self._last = self._next(_PIECE) or self._last
        return self._recent(offset, length)

    def close(self) -> None:
        """Remove the temporary file, where there is one."""
        if self._kept is not None:
            self._kept.close()

    def _read_kept(self, offset: int, length: int) -> bytes:
        if self._kept is None:
            self._kept = tempfile.TemporaryFile()  # noqa: SIM115  # closed with this object
        while self._produced < offset + length and not self._finished:
            self._kept.seek(self._produced)
            self._keep(self._kept, self._next(CHUNK))
        self._kept.seek(offset)
        return self._kept.read(min(length, max(0, self._produced - offset)))

    def _keep(self, kept: IO[bytes], data: bytes) -> None:
        try:
            kept.write(data)
            kept.flush()
        except OSError as error:
            text = f"{tempfile.gettempdir()}: no room to unpack ({error.strerror}): make room or set TMPDIR"
            raise self._fail(MachineFailed(text), data) from error

    def _fail(self, failure: SporenError, lost: bytes) -> SporenError:
        """From here on only what was unpacked before the ``lost`` bytes can be read."""
        self._failure = failure
        self._produced -= len(lost)
        return failure

    def _go_to(self, nearest: int) -> None:
        """Go on from that state, or from the beginning where there is none."""
        self._finished = False
        self._failure = None
        self._last = b""
        if nearest < 0:
            self._produced = self._consumed = 0
            self._decompressor = METHODS[self._method]()
        else:
            self._produced, self._consumed, kept = self._states[nearest]
            self._decompressor = kept.copy()

    def _next(self, most: int) -> bytes:
        """Up to ``most`` further bytes; none only when there are no more."""
        if self._failure is not None:
            raise self._failure
        data = b""
        while not data and not self._finished:
            self._keep_state()
            data = self._unpack(most)
            self._produced += len(data)
            if self._produced > RATIO_FROM and self._produced > self._ratio * self._consumed:
                raise self._fail(
                    LimitExceeded(
                        f"unpacks to more than {self._ratio} times its size: a bomb, or a limit to raise"
                    ),
                    data,
                )
        return data

    def _unpack(self, most: int) -> bytes:
        packed = b""
        if self._decompressor.needs_input:
            packed = self._source.read_at(
                self._start + self._consumed, min(_INPUT, self._length - self._consumed)
            )
            self._consumed += len(packed)
        try:
            data = self._decompressor.decompress(packed, most)
        except (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, ValueError, EOFError) as error:
            self._stop(f"the compressed data are damaged: {error}")
            return b""
        if self._decompressor.eof:
            self._join_or_stop()
        elif not data and not packed and self._decompressor.needs_input:
            self._stop("the compressed data end early")
        return data

    def _join_or_stop(self) -> None:
        """After the end of a stream: another one of the same kind, or the end of everything."""
        self._consumed -= len(self._decompressor.unused_data)
        magic = _JOINED.get(self._method)
        left = self._length - self._consumed
        if magic and self._source.read_at(self._start + self._consumed, min(left, len(magic))) == magic:
            self._decompressor = METHODS[self._method]()
        else:
            self._finished = True

    def _stop(self, damage: str) -> None:
        self._finished = True
        self.damage = damage

    def _keep_state(self) -> None:
        if not isinstance(self._decompressor, Inflater):
            return
        if self._produced - (self._states[-1][0] if self._states else 0) < self._step:
            return
        self._states.append((self._produced, self._consumed, self._decompressor.copy()))
        if len(self._states) > _MOST_STATES:
            del self._states[::2]
            self._step *= 2
