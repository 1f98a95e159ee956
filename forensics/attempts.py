"""Commands that were refused on an existing case: each is on record once, by its kind and without content.

An attempt that cannot be written to the log at once (the case is in use, its passphrase or that of the
signing key is wrong) waits beside the log (waiting.py) and goes into it with the next command that opens the
case, all in one change. Until then it stands there unsigned, and whoever can write there can remove it;
``verify`` tells how many wait.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from forensics import custody, times
from forensics.actor import account, acting, workstation
from forensics.case import Case, Change
from forensics.case_file import is_copy, is_there
from forensics.errors import CaseLocked, MachineFailed, SporenError, WrongKey
from forensics.keys import KeyDamaged, KeyLocked
from forensics.waiting import Batch, batches, is_any, parsed, wait

_ACTION = "attempt"
# What keeps an entry out of the log for now, and no longer than the next command that can write it.
_FOR_NOW = (CaseLocked, MachineFailed, KeyLocked, KeyDamaged, WrongKey)


def record(folder: Path, command: str, error: SporenError) -> None:
    """Put a refused command on record. MachineFailed where it can be written nowhere; a damaged case takes
    nothing, and a copy that was handed over is only read."""
    if error.is_on_record or not is_there(folder) or is_copy(folder):
        return
    found = {
        "time": times.rfc3339(times.now()),
        "command": command,
        "error": type(error).__name__,
        "exit_code": error.exit_code,
        "by": acting().by or "",
        "role": acting().role or "",
        "reason": acting().reason or "",
        "account": account(),
        "host": workstation(),
    }
    try:
        with Case.open(folder) as case, case.change() as change:
            _log(change, found)
    except _FOR_NOW:
        wait(folder, found)
    except SporenError:
        return  # a case that is damaged or too new has no log that could go on, as the person was told


def recorded(folder: Path, command: str, error: SporenError) -> SporenError:
    """The error, once it is on record; what stands in the way of that is told with it."""
    try:
        record(folder, command, error)
    except SporenError as why:
        return type(error)(f"{error}; this attempt is not in the log: {why}")
    return error


def adopt(case: Case) -> None:
    """Take what waits into the log, now that the case is open; it goes on waiting where another writes."""
    if not os.access(case.folder, os.W_OK) or not is_any(case.folder):
        return
    try:
        with case.change() as change:
            taken = log_waiting(case, change)
    except SporenError:
        return  # the next command does it; what is wrong with the case, this one says
    remove(taken)


def log_waiting(case: Case, change: Change) -> list[Path]:
    """Log what waits within a change that is under way; gives the files, to be removed once it is made.

    A file whose lines the log has already (its process was killed before it removed the file) is only given.
    """
    try:
        found = list(batches(case.folder))
    except OSError as error:
        raise MachineFailed(f"{error.filename}: cannot be read: {error.strerror}") from error
    logged = _logged(case) if found else frozenset()
    for each in found:
        if each.batch not in logged:
            _log_batch(change, each)
    return [each.path for each in found]


def remove(files: Iterable[Path]) -> None:
    """Remove files whose attempts the log has now. MachineFailed where one stays."""
    for path in files:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise MachineFailed(f"{path}: cannot be removed: {error.strerror}") from error


def _logged(case: Case) -> frozenset[object]:
    return frozenset(
        each.detail.get("batch") for each in custody.entries(case.log_path) if each.action == _ACTION
    )


def _log_batch(change: Change, batch: Batch) -> None:
    """Each attempt with the role and reason that were given with it, not with those of who takes it up."""
    for each in batch.found:
        _log(change, each, role=each["role"], reason=each["reason"], batch=batch.batch)
    if batch.is_cut or not batch.found:
        text = f"{batch.path.name}: {batch.size} bytes, of which {len(batch.found)} lines were taken"
        _log(change, parsed(b""), role="", reason="", batch=batch.batch, file=text)


def _log(change: Change, found: Mapping[str, Any], **detail: Any) -> None:
    change.log(
        _ACTION, {"command": found["command"]}, f"refused: {found['error']}", exit_code=found["exit_code"],
        at=found["time"], person=found["by"] or None, account=found["account"], workstation=found["host"],
        **detail,
    )  # fmt: skip
