"""A whole case in one file: JSON lines, CSV or a workbook. A file that was broken off is not left behind."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from forensics.case import Case
from forensics.case_reader import CaseReader
from forensics.errors import MachineFailed, WrongUse
from forensics.places import check_target
from forensics.registry import report_form

_STREAMED = frozenset(("jsonl", "csv"))


def export(case: Case, form: str, file: Path | None, standard_output: BinaryIO) -> str:
    """Write to the file, or to standard output where it is None; gives the SHA-256 of what was written."""
    if file is not None:
        check_target(case, file)
    write, reader = report_form(form), CaseReader(case)
    try:
        if file is None:
            return _to_stream(write, reader, form, standard_output, case)
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


class _Hashed:
    """Standard output, hashed on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._stream.write(data)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)
