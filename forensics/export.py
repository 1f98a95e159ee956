"""A whole case in one file or folder, in one of the forms. What was broken off is not left behind.

The forms CASE/UCO and Parquet come as a folder too, for many messages: a name without a suffix is a folder's.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from forensics.case import Case
from forensics.case_reader import CaseReader
from forensics.errors import MachineFailed, WrongUse
from forensics.places import check_target
from forensics.registry import report_form

_STREAMED = frozenset(("jsonl", "csv", "case", "parquet"))
# Forms that can be a folder, which the entry point of this suffix writes.
_IN_FOLDERS = frozenset(("case", "parquet"))
_FOLDER = "_folder"


def export(case: Case, form: str, file: Path | None, standard_output: BinaryIO) -> str:
    """Write to the file, or to standard output where it is None; gives the SHA-256 of what was written."""
    if file is not None:
        check_target(case, file)
    is_folder = file is not None and form in _IN_FOLDERS and (file.is_dir() or not file.suffix)
    write, reader = report_form(f"{form}{_FOLDER}" if is_folder else form), CaseReader(case)
    try:
        if file is None:
            return _to_stream(write, reader, form, standard_output, case)
        if is_folder:
            return _to_folder(write, reader, file)
        return _to_file(write, reader, form, file)
    except BrokenPipeError:
        # whoever read has had enough: the rest goes nowhere, and Python must not complain at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), standard_output.fileno())
        return ""
    except OSError as error:
        name = file or "standard output"
        raise MachineFailed(f"{name}: the export cannot be written: {error.strerror}") from error


def _to_file(write: Callable[..., None], reader: CaseReader, form: str, file: Path) -> str:
    """Into a file beside it that takes its place when it is whole. WrongUse for what is no ordinary file."""
    if file.exists() and not file.is_file():
        raise WrongUse(f"{file}: not an ordinary file; name a file to write, or - for standard output")
    written = file.with_name(f"{file.name}.part")
    try:
        if form in _STREAMED:
            with written.open("wb") as stream:
                write(reader, stream)
        else:
            write(reader, written)
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _to_folder(write: Callable[..., None], reader: CaseReader, folder: Path) -> str:
    """Into a folder beside it that takes its place when it is whole; gives the digest as of a folder of
    evidence. WrongUse when there is something in the folder."""
    if folder.exists() and any(folder.iterdir()):
        raise WrongUse(f"{folder}: is not an empty folder; name a folder that does not exist yet")
    written = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(written, ignore_errors=True)
    try:
        written.mkdir(parents=True)
        write(reader, written)
        if folder.exists():
            folder.rmdir()
        written.replace(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return _sha256_of_folder(folder)


def _sha256_of_folder(folder: Path) -> str:
    """Of the sorted lines ``sha256  path`` of its files, as contract section 4 has it for a folder."""
    lines = []
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _to_stream(
    write: Callable[..., None], reader: CaseReader, form: str, stream: BinaryIO, case: Case
) -> str:
    hashed = _Hashed(stream)
    if form in _STREAMED:
        write(reader, hashed)
    else:
        with tempfile.TemporaryDirectory(dir=case.work_folder()) as folder:
            path = Path(folder) / f"export.{form}"
            write(reader, path)
            hashed.write(path.read_bytes())
    stream.flush()
    return hashed.digest.hexdigest()


class _Hashed(io.RawIOBase):
    """Standard output, hashed on the way; closing it leaves standard output open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._stream.write(data)
