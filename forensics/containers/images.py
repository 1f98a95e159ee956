"""Disk images, raw and EWF (E01), through pytsk3 and libewf: the optional extra ``images``.

No file-system code of our own: The Sleuth Kit lists the allocated files of each file system, libewf unpacks
the image. Neither is needed for anything else (README). The image itself is only read.
"""

from __future__ import annotations

import hashlib
import importlib
import io
from array import array
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from forensics.acquisition import Fact
from forensics.containers.kinds import EWF
from forensics.errors import DamagedEvidence, LimitExceeded, UnknownKind
from forensics.formats.source import CHUNK, Source, StreamSource
from forensics.members import Evidence, Member, MemberStream, Names, Progress, as_text, inside

_SECTOR = 512
_EXTRA = "reading disk images needs the extra: pip install 'sporen[images]'; or mount it read-only elsewhere"


def is_further_segment(evidence: Evidence, member: Member) -> bool:
    """Whether an EWF file is read together with an earlier one that lies beside it."""
    return _segments(evidence, member)[0].path != member.path


def image(evidence: Evidence, member: Member) -> Evidence:
    """The file systems in an image. Raises UnknownKind without the extra, DamagedEvidence, LimitExceeded."""
    if evidence.depth >= evidence.limits.depth:
        raise LimitExceeded(f"{member.path}: more than {evidence.limits.depth} containers in each other")
    sleuthkit = _module("pytsk3", member)
    with evidence.open(member) as stream:
        is_ewf = stream.read(16).startswith(EWF)
    source: StreamSource | _Unpacked
    source = (
        _Unpacked(_module("pyewf", member), evidence, member)
        if is_ewf
        else StreamSource(evidence.open(member))
    )
    return DiskImage(evidence, member, sleuthkit, source)


def _module(name: str, member: Member) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UnknownKind(f"{member.path}: a disk image; {_EXTRA}") from error


class _Unpacked:
    """An EWF image as a source; its further segments (E02 ...) lie beside it."""

    def __init__(self, libewf: ModuleType, evidence: Evidence, first: Member) -> None:
        self._streams = [evidence.open(each) for each in _segments(evidence, first)]
        self._handle = libewf.handle()
        try:
            self._handle.open_file_objects(self._streams, "r")
            self.size: int = self._handle.get_media_size()
        except OSError as error:
            text = f"{first.path}: an EWF image that cannot be opened; its further segments (.E02 ...)"
            raise DamagedEvidence(f"{text} must lie beside it in a folder or archive: {error}") from error

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        self._handle.seek(offset)
        data: bytes = self._handle.read(length)
        return data

    def header(self) -> Iterator[tuple[str, str]]:
        """Names and values of the header, and the digests that it states of the medium."""
        try:
            for name, text in sorted((self._handle.get_header_values() or {}).items()):
                if text:
                    yield name, str(text)
        except OSError as error:
            yield "the header cannot be read", str(error)

    def stated(self) -> dict[str, str]:
        """The digests of the medium that the image states, by algorithm. Raises OSError where they cannot be
        read."""
        found = self._handle.get_hash_values() or {}
        return {str(name).lower(): str(text).lower() for name, text in found.items()}

    def close(self) -> None:
        """Close the image and its segments."""
        self._handle.close()
        for each in self._streams:
            each.close()


def _segments(evidence: Evidence, first: Member) -> Sequence[Member]:
    """The segments by the order of their names: E01, E02 ... E99, EAA ..."""
    stem = first.path.rpartition(".")[0].lower()
    beside = [
        each
        for each in evidence.members()
        if each.path.rpartition(".")[0].lower() == stem and len(each.path.rpartition(".")[2]) == 3
    ]
    return sorted(beside, key=lambda each: each.path.upper()) or [first]


# What libewf gives of the header of an image -> the fact; the times in it have no zone and stay text.
_HEADER = {
    "examiner_name": "operator", "acquiry_software": "tool", "acquiry_software_version": "tool_version",
    "acquiry_date": "start", "model": "model", "serial_number": "serial",
}  # fmt: skip


