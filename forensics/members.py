"""What evidence is, whatever it came in: members with names and bytes, hashes, and what is wrong with it."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zlib
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from forensics.errors import DamagedEvidence, EvidenceMismatch, EvidenceUnreadable, LimitExceeded
from forensics.formats.file_stamp import FileStamp
from forensics.formats.source import CHUNK, Source, Span
from forensics.formats.unpacked import Unpacked

Progress = Callable[[int], None]

STEP_INTO = "!/"
SPECIAL_FILES = {
    stat.S_IFLNK: "symbolic link",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFIFO: "named pipe",
    stat.S_IFSOCK: "socket",
}
_BUFFER = 1 << 16
_NO_NAME = "(no name)"
_FIRST_BITS = 10
# names that are already paths as they should be
_PLAIN = re.compile(r"(?!.:)[^/\x00.][^/\x00]*(?:/[^/\x00.][^/\x00]*)*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far reading goes before it is called a bomb.

    ``member_bytes``: of one unpacked member; ``ratio``: unpacked to packed, beyond 100 MiB; ``depth``: steps
    into containers.
    """

    member_bytes: int = 64 << 30
    ratio: int = 1000
    members: int = 5_000_000
    depth: int = 3


@dataclass(slots=True, unsafe_hash=True)
class Member:
    """A file in the evidence. ``modified``: milliseconds since 1970, None where no time in UTC is stored.

    Never changed; not frozen, because it is made for each of millions of files and would take twice the time.
    """

    path: str
    size: int
    modified: int | None
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a part of the evidence. ``unread``: content is missing because of it. ``special``:
    it is a link, a device or the like, as every file system has some."""

    path: str
    text: str
    unread: bool = True
    encrypted: bool = False
    special: bool = False


def as_text(name: str) -> str:
    """A name of this machine as text that any file can hold: bytes that are no UTF-8 as ``\\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def sha256_stream(stream: BinaryIO, progress: Progress | None = None) -> str:
    """SHA-256 of all that is left in the stream; ``progress`` is told the bytes of each step."""
    digest = hashlib.sha256()
    while data := stream.read(CHUNK):
        digest.update(data)
        if progress is not None:
            progress(len(data))
    return digest.hexdigest()


