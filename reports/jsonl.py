"""The JSON Lines form: every record of the case, as the contract's section 4 orders them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from forensics.digest import canonical
from reports.content import CaseReader, Content, Record


class Sink(Protocol):
    """What takes lines, each a record with its line feed."""

    def write(self, line: bytes, /) -> object: ...
    def writelines(self, lines: Iterable[bytes], /) -> object: ...


def write(case: CaseReader, stream: Sink) -> None:
    """All records in export order, one canonical JSON object a line."""
    for records in (case.accounts, case.conversations, case.participants):
        _write(records(), stream)
    stream.writelines(line.rstrip(b"\n") + b"\n" for _, line in case.message_lines())
    for records in (case.calls, case.notices, case.flags):
        _write(records(), stream)


def _write(records: Iterable[Record], stream: Sink) -> None:
    for each in records:
        stream.write(canonical(dict(each)).encode() + b"\n")


class JsonLines:
    """The form ``jsonl`` of a delivery: messages.jsonl."""

    name = "jsonl"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write messages.jsonl into ``folder``."""
        with (folder / "messages.jsonl").open("wb") as stream:
            write(case, stream)


FORM = JsonLines()
