"""The databases of one account, from the oldest to the newest, and what dates each of them.

A phone keeps dated backups beside the live database, and a case may hold several extractions of one phone.
The live database is taken as the newest, then the undated backup, then the dated ones by the date in their
name. What dates a database is told with the date: the name of its file, else the newest message in it. The
time of a file is not used: the digest of a folder does not cover it, and copying changes it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forensics.times import parse_rfc3339, rfc3339

_DATE = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)")
_DAY = 86_400_000
NAME, NEWEST = "date in the name of the file", "newest message in it"
_DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A database that holds messages of an account. ``newest``: of its messages, in milliseconds."""

    n: int
    evidence: str
    path: str
    sha256: str
    role: str | None
    is_opened: bool
    newest: int | None

    @property
    def name_date(self) -> str | None:
        """The date in its name, where that is one."""
        outer, _, inner = self.path.rpartition("!/")
        for name in (inner, "" if "/" in inner else outer):
            for found in _DATE.findall(name.rpartition("/")[2]):
                try:
                    return date.fromisoformat(found).isoformat()
                except ValueError:
                    continue  # digits that are no day
        return None

    @property
    def is_document(self) -> bool:
        """Whether messages were written out to it, which need not be all of them nor all of each."""
        return self.role == _DOCUMENT

    @property
    def age(self) -> tuple[object, ...]:
        """What databases are ordered by, the oldest first."""
        dated = self.name_date
        if dated is not None:
            return 0, dated, self.newest or 0, -len(self.path), self.path, self.evidence
        return 2 - self.is_opened, "", self.newest or 0, -len(self.path), self.path, self.evidence

    @property
    def as_of(self) -> dict[str, str | None]:
        """The date, and what it rests on."""
        if self.name_date is not None:
            return {"date": self.name_date, "ground": NAME}
        return {"date": rfc3339(self.newest), "ground": NEWEST}

    def source(self) -> dict[str, str]:
        """Where it lies."""
        return {"evidence_sha256": self.evidence, "file_sha256": self.sha256, "path": self.path}

    def should_have(self, older: Holder, sent_at: int | None) -> bool:
        """Whether a message of an older database was there to be kept in this one."""
        if self.evidence == older.evidence or sent_at is None:
            return True
        if self.newest is None or sent_at <= self.newest:
            return self.newest is not None
        if older.name_date is None:
            return False
        return self.newest >= parse_rfc3339(f"{older.name_date}T00:00:00Z") - _DAY


def holders(db: sqlite3.Connection) -> dict[int, Holder]:
    """The files of the case that messages were read from, by number; empty where there is but one."""
    sql = "SELECT count(*) FROM file WHERE tables <> '{}'"
    if db.execute(sql).fetchone()[0] < 2:
        return {}
    newest = _newest(db)
    rows = db.execute(
        "SELECT f.n, e.sha256, f.path, f.sha256, f.role, f.opened_by FROM file AS f"
        " LEFT JOIN evidence AS e ON e.n = f.evidence"
    )
    return {
        n: Holder(
            n=n, evidence=evidence, path=path, sha256=digest, role=role,
            is_opened=opened not in (None, "null"), newest=newest[n],
        )
        for n, evidence, path, digest, role, opened in rows
        if n in newest
    }  # fmt: skip


def _newest(db: sqlite3.Connection) -> dict[int, int | None]:
    """By file, when the newest of its messages was sent; every message is gone through once for all files."""
    found: dict[int, int | None] = {}
    own = {n for (n,) in db.execute("SELECT n FROM file WHERE tables <> '{}'")}
    for sql in (
        "SELECT file, max(sent_at) FROM message GROUP BY file",
        "SELECT t.file, max(m.sent_at) FROM twin AS t LEFT JOIN message AS m ON m.n = t.message"
        " GROUP BY t.file",
    ):
        for file, instant in db.execute(sql):
            if file in own:
                times = [each for each in (found.get(file), instant) if each is not None]
                found[file] = max(times, default=None)
    return found


def ranked(files: Mapping[int, Holder]) -> dict[int, int]:
    """The files with the rank of each: the newest database, which speaks for a message that several hold, is
    0; what was written out comes after all databases."""
    ordered = sorted(files.values(), key=lambda each: (not each.is_document, each.age), reverse=True)
    return {each.n: rank for rank, each in enumerate(ordered)}


def copies_of(db: sqlite3.Connection, files: Mapping[int, Holder]) -> list[Sequence[Holder]]:
    """The files that are copies of one database, as they share messages; the oldest first in each."""
    parent = {n: n for n in files}

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    shared = db.execute(
        "SELECT DISTINCT t.file, m.file FROM twin AS t LEFT JOIN message AS m ON m.n = t.message"
        " WHERE t.file <> m.file"
    )
    for one, other in shared:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    found: dict[int, list[Holder]] = {}
    for n, holder in files.items():
        found.setdefault(root(n), []).append(holder)
    groups = (sorted(each, key=lambda one: one.age) for each in found.values() if len(each) > 1)
    return sorted(groups, key=lambda each: (each[0].evidence, each[0].path))
