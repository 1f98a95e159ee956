"""Verification of records that were merged (twins): one record of the case stands for several rows."""

from __future__ import annotations

import hashlib
import sqlite3

from forensics.digest import Fields, written
from forensics.message_row import SELECT, FilePlace, Packed, stored_fields
from forensics.same_account import aliases, renamed
from forensics.times import rfc3339
from forensics.twin_rows import as_read


class MergedRecords:
    """The records of a case that are kept otherwise than they were read."""

    def __init__(self, db: sqlite3.Connection, files: dict[int, FilePlace]) -> None:
        self._db = db
        self._files = files
        self._names = aliases(db)

    def says(self, key: bytes, read: bytes) -> bool | None:
        """Whether what is kept of the record of that id has the digest that was read now; None where it was
        not merged."""
        found = as_read(self._db, self._files, key)
        if found is None:
            return None
        fields, digest = found
        return digest == read and hashlib.sha256(written(fields)).digest() == digest

    def stated(self, packed: Packed) -> Packed:
        """The record with the ids that the case gives its account, conversation and people, and with what the
        case says of the conversation: its digest is that of the record put there."""
        names = self._names
        conversation = names.get(packed.conversation, packed.conversation)
        sender = names.get(packed.sender, packed.sender) if packed.sender else None
        rare = renamed(packed.rare, names) if packed.rare else None
        place = self._db.execute(
            "SELECT account, app, platform, kind FROM conversation WHERE id = ?", (conversation,)
        ).fetchone()
        if place is None:
            return packed
        account, app, platform, kind = place
        return packed._replace(
            conversation=conversation, sender=sender, rare=rare, account=account, app=app, platform=platform,
            conversation_kind=kind,
        )  # fmt: skip

    def identifies(self, packed: Packed) -> bool:
        """Whether the case's record of that row has the same kind, state, times, text and place."""
        found = as_read(self._db, self._files, packed.id)
        if found is not None:
            fields = found[0]
        else:
            row = self._db.execute(f"{SELECT} WHERE m.id = ?", (packed.id,)).fetchone()
            fields = stored_fields(row, self._files) if row else {}
        return bool(fields) and _identity(fields) == (
            *(packed.kind, packed.status, packed.state, rfc3339(packed.sent_at)),
            *(rfc3339(packed.received_at), packed.text, packed.from_owner),
            *(packed.path, packed.table_name, packed.row_id, packed.app_id),
        )

    def ids(self, evidence: int) -> set[bytes]:
        """The ids of the records of an item that were given up."""
        rows = self._db.execute(
            "SELECT id FROM twin WHERE n <> message AND file IN (SELECT n FROM file WHERE evidence = ?)",
            (evidence,),
        )
        return {key for (key,) in rows}


def _identity(fields: Fields) -> tuple[object, ...]:
    """What of a record depends on its own database only."""
    names = ("kind", "status", "state", "sent_at", "received_at", "text", "from_owner")
    source = fields["source"]
    where = source if isinstance(source, dict) else {}
    return (
        *(fields[each] for each in names),
        *(where.get(each) for each in ("path", "table", "rowid", "app_id")),
    )
