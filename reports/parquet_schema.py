"""The columns of the form ``parquet``: names and types that stay, and how a record fills them.

Names are those of the contract's section 4, but that a flag's messages are ``message_ids``: a conversation's
``messages`` are a number. What has no fixed shape (rules, items, laws, decision of a flag) is JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import pyarrow as pa  # type: ignore[import-untyped]  # the library has no types

from forensics.times import parse_rfc3339
from reports.reader import CaseReader, Record

Row = Mapping[str, Any]


class Column(NamedTuple):
    """A column; ``is_repeated``: the same values come again and again, so a dictionary pays."""

    name: str
    type: pa.DataType
    is_repeated: bool = False


TEXT, WHOLE, TRUTH, REAL = pa.string(), pa.int64(), pa.bool_(), pa.float64()
TIME = pa.timestamp("ms", tz="UTC")


def _struct(**fields: pa.DataType) -> pa.DataType:
    return pa.struct(list(fields.items()))


_SOURCE = _struct(
    evidence_sha256=TEXT,
    file_sha256=TEXT,
    path=TEXT,
    table=TEXT,
    rowid=WHOLE,
    rowid_key=TEXT,
    page=WHOLE,
    offset=WHOLE,
    app_id=TEXT,
)
_VOTED = _struct(text=TEXT, votes=pa.list_(TEXT))
_NESTED = {
    "attachments": pa.list_(
        _struct(
            kind=TEXT,
            mime=TEXT,
            filename=TEXT,
            size=WHOLE,
            sha256=TEXT,
            path=TEXT,
            present=TRUTH,
            caption=TEXT,
        )
    ),
    "reply_to": _struct(id=TEXT, app_id=TEXT, text=TEXT, sent_at=TIME, sender=TEXT),
    "forwarded": pa.struct([("times", WHOLE), ("from", TEXT), ("at", TIME)]),
    "reactions": pa.list_(_struct(sender=TEXT, emoji=TEXT, at=TIME)),
    "edits": pa.list_(_struct(text=TEXT, at=TIME)),
    "receipts": pa.list_(_struct(participant=TEXT, delivered_at=TIME, read_at=TIME, played_at=TIME)),
    "mentions": pa.list_(TEXT),
    "location": _struct(latitude=REAL, longitude=REAL, name=TEXT, address=TEXT),
    "contacts": pa.list_(_struct(name=TEXT, phones=pa.list_(TEXT))),
    "poll": _struct(question=TEXT, options=pa.list_(_VOTED)),
    "system": _struct(type=TEXT, code=WHOLE, detail=TEXT),
    "also": pa.list_(_SOURCE),
}
_TIMES_IN = {
    "reply_to": ("sent_at",),
    "forwarded": ("at",),
    "reactions": ("at",),
    "edits": ("at",),
    "receipts": ("delivered_at", "read_at", "played_at"),
}
_TIMES = ("sent_at", "received_at", "delivered_at", "read_at", "edited_at", "deleted_at", "at")

FIELDS: tuple[Column, ...] = (
    Column("record", TEXT, True),
    Column("case_number", TEXT, True),
    Column("id", TEXT),
    *(Column(name, TEXT, True) for name in ("app", "platform", "account", "conversation")),
    *(Column(name, TEXT, True) for name in ("conversation_kind", "sender")),
    Column("from_owner", TRUTH),
    *(Column(name, TEXT, True) for name in ("status", "kind", "state")),
    *(Column(name, TIME) for name in _TIMES),
    Column("text", TEXT),
    Column("deleted_by", TEXT, True),
    *(Column(name, kind) for name, kind in _NESTED.items()),
    Column("expires_after", WHOLE),
    *(Column(name, TRUTH) for name in ("view_once", "starred")),
    # where it comes from
    Column("evidence_sha256", TEXT, True),
    *(Column(name, TEXT, True) for name in ("file_sha256", "path", "table")),
    Column("rowid", WHOLE),
    Column("rowid_key", TEXT),
    *(Column(name, WHOLE) for name in ("page", "offset")),
    Column("app_id", TEXT),
    Column("record_sha256", TEXT),
    # of accounts, conversations and participants
    *(Column(name, TEXT) for name in ("handle", "phone", "name", "exhibit", "title")),
    Column("names", pa.list_(_struct(name=TEXT, source=TEXT))),
    Column("is_owner", TRUTH),
    Column("participants", pa.list_(TEXT)),
    Column("messages", WHOLE),
    # of calls
    Column("seconds", WHOLE),
    Column("video", TRUTH),
    Column("result", TEXT, True),
    # of notices
    *(Column(name, TEXT) for name in ("severity", "raw")),
    # of flags
    Column("score", REAL),
    Column("message_ids", pa.list_(TEXT)),
    *(Column(name, TEXT) for name in ("rules", "items", "laws", "decision", "further")),
)
_TYPES = {each.name: each.type for each in FIELDS}
_AS_JSON = ("rules", "items", "laws", "decision", "further")


def rows(case: CaseReader) -> Iterator[tuple[str, Iterator[Row]]]:
    """The kinds of records in the order of an export, each with its rows."""
    number = str(case.info["number"])
    kinds = (
        ("account", case.accounts),
        ("conversation", case.conversations),
        ("participant", case.participants),
        ("message", case.messages),
        ("call", case.calls),
        ("notice", case.notices),
        ("flag", case.flags),
    )
    for kind, records in kinds:
        yield kind, _rows(kind, number, records())


def _rows(kind: str, number: str, records: Iterable[Record]) -> Iterator[Row]:
    same = {"record": kind, "case_number": number}
    for record in records:
        row: dict[str, Any] = {**record, **same}
        source = row.pop("source", None)
        if source:
            row.update(source)
        yield _flag(row) if kind == "flag" else row


def _flag(row: dict[str, Any]) -> Row:
    """A flag; what it says beside the contract's fields stands in ``further``."""
    row["message_ids"] = row.pop("messages")
    row["further"] = {name: row.pop(name) for name in sorted(row) if name not in _TYPES}
    for name in _AS_JSON:
        row[name] = (
            None if row[name] is None else orjson.dumps(row[name], option=orjson.OPT_SORT_KEYS).decode()
        )
    return row


def columns(chunk: Sequence[Row], names: Iterable[str]) -> list[pa.Array]:
    """The chunk's rows as columns."""
    present = frozenset().union(*chunk)
    return [
        _column(chunk, name, _TYPES[name]) if name in present else pa.nulls(len(chunk), _TYPES[name])
        for name in names
    ]


def _column(chunk: Sequence[Row], name: str, kind: pa.DataType) -> pa.Array:
    """A column of values; the RFC 3339 times in it become times, those of a whole column by pyarrow."""
    values: list[Any] = [row.get(name) for row in chunk]
    if kind == TIME:
        return pa.array(values, TEXT).cast(TIME)
    if name in _TIMES_IN:
        times = _TIMES_IN[name]
        values = [_with_instants(each, times) if each else each for each in values]
    return pa.array(values, kind)


def _with_instants(value: Any, times: Sequence[str]) -> Any:
    """The value, or each of a list of them, with milliseconds since 1970 in place of texts."""
    if isinstance(value, list):
        return [_with_instants(each, times) for each in value]
    return value | {name: parse_rfc3339(value[name]) for name in times if value[name] is not None}
