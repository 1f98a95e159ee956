"""What the manifest of an iTunes or Finder backup lists, whichever of its two forms it has.

Sources: containers reference 4 (``Manifest.db``, iOS 10 and later); that of ``Manifest.mbdb`` stands in
forensics.formats.mbdb.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from forensics.formats import mbdb
from forensics.formats.file_stamp import FileStamp, stamp_of_archive
from forensics.formats.keyed_archive import root_fields
from forensics.formats.plist import PlistError
from forensics.formats.source import StreamSource
from forensics.formats.sqlite import Database

TABLE, COLUMNS = "Files", ("fileID", "domain", "relativePath", "flags")
_FOLDER, _LINK = 2, 4
_LARGEST_BLOB = 1 << 20


class Listed(NamedTuple):
    """A file or link; ``place`` is where the manifest has it, ``is_misnamed``: its id is another than that
    of its domain and path."""

    place: int
    file_id: str
    domain: str
    path: str
    is_link: bool
    is_misnamed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """``key``: class of protection and wrapped key, None of a file that is not encrypted; ``size``: of the
    plain bytes, as the manifest says it."""

    key: bytes | None
    size: int | None
    stamp: FileStamp


class Manifest(Protocol):
    """One of the two forms."""

    def listed(self) -> Iterator[Listed]:
        """All files and links; folders have no content."""
        ...

    def file_id(self, place: int) -> str:
        """The name of the stored file."""
        ...

    def details(self, place: int) -> Details:
        """What is said of a file beside its name. Raises PlistError."""
        ...

    def problems(self) -> Iterator[tuple[str, bool]]:
        """What was wrong with the manifest up to now, and whether something is missing because of it."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class DatabaseManifest:
    """``Manifest.db``; places are row ids."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self) -> Iterator[Listed]:
        """See Manifest; rows without text where names should be are passed over."""
        for rowid, file_id, domain, path, flags in self._database.rows(TABLE, COLUMNS):
            if flags != _FOLDER and all(isinstance(each, str) for each in (file_id, domain, path)):
                named = hashlib.sha1(f"{domain}-{path}".encode("utf-8", "replace")).hexdigest()
                yield Listed(rowid, file_id, domain, path, flags == _LINK, named != file_id)

    def file_id(self, place: int) -> str:
        """See Manifest."""
        return str((self._database.row(TABLE, place) or {}).get("fileID"))

    def details(self, place: int) -> Details:
        """By the archived object in the row (class MBFile)."""
        blob = (self._database.row(TABLE, place) or {}).get("file")
        if not isinstance(blob, bytes) or len(blob) > _LARGEST_BLOB:
            raise PlistError("missing or too large")
        fields = root_fields(blob)
        sealed, size = fields.get("EncryptionKey"), fields.get("Size")
        return Details(
            key=sealed if isinstance(sealed, bytes) else None,
            size=size if isinstance(size, int) else None,
            stamp=stamp_of_archive(fields),
        )

    def problems(self) -> Iterator[tuple[str, bool]]:
        """See Manifest."""
        return ((problem.text, True) for problem in self._database.problems)

    def close(self) -> None:
        """See Manifest."""
        self._database.close()


class OldManifest:
    """``Manifest.mbdb``; places are offsets. What is listed before damage is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._source = StreamSource(stream)
        self._damage: str | None = None
        self._others = 0

    def listed(self) -> Iterator[Listed]:
        """See Manifest."""
        self._damage, self._others = None, 0
        try:
            for record in mbdb.records(self._source):
                if record.is_file or record.is_link:
                    domain, path = _text(record.domain), _text(record.path)
                    yield Listed(record.position, record.file_id, domain, path, record.is_link, False)
                elif not record.is_folder:
                    self._others += 1
        except mbdb.MbdbError as error:
            self._damage = f"{error}: what is listed behind that is missing"

    def file_id(self, place: int) -> str:
        """See Manifest."""
        return mbdb.record_at(self._source, place)[0].file_id

    def details(self, place: int) -> Details:
        """The class of protection of the record is that of its key (iphone-dataprotection, from source)."""
        record, _ = mbdb.record_at(self._source, place)
        key = record.protection.to_bytes(4, "little") + record.key[4:] if record.key else None
        stamp = FileStamp(
            modified=record.modified * 1000 if record.modified else None,
            uid=record.uid,
            gid=record.gid,
            inode=record.inode or None,
            protection=record.protection or None,
        )
        return Details(key=key, size=record.size, stamp=stamp)

    def problems(self) -> Iterator[tuple[str, bool]]:
        """See Manifest."""
        if self._damage is not None:
            yield self._damage, True
        if self._others:
            yield f"{self._others} entries are neither files, folders nor links: not read", True

    def close(self) -> None:
        """See Manifest."""
        self._source.close()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
