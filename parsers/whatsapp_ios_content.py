"""What a message on iOS holds beside its text: files, links, cards, places, in the media item it names.

Source: WhatsApp reference 3.3. ZLATITUDE and ZLONGITUDE are a place for locations only: of pictures they are
the size. ZVCARDSTRING is a card, or of a file its MIME type; ZVCARDNAME a name, or of a file its hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.fields import Row
from forensics.model import Attachment, Contact, Location
from parsers.whatsapp_cards import read_cards
from parsers.whatsapp_content import finite
from parsers.whatsapp_context import Context
from parsers.whatsapp_ios_beside import MediaRow
from parsers.whatsapp_ios_blobs import Metadata
from parsers.whatsapp_ios_codes import LINK as LINK_TYPE
from parsers.whatsapp_ios_codes import size
from parsers.whatsapp_ios_tables import MEDIA
from parsers.whatsapp_media import MEDIA_KINDS, attach, media_kind, stored_sha256

_BETWEEN_NAMES, _BETWEEN_CARDS = "_$!<Name-Separator>!$_", "_$!<VCard-Separator>!$_"
# Kinds whose text stands in the title of their file; of a document that is its name.
CAPTIONED = frozenset({"image", "video", "gif", "video_note"})


def media_attachment(context: Context, media: MediaRow, kind: str) -> Attachment | None:
    """The file of a media item; None where it speaks of none."""
    is_file = kind in MEDIA_KINDS
    if not is_file and (media.path is None or kind in ("text", "contact", "location", "poll", "call")):
        return None
    mime = media.card or None
    is_document = kind == "document"
    return attach(
        context,
        (MEDIA.name, media.rowid),
        kind=media_kind(kind, mime),
        path=media.path or None,
        mime=mime,
        filename=media.title if is_document else None,
        size=size(media.size),
        file_hash=media.card_name if stored_sha256(media.card_name or "") else None,
        caption=media.title or None if kind in CAPTIONED else None,
    )


def untold(media: MediaRow, metadata: Metadata, kind: str, message_type: int | None) -> Iterator[str]:
    """What a media item says that no field of a message has: its name, its address, an invitation."""
    if media.title and kind not in CAPTIONED and kind != "document" and message_type != LINK_TYPE:
        yield f"its media item is called “{media.title}”"
    if media.url and kind not in MEDIA_KINDS and message_type != LINK_TYPE:
        yield f"its media item has the address {media.url}"
    if metadata.invited_to:
        yield f"invitation to the group “{metadata.invited_to}”"


def links(
    rows: Sequence[Row], media: MediaRow | None, metadata: Metadata, message_type: int | None
) -> Iterator[Attachment]:
    """The previews of links: their own rows, or the media item of a message of that type."""
    for _rowid, _message, matched, content, title, summary in rows:
        if matched or content:
            yield Attachment(kind="link", filename=title, path=matched or content, caption=summary)
    if not rows and message_type == LINK_TYPE and media is not None:
        url = media.url or metadata.url
        if url or media.title:
            yield Attachment(kind="link", filename=media.title, path=url)


def location(media: MediaRow) -> Location:
    """The place of a message of type 5; ZTITLE is read as its name (not verified)."""
    return Location(
        latitude=finite(media.latitude),
        longitude=finite(media.longitude),
        name=media.title or None,
        address=None,
    )


def contacts(media: MediaRow) -> tuple[Contact, ...]:
    """The cards; a card without a name of its own has the one that stands beside it."""
    parts = (media.card or "").split(_BETWEEN_CARDS)
    names = [name or None for name in (media.card_name or "").split(_BETWEEN_NAMES)]
    cards = [read_cards(part) for part in parts]
    if len(names) > len(parts):  # the first then says how many there are (WhatsApp-Chat-Exporter)
        names = names[len(names) - len(parts) :]
    names += [None] * (len(parts) - len(names))
    found: list[Contact] = []
    for name, part in zip(names, cards, strict=True):
        if part:
            found.extend(card if card.name else replace(card, name=name) for card in part)
        elif name:
            found.append(Contact(name=name, phones=()))
    return tuple(found)


def card_name(media: MediaRow) -> str | None:
    """The name of the only card."""
    return media.card_name if media.card_name and _BETWEEN_NAMES not in media.card_name else None


def quoted_text(metadata: Metadata) -> str | None:
    """The text of a quoted message, of a card its name."""
    if metadata.quoted_text is not None or metadata.quoted_card is None:
        return metadata.quoted_text
    return next((card.name for card in read_cards(metadata.quoted_card)), None)
