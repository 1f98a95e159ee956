"""A message as one row of the case, and back: common fields as columns, the rest as one JSON object.

The rest (``rare``) is written in canonical order (RFC 8785), as it was for the record's SHA-256.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from forensics.digest import MESSAGE_FIELDS, Fields, rare_fields, written
from forensics.model import Message, Source
from forensics.times import rfc3339

# How the field of the older texts begins in the form that is stored.
EDITS = '"edits":'
# The reading order of one item of evidence, which the index of messages by conversation has.
BY_TIME = "m.sent_at, m.n"


class FilePlace(NamedTuple):
    """What all sources of one file share."""

    evidence_sha256: str
    file_sha256: str
    path: str


class Packed(NamedTuple):
    """The fields of a message ready to be stored; references are still ids."""

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
    # what the record says and the row does not: of its conversation, and of its file
    account: str
    app: str
    platform: str
    conversation_kind: str
    evidence_sha256: str
    file_sha256: str

    @property
    def sha256(self) -> bytes:
        """The ``record_sha256``."""
        return record_sha256(self)


PackedRow = tuple[Any, ...]
# The fields in which there are words besides the text.
_WORDY = frozenset(("attachments", "contacts", "edits", "location", "poll", "system"))


def packed(message: Message) -> PackedRow:
    """The row of a message: the fields of Packed as a plain tuple, which goes to another process as it is."""
    rare = rare_fields(message)
    source = message.source
    return (
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
        written(rare).decode() if rare else None,
        message.account,
        message.app,
        message.platform,
        message.conversation_kind,
        source.evidence_sha256,
        source.file_sha256,
    )


def record_sha256(row: PackedRow) -> bytes:
    """The digest of the record in such a row."""
    return digest_and_words(row)[0]


def digest_and_words(row: PackedRow) -> tuple[bytes, str | None]:
    """The digest of the record in such a row, and what can be searched for in it besides its text.

    They are made where the row is stored: reading and storing run side by side, and reading takes longer.
    """
    (_, conversation, sender, from_owner, kind, status, state, sent_at, received_at, text, path, table,
     row_id, app_id, place, rare, account, app, platform, chat_kind, evidence, file) = row  # fmt: skip
    fields = MESSAGE_FIELDS.copy()
    fields["account"] = account
    fields["app"] = app
    fields["conversation"] = conversation
    fields["conversation_kind"] = chat_kind
    fields["from_owner"] = from_owner
    fields["kind"] = kind
    fields["platform"] = platform
    fields["received_at"] = rfc3339(received_at)
    fields["sender"] = sender
    fields["sent_at"] = rfc3339(sent_at)
    key, page, offset = orjson.loads(place) if place else (None, None, None)
    fields["source"] = {
        "app_id": app_id, "evidence_sha256": evidence, "file_sha256": file, "offset": offset, "page": page,
        "path": path, "rowid": row_id, "rowid_key": key, "table": table,
    }  # fmt: skip
    fields["state"] = state
    fields["status"] = status
    fields["text"] = text
    words = None
    if rare:
        further = orjson.loads(rare)
        fields.update(further)
        if not _WORDY.isdisjoint(further):
            words = words_of(text, further)
    return hashlib.sha256(written(fields)).digest(), words


def words_of(text: str | None, fields: Mapping[str, Any]) -> str | None:
    """What can be searched for in a message besides its text, from the fields of its record: events, buttons
    and the like in words, names of files, previews, earlier texts, options, cards, places."""
    found = [fields["system"]["detail"]] if fields.get("system") else []
    for each in fields.get("attachments") or ():
        found.append(each["filename"])
        if each["kind"] == "link":
            found.append(each["path"])
        if each["caption"] != text:
            found.append(each["caption"])
    found += [each["text"] for each in fields.get("edits") or ()]
    poll, place = fields.get("poll"), fields.get("location")
    found += [each["text"] for each in poll["options"]] if poll else []
    for each in fields.get("contacts") or ():
        found += [each["name"], *each["phones"]]
    found += [place["name"], place["address"]] if place else []
    return " ".join(each for each in found if each) or None


def _place(source: Source) -> str | None:
    """What a source has beside table and row id: of recovered rows and of key-value stores."""
    if source.rowid_key is None and source.page is None and source.offset is None:
        return None
    return orjson.dumps([source.rowid_key, source.page, source.offset]).decode()


def _source(
    where: FilePlace, table: str | None, row_id: int | None, app_id: str | None, place: str | None
) -> Fields:
    """A source as the contract writes it, its names in canonical order."""
    key, page, offset = orjson.loads(place) if place else (None, None, None)
    return {
        "app_id": app_id,
        "evidence_sha256": where.evidence_sha256,
        "file_sha256": where.file_sha256,
        "offset": offset,
        "page": page,
        "path": where.path,
        "rowid": row_id,
        "rowid_key": key,
        "table": table,
    }


def file_places(db: sqlite3.Connection) -> dict[int, FilePlace]:
    """What the sources of each file of a case share, by its number."""
    rows = db.execute(
        "SELECT f.n, e.sha256, f.sha256, f.path FROM file AS f LEFT JOIN evidence AS e ON e.n = f.evidence"
    )
    return {n: FilePlace(evidence, digest, path) for n, evidence, digest, path in rows}


# The columns that a stored message is read back from, with the tables they stand in.
SELECT = (
    "SELECT m.id, m.sha256, c.id, c.kind, c.account, c.app, c.platform, p.id, m.from_owner, m.kind, m.status,"
    " m.state, m.sent_at, m.received_at, m.text, m.file, m.table_name, m.row_id, m.app_id, m.place, m.rare"
    " FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation"
    " LEFT JOIN participant AS p ON p.n = m.sender"
)


def stored_fields(row: PackedRow, files: dict[int, FilePlace]) -> Fields:
    """The record in a row of SELECT, without ``id`` and ``record_sha256``, in canonical order."""
    (_, _, conversation, conversation_kind, account, app, platform, sender, from_owner, kind, status,
     state, sent_at, received_at, text, file, table, row_id, app_id, place, rare) = row  # fmt: skip
    fields = MESSAGE_FIELDS.copy()
    fields["account"] = account
    fields["app"] = app
    fields["conversation"] = conversation
    fields["conversation_kind"] = conversation_kind
    fields["from_owner"] = None if from_owner is None else bool(from_owner)
    fields["kind"] = kind
    fields["platform"] = platform
    fields["received_at"] = rfc3339(received_at)
    fields["sender"] = sender
    fields["sent_at"] = rfc3339(sent_at)
    fields["source"] = _source(files[file], table, row_id, app_id, place)
    fields["state"] = state
    fields["status"] = status
    fields["text"] = text
    if rare:
        fields.update(orjson.loads(rare))
    return fields


def stored_record(row: PackedRow, files: dict[int, FilePlace]) -> dict[str, Any]:
    """The record as the contract writes it."""
    return {"id": f"m{row[0].hex()}", "record_sha256": row[1].hex(), **stored_fields(row, files)}


def stored_line(row: PackedRow, files: dict[int, FilePlace]) -> bytes:
    """The export line of a stored message, without the newline."""
    return _line(row, written(stored_fields(row, files)))


def stored_record_and_line(row: PackedRow, files: dict[int, FilePlace]) -> tuple[dict[str, Any], bytes]:
    """Both of them, from fields that are put together once."""
    fields = stored_fields(row, files)
    line = _line(row, written(fields))
    fields["id"], fields["record_sha256"] = f"m{row[0].hex()}", row[1].hex()
    return fields, line


def _line(row: PackedRow, form: bytes) -> bytes:
    return b'{"id":"m%s","record_sha256":"%s",%s' % (row[0].hex().encode(), row[1].hex().encode(), form[1:])


def edited_texts(rare: str | None) -> list[str]:
    """The older texts of a message, oldest first."""
    if not rare or EDITS not in rare:
        return []
    return [each["text"] for each in orjson.loads(rare).get("edits", ()) if each["text"]]


def cue_of_edits(rare: str, speaks: Callable[[str], int]) -> int:
    """The analysis flags of the older texts of a message together."""
    flags = 0
    for text in edited_texts(rare):
        flags |= speaks(text)
    return flags


def reading_order(db: sqlite3.Connection) -> str:
    """ORDER BY terms for messages ``m`` of one conversation: by time, then source.

    Of several items of evidence the order in which they came does not count, but their digests'.
    """
    if db.execute("SELECT count(*) FROM evidence").fetchone()[0] < 2:
        return BY_TIME
    rank = "(SELECT e.rank FROM file AS f LEFT JOIN evidence AS e ON e.n = f.evidence WHERE f.n = m.file)"
    return f"m.sent_at, {rank}, m.n"
