"""The write-ahead log of a SQLCipher database, made plain frame by frame.

Source: Signal reference 6.4. Headers and checksums of the frames are plain and run over the encrypted pages.
What holds there is made to hold for the plain pages; where the chain is broken it stays broken, so that a
reader of the plain log takes from it exactly what SQLCipher would have taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from forensics.formats.sqlcipher import PageCipher
from forensics.formats.sqlite_checksum import Sums, checksum
from forensics.formats.sqlite_problem import Range, ReadProblem, ranges, spoken
from forensics.formats.sqlite_wal import (
    FRAME,
    HEADER,
    WalFrame,
    WalHeader,
    read_frames,
    read_wal_header,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesRead:
    """What became of the frames: ``bad`` are pages of frames in the chain whose code is wrong."""

    frames: int
    verified: int
    in_chain: int
    bad: tuple[Range, ...]

    def problems(self) -> tuple[ReadProblem, ...]:
        """What could not be read, for the notices of the database."""
        if not self.bad:
            return ()
        text = (
            f"the authentication code of pages {spoken(self.bad)} in the write-ahead log is wrong: changed, "
            "damaged or of another key; they were not read"
        )
        return (ReadProblem(kind="page", text=text, pages=self.bad),)


class _Chain:
    """The checksums of the encrypted frames as they are, and of the plain frames as they are to be."""

    def __init__(self, header: WalHeader) -> None:
        self._header = header
        self._sealed = self._plain = header.sums
        self.holds = True

    def follow(self, frame: WalFrame, data: bytes) -> None:
        """Look whether an encrypted frame goes on with the chain."""
        if not self.holds:
            return
        little = self._header.little_endian
        sums = checksum(data[FRAME.size :], little, checksum(data[:8], little, self._sealed))
        self.holds = frame.salts == self._header.salts and frame.page > 0 and sums == frame.sums
        self._sealed = sums

    def sums(self, start: bytes, page: bytes) -> Sums:
        """The checksums of the plain frame; of one outside the chain such as can never hold."""
        little = self._header.little_endian
        sums = checksum(page, little, checksum(start, little, self._plain))
        if self.holds:
            self._plain = sums
            return sums
        return sums[0] ^ 1, sums[1]


def decrypt_log(source: BinaryIO, cipher: PageCipher, target: BinaryIO) -> FramesRead:
    """Write the plain log into ``target``. Raises WalError when its header cannot be read."""
    source.seek(0)
    start = source.read(HEADER.size)
    header = read_wal_header(start)
    target.write(start)
    chain = _Chain(header)
    bad: list[int] = []
    frames = verified = in_chain = 0
    for frame, data in read_frames(source, header.page_size):
        frames += 1
        chain.follow(frame, data)
        in_chain += chain.holds
        page = memoryview(data)[FRAME.size :]
        is_right = header.page_size == cipher.parameters.page_size and cipher.is_right(page, frame.page)
        verified += is_right
        if not is_right and chain.holds:
            bad.append(frame.page)
        plain = cipher.plain([(frame.page, page)]) if is_right else bytes(header.page_size)
        first, second = chain.sums(data[:8], plain)
        target.write(FRAME.pack(frame.page, frame.commit_pages, *frame.salts, first, second) + plain)
    source.seek(HEADER.size + frames * (FRAME.size + header.page_size))
    cut = len(source.read(FRAME.size + header.page_size))
    target.write(bytes(cut))  # a frame that is cut off stays cut off
    return FramesRead(frames=frames, verified=verified, in_chain=in_chain, bad=ranges(bad))
