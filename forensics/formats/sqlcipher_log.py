"""The write-ahead log of a SQLCipher database, made plain frame by frame.

Source: Signal reference 6.4. Headers and checksums of the frames are plain and run over the encrypted pages.
What holds there is made to hold for the plain pages; where the chain is broken it stays broken, so that a
reader of the plain log takes from it exactly what SQLCipher would have taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from forensics.formats.sqlcipher import PageCipher
from forensics.formats.sqlite_checksum import Sums, chained, frame_sums
from forensics.formats.sqlite_problem import Range, ReadProblem, ranges, spoken
from forensics.formats.sqlite_wal import (
    FRAME,
    HEADER,
    WalFrame,
    WalHeader,
    read_wal_header,
    summed_frames,
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
        self._length = 8 + header.page_size
        self._sealed = self._plain = header.sums
        self._holds = True

    def follow(self, frame: WalFrame, own: Sums) -> bool:
        """Whether the chain holds with one more encrypted frame."""
        if self._holds:
            self._sealed = chained(self._sealed, own, self._length)
            is_right = frame.salts == self._header.salts and frame.page > 0
            self._holds = is_right and self._sealed == frame.sums
        return self._holds

    def sums(self, own: Sums, *, holds: bool) -> Sums:
        """The checksums of the plain frame; of one outside the chain such as can never hold."""
        sums = chained(self._plain, own, self._length)
        if holds:
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
    for batch in summed_frames(source, header):
        held = [chain.follow(frame, own) for frame, _data, own in batch]
        plain = _plain([(frame, data) for frame, data, _own in batch], header, cipher)
        frames += len(batch)
        verified += sum(each is not None for each in plain)
        in_chain += sum(held)
        rows = zip(batch, held, plain, strict=True)
        bad += [frame.page for (frame, _data, _own), holds, page in rows if holds and page is None]
        blank = bytes(header.page_size)
        pages = [page or blank for page in plain]
        bodies = [data[:8] + page for (_frame, data, _own), page in zip(batch, pages, strict=True)]
        owns = frame_sums(bodies, header.little_endian)
        for (frame, _data, _own), page, own, holds in zip(batch, pages, owns, held, strict=True):
            first, second = chain.sums(own, holds=holds)
            target.write(FRAME.pack(frame.page, frame.commit_pages, *frame.salts, first, second) + page)
    source.seek(HEADER.size + frames * (FRAME.size + header.page_size))
    cut = len(source.read(FRAME.size + header.page_size))
    target.write(bytes(cut))  # a frame that is cut off stays cut off
    return FramesRead(frames=frames, verified=verified, in_chain=in_chain, bad=ranges(bad))


def _plain(
    batch: Sequence[tuple[WalFrame, bytes]], header: WalHeader, cipher: PageCipher
) -> list[bytes | None]:
    """The plain page of each frame, None where its code is wrong."""
    pages = [(frame.page, memoryview(data)[FRAME.size :]) for frame, data in batch]
    is_of_it = header.page_size == cipher.parameters.page_size
    right = [is_of_it and cipher.is_right(page, number) for number, page in pages]
    clear = cipher.plain([each for each, is_right in zip(pages, right, strict=True) if is_right])
    places = iter(range(0, len(clear), header.page_size))
    starts = [next(places) if is_right else None for is_right in right]
    return [None if start is None else clear[start : start + header.page_size] for start in starts]
