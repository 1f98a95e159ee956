"""Recovered rows become messages: through the same parser as live ones, apart from them, after them.

The rows are gathered in a private database (recovered_rows) which the parser reads twice: before the live
messages, to know which of those to watch for, and after them, when it is decided which rows tell something of
their own (recovered_plan). Where they are sought beside the live read (recovered_search), the live messages
that come before they are known wait for them in a private file. What the authority does not cover is dropped
as it is of live messages.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from forensics.authority import Scope
from forensics.errors import EvidenceUnreadable
from forensics.extract import Batch, filtered
from forensics.file_record import file_record
from forensics.formats.sqlite import Database, ReadProblem
from forensics.items import Found
from forensics.message_row import Packed
from forensics.model import Account, Call, Message, Notice, Record
from forensics.parser import Installation, KeepsCalls, Recoverable
from forensics.recovered_attribution import Attribution
from forensics.recovered_calls import RecoveredCalls
from forensics.recovered_messages import Restorer
from forensics.recovered_plan import Plan
from forensics.recovered_rows import Recovered, gather
from forensics.recovered_search import Search
from forensics.recovered_waiting import Waiting
from forensics.recovered_words import calls_refused, could_not, not_read, of_texts, summary, unattributed

UNWANTED = "that was not asked for (sporen ingest --no-recover)"


class Recovery:
    """The recovered messages of one installation: made before anything of it is read, begun before its live
    read, watches that, then gives them."""

    def __init__(
        self, found: Found, installation: Installation, scope: Scope, work: Path, workers: int = 1
    ) -> None:
        self._found, self._live, self._scope, self._work = found, installation, scope, work
        self._recovered = Recovered()
        self._plan = Plan(self._recovered)
        self._calls = RecoveredCalls({})
        self._private: Installation | None = None
        self._problem: str | None = None
        self._known: set[str] = set()
        self._attribution = Attribution() if scope.privileged else None
        self._restorer = Restorer(found, installation, self._plan)
        self._found_meanwhile: list[tuple[Database, ReadProblem]] = []
        self._waiting = Waiting(work)
        parser = found.parser
        self._is_made = (
            isinstance(parser, Recoverable) and bool(found.streams) and scope.covers_app(found.app)
        )
        self._search = Search(found, work, workers) if self._is_made else None

    def begin(self) -> None:
        """Make the search here, unless another process is at it since this was made."""
        if self._search is not None and not self._search.is_beside:
            self._finish()

    def _take(self, parser: Recoverable, search: Search) -> None:
        """Take what was found, then see what live records have waited for it.

        When that is differs from run to run, so what is found wrong with a database here is told at the end.
        """
        databases = [self._live.database, *(each for each, _, _ in self._live.others.values())]
        known = [list(each.problems) for each in databases]
        self._prepare(parser, search)
        for database, before in zip(databases, known, strict=True):
            self._found_meanwhile += [(database, each) for each in database.problems[len(before) :]]
            database.problems[:] = before
        self._search = None
        for messages in self._waiting.messages(is_wanted=not self._plan.is_empty):
            self._plan.watch(messages)
        self._calls.watch(self._waiting.calls)

    def _prepare(self, parser: Recoverable, search: Search) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="recovered-", dir=self._work) as folder:
                path = Path(folder) / "rows.db"
                self._recovered = gather(search.rows(), self._live, parser, path)
                self._recovered.limits = search.limits
                if not self._recovered.places and not self._recovered.calls:
                    self._plan = Plan(self._recovered)
                    return
                name = f"recovered rows of {self._found.path}"
                with path.open("rb") as stream:
                    database = Database.open(stream, work=self._work, name=name)
        except EvidenceUnreadable as error:
            self._problem = str(error)
            return
        self._private = self._with_owner(
            replace(self._live, database=database, accounting={}, is_recovered=True)
        )
        self._plan = Plan(self._recovered)
        self._calls = RecoveredCalls(self._recovered.calls)
        self._restorer = Restorer(self._found, self._live, self._plan)
        for record in self._found.parser.read(self._private):
            if isinstance(record, Message):
                self._plan.add(record)

    def _with_owner(self, private: Installation) -> Installation:
        """Where only live rows tell whose account it is, the recovered ones are told: its id is one."""
        if self._account(private).phone is not None:
            return private
        return replace(private, owner_phone=self._account(self._live).phone)

    def _account(self, installation: Installation) -> Account:
        records = self._found.parser.read(replace(installation, accounting={}))
        return next(each for each in records if isinstance(each, Account))

    def watch(self, batch: Batch) -> None:
        """A batch of live records on its way into the case."""
        if self._search is not None and self._search.is_done:
            self._finish()
        if self._search is not None:
            self._waiting.keep(batch)
        else:
            self._plan.watch(batch.messages)
            self._calls.watch(batch.calls)
        for records in (batch.accounts, batch.conversations, batch.participants):
            self._known.update(each.id for each in records)

    def _finish(self) -> None:
        """Take what the search beside this process has found; waits for its end."""
        if self._search is not None and isinstance(self._found.parser, Recoverable):
            self._take(self._found.parser, self._search)

    def settle(self) -> None:
        """All live records were watched: what is wrong with the databases is known by now, also with what
        only the recovery looks at."""
        self._finish()
        for database, problem in self._found_meanwhile:
            if problem not in database.problems:
                database.problems.append(problem)
        self._found_meanwhile.clear()
        database = self._live.database
        database.problems += list(self._recovered.limits.damage.problems(told=database.problems))

    def decide(self) -> Iterator[dict[str, Any]]:
        """Decide what becomes a message; gives the logs and journals that messages come from, as files of the
        case."""
        self._plan.decide()
        for path, suffix, digest in self._restorer.companions():
            with self._found.streams[suffix]() as stream:
                size = stream.seek(0, os.SEEK_END)
            yield file_record(
                path=path,
                size=size,
                sha256=digest,
                app=self._found.app,
                platform=self._found.platform,
                role=suffix.removeprefix("-"),
            )

    def batches(self) -> Iterator[Batch]:
        """What was recovered, to be stored after the live records."""
        source = self._live.source()
        if not self._is_made:
            if self._scope.covers_app(self._found.app):
                why = f"Sporen cannot yet do so in a database of {self._found.app}"
                yield Batch(notices=[not_read(why, source)])
            return
        if self._problem is not None:
            yield Batch(notices=[could_not(self._problem, source)])
            return
        refused = 0
        if self._private is not None:
            private = replace(self._private, accounting={})
            for batch in filtered(self._records(), self._found.app, private, self._scope):
                yield self._settled(batch)
            self._private.database.close()
            refused = self._refused(private, are_calls=False)
            calls = self._refused(private, are_calls=True)
            if calls:
                yield Batch(notices=[calls_refused(calls, source)])
        yield Batch(notices=list(summary(self._recovered, self._plan.counts, refused, source)))
        is_told = self._scope.is_whole and not self._scope.purged
        texts = of_texts(self._recovered.texts, source, is_told)
        yield Batch(notices=list(texts))
        if self._attribution is not None:
            refusals = {"messages": self._attribution.refused, "calls": self._attribution.refused_calls}
            told = [unattributed(count, what, source) for what, count in refusals.items() if count]
            yield Batch(notices=told)

    def _refused(self, private: Installation, *, are_calls: bool) -> int:
        """How many recovered messages, or calls, the authority does not cover."""
        parser = self._found.parser
        tables = parser.call_tables if isinstance(parser, KeepsCalls) else frozenset[str]()
        return sum(
            sum(each.skipped.values())
            for table, each in private.accounting.items()
            if (table.lower() in tables) == are_calls
        )

    def _settled(self, batch: Batch) -> Batch:
        """Without what the live read gave; with what is to be said of the messages in it."""
        known = self._known
        batch.accounts = [each for each in batch.accounts if each.id not in known]
        batch.conversations = [each for each in batch.conversations if each.id not in known]
        batch.participants = [each for each in batch.participants if each.id not in known]
        batch.notices += self._calls.notices(batch.calls, self._live.source(), self._restorer.files())
        batch.calls = []
        for each in batch.messages:
            batch.notices += self._restorer.notices.pop(f"m{Packed._make(each).id.hex()}", ())
        return batch

    def _records(self) -> Iterator[Record]:
        """What the parser makes of the private database, put in its place; its notices are of that one."""
        if self._private is None:
            return
        private = replace(self._private, accounting={})
        for record in self._found.parser.read(private):
            if isinstance(record, Message):
                row = (record.source.table or "", record.source.rowid or 0)
                verdict = self._plan.verdicts.get(row)
                if verdict is not None and self._may_be_told(record):
                    yield self._restorer.message(record, verdict)
            elif isinstance(record, Call):
                if self._calls.is_one(record) and (
                    self._attribution is None or self._attribution.covers_call(record)
                ):
                    yield record
            elif not isinstance(record, Notice):
                self._learn(record)
                yield record

    def _learn(self, record: Record) -> None:
        if self._attribution is not None:
            self._attribution.learn(record)

    def _may_be_told(self, message: Message) -> bool:
        return self._attribution is None or self._attribution.covers(message)
