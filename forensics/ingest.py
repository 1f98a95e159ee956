"""Ingest: what reading tells becomes rows of the case, an item of evidence at a time, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forensics import times
from forensics.authority import check_validity
from forensics.case import Case, Change, computed_digests
from forensics.case_analysis import analyse, built_in, rules_record
from forensics.case_writer import CaseWriter, records_sha256, remove_evidence
from forensics.comparison import note
from forensics.differences import find_gone
from forensics.errors import Refused, worst
from forensics.evidence import as_text
from forensics.extract import Batch
from forensics.items import Trouble
from forensics.key_ring import Attempt
from forensics.links import link
from forensics.parser import NumbersPerAccount
from forensics.reading import (
    Event,
    FileOpened,
    FileRead,
    ItemFailed,
    ItemOpened,
    ItemRead,
    KeyUnused,
    Progressed,
)
from forensics.registry import parsers
from forensics.same_account import aliases, find_aliases, rename_records, store_aliases
from forensics.statements import settle
from forensics.twins import merge, take_apart

Watch = Callable[[Progressed], None]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an ingest did: the accounting per file, what could not be read, the exit code."""

    files: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    messages: int = 0
    flags: int = 0
    codes: set[int] = field(default_factory=set)

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
            "messages": self.messages,
            "flags": self.flags,
        }


def check_authority(case: Case) -> None:
    """Refused when no recorded authority is valid today."""
    today = times.local(times.now(), str(case.info["timezone"])).date()
    try:
        check_validity(case.info["authorities"], today)
    except Refused as error:
        with case.change() as change:
            change.log("evidence.add", {"case": str(case.info["number"])}, f"refused: {error}")
        raise


