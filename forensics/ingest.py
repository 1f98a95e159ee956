"""Ingest: what reading tells becomes rows of the case, an item of evidence at a time, whole or not at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forensics import times
from forensics.acquisition import Fact, contradictions
from forensics.authority import Scope, check_validity, scope_from
from forensics.case import Case, Change
from forensics.case_analysis import Analysts, analyse, analysed, built_in, saying_lines
from forensics.case_comparison_others import comparisons
from forensics.case_faults import unanalysed
from forensics.case_writer import CaseWriter, remove_evidence
from forensics.combining import combine
from forensics.errors import Refused, worst
from forensics.events import (
    Acquired,
    Event,
    FileOpened,
    FileRead,
    ItemFailed,
    ItemOpened,
    ItemRead,
    KeyUnused,
)
from forensics.evidence import as_text
from forensics.extract import Batch
from forensics.ingest_told import skipped_rows, told_of
from forensics.items import Trouble
from forensics.key_ring import Attempt
from forensics.progressed import Progressed, Tell
from forensics.sealing import Part, told
from forensics.twins import take_apart


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an ingest did: the accounting per file, what could not be read, the exit code."""

    files: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    acquisition: list[dict[str, Any]] = field(default_factory=list)
    contradictions: list[dict[str, Any]] = field(default_factory=list)
    comparisons: list[dict[str, Any]] = field(default_factory=list)
    messages: int = 0
    flags: int = 0
    codes: set[int] = field(default_factory=set)
    # the numbers of the items that were taken in
    items: list[int] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or the first in the contract's order."""
        return worst(self.codes)

    def trouble(self, troubles: Iterable[Trouble]) -> None:
        """Take over what could not be read, with the codes that it causes."""
        for each in troubles:
            self.troubles.append(each)
            if each.code:
                self.codes.add(each.code)

    def as_dict(self) -> dict[str, Any]:
        """What ``ingest --json`` prints."""
        return {
            "evidence": self.files,
            "known": self.known,
            "problems": [{"path": each.path, "text": each.text} for each in self.troubles],
            "acquisition": self.acquisition,
            "contradictions": self.contradictions,
            "comparisons": self.comparisons,
            "messages": self.messages,
            "flags": self.flags,
        }


def check_authority(case: Case) -> None:
    """Refused when no recorded authority is valid today."""
    try:
        check_validity(case.info["authorities"], today(case))
    except Refused as error:
        with case.change() as change:
            change.log("evidence.add", {"case": str(case.info["number"])}, f"refused: {error}")
        error.is_on_record = True
        raise


def today(case: Case) -> date:
    """The date in the zone of the case."""
    return times.local(times.now(), str(case.info["timezone"])).date()


def known_items(case: Case, widened: frozenset[str] = frozenset()) -> dict[str, int]:
    """The digests of the items in the case, with how many of their files no key opened; without the items of
    which more may be read now."""
    rows = case.db.execute("SELECT sha256, unopened FROM evidence")
    return {digest: unopened for digest, unopened in rows if digest not in widened}


