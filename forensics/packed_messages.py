"""Stored messages on their way to other processes: blocks of rows, which are made into records there.

The case is read in one process only, so that all of it is of one moment, and an encrypted one is opened once.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from forensics.message_row import FilePlace, PackedRow, stored_line, stored_record, stored_record_and_line


def packed_rows(rows: Iterable[PackedRow], size: int) -> Iterator[bytes]:
    """Rows of the SELECT of messages in blocks of at most ``size``."""
    rest = iter(rows)
    while block := list(islice(rest, size)):
        yield marshal.dumps(block)


@dataclass(frozen=True, slots=True)
class Unpacking:
    """Makes blocks into records again; ``files``: what the sources of each file share."""

    files: dict[int, FilePlace]

    def records(self, block: bytes) -> Iterator[dict[str, Any]]:
        """The records of a block."""
        return (stored_record(row, self.files) for row in marshal.loads(block))

    def records_and_lines(self, block: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Both of each message; cheaper than one after the other."""
        return (stored_record_and_line(row, self.files) for row in marshal.loads(block))

    def lines(self, block: bytes) -> Iterator[bytes]:
        """The export lines of a block, without line feeds."""
        return (stored_line(row, self.files) for row in marshal.loads(block))
