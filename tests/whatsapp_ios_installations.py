"""WhatsApp evidence of iOS as a parser gets it; expected records of the golden cases in full."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fixture_programs import load
from whatsapp_installations import EVIDENCE_SHA256, Reading, _media_finder, _open, readable

from forensics.formats.sqlite import Database
from forensics.parser import Installation, SideFile
from parsers.whatsapp_ios import WhatsAppIOS

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_ios"
MESSAGE: dict[str, Any] = {
    "app": "whatsapp", "platform": "ios", "conversation": None, "sender": None, "from_owner": False,
    "status": None, "sent_at": None, "received_at": None, "delivered_at": None, "read_at": None,
    "edited_at": None, "deleted_at": None, "kind": "text", "text": None, "state": "live", "deleted_by": None,
    "reply_to": None, "forwarded": None, "reactions": [], "edits": [], "receipts": [], "mentions": [],
    "attachments": [], "location": None, "contacts": [], "poll": None, "system": None, "expires_after": None,
    "view_once": False, "starred": False, "also": [],
}  # fmt: skip
TIMES = {"sent_at", "received_at", "at"}


BUILD = load("whatsapp_ios")


def read(root: Path, work: Path) -> Reading:
    """Run the parser over a folder of evidence."""
    parser = WhatsAppIOS()
    with contextlib.ExitStack() as stack:
        found: dict[str, tuple[Database, str, str]] = {}
        for file in sorted(root.rglob("*.sqlite")):
            database = stack.enter_context(_open(file, work, stack))
            role = parser.role(database)
            if role is not None:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                found[role] = (database, file.relative_to(root).as_posix(), digest)
        database, path, digest = found.pop(parser.main_role)
        relative = [
            (file.relative_to(root).as_posix(), file) for file in sorted(root.rglob("*")) if file.is_file()
        ]
        installation = Installation(
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
        return Reading(list(parser.read(installation)), installation.accounting)


def expected(case: str) -> list[dict[str, Any]]:
    """The expected records with everything that they leave unsaid: what is not named has its default."""
    people = json.loads((FOLDER / "people.json").read_text("utf-8"))
    lines = (FOLDER / case / "expected.jsonl").read_text("utf-8").splitlines()
    return [_whole(json.loads(line), people) for line in lines if line]


def _whole(short: dict[str, Any], people: dict[str, str]) -> dict[str, Any]:
    record = {key: value for key, value in short.items() if key not in ("n", "open", "app_id")}
    if short.get("record", "message") == "message":
        record = {"record": "message", **MESSAGE, **_numbered(short), **record}
        if record["from_owner"]:
            record["sender"] = short.get("sender", "@owner")
            record["received_at"] = short.get("received_at")
    if "source" in record:
        record["source"] = _source(record["source"])
    for name in short.get("open", []):
        record.pop(name, None)
    return _named(record, "", people)


def _numbered(short: dict[str, Any]) -> dict[str, Any]:
    """Message n has Z_PK n, key Snn and time n; it arrived 1.5 seconds later."""
    number = short.get("n")
    if number is None:
        return {}
    key = short.get("app_id", f"S{number:02}")
    return {
        "source": ["ZWAMESSAGE", number, key],
        "sent_at": f"m{number}",
        "received_at": f"r{number}",
    }


def _source(value: list[Any]) -> dict[str, Any]:
    table, rowid, *rest = value
    source = {"table": table, "rowid": rowid, "app_id": rest[0] if rest else None}
    return {**source, "path": rest[1]} if len(rest) > 1 else source


def _named(value: Any, key: str, people: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _named(each, name, people) for name, each in value.items()}
    if isinstance(value, list):
        return [_named(each, key, people) for each in value]
    if isinstance(value, str) and key in TIMES and value[0] in "mr" and value[1:].isdigit():
        late = 1.5 if value[0] == "r" else 0
        moment = datetime(2001, 1, 1) + timedelta(seconds=700_000_000 + 60 * int(value[1:]) + late)
        return f"{moment.isoformat(timespec='milliseconds')}Z"
    return people.get(value, value) if isinstance(value, str) else value


def records(reading: Reading) -> list[dict[str, Any]]:
    """The records found, in the same readable form."""
    return readable(reading)
