"""Verification of a case: the log, the case against it, every record's digest, the evidence again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forensics import custody
from forensics.anchors import anchor_problems
from forensics.case import LOG, Case
from forensics.case_file import DATABASE, ODD_VALUES, is_busy, is_read_only, writable_copy
from forensics.case_key import is_encrypted
from forensics.case_reader import CaseReader
from forensics.case_schema import DIGESTED
from forensics.case_seal import computed_digests, is_seal, table_digest
from forensics.case_writer import records_sha256
from forensics.custody_entry import Entry, Head
from forensics.digest import written
from forensics.errors import CaseDamaged, SporenError, worst
from forensics.message_row import SELECT, stored_fields, words_of
from forensics.twin_rows import as_read
from forensics.waiting import WAITING, waiting

WITHOUT_ANCHOR = (
    "no anchor was given. This check cannot see that the last entries were cut off and the case restored to"
    " match, that the log was lost and begun again, that whoever holds the key wrote all of it again, or that"
    " the clock was set back from the start: compare a head that was kept elsewhere (--anchor)"
)
# Beyond this many differing records the rest is counted.
_NAMED = 50


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked (with how many of each), and every difference that was found."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)
    further: int = 0
    codes: set[int] = field(default_factory=set)

    @property
    def is_clean(self) -> bool:
        """Whether everything could be looked at and no difference was found."""
        return not self.problems and not self.unread

    @property
    def exit_code(self) -> int:
        """1 for a difference, else that of what could not be looked at, else 0."""
        return 1 if self.problems else worst(self.codes)

    def count(self, what: str, number: int = 1) -> None:
        """So many more of these were checked."""
        self.checked[what] = self.checked.get(what, 0) + number

    def problem(self, where: str, text: str) -> None:
        """A difference."""
        if len(self.problems) < _NAMED:
            self.problems.append({"where": where, "text": text})
        else:
            self.further += 1

    def cannot_read(self, where: str, error: SporenError) -> None:
        """Evidence that could not be compared."""
        self.unread.append({"where": where, "text": str(error)})
        self.codes.add(error.exit_code)

    def as_dict(self) -> dict[str, Any]:
        """What ``verify --json`` prints."""
        return {
            "ok": self.is_clean,
            "checked": self.checked,
            "problems": self.problems,
            "further_problems": self.further,
            "unread": self.unread,
            "remarks": self.remarks,
            "signatures": self.signatures,
        }


# What encryption of a case covers, a statement each.
ENCRYPTED = (
    "encrypted: case.db, with its search index and its journal; nothing else is",
    "not encrypted: custody.jsonl and attempts.*.jsonl (who did what and when, reasons and queries as they"
    " were typed, names and SHA-256 of files); case.key (how the key is found; no secret without"
    " the passphrase or the token)",
    "not encrypted: deliveries and exports, wherever they are",
    "not encrypted: private copies of evidence in work/ while a command runs; they are deleted when it ends,"
    " those of a command that was killed by the next one that reads evidence",
    "not encrypted by this: the key that signs the log; it lies outside the case, encrypted where"
    " SPOREN_KEY_PASSPHRASE was set when it was made, or on a token",
)
NOT_COMPARED = (
    "{} of {} items of evidence came in without a SHA-256 from the seizure papers (`ingest --expect`): no"
    " check of a case can see that evidence was swapped before it was first hashed; compare the papers"
)


def check_log(report: Report, lines: Path | Iterable[bytes], where: str, anchor: Head | None) -> None:
    """Every entry unchanged, in its place and signed; ``anchor`` is an entry that must be there."""
    for problem in custody.check(lines, anchor=anchor):
        text = f"line {problem.line}: {problem.text} ({problem.kind})"
        if problem.is_remark:
            report.remarks.append(f"{where}: {text}")
        else:
            report.problem(where, text)


def check_anchor(report: Report, log: Path, head: Head) -> None:
    """The entry that was noted elsewhere is in the log, as it was."""
    for problem in custody.check(log, anchor=head):
        if problem.kind in ("anchor", "truncated"):
            report.problem(LOG, f"line {problem.line}: {problem.text} ({problem.kind})")


def verify_case(case: Case) -> Report:
    """Compare the case with its log and each record with its digest."""
    report = Report()
    check_log(report, case.log_path, LOG, _anchor(case, report))
    entries = list(_readable(case, report))
    report.count("log entries", len(entries))
    _check_anchors(entries, report)
    if count := waiting(case.folder):
        report.remarks.append(f"{WAITING}: {count} refused attempts are not in the log yet, and unsigned")
    if is_encrypted(case.folder):
        report.remarks += ENCRYPTED
    _remark_on_papers(case, report)
    checks = (_check_file, _check_settings, _check_tables, _check_computed, _check_messages, _check_twins,
              _check_index, _check_items, _check_sealed)  # fmt: skip
    for check in checks:
        with _odd_values(report):
            check(case, entries, report)
    return report


def _remark_on_papers(case: Case, report: Report) -> None:
    """Where nothing says that the evidence is what was seized."""
    with _odd_values(report):
        count, without = case.db.execute(
            "SELECT count(*), ifnull(sum(expected IS NULL), 0) FROM evidence"
        ).fetchone()
        if without:
            report.remarks.append(NOT_COMPARED.format(without, count))


def _check_anchors(entries: list[Entry], report: Report) -> None:
    """The anchors that stand in the log itself: their signatures, and the entries that they name."""
    problems, held = anchor_problems(entries)
    for text in problems:
        report.problem(LOG, text)
    for kind, count in held.items():
        report.count(f"anchors ({kind})", count)


@contextmanager
def _odd_values(report: Report) -> Iterator[None]:
    """What stands in a changed case may be anything: it is told, and the other checks go on."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise
        report.problem(DATABASE, f"cannot be read: {error}")
    except (sqlite3.DatabaseError, *ODD_VALUES) as error:
        report.problem(DATABASE, f"holds what no Sporen writes: {error}")


