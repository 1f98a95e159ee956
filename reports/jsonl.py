"""The JSON Lines form: every record of the case, as the contract's section 4 orders them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
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
    stream.writelines(before(case))
    stream.writelines(line.rstrip(b"\n") + b"\n" for _, line in case.message_lines())
    stream.writelines(after(case))


def before(case: CaseReader) -> Iterator[bytes]:
    """The lines that stand before those of the messages."""
    return _lines(case.accounts(), case.conversations(), case.participants())


def after(case: CaseReader) -> Iterator[bytes]:
    """The lines that stand behind those of the messages."""
    return _lines(case.calls(), case.notices(), case.flags())


def _lines(*found: Iterable[Record]) -> Iterator[bytes]:
    return (canonical(dict(each)).encode() + b"\n" for each in chain(*found))


class JsonLines:
    """The form ``jsonl`` of a delivery: messages.jsonl."""

    name = "jsonl"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write messages.jsonl into ``folder``."""
        with (folder / "messages.jsonl").open("wb") as stream:
            write(case, stream)


FORM = JsonLines()
