"""Which keys hold in a custody log, without reading the whole log again at every change of the case.

What this process read of a log is remembered: how many bytes, their SHA-256, and the few entries that tell of
keys. While the file has the same size and times, nothing was written to it. Else the bytes that were
read are hashed again and only what follows them is looked at; where they are no longer the same, the log was
not only appended to, and is checked whole.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from forensics import times
from forensics.custody import damaged, entry_of, mended
from forensics.custody_check import check
from forensics.custody_entry import Entry, is_opening

_BLOCK = 1 << 18
# A file that was changed so short a time ago may change again without another time.
_SETTLED_AFTER = 2_000
_MOST = 16  # logs that are remembered
_OF_KEYS = frozenset({"key.add", "key.revoke"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of a log; ``stamp`` is the file's identity, size and times then."""

    stamp: tuple[int, ...]
    is_settled: bool
    length: int
    sha256: bytes
    told: tuple[Entry, ...]


_remembered: dict[str, _Read] = {}


def key_entries(path: Path) -> tuple[Entry, ...]:
    """The entries of the log that announce or revoke a key, in its order.

    DamagedLog at a line that is none, and where what was read before has changed and the log is not whole.
    """
    name = str(path.resolve())
    with mended(path), path.open("rb") as stream:
        status = os.fstat(stream.fileno())
        stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = _remembered.get(name)
        if known is None or known.stamp != stamp or not known.is_settled:
            newest = max(status.st_mtime_ns, status.st_ctime_ns) // 1_000_000
            is_settled = times.now() - newest > _SETTLED_AFTER
            known = _read_on(path, stream, known, stamp, is_settled=is_settled)
    _remembered.pop(name, None)
    while len(_remembered) >= _MOST:
        del _remembered[next(iter(_remembered))]
    _remembered[name] = known
    return known.told


def _read_on(
    path: Path, stream: BinaryIO, known: _Read | None, stamp: tuple[int, ...], *, is_settled: bool
) -> _Read:
    """What is remembered, with what follows it in the file."""
    digest = hashlib.sha256()
    told: list[Entry] = []
    if known is not None:
        if _is_there(stream, known, digest):
            told += known.told
        else:
            _check_whole(path)
            digest = hashlib.sha256()
            stream.seek(0)
    for line in stream:
        digest.update(line)
        entry = entry_of(path, line)
        if entry.action in _OF_KEYS or is_opening(entry):
            told.append(entry)
    return _Read(
        stamp=stamp, is_settled=is_settled, length=stream.tell(), sha256=digest.digest(), told=tuple(told)
    )


def _is_there(stream: BinaryIO, known: _Read, digest: hashlib._Hash) -> bool:
    """Whether the file still begins with what was read of it; hashes that and stops behind it."""
    left = known.length
    while left and (data := stream.read(min(left, _BLOCK))):
        digest.update(data)
        left -= len(data)
    return not left and digest.copy().digest() == known.sha256


def _check_whole(path: Path) -> None:
    problem = next((each for each in check(path) if not each.is_remark), None)
    if problem is not None:
        what = f"line {problem.line} was changed since it was read ({problem.text})"
        raise damaged(path, what)
