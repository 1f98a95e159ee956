"""The pictures of messages as thumbnails: read again from the evidence, compared, made small in a process of
their own.

What cannot be shown has a reason, which a report prints; no file of the evidence can end the report.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from forensics.digest import sha256
from forensics.errors import MachineFailed
from forensics.selected import selection
from forensics.source_media import BehindKey, Found, TooLarge, attachments

# Not imported: only the process that it runs in loads the decoders.
_PROGRAM = Path(__file__).with_name("thumbnail.py")
_LENGTH = struct.Struct(">I")  # as there
MODES = ("blurred", "shown", "none")
# Different files of one report: about ten seconds of work. Those of the printed conversations come first.
MOST = 1_000
# What stands in the stored form (RFC 8785, no spaces) of a message with a file that was read: looking for it
# is ten times as fast as reading the JSON of every message.
_PRESENT = '"present":true'
# The answers after which a picture is looked for elsewhere: the same bytes are the same picture wherever they
# lie, and a file that is too large to be compared can be another one.
_ELSEWHERE = frozenset(("absent", "key", "large", "odd"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A thumbnail: a JPEG. ``is_first``: the first picture of one that moves."""

    jpeg: bytes
    width: int
    height: int
    is_first: bool


# A reason not to show a picture: ``absent`` (the evidence is not there), ``key``, ``large``, ``odd`` (not
# read again, or other bytes), ``kind``, ``points``, ``damaged``, ``ended`` (it ended the decoder), ``many``.
Reason = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Thumbnails by the SHA-256 of their files, or the reasons; ``mode``: one of MODES, empty where nobody
    asked."""

    mode: str
    found: Mapping[str, Picture | Reason]


NO_PICTURES = Pictures(mode="", found={})


def pictures(db: sqlite3.Connection, mode: str, printed: Collection[str] = ()) -> Pictures:
    """The pictures of a case. ``printed``: conversations whose pictures come first; without, those that have
    flags or are selected."""
    if mode == "none":
        return Pictures(mode=mode, found={})
    places, found = _places(db, printed)
    items = [path for (path,) in db.execute("SELECT path FROM evidence ORDER BY rank, n") if path]
    with Maker(mode) as maker:
        for digest, each in _looked_for(maker, places, items):
            found[digest] = each
    return Pictures(mode=mode, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Where a picture was read: the item of evidence and path of its first message, and the paths of all."""

    first: tuple[str, str]
    paths: dict[str, None]


def _places(
    db: sqlite3.Connection, printed: Collection[str]
) -> tuple[dict[str, _Known], dict[str, Picture | Reason]]:
    """By SHA-256 where those pictures were read that a report can show; and all there are, as too many."""
    known: dict[str, _Known] = {}
    found: dict[str, Picture | Reason] = {}
    for digest, evidence, path in _wanted(db, printed):
        if digest not in found:
            found[digest] = "many"
            if len(known) < MOST:
                known[digest] = _Known(first=(evidence, path), paths={})
        if digest in known:
            known[digest].paths[path] = None
    return known, found


def _looked_for(
    maker: Maker, places: Mapping[str, _Known], items: Sequence[str]
) -> Iterator[tuple[str, Picture | Reason]]:
    """Each picture where its first message was read. What is not read there is looked for at the paths of all
    its messages in every item of evidence, each of which is opened once more. Of the reasons the first one
    counts."""
    left = dict(places)
    at_first: dict[str, dict[str, list[str]]] = {}
    for digest, known in places.items():
        evidence, path = known.first
        at_first.setdefault(evidence, {}).setdefault(path, []).append(digest)
    for evidence, asked in at_first.items():
        yield from _read_at(maker, Path(evidence), asked, left, is_first=True)
    for evidence in items:
        asked = {}
        for digest, known in left.items():
            for path in known.paths:
                if (evidence, path) != known.first:
                    asked.setdefault(path, []).append(digest)
        yield from _read_at(maker, Path(evidence), asked, left, is_first=False)


def _read_at(
    maker: Maker,
    evidence: Path,
    asked: Mapping[str, Sequence[str]],
    left: dict[str, _Known],
    *,
    is_first: bool,
) -> Iterator[tuple[str, Picture | Reason]]:
    """What an item of evidence has at these paths; ``left`` loses what need not be looked for any more."""
    for path, data in attachments(evidence, asked) if asked else ():
        for digest in asked[path]:
            if digest not in left:
                continue  # it was at another path of this item
            each = _shown(maker, data, digest, evidence)
            if each not in _ELSEWHERE:
                del left[digest]
                yield digest, each
            elif is_first:
                yield digest, each


def _wanted(db: sqlite3.Connection, printed: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """SHA-256, item of evidence and path of every picture, those of printed conversations first."""
    chosen = json.dumps(sorted(printed or {each.conversation for each in selection(db)}))
    return db.execute(
        "SELECT json_extract(a.value, '$.sha256'), e.path, json_extract(a.value, '$.path')"
        " FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation"
        " LEFT JOIN file AS f ON f.n = m.file LEFT JOIN evidence AS e ON e.n = f.evidence,"
        " json_each(m.rare, '$.attachments') AS a"
        " WHERE instr(m.rare, :present) AND json_extract(a.value, '$.kind') = 'image'"
        " AND json_extract(a.value, '$.present') AND json_extract(a.value, '$.sha256') IS NOT NULL"
        " AND json_extract(a.value, '$.path') IS NOT NULL AND e.path IS NOT NULL"
        " ORDER BY CASE WHEN json_array_length(:chosen)"
        " THEN c.id NOT IN (SELECT value FROM json_each(:chosen))"
        " ELSE c.n NOT IN (SELECT conversation FROM flag WHERE conversation IS NOT NULL) END,"
        " c.rank, m.sent_at, m.n, a.key",
        {"chosen": chosen, "present": _PRESENT},
    )


def _shown(maker: Maker, data: Found, digest: str, evidence: Path) -> Picture | Reason:
    if isinstance(data, TooLarge):
        return "large"
    if isinstance(data, BehindKey):
        return "key"
    if not isinstance(data, bytes):
        return "odd" if evidence.exists() else "absent"
    return maker.picture(data) if sha256(data) == digest else "odd"


class Maker:
    """The process that makes thumbnails; a new one when a file has ended it. Use as a context."""

    def __init__(self, mode: str) -> None:
        self._command = [sys.executable, "-P", str(_PROGRAM), mode]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def picture(self, data: bytes) -> Picture | Reason:
        """The thumbnail of a file's bytes, or why there is none."""
        try:
            answer = json.loads(self._asked(data))
        except (OSError, EOFError):  # Windows says EINVAL of a pipe whose reader has ended
            self._end()
            return "ended"
        if "why" in answer:
            return str(answer["why"])
        jpeg = base64.b64decode(answer.pop("jpeg"))
        return Picture(jpeg=jpeg, **answer)

    def _asked(self, data: bytes) -> bytes:
        """The answer; EOFError where the process ends instead."""
        process = self._begun()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(_LENGTH.pack(len(data)) + data)
        process.stdin.flush()
        head = process.stdout.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            raise EOFError
        (length,) = _LENGTH.unpack(head)
        answer = process.stdout.read(length)
        if len(answer) < length:
            raise EOFError
        return answer

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            try:
                self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=nothing)
            except OSError as error:
                raise MachineFailed(f"pictures cannot be made small: {error.strerror}") from error
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        with suppress(OSError), self._process:  # what it did not take was asked already
            pass
        self._process = None
