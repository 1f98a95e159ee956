"""An iTunes or Finder backup as evidence: its files by domain and path, decrypted as they are read.

Source: containers reference 4. The manifest says which file is which; the bytes of a file lie in the evidence
around it under ``<first two digits>/<SHA-1 of domain and path>``, in backups of iOS before 10, whose manifest
is another one (Manifest.mbdb), under the SHA-1 alone.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from forensics.containers.itunes_manifest import COLUMNS, TABLE, DatabaseManifest, Manifest, OldManifest
from forensics.containers.locked import passwords
from forensics.errors import DamagedEvidence, EvidenceUnreadable, UnknownKind, WrongKey
from forensics.formats.deciphered import BLOCK, Deciphered
from forensics.formats.file_stamp import FileStamp
from forensics.formats.keybag import CLASSES, Keybag, class_keys, file_key, read_keybag
from forensics.formats.plist import PlistError, dictionary
from forensics.formats.source import Source, Span, StreamSource
from forensics.formats.sqlite import Database
from forensics.members import Evidence, Member, MemberStream, Names, Progress, inside

MANIFEST, PROPERTIES, OLD_MANIFEST = "Manifest.db", "Manifest.plist", "Manifest.mbdb"
_NO_VECTOR = bytes(BLOCK)
_LARGEST_PROPERTIES = 16 << 20

# Opens the manifest as a database, from a stream and under a name.
OpenDatabase = Callable[[BinaryIO, str], Database]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What of the evidence around it is the backup. ``files``: fileID -> member; ``matters``: whether a path
    is one that somebody will ask for; what is wrong with others is only counted."""

    folder: str
    manifest: Member
    properties: Member
    files: Mapping[str, Member]
    open_database: OpenDatabase
    matters: Callable[[str], bool]


class ItunesBackup(Evidence):
    """The files that the manifest lists; ``keys``: protection class -> key, None in a plain backup."""

    kind = "itunes backup"

    def __init__(
        self, around: Evidence, parts: Parts, manifest: Manifest, keys: Mapping[int, bytes] | None
    ) -> None:
        super().__init__(around.root, around.limits, parts.folder, around.depth + 1)
        self._around, self._parts, self._manifest, self._keys = around, parts, manifest, keys
        # where the manifest has each member that was listed, by its index
        self._places = array("q")
        self._listed: set[str] = set()

    @property
    def is_encrypted(self) -> bool:
        """Whether its files are decrypted as they are read."""
        return self._keys is not None

    @property
    def entries(self) -> int:
        """How many files lie in the backup."""
        return len(self._parts.files)

    def reached(self, member: Member) -> tuple[str, int, int | None]:
        """Of the files that lie in the backup."""
        return "members", member.index + 1, self.entries

    def members(self) -> Iterator[Member]:
        """The size of an encrypted file is that with its padding, until ``exact`` is asked."""
        names, missing, misnamed, index = Names(), 0, 0, 0
        self._listed.clear()
        for each in self._manifest.listed():
            path, remark = inside(f"{each.domain}/{each.path}")
            path = self._path(names.unique(path))
            matters = self._parts.matters(path)
            if each.is_link:
                if matters:
                    self._special(path, "a symbolic link, which is not followed")
                continue
            stored = self._parts.files.get(each.file_id)
            self._listed.add(each.file_id)
            if stored is None:
                missing += 1
                if matters:
                    self._note(
                        path, f"the manifest lists it, but its file {each.file_id} is not in the backup"
                    )
                continue
            if remark is not None and matters:
                self._note(path, remark, unread=False)
            misnamed += each.is_misnamed
            self._within_limit(index + 1)
            if index == len(self._places):
                self._places.append(each.place)
            yield Member(path=path, size=stored.size, modified=None, index=index)
            index += 1
        self._remark(missing, "{} files that the manifest lists are not in the backup")
        self._remark(misnamed, "{} files have another id than the SHA-1 of their domain and path")
        others = sum(1 for _ in self.unlisted())
        self._remark(others, "{} files are in the backup that the manifest does not list")
        for text, unread in self._manifest.problems():
            self._note(self._parts.manifest.path, text, unread=unread)

    def unlisted(self) -> Iterator[Member]:
        """The files in the backup that the manifest did not list when it was read."""
        return (stored for name, stored in self._parts.files.items() if name not in self._listed)

    def _remark(self, count: int, text: str) -> None:
        if count:
            self._note(self._parts.manifest.path, text.format(count), unread=False)

    def exact(self, member: Member) -> Member:
        """With the size of the decrypted bytes."""
        if self._keys is None:
            return member
        with self.open(member) as stream:
            return replace(member, size=stream.seek(0, io.SEEK_END))

    def _raw(self, member: Member) -> io.RawIOBase:
        if member.index >= len(self._places):
            for _ in self.members():
                pass
        place = self._places[member.index]
        stored = self._parts.files[self._manifest.file_id(place)]
        file = StreamSource(self._around.open(stored))
        source: Source = file
        size = file.size
        if self._keys is not None:
            source, size = self._deciphered(member, file, place)
        return MemberStream(
            source, 0, size, path=member.path, note=lambda text: self._note(member.path, text), owner=file
        )

    def stamp(self, member: Member) -> FileStamp | None:
        """By what the manifest says of the file."""
        try:
            return self._manifest.details(self._places[member.index]).stamp
        except PlistError:
            return None  # opening the file says so where its key stands in there

    def _deciphered(self, member: Member, file: StreamSource, place: int) -> tuple[Source, int]:
        key, said = self._file_key(member, place)
        if key is None:
            return file, file.size
        plain = Deciphered(file, 0, file.size, key, _NO_VECTOR)
        size = plain.unpadded_size()
        if size is None or file.size % BLOCK:
            self._note(member.path, "its encrypted bytes do not end as they should: cut off or changed")
            size = plain.size
        elif said is not None and said != size:
            text = f"{size} bytes, where its manifest says {said}"
            self._note(member.path, text, unread=False)
        return plain, size

    def _file_key(self, member: Member, place: int) -> tuple[bytes | None, int | None]:
        """The key of a file, None where the backup keeps it unencrypted, and its size by the manifest."""
        try:
            details = self._manifest.details(place)
        except PlistError as error:
            self._note(member.path, f"what the manifest says of it cannot be read: {error}")
            raise DamagedEvidence(
                f"{member.path}: what the manifest says of it cannot be read: {error}"
            ) from error
        sealed, said = details.key, details.size
        if sealed is None:
            return None, said
        key = file_key(self._keys or {}, sealed)
        if key is None:
            number = int.from_bytes(sealed[:4], "little")
            name = f" ({CLASSES[number]})" if number in CLASSES else ""
            text = f"protection class {number}{name}: its key is bound to the phone, or damaged"
            self._note(member.path, text, encrypted=True)
            raise EvidenceUnreadable(f"{member.path}: {text}")
        return key, said

    def sha256(self, progress: Progress | None = None) -> str:
        """Of the manifest as it lies in the evidence."""
        return self._around.member_sha256(self._parts.manifest, progress)

    def close(self) -> None:
        self._manifest.close()


