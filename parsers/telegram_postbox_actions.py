"""Events of Postbox in words: a TelegramMediaAction by its number.

Source: Telegram reference 5.4 (numbers and keys: 1 to 29 "from source", 30 on from another tool's list), and
SyncCore_TelegramMediaAction.swift of TelegramMessenger/Telegram-iOS for the keys of 25 to 48. A number
without a sentence here keeps its fields; one without a name is unknown.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from forensics.formats.postbox import Node
from forensics.model import System
from forensics.times import rfc3339
from parsers.telegram_postbox_ids import handle_of
from parsers.telegram_postbox_numbers import moment, whole
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_words import amount, quoted

_count = struct.Struct("<i")
# Why a call ended (PhoneCallDiscardReason).
_REASONS = {0: "missed", 1: "disconnected", 2: "hung up", 3: "busy"}
_TIMER, _PHONE_CALL, _GROUP_CALL, _CONFERENCE = 12, 14, 22, 48
_NO_TIMER = "messages no longer disappear"
_PAYMENTS = frozenset({15, 27, 36, 41, 42, 43, 44, 45, 46})


class Event(NamedTuple):
    """An event: the kind of its message, and what it says; the numbers of a call."""

    kind: str
    system: System
    seconds: int | None = None
    video: bool | None = None
    result: str | None = None


def event(action: Node, people: PostboxPeople, *, is_secret: bool = False) -> Event:
    """The event of a service message; in a secret chat the timer of messages runs from when they are read."""
    code = whole(action.number("_rawValue"))
    if code == _TIMER and is_secret:
        seconds = action.number("t")
        words = f"messages disappear {seconds} s after they are read" if seconds else _NO_TIMER
        return Event("system", System(type=_EVENTS[_TIMER][0], code=code, detail=words))
    if code == _PHONE_CALL:
        return _call(action)
    if code in (_GROUP_CALL, _CONFERENCE) and action.number("scheduleDate") is None:
        return _group_call(action, code)
    name, say = _EVENTS.get(code or 0, (None, None))
    words = say(action, people) if say is not None else _fields(action)
    system = System(type=name or "unknown", code=code, detail=words or None)
    return Event("payment" if code in _PAYMENTS else "system", system)


def is_known(action: Node) -> bool:
    """Whether the number of an event has a name."""
    return (action.number("_rawValue") or 0) in _EVENTS


def _call(action: Node) -> Event:
    seconds, reason = whole(action.number("d")), action.number("dr")
    result = (
        "answered" if seconds else _REASONS.get(reason, f"unknown ({reason})") if reason is not None else None
    )
    video = bool(action.number("vc"))
    return _told("video call" if video else "call", "phoneCall", _PHONE_CALL, seconds, video, result)


def _group_call(action: Node, code: int) -> Event:
    seconds = whole(action.number("duration" if code == _GROUP_CALL else "dur"))
    name = _EVENTS[code][0]
    return _told("group call", name, code, seconds, None, "answered" if seconds else None)


def _told(  # noqa: PLR0917  # what a call is
    what: str, name: str, code: int, seconds: int | None, video: bool | None, result: str | None
) -> Event:
    words = [what, *([result] if result else []), *([f"{seconds} s"] if seconds is not None else [])]
    return Event("call", System(type=name, code=code, detail=", ".join(words)), seconds, video, result)


def _fields(action: Node) -> str:
    """The plain fields of an event that has no sentence of its own."""
    shown = (
        f"{name}: {value}"
        for name, value in action.fields.items()
        if isinstance(value, str | int) and name != "_rawValue" and value != ""
    )
    return ", ".join(shown)


def _names(people: PostboxPeople, keys: list[int]) -> str:
    return ", ".join(people.person(key).spoken for key in keys) or "nobody who is stored"


def _packed(action: Node) -> list[int]:
    """Several PeerIds as bytes: a count, then the ids."""
    raw = action.raw("peerIds") or b""
    if len(raw) < _count.size:
        return []
    (count,) = _count.unpack_from(raw)
    count = max(0, min(count, (len(raw) - _count.size) // 8))
    return list(struct.unpack_from(f"<{count}q", raw, _count.size))


def _peers(action: Node, single: str, several: str) -> list[int]:
    key = action.number(single)
    return [key] if key is not None else action.numbers(several)


def _one(people: PostboxPeople, action: Node, key: str) -> str:
    value = action.number(key)
    return _names(people, [] if value is None else [value])


def _peer(action: Node, key: str) -> str:
    value = action.number(key)
    return "not stored" if value is None else handle_of(value)


def _crypto(action: Node) -> str:
    paid = amount(action.text("currency"), action.number("amount"))
    currency = action.text("cryptoCurrency")
    return f"{paid} ({amount(currency, action.number('cryptoAmount'))})" if currency else paid


def _said(action: Node) -> str:
    text = action.text("text")
    return f", “{text}”" if text else ""


def _timer(action: Node) -> str:
    seconds = action.number("t")
    if not seconds:
        return "messages are no longer deleted by themselves"
    return f"messages are deleted {seconds} s after they are sent"


def _planned(action: Node) -> str:
    return f"planned a group call for {rfc3339(moment(action.number('scheduleDate'))) or 'a time not stored'}"


def _gift(action: Node) -> str:
    gift = action.child("gift")
    title = gift.text("title") if gift is not None else None
    return f"a gift{f' “{title}”' if title else ''}{_said(action)}"


Say = Callable[[Node, PostboxPeople], str]
_EVENTS: dict[int, tuple[str, Say | None]] = {
    1: ("groupCreated", lambda a, p: f"created the group {quoted(a.text('title'))}"),
    2: ("addedMembers", lambda a, p: f"added {_names(p, _packed(a))}"),
    3: (
        "removedMembers",
        lambda a, p: f"removed {_names(p, _packed(a))} (or left, where that is the sender)",
    ),
    4: ("photoUpdated", lambda a, p: "changed the photo" if a.child("image") else "removed the photo"),
    5: ("titleUpdated", lambda a, p: f"changed the title to {quoted(a.text('title'))}"),
    6: ("pinned", lambda a, p: "pinned a message"),
    7: ("joinedByLink", lambda a, p: f"joined by a link of {_one(p, a, 'inviter')}"),
    8: (
        "channelMigratedFromGroup",
        lambda a, p: f"was the group {quoted(a.text('title'))} ({_peer(a, 'groupId')})",
    ),
    9: ("groupMigratedToChannel", lambda a, p: f"became the supergroup {_peer(a, 'channelId')}"),
    10: ("historyCleared", lambda a, p: "the history was cleared"),
    11: ("historyScreenshot", lambda a, p: "took a screenshot"),
    12: ("autoremoveTimeout", lambda a, p: _timer(a)),
    13: ("gameScore", lambda a, p: f"scored {a.number('s')} in a game"),
    14: ("phoneCall", None),
    15: ("paymentSent", lambda a, p: f"paid {amount(a.text('currency'), a.number('ta'))}"),
    16: ("customText", lambda a, p: a.text("text") or ""),
    17: ("botDomainAccess", lambda a, p: f"allowed a bot: {a.text('do') or 'from the menu'}"),
    18: ("secureValues", lambda a, p: f"gave a bot papers of the kinds {a.numbers('ty')}"),
    19: ("peerJoined", lambda a, p: "joined Telegram"),
    20: ("phoneNumberRequest", lambda a, p: "was asked for the phone number"),
    21: (
        "geoProximityReached",
        lambda a, p: f"came within {a.number('dst')} m: {_one(p, a, 'fromId')}, {_one(p, a, 'toId')}",
    ),
    22: ("groupPhoneCall", lambda a, p: _planned(a)),
    23: (
        "inviteToGroupPhoneCall",
        lambda a, p: f"invited to a group call: {_names(p, _peers(a, 'peerId', 'peerIds'))}",
    ),
    24: ("setChatTheme", lambda a, p: f"changed the theme: {a.text('emoji') or 'none'}"),
    25: ("joinedByRequest", lambda a, p: "joined by request"),
    26: ("webViewData", lambda a, p: f"sent by a web app: {quoted(a.text('t'))}"),
    27: ("giftPremium", lambda a, p: f"gave Premium: {_crypto(a)}{_said(a)}"),
    28: ("topicCreated", lambda a, p: f"created the topic {quoted(a.text('title'))}"),
    29: ("topicEdited", lambda a, p: "changed the topic"),
    30: ("suggestedProfilePhoto", lambda a, p: "suggested a profile photo"),
    31: ("attachMenuBotAllowed", lambda a, p: "allowed a bot: from the menu"),
    32: ("requestedPeer", lambda a, p: f"shared with a bot: {_names(p, _peers(a, 'pi', 'pis'))}"),
    33: ("setChatWallpaper", None),
    34: ("setSameChatWallpaper", None),
    35: ("botAppAccess", lambda a, p: f"allowed a bot's app: {quoted(a.text('app'))}"),
    36: ("giftCode", lambda a, p: f"gave a code for Premium{_said(a)}"),
    37: ("giveawayLaunched", None),
    38: ("joinedChannel", lambda a, p: "joined the channel"),
    39: ("giveawayResults", lambda a, p: f"a giveaway ended: {a.number('winners')} winners"),
    40: ("boosts", lambda a, p: f"boosted {a.number('boosts')} times"),
    41: ("paymentRefunded", lambda a, p: f"paid back {amount(a.text('currency'), a.number('amount'))}"),
    42: ("giftStars", lambda a, p: f"gave {a.number('count')} stars: {_crypto(a)}"),
    43: ("prizeStars", lambda a, p: f"won {a.number('amount')} stars"),
    44: ("starGift", lambda a, p: _gift(a)),
    45: ("starGiftUnique", lambda a, p: _gift(a)),
    46: (
        "paidMessagesRefunded",
        lambda a, p: f"paid back {a.number('stars')} stars for {a.number('count')} messages",
    ),
    47: ("paidMessagesPrice", lambda a, p: f"a message costs {a.number('stars')} stars"),
    48: ("conferenceCall", None),
    # Of these another tool has the names, of some together; their keys are not known: their fields are shown.
    **dict.fromkeys((49, 50), ("todo", None)),
    **dict.fromkeys((51, 52, 53, 54), ("suggestedPostOrGiftTon", None)),
    55: ("birthday", None),
    **dict.fromkeys((56, 57), ("giftOffer", None)),
    59: ("creatorChange", None),
    **dict.fromkeys((60, 61), ("copyProtection", None)),
    62: ("managedBot", None),
    **dict.fromkeys((63, 64), ("pollOptions", None)),
    65: ("community", None),
}
