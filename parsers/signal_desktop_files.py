"""The attachments of Signal Desktop: by table message_attachments, in older rows by the JSON of the message.

Source: Signal reference 5.3 and 5.4: version 2 is sealed with the key of the row, version 1 is a plain file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from forensics.digest import LARGEST_INTEGER
from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO
from forensics.fields import Row
from forensics.formats.sqlite import Database
from forensics.model import Attachment
from forensics.parser import Installation
from parsers import signal_json
from parsers.notes import Notes
from parsers.signal_codes import LONG_TEXT
from parsers.signal_desktop_tables import MESSAGE_ATTACHMENTS
from parsers.signal_files import media_kind
from parsers.signal_json import Object
from parsers.signal_sealed import SealBroken, Unsealed, pieces, unseal
from parsers.signal_sides import all_rows

_CURRENT = -1
_VOICE, _GIF = 1, 8
_LONG = "long-message"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is stored of one file."""

    role: str
    mime: str | None
    path: str | None
    size: int | None
    name: str | None
    caption: str | None
    key: str | None
    sha256: str | None
    flags: int
    version: int


@dataclass(frozen=True, slots=True)
class FilesOfMessage:
    """The attachments of a message, the kind that its first gives it, and its long text."""

    attachments: tuple[Attachment, ...]
    kind: str | None
    long_text: str | None


class DesktopFiles:
    """The files of one installation."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        self._installation = installation
        self._notes = notes
        self._database: Database = installation.database
        # The table names messages by a text: few rows each, kept by that text.
        self._stored: dict[str, list[Row]] = {}
        for row in all_rows(self._database, MESSAGE_ATTACHMENTS, notes):
            if (
                row[1] is not None
                and row[2] in (None, _CURRENT)
                and row[3] in ("attachment", _LONG, "sticker")
            ):
                self._stored.setdefault(row[1], []).append(row)

    def of_message(self, table: str, rowid: int, key: str | None, value: Object) -> FilesOfMessage:
        """The files of the newest version of a message."""
        rows = self._stored.pop(key, []) if key is not None else []
        files = [_of_row(row) for row in sorted(rows, key=lambda row: row[4] or 0)] or list(_of_json(value))
        kept, kind, text = [], None, None
        for file in files:
            content, path = self._content(table, rowid, file)
            if file.role == _LONG or file.mime == LONG_TEXT:
                text = self._long_text(table, rowid, content)
                continue
            shown = media_kind(
                file.mime,
                is_voice=bool(file.flags & _VOICE),
                is_gif=bool(file.flags & _GIF),
                is_sticker=file.role == "sticker",
            )
            kind = kind or shown
            kept.append(_attachment(file, shown, content, path))
        return FilesOfMessage(tuple(kept), kind, text)

    def close(self) -> None:
        """Say what belongs to no message."""
        if self._stored:
            count = sum(len(rows) for rows in self._stored.values())
            text = f"{count} rows of {MESSAGE_ATTACHMENTS.name} without their message: it is gone"
            raw = "\n".join(f"{row[1]}: {row[10]} {row[7]}" for rows in self._stored.values() for row in rows)
            self._notes.add("info", text, MESSAGE_ATTACHMENTS.name, raw=raw)

    def _long_text(self, table: str, rowid: int, content: Unsealed | None) -> str | None:
        if content is not None and content.text is not None:
            return content.text.decode("utf-8", "replace")
        text = (
            f"row {rowid} of {table}: its text is longer than what is stored in it, and the rest is not there"
        )
        self._notes.add("doubt", text, table, rowid)
        return None

    def _content(self, table: str, rowid: int, file: StoredFile) -> tuple[Unsealed | None, str | None]:
        """The plain bytes and where they are; None where they are not there or not right."""
        if not file.path:
            return None, None
        is_text = file.role == _LONG or file.mime == LONG_TEXT
        is_sealed = file.version >= 2 and file.key is not None
        if not is_sealed and not is_text:
            media = self._installation.media(file.path)
            return (None, None) if media is None else (Unsealed(media.size, media.sha256, None), media.path)
        opened = self._installation.open_media(file.path)
        if opened is None:
            return None, None
        path, stream = opened
        try:
            with stream:
                if not is_sealed:
                    return _plain(stream.read(4 << 20)), path
                content = unseal(stream, _key(file.key), file.size or 0, keep=is_text)
        except (SealBroken, EvidenceUnreadable) as error:
            text = f"row {rowid} of {table}: its file {path} cannot be decrypted: {error}"
            self._notes.add("damage", text, table, rowid)
            return None, None
        if file.sha256 and content.sha256 != file.sha256.lower():
            text = (
                f"row {rowid} of {table}: the file {path} is not the one that was stored: its SHA-256 is "
                f"{content.sha256}, the stored one {file.sha256}"
            )
            self._notes.add("doubt", text, table, rowid, file.sha256)
        self._installation.media_bytes.decrypts(
            f"{path}{STEP_INTO}decrypted",
            partial(self._installation.open_media, file.path),
            partial(pieces, key=_key(file.key), size=file.size or 0),
        )
        return content, f"{path}{STEP_INTO}decrypted"


def _plain(data: bytes) -> Unsealed:
    return Unsealed(len(data), "", data)


def _key(text: str | None) -> bytes:
    try:
        return base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken("its key is no base64") from error


def _attachment(file: StoredFile, kind: str, content: Unsealed | None, path: str | None) -> Attachment:
    size = file.size if file.size is not None and 0 <= file.size <= LARGEST_INTEGER else None
    return Attachment(
        kind=kind,
        mime=file.mime,
        filename=file.name,
        size=size if content is None else content.size,
        sha256=None if content is None else content.sha256,
        path=path or file.path,
        present=content is not None,
        caption=file.caption,
    )


def _of_row(row: Row) -> StoredFile:
    _row, _message, _index, role, _order, size, mime, path, key, sha256, caption, name, flags, version = row
    return StoredFile(
        role=role,
        mime=mime,
        path=path,
        size=size,
        name=name,
        caption=caption,
        key=key,
        sha256=sha256,
        flags=flags or 0,
        version=version or 1,
    )


def _of_json(value: Object) -> Iterator[StoredFile]:
    for each in signal_json.objects_of(value, "attachments"):
        yield _of_object(each, "attachment")
    body = signal_json.object_of(value, "bodyAttachment")
    if body:
        yield _of_object(body, _LONG)
    sticker = signal_json.object_of(signal_json.object_of(value, "sticker"), "data")
    if sticker:
        yield _of_object(sticker, "sticker")


def _of_object(each: Object, role: str) -> StoredFile:
    text_of, integer_of = signal_json.text_of, signal_json.integer_of
    return StoredFile(
        role=role,
        mime=text_of(each, "contentType"),
        path=text_of(each, "path"),
        size=integer_of(each, "size"),
        name=text_of(each, "fileName"),
        caption=text_of(each, "caption"),
        key=text_of(each, "localKey"),
        sha256=text_of(each, "plaintextHash"),
        flags=integer_of(each, "flags") or 0,
        version=integer_of(each, "version") or 1,
    )


def previews_and_cards(value: Object) -> tuple[Sequence[Object], Sequence[Object]]:
    """The link previews and the contact cards of a message."""
    return list(signal_json.objects_of(value, "preview")), list(signal_json.objects_of(value, "contact"))
