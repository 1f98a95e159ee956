"""Events and calls of a new backup of Signal, in words.

Source: Signal reference 2.5. Codes that stand in no table here stay numbers.
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.model import System
from forensics.times import rfc3339
from parsers.signal_codes import BITS, END_SESSION, EVENTS, SPECIALS, spoken
from parsers.signal_group_updates import group_changes
from parsers.signal_parts import Parts
from parsers.signal_snapshot_people import SnapshotDirectory
from parsers.signal_updates import timer_words

# ChatUpdateMessage: what happened (the field of its "oneof").
SIMPLE, GROUP, TIMER, PROFILE, MERGE, SWITCHOVER, CALL, GROUP_CALL, LEARNED, POLL_ENDED, PINNED = range(1, 12)
UPDATES = range(1, 12)
# SimpleChatUpdate.type
SIMPLE_UPDATES = {
    1: EVENTS[4],
    2: BITS[0x200],
    3: BITS[0x4000],
    4: BITS[0x2000],
    5: EVENTS[14],
    6: EVENTS[15],
    7: BITS[END_SESSION],
    8: BITS[0x10000000],
    9: EVENTS[13],
    10: SPECIALS[8],
    11: SPECIALS[4],
    12: EVENTS[5],
    13: SPECIALS[5],
    14: SPECIALS[10],
    15: SPECIALS[11],
    16: SPECIALS[6],
}
_TYPES = {
    GROUP: "group updated",
    TIMER: "disappearing messages changed",
    PROFILE: EVENTS[7],
    MERGE: EVENTS[16],
    SWITCHOVER: EVENTS[18],
    LEARNED: EVENTS[7],
    POLL_ENDED: SPECIALS[0xC],
    PINNED: SPECIALS[0xD],
}
_NOT_LET_THROUGH = "missed: not let through by the notification profile"
CALL_STATES = {1: "accepted", 2: "not accepted", 3: "missed", 4: _NOT_LET_THROUGH}
GROUP_CALL_STATES = {
    1: "group call",
    2: "joined",
    3: "ringing",
    4: "accepted",
    5: "declined",
    6: "missed",
    7: _NOT_LET_THROUGH,
    8: "ringing out",
}
# States of a group call that tell which side rang.
_RUNG, _RANG = frozenset({3, 4, 5, 6, 7}), 8
_TALKED = frozenset({2, 4})
_VIDEO = {1: False, 2: True}
_DIRECTIONS = {1: False, 2: True}


class CallParts(NamedTuple):
    """A call as a record tells it; times as they are stored."""

    words: str
    from_owner: bool | None
    caller: int | None
    at: int | None
    ended: int | None
    video: bool | None
    result: str
    is_known: bool


def individual_call(parts: Parts) -> CallParts:
    """An IndividualCall; who called follows from its direction."""
    state = parts.code(4)
    result = CALL_STATES.get(state)
    words = {1: "audio call", 2: "video call"}.get(parts.integer(2) or 0, "call")
    return CallParts(
        words=words,
        from_owner=_DIRECTIONS.get(parts.integer(3) or 0),
        caller=None,
        at=parts.integer(5),
        ended=None,
        video=_VIDEO.get(parts.integer(2) or 0),
        result=result or spoken(CALL_STATES, state),
        is_known=result is not None,
    )


def group_call(parts: Parts) -> CallParts:
    """A GroupCall: who rang or began it."""
    state = parts.code(2)
    result = GROUP_CALL_STATES.get(state)
    return CallParts(
        words="group call",
        from_owner=True if state == _RANG else False if state in _RUNG else None,
        caller=parts.integer(3) if 3 in parts else parts.integer(4),
        at=parts.integer(5),
        ended=parts.integer(6) if state in _TALKED else None,
        video=None,
        result=result or spoken(GROUP_CALL_STATES, state),
        is_known=result is not None,
    )


def event(update: Parts, directory: SnapshotDirectory) -> System:
    """An event: its code is the type of a simple one, else the number of its field. Raises ProtobufError."""
    kind = update.number_among(UPDATES)
    if kind is None:
        return System(type=None, code=None, detail=spoken({}, None))
    if kind == SIMPLE:
        code = update.part(SIMPLE).code(1)
        known = SIMPLE_UPDATES.get(code)
        return System(type=known, code=code, detail=None if known else spoken(SIMPLE_UPDATES, code))
    return System(type=_TYPES[kind], code=kind, detail=_detail(kind, update.part(kind), directory))


def _detail(kind: int, parts: Parts, directory: SnapshotDirectory) -> str | None:
    if kind == GROUP:
        return "; ".join(group_changes(parts, directory.speak)) or None
    if kind == TIMER:
        return timer_words((parts.integer(1) or 0) // 1000)
    if kind == PROFILE:
        return f"profile name: {parts.text(1)!r} before, {parts.text(2)!r} now"
    if kind == LEARNED:
        number = parts.integer(1)
        name = f"+{number}" if number else parts.text(2)
        return f"before known as {name}" if name else None
    if kind in (MERGE, SWITCHOVER):
        number = parts.integer(1)
        return f"number +{number}" if number else None
    return _of_another(kind, parts, directory)


def _of_another(kind: int, parts: Parts, directory: SnapshotDirectory) -> str | None:
    """What is said of another message, named by when it was sent."""
    sent = parts.integer(1)
    when = f"the message sent at {rfc3339(sent)}" if sent and 0 < sent < 1 << 42 else "a message"
    if kind == POLL_ENDED:
        return f"{when}, question: {parts.text(2) or ''}"
    author = directory.person(parts.integer(2))
    return when if author is None else f"{when} by {author.spoken}"
