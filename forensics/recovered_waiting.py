"""Live records that wait until it is known which rows were recovered.

Messages wait in a private file, the few calls here.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from forensics.errors import MachineFailed
from forensics.extract import Batch
from forensics.message_row import PackedRow
from forensics.model import Call


class Waiting:
    """What is kept is given once, in its order."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._file: BinaryIO | None = None
        self._batches = 0
        self.calls: list[Call] = []

    def keep(self, batch: Batch) -> None:
        """Keep the messages and the calls of a batch. MachineFailed where there is no space."""
        self.calls += batch.calls
        if batch.messages:
            try:
                if self._file is None:
                    self._file = tempfile.TemporaryFile(prefix="waiting-", dir=self._work)  # noqa: SIM115  # kept open
                marshal.dump(batch.messages, self._file)
            except OSError as error:
                text = f"{self._work}: messages that wait cannot be written: {error.strerror}"
                raise MachineFailed(text) from error
            self._batches += 1

    def messages(self, *, is_wanted: bool) -> Iterator[list[PackedRow]]:
        """The messages; none where they are not wanted. The file is gone after that."""
        if self._file is None:
            return
        with self._file as file:
            file.seek(0)
            for _ in range(self._batches if is_wanted else 0):
                yield marshal.load(file)
        self._file = None
