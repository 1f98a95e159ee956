"""Copies a file that Hansken offers, and what belongs to it, to a private folder under their own paths.

A plugin sees one trace; its log of changes, contacts and keys are other traces, found by a search in the same
image. What is copied is what a hand-made extraction of the app's folder would hold, and is read as one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from forensics.hansken_model import Model

_CHUNK = 1 << 20


class Searching(Protocol):
    """A TraceSearcher of the SDK."""

    def search(self, query: str, count: int | None = None, scope: str = "image") -> Any: ...


def copy_tree(trace: Any, searcher: Searching, model: Model, folder: Path) -> list[str]:
    """Write the trace's file and its siblings below ``folder``; their paths in the image, sorted."""
    main = path_of(trace)
    found = {main: trace} | {path: each for path, each in _siblings(main, searcher, model) if path != main}
    for path, each in found.items():
        _write(each.open(), folder / safe(path))
    return sorted(found)


def path_of(trace: Any) -> str:
    """The path in the image with slashes; the name alone where the trace has no path."""
    path = trace.get("file.path") or trace.get("file.name") or trace.get("name") or "unnamed"
    return str(path).replace("\\", "/")


def safe(path: str) -> PurePosixPath:
    """The path below a folder of ours. Of one that would leave it, or that no file system takes, the digest
    is the name: no path of an image writes elsewhere."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    is_sound = all(part != ".." and "\0" not in part and len(part.encode()) < 200 for part in parts)
    if parts and is_sound and len(path.encode()) < 2000:
        return PurePosixPath(*parts)
    digest = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
    return PurePosixPath(f"unsafe-path-{digest}")


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
    file.parent.mkdir(parents=True, exist_ok=True)
    with stream, file.open("wb") as target:
        shutil.copyfileobj(stream, target, _CHUNK)
