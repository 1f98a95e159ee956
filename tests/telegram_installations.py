"""Telegram evidence as the parser gets it, and its records in the readable form of the golden cases."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from whatsapp_installations import EVIDENCE_SHA256, Reading

from forensics.digest import (
    account_dict,
    call_dict,
    conversation_dict,
    message_canonical,
    participant_dict,
    source_dict,
)
from forensics.formats.sqlite import Database
from forensics.model import Account, Call, Conversation, Message, Notice, Participant, Record, Source
from forensics.parser import Installation, Media, SideFile
from parsers.telegram_android import TelegramAndroid

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "telegram_android"


def load(name: str) -> ModuleType:
    """A module of the golden cases."""
    specification = importlib.util.spec_from_file_location(f"telegram_golden_{name}", FOLDER / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@contextlib.contextmanager
def open_installation(root: Path, work: Path, main: str) -> Iterator[Installation]:
    """The database at ``main`` below a folder of evidence, put together without the core's intake."""
    parser = TelegramAndroid()
    with contextlib.ExitStack() as stack:
        found: dict[str, tuple[Database, str, str]] = {}
        for file in sorted(root.rglob("*.db")):
            name = file.relative_to(root).as_posix()
            database = stack.enter_context(_open(file, work, stack))
            role = parser.role(database)
            if role is not None and (role != parser.main_role or name == main):
                found[role] = (database, name, hashlib.sha256(file.read_bytes()).hexdigest())
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
        tail = "/".join(stored.split("/")[-2:])
        for name, file in files:
            if f"/{name}".endswith(f"/{tail}"):
                data = file.read_bytes()
                return Media(path=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        return None

    return find


def read(root: Path, work: Path, main: str = "") -> Reading:
    """Run the parser over a folder of evidence; ``main`` is the path of its database, else the first one."""
    first = main or min(file.relative_to(root).as_posix() for file in root.rglob("cache4.db"))
    if not main:
        first = min((file.relative_to(root).as_posix() for file in root.rglob("cache4.db")), key=len)
    with open_installation(root, work, first) as installation:
        records = list(TelegramAndroid().read(installation))
        return Reading(records, installation.accounting)


def readable(reading: Reading) -> list[dict[str, Any]]:
    """The records as the golden cases write them: handles instead of ids, sources cut down."""
    names = _names(reading)
    return [_with_names(_plain(each), names) for each in reading.records if not isinstance(each, Notice)]


def _names(reading: Reading) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for record in reading.records:
        if isinstance(record, Participant):
            hidden = f"hidden: {record.names[0].name}" if record.handle is None and record.names else None
            names[record.id] = "owner" if record.is_owner else record.handle or hidden
        elif isinstance(record, Conversation):
            names[record.id] = record.handle
        elif isinstance(record, Message):
            names[record.id] = f"{record.source.table}:{record.source.app_id}"
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


_TEXTS = frozenset({"text", "detail", "caption", "title", "name", "filename"})


def _with_names(value: Any, names: dict[str, str | None]) -> Any:
    if isinstance(value, dict):
        return {key: each if key in _TEXTS else _with_names(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
