"""What happened in a conversation, in words: changes of a group, of a profile, of a number.

Source: Signal reference 3.6. The details stand as a protobuf in message_extras, in older rows as base64 in
the body; what is not understood is left out of the words and never guessed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from uuid import UUID

from forensics.formats import protobuf
from forensics.formats.protobuf import Field, ProtobufError

# How a person of that service id is called.
Speak = Callable[[str], str]

# MessageExtras
_GROUP_UPDATE, _PROFILE = 1, 3
# DecryptedGroupV2Context
_CONTEXT_CHANGE = 2
_ROLES = {1: "member", 2: "admin"}
ACCESS = {1: "everybody", 2: "members", 3: "admins", 4: "nobody"}


def group_update(body: str | None, extras: bytes | None, speak: Speak) -> str | None:
    """A change of a group in words; None where there are no details. Raises ProtobufError for bad ones."""
    context = decoded(body)
    if not context and extras:
        outer = _last(extras)
        context = _inner(_inner(extras, _GROUP_UPDATE), 1) if _GROUP_UPDATE in outer else b""
    change = _inner(context or b"", _CONTEXT_CHANGE)
    return "; ".join(_changes(change, speak)) or None


def profile_change(body: str | None, extras: bytes | None) -> str | None:
    """A change of a profile's name in words. Raises ProtobufError."""
    details = decoded(body) or _inner(extras or b"", _PROFILE)
    change, learned = _last(_inner(details, 1)), _last(_inner(details, 3))
    if change:
        return f"profile name: {_text(change, 1)!r} before, {_text(change, 2)!r} now"
    name = _text(learned, 1) or _text(learned, 2)
    return f"before known as {name}" if name else None


def former_number(body: str | None) -> str | None:
    """The number of a thread merge or a session switchover. Raises ProtobufError."""
    number = _text(_last(decoded(body)), 1)
    return f"number {number}" if number else None


def story_text(body: str | None) -> str | None:
    """The text of a story that is a text. Raises ProtobufError."""
    return _text(_last(decoded(body)), 1)


def reactions(data: bytes | None) -> Iterator[tuple[str, int | None, int | None]]:
    """Emoji, row of recipient, time sent of an old ReactionList (3.7). Raises ProtobufError."""
    for each in protobuf.fields(data or b""):
        if each.number == 1:
            parts = _last(each.content())
            emoji = _text(parts, 1) or ""
            yield emoji, _integer(parts, 2), _integer(parts, 3)


def _changes(change: bytes, speak: Speak) -> Iterator[str]:
    """The parts of a DecryptedGroupChange that are known, in their order in it."""
    for each in protobuf.fields(change):
        if each.number == 1:
            yield f"by {person_words(each.content(), speak)}"
        elif each.number in _WORDS:
            words = _WORDS[each.number](each, speak)
            if words:
                yield words
    revision = _integer(_last(change), 2)
    if revision is not None:
        yield f"revision {revision}"


def _of_member(words: str, place: int = 1) -> Callable[[Field, Speak], str | None]:
    """Words with the person in a field of a member message."""

    def spoken(each: Field, speak: Speak) -> str | None:
        parts = _last(each.content())
        return f"{words} {person_words(parts[place].content(), speak)}" if place in parts else words

    return spoken


def _of_id(words: str) -> Callable[[Field, Speak], str | None]:
    def spoken(each: Field, speak: Speak) -> str | None:
        return f"{words} {person_words(each.content(), speak)}"

    return spoken


def _of_text(words: str) -> Callable[[Field, Speak], str | None]:
    def spoken(each: Field, _speak: Speak) -> str | None:
        return f"{words}: {_text(_last(each.content()), 1) or ''}"

    return spoken


def _only(words: str) -> Callable[[Field, Speak], str | None]:
    def spoken(_each: Field, _speak: Speak) -> str | None:
        return words

    return spoken


def _role(each: Field, speak: Speak) -> str | None:
    parts = _last(each.content())
    role = _integer(parts, 2)
    who = person_words(parts[1].content(), speak) if 1 in parts else "a member"
    return f"{who} is now {_ROLES.get(role or 0, f'of an unknown role ({role})')}"


def _timer(each: Field, _speak: Speak) -> str | None:
    return timer_words(_integer(_last(each.content()), 1) or 0)


def _access(words: str) -> Callable[[Field, Speak], str | None]:
    def spoken(each: Field, _speak: Speak) -> str | None:
        value = each.value if isinstance(each.value, int) else 0
        return f"{words}: {ACCESS.get(value, f'unknown ({value})')}" if value else None

    return spoken


def _announcements(each: Field, _speak: Speak) -> str | None:
    value = each.value if isinstance(each.value, int) else 0
    return {1: "only admins may write", 2: "all members may write"}.get(value)


_WORDS: dict[int, Callable[[Field, Speak], str | None]] = {
    3: _of_member("added"),
    4: _of_id("removed"),
    5: _role,
    7: _of_member("invited"),
    8: _of_member("invitation withdrawn:"),
    9: _of_member("invitation accepted by"),
    10: _of_text("title"),
    11: _only("picture changed"),
    12: _timer,
    13: _access("who may change the details"),
    14: _access("who may add members"),
    15: _access("who may join by link"),
    16: _of_member("asks to join:"),
    17: _of_id("request to join refused or withdrawn:"),
    18: _of_member("request to join approved:"),
    19: _only("link for joining changed"),
    20: _of_text("description"),
    21: _announcements,
    22: _of_member("banned"),
    23: _of_member("ban lifted:"),
    24: _of_member("invitation accepted by"),
    26: _only("labels of members changed"),
    28: _only("group ended"),
}


def timer_words(seconds: int) -> str:
    """A timer as it was set."""
    return f"disappearing messages after {seconds} s" if seconds > 0 else "disappearing messages switched off"


def person_words(data: bytes, speak: Speak) -> str:
    """Who a service id of 16 bytes is, or one of 17 with the kind before it."""
    if len(data) == 16:
        return speak(str(UUID(bytes=data)))
    if len(data) == 17 and data[0] == 1:
        return speak(f"PNI:{UUID(bytes=data[1:])}")
    return f"unknown ({data.hex()})"


def decoded(body: str | None) -> bytes:
    """The bytes of a base64 text; none where it is empty. Raises ProtobufError."""
    if not body:
        return b""
    try:
        return base64.b64decode(body.strip() + "=" * (-len(body.strip()) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProtobufError("no base64") from error


def _last(data: bytes) -> dict[int, Field]:
    return {each.number: each for each in protobuf.fields(data)}


def _inner(data: bytes, number: int) -> bytes:
    fields = _last(data)
    return fields[number].content() if number in fields else b""


def _text(fields: dict[int, Field], number: int) -> str | None:
    return fields[number].content().decode("utf-8", "replace") if number in fields else None


def _integer(fields: dict[int, Field], number: int) -> int | None:
    return protobuf.signed(fields[number].integer()) if number in fields else None
