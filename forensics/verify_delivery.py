"""Verification of a delivery: its manifests, its copy of the log, and the digest of every record.

The delivery carries a program of its own that does this without Sporen; the two were written apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

import rfc8785

from forensics.digest import call_dict, canonical, sha256
from forensics.errors import MachineFailed
from forensics.events import Event, ItemFailed, ItemOpened
from forensics.extract import Batch
from forensics.message_row import Packed
from forensics.record_tree import BAG_INFO, RECORDS, TREE, DamagedTree, Growing, leaves
from forensics.times import rfc3339
from forensics.verify import Report, check_log

_TAGS = "tagmanifest-sha256.txt"
# What a redacted delivery says in bag-info.txt: the number of the one that it was made from.
REDACTED = "Redacted-From"
SIGNATURE = f"{_TAGS}.p7s"
_NEEDED = frozenset(("bagit.txt", "bag-info.txt", "manifest-sha256.txt"))


def the_one_number(folder: Path) -> str:
    """The SHA-256 of the tag manifest, which covers the whole delivery; empty where that is missing."""
    path = folder / _TAGS
    return _file_sha256(path) if path.is_file() else ""


def is_delivery(path: Path) -> bool:
    """Whether the folder is a delivery: a BagIt bag."""
    return (path / "bagit.txt").is_file() or (path / _TAGS).is_file()


def is_signed(folder: Path) -> bool:
    """Whether anything of the delivery is signed with a certificate, or is said to be."""
    report, info = folder / "data" / "report.pdf", folder / "bag-info.txt"
    if (folder / SIGNATURE).is_file() or any(each.startswith("Report-Signature:") for each in _lines(info)):
        return True
    try:
        return report.is_file() and b"/ByteRange" in report.read_bytes()
    except OSError as error:
        raise MachineFailed(f"{report}: cannot be read: {error.strerror}") from error


def verify_delivery(folder: Path) -> Report:
    """Check a delivery; MachineFailed when a file of it cannot be read."""
    report = Report()
    try:
        _package(folder, report)
        _log(folder, report)
        for record in _records(folder, report):
            _check_record(record, report)
        _check_tree(folder, report)
    except OSError as error:
        raise MachineFailed(f"{error.filename or folder}: cannot be read: {error.strerror}") from error
    return report


def _package(folder: Path, report: Report) -> None:
    """What the manifests list is there and unchanged, and nothing else is in the payload (RFC 8493)."""
    present = {
        normalize("NFC", p.relative_to(folder).as_posix()): p for p in folder.rglob("*") if not p.is_dir()
    }
    for name, path in present.items():
        if path.is_symlink():
            report.problem(name, "is a link; a delivery holds files only")
    payload = {name for name in present if name.startswith("data/")}
    listed = _manifest(folder, "manifest-sha256.txt", report)
    for name in sorted(payload - listed):
        report.problem(name, "is in the delivery and not in manifest-sha256.txt: it was added")
    tags = _manifest(folder, _TAGS, report)
    for name in sorted(_NEEDED - tags):
        report.problem(_TAGS, f"does not list {name}")
    oxum = f"Payload-Oxum: {sum(present[n].stat().st_size for n in payload)}.{len(payload)}"
    if oxum not in _lines(folder / "bag-info.txt"):
        report.problem("bag-info.txt", f"should say {oxum}")
    for name in sorted(present.keys() - payload - tags - {_TAGS, SIGNATURE}):
        report.remarks.append(f"{name}: not part of the delivery")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").split("\n") if path.is_file() else []


def _manifest(folder: Path, name: str, report: Report) -> set[str]:
    """Compare every file that a manifest lists; gives their names."""
    listed: set[str] = set()
    if not (folder / name).is_file():
        report.problem(name, "is missing")
    for line in filter(None, _lines(folder / name)):
        digest, _, path = line.partition("  ")
        path = path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        file = (folder / path).resolve()
        report.count("files")
        if folder.resolve() not in file.parents or path in listed:
            report.problem(name, f"lists {path}, which leads out of the delivery or stands there twice")
        elif not file.is_file():
            report.problem(path, "is missing")
        elif _file_sha256(file) != digest:
            report.problem(path, f"was changed: its SHA-256 is not the one in {name}")
        listed.add(path)
    return listed


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _log(folder: Path, report: Report) -> None:
    log = folder / "data" / "custody.jsonl"
    if not log.is_file() and any(each.startswith(f"{REDACTED}:") for each in _lines(folder / "bag-info.txt")):
        report.remarks.append("a redacted delivery: records are withheld, and with them the custody log")
        return
    if not log.is_file():
        report.problem("data/custody.jsonl", "is missing")
        return
    check_log(report, log, "data/custody.jsonl", None)
    with log.open("rb") as stream:
        report.count("log entries", sum(1 for _ in stream))


def _records(folder: Path, report: Report) -> Iterator[Mapping[str, Any]]:
    """The records of messages.jsonl, where the delivery has it."""
    path = folder / "data" / "messages.jsonl"
    if not path.is_file():
        report.remarks.append(
            "data/messages.jsonl is not part of this delivery: no record was checked by itself"
        )
        return
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                record = json.loads(line)
            except ValueError:
                report.problem("data/messages.jsonl", f"line {number} is not JSON")
                continue
            if isinstance(record, dict):
                yield record


def _check_tree(folder: Path, report: Report) -> None:
    """The records, and the leaves of those that are withheld, give the root that bag-info.txt names."""
    if not (folder / TREE).is_file() or not (folder / RECORDS).is_file():
        return
    tree = Growing()
    try:
        for each in leaves(folder):
            tree.add(each.leaf)
            report.count("records withheld" if each.line is None else "records in the tree")
    except DamagedTree as error:
        report.problem(TREE, str(error))
        return
    if f"{BAG_INFO}: {tree.bag_info}" not in _lines(folder / "bag-info.txt"):
        report.problem(TREE, f"gives another root than bag-info.txt names: {tree.bag_info}")


def _check_record(record: Mapping[str, Any], report: Report) -> None:
    if record.get("record") not in ("message", "call"):
        return
    report.count("records")
    kept = {name: value for name, value in record.items() if name not in ("id", "record_sha256")}
    try:
        digest = sha256(canonical(kept))
    except rfc8785.CanonicalizationError:
        digest = ""  # numbers that no record can hold
    if digest != record.get("record_sha256"):
        report.problem("data/messages.jsonl", f"{record.get('id')}: its fields do not give its record_sha256")


def verify_delivery_evidence(folder: Path, events: Iterable[Event], report: Report) -> None:
    """Compare the delivered messages and calls with what the evidence gives now.

    What the evidence has beyond the delivery is counted in a remark: an authority may not have covered it.
    """
    delivered = {str(r["id"]): r for r in _records(folder, Report()) if _is_comparable(r)}
    places = (each for r in delivered.values() for each in (r["source"], *r.get("also", ())))
    sources = {str(each["evidence_sha256"]) for each in places}
    further = {_row(each) for r in delivered.values() for each in r.get("also", ())}
    beyond = 0
    for event in events:
        match event:
            case ItemFailed() if event.sha256 is None or event.sha256 in sources:
                report.cannot_read(event.path, event.error)
            case ItemFailed() | ItemOpened() if event.sha256 not in sources:
                text = f"its SHA-256 is {event.sha256}: not the evidence of this delivery"
                report.problem(event.path, text)
            case Batch():
                for found in _found(event, further):
                    beyond += _compare(*found, delivered, report)
            case _:
                continue  # progress, and what is said of files, has no record
    for key in sorted(delivered if not report.unread else ()):
        report.problem("data/messages.jsonl", f"{key} is not in the evidence that was given")
    if beyond:
        report.remarks.append(f"{beyond} messages and calls of the evidence are not records of the delivery")


def _row(source: Mapping[str, Any]) -> tuple[object, ...]:
    return source["path"], source["table"], source["rowid"]


def _found(batch: Batch, further: set[tuple[object, ...]]) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    """Id, digest and content of what the evidence gives, without the rows that are ``further`` sources."""
    for packed in map(Packed._make, batch.messages):
        if (packed.path, packed.table_name, packed.row_id) in further:
            continue
        content = (
            (packed.conversation, packed.sender),
            packed.kind,
            packed.state,
            rfc3339(packed.sent_at),
            packed.text,
        )
        yield f"m{packed.id.hex()}", packed.sha256.hex(), content
    for call in batch.calls:
        yield call.id, sha256(canonical(call_dict(call))), ()


def _compare(
    key: str,
    digest: str,
    content: tuple[object, ...],
    delivered: dict[str, Mapping[str, Any]],
    report: Report,
) -> bool:
    """Compare one record; gives whether the delivery does not have it."""
    record = delivered.pop(key, None)
    if record is None:
        return True
    report.count("records compared")
    same = record["record_sha256"] == digest
    if not same and content and _is_put_together(record, content):
        same = content[1:] == tuple(record[name] for name in ("kind", "state", "sent_at", "text"))
    if not same:
        report.problem("data/messages.jsonl", f"{key} is not what the evidence says")
    return False


def _is_put_together(record: Mapping[str, Any], content: tuple[object, ...]) -> bool:
    """Whether the digest of a record is not that of its row: it stands for several, answers one of several,
    or is of an account that its database does not name."""
    return bool(
        record.get("also")
        or record.get("reply_to")
        or content[0] != (record["conversation"], record["sender"])
    )


def _is_comparable(record: Mapping[str, Any]) -> bool:
    is_known = record.get("record") in ("message", "call") and "record_sha256" in record
    return is_known and isinstance(record.get("source"), dict)
