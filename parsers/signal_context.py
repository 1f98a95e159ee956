"""What every reader of one installation of Signal for Android works with."""

from __future__ import annotations

from array import array
from bisect import bisect_left

from forensics.model import Source
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.signal_directory import Directory
from parsers.signal_files import Files
from parsers.signal_survey import Survey
from parsers.signal_tables import FRAME


class Context:
    """One installation with its people and conversations, its files, and the notices that come up."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self.installation = installation
        self.notes = notes
        self.survey = Survey(installation.database)
        self.directory = Directory(installation, self.survey, notes)
        self.files = Files(installation, notes)
        self._frames: dict[str, tuple[array[int], array[int]]] = {}
        self.is_backup = installation.database.has(FRAME.name)
        frames = FRAME.bind(installation.database, notes.doubt(FRAME.name))
        for _rowid, table, row, offset in () if frames is None else frames.rows(order_by="row"):
            if isinstance(row, int):
                rows, offsets = self._frames.setdefault(table, (array("q"), array("q")))
                rows.append(row)
                offsets.append(offset)

    def source(self, table: str, rowid: int, app_id: str | None = None) -> Source:
        """The place of a row; in a backup with the offset of its frame."""
        place = self.installation
        return Source(
            evidence_sha256=place.evidence_sha256,
            file_sha256=place.file_sha256,
            path=place.path,
            table=table,
            rowid=rowid,
            offset=self._offset(table, rowid),
            app_id=app_id,
        )

    def _offset(self, table: str, rowid: int) -> int | None:
        if table not in self._frames:
            return None
        rows, offsets = self._frames[table]
        at = bisect_left(rows, rowid)
        return offsets[at] if at < len(rows) and rows[at] == rowid else None