class LockedItunesBackup:
    """See Locked."""

    name = "itunes-backup"

    def __init__(self, around: Evidence, parts: Parts, keybag: Keybag, manifest_key: bytes | None) -> None:
        self.path = parts.properties.path
        self._around, self._parts, self._keybag, self._manifest_key = around, parts, keybag, manifest_key

    def keys(self, material: bytes) -> list[bytes]:
        """A password."""
        return passwords(material)

    def open(self, key: bytes) -> Evidence:
        """The files in it; raises WrongKey."""
        keys = class_keys(self._keybag, key)
        if self._manifest_key is None:  # before iOS 10.2 the manifest is not encrypted
            return ItunesBackup(self._around, self._parts, _plain_manifest(self._around, self._parts), keys)
        with self._around.open(self._parts.manifest) as stream:
            opened = file_key(keys, self._manifest_key)
            if opened is None:
                raise WrongKey("the key of the manifest does not open: wrong password or changed file")
            file = StreamSource(stream)
            plain = Deciphered(file, 0, file.size, opened, _NO_VECTOR)
            # as long as its padding says; without padding the size is one of whole pages
            size = plain.unpadded_size()
            span = io.BufferedReader(Span(plain, 0, plain.size if size is None else size))
            return ItunesBackup(self._around, self._parts, _manifest(self._parts, span), keys)


def itunes_backup(around: Evidence, parts: Parts) -> ItunesBackup | LockedItunesBackup:
    """The backup, or how it is opened. Raises DamagedEvidence, UnknownKind."""
    properties = read_properties(around, parts.properties)
    if properties.get("IsEncrypted"):
        keybag, manifest_key = properties.get("BackupKeyBag"), properties.get("ManifestKey")
        if not isinstance(keybag, bytes):
            raise DamagedEvidence(f"{parts.properties.path}: an encrypted backup without its keybag")
        sealed = manifest_key if isinstance(manifest_key, bytes) else None
        try:
            return LockedItunesBackup(around, parts, read_keybag(keybag), sealed)
        except DamagedEvidence as error:
            raise DamagedEvidence(f"{parts.properties.path}: {error}") from error
    return ItunesBackup(around, parts, _plain_manifest(around, parts), None)


def read_properties(around: Evidence, member: Member) -> dict[str, object]:
    """A property list of the backup; raises DamagedEvidence."""
    with around.open(member) as stream:
        data = stream.read(_LARGEST_PROPERTIES + 1)
    try:
        return dictionary(data)
    except PlistError as error:
        raise DamagedEvidence(f"{member.path}: {error}") from error


def _plain_manifest(around: Evidence, parts: Parts) -> Manifest:
    """Of either form."""
    if parts.manifest.path.endswith(OLD_MANIFEST):
        return OldManifest(around.open(parts.manifest))
    with around.open(parts.manifest) as stream:
        return _manifest(parts, stream)


def _manifest(parts: Parts, stream: BinaryIO) -> DatabaseManifest:
    try:
        database = parts.open_database(stream, parts.manifest.path)
    except UnknownKind as error:
        raise DamagedEvidence(f"{parts.manifest.path}: no database of a manifest: {error}") from error
    if not database.has(TABLE, *COLUMNS) or database.tables()[TABLE].without_rowid:
        database.close()
        raise DamagedEvidence(f"{parts.manifest.path}: a manifest without its table {TABLE}")
    return DatabaseManifest(database)