def widened_items(case: Case, scope: Scope) -> frozenset[str]:
    """The items that were read under an authority that did not cover all that may be read now, or before a
    public key was named for which what is privileged is sealed now."""
    stored = case.info.get("scopes") or {}
    return frozenset(
        digest for digest, limits in stored.items() if not scope_from(limits, case.info).contains(scope)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is the same for all items of one command."""

    environment: Mapping[str, str]
    exhibit: str | None
    workers: int = 1
    recover: bool = True
    # the scope as it is kept with each item, and the items of which more may be read than they were read for
    limits: Mapping[str, Any] = field(default_factory=dict)
    widened: frozenset[str] = frozenset()


def ingest(case: Case, events: Iterable[Event], run: Run, watch: Tell) -> Outcome:
    """Store what the events tell. CaseLocked when another process writes; MachineFailed without space."""
    outcome = Outcome()
    stream = iter(events)
    for event in stream:
        match event:
            case ItemOpened() if event.is_known:
                _known(case, event, outcome)
            case ItemOpened():
                item = _Item(case, event, run, outcome)
                try:
                    item.take(stream, watch)
                except Refused as error:
                    _failed(case, ItemFailed(path=event.path, error=error), outcome)
            case ItemFailed():
                _failed(case, event, outcome)
            case KeyUnused():
                with case.change() as change:
                    change.log(
                        "decrypt", {"key": event.key.name}, "opened nothing", key_sha256=event.key.sha256
                    )
            case Progressed():
                watch(event)
            case _:
                raise AssertionError(f"an event outside any item: {type(event).__name__}")
    outcome.files, outcome.messages, outcome.flags = told_of(case, outcome.items)
    return outcome


def _known(case: Case, event: ItemOpened, outcome: Outcome) -> None:
    """Nothing changes; what could not be read of the item then is told again."""
    with case.change() as change:
        change.log("hash.verify", {"path": event.path, "sha256": event.sha256}, "already in the case")
    outcome.known.append(event.path)
    (stored,) = case.db.execute("SELECT problems FROM evidence WHERE sha256 = ?", (event.sha256,)).fetchone()
    outcome.trouble(Trouble(**each) for each in json.loads(stored))


def _failed(case: Case, event: ItemFailed, outcome: Outcome) -> None:
    """An attempt is on record too."""
    error = event.error
    subject = {"path": event.path} | ({"sha256": event.sha256} if event.sha256 else {})
    with case.change() as change:
        change.log("evidence.add", subject, f"failed: {error}")
        _log_attempts(change, event.attempts)
    outcome.trouble([Trouble(path=event.path, text=str(error), code=error.exit_code)])


def _log_attempts(change: Change, attempts: Iterable[Attempt]) -> None:
    for each in attempts:
        change.log("decrypt", {"path": each.path}, each.result, form=each.form, key_sha256=each.key_sha256)


class _Item:
    """One item of evidence on its way into the case."""

    def __init__(self, case: Case, opened: ItemOpened, run: Run, outcome: Outcome) -> None:
        self._case = case
        self._opened = opened
        self._run = run
        self._outcome = outcome
        self._records: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        self._messages = 0
        self._sealed: list[Part] = []
        self._left_out: Counter[str] = Counter()
        # conversations that an older reading of the item shared with others
        self._left: list[int] = []

    def take(self, stream: Iterator[Event], watch: Tell) -> None:
        """The item's events up to its end, as one transaction."""
        with Analysts(self._run.workers) as analysts, self._case.change() as change:
            writer = self._begin(change)
            if writer is None:
                self._skip(stream)
                return
            for event in stream:
                if isinstance(event, ItemRead):
                    analysts.begin(*saying_lines(change.db, writer.first_message))
                    self._end(change, writer, event, analysts)
                    return
                self._event(writer, event, watch)
        raise AssertionError("the events of an item have no end")

    def _skip(self, stream: Iterator[Event]) -> None:
        for event in stream:
            if isinstance(event, ItemRead):
                self._outcome.trouble(event.troubles)
                return

    def _begin(self, change: Change) -> CaseWriter | None:
        """The first rows and log entries; None when the case has the item and no more of it opens now."""
        opened = self._opened
        subject = {"path": opened.path, "sha256": opened.sha256}
        row = change.db.execute(
            "SELECT n, unopened FROM evidence WHERE sha256 = ?", (opened.sha256,)
        ).fetchone()
        is_widened = opened.sha256 in self._run.widened
        if row is not None and row[1] <= opened.unopened and not is_widened:
            self._outcome.known.append(opened.path)
            return None
        if row is not None:
            self._left = take_apart(change.db, built_in().speaks, row[0])
            remove_evidence(change.db, row[0])
            why = self._why_widened() if is_widened else "more of it opens"
            change.log("erase", subject, f"the item is read anew: {why}", changes_case=True)
        change.log(
            "evidence.add", subject, kind=opened.kind, size=opened.size, exhibit=self._run.exhibit,
            changes_case=True,
        )  # fmt: skip
        if opened.expected:
            change.log("hash.verify", subject, "as expected", expected=opened.expected)
        _log_attempts(change, opened.attempts)
        change.log(
            "parse.start", subject, deleted_rows="looked for" if self._run.recover else "not looked for"
        )
        writer = CaseWriter(change.db, built_in().speaks)
        self._number = writer.evidence(
            {
                "sha256": opened.sha256, "path": opened.path, "kind": opened.kind, "size": opened.size,
                "sha256_after": None, "expected": opened.expected, "exhibit": self._run.exhibit,
                "at": times.rfc3339(times.now()), "problems": "[]", "unread": "[]",
                "unopened": opened.unopened, "records_sha256": None,
                "together": json.dumps(opened.together),
            }
        )  # fmt: skip
        return writer

    def _why_widened(self) -> str:
        limits = (self._case.info.get("scopes") or {})[self._opened.sha256]
        if limits.get("seal_for") == self._run.limits.get("seal_for"):
            return "the authority covers more of it"
        return "what is privileged in it is sealed for other keys"

    def _event(self, writer: CaseWriter, event: Event, watch: Tell) -> None:
        match event:
            case Batch():
                self._batch(writer, event)
                watch(Progressed(what="messages", count=len(event.messages)))
            case Acquired():
                self._acquired(writer, event)
            case FileOpened():
                record = dict(event.record)
                self._records.append(record)
                stored = {
                    name: json.dumps(value, ensure_ascii=False, sort_keys=True)
                    if isinstance(value, (dict, list)) else value
                    for name, value in record.items()
                }  # fmt: skip
                self._numbers[record["path"]] = writer.file(stored)
            case FileRead():
                writer.update("file", self._numbers[event.path], {"tables": json.dumps(event.tables)})
                next(each for each in self._records if each["path"] == event.path)["tables"] = event.tables
            case Progressed():
                watch(event)
            case _:
                raise AssertionError(f"{type(event).__name__} within an item")

    def _acquired(self, writer: CaseWriter, event: Acquired) -> None:
        path = as_text(self._opened.path)
        writer.acquired(event.facts)
        self._outcome.acquisition += [{"evidence": path, **_fact(each)} for each in event.facts]
        for name, facts in contradictions(event.facts).items():
            told = {"evidence": path, "name": name, "values": [_fact(each) for each in facts]}
            self._outcome.contradictions.append(told)
        for each in event.hashes:
            form = {
                "source": each.source, "file": each.file, "path": each.path, "algorithm": each.algorithm,
                "stated": each.stated, "found": each.found, "result": each.result,
            }  # fmt: skip
            writer.comparison("hash", form)
            self._outcome.comparisons.append({"evidence": path, "kind": "hash", **form})

    def _batch(self, writer: CaseWriter, batch: Batch) -> None:
        for account in batch.accounts:
            writer.account(account)
        for conversation in batch.conversations:
            writer.conversation(conversation)
        for participant in batch.participants:
            writer.participant(participant)
        writer.messages(batch.messages)
        for call in batch.calls:
            writer.call(call)
        writer.notices(batch.notices)
        writer.contacts(batch.contacts)
        self._sealed += writer.sealed(batch.sealed)
        self._left_out += batch.left_out
        self._messages += len(batch.messages) + len(batch.calls)

    def _end(self, change: Change, writer: CaseWriter, read: ItemRead, analysts: Analysts) -> None:
        writer.finish()
        self._compare(change, writer)
        skipped = skipped_rows(self._records)
        self._refuse_if_nothing(skipped)
        combined = combine(self._case, change, self._number, self._left, has_one_holder=writer.has_one_holder)
        self._messages -= combined.copies
        for record in self._records:
            record["tables"] = combined.tables[record["path"]]
        digest = writer.records_sha256(restated=combined.is_restated)
        named = [
            {"path": as_text(each.path), "text": as_text(each.text), "code": each.code}
            for each in read.troubles
        ]
        writer.update(
            "evidence",
            self._number,
            {
                "sha256_after": read.sha256_after,
                "problems": json.dumps(named, ensure_ascii=False),
                "unread": json.dumps(sorted({as_text(each.path) for each in read.troubles if each.code})),
                "records_sha256": digest,
            },
        )
        subject = {"path": self._opened.path, "sha256": self._opened.sha256}
        for reason, action in (("scope", "scope.filter"), ("privilege", "privilege.exclude")):
            sealed = told(self._sealed, self._left_out, self._case.info) if reason == "privilege" else {}
            if skipped.get(reason) or sealed:
                change.log(action, subject, count=skipped.get(reason, 0), **sealed)
        change.log(
            "parse.end", subject, "with problems" if named else "ok", problems=len(named),
            messages=self._messages, records_sha256=digest, sha256_after=read.sha256_after,
            changes_case=True,
        )  # fmt: skip
        scopes = self._case.info.get("scopes") or {}
        scopes = {**scopes, self._opened.sha256: dict(self._run.limits)} if self._run.limits else scopes
        self._case.set(unrecovered=self._unrecovered(), scopes=scopes)
        self._analyse(change, writer, combined.changed, analysts)
        self._outcome.trouble(read.troubles)
        self._outcome.items.append(self._number)

    def _unrecovered(self) -> list[str]:
        """The items in which deleted rows were not looked for: verifying must not look for them either."""
        others = set(self._case.info.get("unrecovered", ())) - {self._opened.sha256}
        return sorted(others if self._run.recover else others | {self._opened.sha256})

    def _compare(self, change: Change, writer: CaseWriter) -> None:
        """Chats, calls and people of another tool beside what was read here of the same item."""
        path = as_text(self._opened.path)
        for kind, form in comparisons(change.db, self._number):
            writer.comparison(kind, form)
            self._outcome.comparisons.append({"evidence": path, "kind": kind, **form})

    def _refuse_if_nothing(self, skipped: Mapping[str, int]) -> None:
        """An item that is wholly outside the authority is not taken in at all."""
        if not self._messages and skipped.get("scope"):
            raise Refused(
                f"{self._opened.path}: nothing of it may be read under the authority"
                f" ({skipped['scope']} rows are outside its scope)"
            )

    def _analyse(
        self, change: Change, writer: CaseWriter, changed: Sequence[int], analysts: Analysts
    ) -> None:
        work = self._case.work_folder()
        count = analyse(change.db, writer.first_message, changed=changed, work=work, analysts=analysts)
        rules = analysed(change, {"sha256": self._opened.sha256}, count)
        if failed := unanalysed(change.db):
            text = f"messages of the case in whose analysis there was a fault: {failed}; notices name them"
            self._outcome.trouble([Trouble(path=as_text(self._opened.path), text=text, code=0)])
        self._case.set(environment=dict(self._run.environment), rules=rules)


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name, "value": fact.value, "source": fact.source, "field": fact.field,
        "at": times.rfc3339(fact.at),
    }  # fmt: skip
