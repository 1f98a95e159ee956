"""Evidence: a file, a folder, a zip or a tar of a file system, read as streams, and only ever read.

Nothing is unpacked as a whole, followed out of the evidence, or lost in silence: what cannot be read, or is
read under another name than its own, stands in ``problems``. No other module opens evidence.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from forensics.archives import archive
from forensics.errors import (
    EvidenceMissing,
    EvidenceUnreadable,
    LimitExceeded,
    UnknownKind,
)
from forensics.formats.source import StreamSource
from forensics.members import (
    SPECIAL_FILES,
    STEP_INTO,
    Evidence,
    Limits,
    Member,
    MemberStream,
    Problem,
    Progress,
    as_text,
    sha256_stream,
)

__all__ = [
    "COMPANIONS",
    "STEP_INTO",
    "Evidence",
    "Limits",
    "Member",
    "Problem",
    "Progress",
    "as_text",
    "companions",
    "nested",
    "nested_stream",
    "open_evidence",
    "sha256_stream",
]

# What SQLite keeps beside a database (sqlite.org/tempfiles.html).
COMPANIONS = ("-wal", "-shm", "-journal")
_DEFAULT_LIMITS = Limits()
_READ_ONLY = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Linux lets only the owner of a file read it without a trace in its access time.
_NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def open_evidence(path: Path, limits: Limits = _DEFAULT_LIMITS) -> Evidence:
    """What the path names, by its content. Raises EvidenceMissing, UnknownKind, DamagedEvidence.

    Only here a symbolic link is followed: a person named it.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return FolderEvidence(path, limits)
        if not stat.S_ISREG(mode):
            raise UnknownKind(
                f"{path}: neither a file nor a folder; mount a device read-only and name its folder"
            )
        file = StreamSource(_open(path, 0))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EvidenceMissing(f"{path}: no such file or folder") from error
    except OSError as error:
        raise EvidenceUnreadable(f"{path}: cannot be read: {error.strerror}") from error
    try:
        found = archive(file, path, limits)
    except (EvidenceUnreadable, OSError):
        file.close()
        raise
    if found is not None:
        return found
    file.close()
    return FileEvidence(path, limits)


def nested(evidence: Evidence, member: Member) -> Evidence:
    """The zip or tar that a member is; paths in it go on behind "!/". Raises UnknownKind, DamagedEvidence."""
    return nested_stream(evidence, evidence.open(member), member.path)


def nested_stream(evidence: Evidence, stream: BinaryIO, path: str) -> Evidence:
    """The zip or tar in a stream that came out of the evidence at ``path``, such as a decrypted backup.

    Raises UnknownKind when it is neither, LimitExceeded beyond the allowed depth.
    """
    if evidence.depth >= evidence.limits.depth:
        stream.close()
        raise LimitExceeded(f"{path}: more than {evidence.limits.depth} containers in each other")
    file = StreamSource(stream)
    try:
        found = archive(file, evidence.root, evidence.limits, within=path, depth=evidence.depth + 1)
        if found is None:
            raise UnknownKind(f"{path}: neither a zip nor a tar")
    except EvidenceUnreadable:
        file.close()
        raise
    return found


def companions(path: Path) -> list[Path]:
    """The write-ahead log, its index and the journal of a named file, where they are there; nothing else."""
    named = [path.with_name(path.name + suffix) for suffix in COMPANIONS]
    return [companion for companion in named if os.path.lexists(companion)]


def _open(path: Path | str, extra: int) -> BinaryIO:
    """Open for reading without touching the access time where the system allows that; raises OSError."""
    try:
        descriptor = os.open(path, _READ_ONLY | _NO_ACCESS_TIME | extra)
    except PermissionError:
        descriptor = os.open(path, _READ_ONLY | extra)
    return io.FileIO(descriptor, "rb")


class _Files(Evidence):
    """Members that are files of this machine."""

    is_of_files = True

    @abstractmethod
    def _location(self, member: Member) -> Path:
        """Where the member is on this machine."""

    def _raw(self, member: Member) -> io.RawIOBase:
        try:
            file = StreamSource(_open(self._location(member), _NO_LINKS))
        except OSError as error:
            self._note(member.path, f"cannot be opened: {error.strerror}")
            raise EvidenceUnreadable(f"{member.path}: cannot be opened: {error.strerror}") from error
        return MemberStream(
            file,
            0,
            member.size,
            path=member.path,
            note=lambda text: self._note(member.path, text),
            owner=file,
        )

    def _member(self, location: Path, path: str, index: int) -> Member | None:
        """The member at that place; None, with a problem, when it is anything but a file."""
        try:
            info = location.lstat()
            if stat.S_ISREG(info.st_mode):
                return Member(
                    path=path, size=info.st_size, modified=info.st_mtime_ns // 1_000_000, index=index
                )
            leads_to = f": it leads to {location.readlink()}" if stat.S_ISLNK(info.st_mode) else ""
        except OSError as error:
            self._note(path, f"cannot be read: {error.strerror}")
            return None
        what = SPECIAL_FILES.get(stat.S_IFMT(info.st_mode), "special file")
        self._special(path, f"a {what}, which is not followed{leads_to}")
        return None


