"""What a story of Postbox says besides its text and its medium: places and links on it, who may see it and
who saw it, where it was taken from.

Source: Stories.Item (Views, Privacy, ForwardInfo), MediaArea and MapVenue of TelegramMessenger/Telegram-iOS
("from source", fixtures only).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from forensics.formats.postbox import Node, Problem
from forensics.model import Location
from forensics.times import rfc3339
from parsers.telegram_postbox_message import read_part
from parsers.telegram_postbox_numbers import moment
from parsers.telegram_postbox_parts import emoji
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_words import quoted

_VENUE = 0
_FOR = ("everybody", "contacts", "close friends", "nobody")
_FLAGS = {
    "isPinned": "kept on the profile",
    "isExpired": "marked as expired",
    "isEdited": "edited",
    "isForwardingDisabled": "forwarding is switched off",
    "isPublic": "for everybody",
    "isContacts": "for contacts",
    "isCloseFriends": "for close friends",
    "isSelectedContacts": "for selected contacts",
}
# For one, and for more of them.
_COUNTS = {
    "seenCount": ("1 view", "{} views"),
    "reactedCount": ("1 reaction", "{} reactions"),
    "forwardCount": ("forwarded once", "forwarded {} times"),
}
_COORDINATES = ("latitude", "longitude")
_NOT_STORED = "not stored"
_KNOWN, _HIDDEN = 0, 1


def circumstances(item: Node, people: PostboxPeople) -> Iterator[str]:
    """In words, one thing at a time."""
    expires = moment(item.number("expirationTimestamp"))
    if expires is not None:
        yield f"expires at {rfc3339(expires)}"
    yield from (words for key, words in _FLAGS.items() if item.flag(key))
    yield from _privacy(item.child("privacy"), people)
    yield from _origin(item.child("forwardInfo"), people)
    yield from _views(item.child("views"), people)
    for area in item.children("mediaAreas"):
        yield from _area(area)


def place_of(item: Node) -> Location | None:
    """The first place that is put on a story."""
    for area in item.children("mediaAreas"):
        value = area.child("value")
        if area.number("type") == _VENUE and value is not None:
            venue = _venue(value)
            return Location(
                latitude=_finite(value.real("latitude")),
                longitude=_finite(value.real("longitude")),
                name=venue.text("ti") if venue is not None else None,
                address=venue.text("ad") if venue is not None else None,
            )
    return None


def place_problems(item: Node) -> Iterator[tuple[Problem, bytes | None]]:
    """What is wrong in the places that are put on a story, each with the bytes that it is in."""
    for area in item.children("mediaAreas"):
        value = area.child("value")
        if area.number("type") != _VENUE or value is None:
            continue
        for name in _COORDINATES:
            real = value.real(name)
            if real is not None and not math.isfinite(real):
                yield Problem(f"the {name} of a place is no number ({real})", 0), None
        raw = value.raw("venue")
        for problem in () if raw is None else read_part(raw).problems:
            yield problem._replace(text=f"the name of a place: {problem.text}"), raw


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _venue(value: Node) -> Node | None:
    raw = value.raw("venue")
    return None if raw is None else read_part(raw).node


def _privacy(node: Node | None, people: PostboxPeople) -> Iterator[str]:
    if node is None:
        return
    base = node.number("base")
    known = base is not None and 0 <= base < len(_FOR)
    listed = ", ".join(people.person(each).spoken for each in node.numbers("addPeers"))
    unknown = _NOT_STORED if base is None else f"unknown ({base})"
    words = f"who may see it: {_FOR[base or 0] if known else unknown}"
    yield f"{words}, with a list of people: {listed}" if listed else words


def _origin(node: Node | None, people: PostboxPeople) -> Iterator[str]:
    if node is None:
        return
    key, kind = node.number("authorPeerId"), node.number("discriminator")
    changed = ", changed" if node.flag("isModified") else ""
    if kind == _KNOWN and key is not None:
        yield f"taken from story {_stored(node.number('storyId'))} of {people.person(key).spoken}{changed}"
    elif kind == _HIDDEN:
        yield f"taken from {quoted(node.text('authorName'))}{changed}"
    else:
        yield "taken from somebody who is not stored"


def _views(node: Node | None, people: PostboxPeople) -> Iterator[str]:
    if node is None:
        return
    for key, (once, often) in _COUNTS.items():
        count = node.number(key)
        if count:
            yield once if count == 1 else often.format(count)
    seen = [people.person(each).spoken for each in node.numbers("seenPeerIds")]
    if seen:
        yield f"seen by {', '.join(seen)}"
    given = [f"{_stored(emoji(each))} {_stored(each.number('c'))}" for each in node.children("reactions")]
    if given:
        yield f"reactions: {', '.join(given)}"


def _stored(value: str | float | None) -> str:
    return _NOT_STORED if value is None else str(value)


def _place(value: Node | None) -> str:
    """A place with its name and coordinates."""
    venue = None if value is None else _venue(value)
    name = "" if venue is None else f": {quoted(venue.text('ti'))}"
    address = None if venue is None else venue.text("ad")
    found = [None if value is None else value.real(each) for each in _COORDINATES]
    spot = " (coordinates not stored)"
    if any(each is not None for each in found):
        spot = f" at latitude {_stored(found[0])}, longitude {_stored(found[1])}"
    return f"a place on it{name}{f', {address}' if address else ''}{spot}"


def _area(area: Node) -> Iterator[str]:
    """What was put on the picture; of one of a kind that is not known its number."""
    value, text = area.child("value"), area.text("value")
    match area.number("type"):
        case 0:  # _VENUE, then as MediaAreaType counts
            yield _place(value)
        case 1 if value is not None:
            yield f"a reaction on it: {_stored(emoji(value))}"
        case 2 if value is not None:
            yield f"a message on it, number {_stored(value.number('id'))}"
        case 3:
            yield f"a link on it: {_stored(text)}"
        case 4:
            degrees = area.real("temperature")
            warm = "temperature not stored" if degrees is None else f"{degrees} °C"
            yield f"the weather on it: {_stored(text)}, {warm}"
        case 5:
            yield f"a gift on it: {_stored(text)}"
        case kind:
            yield f"something of kind {_stored(kind)} on it"
