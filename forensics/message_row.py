"""A message as one row of the case, and back: common fields as columns, the rest as one JSON object.

The JSON of ``rare`` is canonical (RFC 8785), as ``digest`` made it for the record's SHA-256, so that a record
is put together again to the byte without being made anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from forensics.digest import canonical, message_canonical, message_form, rare_fields, sha256
from forensics.digest import source_form as form_of_source
from forensics.model import Message, Source

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
ID_BYTES = 12


class Packed(NamedTuple):
    """A message ready to be stored; references are still ids, ``flags`` is what ``cues`` said of the text."""

    id: bytes
    conversation: str
    sender: str | None
    from_owner: bool | None
    kind: str
    status: str | None
    state: str
    sent_at: int | None
    received_at: int | None
    text: str | None
    path: str
    table_name: str | None
    row_id: int | None
    app_id: str | None
    place: str | None
    rare: str | None
    sha256: bytes
    flags: int


def packed(message: Message, flags: int) -> Packed:
    """The row of a message."""
    rare = rare_fields(message)
    source = message.source
    return Packed(
        bytes.fromhex(message.id[1:]),
        message.conversation,
        message.sender,
        message.from_owner,
        message.kind,
        message.status,
        message.state,
        message.sent_at,
        message.received_at,
        message.text,
        source.path,
        source.table,
        source.rowid,
        source.app_id,
        _place(source),
        _object(rare) if rare else None,
        bytes.fromhex(sha256(message_canonical(message, rare))),
        flags,
    )


def _object(forms: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{forms[name]}' for name in sorted(forms)) + "}"


def _place(source: Source) -> str | None:
    """What a source has beside table and row id: of recovered rows and of key-value stores."""
    if source.rowid_key is None and source.page is None and source.offset is None:
        return None
    return _compact([source.rowid_key, source.page, source.offset])


# The columns that a stored message is read back from, with the tables they stand in.
SELECT = (
    "SELECT m.id, m.sha256, c.id, c.kind, c.account, c.app, c.platform, p.id, m.from_owner, m.kind, m.status,"
    " m.state, m.sent_at, m.received_at, m.text, m.file, m.table_name, m.row_id, m.app_id, m.place, m.rare"
    " FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation"
    " LEFT JOIN participant AS p ON p.n = m.sender"
)


class FilePlace(NamedTuple):
    """What all sources of one file share."""

    evidence_sha256: str
    file_sha256: str
    path: str


def stored_form(row: tuple[Any, ...], files: dict[int, FilePlace]) -> str:
    """The canonical form of the record in a row of SELECT, without ``id`` and ``record_sha256``."""
    (_, _, conversation, conversation_kind, account, app, platform, sender, from_owner, kind, status,
     state, sent_at, received_at, text, file, table, row_id, app_id, place, rare) = row  # fmt: skip
    key, page, offset = json.loads(place) if place else (None, None, None)
    source = Source(
        **files[file]._asdict(),
        table=table,
        rowid=row_id,
        rowid_key=key,
        page=page,
        offset=offset,
        app_id=app_id,
    )
    return message_form(
        dict(_rare_forms(rare)) if rare else {},
        account=account,
        app=app,
        conversation=conversation,
        conversation_kind=conversation_kind,
        from_owner=None if from_owner is None else bool(from_owner),
        kind=kind,
        platform=platform,
        received_at=received_at,
        sender=sender,
        sent_at=sent_at,
        source=form_of_source(source),
        state=state,
        status=status,
        text=text,
    )


def _rare_forms(rare: str) -> Iterator[tuple[str, str]]:
    for name, value in json.loads(rare).items():
        # only a location holds numbers that are no integers: RFC 8785 has its own way with those
        yield name, canonical(value) if name == "location" else _compact(value)


def line(row: tuple[Any, ...], form: str) -> str:
    """The export line of a stored message: its canonical form with id and stored digest put in front."""
    return f'{{"id":"m{row[0].hex()}","record_sha256":"{row[1].hex()}",{form[1:]}'
