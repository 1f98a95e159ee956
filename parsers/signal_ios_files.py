"""The attachments of Signal for iOS: plain files of the old kind, sealed files of the new.

Source: Signal reference 4.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from forensics.digest import LARGEST_INTEGER
from forensics.errors import EvidenceUnreadable
from forensics.evidence import STEP_INTO
from forensics.fields import Row
from forensics.model import Attachment
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.side_rows import Orphans
from parsers.signal_codes import LONG_TEXT as LONG_TEXT_TYPE
from parsers.signal_files import media_kind
from parsers.signal_ios_codes import BODY, LONG_TEXT, LOOP, QUOTE, STICKER, STORY_MEDIA, VOICE
from parsers.signal_ios_tables import (
    ATTACHMENT,
    INTERACTION,
    OLD_ATTACHMENT,
    REFERENCE,
    STORY,
    STORY_REFERENCE,
)
from parsers.signal_sealed import SealBroken, Unsealed, pieces, unseal
from parsers.signal_sides import all_rows


@dataclass(frozen=True, slots=True)
class FilesOfMessage:
    """The attachments of a message, the kind that its first gives it, and its long text."""

    attachments: tuple[Attachment, ...]
    kind: str | None
    long_text: str | None


class IosFiles:
    """The files of one installation."""

    def __init__(self, installation: Installation, notes: Notes) -> None:
        database = installation.database
        self._installation = installation
        self._notes = notes
        self._stored = {row[0]: row for row in all_rows(database, ATTACHMENT, notes)}
        self._references: dict[int, list[Row]] = {}
        for row in all_rows(database, REFERENCE, notes):
            self._references.setdefault(row[1], []).append(row)
        self._old: dict[str, list[Row]] = {}
        self._by_key: dict[str, Row] = {}
        for row in all_rows(database, OLD_ATTACHMENT, notes):
            if row[1]:
                self._old.setdefault(row[1], []).append(row)
            elif row[8]:
                self._by_key[row[8]] = row
        self._stories: dict[int, list[Row]] = {}
        for row in all_rows(database, STORY_REFERENCE, notes):
            self._stories.setdefault(row[1], []).append(row)

    def of_message(self, rowid: int, key: str | None) -> FilesOfMessage:
        """The files of a message, of both kinds; each is given once."""
        kept: list[Attachment] = []
        kind: str | None = None
        text: str | None = None
        references = sorted(self._references.pop(rowid, ()), key=lambda row: (row[5] or 0, row[0] or 0))
        for row in references:
            owner = row[2]
            if owner == QUOTE:
                continue
            attachment, content = self._new(rowid, row)
            if owner == LONG_TEXT or (attachment.mime == LONG_TEXT_TYPE):
                text = self._long_text(rowid, content)
                continue
            kept.append(attachment)
            if owner in (BODY, STICKER):
                kind = kind or attachment.kind
        for attachment in self._of_old(key):
            kept.append(attachment)
            kind = kind or attachment.kind
        return FilesOfMessage(tuple(kept), kind, text)

    def close(self) -> None:
        """Say which files belong to no message that was read: it is gone, or is an older version."""
        for table, by_message in ((REFERENCE, self._references), (OLD_ATTACHMENT, self._old)):
            orphans = Orphans(table, "files, also of older versions of messages")
            for rows in by_message.values():
                for row in rows:
                    orphans(row)
            orphans.note(self._notes)

    def _of_old(self, key: str | None) -> Iterator[Attachment]:
        for row in self._old.pop(key or "", ()):
            yield self._plain(row)

    def _plain(self, row: Row) -> Attachment:
        _rowid, _message, size, mime, name, path, caption, kind, _key = row
        media = self._installation.media(path) if path else None
        return Attachment(
            kind=media_kind(mime, is_voice=kind == VOICE, is_gif=kind == LOOP, is_sticker=False),
            mime=mime,
            filename=name,
            size=_size(size) if media is None else media.size,
            sha256=None if media is None else media.sha256,
            path=path if media is None else media.path,
            present=media is not None,
            caption=caption,
        )

    def of_story(self, rowid: int, key: str | None) -> Iterator[Attachment]:
        """The files that a story shows; ``key`` names one of the old kind."""
        for row in self._stories.get(rowid, ()):
            _row, _owner_row, owner, attachment, loops, caption, name = row
            if owner == STORY_MEDIA:
                place = (STORY.name, STORY_REFERENCE.name)
                reference = (rowid, rowid, BODY, attachment, LOOP if loops else None, None, caption, name)
                yield self._new(rowid, reference, place)[0]
        if key in self._by_key:
            yield self._plain(self._by_key[key])

    def _new(
        self, rowid: int, reference: Row, place: tuple[str, str] = (INTERACTION.name, REFERENCE.name)
    ) -> tuple[Attachment, Unsealed | None]:
        """A file of the new kind; ``place``: the tables of what has it and of the reference to it."""
        _row, _owner_row, owner, key, rendering, _order, caption, name = reference
        stored = self._stored.get(key)
        if stored is None:
            text = f"row {rowid} of {place[0]}: its attachment, row {key}, is gone"
            self._notes.add("doubt", text, place[1], rowid, key)
        _rowid, mime, _secret, size, path, _digest = stored or (None,) * 6
        what = f"row {rowid} of {place[0]}"
        content, found = (None, None) if stored is None else self._content(what, stored, owner == LONG_TEXT)
        attachment = Attachment(
            kind=media_kind(
                mime, is_voice=rendering == VOICE, is_gif=rendering == LOOP, is_sticker=owner == STICKER
            ),
            mime=mime,
            filename=name,
            size=_size(size) if content is None else content.size,
            sha256=None if content is None else content.sha256,
            path=found or path,
            present=content is not None,
            caption=caption,
        )
        return attachment, content

    def _content(self, what: str, stored: Row, keep: bool) -> tuple[Unsealed | None, str | None]:
        row, _mime, secret, size, path, digest = stored
        opened = self._installation.open_media(path) if path else None
        if opened is None:
            return None, None
        where, stream = opened
        try:
            with stream:
                content = unseal(stream, secret or b"", size or 0, keep=keep)
        except (SealBroken, EvidenceUnreadable) as error:
            text = f"{what}: its file {where} cannot be decrypted: {error}"
            self._notes.add("damage", text, ATTACHMENT.name, row)
            return None, None
        if digest is not None and content.sha256 != digest.hex():
            text = (
                f"{what}: the file {where} is not the one that was stored: its "
                f"SHA-256 is {content.sha256}, the stored one {digest.hex()}"
            )
            self._notes.add("doubt", text, ATTACHMENT.name, row, digest)
        self._installation.media_bytes.decrypts(
            f"{where}{STEP_INTO}decrypted",
            partial(self._installation.open_media, path),
            partial(pieces, key=secret or b"", size=size or 0),
        )
        return content, f"{where}{STEP_INTO}decrypted"

    def _long_text(self, rowid: int, content: Unsealed | None) -> str | None:
        if content is not None and content.text is not None:
            return content.text.decode("utf-8", "replace")
        name = INTERACTION.name
        text = (
            f"row {rowid} of {name}: its text is longer than what is stored in it, and the rest is not there"
        )
        self._notes.add("doubt", text, name, rowid)
        return None


def _size(size: int | None) -> int | None:
    return size if size is not None and 0 <= size <= LARGEST_INTEGER else None
