"""Zip and tar archives as evidence: members are found by their headers and unpacked while they are read."""

from __future__ import annotations

import io
import stat
from array import array
from collections.abc import Iterator
from pathlib import Path

from forensics.errors import DamagedEvidence, EvidenceUnreadable
from forensics.formats import tar_archive, zip_archive
from forensics.formats.file_stamp import FIELDS, FileStamp, stamp_of_extras
from forensics.formats.source import Section, Source, Span, StreamSource
from forensics.formats.unpacked import Unpacked
from forensics.formats.zip_encrypted import EncryptedMember, PasswordRefused
from forensics.members import (
    SPECIAL_FILES,
    Evidence,
    Limits,
    Member,
    MemberStream,
    Names,
    Progress,
    inside,
    sha256_stream,
)

PACKED_TARS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_HARD_LINK = "hard link"
_LINK = "a {}, which is not followed{}"


class _Archive(Evidence):
    """One file that holds members."""

    def __init__(self, file: StreamSource, *, root: Path, limits: Limits, within: str, depth: int) -> None:
        super().__init__(root, limits, within, depth)
        self._file = file
        self._sha256: str | None = None

    def sha256(self, progress: Progress | None = None) -> str:
        """Of the archive file itself."""
        if self._sha256 is None:
            self._sha256 = sha256_stream(io.BufferedReader(Span(self._file, 0, self._file.size)), progress)
            self.check_unchanged()
        return self._sha256

    def close(self) -> None:
        self._file.close()


class ZipEvidence(_Archive):
    """A zip. DamagedEvidence when it has no central directory; any other damage is a problem."""

    kind = "zip"

    def __init__(self, file: StreamSource, *, root: Path, limits: Limits, within: str, depth: int) -> None:
        super().__init__(file, root=root, limits=limits, within=within, depth=depth)
        try:
            self._directory = zip_archive.directory(file, file.size)
        except zip_archive.ZipError as error:
            raise DamagedEvidence(
                f"{self.name}: a zip, but {error}; ask for a whole copy, or repair a copy (zip -FF)"
            ) from error
        self._within_limit(self._directory.entries)
        # how many members are encrypted, once they were listed; what opens them
        self.locked = 0
        self.password: bytes | None = None
        # the place in the central directory of each entry that was listed, by its index
        self._positions = array("Q")

    @property
    def entries(self) -> int:
        """How many members its end announces."""
        return self._directory.entries

    def reached(self, member: Member) -> tuple[str, int, int | None]:
        """Of the members that its end announces."""
        return "members", member.index + 1, self.entries

    def members(self) -> Iterator[Member]:
        """All members but those that are encrypted, of which ``locked`` says how many there are."""
        return self._members(encrypted=False)

    def encrypted_members(self) -> Iterator[Member]:
        """The encrypted members; they can be opened once there is a password."""
        return self._members(encrypted=True)

    def _members(self, *, encrypted: bool) -> Iterator[Member]:
        names = Names()
        packed = locked = 0
        for index, found in enumerate(self._entries()):
            self._within_limit(index + 1)
            if index == len(self._positions):
                self._positions.append(found.position)
            packed += found.packed
            member = None if found.is_directory else self._member(found, names, index, packed)
            locked += member is not None and found.encrypted
            if member is not None and found.encrypted == encrypted:
                yield member
        self.locked = locked
        if locked and self.password is None:
            self._note(self.name, f"{locked} encrypted members: their password is needed", encrypted=True)

    def _entries(self) -> Iterator[zip_archive.Entry]:
        for found in zip_archive.entries(self._file, self._directory):
            if isinstance(found, zip_archive.ZipError):
                self._note(self.name, str(found))
            else:
                yield found

    def _member(self, entry: zip_archive.Entry, names: Names, index: int, packed: int) -> Member | None:
        # Zips made on Windows may have backslashes, whatever the rules say.
        name = entry.name.replace("\\", "/") if "\\" in entry.name else entry.name
        inner, remark = inside(name)
        path = names.unique(inner)
        if self.within:
            path = self._path(path)
        if remark is not None:
            self._note(path, remark, unread=False)
        special = SPECIAL_FILES.get(stat.S_IFMT(entry.mode)) if entry.mode else None
        if special is not None:
            self._special(path, _LINK.format(special, ""))
            return None
        reason = self._unreadable(entry, packed)
        if reason is not None:
            self._note(path, reason)
            return None
        return Member(path, entry.size, entry.modified, index)

    def _unreadable(self, entry: zip_archive.Entry, packed: int) -> str | None:
        if entry.method not in zip_archive.METHODS:
            return (
                f"compressed with {entry.method_name}, which cannot be read here: unpack it and add the files"
            )
        if packed > self._file.size:
            return "overlaps other members: together they are larger than the archive, as in a bomb"
        if entry.method and entry.size > self.limits.member_bytes:
            return f"{entry.size} bytes unpacked is more than the {self.limits.member_bytes} that are allowed"
        return None

    def _raw(self, member: Member) -> io.RawIOBase:
        entry = self._entry(member)
        try:
            start, same_name = zip_archive.data_start(self._file, entry)
        except zip_archive.ZipError as error:
            self._note(member.path, str(error))
            raise DamagedEvidence(f"{member.path}: {error}") from error
        if not same_name:
            self._note(member.path, "its local header has another name", unread=False)
        if entry.encrypted:
            return self._decrypted(member, entry)
        unpacked = None
        if entry.method:
            method = zip_archive.METHODS[entry.method]
            unpacked = Unpacked(self._file, start, entry.packed, method, self.limits.ratio)
        return MemberStream(
            unpacked or self._file,
            0 if unpacked else start,
            entry.size,
            path=member.path,
            note=lambda text: self._note(member.path, text),
            crc=entry.crc,
            owner=unpacked,
        )

    def stamp(self, member: Member) -> FileStamp | None:
        """By the extra fields of its local header."""
        extras = zip_archive.local_extras(self._file, self._entry(member))
        return stamp_of_extras(extras) if any(number in extras for number in FIELDS) else None

    def _decrypted(self, member: Member, entry: zip_archive.Entry) -> io.RawIOBase:
        if self.password is None:
            raise EvidenceUnreadable(f"{member.path}: encrypted, and no password for it is at hand")
        try:
            source = EncryptedMember(self._file, self._directory, entry, self.password)
        except PasswordRefused as error:
            self._note(member.path, str(error), encrypted=True)
            raise EvidenceUnreadable(f"{member.path}: {error}") from error
        return MemberStream(
            source,
            0,
            entry.size,
            path=member.path,
            note=lambda text: self._note(member.path, text),
            owner=source,
        )

    def _entry(self, member: Member) -> zip_archive.Entry:
        if member.index >= len(self._positions):
            for _ in self.members():
                pass
        return zip_archive.entry_at(self._file, self._directory, self._positions[member.index])[0]


