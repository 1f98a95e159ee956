"""Postbox evidence as the parser gets it, and its records in the readable form of the golden cases."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from telegram_installations import _media_finder, _names, _plain, _with_names
from whatsapp_installations import EVIDENCE_SHA256, Reading

from forensics.digest import source_dict
from forensics.formats.sqlite import Database
from forensics.model import Message, Notice, Source
from forensics.parser import Installation
from parsers.telegram_postbox import TelegramPostbox

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "telegram_postbox"
NAME = "db_sqlite"


def load(name: str) -> ModuleType:
    """A module of the golden cases, which import each other."""
    sys.path.insert(0, str(FOLDER))
    try:
        full = f"postbox_golden_{name}"
        specification = importlib.util.spec_from_file_location(full, FOLDER / f"{name}.py")
        assert specification is not None
        assert specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))
        for each in ("encoding", "objects", "cases_direct", "cases_groups"):
            sys.modules.pop(each, None)


@contextlib.contextmanager
def open_installation(root: Path, work: Path, main: str) -> Iterator[Installation]:
    """The database at ``main`` below a folder of evidence, put together without the core's intake."""
    file = root / main
    log = Path(f"{file}-wal")
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(file.open("rb"))
        wal = stack.enter_context(log.open("rb")) if log.exists() else None
        database = stack.enter_context(Database.open(stream, wal=wal, work=work, name=NAME))
        assert TelegramPostbox().role(database) == "messages"
        paths = sorted(each for each in root.rglob("*") if each.is_file())
        yield Installation(
            database=database,
            path=main,
            evidence_sha256=EVIDENCE_SHA256,
            file_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            exhibit=None,
            others={},
            side_files=(),
            media=_media_finder([(each.relative_to(root).as_posix(), each) for each in paths]),
        )


def read(root: Path, work: Path, main: str = "") -> Reading:
    """Run the parser over a folder of evidence; ``main`` is the path of its database, else the first one."""
    first = main or min(file.relative_to(root).as_posix() for file in root.rglob(NAME))
    with open_installation(root, work, first) as installation:
        records = list(TelegramPostbox().read(installation))
        return Reading(records, installation.accounting)


def readable(reading: Reading) -> list[dict[str, Any]]:
    """The records as the golden cases write them: handles instead of ids, sources cut down."""
    names = _names(reading)
    found = []
    for each in reading.records:
        if isinstance(each, Notice):
            continue
        plain = _plain(each)
        if isinstance(each, Message):
            plain |= {"source": _place(each.source), "also": [_place(source) for source in each.also]}
        found.append(_with_names(plain, names))
    return found


def _place(source: Source) -> dict[str, Any]:
    kept = source_dict(source)
    return {key: kept[key] for key in ("path", "table", "rowid", "rowid_key", "app_id")}
