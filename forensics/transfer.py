"""A case goes to another unit: a signed copy, its log ending with who gave it and going on with who took it.

The statement holds the hashes of the copied files and the head of the log, signed with the giver's key.
Whoever takes it checks all of it first; his first entry follows the giver's last one, so one chain tells both
sides.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from forensics import custody
from forensics.case import LOG, Case
from forensics.case_file import DATABASE, HANDOVER, copy_to, is_free
from forensics.case_key import KEY, is_encrypted
from forensics.custody_entry import key_ring
from forensics.errors import CaseDamaged, MachineFailed, WrongUse
from forensics.keys import examiner_key, key_id_of
from forensics.places import check_target
from forensics.signed_statement import signed, signer, write_statement
from forensics.verify import verify_case

RECEIPT = "receipt.json"


def hand_over(case: Case, folder: Path, to: str, by: str | None, public_key: str | None) -> dict[str, Any]:
    """Write a signed copy of the case; gives its statement. ``public_key`` (hex) of whoever takes it: the
    giver vouches for it. WrongUse where the folder is not empty or the key is none; CaseDamaged where the
    case is not as its log says."""
    if not to.strip():
        raise WrongUse("--to is empty: name the person or the unit that takes the case")
    if not is_free(folder) or (folder.exists() and any(folder.iterdir())):
        raise WrongUse(f"{folder}: already exists and is not empty; name a folder that does not exist yet")
    check_target(case, folder)
    if not verify_case(case).is_clean:
        raise CaseDamaged(
            f"{case.folder}: the case is not as its log says; see `sporen verify` before it leaves"
        )
    person = by or str(case.info["examiner"])
    with case.change() as change:
        if public_key is not None:
            _vouch(case, change, public_key, to)
        seq = change.log(
            "disclose", {"folder": str(folder)}, "handed over", to=to, by=person, changes_case=True
        )
    _copy(case, folder)
    head = custody.read_head(folder / LOG)  # of the copy: another process may have gone on since
    content = {
        "statement": "handover of a case",
        "case": str(case.info["number"]),
        "to": to,
        "by": person,
        "at": next(entry.time for entry in custody.entries(case.log_path) if entry.seq == seq),
        "log": {"seq": head.seq, "hash": head.hash},
        "files": {name: _sha256(folder / name) for name in _files(case.folder)},
    }
    statement = signed(content, case.key)
    write_statement(folder / HANDOVER, statement)
    return statement


def _vouch(case: Case, change: Any, public_key: str, to: str) -> None:
    try:
        raw = bytes.fromhex(public_key)
    except ValueError as error:
        raise WrongUse(f"{public_key}: give the public key as 64 hexadecimal digits") from error
    if len(raw) != 32:
        raise WrongUse(
            f"{public_key}: give the public key as 64 hexadecimal digits; `sporen key` prints one's own"
        )
    if key_id_of(raw) not in key_ring(custody.entries(case.log_path)):
        change.log("key.add", {"key": key_id_of(raw)}, public_key=raw.hex(), to=to)


def _files(folder: Path) -> tuple[str, ...]:
    """The files of a case: of an encrypted one, what says how its key is found too."""
    return (DATABASE, KEY, LOG) if is_encrypted(folder) else (DATABASE, LOG)


def _copy(case: Case, folder: Path) -> None:
    """The database as of one moment, and the log up to that moment."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        head = copy_to(case.db, case.folder, folder)
        (folder / LOG).write_bytes(custody.cut(case.log_path, head))
        if is_encrypted(case.folder):
            shutil.copyfile(case.folder / KEY, folder / KEY)
    except OSError as error:
        raise MachineFailed(f"{error.filename or folder}: cannot be written ({error.strerror})") from error


