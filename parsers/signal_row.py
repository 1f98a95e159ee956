"""A row of a message table of Signal for Android, and what is kept of an older version of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# Values that mean "no time" (Signal reference 3.4).
NO_TIME = frozenset({None, 0, -1})


class MessageRow(NamedTuple):
    """A row of a message table by its columns (signal_tables)."""

    rowid: int
    sent: int | None
    received: int | None
    kind: int | None
    author: int | None
    thread: int | None
    body: str | None
    read: int | None
    has_delivery: int | None
    has_read: int | None
    viewed: int | None
    expires_in: int | None
    quote_id: int | None
    quote_author: int | None
    quote_body: str | None
    shared_contacts: str | None
    link_previews: str | None
    view_once: int | None
    remote_deleted: int | None
    deleted_by: int | None
    story_type: int | None
    parent_story: int | None
    scheduled: int | None
    newest: int | None
    extras: bytes | None
    reactions: bytes | None
    starred: int | None
    server: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """An older version of a message that was edited."""

    rowid: int
    text: str | None
    sent: int | None
    received: int | None
