"""The search for the rows that a database no longer shows: here, or beside the reading of those it shows.

The search takes a fifth of the time that the live rows take to be read. Of a large database whose bytes are
files of this machine another process makes it meanwhile, and writes what it finds into a private file. What
goes wrong there, down to a process that is killed, costs its work: the search is made here then.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from forensics.beside import begin
from forensics.errors import SporenError
from forensics.formats.sqlite_recovery import RecoveredRow
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.items import Found, Opener
from forensics.recovered_rows import MOST_ROWS, recovered_rows

# Below so many bytes a process costs more than it saves.
_WORTH_A_PROCESS = 32 << 20
# Rows that are written together.
_TOGETHER = 500
_FAILED = 3


class Search:
    """The search in one database; begun at once where another process makes it (``is_beside``)."""

    def __init__(self, found: Found, work: Path, workers: int) -> None:
        self._found, self._work = found, work
        self.limits = Limits()
        self.is_beside = workers > 1 and found.is_of_files and found.size >= _WORTH_A_PROCESS
        if self.is_beside:
            self._folder = Path(tempfile.mkdtemp(prefix="search-", dir=work))
            self._file = self._folder / "rows"
            self._process = begin(_search, found.streams, self._folder, found.path, self._file)

    @property
    def is_done(self) -> bool:
        """Whether nothing needs to be waited for any more."""
        return not self.is_beside or not self._process.is_alive()

    def rows(self) -> Iterator[RecoveredRow]:
        """The rows, up to one more than MOST_ROWS; then ``limits`` has counted. Raises EvidenceUnreadable."""
        if self.is_beside:
            self._process.join()
            if self._process.exitcode == 0:
                return self._written()
        rows = recovered_rows(self._found.streams, self._work, self._found.path, self.limits)
        return islice(rows, MOST_ROWS + 1)

    def _written(self) -> Iterator[RecoveredRow]:
        with self._file.open("rb") as stream:
            while isinstance(part := pickle.load(stream), list):  # made by this program's own process
                yield from part
        self.limits = part
        self._file.unlink()


def _search(streams: dict[str, Opener], work: Path, name: str, file: Path) -> None:
    """Runs in the other process: rows in lists, and then the limits."""
    limits = Limits()
    rows = islice(recovered_rows(streams, work, name, limits), MOST_ROWS + 1)
    try:
        with file.open("wb") as stream:
            while part := list(islice(rows, _TOGETHER)):
                pickle.dump(part, stream)
            pickle.dump(limits, stream)
    except (SporenError, OSError):
        sys.exit(_FAILED)  # whoever asked makes the search itself, and tells what is wrong
