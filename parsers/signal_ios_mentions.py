"""Who is mentioned where in a text of Signal for iOS.

Source: the app's own source ("from source": Signal-iOS, MessageBodyRanges.swift): ``bodyRanges`` archives
``mentionsCount`` and of each mention ``mentions.range.N``, in UTF-16 units, and ``mentions.uuid.N``; a range
as Apple's Foundation archives one (``NS.rangeval.location``). Only in our own fixtures.
"""

from __future__ import annotations

from forensics.mentions import UNPLACED
from forensics.model import System
from parsers import signal_archive, signal_json
from parsers.signal_json import Object

NOT_PLACED = System(
    type=UNPLACED, code=None, detail="which of those who are mentioned stands where in the text is not known"
)


def in_order(ranges: Object) -> list[str]:
    """The ACIs of those who are mentioned, in the order of their places; what has no place is left out."""
    found = []
    for number in range(min(signal_json.integer_of(ranges, "mentionsCount") or 0, len(ranges))):
        place = signal_json.integer_of(
            signal_json.object_of(ranges, f"mentions.range.{number}"), "NS.rangeval.location"
        )
        aci = signal_archive.service_id(ranges.get(f"mentions.uuid.{number}"))
        if place is not None and aci is not None:
            found.append((place, number, aci))
    return [aci for _place, _number, aci in sorted(found)]
