"""The head of the log made known outside the workstation: printed, time-stamped, signed by a second person.

Whoever holds the key can write the whole log again, and a cut tail shows nowhere (court report reference
5.1); only a head that somebody else keeps shows it. Each anchor stands in the log too, which proves nothing
by itself: compare with what was kept elsewhere (``sporen verify --anchor``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from forensics import custody
from forensics.case import Case
from forensics.custody_entry import Entry, Head
from forensics.errors import MachineFailed, WrongUse
from forensics.keys import SigningKey, signature_holds
from forensics.timestamps import Stamp, check_reply, is_available, is_reply, request, stamped_text

_PRINTED = re.compile(r"(\d+):([0-9a-f]{64})")
UNCHECKED = "time stamp, not checked: the extra `timestamps` is missing"
PRINTED, REQUESTED, STAMPED, COUNTERSIGNED = "printed", "requested", "time stamp", "counter-signature"


def print_head(case: Case, to: str) -> Head:
    """Note that the head was given to somebody; gives that head: the last entry before the note."""
    head = custody.read_head(case.log_path)
    with case.change() as change:
        change.log("anchor", _subject(head), PRINTED, to=to)
    return head


def request_stamp(case: Case, path: Path) -> Head:
    """Write a request for a time stamp of the head, and beside it the text that is stamped (``.txt``)."""
    head = custody.read_head(case.log_path)
    data, nonce = request(head)
    try:
        path.write_bytes(data)
        path.with_suffix(".txt").write_bytes(stamped_text(head))
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be written ({error.strerror})") from error
    with case.change() as change:
        change.log("anchor", _subject(head), REQUESTED, nonce=nonce, request_sha256=_sha256(data))
    return head


def take_stamp(case: Case, path: Path, roots: Sequence[Path]) -> tuple[Head, Stamp]:
    """Take the reply to a request of this case into the log. WrongUse when it is the reply to none."""
    data, pems = _read(path), [_read(each) for each in roots]
    asked = [e for e in custody.entries(case.log_path) if e.action == "anchor" and e.result == REQUESTED]
    if not asked:
        raise WrongUse(f"{path}: no time stamp was requested in this case; `sporen anchor --request` does so")
    why = WrongUse(f"{path}: not the reply to a request of this case")
    for entry in reversed(asked):
        try:
            head = head_of(entry)
            stamp = check_reply(data, head, str(entry.detail["nonce"]), pems)
        except WrongUse as error:
            why = WrongUse(f"{path}: {error}")
            continue
        with case.change() as change:
            change.log(
                "anchor", _subject(head), STAMPED, time=stamp.time, serial=stamp.serial,
                time_stamp_authority=stamp.authority, nonce=entry.detail["nonce"],
                reply=base64.b64encode(data).decode(),
                roots=[each.decode("ascii", "replace") for each in pems],
            )  # fmt: skip
        return head, stamp
    raise why


def countersign(case: Case, key: SigningKey, by: str) -> dict[str, Any]:
    """A second person signs the head with a key of his own; gives what he should keep elsewhere."""
    head = custody.read_head(case.log_path)
    if key.key_id in {each.key for each in custody.entries(case.log_path)} | {case.key.key_id}:
        raise WrongUse(f"key {key.key_id} signs this log itself: a second person signs with a key of his own")
    digest = hashlib.sha256(stamped_text(head)).digest()
    kept = {
        "seq": head.seq, "hash": head.hash, "by": by, "public_key": key.public.hex(),
        "signature": key.sign(digest).hex(),
    }  # fmt: skip
    with case.change() as change:
        change.log("anchor", _subject(head), COUNTERSIGNED, by=by, second_key=kept["public_key"],
                   signature=kept["signature"])  # fmt: skip
    return {"case": str(case.info["number"]), **kept}


def head_of(entry: Entry) -> Head:
    """The head that an entry about an anchor names; WrongUse where it names none."""
    subject = entry.object if isinstance(entry.object, dict) else {}
    try:
        return Head(seq=int(subject.get("seq", 0)), hash=str(subject.get("hash", "")))
    except (ValueError, TypeError, OverflowError) as error:
        raise WrongUse(f"it names no entry: {error}") from error


def anchor_problems(entries: Iterable[Entry]) -> tuple[list[str], dict[str, int]]:
    """What is wrong with the anchors in a log, and how many of each kind hold."""
    problems: list[str] = []
    held: dict[str, int] = {}
    hashes: dict[int, str] = {}
    for entry in entries:
        hashes[entry.seq] = entry.hash
        if entry.action != "anchor":
            continue
        is_unchecked = entry.result == STAMPED and not is_available()
        try:
            head = head_of(entry)
            if hashes.get(head.seq) != head.hash:
                raise WrongUse(f"entry {head.seq} is not the one that was anchored")
            if not is_unchecked:
                _check(entry, head)
        except (WrongUse, ValueError, KeyError, TypeError) as error:
            problems.append(f"the anchor in entry {entry.seq} ({entry.result}) does not hold: {error}")
        else:
            name = UNCHECKED if is_unchecked else entry.result
            held[name] = held.get(name, 0) + 1
    return problems, held


def _check(entry: Entry, head: Head) -> None:
    if entry.result == STAMPED:
        roots = [str(each).encode() for each in _list(entry.detail["roots"])]
        reply = base64.b64decode(str(entry.detail["reply"]), validate=True)
        stamp = check_reply(reply, head, str(entry.detail["nonce"]), roots)
        if stamp.time != entry.detail["time"]:
            raise WrongUse(f"its time is {stamp.time}")
    if entry.result == COUNTERSIGNED:
        _check_signature(str(entry.detail["second_key"]), str(entry.detail["signature"]), head)


def _check_signature(public: str, signature: str, head: Head) -> None:
    digest = hashlib.sha256(stamped_text(head)).digest()
    if not signature_holds(bytes.fromhex(public), digest, bytes.fromhex(signature)):
        raise WrongUse("the signature of the second person does not hold")


def kept_heads(given: str, log: Path, roots: Sequence[Path]) -> list[Head]:
    """The heads that an anchor kept elsewhere vouches for: SEQ:HASH as printed, a counter-signature's JSON
    file, or an RFC 3161 reply (with the roots of its authority), which is tried on every entry of the log.

    WrongUse when it is none of these or its signature does not hold. A reply that fits no entry gives none.
    """
    printed = _PRINTED.fullmatch(given.strip().lower())
    if printed:
        return [Head(seq=int(printed[1]), hash=printed[2])]
    data = _read(Path(given))
    if is_reply(data):
        return _stamped(data, log, [_read(each) for each in roots])
    try:
        kept = json.loads(data)
        head = Head(seq=int(kept["seq"]), hash=str(kept["hash"]))
        _check_signature(str(kept["public_key"]), str(kept["signature"]), head)
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUse(f"{given}: no anchor: give SEQ:HASH, a counter-signature or a time stamp") from error
    return [head]


def _stamped(reply: bytes, log: Path, roots: Sequence[bytes]) -> list[Head]:
    if not roots:
        raise WrongUse("a time stamp is checked with the certificates of its authority: give --tsa")
    why: WrongUse | None = None
    for entry in custody.entries(log):
        try:
            check_reply(reply, entry.head, None, roots)
        except WrongUse as error:
            why = error
            if "Mismatch between messages" not in str(error):
                break  # it holds for no entry at all
            continue
        return [entry.head]
    if why is not None and "Mismatch between messages" not in str(why):
        raise why
    return []


def _subject(head: Head) -> dict[str, object]:
    return {"seq": head.seq, "hash": head.hash}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror}") from error
