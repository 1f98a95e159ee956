"""Late discovery of privileged talk: a conversation is removed everywhere, the log says so without content.

Court report reference 2.3 and 2.4: hiding is not enough. What a case cannot reach is named: deliveries and
exports elsewhere, sealed containers that were given out among them, earlier entries of the log (which is
never rewritten), and what a medium keeps of overwritten blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics import custody
from forensics.case import LOG, WORK, Case, Change
from forensics.case_file import DATABASE
from forensics.case_key import KEY
from forensics.case_seal import computed_digests
from forensics.case_writer import records_sha256
from forensics.closing import analyse_quoting, remember
from forensics.comparison import note
from forensics.differences import find_gone
from forensics.errors import CaseDamaged, MachineFailed, WrongUse
from forensics.links import link, own_numbers
from forensics.purged import CONVERSATIONS, mark
from forensics.removal import Removed, remove, with_counterparts
from forensics.sealed_removal import is_sealed, marks_in, remove_sealed
from forensics.statements import rank_items
from forensics.verify import verify_case
from forensics.waiting import is_waiting

SCRUB = "scrub"
# Entries that hold what a person typed: a query, a reason, a note.
_TYPED = frozenset(("search", "flag.review", "report.select"))
_OWN_FILES = (DATABASE, f"{DATABASE}-journal", LOG, KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What a purge did: how much went, which files of the case folder were deleted, and the copies elsewhere
    that the log names, with whether each is still there."""

    counts: dict[str, int]
    deleted: list[str]
    copies: list[dict[str, Any]]
    typed: int
    seq: int


def purge(case: Case, conversation: str, reason: str, by: str | None) -> Purge:
    """Remove a conversation, and those of other phones in the case that hold the same messages, with what is
    sealed of them; one that is sealed only, too.

    WrongUse for an unknown conversation or an empty reason; CaseDamaged where the case is not as its log
    says: a purge would hide that.
    """
    if not reason.strip():
        raise WrongUse("--reason is empty; a purge needs its reason")
    secret = str(case.info["secret"])
    if _number(case, conversation) is None and not is_sealed(case.db, secret, conversation):
        raise WrongUse(f"{conversation}: no such conversation in this case; `sporen export` lists them")
    if not verify_case(case).is_clean:
        raise CaseDamaged(
            f"{case.folder}: the case is not as its log says, and a purge would hide that; `sporen verify`"
            " tells what differs: restore the case from a copy first"
        )
    copies = list(known_copies(case))
    with case.change() as change:
        number = _number(case, conversation)
        if number is None and not is_sealed(change.db, secret, conversation):
            raise WrongUse(f"{conversation}: another process has just removed it")
        numbers = with_counterparts(change.db, [] if number is None else [number])
        marks = marks_in(change.db, secret, numbers) | {mark(secret, CONVERSATIONS, conversation)}
        removed = remove(change.db, secret, numbers)
        remove_sealed(change.db, marks, removed)
        seq = change.log(
            "purge",
            {"conversation": mark(secret, CONVERSATIONS, conversation)},
            f"{removed.counts['messages']} messages and {removed.counts['calls']} calls removed",
            reason=reason,
            by=by or str(case.info["examiner"]),
            removed=dict(sorted(removed.counts.items())),
            copies=copies,
            changes_case=True,
        )
        _settle(case, change, removed)
        case.set(**{SCRUB: "due"})
    deleted = scrub(case)
    typed = sum(entry.action in _TYPED for entry in custody.entries(case.log_path))
    counts = {name: count for name, count in sorted(removed.counts.items()) if count}
    return Purge(counts=counts, deleted=deleted, copies=copies, typed=typed, seq=seq)


def _number(case: Case, conversation: str) -> int | None:
    row = case.db.execute("SELECT n FROM conversation WHERE id = ?", (conversation,)).fetchone()
    return int(row[0]) if row else None


def _settle(case: Case, change: Change, removed: Removed) -> None:
    """What follows from the records that are left: what is computed of them, and the digests of the items."""
    db = change.db
    remember(case, removed)
    analyse_quoting(db, removed)
    rank_items(db)
    find_gone(db)
    for (number,) in db.execute("SELECT n FROM evidence ORDER BY n").fetchall():
        link(db, number, own_numbers())
    note(db)
    case.set(computed=computed_digests(db))
    items = db.execute("SELECT n, path, sha256, records_sha256 FROM evidence ORDER BY n").fetchall()
    for number, path, digest, sealed in items:
        found = records_sha256(db, number)
        if found != sealed:
            db.execute("UPDATE evidence SET records_sha256 = ? WHERE n = ?", (found, number))
            change.log(
                "hash.verify", {"path": path, "sha256": digest}, "stated anew after a purge",
                records_sha256=found, records_sha256_before=sealed, changes_case=True,
            )  # fmt: skip


def scrub(case: Case) -> list[str]:
    """Delete what the case folder holds besides the case, and write the database anew, so that nothing of
    what was removed is left; logged when it is done. Gives what was deleted.

    Called again by the next command that opens the case where a process was killed before it was done, or
    where a file could not be deleted (MachineFailed).
    """
    if case.info.get(SCRUB) != "due":
        return []
    deleted = _delete_derived(case)
    case.work_folder()  # where SQLite puts its temporary files
    case.rewrite()
    with case.change() as change:
        case.set(**{SCRUB: "done"})
        result = "the database was written anew: no free pages"
        change.log("erase", {"case": str(case.info["number"])}, result, changes_case=True)
    return deleted


def known_copies(case: Case) -> Iterator[dict[str, Any]]:
    """The exports, deliveries and handed-over copies that the log names, and whether each is still there."""
    found: dict[str, dict[str, Any]] = {}
    for entry in custody.entries(case.log_path):
        subject = entry.object if isinstance(entry.object, dict) else {}
        path = subject.get("folder") or subject.get("file")
        if entry.action in ("export", "report.write", "disclose") and path and path != "-":
            digest = entry.detail.get("tagmanifest_sha256") or entry.detail.get("sha256")
            found[str(path)] = {"path": str(path), "sha256": digest, "at": entry.time, "seq": entry.seq}
    for each in found.values():
        yield {**each, "there": Path(each["path"]).exists()}


def _delete_derived(case: Case) -> list[str]:
    """Everything in the case folder but the case itself: private copies, deliveries, exports. MachineFailed
    where some of it stays; the rest is deleted all the same."""
    deleted, failed = [], []
    for path in sorted(case.folder.iterdir()):
        if path.name in _OWN_FILES or is_waiting(path.name):
            continue
        try:
            _delete(path)
        except OSError as error:
            failed.append(f"{error.filename or path} ({error.strerror})")
        else:
            deleted += [path.name] if path.name != WORK else []
    if failed:
        raise MachineFailed(
            f"{', '.join(failed)}: cannot be deleted; it may hold what was purged: delete it yourself and"
            " run a command on this case again, which then ends the purge"
        )
    return deleted


def _delete(path: Path) -> None:
    """A file, or a folder with as much of its content as can be; the first error is raised at the end."""
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    errors: list[OSError] = []
    for each in sorted(path.iterdir()):
        try:
            _delete(each)
        except OSError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    path.rmdir()


def as_dict(done: Purge) -> dict[str, Any]:
    """What ``purge --json`` prints."""
    found: dict[str, Any] = json.loads(json.dumps({name: getattr(done, name) for name in Purge.__slots__}))
    return found