class DiskImage(Evidence):
    """The allocated files of all file systems; with more than one each has a folder by its first sector."""

    kind = "disk image"

    def __init__(self, around: Evidence, member: Member, sleuthkit: ModuleType, source: Any) -> None:
        super().__init__(around.root, around.limits, member.path, around.depth + 1)
        self._around, self._member, self._sleuthkit, self._source = around, member, sleuthkit, source
        self._disk = _disk(sleuthkit, source)
        self._systems = dict(self._find_systems())
        if not self._systems:
            raise UnknownKind(f"{member.path}: an image without a file system that can be read here")
        self._places = array("Q")

    def facts(self) -> Iterator[Fact]:
        """What the header of an EWF image says of the acquisition; a raw image says nothing."""
        if isinstance(self._source, _Unpacked):
            for field, text in self._source.header():
                name = _HEADER.get(field, "other")
                value = text if name != "other" else f"{field}: {text}"
                yield Fact(name=name, value=value, source=self._member.path, field=field)
            yield self._compared(self._source)

    def _compared(self, unpacked: _Unpacked) -> Fact:
        """Whether the medium has the digest that the image states. libewf gives zeros for a chunk whose
        checksum is wrong and says nothing, so that only the digest of the whole shows damage."""
        try:
            stated = unpacked.stated()
        except OSError as error:
            return self._unknown(f"its digests of the medium cannot be read ({error})")
        algorithm = next((each for each in ("sha1", "md5") if each in stated), None)
        if algorithm is None:
            return self._unknown("states no digest of the medium")
        found = _digest(unpacked, algorithm)
        value = f"{algorithm.upper()} of the medium: {stated[algorithm]}"
        if found == stated[algorithm]:
            value += ", as it is here"
        else:
            value += f", but here it is {found}"
            self._note(self.name, f"{value}: damaged chunks are read as zeros")
        return Fact(name="other", value=value, source=self._member.path, field="hash")

    def _unknown(self, why: str) -> Fact:
        text = f"{why}: chunks that are damaged cannot be told from zeros"
        self._note(self.name, text, unread=False)
        return Fact(name="other", value=text, source=self._member.path, field="hash")

    def _find_systems(self) -> Iterator[tuple[int, Any]]:
        """First sector and file system of each partition, or of the whole image."""
        try:
            volume = self._sleuthkit.Volume_Info(self._disk)
            parts = [part.start for part in volume if part.flags == self._sleuthkit.TSK_VS_PART_FLAG_ALLOC]
        except OSError:
            parts = [0]  # no partitions: one file system from the first sector on
        for start in parts:
            try:
                yield start, self._sleuthkit.FS_Info(self._disk, offset=start * _SECTOR)
            except OSError:
                self._note(self.name, f"partition at sector {start}: no file system that can be read here")

    def members(self) -> Iterator[Member]:
        names, index = Names(), 0
        for start, system in self._systems.items():
            prefix = f"sector {start}/" if len(self._systems) > 1 else ""
            for path, size, modified, inode in self._walk(system, prefix):
                self._within_limit(index + 1)
                if 2 * index == len(self._places):
                    self._places.extend((start, inode))
                inner, remark = inside(path)
                unique = self._path(names.unique(inner))
                if remark is not None:
                    self._note(unique, remark, unread=False)
                yield Member(unique, size, modified, index)
                index += 1

    def _walk(self, system: Any, prefix: str) -> Iterator[tuple[str, int, int | None, int]]:
        """Path, size, time and inode of each file; folders in the order of their names."""
        regular, folder = self._sleuthkit.TSK_FS_META_TYPE_REG, self._sleuthkit.TSK_FS_META_TYPE_DIR
        pending: list[tuple[str, int]] = [(prefix, system.info.root_inum)]
        seen: set[int] = set()
        while pending:
            path, inode = pending.pop()
            if inode in seen:
                continue
            seen.add(inode)
            entries = sorted(self._entries(system, path, inode), key=lambda each: each[0])
            for name, meta in entries:
                if meta.type == regular:
                    modified = meta.mtime * 1000 if meta.mtime else None
                    yield path + as_text(name), meta.size, modified, meta.addr
            found = [(f"{path}{as_text(name)}/", meta.addr) for name, meta in entries if meta.type == folder]
            pending += reversed(found)

    def _entries(self, system: Any, path: str, inode: int) -> Iterator[tuple[str, Any]]:
        try:
            for entry in system.open_dir(inode=inode):
                meta = entry.info.meta
                name = entry.info.name.name
                is_there = meta is not None and meta.flags & self._sleuthkit.TSK_FS_META_FLAG_ALLOC
                if is_there and name not in (b".", b".."):
                    yield name.decode("utf-8", "backslashreplace"), meta
        except OSError as error:
            self._note(path or self.name, f"this folder cannot be listed: {error}")

    def _raw(self, member: Member) -> io.RawIOBase:
        if 2 * member.index >= len(self._places):
            for _ in self.members():
                pass
        start, inode = self._places[2 * member.index : 2 * member.index + 2]
        try:
            file = self._systems[start].open_meta(inode=inode)
        except OSError as error:
            self._note(member.path, f"cannot be opened: {error}")
            raise DamagedEvidence(f"{member.path}: cannot be opened: {error}") from error
        return MemberStream(
            _File(file),
            0,
            member.size,
            path=member.path,
            note=lambda text: self._note(member.path, text),
        )

    def sha256(self, progress: Progress | None = None) -> str:
        """Of the image file."""
        return self._around.member_sha256(self._member, progress)

    def close(self) -> None:
        self._source.close()


def _digest(unpacked: _Unpacked, algorithm: str) -> str:
    """Of the whole medium; what cannot be read at all ends it."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    position = 0
    try:
        while position < unpacked.size:
            data = unpacked.read_at(position, min(CHUNK, unpacked.size - position))
            if not data:
                break
            digest.update(data)
            position += len(data)
    except OSError as error:
        return f"not known, because it cannot be read at byte {position} ({error})"
    return digest.hexdigest()


class _File:
    """A file of a file system as a source."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read_at(self, offset: int, length: int) -> bytes:
        """See Source."""
        left = int(self._file.info.meta.size) - offset
        data: bytes = self._file.read_random(offset, min(length, left)) if left > 0 else b""
        return data


def _disk(sleuthkit: ModuleType, source: Any) -> Any:
    """The image as The Sleuth Kit reads it."""

    class Disk(sleuthkit.Img_Info):  # type: ignore[name-defined,misc]  # known when the extra is installed
        def __init__(self, bytes_of: Source, size: int) -> None:
            self._bytes, self._size = bytes_of, size
            super().__init__(url="", type=sleuthkit.TSK_IMG_TYPE_EXTERNAL)

        def read(self, offset: int, size: int) -> bytes:
            return self._bytes.read_at(offset, size)

        def get_size(self) -> int:
            return self._size

    return Disk(source, source.size)
