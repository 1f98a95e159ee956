"""Verification against the evidence: it is read again, and every record of the case is compared with it.

Items that are read together lend each other names (installations): what depends on that is compared to the
letter only where a case has one item, and by what identifies it where it has several.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from forensics.case import Case
from forensics.case_reader import CaseReader
from forensics.digest import account_dict, call_dict, canonical, sha256
from forensics.events import Event, FileOpened, ItemFailed, ItemOpened, ItemRead
from forensics.extract import Batch
from forensics.message_row import Packed
from forensics.model import Account, Call, Conversation, Participant
from forensics.purged import PEOPLE, notice_row, purged_of, without_quote
from forensics.same_account import aliases, renamed
from forensics.verify import Report
from forensics.verify_files import FilesNow
from forensics.verify_merged import MergedRecords


def lenders(case: Case) -> dict[str, frozenset[str]]:
    """By digest of an item, those of the items that were read with it."""
    rows = case.db.execute("SELECT sha256, together FROM evidence")
    return {digest: frozenset(json.loads(together)) for digest, together in rows}


def verify_evidence(case: Case, events: Iterable[Event], report: Report) -> None:
    """Compare what the evidence gives now with every record of the case that came from it."""
    known = dict(case.db.execute("SELECT sha256, n FROM evidence").fetchall())
    comparison: _Comparison | None = None
    stranger: FilesNow | None = None
    for event in events:
        if stranger is not None and isinstance(event, (ItemFailed, ItemOpened, ItemRead)):
            _stranger(case, stranger, report)
            stranger = None
        match event:
            case ItemFailed():
                if event.sha256 is None or event.sha256 in known:
                    report.cannot_read(event.path, event.error)
                else:
                    _stranger(case, FilesNow(event.path, event.sha256), report)
            case ItemOpened() if event.sha256 in known:
                lacking = _lacking(case, event)
                beside = _Beside(is_only=len(known) == 1, lacking=lacking)
                comparison = _Comparison(case, event.path, known[event.sha256], beside, report)
            case ItemOpened():
                comparison, stranger = None, FilesNow(event.path, event.sha256)
            case FileOpened() if stranger is not None:
                stranger.file(event.record)
            case Batch() if stranger is not None:
                stranger.batch(event)
            case Batch() if comparison is not None:
                comparison.batch(event)
            case ItemRead() if comparison is not None:
                comparison.finish()
                comparison = None
            case _:
                continue  # progress, and what is said of files


def _lacking(case: Case, opened: ItemOpened) -> list[str]:
    """The items that were read with this one then and are not now."""
    missing = lenders(case)[opened.sha256] - set(opened.together)
    rows = case.db.execute("SELECT path, sha256 FROM evidence ORDER BY n").fetchall()
    return [path for path, digest in rows if digest in missing]


def _stranger(case: Case, item: FilesNow, report: Report) -> None:
    rows = case.db.execute("SELECT path, sha256 FROM evidence ORDER BY n")
    known = ", ".join(f"{path} {digest}" for path, digest in rows) or "no evidence"
    text = f"its SHA-256 is {item.sha256}: not evidence of this case, or changed since (the case has {known})"
    compared = item.compared(case)
    report.problem(item.path, text if compared is None else f"{text}; {compared}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Whether the case has no other item, and which items may have lent this one names and were not given:
    what depends on names is not compared then."""

    is_only: bool
    lacking: list[str]


