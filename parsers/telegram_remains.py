"""What may be the text of a message whose layout is not known.

Source: Telegram reference 3.1: in every layout of a message the text follows the date. This is a guess, never
the text of a record: it stands in a notice, called what it is.
"""

from __future__ import annotations

import struct

from forensics.formats.tl import TlError, read_string


def text_after_date(data: bytes, date: int | None) -> str | None:
    """The string after the first place where the row's date stands; None where there is none."""
    if not date or not 0 < date < 1 << 31:
        return None
    needle = struct.pack("<i", date)
    place = data.find(needle)
    while place != -1:
        if place % 4 == 0:
            try:
                text, _end = read_string(data, place + 4, [])
            except TlError:
                text = ""  # no string stands there: the date is looked for further on
            if text and text.isprintable():
                return text
        place = data.find(needle, place + 1)
    return None
