"""The files of a new backup of Signal: sealed, in a pool that all snapshots share.

Source: Signal reference 2.4 (from the app's own generator of test backups; the SHA-256 settles it). A name in
the pool follows from the hash of the plain bytes and the key of the file; a snapshot lists those it uses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER
from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO
from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from forensics.model import Attachment
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.signal_files import media_kind
from parsers.signal_parts import Parts
from parsers.signal_sealed import SealBroken, Unsealed, pieces, unseal
from parsers.signal_snapshot_tables import ITEM

# MessageAttachment.flag
_VOICE, _GIF = 1, 3
LIST_NAME = "files"


class File(NamedTuple):
    """A file as a record tells it, with its bytes where they were read."""

    attachment: Attachment
    text: str | None


class SnapshotFiles:
    """Finds, decrypts and checks the files of one snapshot."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation, self._notes = installation, notes
        self._named: set[str] = set()
        self._read: dict[str, Unsealed | None] = {}
        self._paths: dict[str, str] = {}
        self._without_key = 0

    def attachment(self, rowid: int, parts: Parts) -> File:
        """A MessageAttachment."""
        flag = parts.integer(2)
        return self.file(rowid, parts.part(1), is_voice=flag == _VOICE, is_gif=flag == _GIF)

    def file(
        self,
        rowid: int,
        pointer: Parts,
        *,
        is_voice: bool = False,
        is_gif: bool = False,
        is_sticker: bool = False,
        keep: bool = False,
    ) -> File:
        """A FilePointer; ``keep``: the bytes are a text."""
        locator, mime = pointer.part(13), pointer.text(4)
        content, path = self._content(rowid, locator, keep=keep)
        size = locator.integer(3)
        attachment = Attachment(
            kind=media_kind(mime, is_voice=is_voice, is_gif=is_gif, is_sticker=is_sticker),
            mime=mime,
            filename=pointer.text(7),
            size=content.size if content else size if size and 0 <= size <= LARGEST_INTEGER else None,
            sha256=None if content is None else content.sha256,
            path=path,
            present=content is not None,
            caption=pointer.text(10),
        )
        text = content.text.decode("utf-8", "replace") if content and content.text is not None else None
        return File(attachment, text)

    def _content(self, rowid: int, locator: Parts, *, keep: bool) -> tuple[Unsealed | None, str | None]:
        key, digest = locator.content(9), locator.content(10)
        if not key or not digest:
            self._without_key += bool(locator.content(1))
            return None, None
        name = hashlib.sha256(digest + key).hexdigest()
        self._named.add(name)
        size = locator.integer(3) or 0
        if keep:
            content = self._unsealed(rowid, name, key, digest, size, keep=True)
        else:
            if name not in self._read:
                self._read[name] = self._unsealed(rowid, name, key, digest, size, keep=False)
            content = self._read[name]
        path = self._paths.get(name, _stored(name))
        return content, path if content is None else f"{path}{STEP_INTO}decrypted"

    def _unsealed(
        self, rowid: int, name: str, key: bytes, digest: bytes, size: int, *, keep: bool
    ) -> Unsealed | None:
        opened = self._installation.open_media(_stored(name))
        if opened is None:
            return None
        path, stream = opened
        self._paths[name] = path
        try:
            with stream:
                content = unseal(stream, key, size, keep=keep)
        except (SealBroken, EvidenceUnreadable) as error:
            self._note(rowid, f"its file {path} cannot be decrypted: {error}")
            return None
        if content.sha256 != digest.hex():
            self._note(rowid, f"its file {path} is not the one that was stored: SHA-256 {content.sha256}")
            return None
        self._installation.media_bytes.decrypts(
            f"{path}{STEP_INTO}decrypted",
            partial(self._installation.open_media, _stored(name)),
            partial(pieces, key=key, size=size),
        )
        return content

    def _note(self, rowid: int, text: str) -> None:
        self._notes.add("damage", f"row {rowid} of {ITEM.name}: {text}", ITEM.name, rowid)

    def close(self) -> None:
        """Say what the snapshot's list names besides, and what only Signal's servers hold."""
        if self._without_key:
            files = "1 file" if self._without_key == 1 else f"{self._without_key} files"
            text = (
                f"{files} of messages were not on the phone when the backup was made: no bytes of them in it"
            )
            self._notes.add("info", text, ITEM.name)
        if not self._installation.side_files and self._named:
            text = "no list of the files that it uses was found beside the backup, or it is larger than 4 MiB"
            self._notes.add("info", text, None)
        for side in self._installation.side_files:
            try:
                listed = set(_names(side.data))
            except ProtobufError as error:
                self._notes.add("doubt", f"the list of files {side.path} cannot be read: {error}", None)
                continue
            more = sorted(listed - self._named)
            self._notes.listing("files that the snapshot lists and no message names", ITEM.name, more)


def _stored(name: str) -> str:
    return f"files/{name[:2]}/{name}"


def _names(data: bytes) -> Iterator[str]:
    """The names in a list of files: each message after its length."""
    at = 0
    while at < len(data):
        length, at = protobuf.varint(data, at)
        if at + length > len(data):
            raise ProtobufError("it is cut off")
        name = Parts(data[at : at + length]).text(1)
        if name:
            yield name
        at += length
