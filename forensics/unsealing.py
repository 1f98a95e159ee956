"""Opens a container of sealed privileged conversations, for whoever has the private key; needs no case."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import orjson

from forensics.digest import sha256
from forensics.errors import EvidenceMissing, MachineFailed, WrongKey, WrongUse
from forensics.sealed_container import LIST, README
from forensics.sealing import FILE, PEOPLE
from forensics.sealing_keys import Identity, identities, opened

_LARGEST_LIST = 64 << 20
# ZIP format (PKWARE APPNOTE, 4.4.4): bit 0 of the flags
_ENCRYPTED = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
# What a file may be called after, so that a viewer opens it and no system runs it.
_SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".3gp", ".webm"),
        *(".m4a", ".aac", ".amr", ".mp3", ".ogg", ".opus", ".wav", ".pdf", ".txt"),
    )
)


@dataclass(slots=True, kw_only=True)
class Unsealed:
    """How many records came out, how many files, how many of those were not whole when they were sealed, and
    how many files are in the container in all."""

    records: int = 0
    files: int = 0
    broken: int = 0
    held: int = 0


def unseal(
    path: Path, key: Path, file: Path | None, standard_output: BinaryIO, folder: Path | None
) -> Unsealed:
    """Write the records in a container to a new file, or to standard output, and its files to a new folder.
    Nothing is left of what cannot be opened whole: for standard output it is opened twice, first to see that
    it can be."""
    keys = identities(key)
    done = Unsealed()
    with _new_folder(folder) as made, _container(path) as container:
        if file is None:
            _files(container, keys, made, done)
            for _ in container.lines(keys):
                continue
            done.records = _write(standard_output, container.lines(keys))
        else:
            with _new_file(file) as stream:
                _files(container, keys, made, done)
                done.records = _write(stream, container.lines(keys))
    return done


class _Container:
    """A zip that was found to be one of ours."""

    def __init__(self, path: Path, made: zipfile.ZipFile) -> None:
        self.path = path
        self._made = made
        _check_plain(path, made)
        self.parts = _parts(path, made)

    def plain(self, part: Mapping[str, str], keys: Sequence[Identity]) -> bytes:
        """What is in a part. WrongKey: of another key, or changed."""
        content = _content(self.path, self._made, part)
        return opened(content, keys, f"{self.path}, {part['name']}")

    def lines(self, keys: Sequence[Identity]) -> Iterator[bytes]:
        """The JSON lines, people and conversations first, a part at a time; whom several conversations have,
        once."""
        seen: set[bytes] = set()
        for each in self.parts:
            if each["kind"] == PEOPLE:
                lines = self.plain(each, keys).splitlines(keepends=True)
                digests = [hashlib.sha256(line).digest() for line in lines]
                new = dict(zip(digests, lines, strict=True))
                yield b"".join(line for digest, line in new.items() if digest not in seen)
                seen.update(digests)
        for each in self.parts:
            if each["kind"] not in (PEOPLE, FILE):
                yield self.plain(each, keys)


@contextmanager
def _container(path: Path) -> Iterator[_Container]:
    """WrongKey: changed. WrongUse when it is no such container."""
    try:
        with zipfile.ZipFile(path) as made:
            yield _Container(path, made)
    except FileNotFoundError as error:
        raise EvidenceMissing(f"{path}: no such file") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        # ValueError: a name that is no UTF-8, a place before the start of the file
        raise WrongKey(f"{path}: no sealed container, or a changed one: {error}") from error
    except BrokenPipeError:
        raise  # of standard output
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror or error}") from error


def _files(container: _Container, keys: Sequence[Identity], folder: Path | None, done: Unsealed) -> None:
    """Write every file whose bytes are in the container under its SHA-256, and compare it with that."""
    pieces: dict[str, list[Mapping[str, str]]] = {}
    for part in container.parts:
        if part["kind"] == FILE:
            pieces.setdefault(part["file"], []).append(part)
    done.held = len(pieces)
    if folder is None:
        return
    told = _told(container, keys)
    for key, parts in pieces.items():
        if key not in told:
            raise WrongKey(f"{container.path}, {parts[0]['name']}: changed: no part says which file it is of")
        digest, suffix, is_whole = told[key]
        target = folder / (f"{digest}{suffix}" if is_whole else f"{digest}.part")
        if target.exists():
            continue  # another conversation had it too
        found = _written(target, (container.plain(each, keys) for each in parts))
        if is_whole and found != digest:
            raise WrongKey(f"{container.path}, {parts[0]['name']}: changed: it gives another SHA-256")
        done.files += 1
        done.broken += not is_whole


def _told(container: _Container, keys: Sequence[Identity]) -> dict[str, tuple[str, str, bool]]:
    """By the name that the parts of a file have together: its SHA-256, how its name ends, whether it is
    whole."""
    found = {}
    for part in container.parts:
        for line in container.plain(part, keys).splitlines() if part["kind"] == PEOPLE else ():
            fields = orjson.loads(line)
            if not isinstance(fields, dict):
                raise WrongKey(f"{container.path}, {part['name']}: changed: a line of it is no record")
            if fields.get("record") == FILE and _DIGEST.fullmatch(str(fields.get("sha256"))):
                name = str(fields.get("filename") or fields.get("path") or "").removesuffix("!/decrypted")
                suffix = PurePosixPath(name).suffix.lower()
                suffix = suffix if suffix in _SUFFIXES else ""
                found[str(fields.get("file"))] = str(fields["sha256"]), suffix, fields.get("is_whole") is True
    return found


def _written(target: Path, pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    with _created(target) as stream:
        for piece in pieces:
            digest.update(piece)
            _put(target, stream, piece)
    return digest.hexdigest()


def _write(stream: BinaryIO, parts: Iterator[bytes]) -> int:
    count = 0
    for lines in parts:
        stream.write(lines)
        count += lines.count(b"\n")
    return count


def _put(target: Path, stream: BinaryIO, piece: bytes) -> None:
    try:
        stream.write(piece)
    except OSError as error:
        raise MachineFailed(f"{target}: cannot be written: {error.strerror or error}") from error


def _created(file: Path) -> BinaryIO:
    """A new file, for its owner only. WrongUse when it exists."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(file, flags, 0o600), "wb")
    except FileExistsError as error:
        raise WrongUse(f"{file}: exists already; name a file that does not") from error
    except OSError as error:
        raise MachineFailed(f"{file}: cannot be written: {error.strerror}") from error


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """Nothing of it is left when it is not written whole."""
    made = _created(file)
    try:
        with made as stream:
            yield stream
    except BaseException:
        file.unlink(missing_ok=True)
        raise


