"""Copies a file that Hansken offers, and what belongs to it, to a private folder under their own paths.

A plugin sees one trace; its log of changes, contacts and keys are other traces, found by a search in the same
image. What is copied is what a hand-made extraction of the app's folder would hold, and is read as one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote

from forensics.hansken_model import Model

_CHUNK = 1 << 20


class Searching(Protocol):
    """A TraceSearcher of the SDK."""

    def search(self, query: str, count: int | None = None, scope: str = "image") -> Any: ...


def copy_tree(trace: Any, searcher: Searching, model: Model, folder: Path) -> list[str]:
    """Write the trace's file and its siblings below ``folder``; gives their paths there, sorted.

    A live and a deleted trace may have one path. The offered trace keeps its path; of others the first by uid
    does, and each further one lies below a folder that its uid names: no file takes the place of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    main = path_of(trace)
    found = {_uid(each): (path, each) for path, each in _siblings(main, searcher, model)}
    found.pop(_uid(trace), None)
    others = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    written = [_copy(trace, main, folder)]
    written += [_copy(each, path, folder) for _, (path, each) in others]
    return sorted(written)


def _uid(trace: Any) -> str:
    """By which the SDK itself reads a trace that was found."""
    return str(trace.get("uid"))


def _copy(trace: Any, path: str, folder: Path) -> str:
    """Write a file to the first of its places that is free; gives that place."""
    own = quote(_uid(trace), safe="", errors="surrogatepass")
    further = (f"trace-{own}{f'.{n}' if n > 1 else ''}/{path}" for n in count(1))
    place = next(each for each in map(safe, chain([path], further)) if _is_made(folder / each))
    _write(trace.open(), folder / place)
    return place.as_posix()


def _is_made(file: Path) -> bool:
    """Make the empty file; not where a file has its place, or that of one of its folders."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(exist_ok=False)
    except (FileExistsError, NotADirectoryError):
        return False
    return True


def path_of(trace: Any) -> str:
    """The path in the image with slashes; the name alone where the trace has no path."""
    path = trace.get("file.path") or trace.get("file.name") or trace.get("name") or "unnamed"
    return str(path).replace("\\", "/")


def safe(path: str) -> PurePosixPath:
    """The path below a folder of ours. Of one that would leave it, or that no file system takes, the digest
    is the name: no path of an image writes elsewhere."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    raw = path.encode("utf-8", "surrogatepass")
    if parts and len(raw) < 2000 and all(map(_is_sound, parts)):
        return PurePosixPath(*parts)
    return PurePosixPath(f"unsafe-path-{hashlib.sha256(raw).hexdigest()}")


def _is_sound(part: str) -> bool:
    """Whether every file system takes the name; half a pair of UTF-16 is no character of any."""
    is_text = not any("\ud800" <= each <= "\udfff" for each in part)
    return is_text and part != ".." and "\0" not in part and len(part.encode()) < 200


def _siblings(main: str, searcher: Searching, model: Model) -> Iterator[tuple[str, Any]]:
    """What has one of the names and lies in the app's folder; of keys what lies anywhere in the image."""
    above = model.app_folder(main) + "/"
    for name in model.siblings(main.rpartition("/")[2]):
        for found in searcher.search(f"type=file AND file.name='{_quoted(name)}'", scope="image"):
            path = path_of(found)
            if path.rpartition("/")[2] == name and (name in model.keys or path.startswith(above)):
                yield path, found


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _write(stream: BinaryIO, file: Path) -> None:
    with stream, file.open("wb") as target:
        shutil.copyfileobj(stream, target, _CHUNK)
