"""The custody log as a file: one signed line after the other, appended and never rewritten.

A line is prepared, committed with the case data, appended here, and then struck from the outbox. Appending
the same line again changes nothing and a torn line is completed, so that a process killed at any moment is
mended by the next.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from forensics.custody_check import REMARKS, Problem, check
from forensics.custody_entry import (
    ACTIONS,
    FIELDS,
    GENESIS,
    VERSION,
    Entry,
    Head,
    LineFault,
    is_signed,
    is_unedited,
    key_ring,
    prepare,
    read_line,
)
from forensics.errors import CaseDamaged, MachineFailed
from forensics.keys import sync_folder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = [
    "ACTIONS",
    "FIELDS",
    "GENESIS",
    "REMARKS",
    "VERSION",
    "DamagedLog",
    "Entry",
    "Head",
    "Problem",
    "append",
    "check",
    "cut",
    "damaged",
    "entries",
    "entry_at",
    "entry_of",
    "mended",
    "prepare",
    "read_head",
    "whole",
]

_BLOCK = 65536
_LOCKED_BYTE = 1 << 40  # Windows locks are mandatory: a byte far behind the end leaves readers alone
_KEY_ADDED = b'"action":"key.add"'


class DamagedLog(CaseDamaged):
    """The custody log is missing, torn, altered, or not the one that an entry was prepared for."""


def read_head(path: Path) -> Head:
    """The log's last entry, its hash and signature verified with a key that the log announces.

    DamagedLog when the log is missing or empty, or when its last line is torn or does not verify.
    """
    with mended(path), path.open("rb") as stream:
        head, torn = _verified_tail(path, stream)
    if torn:
        raise damaged(path, "its last line is torn")
    if head == GENESIS:
        raise damaged(path, "it is empty")
    return head


def append(path: Path, line: bytes) -> None:
    """Put a prepared line at the end of the log, and return when it is on the disk.

    The same line already there is left alone, the start of it at the end of the log is completed. DamagedLog
    when the line does not follow the last entry, or is signed with a key that the log does not announce.
    """
    entry = entry_of(path, line)
    with mended(path), _locked(path, create=entry.seq == 1) as stream:
        head, torn = _verified_tail(path, stream)
        if entry.seq <= head.seq:
            _confirm(path, stream, entry.seq, line)
        elif entry.seq != head.seq + 1 or entry.prev != head.hash:
            raise damaged(path, f"entry {entry.seq} does not follow its last entry, {head.seq}")
        elif not line.startswith(torn):
            raise damaged(path, "its last line is torn and is no part of the entry to write")
        else:
            _verify(path, stream, entry)
            _write(stream.fileno(), line[len(torn) :])
        os.fsync(stream.fileno())
        if entry.seq == 1:
            sync_folder(path.parent)


def entries(path: Path) -> Iterator[Entry]:
    """The entries in the order of the file; DamagedLog at a line that is none. Hashes are for `check`."""
    with mended(path), path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            yield entry_of(path, line, number)


def entry_at(path: Path, seq: int) -> Entry:
    """The entry of that number, its hash and signature verified. DamagedLog where it is not there or does
    not verify."""
    with mended(path), path.open("rb") as stream:
        line = next(islice(stream, seq - 1, seq), b"")
        entry = entry_of(path, line, seq)
        if entry.seq != seq:
            raise damaged(path, f"line {seq} is not entry {seq}")
        _verify(path, stream, entry)
    return entry


def whole(path: Path) -> bytes:
    """The log's bytes as they stand, whatever they are; DamagedLog when it is missing."""
    with mended(path):
        return path.read_bytes()


def cut(path: Path, last_seq: int) -> bytes:
    """The log's bytes up to and with entry `last_seq`; DamagedLog when it is not there."""
    with mended(path), path.open("rb") as stream:
        lines = list(islice(stream, last_seq))
    for number, line in enumerate(lines, start=1):
        if entry_of(path, line, number).seq != number:
            raise damaged(path, f"line {number} is not entry {number}")
    if len(lines) < last_seq:
        raise damaged(path, f"it ends before entry {last_seq}")
    return b"".join(lines)


def _verified_tail(path: Path, stream: BinaryIO) -> tuple[Head, bytes]:
    """The head of the last whole line, GENESIS where there is none, and the torn rest behind it."""
    line, torn = _tail(stream)
    if not line:
        return GENESIS, torn
    entry = entry_of(path, line)
    _verify(path, stream, entry)
    return entry.head, torn


def _tail(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The last whole line (empty where there is none) and what stands behind it, read from the end."""
    position = stream.seek(0, os.SEEK_END)
    block = b""
    while position > 0 and block.count(b"\n") < 2:
        step = min(_BLOCK, position)
        position = stream.seek(position - step)
        block = stream.read(step) + block
    whole, newline, torn = block.rpartition(b"\n")
    return whole.rpartition(b"\n")[2] + newline, torn


def _verify(path: Path, stream: BinaryIO, entry: Entry) -> None:
    """DamagedLog unless the entry matches its hash and is signed with a key announced up to it."""
    if not is_unedited(entry):
        raise damaged(path, f"entry {entry.seq} does not match its hash")
    stream.seek(0)
    first = stream.readline()
    ring = key_ring([entry_of(path, first, 1), entry] if entry.seq > 1 else [entry])
    if entry.key not in ring:  # only then are all lines looked through for further keys
        ring = key_ring([entry_of(path, first, 1), *_added_keys(path, stream), entry])
    if entry.key not in ring or not is_signed(entry, ring[entry.key].public):
        raise damaged(path, f"entry {entry.seq} is not signed with a key that the log announces")


def _added_keys(path: Path, stream: BinaryIO) -> Iterator[Entry]:
    for number, line in enumerate(stream, start=2):
        if _KEY_ADDED in line and line.endswith(b"\n"):
            yield entry_of(path, line, number)


def _confirm(path: Path, stream: BinaryIO, seq: int, line: bytes) -> None:
    stream.seek(0)
    if next(islice(stream, seq - 1, seq), b"") != line:
        raise damaged(path, f"another entry {seq} stands in it already")


def entry_of(path: Path, line: bytes, number: int | None = None) -> Entry:
    """The entry of a line of this log; DamagedLog when it is none."""
    try:
        return read_line(line)
    except LineFault as fault:
        where = f"line {number}: " if number else ""
        raise damaged(path, f"{where}{fault}") from fault


def damaged(path: Path, what: str) -> DamagedLog:
    """The error that says what is wrong with this log."""
    return DamagedLog(f"{path}: the custody log is damaged: {what}; check it with `sporen verify`")


@contextmanager
def mended(path: Path) -> Iterator[None]:
    """Tell the operating system's errors as errors that a person can mend."""
    try:
        yield
    except FileNotFoundError as error:
        raise damaged(path, "it is missing") from error
    except OSError as error:
        raise MachineFailed(
            f"{path}: the custody log could not be read or written ({error.strerror})"
        ) from error


@contextmanager
def _locked(path: Path, *, create: bool) -> Iterator[BinaryIO]:
    """The log opened for appending, no other process doing so; a new log is made only for its first entry."""
    flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | (os.O_CREAT if create else 0)
    with os.fdopen(os.open(path, flags, 0o666), "r+b") as stream:
        _lock(stream.fileno())  # closing the file releases it
        yield stream


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
