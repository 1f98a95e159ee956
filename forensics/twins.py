"""The same message in several databases of one account becomes one record with several sources.

Databases of one account name their conversations alike, so the same message has the same conversation, the
app's own id, sender, direction and time (to the second: some forms keep no more). The record that is kept is
that of the newest database, the live one before any backup; the others become its further sources (``also``),
and so does a row that was recovered from a database which no longer has the message, where it says nothing
else. A text that another database holds and the kept one does not is an older text (``edits``); whatever else
differs is listed (differences). Every record that was given up can be made again from what is kept of it, so
the result is the same in any order.

Source: contract, section 4 (``also``, ``edits``, the accounting). Nothing here begins a transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from forensics.databases import Holder, holders, ranked
from forensics.differences import Difference, compare, store
from forensics.digest import Fields
from forensics.message_row import edited_texts
from forensics.twin_rows import Record, TwinRows

_KEY = slice(1, 7)


def merge(
    db: sqlite3.Connection,
    evidence: int,
    speaks: Callable[[str], int],
    restated: Sequence[int] = (),
    left: Sequence[int] = (),
    *,
    has_one_holder: bool = False,
) -> list[int]:
    """Merge the messages of an item of evidence with each other and with those of other items, within the
    caller's transaction: when all its rows are written and indexed, before the analysis.

    Gives the conversations that were looked at. ``restated``: those of which the items say different things;
    ``left``: those of an item that was taken out; ``has_one_holder``: all messages came from one file, so
    that no conversation need be looked for in several.
    """
    shared = [] if has_one_holder else _shared_conversations(db, evidence)
    found = sorted({*shared, *restated, *left})
    if not found:
        return []
    before, work = _counts(db), _Work(db, holders(db), speaks)
    for conversation in restated:
        work.rows.restore(conversation)
        work.rows.restate(conversation)
        work.rows.settle()
    work.all_of(found, before)
    return found


def take_apart(
    db: sqlite3.Connection, speaks: Callable[[str], int], evidence: int | None = None
) -> list[int]:
    """Make every record that this item (None: any item) shares with others as it was read, before the item is
    taken out; gives their conversations."""
    inside, before = "(SELECT n FROM file WHERE evidence = :evidence)", _counts(db)
    rows = db.execute(
        "SELECT DISTINCT m.conversation FROM twin AS t LEFT JOIN message AS m ON m.n = t.message"
        f" WHERE :evidence IS NULL OR t.file IN {inside} OR m.file IN {inside} ORDER BY 1",
        {"evidence": evidence},
    ).fetchall()
    work = TwinRows(db, speaks)
    for (conversation,) in rows:
        work.restore(conversation)
        work.settle()
    _account(db, before)
    return [n for (n,) in rows]


def _shared_conversations(db: sqlite3.Connection, evidence: int) -> list[int]:
    """The conversations of the item that stand in more than one file of the case."""
    own = {n for (n,) in db.execute("SELECT n FROM file WHERE evidence = ?", (evidence,))}
    files: dict[int, set[int]] = {}
    for sql in (
        "SELECT DISTINCT conversation, file FROM message",
        "SELECT DISTINCT m.conversation, t.file FROM twin AS t LEFT JOIN message AS m ON m.n = t.message",
    ):
        for conversation, file in db.execute(sql):
            files.setdefault(conversation, set()).add(file)
    return sorted(n for n, found in files.items() if len(found) > 1 and not own.isdisjoint(found))


class _Work:
    """One merge."""

    def __init__(
        self, db: sqlite3.Connection, files: Mapping[int, Holder], speaks: Callable[[str], int]
    ) -> None:
        self._db = db
        self._rank = ranked(files)
        # files that need not be whole, and may hold a message more than once
        self._documents = {n for n, each in files.items() if each.is_document}
        self.rows = TwinRows(db, speaks)

    def all_of(self, conversations: Sequence[int], before: Counts) -> None:
        """Merge in these conversations, and put right what depends on it."""
        for each in conversations:
            self.conversation(each)
        if _account(self._db, before) or conversations:
            self.rows.redirect_replies()

    def conversation(self, number: int) -> None:
        """Merge within one conversation, from the records as they were read."""
        self.rows.restore(number)
        found: list[Difference] = []
        for numbers in self._groups(number):
            everything = sorted(self.rows.records(numbers), key=self._place)
            records = [each for each in everything if not each.is_recovered]
            databases = [each.file for each in records if each.file not in self._documents]
            if len(set(databases)) == len(databases):
                self._unite(records, [each for each in everything if each.is_recovered], found)
            else:
                self._unite_alike(records)
        self.rows.settle()
        store(self._db, found)

    def _place(self, record: Record) -> tuple[int, int]:
        return self._rank.get(record.file, len(self._rank)), record.n

    def _groups(self, conversation: int) -> Iterator[list[int]]:
        """The numbers of the rows that have one key and stand in several files.

        A row without the app's own id has the key of its place: databases that come from each other keep it.
        What is not sent yet has numbers of its own; what was recovered from a page is no row of a table, so
        it is the same message by the app's own id only.
        """
        rows = self._db.execute(
            "SELECT n, app_id, CASE WHEN app_id IS NULL THEN table_name || ' ' || row_id END,"
            " from_owner, sender, CASE WHEN app_id IS NULL THEN sent_at ELSE sent_at / 1000 END,"
            " ifnull(status, '') IN ('draft', 'scheduled'), file FROM message WHERE conversation = ?"
            " AND (place IS NULL OR json_extract(place, '$[1]') IS NULL OR app_id IS NOT NULL)"
            " ORDER BY 2, 3, 4, 5, 6, 7, 1",
            (conversation,),
        ).fetchall()
        for _key, group in groupby(rows, key=lambda row: row[_KEY]):
            found = [row for row in group]  # noqa: C416  # groupby's group is used up by the next one
            if len(found) > 1 and len({row[7] for row in found}) > 1:
                yield [row[0] for row in found]

    def _unite(self, records: Sequence[Record], recovered: Sequence[Record], found: list[Difference]) -> None:
        """One record of what several databases hold once each; without the app's id only what is alike."""
        if not records:
            return
        kept, *others = records
        if kept.app_id is None:
            others = [each for each in others if each.content == kept.content]
        for other in others:
            difference = compare(self.rows, kept, other, is_partial=other.file in self._documents)
            found += [] if difference is None else [difference]
        others += self._remains(records, recovered)
        if others:
            self._keep(kept, others)

    def _remains(self, records: Sequence[Record], recovered: Sequence[Record]) -> Iterator[Record]:
        """What was recovered from databases that no longer have the message, and says nothing else of it."""
        there = {self._database(each) for each in records}
        texts = {text for each in records for text in (each.text, *edited_texts(each.rare))}
        for each in recovered:
            if self._database(each) not in there and (each.text is None or each.text in texts):
                yield each

    def _database(self, record: Record) -> tuple[str, str]:
        """The database that a record is of, whether it lies in it or in its log or journal."""
        file = self.rows.files[record.file]
        return file.evidence_sha256, file.path.removesuffix("-wal").removesuffix("-journal")

    def _unite_alike(self, records: Sequence[Record]) -> None:
        """Where one database holds several of one key, only what is alike is one record."""
        taken: set[int] = set()
        for kept in records:
            others = list(self._alike(kept, records, taken)) if kept.n not in taken else []
            if others:
                taken |= {kept.n, *(each.n for each in others)}
                self._keep(kept, others)

    def _alike(self, kept: Record, records: Sequence[Record], taken: set[int]) -> Iterator[Record]:
        """The free records that say the same, one of each other file."""
        files = {kept.file}
        for each in records:
            if each.n not in taken and each.file not in files and each.content == kept.content:
                files.add(each.file)
                yield each

    def _keep(self, kept: Record, others: Sequence[Record]) -> None:
        fields = self.rows.fields(kept)
        also = [*_list(fields["also"])]
        for other in others:
            copied = self.rows.fields(other)
            also += [copied["source"], *_list(copied["also"])]
        also.sort(key=_source_place)
        self.rows.keep(kept, others, {"also": also, **_edits(kept, others)})


