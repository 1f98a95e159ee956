"""Verification of a case: the log, the case against it, every record's digest, the evidence again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forensics import custody
from forensics.case import Case, table_digests
from forensics.case_reader import CaseReader
from forensics.case_writer import records_sha256
from forensics.custody_entry import Entry, Head
from forensics.digest import written
from forensics.extract import Batch
from forensics.message_row import SELECT, Packed, stored_fields
from forensics.reading import Event, ItemFailed, ItemOpened, ItemRead

# Beyond this many differing records the rest is counted.
_NAMED = 50


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked (with how many of each), and every difference that was found."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    further: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether no difference was found."""
        return not self.problems

    def count(self, what: str, number: int = 1) -> None:
        """So many more of these were checked."""
        self.checked[what] = self.checked.get(what, 0) + number

    def problem(self, where: str, text: str) -> None:
        """A difference."""
        if len(self.problems) < _NAMED:
            self.problems.append({"where": where, "text": text})
        else:
            self.further += 1

    def as_dict(self) -> dict[str, Any]:
        """What ``verify --json`` prints."""
        return {
            "ok": self.is_clean,
            "checked": self.checked,
            "problems": self.problems,
            "further_problems": self.further,
            "remarks": self.remarks,
        }


def check_log(report: Report, lines: Path | Iterable[bytes], where: str, anchor: Head | None) -> None:
    """Every entry unchanged, in its place and signed; ``anchor`` is an entry that must be there."""
    for problem in custody.check(lines, anchor=anchor):
        text = f"line {problem.line}: {problem.text} ({problem.kind})"
        if problem.is_remark:
            report.remarks.append(f"{where}: {text}")
        else:
            report.problem(where, text)


def verify_case(case: Case) -> Report:
    """Compare the case with its log and each record with its digest."""
    report = Report()
    head = case.info["head"]
    check_log(report, case.log_path, custody_name(case), Head(seq=head["seq"], hash=head["hash"]))
    for (text,) in case.db.execute("PRAGMA quick_check"):
        if text != "ok":
            report.problem("case.db", str(text))
    entries = list(_readable(case, report))
    report.count("log entries", len(entries))
    _check_tables(case, entries, report)
    _check_messages(case, report)
    _check_items(case, entries, report)
    return report


def custody_name(case: Case) -> str:
    """How the log is called in a report of verification."""
    return case.log_path.name


def _readable(case: Case, report: Report) -> Iterator[Entry]:
    try:
        yield from custody.entries(case.log_path)
    except custody.DamagedLog:
        if report.is_clean:
            raise  # what is wrong with it has been told otherwise


def _check_tables(case: Case, entries: list[Entry], report: Report) -> None:
    """The last seal in the log against the tables as they are now."""
    seals = [e for e in entries if e.action == "hash.verify" and e.result == "sealed"]
    logged = seals[-1].detail.get("tables") if seals else None
    if not isinstance(logged, Mapping):
        report.problem("custody.jsonl", "no entry seals the tables of the case")
        return
    for name, digest in table_digests(case.db).items():
        report.count("tables")
        if logged.get(name) != digest:
            report.problem("case.db", f"table {name} is not as entry {seals[-1].seq} of the log sealed it")


def _check_messages(case: Case, report: Report) -> None:
    """Each message's own digest, made again from its stored fields."""
    files = CaseReader(case).files
    for row in case.db.execute(SELECT):
        report.count("messages")
        if row[2] is None or row[15] not in files:
            report.problem("case.db", f"message m{row[0].hex()}: its conversation or file is gone")
        elif hashlib.sha256(written(stored_fields(row, files))).digest() != row[1]:
            report.problem("case.db", f"message m{row[0].hex()}: its fields do not give its record_sha256")
    texts = case.db.execute("SELECT count(*) FROM message WHERE text IS NOT NULL").fetchone()[0]
    indexed = case.db.execute("SELECT count(*) FROM message_text_docsize").fetchone()[0]
    if texts != indexed:
        report.problem("case.db", f"{texts} messages have a text, {indexed} are in the search index")


def _check_items(case: Case, entries: list[Entry], report: Report) -> None:
    """The digest over the records of each item, as the log has it."""
    logged = {
        str(e.object["sha256"]): e.detail.get("records_sha256")
        for e in entries
        if e.action == "parse.end" and isinstance(e.object, Mapping) and "sha256" in e.object
    }
    for number, digest, path in case.db.execute("SELECT n, sha256, path FROM evidence ORDER BY n").fetchall():
        report.count("items of evidence")
        if logged.get(digest) != records_sha256(case.db, number):
            report.problem(
                "case.db", f"records of {path} were changed, added or removed since they were read"
            )


def verify_evidence(case: Case, events: Iterable[Event], report: Report) -> None:
    """Compare what the evidence gives now with every record of the case that came from it."""
    comparison: _Comparison | None = None
    for event in events:
        match event:
            case ItemFailed():
                report.problem(event.path, f"cannot be read again: {event.error}")
            case ItemOpened():
                comparison = _Comparison(case, event, report)
            case Batch() if comparison is not None:
                comparison.batch(event)
            case ItemRead() if comparison is not None:
                comparison.finish()
                comparison = None
            case _:
                continue  # progress, and what is said of files, has no record


class _Comparison:
    """One item read again, against the case."""

    def __init__(self, case: Case, opened: ItemOpened, report: Report) -> None:
        self._db = case.db
        self._path = opened.path
        self._report = report
        row = self._db.execute("SELECT n FROM evidence WHERE sha256 = ?", (opened.sha256,)).fetchone()
        self._evidence: int | None = row[0] if row else None
        self._seen = bytearray()
        if self._evidence is None:
            rows = self._db.execute("SELECT path, sha256 FROM evidence ORDER BY n")
            known = ", ".join(f"{path} {digest}" for path, digest in rows)
            text = f"its SHA-256 is {opened.sha256}: not evidence of this case, or changed since ({known})"
            report.problem(opened.path, text)
        else:
            report.count("evidence read again")

    def batch(self, batch: Batch) -> None:
        """Compare the next records."""
        if self._evidence is None:
            return
        for packed in batch.messages:
            self._message(packed)
        for call in batch.calls:
            found = self._db.execute(
                "SELECT 1 FROM call WHERE id = ?", (bytes.fromhex(call.id[1:]),)
            ).fetchone()
            self._report.count("records compared")
            if not found:
                self._report.problem(self._path, f"call {call.id} is in the evidence and not in the case")

    def _message(self, packed: Packed) -> None:
        self._report.count("records compared")
        row = self._db.execute("SELECT n, sha256 FROM message WHERE id = ?", (packed.id,)).fetchone()
        where = f"message m{packed.id.hex()} ({packed.table_name} {packed.row_id})"
        if row is None:
            self._report.problem(self._path, f"{where} is in the evidence and not in the case")
            return
        number, digest = row
        if number >= len(self._seen):
            self._seen.extend(bytes(number + 1 - len(self._seen)))
        self._seen[number] = 1
        if digest != packed.sha256:
            self._report.problem(self._path, f"{where} is not what the evidence says")

    def finish(self) -> None:
        """What the case has and the evidence has not."""
        if self._evidence is None:
            return
        rows = self._db.execute(
            "SELECT n, id FROM message WHERE file IN (SELECT n FROM file WHERE evidence = ?)",
            (self._evidence,),
        )
        for number, key in rows:
            if number >= len(self._seen) or not self._seen[number]:
                self._report.problem(
                    self._path, f"message m{key.hex()} is in the case and not in the evidence"
                )
