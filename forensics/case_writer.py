"""Writes what one item of evidence holds into the case; the caller's change makes it whole or nothing.

Accounts, conversations and participants that a second copy of the same phone names again are the same ones:
what is new of them is added, nothing is replaced.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from forensics import case_schema
from forensics.acquisition import Fact
from forensics.case_tables import Tables
from forensics.digest import (
    account_dict,
    call_canonical,
    canonical,
    conversation_dict,
    participant_dict,
    sha256,
    source_dict,
)
from forensics.message_row import EDITS, PackedRow, cue_of_edits, digest_and_words
from forensics.model import Account, Call, ContactName, Conversation, Notice, Participant
from forensics.sealing import Part
from forensics.statements import Said

# Python's sqlite3 looks for an adapter for every None, bool and bytes, which took half of the time of an
# insert: nothing is given as a value of another type ("" for a number, 0 for a text), and bytes as bytearray.
_MESSAGE = (
    "(?,?,?,nullif(?,''),nullif(?,''),?,nullif(?,0),?,nullif(?,''),nullif(?,''),"
    "nullif(?,0),?,nullif(?,0),nullif(?,''),nullif(?,0),nullif(?,0),nullif(?,0),?,nullif(?,0))"
)
_OWNER = {None: "", False: 0, True: 1}
# So many rows are one statement: after each Python lets another thread in, which costs more than the row.
_ROWS = 25
# Messages after which their texts go into the search index, and the bytes that it gathers before it writes:
# with four times as many it took no less time.
_INDEX_EVERY = 50_000
_INDEX_MEMORY = 8 << 20


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _insert(db: sqlite3.Connection, table: str, values: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in their order, many with one statement and the rest one by one."""
    together = len(rows) - len(rows) % _ROWS
    parts = (rows[first : first + _ROWS] for first in range(0, together, _ROWS))
    db.executemany(
        f"INSERT INTO {table} VALUES {','.join([values] * _ROWS)}",
        (tuple(chain.from_iterable(part)) for part in parts),
    )
    db.executemany(f"INSERT INTO {table} VALUES {values}", rows[together:])


class Numbers:
    """Numbers for ids of one table: those that stand in the case, and new ones for new ids."""

    def __init__(self, db: sqlite3.Connection, table: str) -> None:
        self.table = table
        self._known: dict[str, int] = {key: n for n, key in db.execute(f"SELECT n, id FROM {table}")}
        self._next = max(self._known.values(), default=0) + 1
        self.missing: set[str] = set()

    def of(self, key: str) -> int:
        """The number of that id; a new one is missing until its record comes."""
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = self._next
            self._next += 1
            self.missing.add(key)
        return number


