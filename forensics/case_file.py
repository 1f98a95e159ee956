"""The database of a case as a file: whether it is there, opening it, and SQLite's errors in words."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from forensics import case_key, case_schema
from forensics.errors import CaseDamaged, CaseLocked, CaseTooNew, MachineFailed, WrongUse

DATABASE = "case.db"
# The statement of who gave a copy away: with it a folder is no case yet, and is only read.
HANDOVER = "handover.json"
_BROKEN_OFF = "{}: no case here, its making was broken off; make it again with `sporen new`"
# What reading a value raises that Sporen did not write.
ODD_VALUES = (ValueError, TypeError, LookupError, AttributeError, OverflowError)
# Result codes of SQLite (sqlite.org/rescode.html), without their extended part.
_BUSY, _LOCKED, _READ_ONLY, _IO, _CORRUPT, _FULL, _CANNOT_OPEN, _NO_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26
_BY_CODE = {
    _BUSY: (CaseLocked, "another process is using this case; wait until it is done"),
    _LOCKED: (CaseLocked, "another process is using this case; wait until it is done"),
    _FULL: (MachineFailed, "the case cannot be written ({}); make room"),
    _IO: (MachineFailed, "the case cannot be read or written ({}); make room or look at the disk"),
    _READ_ONLY: (MachineFailed, "the case cannot be written ({}); give permission to write"),
    _CANNOT_OPEN: (MachineFailed, "the case cannot be opened ({}); give permission to read and write"),
    _CORRUPT: (CaseDamaged, "case.db is damaged ({}); restore the case from a copy"),
    _NO_DATABASE: (CaseDamaged, "case.db is damaged ({}); restore the case from a copy"),
}


@contextmanager
def case_errors(folder: Path) -> Iterator[None]:
    """Tell SQLite's errors about the case as errors that a person can mend."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise told(folder, error) from error


def told(folder: Path, error: sqlite3.DatabaseError) -> Exception:
    """The error as one that a person can mend; itself where it is a bug."""
    # Python's own complaint about bytes that are no UTF-8 has no code
    code = getattr(error, "sqlite_errorcode", _CORRUPT if "decode" in str(error) else 0) & 0xFF
    if code not in _BY_CODE:
        return error
    kind, text = _BY_CODE[code]
    return kind(f"{folder}: {text.format(error)}")


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether another process has the database."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (_BUSY, _LOCKED)