@contextmanager
def _new_folder(folder: Path | None) -> Iterator[Path | None]:
    """Nothing of it is left when it is not filled whole. WrongUse when it exists."""
    if folder is None:
        yield None
        return
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:
        raise WrongUse(f"{folder}: exists already; name a folder that does not") from error
    except OSError as error:
        raise MachineFailed(f"{folder}: cannot be made: {error.strerror}") from error
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_plain(path: Path, made: zipfile.ZipFile) -> None:
    """The members stand in the file as they are, one beside the other: so nothing is larger than the file,
    whatever a stranger made of it."""
    members = made.infolist()
    for each in members:
        if each.compress_type != zipfile.ZIP_STORED or each.flag_bits & _ENCRYPTED:
            raise WrongKey(f"{path}, {each.filename}: changed: a sealed container has its parts as they are")
    if sum(each.file_size for each in members) > path.stat().st_size:
        raise WrongKey(f"{path}: changed: its parts are larger than the file")


def _parts(path: Path, made: zipfile.ZipFile) -> list[dict[str, Any]]:
    try:
        document = json.loads(_list(path, made))
        found = [
            {name: str(each[name]) for name in ("name", "kind", "sha256")}
            | {"file": str(each.get("file", ""))}
            for each in document["parts"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise WrongUse(f"{path}: not a container that `sporen privilege --sealed` writes") from error
    there = sorted(each for each in made.namelist() if each not in (LIST, README))
    if there != sorted(each["name"] for each in found):
        raise WrongKey(f"{path}: changed: its parts are not those that it lists")
    return found


def _content(path: Path, made: zipfile.ZipFile, part: Mapping[str, Any]) -> bytes:
    content = made.read(part["name"])
    if sha256(content) != part["sha256"]:
        raise WrongKey(f"{path}, {part['name']}: changed: its SHA-256 is not the one in {LIST}")
    return content


def _list(path: Path, made: zipfile.ZipFile) -> bytes:
    if made.getinfo(LIST).file_size > _LARGEST_LIST:
        raise WrongUse(f"{path}, {LIST}: larger than any list that Sporen writes")
    return made.read(LIST)