def copy_problems(folder: Path) -> list[str]:
    """What is wrong with a signed copy; nothing where it is as it was given."""
    try:
        statement = json.loads((folder / HANDOVER).read_bytes())
        public = _signer(statement)
        found = [
            f"{name}: its SHA-256 is not the one in {HANDOVER}"
            for name, digest in sorted(statement["files"].items())
            if name not in _files(folder) or _sha256(folder / name) != digest
        ]
        if set(statement["files"]) != set(_files(folder)):
            found.append(
                f"{HANDOVER}: it does not have the SHA-256 of {DATABASE} and of {LOG}, and of nothing else"
            )
        head = custody.Head(**statement["log"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"{HANDOVER}: not what Sporen wrote: {error}"]
    found += [
        f"{LOG}: {each.text}" for each in custody.check(folder / LOG, anchor=head) if not each.is_remark
    ]
    if not found and key_id_of(public) not in key_ring(custody.entries(folder / LOG)):
        found.append(f"{HANDOVER}: signed with a key that the log does not announce")
    return found


def receive(folder: Path, target: Path, by: str) -> dict[str, Any]:
    """Take a signed copy as a case of one's own; gives the receipt for the giver.

    CaseDamaged where the copy is not as it was given: nothing is taken then.
    """
    problems = copy_problems(folder)
    if problems:
        raise CaseDamaged(f"{folder}: this is not the copy that was handed over: {'; '.join(problems)}")
    if not is_free(target):
        raise WrongUse(f"{target}: already exists and is not empty; name a folder that does not exist yet")
    statement = json.loads((folder / HANDOVER).read_bytes())
    existed = target.exists()
    try:
        return _taken(folder, target, statement, by)
    except BaseException:
        _take_back(target, existed=existed)
        raise


def _taken(folder: Path, target: Path, statement: dict[str, Any], by: str) -> dict[str, Any]:
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in _files(folder):
            shutil.copyfile(folder / name, target / name)
    except OSError as error:
        raise MachineFailed(f"{error.filename or target}: cannot be written ({error.strerror})") from error
    with Case.open(target) as case:
        if not verify_case(case).is_clean:
            raise CaseDamaged(f"{folder}: the copy is not as its log says; see `sporen verify {folder}`")
        with case.change() as change:
            change.log("receive", {"case": statement["case"]}, "received", by=by, giver=statement["by"],
                       statement_sha256=statement["sha256"], changes_case=True)  # fmt: skip
        content = {
            "receipt": "handover of a case", "case": statement["case"], "by": by,
            "statement_sha256": statement["sha256"], "log": dict(case.info["head"]),
        }  # fmt: skip
        return signed(content, case.key)


def _take_back(target: Path, *, existed: bool) -> None:
    """Leave nothing of a case that was not taken."""
    for name in (DATABASE, f"{DATABASE}-journal", LOG, KEY):
        (target / name).unlink(missing_ok=True)
    if target.is_dir() and not existed and not any(target.iterdir()):
        target.rmdir()


def take_receipt(case: Case, path: Path) -> None:
    """Take the receipt of the other side into the giver's log. WrongUse when it is none of this case."""
    try:
        receipt = json.loads(path.read_bytes())
        _signer(receipt)
        head, statement, by = dict(receipt["log"]), str(receipt["statement_sha256"]), str(receipt["by"])
        is_of_case = receipt["case"] == str(case.info["number"]) and receipt.get("receipt") is not None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUse(f"{path}: no receipt of a handover: {error}") from error
    if not is_of_case:
        raise WrongUse(f"{path}: the receipt of another case")
    with case.change() as change:
        change.log("disclose", {"case": str(case.info["number"])}, "receipt of the other side", to=by,
                   statement_sha256=statement, log_there=head, public_key_there=receipt["public_key"],
                   changes_case=True)  # fmt: skip


def own_key() -> dict[str, str]:
    """The examiner's key id and public key, to give to whoever hands a case over."""
    key = examiner_key()
    return {"key": key.key_id, "public_key": key.public.hex()}


def _signer(found: dict[str, Any]) -> bytes:
    """The public key with which it was signed; ValueError when the signature does not hold."""
    public, holds = signer(found)
    if not holds:
        raise ValueError("it was changed: its signature does not hold")
    return public


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_receipt(path: Path, receipt: dict[str, Any]) -> None:
    """Write the receipt to give back."""
    write_statement(path, receipt)