def is_read_only(error: sqlite3.OperationalError) -> bool:
    """Whether the database cannot be written because of where it lies."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == _READ_ONLY


@contextmanager
def writable_copy(db: sqlite3.Connection, case: Path) -> Iterator[sqlite3.Connection]:
    """The same rows in a temporary database, for a check that SQLite counts as writing; encrypted under the
    key of the case where that is."""
    with (
        tempfile.TemporaryDirectory(prefix="sporen-verify-") as folder,
        closing(_connected(Path(folder) / DATABASE, case, isolation_level=None)) as copy,
    ):
        db.backup(copy)
        yield copy


def copy_to(db: sqlite3.Connection, case: Path, folder: Path) -> int:
    """Write the database as of one moment into another folder, encrypted as the case is; gives the number of
    the last log entry that it knows of."""
    with case_errors(folder), closing(_connected(folder / DATABASE, case)) as copy:
        db.backup(copy)
        (stored,) = copy.execute("SELECT value FROM setting WHERE name = 'head'").fetchone()
        return int(json.loads(stored)["seq"])


def connect(folder: Path) -> sqlite3.Connection:
    """The case's database; transactions are begun by hand."""
    connection = _connected(folder / DATABASE, folder, timeout=0, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    # 16 MiB: 32 was no quicker at 1,000,000 messages; memory grows with the case until it is full, and sorts
    # take as much again
    connection.execute("PRAGMA cache_size=-16384")
    return connection


def _connected(path: Path, case: Path, **options: Any) -> sqlite3.Connection:
    """A database of a case, under the key of that case where it is encrypted."""
    if case_key.is_encrypted(case):
        return case_key.connect(path, case, **options)
    connection: sqlite3.Connection = sqlite3.connect(path, **options)
    return connection


def is_there(folder: Path) -> bool:
    """Whether a folder has the database of a case; MachineFailed where it may not be looked into."""
    return _has(folder, DATABASE)


def is_copy(folder: Path) -> bool:
    """Whether a case was handed over into that folder and nobody took it yet; fails as ``is_there``."""
    return _has(folder, HANDOVER)


def _has(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_file()
    except PermissionError as error:
        raise MachineFailed(f"{folder}: cannot be looked into: {error.strerror}") from error
    except OSError:
        return False  # a name that this file system cannot have


def is_free(folder: Path) -> bool:
    """Whether a case can be made there: nothing is, an empty folder, or one whose making was broken off."""
    try:
        if not folder.exists():
            return True
        names = {each.name for each in folder.iterdir()} if folder.is_dir() else {folder.name}
    except OSError as error:
        raise MachineFailed(f"{folder}: cannot be looked into: {error.strerror}") from error
    if not names or not folder.is_dir():
        return not names
    if case_key.KEY in names:  # encrypted: what was broken off has no page yet
        rest = names - {case_key.KEY, f"{DATABASE}-journal"}
        return not rest or (rest == {DATABASE} and not (folder / DATABASE).stat().st_size)
    if not names <= {DATABASE, f"{DATABASE}-journal"} or DATABASE not in names:
        return False
    with case_errors(folder), closing(sqlite3.connect(folder / DATABASE)) as connection:
        return _is_blank(connection)


def take_back(folder: Path, *, existed: bool) -> None:
    """Leave nothing of a case whose making failed before anything was stored; what was stored stays."""
    with suppress(OSError):  # what led here is told
        if (folder / DATABASE).is_file() and (folder / DATABASE).stat().st_size:
            return
        for name in (DATABASE, f"{DATABASE}-journal", case_key.KEY):
            (folder / name).unlink(missing_ok=True)
        if not existed:
            folder.rmdir()


def check_begun(folder: Path) -> None:
    """WrongUse for an encrypted case whose making was broken off: no passphrase is needed to see that."""
    if case_key.is_encrypted(folder) and not (folder / DATABASE).stat().st_size:
        raise WrongUse(_BROKEN_OFF.format(folder))


def check_not_lost(folder: Path) -> None:
    """CaseDamaged where the database is gone from beside its log. Of a case that was destroyed, or whose
    destruction was begun, that is as it should be."""
    log = folder / "custody.jsonl"
    try:
        if not log.is_file() or (folder / "certificate-of-destruction.json").exists():
            return
        last = log.read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError as error:
        raise MachineFailed(f"{folder}: cannot be looked into: {error.strerror}") from error
    if b'"action":"erase"' not in last:
        raise CaseDamaged(f"{folder}: the case is damaged: case.db is gone; restore the case from a copy")


def check_version(folder: Path, db: sqlite3.Connection) -> None:
    """WrongUse when the making of the case was broken off; CaseDamaged, CaseTooNew."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application == case_schema.APPLICATION_ID:
        if version > case_schema.VERSION:
            raise CaseTooNew(f"{folder}: made by a newer version of Sporen; use that version")
        if version < case_schema.VERSION:
            text = "made by an older version of Sporen, with other tables; use that version or make it anew"
            raise CaseTooNew(f"{folder}: {text} from its evidence")
        return
    if _is_blank(db):
        if (folder / "custody.jsonl").is_file():  # written after the database: its making was ended
            raise CaseDamaged(f"{folder}: case.db is damaged (it is empty); restore the case from a copy")
        raise WrongUse(_BROKEN_OFF.format(folder))
    raise CaseDamaged(f"{folder}: case.db is not the database of a case; restore it from a copy")


def _is_blank(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
