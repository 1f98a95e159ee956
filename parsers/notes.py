"""Notices that come up while rows are read, held in their order until the reader can give them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from forensics.copies import copy_notice
from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, Doubt, readable_instant
from forensics.model import Copied, Notice, Source

# A raw value is given whole up to this many bytes, then its beginning with its length and SHA-256.
_MOST_RAW = 4096


class Notes:
    """The notices of one database file, named by ``file``: a source without table and row."""

    def __init__(self, file: Source) -> None:
        self._file = file
        self._pending: list[Notice] = []
        # what is too frequent for a notice of its own
        self.counted: Counter[str] = Counter()

    def source(
        self, table: str | None, rowid: int | None = None, app_id: str | None = None, key: str | None = None
    ) -> Source:
        """A place in this file; ``key`` is that of a row that is known by its key (in hex)."""
        return Source(
            evidence_sha256=self._file.evidence_sha256,
            file_sha256=self._file.file_sha256,
            path=self._file.path,
            table=table,
            rowid=rowid,
            rowid_key=key,
            app_id=app_id,
        )

    def add(
        self,
        severity: str,
        text: str,
        table: str | None,
        rowid: int | None = None,
        raw: object = None,
        *,
        key: str | None = None,
    ) -> None:
        """A notice on one row, or on a table."""
        source = self.source(table, rowid, key=key)
        self._pending.append(Notice(severity=severity, text=text, source=source, raw=raw_text(raw)))

    def copy(self, copied: Copied, original: str, table: str, rowid: int | None) -> None:
        """A notice on a text that survives in that row; ``original`` names the row that it is a copy of."""
        source = self.source(table, rowid, copied.app_id)
        self._pending.append(copy_notice(copied, source, original))

    def copy_at(self, copied: Copied, source: Source, original: str) -> None:
        """The same of a text that survives in another file."""
        self._pending.append(copy_notice(copied, source, original))

    def doubt(self, table: str) -> Doubt:
        """What a bound table calls for a value that is not of its column's kind."""

        def note(rowid: int, column: str, value: object, problem: str) -> None:
            self.add("doubt", f"row {rowid} of {table}, column {column}: {problem}", table, rowid, value)

        return note

    def instant(self, value: int | None, table: str, rowid: int, column: str) -> int | None:
        """A stored time; what is doubtful about it becomes a notice, and the value stays as it is stored."""
        if value is not None and BEFORE_CHAT_APPS <= value < AFTER_CHAT_APPS:
            return value
        instant, doubt = readable_instant(value)
        if doubt is not None:
            text = f"row {rowid} of {table}, time in column {column}: {doubt}"
            self.add("doubt", text, table, rowid, value)
        return instant

    def unknown(self, what: str, code: int | None) -> None:
        """Count a code whose meaning is not known."""
        words = (
            f"{what} {code} has no meaning known to this parser" if code is not None else f"{what} not stored"
        )
        self.count(words)

    def count(self, what: str) -> None:
        """Count what is too frequent for a notice of its own; one notice for each text at the end."""
        self.counted[what] += 1

    def listing(self, text: str, table: str, lines: Sequence[str]) -> None:
        """One notice for many alike, all of them in its raw value."""
        if lines:
            source = self.source(table)
            words = f"{text}: {len(lines)}"
            self._pending.append(Notice(severity="info", text=words, source=source, raw="\n".join(lines)))

    def drain(self) -> Iterator[Notice]:
        """The notices since the last time."""
        while self._pending:
            pending, self._pending = self._pending, []
            yield from pending

    def close(self) -> Iterator[Notice]:
        """What was counted, and the last notices."""
        for what, count in sorted(self.counted.items()):
            self.add("info", f"{what}: {'1 row' if count == 1 else f'{count} rows'}", None)
        yield from self.drain()

    @property
    def is_pending(self) -> bool:
        """Whether there is something to give."""
        return bool(self._pending)


def raw_text(value: object) -> str | None:
    """A raw value as text: bytes in hex, long values cut with their length and SHA-256."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex() if len(value) <= _MOST_RAW else f"{value[:_MOST_RAW].hex()}... {_seal(value)}"
    text = str(value)
    if len(text) <= _MOST_RAW:
        return text
    return f"{text[:_MOST_RAW]}... {_seal(text.encode('utf-8', 'replace'))}"


def _seal(data: bytes) -> str:
    return f"({len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()})"
