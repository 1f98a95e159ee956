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
from itertools import chain, islice
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
# Places at which one picture is looked for, and the answers after which it is: the same bytes are the same
# picture wherever they lie.
_PLACES = 16
_ELSEWHERE = frozenset(("absent", "key", "odd"))


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
    places = _places(db, printed)
    found: dict[str, Picture | Reason] = dict.fromkeys(places, "many")
    with Maker(mode) as maker:
        for digest, each in _looked_for(maker, dict(islice(places.items(), MOST))):
            found[digest] = each
    return Pictures(mode=mode, found=found)


def _places(db: sqlite3.Connection, printed: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By SHA-256 the items of evidence and paths that a picture can be at: those of its messages, and the
    same paths in other items (a message of two items is one message, of one of them)."""
    known: dict[str, dict[tuple[str, str], None]] = {}
    for digest, evidence, path in _wanted(db, printed):
        known.setdefault(digest, {})[evidence, path] = None
    items = [path for (path,) in db.execute("SELECT path FROM evidence ORDER BY rank, n") if path]
    found = {}
    for digest, own in known.items():
        others = ((item, path) for _, path in own for item in items)
        found[digest] = list(islice(dict.fromkeys(chain(own, others)), _PLACES))
    return found


def _looked_for(
    maker: Maker, places: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[tuple[str, Picture | Reason]]:
    """Each picture at its first place; where it is not read there, at the next. Of the reasons the first one
    counts."""
    left = dict(places)
    for turn in range(_PLACES):
        left = {digest: known for digest, known in left.items() if turn < len(known)}
        by_item: dict[str, dict[str, list[str]]] = {}
        for digest, known in left.items():
            evidence, path = known[turn]
            by_item.setdefault(evidence, {}).setdefault(path, []).append(digest)
        for evidence, paths in by_item.items():
            for path, data in attachments(Path(evidence), paths):
                for digest in paths[path]:
                    each = _shown(maker, data, digest, Path(evidence))
                    if each not in _ELSEWHERE:
                        del left[digest]
                        yield digest, each
                    elif turn == 0:
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
