"""The records of a case: frozen, complete, in the form of the contract's section 4.

Times are instants (milliseconds since 1970 UTC, see ``forensics.times``). References between records are
ids, made in ``forensics.identity``. A value that the source does not have is None, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def _made_often(kind: type[Kind]) -> type[Kind]:
    """A record that is frozen for the type checker only: made for every message of a phone, it would take
    three times as long to make if Python had to see to that too (benchmarks)."""
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)


@_made_often
class Source:
    """Where a record was read: the evidence, the innermost file, the row or the byte."""

    evidence_sha256: str
    file_sha256: str
    path: str
    table: str | None = None
    rowid: int | None = None
    rowid_key: str | None = None
    page: int | None = None
    offset: int | None = None
    app_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str
    app: str
    platform: str
    handle: str | None
    phone: str | None
    name: str | None
    exhibit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of a participant and where it comes from (address book, push name, group label ...)."""

    name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    id: str
    app: str
    handle: str | None
    phone: str | None
    names: tuple[Name, ...]
    is_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    id: str
    app: str
    platform: str
    account: str
    kind: str
    title: str | None
    handle: str | None
    participants: tuple[str, ...]


@_made_often
class Reply:
    id: str | None
    app_id: str | None
    text: str | None
    sent_at: int | None
    sender: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    times: int | None
    sender: str | None = None
    at: int | None = None


@_made_often
class Reaction:
    sender: str | None
    emoji: str | None
    at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    text: str | None
    at: int | None


@_made_often
class Receipt:
    participant: str | None
    delivered_at: int | None
    read_at: int | None
    played_at: int | None


@_made_often
class Attachment:
    """``size`` and ``sha256`` are those of the decrypted bytes; ``present``: read whole in the evidence."""

    kind: str
    mime: str | None = None
    filename: str | None = None
    size: int | None = None
    sha256: str | None = None
    path: str | None = None
    present: bool = False
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    latitude: float | None
    longitude: float | None
    name: str | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str | None
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOption:
    text: str | None
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    question: str | None
    options: tuple[PollOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """An event: its code as stored, what it is called here, and in words what it says."""

    type: str | None
    code: int | None
    detail: str | None


@_made_often
class Message:
    id: str
    app: str
    platform: str
    account: str
    conversation: str
    conversation_kind: str
    sender: str | None
    from_owner: bool | None
    kind: str
    source: Source
    status: str | None = None
    sent_at: int | None = None
    received_at: int | None = None
    delivered_at: int | None = None
    read_at: int | None = None
    edited_at: int | None = None
    deleted_at: int | None = None
    text: str | None = None
    state: str = "live"
    deleted_by: str | None = None
    reply_to: Reply | None = None
    forwarded: Forward | None = None
    reactions: tuple[Reaction, ...] = ()
    edits: tuple[Edit, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    mentions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    poll: Poll | None = None
    system: System | None = None
    expires_after: int | None = None
    view_once: bool = False
    starred: bool = False
    also: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    id: str
    app: str
    account: str
    conversation: str | None
    sender: str | None
    from_owner: bool | None
    at: int | None
    seconds: int | None
    video: bool | None
    result: str | None
    participants: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A text that survives beside its message: in a quote of it, in an index of words. Never the original.

    ``message``: the message that it is a copy of, where that has a record; ``holder``: the message whose row
    keeps the copy. ``is_normalised``: the source changed case or signs. ``reason``: what became of the
    original (deleted for everyone, edited, gone).
    """

    text: str
    origin: str
    reason: str
    is_normalised: bool
    message: str | None
    holder: str | None
    conversation: str | None
    sender: str | None
    from_owner: bool | None
    sent_at: int | None
    app_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a reader must know: a row that failed, a gap, a doubt. ``raw`` holds raw values; of a
    copy of a message's text they are those of ``copied``, which says whose it is."""

    severity: str
    text: str
    source: Source | None = None
    raw: str | None = None
    copied: Copied | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactName:
    """A name from a contacts database that lies beside no messages: for people of that app in other items."""

    app: str
    handle: str
    name: str
    source: str


@dataclass(slots=True, kw_only=True)
class Accounting:
    """What became of the rows of one table: rows = messages + skipped + failed, always."""

    rows: int = 0
    messages: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: int = 0

    def skip(self, reason: str, count: int = 1) -> None:
        """Count rows that are no message of their own (``sentinel``, ``copy``, ``revision`` ...)."""
        self.skipped[reason] = self.skipped.get(reason, 0) + count

    def balances(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows == self.messages + sum(self.skipped.values()) + self.failed


Record = Account | Conversation | Participant | Message | Call | Notice
