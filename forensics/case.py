"""The case: a folder with ``case.db`` and its custody log, changed in whole steps and never in part.

A change and its log entries are one transaction: the entries stand in ``outbox`` when it commits, are then
appended to ``custody.jsonl`` and struck from the outbox. A process killed in between is mended by the next
one that opens the case.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import forensics
from forensics import case_schema, custody, times
from forensics.actor import account, acting, workstation
from forensics.case_file import (
    case_errors,
    check_begun,
    check_not_lost,
    check_version,
    connect,
    is_busy,
    is_free,
    is_there,
    take_back,
    told,
)
from forensics.case_key import forget as forget_case_key
from forensics.case_key import make as make_case_key
from forensics.case_seal import Seal
from forensics.custody_entry import Head, key_ring, read_line, revocations
from forensics.errors import CaseDamaged, MachineFailed, WrongUse
from forensics.keys import SigningKey, examiner_key, key_id_of, retired_keys
from forensics.known_log import key_entries

LOG, WORK = "custody.jsonl", "work"
# How long a change that was begun waits for others to end their reading before it is given up.
_PATIENCE = 60_000
TOOL = f"sporen {forensics.__version__}"

Subject = Mapping[str, object] | str


class Change:
    """What one transaction does: rows through ``db``, log entries through ``log``."""

    def __init__(self, case: Case, head: Head, seal: Seal) -> None:
        self.db = case.db
        self._case = case
        self._head = head
        self._seal = seal
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
        key: SigningKey | None = None,
        **detail: object,
    ) -> int:
        """Prepare a log entry; gives its number. ``changes_case``: a report prints the log up to here;
        ``key``: signed with this one instead of the examiner's."""
        info, who = self._case.info, acting()
        told = {name: value for name, value in (("role", who.role), ("reason", who.reason)) if value}
        line = custody.prepare(
            self._head,
            key=key or self._case.key,
            time=times.rfc3339(times.now()) or "",
            tz=str(info.get("timezone", "UTC")),
            actor=f"{who.by or info.get('examiner', '')} ({account()})",
            host=workstation(),
            action=action,
            object=subject,
            authority=authority if authority is not None else self._case.authority_reference,
            result=result,
            detail={**told, **detail},
            tool=TOOL,
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
            digests = self._seal.digests()
            seq = self.log("hash.verify", {"case": str(self._case.info["number"])}, "sealed", tables=digests)
            self._case.set(changed_seq=seq, changed_at=read_line(self.lines[-1]).time)
        if self.lines:
            self._case.set(head={"seq": self._head.seq, "hash": self._head.hash})


class Case:
    """An open case; ``db`` is its database by sqlite-utils."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        """Takes over an open connection; use ``create`` or ``open``."""
        self.folder = folder
        self.db = db
        self._key: SigningKey | None = None
        self._info: dict[str, Any] | None = None
        self._stack = ExitStack()

    @classmethod
    def create(
        cls, folder: Path, info: Mapping[str, object], *, encrypted: bool = False, token: str | None = None
    ) -> Self:
        """A new case, ``encrypted`` by a passphrase or by a token (case_key.make). WrongUse when there is
        something already; MachineFailed when it cannot be written."""
        if not is_free(folder):
            raise WrongUse(
                f"{folder}: already exists and is not empty; name a folder that does not exist yet"
            )
        key, existed = examiner_key(), folder.exists()
        try:
            forget_case_key(folder)  # of one whose making was killed
            if encrypted or token is not None:
                make_case_key(folder, token)
            return cls._made(folder, key, info)
        except BaseException:
            take_back(folder, existed=existed)
            raise

    @classmethod
    def _made(cls, folder: Path, key: SigningKey, info: Mapping[str, object]) -> Self:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MachineFailed(f"{folder}: cannot be made: {error.strerror}") from error
        with case_errors(folder):
            case = cls(folder, connect(folder))
            case._key = key
            try:
                case._initialise(info)
            except BaseException:
                case.close()
                raise
        return case

    def _initialise(self, info: Mapping[str, object]) -> None:
        connection = self.db
        connection.execute("BEGIN IMMEDIATE")
        for statement in case_schema.TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={case_schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={case_schema.VERSION}")
        # the settings that follow the log are there from the first seal on
        self.set(**info, changed_at=None, changed_seq=None, head=None)
        change = Change(self, custody.GENESIS, Seal(connection, self.log_path, None, None))
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
        if not is_there(folder):
            check_not_lost(folder)
            raise WrongUse(f"{folder}: no case here; make one with `sporen new`")
        check_begun(folder)
        with case_errors(folder):
            case = cls(folder, connect(folder))
            try:
                check_version(folder, case.db)
                case._finish()
            except BaseException:
                case.close()
                raise
        return case

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
        if isinstance(error, sqlite3.DatabaseError):
            raise told(self.folder, error) from error

    def close(self) -> None:
        """Close the database, and remove what stands elsewhere for a case on read-only media."""
        self.db.close()
        self._stack.close()

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

    def use(self, key: SigningKey) -> None:
        """From now on the examiner signs with this key."""
        self._key = key

    @property
    def info(self) -> dict[str, Any]:
        """The settings of the case by name."""
        if self._info is None:
            rows = self.db.execute("SELECT name, value FROM setting ORDER BY name")
            try:
                found = {name: json.loads(value) for name, value in rows}
            except (ValueError, TypeError) as error:
                raise CaseDamaged(f"{self.folder}: a setting of case.db is damaged ({error})") from error
            if not found.keys() >= case_schema.NEEDED_SETTINGS:
                named = ", ".join(sorted(case_schema.NEEDED_SETTINGS - found.keys()))
                raise CaseDamaged(f"{self.folder}: a setting of case.db is missing: {named}")
            self._info = found
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
        self.db.executemany("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", rows)
        self._info = None

    @contextmanager
    def change(self, writes: Collection[str] | None = None) -> Iterator[Change]:
        """One transaction with its log entries, whole or not at all. CaseLocked when another is at work.

        ``writes``: the only tables that it may write besides the settings (case_seal); None for any.
        """
        with case_errors(self.folder):
            (patience,) = self.db.execute("PRAGMA busy_timeout").fetchone()
            self.db.execute("BEGIN IMMEDIATE")
            self._info = None  # another process may have changed it
            self.db.execute(f"PRAGMA busy_timeout={_PATIENCE}")
            try:
                head = self._head()
                seal = Seal(self.db, self.log_path, self.info.get("changed_seq"), writes)
                change = Change(self, head, seal)
                self._introduce_key(change)
                yield change
                change.seal()
                self.db.execute("COMMIT")
            except BaseException:
                self._info = None
                with suppress(sqlite3.OperationalError):  # SQLite has rolled back by itself (disk full)
                    self.db.execute("ROLLBACK")
                raise
            finally:
                self.db.execute(f"PRAGMA busy_timeout={patience}")
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

    def is_to_be_rewritten(self) -> bool:
        """Whether something was removed and the database not yet written anew: its process was killed."""
        found = self.db.execute("SELECT value FROM setting WHERE name = 'scrub'").fetchone()
        return found is not None and found[0] == '"due"'

    def rewrite(self) -> None:
        """Write the database anew, without free pages and without slack."""
        with case_errors(self.folder):
            self.db.execute("VACUUM")

    def _head(self) -> Head:
        """The end of the log, which must be where the case was left: else it was cut off or replaced."""
        self._finish()
        head, noted = custody.read_head(self.log_path), Head(**self.info["head"])
        if head != noted:
            raise CaseDamaged(
                f"{self.log_path}: ends with entry {head.seq}, the case was left at entry {noted.seq} with"
                " another hash or number; look at it with `sporen verify` and restore both from one copy"
            )
        return head

    def _introduce_key(self, change: Change) -> None:
        """A key that this log does not know yet: the examiner's older key vouches for it where the log knows
        that one, else it announces itself. WrongUse when it was revoked."""
        entries = key_entries(self.log_path)
        ring = key_ring(entries)
        revoked = revocations(entries, ring)
        if self.key.key_id in revoked:
            raise WrongUse(
                f"key {self.key.key_id} was revoked in this case (entry {revoked[self.key.key_id]});"
                " `sporen key --rotate` makes a new one"
            )
        if self.key.key_id not in ring:
            vouching = [key for key in retired_keys() if key.key_id in ring and key.key_id not in revoked]
            change.log(
                "key.add", {"key": self.key.key_id}, public_key=self.key.public.hex(),
                key=vouching[-1] if vouching else None,
            )  # fmt: skip

    def _send(self, lines: list[bytes]) -> None:
        """Write prepared entries to the log; those of another process that are not written yet stay."""
        for line in lines:
            custody.append(self.log_path, line)
        try:
            for line in lines:
                self.db.execute("DELETE FROM outbox WHERE line = ?", (line,))
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            # the process that has the case now finds them in the log and strikes them

    def work_folder(self) -> Path:
        """The folder for private copies, made at need; everything in it may be removed.

        A case on read-only media has it among this machine's temporary files until the case is closed.
        """
        folder = self.folder / WORK
        try:
            if not os.access(self.folder, os.W_OK):
                made = tempfile.TemporaryDirectory(prefix="sporen-work-")
                folder = Path(self._stack.enter_context(made))
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise MachineFailed(f"{folder}: cannot be made: {error.strerror}") from error
        # SQLite's own temporary files (sorting) hold evidence: they belong here and nowhere else.
        os.environ["SQLITE_TMPDIR"] = str(folder)
        return folder


def public_keys(log: Path) -> list[tuple[str, str]]:
    """Key ids and public keys in hex that a log announces, in its order."""
    found = {}
    for entry in custody.entries(log):
        public = entry.detail.get("public_key")
        if entry.action in ("case.open", "key.add") and isinstance(public, str):
            found[key_id_of(bytes.fromhex(public))] = public
    return list(found.items())