def known_items(case: Case) -> dict[str, int]:
    """The digests of the items in the case, with how many of their files no key opened."""
    return dict(case.db.execute("SELECT sha256, unopened FROM evidence"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is the same for all items of one command."""

    environment: Mapping[str, str]
    exhibit: str | None
    workers: int = 1
    recover: bool = True


def ingest(case: Case, events: Iterable[Event], run: Run, watch: Watch) -> Outcome:
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
        # conversations that an older reading of the item shared with others
        self._left: list[int] = []
        self._is_restated = False

    def take(self, stream: Iterator[Event], watch: Watch) -> None:
        """The item's events up to its end, as one transaction."""
        with self._case.change() as change:
            writer = self._begin(change)
            if writer is None:
                self._skip(stream)
                return
            for event in stream:
                if isinstance(event, ItemRead):
                    self._end(change, writer, event)
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
        if row is not None and row[1] <= opened.unopened:
            self._outcome.known.append(opened.path)
            return None
        if row is not None:
            self._left = take_apart(change.db, built_in().speaks, row[0])
            remove_evidence(change.db, row[0])
            change.log("erase", subject, "the item is read anew: more of it opens", changes_case=True)
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

    def _event(self, writer: CaseWriter, event: Event, watch: Watch) -> None:
        match event:
            case Batch():
                self._batch(writer, event)
                watch(Progressed(what="messages", count=len(event.messages)))
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
        self._messages += len(batch.messages) + len(batch.calls)

    def _end(self, change: Change, writer: CaseWriter, read: ItemRead) -> None:
        writer.finish()
        skipped = _skipped(self._records)
        self._refuse_if_nothing(skipped)
        changed = self._combine(change)
        digest = writer.records_sha256(restated=self._is_restated)
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
            if skipped.get(reason):
                change.log(action, subject, count=skipped[reason])
        change.log(
            "parse.end", subject, "with problems" if named else "ok", problems=len(named),
            messages=self._messages, records_sha256=digest, sha256_after=read.sha256_after,
            changes_case=True,
        )  # fmt: skip
        self._case.set(unrecovered=self._unrecovered())
        self._analyse(change, writer, changed)
        self._outcome.files += [_printed(each) for each in self._records]
        self._outcome.trouble(read.troubles)
        self._outcome.messages += self._messages

    def _unrecovered(self) -> list[str]:
        """The items in which deleted rows were not looked for: verifying must not look for them either."""
        others = set(self._case.info.get("unrecovered", ())) - {self._opened.sha256}
        return sorted(others if self._run.recover else others | {self._opened.sha256})

    def _combine(self, change: Change) -> list[int]:
        """Put what was read with what the case has: what items say of people, and each message once. Gives
        the conversations that were looked at."""
        db, speaks = change.db, built_in().speaks
        renamed = self._unite(change)
        restated = sorted({*settle(db), *renamed})
        self._is_restated = bool(restated)
        changed = merge(db, self._number, speaks, restated, self._left)
        find_gone(db)
        link(db, self._number, _own_numbers())
        note(db)
        self._seal_again(change, restated)
        self._case.set(computed=computed_digests(db))
        stored = db.execute("SELECT path, tables FROM file WHERE evidence = ?", (self._number,))
        tables = {path: json.loads(each) for path, each in stored}
        for record in self._records:
            record["tables"] = tables[record["path"]]
        inside = "file IN (SELECT n FROM file WHERE evidence = ?)"
        (copies,) = db.execute(
            f"SELECT count(*) FROM twin WHERE n <> message AND {inside}", (self._number,)
        ).fetchone()
        self._messages -= copies
        return changed

    def _unite(self, change: Change) -> list[int]:
        """Give databases that name no owner the account that they are of; gives the conversations in them."""
        db = change.db
        before, found = aliases(db), find_aliases(db)
        if before != found:
            self._left += take_apart(db, built_in().speaks)
            accounts = {old: new for old, new in found.items() if old.startswith("a")}
            subject = {"case": str(self._case.info["number"])}
            change.log("hash.verify", subject, "accounts united", accounts=accounts)
        touched = rename_records(db, before, found, self._number) if before or found else []
        store_aliases(db, found)
        return touched

    def _seal_again(self, change: Change, restated: Sequence[int]) -> None:
        """Items of which a conversation is now called otherwise have another digest over their records."""
        sql = "SELECT n, path, sha256, records_sha256 FROM evidence WHERE n <> ? ORDER BY n"
        items = change.db.execute(sql, (self._number,)).fetchall() if restated else []
        for number, path, digest, sealed in items:
            found = records_sha256(change.db, number)
            if found == sealed:
                continue
            change.db.execute("UPDATE evidence SET records_sha256 = ? WHERE n = ?", (found, number))
            change.log(
                "hash.verify", {"path": path, "sha256": digest}, "stated anew beside further evidence",
                records_sha256=found, changes_case=True,
            )  # fmt: skip

    def _refuse_if_nothing(self, skipped: Mapping[str, int]) -> None:
        """An item that is wholly outside the authority is not taken in at all."""
        if not self._messages and skipped.get("scope"):
            raise Refused(
                f"{self._opened.path}: nothing of it may be read under the authority"
                f" ({skipped['scope']} rows are outside its scope)"
            )

    def _analyse(self, change: Change, writer: CaseWriter, changed: Sequence[int]) -> None:
        classifier = built_in()
        count = analyse(change.db, writer.first_message, self._run.workers, changed)
        change.log(
            "flag.run", {"sha256": self._opened.sha256}, rules=classifier.version,
            rules_sha256=classifier.sha256, flags=count, changes_case=True,
        )  # fmt: skip
        validated_at = times.rfc3339(times.now()) or ""
        self._case.set(environment=dict(self._run.environment), rules=rules_record(classifier, validated_at))
        self._outcome.flags += count


def _own_numbers() -> dict[str, frozenset[str]]:
    """By app, the kinds of conversations in which message ids are each account's own, as parsers say."""
    found: dict[str, frozenset[str]] = {}
    for each in parsers():
        if isinstance(each, NumbersPerAccount):
            found[each.app] = found.get(each.app, frozenset()) | each.own_numbers
    return found


def _skipped(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in records:
        for table in (record["tables"] or {}).values():
            for reason, count in table["skipped"].items():
                found[reason] = found.get(reason, 0) + count
    return found


def _printed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in ("path", "sha256", "app", "platform", "tables")}
