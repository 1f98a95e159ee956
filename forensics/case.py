"""The case: a folder with ``case.db`` and its custody log, changed in whole steps and never in part.

A change and its log entries are one transaction: the entries stand in ``outbox`` when it commits, are then
appended to ``custody.jsonl`` and struck from the outbox. A process killed in between is mended by the next
one that opens the case.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlite_utils

import forensics
from forensics import case_schema, custody, times
from forensics.custody_entry import Head, read_line
from forensics.environment import account
from forensics.errors import CaseDamaged, CaseLocked, CaseTooNew, MachineFailed, WrongUse
from forensics.keys import SigningKey, examiner_key, key_id_of

DATABASE, LOG, WORK = "case.db", "custody.jsonl", "work"
# Result codes of SQLite (sqlite.org/rescode.html), without their extended part.
_BUSY, _LOCKED, _READ_ONLY, _IO, _CORRUPT, _FULL, _CANNOT_OPEN, _NO_DATABASE = 5, 6, 8, 10, 11, 13, 14, 26
_TOOL = f"sporen {forensics.__version__}"

Subject = Mapping[str, object] | str


class Change:
    """What one transaction does: rows through ``db``, log entries through ``log``."""

    def __init__(self, case: Case, head: Head) -> None:
        self.db = case.db
        self._case = case
        self._head = head
        self._changes_case = False
        self.lines: list[bytes] = []

    def log(
        self,
        action: str,
        subject: Subject,
        result: str = "ok",
        *,
        authority: str | None = None,
        changes_case: bool = False,
        **detail: object,
    ) -> int:
        """Prepare a log entry; gives its number. ``changes_case``: a report prints the log up to here."""
        info = self._case.info
        line = custody.prepare(
            self._head,
            key=self._case.key,
            time=times.rfc3339(times.now()) or "",
            tz=str(info.get("timezone", "UTC")),
            actor=f"{info.get('examiner', '')} ({account()})",
            host=platform.node() or "unknown",
            action=action,
            object=subject,
            authority=authority if authority is not None else self._case.authority_reference,
            result=result,
            detail=detail,
            tool=_TOOL,
        )
        entry = read_line(line)
        self._head = entry.head
        self.lines.append(line)
        self.db.execute("INSERT INTO outbox (seq, line) VALUES (?, ?)", (entry.seq, line))
        self._changes_case = self._changes_case or changes_case
        return entry.seq

    def seal(self) -> None:
        """The end of a change: digests of the tables go into the log, and the log's end into the case."""
        if self._changes_case:
            digests = table_digests(self.db)
            seq = self.log("hash.verify", {"case": str(self._case.info["number"])}, "sealed", tables=digests)
            self._case.set(changed_seq=seq, changed_at=read_line(self.lines[-1]).time)
        if self.lines:
            self._case.set(head={"seq": self._head.seq, "hash": self._head.hash})


def table_digests(db: sqlite_utils.Database) -> dict[str, str]:
    """SHA-256 over the rows of each table but the messages', whose digests are logged by item of evidence."""
    return {name: _table_digest(db, name, columns) for name, columns in case_schema.SEALED.items()}


