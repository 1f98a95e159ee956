"""Commands that were refused on an existing case: each is on record once, by its kind and without content.

An attempt that cannot be written to the log at once (the case is in use, its passphrase or that of the
signing key is wrong) waits in ``attempts.jsonl`` and goes into the log with the next command that opens the
case. Until then it stands there unsigned, and whoever can write there can remove it; ``verify`` tells how
many wait.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forensics import times
from forensics.actor import account, acting, workstation
from forensics.case import Case
from forensics.case_file import is_there
from forensics.errors import CaseLocked, MachineFailed, SporenError, WrongKey
from forensics.keys import KeyDamaged, KeyLocked

WAITING = "attempts.jsonl"
_ACTION = "attempt"
# What keeps an entry out of the log for now, and no longer than the next command that can write it.
_FOR_NOW = (CaseLocked, MachineFailed, KeyLocked, KeyDamaged, WrongKey)


def record(folder: Path, command: str, error: SporenError) -> None:
    """Put a refused command on record. MachineFailed where it can be written nowhere; a damaged case takes
    nothing."""
    if error.is_on_record or not is_there(folder):
        return
    found = {
        "time": times.rfc3339(times.now()),
        "command": command,
        "error": type(error).__name__,
        "exit_code": error.exit_code,
        "by": acting().by or "",
        "role": acting().role or "",
        "account": account(),
        "host": workstation(),
    }
    try:
        with Case.open(folder) as case:
            _log(case, found)
    except _FOR_NOW:
        _wait(folder, found)
    except SporenError:
        return  # a case that is damaged or too new has no log that could go on, as the person was told


def adopt(case: Case) -> None:
    """Take what waits into the log, now that the case is open; it goes on waiting where another writes."""
    path = case.folder / WAITING
    if not path.is_file() or not os.access(case.folder, os.W_OK):
        return
    try:
        lines = path.read_bytes().splitlines()
        for line in lines:
            _log(case, _parsed(line))
        path.unlink()
    except SporenError:
        return  # the next command does it; what is wrong with the case, this one says
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be read or removed: {error.strerror}") from error


def waiting(folder: Path) -> int:
    """How many attempts wait to be logged."""
    path = folder / WAITING
    return len(path.read_bytes().splitlines()) if path.is_file() else 0


def _parsed(line: bytes) -> dict[str, Any]:
    """What a waiting line says; a line that anybody may have written is not trusted to be one."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return {"command": "unknown", "error": "a line that no Sporen wrote", "exit_code": 0, "time": ""}
    return {str(name): value for name, value in found.items() if isinstance(value, str | int)}


def _log(case: Case, found: Mapping[str, Any]) -> None:
    with case.change() as change:
        change.log(
            _ACTION, {"command": str(found.get("command", ""))}, f"refused: {found.get('error', '')}",
            exit_code=found.get("exit_code"), at=found.get("time"), person=found.get("by") or None,
            account=found.get("account"), workstation=found.get("host"),
        )  # fmt: skip


def _wait(folder: Path, found: Mapping[str, Any]) -> None:
    path = folder / WAITING
    try:
        with path.open("ab") as stream:
            stream.write(json.dumps(found, sort_keys=True).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise MachineFailed(f"{path}: the attempt cannot be noted: {error.strerror}") from error
