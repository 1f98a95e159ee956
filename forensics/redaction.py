"""A delivery without some of its records: what is left keeps its proofs, what is withheld is a hash.

A record cannot be changed and keep its digest: one that names what is withheld anywhere is withheld too.
Forms that show several records together (PDF, HTML, tables) and the custody log are left out: nothing can be
cut out of them; a report of its own is made from the records that are left. ``withheld.txt`` has a line for
each withheld record: its line in ``record-tree.txt``, and why. What the texts of the rest say, a person must
read.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import MachineFailed, WrongUse
from forensics.record_tree import BAG_INFO, ODD, RECORDS, TREE, DamagedTree, leaves
from forensics.verify_delivery import REDACTED, the_one_number

WITHHELD = "data/withheld.txt"
# Why a record is withheld; of several the first. ``raw``: a notice with raw values, which may hold anything.
REASONS = ("privilege", "third-person", "investigation", "unstated", "raw")
_GIVEN = REASONS[:4]
_ID = re.compile(rb"\b[acpmkf][0-9a-f]{16,64}\b")
_KEPT_TAGS = ("VERIFY.txt", "verify_delivery.py")
_DROPPED = ("Payload-Oxum", "Report-", "Redacted-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """How many records are left and how many are withheld, and the number that covers the new delivery."""

    kept: int
    withheld: int
    tagmanifest_sha256: str


def read_ids(file: Path) -> dict[bytes, str]:
    """Ids to withhold, one a line, each with its reason behind it or ``unstated``: messages, calls,
    conversations, participants, accounts, flags."""
    try:
        lines = [each.split(b"#")[0].split() for each in file.read_bytes().splitlines()]
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read: {error.strerror}") from error
    found: dict[bytes, str] = {}
    for key, *reason in filter(None, lines):
        said = b" ".join(reason).decode("utf-8", "replace") or "unstated"
        if not _ID.fullmatch(key) or said not in _GIVEN:
            named = b" ".join((key, *reason)).decode("utf-8", "replace")
            form = "give ids as in messages.jsonl, one a line, with nothing or a reason behind it"
            raise WrongUse(f"{file}: holds {named}: {form}: {', '.join(_GIVEN)}")
        found[key] = _first((said, found.get(key, said)))
    if not found:
        raise WrongUse(f"{file}: holds nothing: give ids as in messages.jsonl, one a line")
    return found


def _first(reasons: Iterable[str]) -> str:
    return min(reasons, key=REASONS.index)


def redact(
    delivery: Path,
    ids: Mapping[bytes, str],
    folder: Path,
    report: Callable[[Path, Path], None] | None = None,
) -> Redacted:
    """Write the delivery without these records. ``report``: makes a report of what is left in the second
    folder, which came from the first. Raises WrongUse, and MachineFailed without space."""
    if not (delivery / TREE).is_file() or not (delivery / RECORDS).is_file():
        raise WrongUse(f"{delivery}: has no {RECORDS} with {TREE}: nothing of it can be redacted and proven")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"{folder}: is not an empty folder; name a folder that does not exist yet")
    try:
        withheld, places = _spread(delivery, ids)
        kept, hidden = _write(delivery, folder, withheld, places)
        if report is not None:
            report(delivery, folder)
        number = _seal(delivery, folder, kept, hidden)
        return Redacted(kept=kept, withheld=hidden, tagmanifest_sha256=number)
    except ODD as error:
        why = f"{TREE} or {RECORDS} is damaged ({error})"
        raise WrongUse(f"{delivery}: {why}; check the delivery with `sporen verify`") from error
    except OSError as error:
        raise MachineFailed(f"{folder}: cannot be written: {error.strerror}") from error


Place = tuple[object, object, object]


def _spread(delivery: Path, ids: Mapping[bytes, str]) -> tuple[dict[bytes, str], dict[Place, str]]:
    """What is withheld with these ids, and why: messages and calls of a conversation or a person, what names
    one of those, and so on; and their rows."""
    withheld, known, naming = dict(ids), set[bytes](), dict[bytes, list[bytes]]()
    for line in _lines(delivery):
        record = json.loads(line)
        key = str(record.get("id")).encode()
        known.add(key)
        owners = {str(record.get(name)).encode() for name in ("conversation", "sender", "account")}
        named = set[bytes]()
        if record.get("record") in _TOLD:
            named = set(_ID.findall(line)) - {key}
            for each in named:
                if each[:1] in _TWINS:  # a message or a call
                    naming.setdefault(each, []).append(key)
        if causes := [ids[each] for each in owners | named if each in ids]:
            withheld[key] = _first((withheld.get(key, causes[0]), *causes))
    if ids.keys() - known:
        missing = ", ".join(sorted(each.decode() for each in ids.keys() - known))
        raise WrongUse(f"{missing}: no record of that id is in the delivery")
    _grow(withheld, naming)
    return withheld, _places(delivery, withheld)


_TOLD = ("message", "call")
# A message that tells of a call and the call are of one row: their ids differ in the first letter only.
_TWINS = {b"m": b"k", b"k": b"m"}


def _grow(withheld: dict[bytes, str], naming: dict[bytes, list[bytes]]) -> None:
    """Add what names a withheld message or call, and the other record of its row, until nothing is added;
    each for the first reason that reaches it."""
    waiting = [(REASONS.index(reason), key) for key, reason in withheld.items()]
    heapq.heapify(waiting)
    done = set[bytes]()
    while waiting:
        rank, key = heapq.heappop(waiting)
        if key in done:
            continue
        done.add(key)
        withheld[key] = REASONS[rank]
        twin = [_TWINS[key[:1]] + key[1:]] if key[:1] in _TWINS else []
        for each in (*twin, *naming.get(key, ())):
            if each not in done:
                heapq.heappush(waiting, (rank, each))


def _places(delivery: Path, withheld: Mapping[bytes, str]) -> dict[Place, str]:
    """The rows of what is withheld."""
    places: dict[Place, str] = {}
    for line in _lines(delivery):
        record = json.loads(line)
        reason = withheld.get(str(record.get("id")).encode())
        if reason is not None:
            for source in (record.get("source"), *record.get("also", ())):
                if isinstance(source, dict):
                    places[_place(source)] = _first((reason, places.get(_place(source), reason)))
    return places


def _lines(delivery: Path) -> Iterator[bytes]:
    return (each.line for each in leaves(delivery) if each.line is not None)


def _place(source: dict[str, object]) -> Place:
    return source["path"], source["table"], source["rowid"] or source["rowid_key"]


def _why(line: bytes, withheld: Mapping[bytes, str], places: Mapping[Place, str]) -> str | None:
    """Why a record is withheld; None where it names nothing that is. Notices with raw values or copies are
    withheld too."""
    causes = [withheld[each] for each in _ID.findall(line) if each in withheld]
    if causes:
        return _first(causes)
    record = json.loads(line)
    if record.get("record") != "notice":
        return None
    source = record["source"]
    if source is not None and _place(source) in places:
        return places[_place(source)]
    return None if record["raw"] is None else "raw"


def earlier_reasons(delivery: Path) -> dict[int, str]:
    """Why records were withheld from this delivery before, by their lines in the tree."""
    path = delivery / WITHHELD
    rows = path.read_text("ascii").splitlines() if path.is_file() else []
    pairs = (row.split(" ") for row in rows)
    return {int(number): reason if reason in REASONS else "unstated" for number, reason in pairs}


def _write(
    delivery: Path, folder: Path, withheld: Mapping[bytes, str], places: Mapping[Place, str]
) -> tuple[int, int]:
    """Write what is left; gives how many records are and how many are not."""
    kept, before, reasons = 0, earlier_reasons(delivery), dict[int, str]()
    (folder / "data").mkdir(parents=True)
    with (folder / RECORDS).open("wb") as records, (folder / TREE).open("wb") as tree:
        for number, each in enumerate(leaves(delivery), 1):
            reason = before.get(number, "unstated")
            if each.line is not None and each.salt is not None:
                said = _why(each.line, withheld, places)
                if said is None:
                    records.write(each.line + b"\n")
                    tree.write(b"salt %s\n" % each.salt.hex().encode())
                    kept += 1
                    continue
                reason = said
            tree.write(b"leaf %s\n" % each.leaf.hex().encode())
            reasons[number] = reason
    (folder / WITHHELD).write_text(
        "".join(f"{n} {why}\n" for n, why in reasons.items()), "ascii", newline="\n"
    )
    return kept, len(reasons)


def _seal(delivery: Path, folder: Path, kept: int, hidden: int) -> str:
    """The tag files of the new delivery (RFC 8493)."""
    payload = sorted(each for each in (folder / "data").rglob("*") if each.is_file())
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
