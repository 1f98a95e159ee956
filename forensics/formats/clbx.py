"""CLBX, Cellebrite's published container: a zip that lists every file of the phone, also those it has not.

Source: "CLBX Specification" 0.3.0, Cellebrite 2021, by the containers reference 1 (vendor's text; only in our
own fixtures until a real one has been read). ``metadata<suffix>/metadata.msgpack`` maps each path to mode,
size and times; the content of that path stands in ``filesystem<suffix>/``.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Container, Iterator
from typing import BinaryIO, NamedTuple

import msgpack

from forensics.formats.file_stamp import FileStamp, stamp_of_metadata

VERSION, METADATA, MOUNT = "version", "metadata.msgpack", "filesystem.msgpack"
VERSION_START = b"CLBX-"
_METADATA = re.compile(r"(?P<above>.*/|)metadata(?P<suffix>[^/]*)/metadata\.msgpack")
_MOST_BUFFERED = 16 << 20  # of one entry


class ClbxError(ValueError):
    """The list of files cannot be read any further."""


class ListedFile(NamedTuple):
    """A regular file as the list has it; ``size`` is 0 where the list names none."""

    path: str
    size: int


def content_folder(path: str) -> str | None:
    """The folder in which the files stand that the list at ``path`` names; None for what is no such list."""
    found = _METADATA.fullmatch(path)
    return None if found is None else f"{found['above']}filesystem{found['suffix']}/"


def listed_files(stream: BinaryIO) -> Iterator[ListedFile]:
    """The regular files of a list, as a stream. Raises ClbxError."""
    for path, said in _entries(stream):
        mode, size = said.get("mode"), said.get("size")
        if not isinstance(mode, int) or stat.S_ISREG(mode) or not stat.S_IFMT(mode):
            yield ListedFile(path, size if isinstance(size, int) else 0)


def _entries(stream: BinaryIO) -> Iterator[tuple[str, dict[object, object]]]:
    unpacker = msgpack.Unpacker(
        stream, unicode_errors="backslashreplace", strict_map_key=False, max_buffer_size=_MOST_BUFFERED
    )
    try:
        for _ in range(unpacker.read_map_header()):
            path, said = unpacker.unpack(), unpacker.unpack()
            if isinstance(path, str) and isinstance(said, dict):
                yield path, said
    except (msgpack.UnpackException, ValueError) as error:
        raise ClbxError(f"no whole list of files: {error or type(error).__name__}") from error


def stamps(stream: BinaryIO, wanted: Container[str]) -> Iterator[tuple[str, FileStamp]]:
    """What a list says of the files whose paths are wanted. Raises ClbxError."""
    for path, said in _entries(stream):
        if path in wanted:
            yield path, stamp_of_metadata({key: value for key, value in said.items() if isinstance(key, str)})


def mount_point(data: bytes) -> str | None:
    """Where the file system stood on the phone; None where the file does not say so."""
    try:
        found = msgpack.unpackb(data, unicode_errors="backslashreplace", strict_map_key=False)
    except (msgpack.UnpackException, ValueError):
        return None
    said = found.get("mount_point") if isinstance(found, dict) else None
    return said if isinstance(said, str) else None
