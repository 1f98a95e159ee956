"""Which files of an item are not as they were: an item that no case knows by its digest, against the item of
the case that it is like.

A case keeps the digests of files that were read, and of media that a message of it shows. Of any other file
nothing can be said, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from forensics.case import Case
from forensics.extract import Batch
from forensics.message_row import Packed

_NAMED = 10
_PRESENT = '"present":true'
_OF_ITEM = "file IN (SELECT n FROM file WHERE evidence = ?)"
# Written when deleted rows are looked for, and named as companions of their database in any case.
_COMPANIONS = ("wal", "journal")


class FilesNow:
    """The files of such an item as they are read."""

    def __init__(self, path: str, sha256: str) -> None:
        self.path = path
        self.sha256 = sha256
        self._files: dict[str, str] = {}
        self._media: dict[str, str] = {}

    def file(self, record: Mapping[str, Any]) -> None:
        """A file that was opened, as a case would store it."""
        if record["role"] not in _COMPANIONS:
            self._files.update(_digests(record["path"], record["sha256"], record["companions"]))

    def batch(self, batch: Batch) -> None:
        """The media of these messages."""
        self._media.update(_media(Packed._make(row).rare for row in batch.messages))

    def compared(self, case: Case) -> str | None:
        """How it differs from the item of the case with most files of the same paths; None without any."""
        items = case.db.execute("SELECT n, path FROM evidence ORDER BY n").fetchall()
        likeness = [len(self._files.keys() & _files(case, number).keys()) for number, _ in items]
        if not any(likeness):
            return None
        number, path = items[likeness.index(max(likeness))]
        return f"compared with {path} as it was read: {self._beside(case, number)}"

    def _beside(self, case: Case, number: int) -> str:
        then = _files(case, number)
        changed = [path for path in then if self._files.get(path, then[path]) != then[path]]
        gone = [path for path in then if path not in self._files]
        new = [path for path in self._files if path not in then]
        media = _case_media(case, number)
        changed_media = [path for path in media if self._media.get(path, media[path]) != media[path]]
        # only databases that are as they were name the same media, and only they can say that one is gone
        is_same = not (changed or gone or new) and not _is_lent(case, number)
        gone_media = [path for path in media if path not in self._media] if is_same else []
        said = (
            ("changed", [*changed, *changed_media]),
            ("not found or not readable", [*gone, *gone_media]),
            ("not there when it was read", new),
        )
        found = [f"{how}: {_some(paths)}" for how, paths in said if paths]
        if found:
            return "; ".join([*found, "files that were not read then were not compared"])
        return (
            f"the {len({*then, *media})} files of which the case holds the digest are as they were; another"
            " file, which was not read, was changed, added or removed"
        )


def _some(paths: list[str]) -> str:
    """The first of them in order, and how many more there are."""
    paths = sorted(set(paths))
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more


def _digests(path: str, sha256: str, beside: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {path: sha256} | {each["path"]: each["sha256"] for each in beside if each["sha256"]}


def _files(case: Case, number: int) -> dict[str, str]:
    """The digests of the item's files that were read, by path."""
    found: dict[str, str] = {}
    sql = "SELECT path, sha256, companions, role FROM file WHERE evidence = ? ORDER BY n"
    for path, sha256, beside, role in case.db.execute(sql, (number,)):
        if role not in _COMPANIONS:
            found.update(_digests(path, sha256, orjson.loads(beside)))
    return found


def _case_media(case: Case, number: int) -> dict[str, str]:
    """The digests of the media that the item's messages show, by path."""
    sql = f"SELECT rare FROM message WHERE {_OF_ITEM} AND rare LIKE ? ORDER BY n"
    return _media(rare for (rare,) in case.db.execute(sql, (number, f"%{_PRESENT}%")))


def _media(rares: Iterable[str | None]) -> dict[str, str]:
    attachments = (
        each for rare in rares if rare and _PRESENT in rare for each in orjson.loads(rare)["attachments"]
    )
    return {each["path"]: each["sha256"] for each in attachments if each["present"] and each["path"]}


def _is_lent(case: Case, number: int) -> bool:
    """Whether the item was read with others, which may have the media."""
    (together,) = case.db.execute("SELECT together FROM evidence WHERE n = ?", (number,)).fetchone()
    return bool(orjson.loads(together))
