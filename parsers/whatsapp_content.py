"""Text, place, cards and timer of a message, out of its side tables.

Source: WhatsApp reference 2.3 (message_media, message_template, message_location, message_vcard,
message_ephemeral).
"""

from __future__ import annotations

import math

from forensics.digest import LARGEST_INTEGER
from forensics.model import Contact, Forward, Location
from parsers.side_rows import Found
from parsers.whatsapp_cards import read_cards
from parsers.whatsapp_codes import FORWARDED_BIT, countable
from parsers.whatsapp_side_tables import EPHEMERAL, FORWARDED, LOCATION, MEDIA, TEMPLATE, VCARD
from parsers.whatsapp_sides import first, rows_of


def location(found: Found) -> Location | None:
    """The place that a message shares."""
    place = first(found, LOCATION)
    if place is None:
        return None
    _rowid, _message, latitude, longitude, name, address, *_rest = place
    return Location(latitude=finite(latitude), longitude=finite(longitude), name=name, address=address)


def finite(value: float | None) -> float | None:
    """A coordinate; None for infinity, which SQLite can hold and no record can."""
    return value if value is not None and math.isfinite(value) else None


def whole_text(text: str | None, found: Found) -> str | None:
    """The text of the row; a document's caption stands in its media row, a template's text in its own."""
    if text:
        return text
    media, template = first(found, MEDIA), first(found, TEMPLATE)
    caption = None if media is None else media[8]
    return caption or (None if template is None else template[2]) or text


def contacts(found: Found) -> tuple[Contact, ...]:
    """The contact cards of a message."""
    return tuple(card for row in rows_of(found, VCARD) if row[2] for card in read_cards(row[2]))


def duration(found: Found) -> int | None:
    """After how many seconds a message disappears."""
    timer = first(found, EPHEMERAL)
    if timer is None or timer[2] is None or not 0 < timer[2] <= LARGEST_INTEGER:
        return None
    return int(timer[2])


def forward(flags: int | None, found: Found) -> Forward | None:
    """Forwarded: by the bit or by the row, whichever there is; 127 stands for "many times"."""
    row = first(found, FORWARDED)
    if row is None and not (flags is not None and flags & FORWARDED_BIT):
        return None
    score = None if row is None else countable(row[2])
    return Forward(times=score if score is not None and score >= 0 else None)
