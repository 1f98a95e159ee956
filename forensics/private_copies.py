"""Private copies of evidence: in a folder of the case's ``work``, gone with the process that made them.

A process that is killed cannot remove its own; the next one does, which knows by a lock that nobody is there.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forensics.errors import MachineFailed

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PREFIX, _LOCK = "intake-", ".lock"
# Locks that are made until one is held.
_TRIES = 5


@contextmanager
def private_folder(work: Path) -> Iterator[Path]:
    """A fresh folder below ``work``, removed at the end; MachineFailed when it cannot be made."""
    with able(work, "private copies cannot be made there"):
        remove_abandoned(work)
        descriptor, lock = _locked(work)
        folder = _folder_of(lock)
        folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        _remove(lock, descriptor)


def _locked(work: Path) -> tuple[int, Path]:
    """A fresh lock that is held: another process that begins may take it away before it is."""
    for attempt in range(_TRIES):
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_LOCK, dir=work)
        if _is_locked_now(descriptor) and Path(name).exists():
            break
        if attempt < _TRIES - 1:
            os.close(descriptor)
    return descriptor, Path(name)  # where a file system knows no locks, the last one


def _remove(lock: Path, descriptor: int) -> None:
    """A folder whose lock is held, and the lock with it; where something of it stays, the lock does too, and
    the next process tries again."""
    folder = _folder_of(lock)
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)
    if not folder.exists():
        lock.unlink(missing_ok=True)


@contextmanager
def able(place: Path, otherwise: str) -> Iterator[None]:
    """What is done at a place of this machine; MachineFailed says ``otherwise`` when the machine refuses."""
    try:
        yield
    except OSError as error:
        raise MachineFailed(f"{place}: {otherwise}: {error.strerror}") from error


def _folder_of(lock: Path) -> Path:
    return lock.with_name(lock.name.removesuffix(_LOCK))


def remove_abandoned(work: Path) -> None:
    """Remove the folders whose process is gone; one without a lock file is of a process that is ending."""
    for lock in sorted(work.glob(f"{_PREFIX}*{_LOCK}")):
        try:
            descriptor = os.open(lock, os.O_RDWR)
        except OSError:
            continue  # its process has just removed it
        if _is_locked_now(descriptor):
            _remove(lock, descriptor)
        else:
            os.close(descriptor)


def _is_locked_now(descriptor: int) -> bool:
    """Take the lock of a folder, which ends with the process; tells whether it was free."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