class Evidence(ABC):
    """One item of evidence. Paths of a nested item start with those of the containers around it."""

    kind: str
    # whether its members are files of this machine
    is_of_files = False
    # so many members are listed between two words about it
    told_every = 2000

    def __init__(self, root: Path, limits: Limits, within: str = "", depth: int = 0) -> None:
        self.root = root
        self.limits = limits
        self.depth = depth
        self.within = within
        self._problems: dict[tuple[str, str], Problem] = {}
        self._digests: dict[int, str] = {}
        self._stamp = _stamp(root)

    @property
    def problems(self) -> list[Problem]:
        """All found up to now, each once: names while listing, damage while reading."""
        return list(self._problems.values())

    @property
    def name(self) -> str:
        """The path of a nested item in the outermost one, the file name of that one."""
        return self.within or as_text(self.root.name)

    @abstractmethod
    def members(self) -> Iterator[Member]:
        """All members that can be read, always in the same order; LimitExceeded beyond the limit."""

    def reached(self, member: Member) -> tuple[str, int, int | None]:
        """How far a listing is that came to this member: what is counted, how many, and of how many."""
        return "members", member.index + 1, None

    @abstractmethod
    def _raw(self, member: Member) -> io.RawIOBase:
        """The member's bytes; raises EvidenceUnreadable."""

    @abstractmethod
    def sha256(self, progress: Progress | None = None) -> str:
        """The digest of the item as a whole (contract, section 4)."""

    def open(self, member: Member) -> BinaryIO:
        """The member's bytes, to be read and sought in. Raises EvidenceUnreadable, and so does reading.

        Of a damaged archive member what is left of it is given; then ``damage`` has a reason.
        """
        return io.BufferedReader(self._raw(member), _BUFFER)

    def exact(self, member: Member) -> Member:
        """The member with the size of its bytes, where that is only known once it was opened."""
        return member

    def stamp(self, member: Member) -> FileStamp | None:
        """What the container says of the file beside name and bytes; None where it says nothing."""
        del member
        return None

    def damage(self, member: Member) -> str | None:
        """Why not all bytes of the member could be read as they were stored, as far as it was read."""
        for problem in self._problems.values():
            if problem.path == member.path and problem.unread:
                return problem.text
        return None

    def member_sha256(self, member: Member, progress: Progress | None = None) -> str:
        """SHA-256 of the member's bytes; each member is read for it once."""
        if member.index not in self._digests:
            with self.open(member) as stream:
                self._digests[member.index] = sha256_stream(stream, progress)
        return self._digests[member.index]

    def check_unchanged(self) -> None:
        """Raises EvidenceMismatch when size or time of the named file or folder are not what they were."""
        if _stamp(self.root) != self._stamp:
            raise EvidenceMismatch(
                f"{self.root}: changed while it was read; work on a copy that nobody writes to"
            )

    def close(self) -> None:  # noqa: B027  # files that are opened one by one leave nothing open
        """Close what is open; members opened before are then unreadable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _path(self, inner: str) -> str:
        return f"{self.within}{STEP_INTO}{inner}" if self.within else inner

    def _note(self, path: str, text: str, *, unread: bool = True, encrypted: bool = False) -> None:
        problem = Problem(path=path, text=text, unread=unread, encrypted=encrypted)
        self._problems.setdefault((path, text), problem)

    def _special(self, path: str, text: str) -> None:
        problem = Problem(path=path, text=text, unread=False, special=True)
        self._problems.setdefault((path, text), problem)

    def misses(self, problem: Problem) -> None:
        """What was found at that path stands where something is that would have been read."""
        self._problems[problem.path, problem.text] = replace(problem, unread=True)

    def learn(self, problem: Problem) -> None:
        """Take over what was found wrong elsewhere, with the same evidence."""
        self._problems.setdefault((problem.path, problem.text), problem)

    def forget(self, path: str, *, only_encrypted: bool = False) -> None:
        """Drop what was found wrong with a member: it was read with a wrong key, or there is one now."""
        for key, problem in list(self._problems.items()):
            if key[0] == path and (problem.encrypted or not only_encrypted):
                del self._problems[key]

    def _within_limit(self, count: int) -> None:
        if count > self.limits.members:
            raise LimitExceeded(f"{self.name}: more than the {self.limits.members} members that are allowed")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        info = path.stat()
    except OSError:
        return None  # gone: not what it was
    return info.st_size, info.st_mtime_ns


class _Closes(Protocol):
    def close(self) -> None: ...


class MemberStream(Span):
    """The bytes of one member, which tells ``note`` what is wrong with them while they are read."""

    def __init__(
        self,
        source: Source,
        start: int,
        size: int,
        *,
        path: str,
        note: Callable[[str], None],
        crc: int | None = None,
        owner: _Closes | None = None,
    ) -> None:
        super().__init__(source, start, size)
        self._path, self._note = path, note
        self._expected_crc, self._crc, self._checked = crc, 0, 0
        # what is closed together with this stream
        self._owner = owner

    def take(self, position: int, length: int) -> bytes:
        try:
            data = super().take(position, length)
        except OSError as error:
            self._note(f"cannot be read at offset {position}: {error.strerror}")
            raise DamagedEvidence(f"{self._path}: cannot be read at offset {position}") from error
        except EvidenceUnreadable as error:
            self._note(str(error))
            raise type(error)(f"{self._path}: {error}") from error
        if len(data) < length:
            reason = self._owner.damage if isinstance(self._owner, Unpacked) else None
            reason = reason or "the rest is missing"
            self._note(f"{position + len(data)} of {self.size} bytes can be read: {reason}")
        self._check(position, data)
        return data

    def _check(self, position: int, data: bytes) -> None:
        """The CRC-32 grows with what is read for the first time, and is compared when all was."""
        if self._expected_crc is None or not position <= self._checked < position + len(data):
            return
        self._crc = zlib.crc32(data[self._checked - position :], self._crc)
        self._checked = position + len(data)
        if self._checked == self.size:
            if self._crc != self._expected_crc:
                self._note("its CRC-32 is not the stored one: the content is damaged")
            elif isinstance(self._owner, Unpacked) and self._owner.read_at(self.size, 1):
                self._note(f"unpacks to more than the {self.size} bytes that are announced")

    def close(self) -> None:
        if self._owner is not None:
            self._owner.close()
        super().close()


class Names:
    """Member names as paths that stay inside the evidence and are all different."""

    def __init__(self) -> None:
        # eight bytes of a digest for each name, in a table of open addressing: two million names as text
        # would take 300 MB, as a set of digests 200 MB, and so 32 MB
        self._slots = array("Q", bytes(8 << _FIRST_BITS))
        self._mask = (1 << _FIRST_BITS) - 1
        self._count = 0

    def unique(self, path: str) -> str:
        """The path; the second time it is asked for with "#2" behind it, and so on."""
        candidate, count = path, 1
        while not self._add(_key(candidate)):
            count += 1
            candidate = f"{path}#{count}"
        return candidate

    def has(self, path: str) -> bool:
        """Whether a member has that path."""
        key = _key(path)
        at = key & self._mask
        while (found := self._slots[at]) and found != key:
            at = (at + 1) & self._mask
        return found != 0

    def _add(self, key: int) -> bool:
        """Whether the key is new."""
        slots, mask = self._slots, self._mask
        at = key & mask
        while (found := slots[at]) and found != key:
            at = (at + 1) & mask
        if found:
            return False
        slots[at] = key
        self._count += 1
        if self._count * 3 > mask * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(2 * 8 * len(old)))
        self._mask = mask = len(self._slots) - 1
        slots = self._slots
        for key in old:
            if key:
                at = key & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = key


def _key(path: str) -> int:
    """Never 0, which is an empty slot."""
    digest = hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) | 1


def inside(name: str) -> tuple[str, str | None]:
    """The name as a path that leads nowhere else, and a remark when it had to be changed for that."""
    if _PLAIN.match(name):
        return name, None
    path = "/".join(
        segment.replace("\x00", "%00") if segment != ".." else "%2E%2E"
        for segment in name.split("/")
        if segment not in {"", "."}
    )
    if path[1:2] == ":":
        path = f"{path[0]}%3A{path[2:]}"
    path = path or _NO_NAME
    if "%2E%2E" in path or "%00" in path or path[1:4] == "%3A":
        return path, f"its name leads out of the archive ({name!r}); read as {path}"
    if name.startswith("/"):
        return path, f"its name is absolute ({name!r}); read as {path}"
    return path, None