class _Comparison:
    """One item read again, against the case."""

    def __init__(self, case: Case, path: str, evidence: int, beside: _Beside, report: Report) -> None:
        self._db = case.db
        self._path = path
        self._evidence = evidence
        self._is_only = beside.is_only
        self._lacking = beside.lacking
        self._without_names = self._purged_people = 0
        self._contacts: Counter[tuple[str, ...]] = Counter()
        self._report = report
        self._names = aliases(case.db)
        self._merged = MergedRecords(case.db, CaseReader(case).files)
        self._given_up = self._merged.ids(evidence)
        self._purged = purged_of(case.info)
        self._seen = bytearray()
        self._ids: dict[str, set[str | bytes]] = {
            name: set() for name in ("account", "conversation", "participant", "call")
        }
        self._notices: Counter[tuple[str | None, ...]] = Counter()
        # what several installations of the item say of one conversation or person, put together
        self._conversations: dict[str, tuple[set[tuple[str, str | None]], set[str]]] = {}
        self._participants: dict[str, tuple[str | None, str | None, set[tuple[str, str]]]] = {}
        report.count("evidence read again")

    def batch(self, batch: Batch) -> None:
        """Compare the next records."""
        for row in batch.messages:
            self._message(Packed._make(row))
        for account in batch.accounts:
            self._account(account)
        for conversation in batch.conversations:
            self._conversation(conversation)
        for participant in batch.participants:
            self._participant(participant)
        for call in batch.calls:
            self._call(call)
        self._notices.update(notice_row(each) for each in batch.notices)
        self._contacts.update((each.app, each.handle, each.name, each.source) for each in batch.contacts)

    def _differs(self, what: str, how: str = "is not what the evidence says") -> None:
        self._report.problem(self._path, f"{what} {how}")

    def _message(self, packed: Packed) -> None:
        self._report.count("records compared")
        row = self._db.execute("SELECT n, sha256 FROM message WHERE id = ?", (packed.id,)).fetchone()
        where = f"message m{packed.id.hex()} ({packed.table_name} {packed.row_id})"
        if packed.rare and packed.id.hex() in self._purged.quotes:
            packed = packed._replace(rare=without_quote(packed.rare))
        read = packed.sha256
        if self._names or row is None or row[1] != read:
            packed = self._merged.stated(packed)
            read = packed.sha256
        said = self._merged.says(packed.id, read)
        if row is None:
            self._given_up.discard(packed.id)
            if said is None:
                self._differs(where, "is in the evidence and not in the case")
            elif not said and not self._is_excused(packed):
                self._differs(where)
            return
        number, digest = row
        if number >= len(self._seen):
            self._seen.extend(bytes(number + 1 - len(self._seen)))
        self._seen[number] = 1
        is_same = digest == read if said is None else said
        if not is_same and not self._is_excused(packed):
            self._differs(where)

    def _is_excused(self, packed: Packed) -> bool:
        """Whether only that differs which an item that was not given may have lent: names, whose account it
        is, media."""
        is_excused = bool(self._lacking) and self._merged.identifies(packed)
        self._without_names += is_excused
        return is_excused

    def _stored(self, table: str, columns: str, key: str | bytes, name: str) -> tuple[Any, ...] | None:
        """The row of a record in the case; a difference when there is none."""
        self._report.count("records compared")
        self._ids[table].add(key)
        row: tuple[Any, ...] | None = self._db.execute(
            f"SELECT {columns} FROM {table} WHERE id = ?", (key,)
        ).fetchone()
        if row is None and self._lacking and table != "call":
            self._without_names += 1  # whose account it is may have been lent, and with it every id
        elif row is None:
            self._differs(f"{table} {name}", "is in the evidence and not in the case")
        return row

    def _account(self, account: Account) -> None:
        key = self._names.get(account.id, account.id)
        row = self._stored("account", "form", key, account.id)
        if row is None or key in self._names.values():
            return  # of an account that several databases are of, more is known than each says
        # what the exhibit is called stands in the case, not in the evidence
        exhibit = json.loads(row[0])["exhibit"]
        if row != (canonical({**account_dict(account), "exhibit": exhibit}),):
            self._differs(f"account {account.id}")

    def _conversation(self, found: Conversation) -> None:
        key, account = (self._names.get(each, each) for each in (found.id, found.account))
        row = self._stored("conversation", "account, app, platform", key, found.id)
        if row is not None and row != (account, found.app, found.platform):
            self._differs(f"conversation {found.id}")
        said, people = self._conversations.setdefault(key, (set(), set()))
        said |= {("kind", found.kind), ("handle", found.handle), ("title", found.title)}
        people.update(self._names.get(each, each) for each in found.participants)

    def _participant(self, found: Participant) -> None:
        if self._purged.holds(PEOPLE, found.id):
            self._purged_people += 1
            return
        key = self._names.get(found.id, found.id)
        row = self._stored("participant", "app, is_owner", key, found.id)
        is_owner = int(found.is_owner or (found.id in self._names and bool(row and row[1])))
        if row is not None and row != (found.app, is_owner):
            self._differs(f"participant {found.id}")
        handle, phone, names = self._participants.get(key, (None, None, set()))
        names = names | {(each.name, each.source) for each in found.names}
        self._participants[key] = handle or found.handle, phone or found.phone, names

    def _call(self, call: Call) -> None:
        row = self._stored("call", "sha256", bytes.fromhex(call.id[1:]), call.id)
        if row is None or row == (bytes.fromhex(sha256(self._canonical(call))),):
            return
        if self._lacking:
            self._without_names += 1
        else:
            self._differs(f"call {call.id}")

    def _canonical(self, call: Call) -> str:
        text = canonical(call_dict(call))
        return canonical(json.loads(renamed(text, self._names))) if self._names else text

    def finish(self) -> None:
        """What the case has and the evidence has not."""
        inside = "file IN (SELECT n FROM file WHERE evidence = ?)"
        for number, key in self._db.execute(f"SELECT n, id FROM message WHERE {inside}", (self._evidence,)):
            if number >= len(self._seen) or not self._seen[number]:
                self._differs(f"message m{key.hex()}", "is in the case and not in the evidence")
        for (key,) in self._db.execute("SELECT id FROM call WHERE evidence = ?", (self._evidence,)):
            if key not in self._ids["call"]:
                self._differs(f"call k{key.hex()}", "is in the case and not in the evidence")
        for key in sorted(self._given_up):
            self._differs(f"message m{key.hex()}", "is in the case and not in the evidence")
        self._finish_contacts()
        if self._lacking:
            self._report.remarks.append(
                f"{self._path}: was read together with {', '.join(self._lacking)}, which was not given: what"
                f" that lent (names, the owner's number, media) was not compared; {self._without_names}"
                " records were compared by what does not depend on it"
            )
        if self._purged:
            self._report.remarks.append(
                f"{self._path}: conversations that were purged from the case were not compared;"
                f" {self._purged_people} people who are only in those stand in the evidence"
            )
        if self._is_only:
            self._finish_only()

    def _finish_contacts(self) -> None:
        """Names of a contacts database; beside what it was read with it named people there instead."""
        sql = "SELECT app, handle, name, source FROM contact WHERE evidence = ?"
        stored = Counter(self._db.execute(sql, (self._evidence,)).fetchall())
        kept = (
            each for each in self._contacts.elements() if not self._purged.holds(PEOPLE, each[0], each[1])
        )
        found = Counter(kept) if not self._lacking else stored
        for each in (stored - found) + (found - stored):
            self._differs(f"name {each[2]!r} of {each[1]}", "stands in the case or in the evidence only")

    def _finish_only(self) -> None:
        for table in ("account", "conversation", "participant"):
            for (key,) in self._db.execute(f"SELECT id FROM {table}"):
                if key not in self._ids[table]:
                    self._differs(f"{table} {key}", "is in the case and not in the evidence")
        self._compare_people()
        sql = "SELECT severity, text, source, raw FROM notice WHERE evidence = ?"
        stored = Counter(self._db.execute(sql, (self._evidence,)).fetchall())
        self._report.count("records compared", stored.total())
        found = self._notices
        if self._purged:  # raw values of rows that may be those of a purged conversation were taken out
            stored, found = (Counter(each[:3] for each in both.elements()) for both in (stored, found))
            found = Counter(each for each in found.elements() if not self._purged.holds_notice(each))
        for notice in (stored - found) + (found - stored):
            self._differs(f'notice "{notice[1]}"', "stands in the case or in the evidence only")

    def _compare_people(self) -> None:
        """Titles, members and names."""
        sql = "SELECT id, participants, kind, handle, title FROM conversation"
        for key, people, *rest in self._db.execute(sql):
            said, members = self._conversations.get(key, (set(), set()))
            stored = set(zip(("kind", "handle", "title"), rest, strict=True))
            if said and (not stored <= said or members != set(json.loads(people))):
                self._differs(f"conversation {key}")
        sql = "SELECT id, handle, phone, names FROM participant"
        for key, handle, phone, names in self._db.execute(sql):
            known = {(each["name"], each["source"]) for each in json.loads(names)}
            if self._participants.get(key) not in (None, (handle, phone, known)):
                self._differs(f"participant {key}")