class FileEvidence(_Files):
    """One named file with its own companions; the digest is that of the file."""

    kind = "file"

    def members(self) -> Iterator[Member]:
        for index, location in enumerate([self.root, *companions(self.root)]):
            # the file itself was named by a person, so a link to it is followed
            place = location.resolve() if index == 0 else location
            member = self._member(place, as_text(location.name), index)
            if member is not None:
                yield member

    def sha256(self, progress: Progress | None = None) -> str:
        digests = [self.member_sha256(member, progress) for member in self.members() if member.index == 0]
        self.check_unchanged()
        if not digests:
            raise EvidenceUnreadable(f"{self.root}: cannot be read any more")
        return digests[0]

    def _location(self, member: Member) -> Path:
        return self.root.resolve() if member.index == 0 else companions(self.root)[member.index - 1]


class FolderEvidence(_Files):
    """A folder, walked in the order of the bytes of its names; links in it are named and not followed."""

    kind = "folder"

    def __init__(self, root: Path, limits: Limits) -> None:
        super().__init__(root, limits)
        self._sha256: str | None = None
        # names on this machine that are no UTF-8, by index
        self._odd_names: dict[int, str] = {}
        # how many files there were when it was last listed to its end
        self._files: int | None = None

    def reached(self, member: Member) -> tuple[str, int, int | None]:
        """Of the files of the last listing, where there was one."""
        return "members", member.index + 1, self._files

    def members(self) -> Iterator[Member]:
        index = 0
        # last in, first out: a folder's entries are pushed in reverse
        pending = self._listing("")
        while pending:
            relative = pending.pop()
            location = self.root / relative
            if _is_folder(location):
                pending += self._listing(relative)
                continue
            self._within_limit(index + 1)
            member = self._member(location, self._text(relative, index), index)
            if member is not None:
                yield member
            index += 1
        self._files = index

    def _listing(self, relative: str) -> list[str]:
        """What is in the folder, last name first."""
        try:
            names = _names(self.root / relative)
        except OSError as error:
            self._note(relative or self.name, f"this folder cannot be listed: {error.strerror}")
            return []
        return [
            f"{relative}/{name}" if relative else name
            for name in sorted(names, key=os.fsencode, reverse=True)
        ]

    def _text(self, relative: str, index: int) -> str:
        path = as_text(relative)
        if path == relative:
            return path
        self._odd_names[index] = relative
        while os.path.lexists(self.root / path):
            path += "#2"
        self._note(path, "its name is not UTF-8; the bytes that are not stand in it as \\x..", unread=False)
        return path

    def sha256(self, progress: Progress | None = None) -> str:
        """SHA-256 of the sorted lines of ``sha256sum``; a file that cannot be read has no line."""
        if self._sha256 is None:
            lines = sorted(self._lines(progress))
            self._sha256 = hashlib.sha256(b"".join(lines)).hexdigest()
        return self._sha256

    def _lines(self, progress: Progress | None) -> Iterator[bytes]:
        for member in self.members():
            try:
                digest = self.member_sha256(member, progress)
            except EvidenceUnreadable:
                continue  # opening and reading have put it among the problems
            yield _line(digest, member.path)

    def _location(self, member: Member) -> Path:
        return self.root / self._odd_names.get(member.index, member.path)


def _is_folder(location: Path) -> bool:
    try:
        return stat.S_ISDIR(location.lstat().st_mode)
    except OSError:
        return False  # then it is listed as a member, which says why it cannot be read


def _names(folder: Path) -> list[str]:
    if os.listdir not in os.supports_fd:
        return [entry.name for entry in folder.iterdir()]
    try:
        descriptor = os.open(folder, _READ_ONLY | _NO_ACCESS_TIME)
    except PermissionError:
        descriptor = os.open(folder, _READ_ONLY)
    try:
        return os.listdir(descriptor)  # noqa: PTH208  # a Path has no descriptor
    finally:
        os.close(descriptor)


def _line(digest: str, path: str) -> bytes:
    """As GNU ``sha256sum`` writes it: a name with a backslash or a line feed is escaped and marked."""
    escaped = path.replace("\\", "\\\\").replace("\n", "\\n")
    mark = "" if escaped == path else "\\"
    return f"{mark}{digest}  {escaped}\n".encode()
