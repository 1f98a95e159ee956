"""One message with what stands around it, and its row read again from the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forensics import registry, times
from forensics.case import Case
from forensics.case_copies import copies_of
from forensics.case_reader import CaseReader
from forensics.comparison import counterparts, differences, standing_for
from forensics.device_clock import offset_of
from forensics.errors import EvidenceUnreadable, WrongKey, WrongUse
from forensics.formats.sqlite import Database
from forensics.intake import Intake
from forensics.items import FoundDocument
from forensics.key_ring import KeyFile, KeyRing
from forensics.mentions import with_names
from forensics.parser import KnowsTimes, Parser
from forensics.progressed import Tell, nobody

_AROUND = 5
_SHOWN_BYTES = 2000


def shown(
    case: Case, key: str, evidence: Path | None, keys: Sequence[KeyFile], tell: Tell = nobody
) -> dict[str, Any]:
    """What ``sporen show`` tells. WrongUse for an unknown id."""
    key = standing_for(case.db, key)
    message = CaseReader(case).message(key)
    if message is None:
        raise WrongUse(f"{key}: no message of that id in this case; `sporen search` gives ids")
    return {
        "message": message,
        "clock_offset_seconds": offset_of(case.db, case.info.get("config")),
        "text_with_names": with_names(message, lambda each: _name(case, each)),
        "copies": copies_of(case.db, key),
        "context": _context(case, key),
        **_seen_elsewhere(case, key),
        "source_row": _source_row(case, message["source"], evidence, keys, tell),
    }


def _name(case: Case, participant: str) -> str:
    """What a person is called first, else the number or id."""
    row = case.db.execute(
        "SELECT json_extract(names, '$[0].name'), phone, handle FROM participant WHERE id = ?", (participant,)
    ).fetchone()
    return next((str(each) for each in row or () if each), participant)


def _seen_elsewhere(case: Case, key: str) -> dict[str, Any]:
    """The same message on other phones, and what other databases and phones say otherwise."""
    (number,) = case.db.execute("SELECT n FROM message WHERE id = ?", (bytes.fromhex(key[1:]),)).fetchone()
    return {
        "on_both_devices": counterparts(case.db, number),
        "differences": list(differences(case.db, number)),
    }


def _context(case: Case, key: str) -> list[dict[str, Any]]:
    """The messages before and after it in its conversation."""
    item = "(SELECT e.rank FROM file AS f LEFT JOIN evidence AS e ON e.n = f.evidence WHERE f.n = m.file)"
    number, conversation, sent_at, rank = case.db.execute(
        f"SELECT m.n, m.conversation, m.sent_at, {item} FROM message AS m WHERE m.id = ?",
        (bytes.fromhex(key[1:]),),
    ).fetchone()
    columns = "m.id, m.sent_at, m.state, m.text, p.id, json_extract(p.names, '$[0].name'), p.phone, p.handle"
    sql = (
        f"SELECT {columns} FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender"
        f" WHERE m.conversation = ?"
        f" AND (m.sent_at IS NULL, ifnull(m.sent_at, 0), {item}, m.n) {{}} (?, ?, ?, ?)"
        f" ORDER BY m.sent_at IS NULL {{}}, m.sent_at {{}}, {item} {{}}, m.n {{}} LIMIT ?"
    )
    place = (conversation, sent_at is None, sent_at or 0, rank, number)
    down, up = ("DESC",) * 4, ("ASC",) * 4
    before = case.db.execute(sql.format("<", *down), (*place, _AROUND)).fetchall()
    after = case.db.execute(sql.format(">=", *up), (*place, _AROUND + 1)).fetchall()
    return [_line(row) for row in [*reversed(before), *after]]


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    key, sent_at, state, text, sender, name, phone, handle = row
    return {
        "id": f"m{key.hex()}",
        "sent_at": times.rfc3339(sent_at),
        "state": state,
        "text": text,
        "sender": sender,
        "sender_name": name or phone or handle,
    }


def _source_row(
    case: Case, source: dict[str, Any], evidence: Path | None, keys: Sequence[KeyFile], tell: Tell
) -> dict[str, Any]:
    """The row as the evidence has it now, or why it cannot be read."""
    has_row = source["table"] is not None and (source["rowid"] is not None or source["rowid_key"] is not None)
    if not has_row or source["page"] is not None:
        return {"status": "this record has no row in a table that could be read again"}
    stored = case.db.execute(
        "SELECT path FROM evidence WHERE sha256 = ?", (source["evidence_sha256"],)
    ).fetchone()
    path = evidence or Path(stored[0])
    try:
        parsers, documents = registry.parsers(), registry.document_parsers()
        with Intake(parsers, KeyRing(keys), case.work_folder(), document_parsers=documents) as intake:
            item = intake.open(path, tell)
            if item.sha256 != source["evidence_sha256"]:
                return {"status": f"{path} is not the evidence of this record: its SHA-256 is {item.sha256}"}
            intake.look(item, tell)
            intake.open_encrypted()
            for found in item.found:
                if found.path == source["path"]:
                    values = _row(found.database, source)
                    return _read_again(path, values) | _times(found.parser, values)
            for written in item.documents:
                if written.path == source["path"]:
                    return _read_again(path, _entry(written, source["offset"]))
    except (EvidenceUnreadable, WrongKey) as error:
        return {"status": f"cannot be read again: {error}; name it with --evidence"}
    return {"status": f"{source['path']} cannot be opened now; name its key with --key"}


def _row(database: Database, source: dict[str, Any]) -> dict[str, object] | None:
    """The row by its row id; of a key-value store by its key, which all rows are looked through for."""
    table = source["table"]
    if source["rowid"] is not None:
        return database.row(table, source["rowid"])
    columns = [column for column in database.tables()[table].columns if not column.is_computed]
    key = next((column for column in columns if column.primary_key), columns[0]).name
    names, wanted = [column.name for column in columns], bytes.fromhex(source["rowid_key"])
    found = (row[2:] for row in database.rows(table, [key, *names]) if row[1] == wanted)
    values = next(found, None)
    return None if values is None else dict(zip(names, values, strict=True))


def _entry(written: FoundDocument, offset: int | None) -> dict[str, object] | None:
    """What stands in a document from that offset on; a document has no rows that could be cut out."""
    if offset is None or offset >= written.size:
        return None
    with written.open() as stream:
        stream.seek(offset)
        return {"text from there on": stream.read(_SHOWN_BYTES).decode("utf-8", "replace")}


def _times(parser: Parser, values: Mapping[str, object] | None) -> dict[str, Any]:
    """Times in the row that the record has no field for."""
    if values is None or not isinstance(parser, KnowsTimes):
        return {}
    found = {name: times.rfc3339(at) for name, at in parser.times_in(values).items()}
    return {"times": found} if found else {}


def _read_again(path: Path, values: dict[str, object] | None) -> dict[str, Any]:
    if values is None:
        return {"status": f"the row is not in {path}"}
    plain = {name: {"blob": each.hex()} if isinstance(each, bytes) else each for name, each in values.items()}
    return {"status": f"read again from {path}", "values": plain}
