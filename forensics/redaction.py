"""A delivery without some of its records: what is left keeps its proofs, what is withheld is a hash.

A record cannot be changed and keep its digest: one that names what is withheld anywhere is withheld too.
Forms that show several records together (PDF, HTML, tables) and the custody log are left out: nothing can be
cut out of them. What the texts of the rest say, a person must read.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import MachineFailed, WrongUse
from forensics.record_tree import BAG_INFO, ODD, RECORDS, TREE, DamagedTree, Leaf, leaves
from forensics.verify_delivery import REDACTED, the_one_number

_ID = re.compile(rb"\b[acpmkf][0-9a-f]{16,64}\b")
_KEPT_TAGS = ("VERIFY.txt", "verify_delivery.py")
_DROPPED = ("Payload-Oxum", "Report-", "Redacted-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """How many records are left and how many are withheld, and the number that covers the new delivery."""

    kept: int
    withheld: int
    tagmanifest_sha256: str


def read_ids(file: Path) -> frozenset[bytes]:
    """Ids to withhold, one a line: messages, calls, conversations, participants, accounts, flags."""
    try:
        lines = [each.split(b"#")[0].strip() for each in file.read_bytes().splitlines()]
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read: {error.strerror}") from error
    wrong = [each for each in lines if each and not _ID.fullmatch(each)]
    if wrong or not any(lines):
        named = wrong[0].decode("utf-8", "replace") if wrong else "nothing"
        raise WrongUse(f"{file}: holds {named}: give ids as in messages.jsonl, one a line")
    return frozenset(filter(None, lines))


def redact(delivery: Path, ids: frozenset[bytes], folder: Path) -> Redacted:
    """Write the delivery without these records. Raises WrongUse, and MachineFailed without space."""
    if not (delivery / TREE).is_file() or not (delivery / RECORDS).is_file():
        raise WrongUse(f"{delivery}: has no {RECORDS} with {TREE}: nothing of it can be redacted and proven")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"{folder}: is not an empty folder; name a folder that does not exist yet")
    try:
        withheld, places = _spread(delivery, ids)
        return _write(delivery, folder, withheld, places)
    except ODD as error:
        why = f"{TREE} or {RECORDS} is damaged ({error})"
        raise WrongUse(f"{delivery}: {why}; check the delivery with `sporen verify`") from error
    except OSError as error:
        raise MachineFailed(f"{folder}: cannot be written: {error.strerror}") from error


Place = tuple[object, object, object]


def _spread(delivery: Path, ids: frozenset[bytes]) -> tuple[set[bytes], set[Place]]:
    """What is withheld with these ids: messages and calls of a conversation or a person, what names one of
    those, and so on; and their rows."""
    withheld, known, naming = set(ids), set[bytes](), dict[bytes, list[bytes]]()
    for line in _lines(delivery):
        record = json.loads(line)
        key = str(record.get("id")).encode()
        known.add(key)
        owners = (record.get("conversation"), record.get("sender"), record.get("account"))
        if any(str(each).encode() in ids for each in owners):
            withheld.add(key)
        if record.get("record") in _TOLD:
            named = set(_ID.findall(line)) - {key}
            if not ids.isdisjoint(named):
                withheld.add(key)
            for each in named:
                if each[:1] in _TWINS:  # a message or a call
                    naming.setdefault(each, []).append(key)
    if ids - known:
        missing = ", ".join(sorted(each.decode() for each in ids - known))
        raise WrongUse(f"{missing}: no record of that id is in the delivery")
    _grow(withheld, naming)
    return withheld, _places(delivery, withheld)


_TOLD = ("message", "call")
# A message that tells of a call and the call are of one row: their ids differ in the first letter only.
_TWINS = {b"m": b"k", b"k": b"m"}


def _grow(withheld: set[bytes], naming: dict[bytes, list[bytes]]) -> None:
    """Add what names a withheld message or call, and the other record of its row, until nothing is added."""
    waiting = list(withheld)
    while waiting:
        key = waiting.pop()
        twin = [_TWINS[key[:1]] + key[1:]] if key[:1] in _TWINS else []
        added = {*twin, *naming.get(key, ())} - withheld
        withheld |= added
        waiting += added


def _places(delivery: Path, withheld: set[bytes]) -> set[Place]:
    """The rows of what is withheld."""
    places = set[Place]()
    for line in _lines(delivery):
        record = json.loads(line)
        if str(record.get("id")).encode() in withheld:
            for source in (record.get("source"), *record.get("also", ())):
                places |= {_place(source)} if isinstance(source, dict) else set()
    return places


def _lines(delivery: Path) -> Iterator[bytes]:
    return (each.line for each in leaves(delivery) if each.line is not None)


def _place(source: dict[str, object]) -> Place:
    return source["path"], source["table"], source["rowid"] or source["rowid_key"]


def _is_kept(leaf: Leaf, withheld: set[bytes], places: set[Place]) -> bool:
    """Whether a record names nothing that is withheld. Notices with raw values or copies are withheld too."""
    if leaf.line is None or not withheld.isdisjoint(_ID.findall(leaf.line)):
        return False
    record = json.loads(leaf.line)
    if record.get("record") != "notice":
        return True
    source = record["source"]
    return record["raw"] is None and (source is None or _place(source) not in places)


def _write(delivery: Path, folder: Path, withheld: set[bytes], places: set[Place]) -> Redacted:
    kept = hidden = 0
    (folder / "data").mkdir(parents=True)
    with (folder / RECORDS).open("wb") as records, (folder / TREE).open("wb") as tree:
        for each in leaves(delivery):
            if each.line is not None and each.salt is not None and _is_kept(each, withheld, places):
                records.write(each.line + b"\n")
                tree.write(b"salt %s\n" % each.salt.hex().encode())
                kept += 1
            else:
                tree.write(b"leaf %s\n" % each.leaf.hex().encode())
                hidden += 1
    return Redacted(kept=kept, withheld=hidden, tagmanifest_sha256=_seal(delivery, folder, kept, hidden))


def _seal(delivery: Path, folder: Path, kept: int, hidden: int) -> str:
    """The tag files of the new delivery (RFC 8493)."""
    payload = [folder / RECORDS, folder / TREE]
    old = (delivery / "bag-info.txt").read_text("utf-8").splitlines()
    info = [each for each in old if not each.startswith(_DROPPED)]
    info.append(f"Payload-Oxum: {sum(each.stat().st_size for each in payload)}.{len(payload)}")
    info.append(f"{REDACTED}: {the_one_number(delivery)}")
    info.append(f"Redacted-Records: {hidden} withheld, {kept} delivered")
    if not any(each.startswith(f"{BAG_INFO}: ") for each in info):
        raise DamagedTree("bag-info.txt names no root")
    (folder / "bag-info.txt").write_bytes("".join(f"{each}\n" for each in info).encode())
    for name in _KEPT_TAGS:
        shutil.copyfile(delivery / name, folder / name)
    (folder / "manifest-sha256.txt").write_bytes(_manifest(folder, payload))
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    tags = sorted(each for each in folder.iterdir() if each.is_file())
    (folder / "tagmanifest-sha256.txt").write_bytes(_manifest(folder, tags))
    return the_one_number(folder)


def _manifest(folder: Path, paths: Iterable[Path]) -> bytes:
    rows = []
    for path in paths:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        rows.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(rows).encode()
