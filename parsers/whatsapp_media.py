"""The attachments of a message: media with their file where it is in the evidence, and previews of links.

Source: WhatsApp reference 1.1 and 2.3 (message_media, message_text). ``file_hash`` is the base64 of the
SHA-256 of the file as it was sent: a file that has another one now is not the one that was sent, which a
notice says.
"""

from __future__ import annotations

import base64
import binascii

from forensics.digest import LARGEST_INTEGER
from forensics.model import Attachment
from forensics.parser import Media
from parsers.side_rows import Found
from parsers.whatsapp_context import Context
from parsers.whatsapp_side_tables import LINK, MEDIA
from parsers.whatsapp_sides import first

_SHA256_BYTES = 32


def attach(
    context: Context,
    place: tuple[str, int],
    *,
    kind: str,
    path: str | None,
    mime: str | None,
    filename: str | None,
    size: int | None,
    file_hash: str | None,
    caption: str | None,
) -> Attachment:
    """One file: what is stored of it, and what is in the evidence. ``place`` is its table and row."""
    media = _found(context, place, path, file_hash) if path else None
    if media is None:
        return Attachment(
            kind=kind,
            mime=mime,
            filename=filename,
            size=size if size is not None and 0 < size <= LARGEST_INTEGER else None,
            path=path,
            caption=caption,
        )
    _compare(context, place, path, media.sha256, file_hash)
    return Attachment(
        kind=kind,
        mime=mime,
        filename=filename,
        size=media.size,
        sha256=media.sha256,
        path=media.path,
        present=True,
        caption=caption,
    )


def _found(context: Context, place: tuple[str, int], path: str, file_hash: str | None) -> Media | None:
    """The file of that path. One that lies with another user of the phone is taken only where its hash is the
    stored one, else told."""
    media = context.installation.media(path)
    other = None if media is not None else context.installation.media_of_others(path)
    if other is None:
        return media
    if file_hash and stored_sha256(file_hash) == other.sha256:
        return other
    table, rowid = place
    text = (
        f"row {rowid} of {table}: {path} was found with another user of the phone only ({other.path}): not"
        " attached, nothing stored says that it is this file"
    )
    context.notes.add("doubt", text, table, rowid, other.sha256)
    return None


def _compare(
    context: Context, place: tuple[str, int], path: str | None, sha256: str, file_hash: str | None
) -> None:
    if not file_hash:
        return
    stored = stored_sha256(file_hash)
    table, rowid = place
    if stored is None:
        text = f"row {rowid} of {table}: the stored hash of {path} is no base64 of a SHA-256"
        context.notes.add("doubt", text, table, rowid, file_hash)
    elif stored != sha256:
        text = (
            f"row {rowid} of {table}: the file {path} in the evidence is not the one that was sent: "
            f"its SHA-256 is {sha256}, the stored hash {stored}"
        )
        context.notes.add("doubt", text, table, rowid, file_hash)


def stored_sha256(file_hash: str) -> str | None:
    """The SHA-256 in hex that a stored base64 text stands for; None where it is none."""
    try:
        raw = base64.b64decode(file_hash.strip(), validate=True)
    except (binascii.Error, ValueError):  # ValueError: characters that are not ASCII
        return None
    return raw.hex() if len(raw) == _SHA256_BYTES else None


def attachments(
    context: Context, rowid: int, kind: str, text: str | None, found: Found
) -> tuple[Attachment, ...]:
    """The media and the link preview of a message."""
    media = first(found, MEDIA)
    link = first(found, LINK)
    kept: list[Attachment] = []
    if media is not None:
        _row, _key, path, size, length, mime, name, file_hash, caption, _transcript = media
        kept.append(
            attach(
                context,
                (MEDIA.table.name, rowid),
                kind=media_kind(kind, mime),
                path=path,
                mime=mime,
                filename=name,
                size=size or length,
                file_hash=file_hash,
                caption=caption or text or None,
            )
        )
    if link is not None and (link[2] or link[3]):
        _row, _key, url, title, description = link
        kept.append(Attachment(kind="link", filename=title, path=url, caption=description))
    return tuple(kept)


MEDIA_KINDS = frozenset({"image", "video", "video_note", "audio", "voice", "document", "sticker", "gif"})


def media_kind(kind: str, mime: str | None) -> str:
    """The kind of a file: that of its message, else by its MIME type, else a document."""
    if kind in MEDIA_KINDS:
        return kind
    family = (mime or "").partition("/")[0]
    return family if family in ("image", "video", "audio") else "document"