class TarEvidence(_Archive):
    """A tar, packed or not."""

    kind = "tar"
    told_every = 100

    def __init__(
        self,
        file: StreamSource,
        method: str | None,
        *,
        root: Path,
        limits: Limits,
        within: str,
        depth: int,
        part: Section | None = None,
    ) -> None:
        """``part``: where in the file the tar is, packed by ``method``; the whole of it without one."""
        super().__init__(file, root=root, limits=limits, within=within, depth=depth)
        part = part or Section(file, 0, file.size)
        self._unpacked = Unpacked(part, 0, part.size, method, limits.ratio) if method else None
        self._source: Source = self._unpacked or part
        # where the bytes of each entry that was listed start, by its index
        self._starts = array("Q")
        self._sparse: dict[int, tar_archive.Entry] = {}

    def members(self) -> Iterator[Member]:
        names = Names()
        for index, found in enumerate(self._entries()):
            self._within_limit(index + 1)
            if index == len(self._starts):
                self._starts.append(found.data)
                if found.parts is not None:
                    self._sparse[index] = found
            member = None if found.kind == "directory" else self._member(found, names, index)
            if member is not None:
                yield member

    def reached(self, member: Member) -> tuple[str, int, int | None]:
        """Of the bytes of the file, since nothing says how many members there are."""
        packed = self._unpacked
        done = self._starts[member.index] if packed is None else packed.consumed
        return "bytes passed", done, self._file.size

    def _entries(self) -> Iterator[tar_archive.Entry]:
        """The entries up to where the archive cannot be read any further."""
        try:
            for found in tar_archive.entries(self._source):
                if isinstance(found, tar_archive.TarError):
                    self._note(self.name, str(found))
                else:
                    yield found
        except EvidenceUnreadable as error:
            self._note(self.name, str(error))
        if self._unpacked is not None and self._unpacked.damage is not None:
            self._note(self.name, self._unpacked.damage)

    def _member(self, entry: tar_archive.Entry, names: Names, index: int) -> Member | None:
        inner, remark = inside(entry.name)
        is_read = entry.kind == _HARD_LINK and names.has(inside(entry.link)[0])  # under its first name
        path = self._path(names.unique(inner))
        if remark is not None:
            self._note(path, remark, unread=False)
        if entry.kind != "file":
            target = f": it leads to {entry.link}" if entry.link else ""
            text = _LINK.format(entry.kind, target)
            if is_read:
                self._note(path, text, unread=False)
            else:
                self._special(path, text)
            return None
        if entry.size > self.limits.member_bytes and (self._unpacked is not None or entry.parts is not None):
            self._note(
                path, f"{entry.size} bytes is more than the {self.limits.member_bytes} that are allowed"
            )
            return None
        return Member(path=path, size=entry.size, modified=entry.modified, index=index)

    def _raw(self, member: Member) -> io.RawIOBase:
        if member.index >= len(self._starts):
            for _ in self.members():
                pass
        sparse = self._sparse.get(member.index)
        return MemberStream(
            self._source if sparse is None else tar_archive.Sparse(self._source, sparse),
            self._starts[member.index] if sparse is None else 0,
            member.size,
            path=member.path,
            note=lambda text: self._note(member.path, text),
        )

    def close(self) -> None:
        if self._unpacked is not None:
            self._unpacked.close()
        super().close()


def archive(
    file: StreamSource, root: Path, limits: Limits, within: str = "", depth: int = 0
) -> Evidence | None:
    """The zip or tar that the content is; None when it is neither. Raises DamagedEvidence."""
    head = file.read_at(0, tar_archive.BLOCK)
    if head.startswith(zip_archive.STARTS):
        return ZipEvidence(file, root=root, limits=limits, within=within, depth=depth)
    if _is_tar(head):
        return TarEvidence(file, None, root=root, limits=limits, within=within, depth=depth)
    for magic, method in PACKED_TARS.items():
        if head.startswith(magic) and _is_tar(_first_block(file, method, limits)):
            return TarEvidence(file, method, root=root, limits=limits, within=within, depth=depth)
    return None


def _is_tar(head: bytes) -> bool:
    return head[tar_archive.MAGIC_AT :].startswith(tar_archive.MAGIC)


def _first_block(file: StreamSource, method: str, limits: Limits) -> bytes:
    unpacked = Unpacked(file, 0, file.size, method, limits.ratio)
    try:
        return unpacked.read_at(0, tar_archive.BLOCK)
    finally:
        unpacked.close()
