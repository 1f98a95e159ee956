"""The files of Signal for Android: those that lie encrypted in app_parts, and those that a backup carried.

Source: Signal reference 3.2 (AES-256-CTR with a key of its own for each file, no code: the stored SHA-256 is
the only check) and 1.6. Every file is decrypted as a stream and hashed; none is kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from forensics.digest import LARGEST_INTEGER
from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO
from forensics.fields import Row
from forensics.model import Attachment
from forensics.parser import Installation
from parsers.counter_mode import decrypted
from parsers.notes import Notes
from parsers.signal_codes import LONG_TEXT, VIEWED_ONCE
from parsers.signal_keys import attachment_keys
from parsers.signal_sides import all_rows
from parsers.signal_tables import PAYLOAD

_RANDOM = 32
_LONGEST_TEXT = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes of one file: whole and checked where ``sha256`` is there. ``text`` is that of a long text."""

    path: str
    size: int
    sha256: str
    text: str | None = None


class Files:
    """Finds and decrypts the files of one installation; each is read once."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation = installation
        self._notes = notes
        found = [key for material in installation.keys for key in attachment_keys(material)]
        self._keys = list(dict.fromkeys(found))
        self._read: dict[tuple[str, bytes], Content | None] = {}
        self._payloads: dict[tuple[int, int], Row] = {}
        for row in all_rows(installation.database, PAYLOAD, notes):
            if row[1] == "attachment" and row[2] is not None:
                self._payloads[row[2], row[3] or 0] = row
        self._without_key = 0

    def content(self, table: str, row: Row) -> Content | None:
        """The bytes of the attachment in a row of ATTACHMENT or PART; None where they are not there."""
        rowid, _message, _mime, stored, _size, random, *_rest, _digest, unique = row
        payload = self._payloads.get((rowid, unique or 0)) or self._payloads.get((rowid, 0))
        if payload is not None:
            return self._of_backup(rowid, payload)
        if not stored or not isinstance(random, bytes) or len(random) != _RANDOM:
            return None
        if (stored, random) not in self._read:
            self._read[stored, random] = self._decrypted(table, row)
        return self._read[stored, random]

    def close(self) -> None:
        """Say what was there and could not be opened."""
        if self._without_key:
            self._notes.add(
                "info",
                f"{self._without_key} files of app_parts were found, and no key opens them: name the "
                "attachment secret (modernKey) with --key",
                None,
            )

    def _of_backup(self, rowid: int, payload: Row) -> Content | None:
        _row, _kind, _id, _unique, length, _offset, sha256, is_right, content = payload
        if not is_right or sha256 is None:
            return None  # the opening of the backup has said so
        text = None if content is None else content.decode("utf-8", "replace")
        backup = self._installation.path.rpartition(STEP_INTO)[0] or self._installation.path
        path = f"{backup}{STEP_INTO}attachment/{rowid}"
        return Content(path=path, size=length, sha256=sha256, text=text)

    def _decrypted(self, table: str, row: Row) -> Content | None:
        rowid, _message, mime, stored, size, random, *_rest, digest, _unique = row
        path = ""
        for key in self._keys:
            opened = self._installation.open_media(stored)
            if opened is None:
                return None
            path, stream = opened
            try:
                with stream:
                    content = _ctr(path, stream, hmac.digest(key, random, "sha256"), keep=mime == LONG_TEXT)
            except EvidenceUnreadable as error:
                text = f"row {rowid} of {table}: its file {path} cannot be read: {error}"
                self._notes.add("damage", text, table, rowid)
                return None
            if self._is_right(content, size, digest):
                self._installation.media_bytes.decrypts(
                    content.path,
                    partial(self._installation.open_media, stored),
                    partial(decrypted, key=hmac.digest(key, random, "sha256")),
                )
                return content
        if self._keys:
            text = (
                f"row {rowid} of {table}: its file {path} was decrypted, but is not what was stored: "
                "another key, or a changed file"
            )
            self._notes.add("doubt", text, table, rowid, digest)
        elif self._installation.media(stored) is not None:
            self._without_key += 1
        return None

    def _is_right(self, content: Content, size: int | None, digest: str | None) -> bool:
        """By the stored SHA-256; without one the size is all there is to compare."""
        wanted = _stored_sha256(digest)
        if wanted is not None:
            return content.sha256 == wanted
        return size is None or content.size == size


def _ctr(path: str, stream: BinaryIO, key: bytes, *, keep: bool) -> Content:
    sha256, size, kept = hashlib.sha256(), 0, b""
    for clear in decrypted(stream, key):
        sha256.update(clear)
        size += len(clear)
        if keep and len(kept) < _LONGEST_TEXT:
            kept += clear
    text = kept.decode("utf-8", "replace") if keep else None
    return Content(path=f"{path}{STEP_INTO}decrypted", size=size, sha256=sha256.hexdigest(), text=text)


def _stored_sha256(digest: str | None) -> str | None:
    try:
        raw = base64.b64decode(digest or "", validate=True)
    except (binascii.Error, ValueError):  # ValueError: characters that are not ASCII
        return None
    return raw.hex() if len(raw) == hashlib.sha256().digest_size else None


def attachment(row: Row, content: Content | None) -> Attachment:
    """What is stored of a file, and of its bytes where they are there."""
    _rowid, _message, mime, stored, size, _random, name, _voice, _gif, _quote, caption, *_rest = row
    if content is not None:
        return Attachment(
            kind=kind_of(row),
            mime=mime,
            filename=name,
            size=content.size,
            sha256=content.sha256,
            path=content.path,
            present=True,
            caption=caption,
        )
    return Attachment(
        kind=kind_of(row),
        mime=mime,
        filename=name,
        size=size if size is not None and 0 <= size <= LARGEST_INTEGER else None,
        path=stored,
        caption=caption,
    )


def kind_of(row: Row) -> str:
    """The kind of a file by its flags and its MIME type."""
    mime, voice, gif, sticker = row[2], row[7], row[8], row[11]
    return media_kind(mime, is_voice=bool(voice), is_gif=bool(gif), is_sticker=bool(sticker))


def media_kind(mime: str | None, *, is_voice: bool, is_gif: bool, is_sticker: bool) -> str:
    """The kind of a file; what is neither picture, film nor sound is a document."""
    if is_sticker:
        return "sticker"
    if is_gif or mime == "image/gif":
        return "gif"
    if is_voice:
        return "voice"
    if mime == VIEWED_ONCE:
        return "unknown"
    family = (mime or "").partition("/")[0]
    return family if family in ("image", "video", "audio") else "document"
