"""The end of a case: everything of it is destroyed, and a certificate and the log stay behind.

Court report reference 2.4. Each file is overwritten once and removed. The certificate says what, with hashes,
when and by whom, which copies elsewhere the log names, and what cannot be promised of a medium. A process
that is killed meanwhile is finished by running it again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics import custody, times
from forensics.actor import account, workstation
from forensics.attempts import log_waiting
from forensics.case import LOG, TOOL, Case
from forensics.case_file import is_there
from forensics.custody_entry import Entry, read_line
from forensics.errors import MachineFailed, WrongUse
from forensics.keys import examiner_key, key_id_of
from forensics.purge import known_copies
from forensics.signed_statement import signed, signer, write_statement

CERTIFICATE = "certificate-of-destruction.json"
_BEGUN, _BLOCK = "destruction begun", 1 << 20
_METHOD = (
    "each file overwritten once with zeros, written to the disk, and removed; a file with a further name"
    " elsewhere (hard link) and a symbolic link were removed only"
)
NOT_PROMISED = (
    "Flash storage (SSD, USB stick, memory card) and file systems that copy on write or keep a journal may"
    " hold old blocks that no program can reach: overwriting is no proof there. Only destroying the medium,"
    " or destroying the key of a medium that was encrypted from the start, is.",
    "Backups, snapshots and synchronised copies of this folder were not touched.",
    "Copies that were made outside of Sporen are not known to it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """The certificate, and where it is."""

    certificate: dict[str, Any]
    path: Path


def destroy(folder: Path, reason: str, by: str | None, confirm: str | None) -> Destroyed:
    """Destroy a case but for its log. WrongUse without a reason, without the number of the case as
    confirmation, or where evidence lies in the folder; MachineFailed where a file cannot be removed."""
    begun = _begun(folder)
    if begun is None:
        begun = _begin(folder, reason, by, confirm)
    elif confirm != begun.detail.get("number"):
        raise WrongUse(f"{folder}: give --confirm with the number of the case: it is destroyed for good")
    _remove(folder)
    return _certify(folder, begun)


def is_destroyed(folder: Path) -> bool:
    """Whether the folder holds the certificate and the log of a destroyed case."""
    return (folder / CERTIFICATE).is_file() and not is_there(folder)


def _begun(folder: Path) -> Entry | None:
    """The entry with which a destruction began that was not ended."""
    if is_there(folder) or not (folder / LOG).is_file():
        return None
    entries = list(custody.entries(folder / LOG))
    found = [each for each in entries if each.action == "erase" and each.result == _BEGUN]
    is_ended = bool(found) and entries[-1].action == "case.close" and (folder / CERTIFICATE).is_file()
    return found[-1] if found and not is_ended else None


def _begin(folder: Path, reason: str, by: str | None, confirm: str | None) -> Entry:
    if not reason.strip():
        raise WrongUse("--reason is empty; a destruction needs its reason")
    with Case.open(folder) as case:
        number = str(case.info["number"])
        if confirm != number:
            raise WrongUse(
                f"{folder}: give --confirm with the number of the case ({number}): it is destroyed for good"
            )
        _check_evidence(case)
        files = list(_listed(folder))
        evidence = case.db.execute("SELECT path, sha256, size FROM evidence ORDER BY n").fetchall()
        with case.change() as change:
            log_waiting(case, change)  # their files are destroyed with the others
            seq = change.log(
                "erase", {"case": number}, _BEGUN, reason=reason, by=by or str(case.info["examiner"]),
                number=number, timezone=str(case.info["timezone"]), examiner=str(case.info["examiner"]),
                retain_until=case.info.get("retain_until"), files=files, copies=list(known_copies(case)),
                evidence=[dict(zip(("path", "sha256", "size"), row, strict=True)) for row in evidence],
                changes_case=True,
            )  # fmt: skip
            entries = [read_line(each) for each in change.lines]
        return next(each for each in entries if each.seq == seq)


def _check_evidence(case: Case) -> None:
    for (path,) in case.db.execute("SELECT path FROM evidence ORDER BY n"):
        if case.folder.resolve() in (Path(path).resolve(), *Path(path).resolve().parents):
            raise WrongUse(f"{path}: evidence lies in the folder of the case; move it elsewhere first")


def _listed(folder: Path) -> Iterator[dict[str, Any]]:
    """Every file of the case folder but the log, which stays."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            yield {"path": path.relative_to(folder).as_posix(), "size": 0, "sha256": None}
        elif path.is_file() and path != folder / LOG:
            yield {
                "path": path.relative_to(folder).as_posix(),
                "size": path.stat().st_size,
                "sha256": _sha256(path),
            }


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be read ({error.strerror}); nothing was destroyed") from error


