"""What a case holds of a file that was read: an item's database, document, log or small file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics.digest import sha256
from forensics.items import Companion, Found, FoundDocument
from forensics.key_ring import Unlocked
from forensics.parser import Installation, ReadsSideFiles


def file_record(
    *, path: str, size: int, sha256: str, app: str, platform: str, role: str, schema: str = ""
) -> dict[str, Any]:
    """The record of a file as stored, without companions or key, no table of it read yet.

    ``role`` is a parser's word for a database, or ``wal``, ``journal``, ``document`` or ``side file``.
    """
    return {
        "path": path,
        "size": size,
        "sha256": sha256,
        "app": app,
        "platform": platform,
        "role": role,
        "schema": schema,
        "companions": [],
        "opened_by": None,
        "tables": {},
    }


def database_record(found: Found) -> dict[str, Any]:
    """The record of a database with its write-ahead log and journal, and the key that opened it."""
    record = file_record(
        path=found.path,
        size=found.size,
        sha256=found.sha256,
        app=found.app,
        platform=found.platform,
        role=found.role,
        schema=found.parser.schema(found.database),
    )
    return record | {
        "companions": [_companion(each) for each in found.companions],
        "opened_by": found.unlocked and _opened_by(found.unlocked),
    }


def _companion(companion: Companion) -> dict[str, Any]:
    return {
        "path": companion.path,
        "sha256": companion.sha256,
        "applied": companion.applied,
        "frames": companion.frames,
    }


def _opened_by(unlocked: Unlocked) -> dict[str, Any]:
    return {"form": unlocked.form, "key_sha256": unlocked.key_sha256, "details": unlocked.opened.details}


def side_file_records(main: Found, installation: Installation) -> Iterator[dict[str, Any]]:
    """The records of the small files beside a database that its parser finds something in."""
    if isinstance(main.parser, ReadsSideFiles):
        for file in main.parser.record_files(installation):
            yield file_record(
                path=file.path,
                size=len(file.data),
                sha256=sha256(file.data),
                app=main.app,
                platform=main.parser.platform,
                role="side file",
            )


def document_record(found: FoundDocument) -> dict[str, Any]:
    """The record of a document, such as a text export."""
    record = file_record(
        path=found.path,
        size=found.size,
        sha256=found.sha256,
        app=found.parser.app,
        platform=found.parser.platform,
        role="document",
        schema=found.schema,
    )
    return record | {"opened_by": found.unlocked and _opened_by(found.unlocked)}
