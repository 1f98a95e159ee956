"""Attempts that wait to be logged: a file each beside the log, so that who writes one and who takes one never
stand in each other's way.

A file is named by the time and by chance, and gets its name when it is whole. Anybody who can write in the
case folder can write there too: what stands in it is cut to the fields, kinds and sizes that Sporen writes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from stat import S_ISREG
from typing import Any

from forensics import times
from forensics.actor import ROLES
from forensics.errors import MachineFailed

# As it is told to people; ``attempts.jsonl`` itself was written by earlier builds.
WAITING = "attempts.*.jsonl"
_NAME = re.compile(r"attempts(\.[0-9a-f]{24})?\.jsonl")
# Our own limits: of one command, far above what Sporen writes (a line a file, of some hundred bytes).
_MOST_FILES, _MOST_LINES, _MOST_BYTES = 1000, 1000, 1 << 20
_LONGEST = {"time": 40, "command": 40, "error": 60, "by": 500, "role": 20, "reason": 1000, "account": 200,
            "host": 200}  # fmt: skip
_LARGEST_CODE = 255  # an exit code is a byte


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A file of attempts: who it is, what stands in it, and how many lines of it were too many to take."""

    path: Path
    batch: str
    found: tuple[dict[str, Any], ...]
    size: int
    is_cut: bool


def is_waiting(name: str) -> bool:
    """Whether a file of a case folder with this name holds attempts."""
    return _NAME.fullmatch(name) is not None


def wait(folder: Path, found: Mapping[str, Any]) -> None:
    """Put an attempt beside the log. MachineFailed where it cannot be written."""
    path = folder / f"attempts.{times.now():012x}{secrets.token_hex(6)}.jsonl"
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as stream:
            stream.write(json.dumps(_bounded(found), sort_keys=True).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(path)
    except OSError as error:
        with suppress(OSError):  # what is to be told is why it could not be written
            part.unlink(missing_ok=True)
        raise MachineFailed(f"{path}: the attempt cannot be noted: {error.strerror}") from error


def is_any(folder: Path) -> bool:
    """Whether attempts wait there."""
    return any(is_waiting(each.name) for each in folder.iterdir())


def waiting(folder: Path) -> int:
    """How many attempts wait to be logged, as far as one command would take them."""
    return sum(len(each.found) for each in batches(folder))


def batches(folder: Path) -> Iterator[Batch]:
    """What waits, in the order of the names, as much as one command takes; the next takes the rest."""
    left = _MOST_LINES
    for path in _files(folder):
        found = _read(path)
        if found is None:
            continue  # another process has just taken it
        yield found
        left -= len(found.found)
        if left <= 0:
            return


def _files(folder: Path) -> list[Path]:
    """The first by name, which is the order in which they were written."""
    found = (each for each in folder.iterdir() if is_waiting(each.name) and _is_plain(each))
    return nsmallest(_MOST_FILES, found)


def _is_plain(path: Path) -> bool:
    """Whether it is a file: no link is followed, and nothing is waited for."""
    try:
        return S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _read(path: Path) -> Batch | None:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            lines = stream.read(_MOST_BYTES).splitlines()
    except FileNotFoundError:
        return None
    digest.update(path.name.encode())
    return Batch(
        path=path, batch=digest.hexdigest(), found=tuple(parsed(each) for each in lines[:_MOST_LINES]),
        size=size, is_cut=size > _MOST_BYTES or len(lines) > _MOST_LINES,
    )  # fmt: skip


def parsed(line: bytes) -> dict[str, Any]:
    """What a waiting line says; a line that anybody may have written is not trusted to be one."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # thousands of opening brackets
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("command"), str):
        found = {"command": "unknown", "error": "a line that no Sporen wrote"}
    return _bounded(found)


def _bounded(found: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields, each of its kind and no longer than it may be; what was cut ends in `…`."""
    told: dict[str, Any] = {name: _text(found.get(name), most) for name, most in _LONGEST.items()}
    code = found.get("exit_code")
    told["exit_code"] = code if type(code) is int and 0 <= code <= _LARGEST_CODE else None
    return {**told, "role": told["role"] if told["role"] in ROLES else ""}


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        return ""
    text = value.encode("utf-8", "backslashreplace").decode()  # a lone surrogate has no UTF-8
    return text if len(text) <= most else text[: most - 1] + "…"
