"""Changes of a group in words, as Signal's new backups keep them; those of the first groups, and group calls.

Source: Signal reference 2.5 (GroupChangeChatUpdate), and backup.proto of libsignal for the fields that it
does not list ("from source"); 3.6 (Android's message_extras hold the same message since version 217;
GroupContext, the lists of a migration, GroupCallUpdateDetails).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parsers.row_ids import listed
from parsers.signal_parts import Parts
from parsers.signal_updates import ACCESS, Speak, decoded, person_words, timer_words

_MOST_SHOWN = 40  # characters of what stands where a row id belongs
Words = Callable[[Parts, Speak], str]


def group_changes(change: Parts, speak: Speak) -> Iterator[str]:
    """Every update in words; one of an unknown kind by its number. Raises ProtobufError."""
    for update in change.all(1):
        for number in update:
            words = _WORDS.get(number)
            yield f"unknown ({number})" if words is None else words(update.part(number), speak)


def group_changes_in(extras: bytes | None, speak: Speak) -> str | None:
    """The changes that MessageExtras hold. Raises ProtobufError."""
    change = Parts(extras or b"").part(1).part(2)
    return "; ".join(group_changes(change, speak)) or None


def first_group_update(body: str | None) -> str | None:
    """A change of a group of the first kind: its title and members as they are then. Raises ProtobufError."""
    context = Parts(decoded(body))
    title = context.text(3)
    members = [str(each, "utf-8", "replace") for each in context.raw(4) if isinstance(each, bytes)]
    parts = (f"title: {title}" if title else "", f"members: {', '.join(members)}" if members else "")
    return "; ".join(each for each in parts if each) or None


def migration(body: str | None, speak: Callable[[int], str]) -> str | None:
    """Who was invited and dropped when a group became one of the second kind, by rows of recipient; of what
    is no row id the first characters stand."""
    invited, _, dropped = (body or "").partition("|")
    parts = []
    for words, ids in (("invited", invited), ("dropped", dropped)):
        people = [_short(each) if isinstance(each, str) else speak(each) for each in listed(ids)]
        if people:
            parts.append(f"{words}: {', '.join(people)}")
    return "; ".join(parts) or None


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def group_call(body: str | None, speak: Speak) -> str | None:
    """Who began a group call and who was in it. Raises ProtobufError."""
    call = Parts(decoded(body))
    starter = call.text(2)
    inside = [str(each, "utf-8", "replace") for each in call.raw(4) if isinstance(each, bytes)]
    parts = [f"begun by {speak(starter)}"] if starter else []
    if inside:
        parts.append(f"in it: {', '.join(speak(each) for each in inside)}")
    return "; ".join(parts) or None


def _who(parts: Parts, number: int, speak: Speak, nobody: str = "somebody who is not named") -> str:
    data = parts.content(number)
    return person_words(data, speak) if data else nobody


def _by(words: str, place: int = 1) -> Words:
    """Words behind the one who did it, where that is stored."""

    def spoken(parts: Parts, speak: Speak) -> str:
        return f"by {_who(parts, place, speak)}; {words}" if place in parts else words

    return spoken


def _of(words: str, place: int = 1, by: int | None = None) -> Words:
    """Words with the one whom it is about, behind the one who did it."""

    def spoken(parts: Parts, speak: Speak) -> str:
        return _by(f"{words} {_who(parts, place, speak)}", by or 0)(parts, speak)

    return spoken


def _text(words: str) -> Words:
    def spoken(parts: Parts, speak: Speak) -> str:
        text = parts.text(2)
        return _by(f"{words} removed" if text is None else f"{words}: {text}")(parts, speak)

    return spoken


def _either(number: int, yes: str, no: str, by: int = 1) -> Words:
    def spoken(parts: Parts, speak: Speak) -> str:
        return _by(yes if parts.integer(number) else no, by)(parts, speak)

    return spoken


def _access(words: str) -> Words:
    def spoken(parts: Parts, speak: Speak) -> str:
        level = parts.integer(2) or 0
        return _by(f"{words}: {ACCESS.get(level, f'unknown ({level})')}")(parts, speak)

    return spoken


def _admin(parts: Parts, speak: Speak) -> str:
    now = "is now admin" if parts.integer(3) else "is no longer admin"
    return _by(f"{_who(parts, 2, speak)} {now}")(parts, speak)


def _approval(parts: Parts, speak: Speak) -> str:
    words = "approved" if parts.integer(3) else "refused"
    return _by(f"request to join {words}: {_who(parts, 1, speak)}", 2)(parts, speak)


def _withdrawn(parts: Parts, speak: Speak) -> str:
    people = [_who(each, 2 if 2 in each else 3, speak) for each in parts.all(2)]
    return _by(f"invitation withdrawn: {', '.join(people)}")(parts, speak)


def _timer(parts: Parts, speak: Speak) -> str:
    return _by(timer_words((parts.integer(1) or 0) // 1000), 2)(parts, speak)


def _count(words: str, number: int) -> Words:
    def spoken(parts: Parts, _speak: Speak) -> str:
        return f"{words}: {parts.integer(number) or 0}"

    return spoken


def _invited(parts: Parts, speak: Speak) -> str:
    return _by(f"people invited: {parts.integer(2) or 0}")(parts, speak)


def _asked_and_withdrawn(parts: Parts, speak: Speak) -> str:
    return f"{_who(parts, 1, speak)} asked to join and withdrew it, times: {parts.integer(2) or 0}"


_WORDS: dict[int, Words] = {
    1: _by("group changed"),
    2: _by("group made"),
    3: _text("title"),
    4: _either(2, "picture removed", "picture changed"),
    5: _text("description"),
    6: _access("who may add members"),
    7: _access("who may change the details"),
    8: _either(2, "only admins may write", "all members may write"),
    9: _admin,
    10: _of("left by"),
    11: _of("removed", 2, by=1),
    12: _by("the owner was invited"),
    13: _of("the owner invited"),
    14: _invited,
    15: _of("invitation accepted by", 2),
    16: _of("invitation declined by", 2),
    17: _of("joined by"),
    18: _of("added", 2, by=1),
    19: _by("invitation of the owner withdrawn"),
    20: _withdrawn,
    21: _of("asks to join:"),
    22: _approval,
    23: _of("request to join withdrawn by"),
    24: _by("link for joining changed"),
    25: _either(2, "link for joining on, admins must approve", "link for joining on"),
    26: _either(2, "link for joining: admins must approve", "link for joining: nobody need approve"),
    27: _by("link for joining off"),
    28: _of("joined by the link:"),
    29: _by("group migrated"),
    30: _by("group migrated, the owner was invited"),
    31: _count("group migrated, members invited", 1),
    32: _count("group migrated, members dropped", 1),
    33: _asked_and_withdrawn,
    34: _timer,
    36: _by("group ended"),
}
