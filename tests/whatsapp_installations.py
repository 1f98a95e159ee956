"""WhatsApp evidence as a parser gets it, and its records in the readable form of the golden cases."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from forensics.digest import (
    account_dict,
    call_dict,
    conversation_dict,
    message_canonical,
    participant_dict,
    source_dict,
)
from forensics.digest import canonical as to_json
from forensics.formats.sqlite import Database
from forensics.message_row import PackedRow, packed
from forensics.model import (
    Account,
    Accounting,
    Call,
    Conversation,
    Message,
    Notice,
    Participant,
    Record,
    Source,
)
from forensics.parser import Installation, Media, SideFile
from parsers.whatsapp_android import WhatsAppAndroid

EVIDENCE_SHA256 = "e" * 64


@contextlib.contextmanager
def open_installation(root: Path, work: Path) -> Iterator[Installation]:
    """The installation in a folder of evidence, put together without the core's intake."""
    parser = WhatsAppAndroid()
    with contextlib.ExitStack() as stack:
        found: dict[str, tuple[Database, str, str]] = {}
        for file in sorted(root.rglob("*.db")):
            database = stack.enter_context(_open(file, work, stack))
            role = parser.role(database)
            if role is not None:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                found[role] = (database, file.relative_to(root).as_posix(), digest)
        database, path, digest = found.pop(parser.main_role)
        paths = sorted(file for file in root.rglob("*") if file.is_file())
        relative = [(file.relative_to(root).as_posix(), file) for file in paths]
        yield Installation(
            database=database,
            path=path,
            evidence_sha256=EVIDENCE_SHA256,
            file_sha256=digest,
            exhibit=None,
            others=found,
            side_files=[
                SideFile(path=name, data=file.read_bytes()) for name, file in relative if parser.wants(name)
            ],
            media=_media_finder(relative),
        )


def _open(file: Path, work: Path, stack: contextlib.ExitStack) -> Database:
    log = Path(f"{file}-wal")
    main = stack.enter_context(file.open("rb"))
    wal = stack.enter_context(log.open("rb")) if log.exists() else None
    return Database.open(main, wal=wal, work=work, name=file.name)


def _media_finder(files: list[tuple[str, Path]]) -> Callable[[str], Media | None]:
    def find(stored: str) -> Media | None:
        tail = "/".join(stored.split("/")[-3:])
        for name, file in files:
            if name.endswith(tail):
                data = file.read_bytes()
                return Media(path=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        return None

    return find


@dataclass
class Reading:
    """What a parser gave for one installation."""

    records: list[Record]
    accounting: dict[str, Accounting]
    app: str = ""
    handles: dict[str, str | None] = field(default_factory=dict)

    def of(self, kind: type) -> list[Any]:
        return [record for record in self.records if type(record) is kind]

    @property
    def messages(self) -> list[Message]:
        return self.of(Message)

    @property
    def notices(self) -> list[Notice]:
        return self.of(Notice)

    @property
    def calls(self) -> list[Call]:
        return self.of(Call)

    def message(self, rowid: int, table: str = "message") -> Message:
        """The message of a row."""
        (message,) = [m for m in self.messages if (m.source.table, m.source.rowid) == (table, rowid)]
        return message


def read(root: Path, work: Path) -> Reading:
    """Run the parser over a folder of evidence."""
    with open_installation(root, work) as installation:
        records = list(WhatsAppAndroid().read(installation))
        demand_both_ways_alike(records, installation)
        return Reading(records, installation.accounting)


def demand_both_ways_alike(records: list[Record], installation: Installation) -> None:
    """What the parser gives as rows is what is made of its records."""
    again = replace(installation, accounting={})
    rows = list(WhatsAppAndroid().read_rows(again))
    for one, other in zip(rows, records, strict=True):
        assert _as_stored(one) == _as_stored(other)
    assert again.accounting == installation.accounting


def _as_stored(record: Record | PackedRow) -> object:
    """Rows with the types of their values: True is not 1 here."""
    row = packed(record) if isinstance(record, Message) else record
    return [(type(each), each) for each in row] if isinstance(row, tuple) else row


def readable(reading: Reading) -> list[dict[str, Any]]:
    """The records as the golden cases write them: jids instead of ids, sources cut down."""
    names = _names(reading)
    kept = []
    for record in reading.records:
        if isinstance(record, Notice):
            continue
        plain = _with_names(_plain(record), names)
        kept.append(plain)
    return kept


def _names(reading: Reading) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for record in reading.records:
        if isinstance(record, Participant):
            names[record.id] = "owner" if record.is_owner else record.handle
        elif isinstance(record, Conversation):
            names[record.id] = record.handle or record.id
        elif isinstance(record, Message):
            names[record.id] = f"{record.source.table}:{record.source.rowid}"
    return names


def _plain(record: Record) -> dict[str, Any]:
    if isinstance(record, Message):
        plain: dict[str, Any] = json.loads(message_canonical(record))
        return {**plain, "source": _place(record.source), "also": [_place(each) for each in record.also]}
    if isinstance(record, Call):
        return {**call_dict(record), "source": _place(record.source)}
    if isinstance(record, Account):
        return account_dict(record)
    if isinstance(record, Conversation):
        return conversation_dict(record, 0)
    assert isinstance(record, Participant)
    return {**participant_dict(record), "handle": "owner" if record.is_owner else record.handle}


def _place(source: Source) -> dict[str, Any]:
    kept = source_dict(source)
    return {key: kept[key] for key in ("path", "table", "rowid", "app_id")}


_TEXTS = frozenset({"text", "detail", "caption", "title", "name", "filename", "id_in_text"})


def _with_names(value: Any, names: dict[str, str | None]) -> Any:
    if isinstance(value, dict):
        return {key: each if key in _TEXTS else _with_names(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def as_json(value: Any) -> str:
    """One form for equal values, to sort and compare by."""
    return to_json(value)