class CaseWriter:
    """Takes the records of one item of evidence; ``finish`` must be the last call.

    ``speaks`` gives the analysis flags of a text (see analysis.cues), 0 for most.
    """

    def __init__(self, db: sqlite3.Connection, speaks: Callable[[str], int]) -> None:
        self._tables = Tables(db)
        self._speaks = speaks
        self._connection = db
        self._conversations = Numbers(db, "conversation")
        self._participants = Numbers(db, "participant")
        self._accounts = Numbers(db, "account")
        self._said = Said()
        self._files: dict[str, int] = {}
        self._holders: set[str] = set()  # the paths of those that messages came from
        self._evidence = 0
        # numbers of records that became sources of others stay theirs
        last = "SELECT max((SELECT ifnull(max(n), 0) FROM message), (SELECT ifnull(max(n), 0) FROM twin))"
        self._first = 1 + int(db.execute(last).fetchone()[0])
        self._next = self._indexed = self._first
        # of the messages so far, for records_sha256: to read them all again takes a while
        self._digested = hashlib.sha256()
        db.execute("INSERT INTO message_text (message_text, rank) VALUES ('hashsize', ?)", (_INDEX_MEMORY,))

    @property
    def first_message(self) -> int:
        """The number of the first message that this writer writes."""
        return self._first

    @property
    def has_one_holder(self) -> bool:
        """Whether all messages of the case came from one file: then none is in it twice."""
        return self._first == 1 and len(self._holders) < 2

    def evidence(self, record: Mapping[str, Any]) -> int:
        """A new item of evidence; gives its number."""
        self._evidence = self._tables.insert("evidence", record)
        return self._evidence

    def file(self, record: Mapping[str, Any]) -> int:
        """A file that records come from; gives its number."""
        number = self._tables.insert("file", {"evidence": self._evidence, **record})
        self._files[record["path"]] = number
        return number

    def acquired(self, facts: Iterable[Fact]) -> None:
        """What the item says about the phone and the acquisition."""
        self._connection.executemany(
            "INSERT INTO acquisition (evidence, name, value, source, field, at) VALUES (?,?,?,?,?,?)",
            ((self._evidence, each.name, each.value, each.source, each.field, each.at) for each in facts),
        )

    def comparison(self, kind: str, form: Mapping[str, Any]) -> None:
        """What another program or file says beside what was found here."""
        self._connection.execute(
            "INSERT INTO comparison (evidence, kind, form) VALUES (?,?,?)",
            (self._evidence, kind, _json(form)),
        )

    def update(self, table: str, number: int, values: Mapping[str, Any]) -> None:
        """Add what is known of an item or a file once it was read."""
        self._tables.update(table, number, values)

    def account(self, account: Account) -> None:
        """An account, once for each id."""
        number = self._accounts.of(account.id)
        form = account_dict(account)
        self._said.take("account", account.id, form)
        if account.id in self._accounts.missing:
            self._accounts.missing.discard(account.id)
            self._tables.insert(
                "account",
                {"n": number, "id": account.id, "form": canonical(form), "rank": number},
            )

    def conversation(self, conversation: Conversation) -> None:
        """A conversation; one that is known gains participants, and a title where it had none."""
        number = self._conversations.of(conversation.id)
        self._said.take("conversation", conversation.id, conversation_dict(conversation, 0))
        for each in conversation.participants:
            self._participants.of(each)
        if conversation.id in self._conversations.missing:
            self._conversations.missing.discard(conversation.id)
            self._connection.execute(
                "INSERT INTO conversation VALUES (?,?,?,?,?,?,?,?,?,?)",
                (number, conversation.id, conversation.account, conversation.app, conversation.platform,
                 conversation.kind, conversation.title, conversation.handle,
                 _json(conversation.participants), number),
            )  # fmt: skip
            return
        title, known = self._connection.execute(
            "SELECT title, participants FROM conversation WHERE n = ?", (number,)
        ).fetchone()
        merged = list(dict.fromkeys((*json.loads(known), *conversation.participants)))
        self._connection.execute(
            "UPDATE conversation SET title = ?, participants = ? WHERE n = ?",
            (conversation.title if title is None else title, _json(merged), number),
        )

    def participant(self, participant: Participant) -> None:
        """A participant; one that is known gains names."""
        number = self._participants.of(participant.id)
        self._said.take("participant", participant.id, participant_dict(participant))
        names = [{"name": each.name, "source": each.source} for each in participant.names]
        if participant.id in self._participants.missing:
            self._participants.missing.discard(participant.id)
            self._connection.execute(
                "INSERT INTO participant VALUES (?,?,?,?,?,?,?,?)",
                (number, participant.id, participant.app, participant.handle, participant.phone, _json(names),
                 participant.is_owner, number),
            )  # fmt: skip
            return
        handle, phone, known = self._connection.execute(
            "SELECT handle, phone, names FROM participant WHERE n = ?", (number,)
        ).fetchone()
        merged = json.loads(known)
        merged += [each for each in names if each not in merged]
        self._connection.execute(
            "UPDATE participant SET handle = ?, phone = ?, names = ? WHERE n = ?",
            (handle or participant.handle, phone or participant.phone, _json(merged), number),
        )

    def messages(self, rows: Sequence[PackedRow]) -> None:
        """A batch of messages in the order of their source."""
        conversation, participant, files = self._conversations.of, self._participants.of, self._files
        stored = [
                (
                    number,
                    bytearray(key),
                    conversation(chat),
                    "" if sender is None else participant(sender),
                    _OWNER[owner],
                    kind,
                    0 if status is None else status,
                    state,
                    "" if sent is None else sent,
                    "" if received is None else received,
                    0 if text is None else text,
                    files[path],
                    0 if table is None else table,
                    "" if row_id is None else row_id,
                    0 if app_id is None else app_id,
                    0 if place is None else place,
                    0 if rare is None else rare,
                    bytearray(digest),
                    0 if words is None else words,
                )
                for number, row in enumerate(rows, self._next)
                for (key, chat, sender, owner, kind, status, state, sent, received, text, path, table, row_id,
                     app_id, place, rare, *_) in (row,)
                for digest, words in (digest_and_words(row),)
            ]  # fmt: skip
        _insert(self._connection, "message", _MESSAGE, stored)
        self._digested.update(b"".join([row[1] + row[17] for row in stored]))
        self._holders.update({row[10] for row in rows})
        _insert(self._connection, "cue", "(?,?)", list(self._cues(rows)))
        self._next += len(rows)
        if self._next - self._indexed >= _INDEX_EVERY:
            self._index()

    def _cues(self, rows: Sequence[PackedRow]) -> Iterator[tuple[int, int]]:
        """The messages that can contribute to a finding, with what the analysis may look for in them."""
        speaks = self._speaks
        for number, row in enumerate(rows, self._next):
            text, rare = row[9], row[15]
            flags = speaks(text) if text else 0
            if rare and EDITS in rare:
                flags |= cue_of_edits(rare, speaks)
            if flags:
                yield number, flags

    def _index(self) -> None:
        """Put the words of the messages since the last time into the search index."""
        self._connection.execute(
            "INSERT INTO message_text (rowid, text) SELECT n, text FROM searchable WHERE n >= ?",
            (self._indexed,),
        )
        self._indexed = self._next

    def call(self, call: Call) -> None:
        """A call with its digest."""
        form = call_canonical(call)
        self._connection.execute(
            "INSERT INTO call (id, evidence, at, form, sha256) VALUES (?,?,?,?,?)",
            (bytes.fromhex(call.id[1:]), self._evidence, call.at, form, bytes.fromhex(sha256(form))),
        )

    def contacts(self, names: Iterable[ContactName]) -> None:
        """Names from a contacts database that lies beside no messages."""
        self._connection.executemany(
            "INSERT INTO contact (evidence, app, handle, name, source) VALUES (?,?,?,?,?)",
            ((self._evidence, each.app, each.handle, each.name, each.source) for each in names),
        )

    def notices(self, notices: Iterable[Notice]) -> None:
        """Notices about this item."""
        self._connection.executemany(
            "INSERT INTO notice (evidence, severity, text, source, raw) VALUES (?,?,?,?,?)",
            (
                (self._evidence, each.severity, each.text,
                 _json(source_dict(each.source)) if each.source else None, each.raw)
                for each in notices
            ),
        )  # fmt: skip

    def sealed(self, parts: Sequence[Part]) -> list[Part]:
        """What is privileged, as it was encrypted where it was read; gives it without its content."""
        self._connection.executemany(
            "INSERT INTO sealed (evidence, kind, marks, file, records, sha256, content)"
            " VALUES (?,?,?,?,?,?,?)",
            (
                (self._evidence, each.kind, _json(dict(each.marks)), each.file, each.records, each.sha256,
                 each.content)
                for each in parts
            ),
        )  # fmt: skip
        return [replace(each, content=b"") for each in parts]

    def finish(self) -> None:
        """Index the texts and check that every reference has its record."""
        for numbers in (self._conversations, self._participants):
            if numbers.missing:
                named = ", ".join(sorted(numbers.missing)[:5])
                raise AssertionError(f"a parser named a {numbers.table} without giving it: {named}")
        self._index()
        self._said.write(self._connection, self._evidence)
        self._said = Said()  # each conversation and each person: that is stored now
        for statement in case_schema.INDEXES.split(";\n"):
            if statement.strip():
                self._connection.execute(statement)

    def records_sha256(self, *, restated: bool) -> str:
        """SHA-256 over the ids and digests of the item's messages and calls, in the order of reading;
        ``restated``: records were stated anew since they were written.
        """
        if restated:
            return records_sha256(self._connection, self._evidence)
        digest = self._digested.copy()
        _add_calls(digest, self._connection, self._evidence)
        return digest.hexdigest()


