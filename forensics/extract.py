"""What a parser reads from one file: records within the authority, packed and digested, in batches.

What is outside the scope or privileged is dropped here, before anything is stored or analysed; it is counted
and leaves nothing else behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from forensics.authority import Scope
from forensics.ground import Talk, is_between_two, normalised
from forensics.message_row import Packed, PackedRow, packed
from forensics.model import (
    Account,
    Call,
    ContactName,
    Conversation,
    Copied,
    Message,
    Notice,
    Participant,
    Record,
)
from forensics.parser import SEVERAL_APPS, Input, Installation
from forensics.privilege import Privileged, people_of
from forensics.purged import Closed, quoted_id, without_quote
from forensics.sealing import Named, Part, Sealer

BATCH = 2000
# So many messages are packed one after the other: by turns with parsing it takes a fifth longer. Few enough
# to stay in a processor's cache, and a part of a batch.
_TOGETHER = 400
# Places in a packed message.
_ID, _CONVERSATION, _TABLE, _RARE = map(Packed._fields.index, ("id", "conversation", "table_name", "rare"))


@dataclass(slots=True)
class Batch:
    """Records on their way into the case; messages as rows (``message_row.Packed`` names their fields)."""

    messages: list[PackedRow] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    contacts: list[ContactName] = field(default_factory=list)
    # what is privileged, encrypted for whoever may open it
    sealed: list[Part] = field(default_factory=list)
    # files of what is sealed that could not be sealed themselves, by the reason
    left_out: Counter[str] = field(default_factory=Counter)


@runtime_checkable
class GivesRows(Protocol):
    """A parser that can give plain messages as they are stored, without a record of them in between."""

    def read_rows(self, installation: Installation) -> Iterator[Record | PackedRow]:
        """As ``Parser.read``, but of some messages what ``packed`` would make of them."""
        ...


def extract(records: Iterable[Record], app: str, given: Input, scope: Scope) -> Iterator[Batch]:
    """The records that a parser reads from what it was given; drawing them fills ``given.accounting``."""
    if not scope.is_whole:
        yield from filtered(records, app, given, scope)
    elif scope.purged:
        yield from without_purged(batched(records), given, scope)
    else:
        yield from batched(records)


def filtered(records: Iterable[Record], app: str, given: Input, scope: Scope) -> Iterator[Batch]:
    """What the scope covers of the records, with the people that belong to it and nobody else; what it does
    not cover is counted in ``given.accounting``."""
    batches = _Filter(records, app, given, scope).batches()
    return without_purged(batches, given, scope) if scope.purged else batches


def without_purged(batches: Iterable[Batch], given: Input, scope: Scope) -> Iterator[Batch]:
    """Without the conversations that were purged from the case. They are counted as privileged; raw values,
    which may be of any row, are left out.

    Each batch waits for the next one: the notice that a quotation is of a message that is gone follows the
    message with the quotation.
    """
    closed, tables, kept_out = Closed(scope.purged), set[str | None](), _Quotations(scope.purged.quotes)
    waiting: Batch | None = None
    for batch in batches:
        kept_out.see(batch, closed)
        tables.update(row[_TABLE] for row in batch.messages)
        gone = [row[_TABLE] for row in batch.messages if row[_CONVERSATION] in closed]
        # a call that stands in a row of messages was counted as that message
        gone += [each.source.table for each in closed.calls(batch.calls) if each.source.table not in tables]
        for table in gone:
            accounting = given.account_for(table or "")
            accounting.messages -= 1
            accounting.skip("privilege")
        _close(batch, closed)
        if waiting is not None:
            yield kept_out.of(waiting)
        waiting = batch
    if waiting is not None:
        yield kept_out.of(waiting)


def _close(batch: Batch, closed: Closed) -> None:
    batch.messages = [row for row in batch.messages if row[_CONVERSATION] not in closed]
    batch.calls = [each for each in batch.calls if each.conversation not in closed]
    batch.conversations = [each for each in batch.conversations if each.id not in closed]
    batch.notices = [_without_content(each) for each in batch.notices if not _is_closed(each, closed)]


class _Quotations:
    """Which messages of others quote what was purged: by the message that they answer, by the notice that it
    is gone, or because they did so before (``quotes``: ids without their first letter)."""

    def __init__(self, quotes: frozenset[str]) -> None:
        self._quotes = quotes
        self._purged: set[str] = set()
        self._holders: set[str | None] = set()

    def see(self, batch: Batch, closed: Closed) -> None:
        """Remember what a batch holds of the purged conversations."""
        self._purged |= {f"m{row[_ID].hex()}" for row in batch.messages if row[_CONVERSATION] in closed}
        copies = (each.copied for each in batch.notices if each.copied is not None)
        self._holders |= {each.holder for each in copies if each.conversation in closed}

    def of(self, batch: Batch) -> Batch:
        """A batch without the texts of purged messages in its quotations."""
        batch.messages = [
            (*row[:_RARE], without_quote(row[_RARE]), *row[_RARE + 1 :]) if self._is_one(row) else row
            for row in batch.messages
        ]
        return batch

    def _is_one(self, row: PackedRow) -> bool:
        if not row[_RARE]:
            return False
        key = row[_ID].hex()
        return key in self._quotes or f"m{key}" in self._holders or quoted_id(row[_RARE]) in self._purged


def _is_closed(notice: Notice, closed: Closed) -> bool:
    return notice.copied is not None and notice.copied.conversation in closed


def batched(records: Iterable[Record | PackedRow]) -> Iterator[Batch]:
    """All records, in batches of about so many records of any kind; messages are packed."""
    batch, others = Batch(), 0
    waiting: list[Message | PackedRow] = []
    for record in records:
        if isinstance(record, (tuple, Message)):
            waiting.append(record)
            if len(waiting) < _TOGETHER:
                continue
            batch.messages += _packed(waiting)
        else:
            _add(batch, record)
            others += 1
        if len(batch.messages) >= BATCH or others >= BATCH:
            batch.messages += _packed(waiting)
            yield batch
            batch, others = Batch(), 0
    batch.messages += _packed(waiting)
    yield batch


def _packed(waiting: list[Message | PackedRow]) -> list[PackedRow]:
    """The messages that wait, which then wait no more."""
    rows = [each if isinstance(each, tuple) else packed(each) for each in waiting]
    waiting.clear()
    return rows


def _add(batch: Batch, record: Account | Conversation | Participant | Call | Notice | Message) -> None:
    match record:
        case Account():
            batch.accounts.append(record)
        case Conversation():
            batch.conversations.append(record)
        case Participant():
            batch.participants.append(record)
        case Call():
            batch.calls.append(record)
        case Notice():
            batch.notices.append(record)
        case Message():
            raise TypeError("messages are packed, not added")


class _Filter:
    """Lets through what the scope covers, and only the people and conversations that belong to it."""

    def __init__(self, records: Iterable[Record], app: str, given: Input, scope: Scope) -> None:
        self._records = records
        self._app = app
        self._given = given
        self._scope = scope
        self._covers_app = app == SEVERAL_APPS or scope.covers_app(app)
        self._is_several = app == SEVERAL_APPS
        self._names_people = any(each.names_people for each in scope.every)
        self._accounts: list[Account] = []
        self._conversations: dict[str, Conversation] = {}
        self._participants: dict[str, Participant] = {}
        self._privileged: Privileged | None = None
        self._used_conversations: set[str] = set()
        self._used_participants: set[str] = set()
        self._message_tables: set[str | None] = set()
        self._blanked = 0
        self._withheld = 0
        self._copies = 0
        self._sealer = Sealer(scope.recipients, scope.secret, scope.purged)
        given.media_bytes.is_wanted |= bool(self._sealer)

    def batches(self) -> Iterator[Batch]:
        """What may be stored; people last, when it is known who belongs to it."""
        batch = Batch()
        for record in self._records:
            self._take(batch, record)
            batch.sealed += self._sealer.take()
            is_full = max(len(batch.messages), len(batch.calls), len(batch.notices)) >= BATCH
            if is_full or batch.sealed:
                yield batch
                batch = Batch()
            for part in self._sealer.files(self._given.media_bytes):
                yield Batch(sealed=[part])
        self._people(batch)
        batch.sealed += self._sealer.end(self._accounts, self._conversations, self._participants)
        batch.left_out = self._sealer.left_out
        yield batch

    def _take(
        self, batch: Batch, record: Account | Conversation | Participant | Call | Notice | Message
    ) -> None:
        match record:
            case Message():
                self._message(batch, record)
            case Call():
                self._call(batch, record)
            case Notice(copied=Copied() as copied):
                self._copy(batch, record, copied)
            case Notice():
                if self._covers_app:
                    batch.notices.append(_without_content(record))
            case Account() | Participant() if not self._scope.covers_app(record.app) and self._is_several:
                return  # of an app that the scope leaves out, in a document with several
            case Account():
                self._accounts.append(record)
            case Conversation():
                self._conversations[record.id] = record
            case Participant():
                self._participants[record.id] = record

    def _message(self, batch: Batch, message: Message) -> None:
        self._message_tables.add(message.source.table)
        talk = self._talk(
            message.app, message.sent_at, message.conversation, message.sender, kind=message.kind
        )
        reason = self._refusal(talk, message.conversation, message.sender)
        if reason is not None:
            self._skip(message.source.table, reason)
            if reason == "privilege":
                self._sealer.message(message, people_of(message), self._named(message.conversation))
            return
        message = self._without_quotes(message)
        whole, message = message, self._privileged_people().message_without(message)
        self._withheld += message is not whole
        batch.messages.append(packed(message))
        self._used_conversations.add(message.conversation)
        self._used_participants.update(people_of(message))

    def _call(self, batch: Batch, call: Call) -> None:
        talk = self._talk(
            call.app, call.at, call.conversation, call.sender, kind="call", others=call.participants
        )
        reason = self._refusal(talk, call.conversation, call.sender, call.participants)
        if reason is not None:
            # a call that stands in a row of messages was counted as that message
            if call.source.table not in self._message_tables:
                self._skip(call.source.table, reason)
            if reason == "privilege":
                self._sealer.call(call, self._named(call.conversation))
            return
        batch.calls.append(call)
        self._used_participants.update(each for each in (call.sender, *call.participants) if each)
        if call.conversation:
            self._used_conversations.add(call.conversation)

    def _named(self, conversation: str | None) -> Named:
        """A conversation, and the account that it is of, for the marks of what is sealed of it."""
        talk = self._conversations.get(conversation or "")
        account = None if talk is None else talk.account
        return talk, next((each for each in self._accounts if each.id == account), None)

    def _copy(self, batch: Batch, notice: Notice, copied: Copied) -> None:
        """A copy of a text is read where its message may be; whose it is must be known."""
        talk = self._talk(self._app, copied.sent_at, copied.conversation, copied.sender, kind="text")
        refusal = self._refusal(talk, copied.conversation, copied.sender)
        if refusal is None and copied.conversation is not None:
            batch.notices.append(notice)
            self._used_conversations.add(copied.conversation)
            self._used_participants.update([copied.sender] if copied.sender else ())
        elif self._covers_app:
            self._copies += 1

    def _talk(
        self,
        app: str,
        at: int | None,
        conversation: str | None,
        sender: str | None,
        *,
        kind: str,
        others: tuple[str, ...] = (),
    ) -> Talk:
        """What the scope is asked about a record; who it is of only where the scope asks that."""
        if not self._names_people:
            return Talk(app=app, at=at, kind=kind)
        talk = self._conversations.get(conversation or "")
        people = {sender, *others}
        if talk is not None and is_between_two(talk.kind):
            people.update(talk.participants)
        names = [each for key in people if key for each in self._identifiers(key)]
        return Talk(
            app=app, at=at, kind=kind, persons=frozenset(names),
            conversation=frozenset(_normalised(talk.handle, talk.title, talk.id) if talk else ()),
        )  # fmt: skip

    def _identifiers(self, key: str) -> Iterator[str]:
        """What a person other than the owner is called."""
        person = self._participants.get(key)
        if person is not None and not person.is_owner:
            yield from _normalised(person.handle, person.phone, *(each.name for each in person.names))

    def _refusal(
        self, talk: Talk, conversation: str | None, sender: str | None, others: tuple[str, ...] = ()
    ) -> str | None:
        if not self._scope.covers(talk):
            return "scope"
        if self._privileged_people().concerns(conversation, (sender, *others)):
            return "privilege"
        return None

    def _privileged_people(self) -> Privileged:
        """Known when the first message comes: parsers give people and conversations before messages."""
        if self._privileged is None:
            self._privileged = Privileged(self._scope, self._participants.values(), self._conversations)
        return self._privileged

    def _without_quotes(self, message: Message) -> Message:
        """A quotation of what is outside stays a reference: its text does not come in by the back door."""
        reply = message.reply_to
        if reply is None or reply.text is None:
            return message
        talk = self._talk(message.app, reply.sent_at, message.conversation, reply.sender, kind="text")
        if self._scope.covers(talk) and reply.sender not in self._privileged_people().people:
            return message
        self._blanked += 1
        return replace(message, reply_to=replace(reply, text=None))

    def _skip(self, table: str | None, reason: str) -> None:
        accounting = self._given.account_for(table or "")
        accounting.messages -= 1
        accounting.skip(reason)

    def _people(self, batch: Batch) -> None:
        if not (self._used_conversations or batch.calls or self._covers_app):
            return
        batch.accounts += self._accounts
        privileged = self._privileged_people()
        used = [c for key, c in self._conversations.items() if key in self._used_conversations]
        batch.conversations += [privileged.conversation_without(each) for each in used]
        for each in batch.conversations:
            self._used_participants.update(each.participants)
        batch.participants += [
            p for key, p in self._participants.items() if p.is_owner or key in self._used_participants
        ]
        for count, text in (
            (self._blanked, "the quoted text of {} messages was left out: it is outside the authority"),
            (self._copies, "{} copies of texts of messages were left out: they are outside the authority"),
            (self._withheld, "what {} messages of others record of privileged people was left out"),
        ):
            if count:
                source = self._given.source()
                batch.notices.append(Notice(severity="scope", text=text.format(count), source=source))


def _normalised(*identifiers: str | None) -> Iterator[str]:
    return (normalised(each) for each in identifiers if each)


def _without_content(notice: Notice) -> Notice:
    """Raw values may be of rows that are outside; missing ids are not."""
    keeps = notice.severity == "gap" or notice.copied is not None
    return notice if keeps else replace(notice, raw=None)