def _remove(folder: Path) -> None:
    """Overwrite and remove what stands in the folder; the database goes last of all files."""
    kept = {folder / LOG, folder / CERTIFICATE}
    paths = [path for path in folder.rglob("*") if path not in kept]
    files = sorted(
        (p for p in paths if p.is_symlink() or not p.is_dir()), key=lambda p: (p.name == "case.db", p)
    )
    for path in files:
        _overwrite(path)
    for path in sorted((p for p in paths if p.is_dir() and not p.is_symlink()), reverse=True):
        try:
            path.rmdir()
        except OSError as error:
            raise _failed(path, error) from error


def _overwrite(path: Path) -> None:
    """Once with zeros, on the disk, then away; a link, or a file with another name too, is only removed."""
    try:
        if not path.is_symlink() and path.stat().st_nlink == 1:
            with path.open("r+b") as stream:
                left = stream.seek(0, os.SEEK_END)
                stream.seek(0)
                while left > 0:
                    left -= stream.write(bytes(min(left, _BLOCK)))
                stream.flush()
                os.fsync(stream.fileno())
                stream.truncate(0)
        path.unlink()
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> MachineFailed:
    return MachineFailed(f"{path}: cannot be destroyed ({error.strerror}); mend that and run this again")


def _certify(folder: Path, begun: Entry) -> Destroyed:
    """The certificate, and then the last entry of the log, which is signed with the same key: a destruction
    whose log has that entry has its certificate."""
    log, key = folder / LOG, examiner_key()
    head = custody.read_head(log)
    now = times.rfc3339(times.now()) or ""
    line = custody.prepare(
        head, key=key, time=now, tz=str(begun.detail["timezone"]),
        actor=f"{begun.detail['examiner']} ({account()})", host=workstation(), action="case.close",
        object=begun.object, authority=begun.authority, result="destroyed",
        detail={"entries": head.seq + 1, "begun": begun.seq, "certificate": CERTIFICATE}, tool=TOOL,
    )  # fmt: skip
    content = {
        "certificate": "destruction of a case",
        "case": begun.detail["number"],
        "begun_at": begun.time,
        "ended_at": now,
        "by": begun.detail["by"],
        "account": account(),
        "workstation": workstation(),
        "reason": begun.detail["reason"],
        "authority": begun.authority,
        "retain_until": begun.detail["retain_until"],
        "method": _METHOD,
        "destroyed": list(_all_listed(log).values()),
        "evidence_not_touched": begun.detail["evidence"],
        "copies_known_elsewhere": begun.detail["copies"],
        "not_promised": list(NOT_PROMISED),
        "log": {"entries": read_line(line).seq, "head": read_line(line).hash},
        "tool": TOOL,
    }
    certificate = signed(content, key)
    path = folder / CERTIFICATE
    write_statement(path, certificate)
    custody.append(log, line)
    return Destroyed(certificate=certificate, path=path)


def _all_listed(log: Path) -> dict[str, Any]:
    """By path, what was there when the destruction first began."""
    found: dict[str, Any] = {}
    for entry in custody.entries(log):
        if entry.action == "erase" and entry.result == _BEGUN:
            for each in entry.detail["files"]:  # type: ignore[attr-defined]  # as this module wrote it
                found.setdefault(each["path"], each)
    return found


def certificate_problems(folder: Path) -> list[str]:
    """What is wrong with the certificate of a destroyed case, and with what is left in its folder."""
    try:
        found = json.loads((folder / CERTIFICATE).read_bytes())
        public, holds = signer(found)
        head = custody.Head(seq=found["log"]["entries"], hash=found["log"]["head"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"the certificate is not what Sporen wrote: {error}"]
    problems = []
    if not holds:
        problems.append("the certificate was changed: its signature does not hold")
    problems += [
        f"the log: {each.text}" for each in custody.check(folder / LOG, anchor=head) if not each.is_remark
    ]
    if not problems and key_id_of(public) not in {each.key for each in custody.entries(folder / LOG)}:
        problems.append("the certificate is signed with another key than the log")
    left = sorted(p.name for p in folder.iterdir() if p.name not in (LOG, CERTIFICATE))
    return problems + [f"{name} is still there" for name in left]
