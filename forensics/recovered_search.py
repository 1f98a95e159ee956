"""The search for the rows that a database no longer shows: here, or beside the reading of those it shows.

The search takes a fifth of the time that the live rows take to be read. Of a large database whose bytes are
files of this machine another process makes it meanwhile, and writes what it finds into a private file. What
goes wrong there, down to a process that is killed, costs its work: the search is made here then.
"""

from __future__ import annotations

import logging
import pickle
import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterator
from itertools import islice
from multiprocessing.process import BaseProcess
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
# The files by which the processes speak.
_ROWS, _LIMITS = "rows", "limits"
_LOG = logging.getLogger(__name__)


class Search:
    """The search in one database; begun at once where another process makes it (``is_beside``)."""

    def __init__(self, found: Found, work: Path, workers: int) -> None:
        self._found, self._work = found, work
        self.limits = Limits()
        self.is_beside = False
        # the process that writes has nothing to do before the first live rows come
        if workers > 1 and found.is_of_files and found.size >= _WORTH_A_PROCESS:
            try:
                self._begin()
            except OSError as error:
                _LOG.warning("%s: deleted rows are sought by no process of their own: %s", found.path, error)

    def _begin(self) -> None:
        """OSError where the machine has no process or no space for it."""
        self._folder = Path(tempfile.mkdtemp(prefix="search-", dir=self._work))
        try:
            self._process = begin(_search, self._found.streams, self._folder, self._found.path)
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.is_beside = True
        # reading may be given up before anybody asks for the rows
        self._end = weakref.finalize(self, _ended, self._process, self._folder)

    @property
    def is_done(self) -> bool:
        """Whether nothing needs to be waited for any more."""
        return not self.is_beside or not self._process.is_alive()

    def rows(self) -> Iterator[RecoveredRow]:
        """The rows, up to one more than MOST_ROWS; ``limits`` has counted when they end, or are that many.
        Raises EvidenceUnreadable."""
        if self.is_beside:
            self._process.join()
            if self._process.exitcode == 0:
                return self._written()
            self._end()
        rows = recovered_rows(self._found.streams, self._work, self._found.path, self.limits)
        return islice(rows, MOST_ROWS + 1)

    def _written(self) -> Iterator[RecoveredRow]:
        """What whoever draws them may stop at needs no further step: the limits come first."""
        with (self._folder / _LIMITS).open("rb") as stream:
            self.limits = pickle.load(stream)  # made by this program's own process
        try:
            with (self._folder / _ROWS).open("rb") as stream:
                while part := pickle.load(stream):
                    yield from part
        finally:
            self._end()


def _ended(process: BaseProcess, folder: Path) -> None:
    process.kill()
    process.join()
    shutil.rmtree(folder, ignore_errors=True)


def _search(streams: dict[str, Opener], folder: Path, name: str) -> None:
    """Runs in the other process: rows in lists, of which the last is empty, and the limits apart."""
    limits = Limits()
    rows = islice(recovered_rows(streams, folder, name, limits), MOST_ROWS + 1)
    try:
        with (folder / _ROWS).open("wb") as stream:
            while part := list(islice(rows, _TOGETHER)):
                pickle.dump(part, stream)
            pickle.dump([], stream)
        with (folder / _LIMITS).open("wb") as stream:
            pickle.dump(limits, stream)
    except (SporenError, OSError):
        sys.exit(_FAILED)  # whoever asked makes the search itself, and tells what is wrong
