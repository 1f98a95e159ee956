"""Messages put together quickly: a draft that is filled step by step, and then becomes the record itself.

A record is frozen for whoever reads it, so what the side tables hold is put into a draft first. A draft has
the same slots as the record; ``finished`` makes it a Message by its class, without a copy. Its fields can
be given by place, which is three times as quick as by name: it is done once for every message of a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from forensics.model import (
    Attachment,
    Contact,
    Edit,
    Forward,
    Location,
    Message,
    Poll,
    Reaction,
    Receipt,
    Reply,
    Source,
    System,
)


@dataclass(slots=True)
class MessageDraft:
    """The fields of ``forensics.model.Message``; those that every message has come first."""

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
    status: str | None
    sent_at: int | None
    received_at: int | None
    text: str | None
    state: str = "live"
    starred: bool = False
    also: tuple[Source, ...] = ()
    delivered_at: int | None = None
    read_at: int | None = None
    edited_at: int | None = None
    deleted_at: int | None = None
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


@dataclass(slots=True)
class _SourceDraft:
    evidence_sha256: str
    file_sha256: str
    path: str
    table: str | None
    rowid: int | None
    app_id: str | None
    rowid_key: str | None = None
    page: int | None = None
    offset: int | None = None


def finished(draft: MessageDraft) -> Message:
    """The draft as the record that it has become."""
    draft.__class__ = Message  # type: ignore[assignment]  # the same slots: CPython checks that they are
    return cast(Message, draft)


def row_source(base: Source, rowid: int, app_id: str | None) -> Source:
    """The source of one row of the table that ``base`` names."""
    draft = _SourceDraft(base.evidence_sha256, base.file_sha256, base.path, base.table, rowid, app_id)
    draft.__class__ = Source  # type: ignore[assignment]  # the same slots: CPython checks that they are
    return cast(Source, draft)


def keyed_source(base: Source, key: str, app_id: str, rowid: int | None = None) -> Source:
    """The source of one row of the table that ``base`` names, by its key in hex: of a key-value store."""
    draft = _SourceDraft(base.evidence_sha256, base.file_sha256, base.path, base.table, rowid, app_id, key)
    draft.__class__ = Source  # type: ignore[assignment]  # the same slots: CPython checks that they are
    return cast(Source, draft)