def records_sha256(db: sqlite3.Connection, evidence: int) -> str:
    """See CaseWriter; made again when a case is verified.

    The records are taken as they were read: what was merged since (twins) is told by its own digest.
    """
    digest = hashlib.sha256()
    inside = "file IN (SELECT n FROM file WHERE evidence = :evidence)"
    sql = (
        f"SELECT n, id, sha256 FROM message WHERE {inside} AND n NOT IN (SELECT n FROM twin)"
        f" UNION ALL SELECT n, id, sha256 FROM twin WHERE {inside} ORDER BY 1"
    )
    for _, key, found in db.execute(sql, {"evidence": evidence}):
        digest.update(key + found)
    _add_calls(digest, db, evidence)
    return digest.hexdigest()


def _add_calls(digest: Any, db: sqlite3.Connection, evidence: int) -> None:
    for key, found in db.execute("SELECT id, sha256 FROM call WHERE evidence = ? ORDER BY n", (evidence,)):
        digest.update(key + found)


def remove_evidence(db: sqlite3.Connection, number: int) -> None:
    """Take an item's own records out, to read it anew; what other items say too stays.

    What is merged with records of other items must have been taken apart before (twins).
    """
    inside = "(SELECT n FROM file WHERE evidence = ?)"
    gone = f"(SELECT n FROM message WHERE file IN {inside})"
    db.execute(
        "INSERT INTO message_text (message_text, rowid, text)"
        f" SELECT 'delete', n, text FROM searchable WHERE n IN {gone}",
        (number,),
    )
    for table in ("cue", "difference"):
        db.execute(f"DELETE FROM {table} WHERE message IN {gone}", (number,))
    db.execute(f"DELETE FROM message WHERE file IN {inside}", (number,))
    for table in ("acquisition", "comparison", "call", "notice", "said", "contact", "sealed", "file"):
        db.execute(f"DELETE FROM {table} WHERE evidence = ?", (number,))
    db.execute("DELETE FROM evidence WHERE n = ?", (number,))