def _anchor(case: Case, report: Report) -> Head | None:
    """The entry at which the case was left."""
    try:
        return Head(**case.info["head"])
    except (CaseDamaged, *ODD_VALUES) as error:
        report.problem(DATABASE, f"does not say where the log was left: {error}")
        return None


def _check_file(case: Case, entries: list[Entry], report: Report) -> None:
    for (text,) in case.db.execute("PRAGMA quick_check"):
        if text != "ok":
            report.problem(DATABASE, str(text))


def _check_sealed(case: Case, entries: list[Entry], report: Report) -> None:
    """The sealed parts are what was sealed, though nobody here can open them."""
    for number, digest, content in case.db.execute("SELECT n, sha256, content FROM sealed ORDER BY n"):
        # a number there would be a length to bytes()
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            report.problem(DATABASE, f"sealed part {number} is not what was sealed")
        report.count("sealed parts")


def _check_settings(case: Case, entries: list[Entry], report: Report) -> None:
    """The settings that follow the log, which cannot seal them."""
    seals = _seals(entries)
    if seals:
        last = {"changed_seq": seals[-1].seq, "changed_at": seals[-1].time}
        for name, value in last.items():
            if case.info.get(name) != value:
                report.problem(DATABASE, f"setting {name} is not what entry {seals[-1].seq} of the log says")


def _seals(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if is_seal(entry)]


def _readable(case: Case, report: Report) -> Iterator[Entry]:
    try:
        yield from custody.entries(case.log_path)
    except custody.DamagedLog:
        if report.is_clean:
            raise  # what is wrong with it has been told otherwise


def _check_tables(case: Case, entries: list[Entry], report: Report) -> None:
    """The last seal in the log against the tables as they are now."""
    seals = _seals(entries)
    logged = seals[-1].detail.get("tables") if seals else None
    if not isinstance(logged, Mapping):
        report.problem(LOG, "no entry seals the tables of the case")
        return
    for name in DIGESTED:
        report.count("tables")
        with _odd_values(report):
            if table_digest(case.db, name) != logged.get(name):
                text = f"table {name} is not as entry {seals[-1].seq} of the log sealed it"
                report.problem(DATABASE, text)


def _check_computed(case: Case, entries: list[Entry], report: Report) -> None:
    """What was computed from the records of all items, against the setting that seals it."""
    sealed = case.info.get("computed") or {}
    for name, digest in computed_digests(case.db).items():
        report.count("tables")
        if sealed.get(name, digest) != digest:
            report.problem(DATABASE, f"table {name} is not as it was computed at the last ingest")


def _check_twins(case: Case, entries: list[Entry], report: Report) -> None:
    """Each record that was merged, made again as it was read, against its digest."""
    files = CaseReader(case).files
    for (key,) in case.db.execute("SELECT id FROM twin ORDER BY n").fetchall():
        found = as_read(case.db, files, key)
        if found is None or hashlib.sha256(written(found[0])).digest() != found[1]:
            report.problem(DATABASE, f"message m{key.hex()}: what is kept of it does not give its digest")


def _check_messages(case: Case, entries: list[Entry], report: Report) -> None:
    """Each message's own digest, made again from its stored fields."""
    files = CaseReader(case).files
    for *row, words in case.db.execute(SELECT.replace(" FROM", ", m.words FROM", 1)):
        report.count("messages")
        try:
            if row[2] is None or row[15] not in files:
                report.problem(DATABASE, f"message m{row[0].hex()}: its conversation or file is gone")
                continue
            fields = stored_fields(tuple(row), files)
            if hashlib.sha256(written(fields)).digest() != row[1]:
                text = f"message m{row[0].hex()}: its fields do not give its record_sha256"
                report.problem(DATABASE, text)
            elif words != words_of(row[14], fields):
                report.problem(DATABASE, f"message m{row[0].hex()}: what is searched for is not what it says")
        except ODD_VALUES as error:
            report.problem(DATABASE, f"message {row[0]!r}: holds what no Sporen writes: {error}")


def _check_index(case: Case, entries: list[Entry], report: Report) -> None:
    """The search index against the texts; SQLite counts this check as writing."""
    try:
        _check_index_in(case.db, report)
    except sqlite3.OperationalError as error:
        if not is_read_only(error):
            raise
        with writable_copy(case.db, case.folder) as copy:
            _check_index_in(copy, report)


def _check_index_in(db: sqlite3.Connection, report: Report) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)")
        report.count("search index")
    except sqlite3.DatabaseError as error:
        if "malformed" not in str(error):
            raise
        report.problem(DATABASE, "the search index is not that of the messages' texts")
    finally:
        db.execute("ROLLBACK")


def _check_items(case: Case, entries: list[Entry], report: Report) -> None:
    """The digest over the records of each item, as the log has it."""
    logged = {
        str(e.object["sha256"]): e.detail.get("records_sha256")
        for e in entries
        if "records_sha256" in e.detail and isinstance(e.object, Mapping) and "sha256" in e.object
    }
    for number, digest, path in case.db.execute("SELECT n, sha256, path FROM evidence ORDER BY n").fetchall():
        report.count("items of evidence")
        if logged.get(digest) != records_sha256(case.db, number):
            report.problem(DATABASE, f"records of {path} were changed, added or removed since they were read")
