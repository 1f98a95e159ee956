"""Events of a conversation in words: what the side tables of an event hold, put into its sentence.

Source: WhatsApp reference 2.8. The actor is the sender of the row; what no table holds is not said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from forensics.model import System
from forensics.times import TimeOutOfRange, from_millis, rfc3339
from parsers.person import Person
from parsers.side_rows import Found
from parsers.whatsapp_actions import ACTIONS
from parsers.whatsapp_codes import ALBUM, MESSAGE_TYPES, TIMER_CHANGED, TIMER_SET, countable
from parsers.whatsapp_context import Context
from parsers.whatsapp_side_tables import (
    ALBUM as ALBUM_TABLE,
)
from parsers.whatsapp_side_tables import (
    SYSTEM,
    SYSTEM_BLOCK,
    SYSTEM_BUSINESS,
    SYSTEM_DEVICES,
    SYSTEM_GROUP,
    SYSTEM_NUMBER,
    SYSTEM_PEOPLE,
    SYSTEM_PHOTO,
    SYSTEM_USERNAME,
    SYSTEM_VALUE,
    TIMER_SETTING,
)
from parsers.whatsapp_sides import first, rows_of

_NOBODY = "somebody (who is not stored)"
_ADDED = "participant added"
_UNSTORED = "a value that is not stored"
_UNREAD = f"a value that may stand in a column of {SYSTEM_USERNAME.table.name} that is not read"
_DAY = 86_400


class Parties(NamedTuple):
    """Who did it, and the other one of a direct conversation, whom it concerns where nobody is named;
    ``named``: what is stored of an actor who is no person that is known."""

    actor: Person | None
    other: Person | None
    named: str | None = None


def event(
    context: Context, parties: Parties, message_type: int | None, text: str | None, found: Found
) -> System:
    """The event of a message of kind system."""
    row = first(found, SYSTEM)
    if row is not None:
        return action(context, parties, row[2], text, found)
    if message_type in (TIMER_SET, TIMER_CHANGED):
        words = f"disappearing messages: the timer was set{_timer(found)}"
        return System(type="disappearing messages", code=message_type, detail=words)
    if message_type == ALBUM:
        return _album(found)
    meaning = MESSAGE_TYPES.get(message_type) if message_type is not None else None
    if meaning is not None and meaning.words != "event":
        return System(type=meaning.words, code=message_type, detail=None)
    return System(
        type="unknown", code=None, detail="an event without a code: message_system has no row for it"
    )


def action(context: Context, parties: Parties, code: int | None, text: str | None, found: Found) -> System:
    """An event by its action code, with whatever the side tables hold about it."""
    known = ACTIONS.get(code) if code is not None else None
    adds_owner = known is not None and known.type == _ADDED and _is_owner_added(found)
    names = _people(context, found) or (context.people.owner.spoken if adds_owner else "")
    words = _words(context, parties, names, text, found)
    parts = [known.sentence.format_map(words) if known else f"unknown ({code})"]
    if known is None:
        context.notes.unknown("event code", code)
    elif known.ground == "disputed":
        parts.append("tools read this code differently")
    parts.extend(
        _remarks(
            context,
            known is None,
            found,
            is_owner_named=adds_owner and not found.get(SYSTEM_PEOPLE.table.name),
        )
    )
    kind = "unknown" if known is None else known.type
    return System(type=kind, code=countable(code), detail="; ".join(parts))


def _words(context: Context, parties: Parties, people: str, text: str | None, found: Found) -> dict[str, str]:
    actor, other, named = parties
    did = actor.spoken if actor else named
    block = first(found, SYSTEM_BLOCK)
    old, new = _values(context, text, found)
    return {
        "actor": did or _NOBODY,
        "people": people or _NOBODY,
        "people_or_actor": people or did or (other.spoken if other else _NOBODY),
        "old": old,
        "new": new,
        "timer": _timer(found),
        "blocked": {None: "blocked or unblocked", 0: "unblocked", 1: "blocked"}.get(
            block[2] if block else None, "blocked or unblocked"
        ),
    }


def _values(context: Context, text: str | None, found: Found) -> tuple[str, str]:
    """What was before and what is now: numbers, usernames, or a value and the text of the row."""
    number, username, value = (first(found, each) for each in (SYSTEM_NUMBER, SYSTEM_USERNAME, SYSTEM_VALUE))
    old, new = (_spoken(context, number[2]), _spoken(context, number[3])) if number else (None, None)
    before = (username and username[2]) or (value and value[2]) or None
    after = (username and username[3]) or text
    unread = _UNREAD if username else _UNSTORED
    return old or _quoted(before, unread), new or _quoted(after, unread)


def _is_owner_added(found: Found) -> bool:
    group = first(found, SYSTEM_GROUP)
    return group is not None and group[2] == 1


def _people(context: Context, found: Found) -> str:
    return ", ".join(filter(None, (_spoken(context, row[2]) for row in rows_of(found, SYSTEM_PEOPLE))))


def _spoken(context: Context, jid_row: int | None) -> str | None:
    return context.people.words(jid_row)


def _quoted(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else f"“{text}”"


def _timer(found: Found) -> str:
    row = first(found, TIMER_SETTING)
    if row is None or row[2] is None:
        return ""
    return f" to {spoken_seconds(row[2])}" if row[2] > 0 else " to off"


def spoken_seconds(seconds: int) -> str:
    """A duration in days where it is whole days, else in seconds."""
    if seconds % _DAY == 0 and seconds:
        days = seconds // _DAY
        return "1 day" if days == 1 else f"{days} days"
    return f"{seconds} seconds"


def spoken_time(millis: int | None) -> str:
    """A stored time in UTC; 0 and -1 mean none (reference 2.5), what no calendar has is given as it is."""
    if millis is None or millis in (0, -1):
        return "a time that is not stored"
    try:
        return rfc3339(from_millis(millis)) or str(millis)
    except TimeOutOfRange:
        return f"{millis} (no time that can be written)"


def _remarks(context: Context, is_unknown: bool, found: Found, *, is_owner_named: bool) -> Iterable[str]:
    """What the side tables hold that the sentence has no place for."""
    if _is_owner_added(found) and not is_owner_named:
        yield "the owner of this phone was added"
    devices = first(found, SYSTEM_DEVICES)
    if devices is not None:
        yield f"devices added: {_count(devices[2])}, removed: {_count(devices[3])}"
    business = first(found, SYSTEM_BUSINESS)
    if business is not None and business[2]:
        yield f"business name: “{business[2]}”"
    photo = first(found, SYSTEM_PHOTO)
    if photo is not None and photo[2]:
        yield f"id of the new photo: {photo[2]}"
    value = first(found, SYSTEM_VALUE)
    if is_unknown and value is not None and value[2]:
        yield f"former value: “{value[2]}”"
    people = _people(context, found) if is_unknown else ""
    if people:
        yield f"people: {people}"


def _count(number: int | None) -> str:
    return "not stored" if number is None else str(number)


def _album(found: Found) -> System:
    row = first(found, ALBUM_TABLE)
    if row is None:
        return System(type="album", code=ALBUM, detail=None)
    images, videos = _expected(row[2], row[4]), _expected(row[3], row[5])
    detail = f"an album of {images} images and {videos} videos, which are messages of their own"
    return System(type="album", code=ALBUM, detail=detail)


def _expected(number: int | None, expected: int | None) -> str:
    """How many there are, else how many there were to be."""
    return _count(number) if number is not None or expected is None else f"{expected} expected"