def _edits(kept: Record, others: Sequence[Record]) -> Fields:
    """The older texts, oldest first: those that only other databases hold, then those of the kept one."""
    known = [kept.text, *edited_texts(kept.rare)]
    older: list[str] = []
    for other in reversed(others):
        for text in (*edited_texts(other.rare), other.text):
            if text is not None and text not in known and text not in older:
                older.append(text)
    if not older:
        return {}
    own = json.loads(kept.rare).get("edits", []) if kept.rare else []
    return {"edits": [*({"at": None, "text": each} for each in older), *own]}


Counts = dict[tuple[int, str], int]


def _counts(db: sqlite3.Connection) -> Counts:
    """How many rows are sources of another record, by file and table."""
    rows = db.execute(
        "SELECT file, ifnull(table_name, ''), count(*) FROM twin WHERE n <> message"
        " AND (place IS NULL OR json_extract(place, '$[1]') IS NULL) GROUP BY 1, 2"
    )
    return {(file, table): count for file, table, count in rows}


def _account(db: sqlite3.Connection, before: Counts) -> bool:
    """Put right in the accounting of every file how many of its rows are copies; whether anything changed."""
    after = _counts(db)
    changed = {key: after.get(key, 0) - before.get(key, 0) for key in {*before, *after}}
    for file, table in sorted(key for key, change in changed.items() if change):
        (stored,) = db.execute("SELECT tables FROM file WHERE n = ?", (file,)).fetchone()
        tables = json.loads(stored)
        count_copies(tables, table, changed[file, table])
        db.execute("UPDATE file SET tables = ? WHERE n = ?", (json.dumps(tables), file))
    return any(changed.values())


def count_copies(tables: dict[str, dict[str, Any]], table: str, count: int) -> None:
    """Move so many rows of a table's accounting from messages to copies."""
    counted = tables[table]
    counted["messages"] -= count
    copies = counted["skipped"].pop("copy", 0) + count
    skipped = {**counted["skipped"], "copy": copies} if copies else counted["skipped"]
    counted["skipped"] = dict(sorted(skipped.items()))


def _source_place(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(source[name]) for name in ("evidence_sha256", "path", "table", "rowid", "rowid_key", "offset")
    )


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