def _table_digest(db: sqlite_utils.Database, name: str, columns: str) -> str:
    digest = hashlib.sha256()
    for row in db.execute(f"SELECT {columns} FROM {name} ORDER BY 1"):
        plain = [each.hex() if isinstance(each, bytes) else each for each in row]
        digest.update(json.dumps(plain, ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()


class Case:
    """An open case; ``db`` is its database by sqlite-utils."""

    def __init__(self, folder: Path, db: sqlite_utils.Database) -> None:
        """Takes over an open connection; use ``create`` or ``open``."""
        self.folder = folder
        self.db = db
        self._key: SigningKey | None = None
        self._info: dict[str, Any] | None = None

    @classmethod
    def create(cls, folder: Path, info: Mapping[str, object]) -> Self:
        """A new case. WrongUse when there is something already; MachineFailed when it cannot be written."""
        if folder.exists() and not _is_free(folder):
            raise WrongUse(
                f"{folder}: already exists and is not empty; name a folder that does not exist yet"
            )
        key = examiner_key()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MachineFailed(f"{folder}: cannot be made: {error.strerror}") from error
        with case_errors(folder):
            case = cls(folder, _connect(folder / DATABASE))
            case._key = key
            case._initialise(info)
        return case

    def _initialise(self, info: Mapping[str, object]) -> None:
        connection = self.db.conn
        connection.execute("BEGIN IMMEDIATE")
        for statement in case_schema.TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={case_schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={case_schema.VERSION}")
        self.set(**info)
        change = Change(self, custody.GENESIS)
        change.log(
            "case.open",
            {"case": str(info["number"])},
            changes_case=True,
            case=info["secret_id"],
            public_key=self.key.public.hex(),
            legal_basis=info["authorities"],
        )
        self.set(created_at=read_line(change.lines[0]).time)
        change.seal()
        connection.execute("COMMIT")
        self._send(change.lines)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """An existing case; finishes what a killed process had committed.

        WrongUse when there is none, CaseTooNew, CaseDamaged, CaseLocked.
        """
        path = folder / DATABASE
        if not path.is_file():
            raise WrongUse(f"{folder}: no case here; make one with `sporen new`")
        with case_errors(folder):
            case = cls(folder, _connect(path))
            try:
                case._check_version()
                case._finish()
            except BaseException:
                case.close()
                raise
        return case

    def _check_version(self) -> None:
        application = self.db.execute("PRAGMA application_id").fetchone()[0]
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if application != case_schema.APPLICATION_ID:
            raise CaseDamaged(f"{self.folder}: case.db is not the database of a case; restore it from a copy")
        if version > case_schema.VERSION:
            raise CaseTooNew(f"{self.folder}: made by a newer version of Sporen; use that version")

    def _finish(self) -> None:
        """Append what was committed and not yet written to the log."""
        lines = [bytes(row[0]) for row in self.db.execute("SELECT line FROM outbox ORDER BY seq")]
        if lines:
            self._send(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.db.conn.close()

    @property
    def log_path(self) -> Path:
        """The custody log."""
        return self.folder / LOG

    @property
    def key(self) -> SigningKey:
        """The examiner's key, read when something is first signed."""
        if self._key is None:
            self._key = examiner_key()
        return self._key

    @property
    def info(self) -> dict[str, Any]:
        """The settings of the case by name."""
        if self._info is None:
            rows = self.db.execute("SELECT name, value FROM setting ORDER BY name")
            self._info = {name: json.loads(value) for name, value in rows}
        return self._info

    @property
    def authority_reference(self) -> str | None:
        """What an entry of the log names as its ground: the references of the recorded authorities."""
        found = [
            str(each["reference"]) for each in self.info.get("authorities", ()) if each["kind"] != "none"
        ]
        return ", ".join(found) or None

    def set(self, **settings: object) -> None:
        """Store settings within the change that is under way."""
        rows = [
            (name, json.dumps(value, ensure_ascii=False, sort_keys=True)) for name, value in settings.items()
        ]
        self.db.conn.executemany("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", rows)
        self._info = None

    @contextmanager
    def change(self) -> Iterator[Change]:
        """One transaction with its log entries, whole or not at all. CaseLocked when another is at work."""
        with case_errors(self.folder):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                change = Change(self, self._head())
                self._introduce_key(change)
                yield change
                change.seal()
                self.db.execute("COMMIT")
            except BaseException:
                self._info = None
                with suppress(sqlite3.OperationalError):  # SQLite has rolled back by itself (disk full)
                    self.db.execute("ROLLBACK")
                raise
            self._send(change.lines)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within is of one moment, whatever another process writes meanwhile."""
        with case_errors(self.folder):
            self.db.execute("BEGIN")
            try:
                yield
            finally:
                self.db.execute("ROLLBACK")

    def _head(self) -> Head:
        self._finish()
        return custody.read_head(self.log_path)

    def _introduce_key(self, change: Change) -> None:
        """A key that this log does not know yet, of another examiner, announces itself."""
        known = {row for row, _ in public_keys(self.log_path)}
        if self.key.key_id not in known:
            change.log("key.add", {"key": self.key.key_id}, public_key=self.key.public.hex())

    def _send(self, lines: list[bytes]) -> None:
        for line in lines:
            custody.append(self.log_path, line)
        self.db.execute("DELETE FROM outbox")

    def work_folder(self) -> Path:
        """The folder for private copies, made at need; everything in it may be removed."""
        folder = self.folder / WORK
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise MachineFailed(f"{folder}: cannot be made: {error.strerror}") from error
        # SQLite's own temporary files (sorting) hold evidence: they belong here and nowhere else.
        os.environ["SQLITE_TMPDIR"] = str(folder)
        return folder


def _is_free(folder: Path) -> bool:
    """Whether the folder is empty, or holds no more than a case whose making was broken off."""
    if not folder.is_dir():
        return False
    names = {each.name for each in folder.iterdir()}
    if not names:
        return True
    path = folder / DATABASE
    if not names <= {DATABASE, f"{DATABASE}-journal"} or DATABASE not in names:
        return False
    with case_errors(folder), closing(sqlite3.connect(path)) as connection:
        return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def public_keys(log: Path) -> list[tuple[str, str]]:
    """Key ids and public keys in hex that a log announces, in its order."""
    found = {}
    for entry in custody.entries(log):
        public = entry.detail.get("public_key")
        if entry.action in ("case.open", "key.add") and isinstance(public, str):
            found[key_id_of(bytes.fromhex(public))] = public
    return list(found.items())


def _connect(path: Path) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA cache_size=-65536")
    return sqlite_utils.Database(connection)


@contextmanager
def case_errors(folder: Path) -> Iterator[None]:
    """Tell SQLite's errors about the case as errors that a person can mend."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (_BUSY, _LOCKED):
            raise CaseLocked(
                f"{folder}: another process is writing to this case; wait until it is done"
            ) from error
        if code in (_FULL, _IO, _READ_ONLY, _CANNOT_OPEN):
            raise MachineFailed(
                f"{folder}: the case cannot be written ({error}); make room or give permission"
            ) from error
        if code in (_CORRUPT, _NO_DATABASE):
            raise CaseDamaged(
                f"{folder}: case.db is damaged ({error}); restore the case from a copy"
            ) from error
        raise
