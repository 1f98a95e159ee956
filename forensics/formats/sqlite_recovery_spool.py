"""Rows on their way between two readings, in a private file: pages are carved once, memory is flat."""

from __future__ import annotations

import marshal
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from forensics.errors import MachineFailed

_LENGTH = struct.Struct(">I")


class Spool:
    """Tuples of numbers and bytes, written once, then read in the same order as often as need be.
    MachineFailed where they cannot be written."""

    def __init__(self, work: Path) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=work)  # noqa: SIM115  # lives as long as the spool

    def add(self, values: tuple[Any, ...]) -> None:
        """One tuple more."""
        data = marshal.dumps(values)
        try:
            self._file.write(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise MachineFailed(f"recovered rows cannot be kept: {error.strerror}") from error

    def read(self, use: Callable[[tuple[Any, ...]], Any] = lambda values: values) -> Iterator[Any]:
        """Every tuple, in order, as ``use`` makes it."""
        self._file.seek(0)
        while head := self._file.read(_LENGTH.size):
            yield use(marshal.loads(self._file.read(*_LENGTH.unpack(head))))

    def close(self) -> None:
        """Gives the file back."""
        self._file.close()
