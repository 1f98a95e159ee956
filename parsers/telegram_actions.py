"""Service messages in words.

Source: Telegram reference 3.3 (names of MessageAction), 4.1 (actions of secret chats). The code of an event
is its constructor id; a name that is not known here keeps its code and its fields.
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.model import System
from forensics.times import rfc3339
from parsers.telegram_events import OTHER_EVENTS, Say, Surroundings
from parsers.telegram_people import peer_key
from parsers.telegram_tl_value import Value
from parsers.telegram_words import amount, quoted, stars

_PREFIX, _SECRET_PREFIX = "messageAction", "decryptedMessageAction"


class Event(NamedTuple):
    """An event: the kind of its message, and what it says; the numbers of a call."""

    kind: str
    system: System
    seconds: int | None = None
    video: bool | None = None
    result: str | None = None


def event(action: Value | None, around: Surroundings) -> Event:
    """The event of a service message."""
    if action is None:
        return Event("system", System(type="unknown", code=None, detail=None))
    inner = action.child("encryptedAction") if action.name == "messageEncryptedAction" else None
    told = inner or action
    name = told.name.removeprefix(_SECRET_PREFIX).removeprefix(_PREFIX)
    if name in _CALLS:
        return _call(told, name)
    say = (_SECRET if inner is not None else _PLAIN).get(name)
    words = say(told, around) if say is not None else _fields(told)
    system = System(type=name, code=told.constructor.id, detail=words or None)
    return Event("payment" if name in _PAYMENTS else "system", system)


def _call(action: Value, name: str) -> Event:
    reason = action.child("reason")
    seconds = action.number("duration")
    why = reason.name.removeprefix("phoneCallDiscardReason").lower() if reason is not None else None
    result = "answered" if seconds else _REASONS.get(why, why)
    video = action.has("video") if "video" in action.constructor.bits else None
    if name == "ConferenceCall" and action.has("missed"):
        result = "missed"
    what = {"GroupCall": "group call", "ConferenceCall": "group call"}.get(name, "call")
    words = [f"video {what}" if video else what, *([result] if result else [])]
    if seconds is not None:
        words.append(f"{seconds} s")
    system = System(type=name, code=action.constructor.id, detail=", ".join(words))
    return Event("call", system, seconds, video, result)


_CALLS = frozenset({"PhoneCall", "ConferenceCall", "GroupCall"})
_REASONS: dict[str | None, str | None] = {"hangup": "hung up", "disconnect": "disconnected"}
_PAYMENTS = frozenset(
    {
        *(
            "PaymentSent",
            "PaymentSentMe",
            "PaymentRefunded",
            "GiftPremium",
            "GiftStars",
            "GiftTon",
            "GiftCode",
        ),
        *("StarGift", "StarGiftUnique", "PrizeStars", "PaidMessage", "PaidMessagesRefunded"),
    }
)


def _fields(value: Value) -> str:
    """The plain fields of an event that has no sentence of its own."""
    shown = (
        f"{name}: {each}"
        for name, each in value.items()
        if isinstance(each, str | int) and name not in ("flags", "flags2") and each != ""
    )
    return ", ".join(shown)


def _users(value: Value) -> list[int]:
    single = value.number("user_id")
    return list(value.numbers("users")) if single is None else [single]


def _peers(value: Value) -> list[int]:
    single = peer_key(value.child("peer"))
    keys = [single, *(peer_key(each) for each in value.children("peers"))]
    return [key for key in keys if key is not None]


def _gift(value: Value) -> str:
    gift = value.child("gift")
    if gift is None:
        return "a gift"
    price = gift.number("stars")
    return f"gift {quoted(gift.text('title'))}{f' for {price} stars' if price else ''}"


def _crypto(value: Value) -> str:
    paid = amount(value.text("currency"), value.number("amount"))
    currency = value.text("crypto_currency")
    return f"{paid} ({amount(currency, value.number('crypto_amount'))})" if currency else paid


def _said(value: Value) -> str:
    message = value.child("message")
    text = message.text("text") if message is not None else None
    return f", “{text}”" if text else ""


def _topic_edit(value: Value) -> str:
    parts = [f"title {quoted(value.text('title'))}"] if value.text("title") else []
    for name in ("closed", "hidden"):
        if name in value:
            parts.append(f"{name}: {'yes' if value[name] else 'no'}")
    return f"changed the topic: {', '.join(parts)}" if parts else "changed the topic"


def _scheduled(value: Value) -> str:
    date = value.number("schedule_date")
    return f"planned a group call for {rfc3339(date * 1000) if date and date > 0 else 'a time not stored'}"


_PLAIN: dict[str, Say] = {
    **OTHER_EVENTS,
    "Empty": lambda v, s: "",
    "ChatCreate": lambda v, s: f"created the group {quoted(v.text('title'))} with {s.names(_users(v))}",
    "ChatEditTitle": lambda v, s: f"changed the title to {quoted(v.text('title'))}",
    "ChatEditPhoto": lambda v, s: "changed the photo",
    "ChatDeletePhoto": lambda v, s: "removed the photo",
    "ChatAddUser": lambda v, s: f"added {s.names(_users(v))}",
    "ChatDeleteUser": lambda v, s: f"removed {s.names(_users(v))} (or left, where that is the sender)",
    "ChatJoinedByLink": lambda v, s: f"joined by a link of {s.names([v.number('inviter_id') or 0])}",
    "ChatJoinedByRequest": lambda v, s: "joined by request",
    "ChannelCreate": lambda v, s: f"created {quoted(v.text('title'))}",
    "ChatMigrateTo": lambda v, s: f"became the supergroup -{v.number('channel_id')}",
    "ChannelMigrateFrom": lambda v, s: f"was the group {quoted(v.text('title'))} (-{v.number('chat_id')})",
    "PinMessage": lambda v, s: "pinned a message",
    "HistoryClear": lambda v, s: "the history was cleared",
    "ScreenshotTaken": lambda v, s: "took a screenshot",
    "CustomAction": lambda v, s: v.text("message") or "",
    "BotAllowed": lambda v, s: f"allowed a bot: {v.text('domain') or 'from the menu'}",
    "ContactSignUp": lambda v, s: "joined Telegram",
    "UserJoined": lambda v, s: "joined Telegram",
    "UserUpdatedPhoto": lambda v, s: "changed the profile photo",
    "TTLChange": lambda v, s: f"messages disappear {v.number('ttl')} s after they are read",
    "LoginUnknownLocation": lambda v, s: f"new login: {v.text('title')}, {v.text('address')}",
    "GeoProximityReached": lambda v, s: (
        f"came within {v.number('distance')} m: "
        f"{s.names([k for k in (peer_key(v.child('from_id')), peer_key(v.child('to_id'))) if k is not None])}"
    ),
    "SetMessagesTTL": lambda v, s: (
        f"messages are deleted {v.number('period')} s after they are sent"
        if v.number("period")
        else "messages are no longer deleted by themselves"
    ),
    "GroupCallScheduled": lambda v, s: _scheduled(v),
    "InviteToGroupCall": lambda v, s: f"invited to a group call: {s.names(_users(v))}",
    "TopicCreate": lambda v, s: f"created the topic {quoted(v.text('title'))}",
    "TopicEdit": lambda v, s: _topic_edit(v),
    "TopicEditTitle": lambda v, s: f"changed the topic's title to {quoted(v.text('title'))}",
    "RequestedPeer": lambda v, s: f"shared with a bot: {s.names(_peers(v))}",
    "RequestedPeerSentMe": lambda v, s: f"shared with a bot: {s.names(_peers(v))}",
    "WebViewDataSent": lambda v, s: f"sent by a web app: {quoted(v.text('text'))}",
    "PaymentSent": lambda v, s: f"paid {amount(v.text('currency'), v.number('total_amount'))}",
    "PaymentSentMe": lambda v, s: f"was paid {amount(v.text('currency'), v.number('total_amount'))}",
    "PaymentRefunded": lambda v, s: f"paid back {amount(v.text('currency'), v.number('total_amount'))}",
    "GiftPremium": lambda v, s: f"gave Premium: {_crypto(v)}{_said(v)}",
    "GiftStars": lambda v, s: f"gave {v.number('stars')} stars: {_crypto(v)}",
    "GiftTon": lambda v, s: f"gave TON: {_crypto(v)}",
    "GiftCode": lambda v, s: f"gave a code for Premium{_said(v)}",
    "PrizeStars": lambda v, s: f"won {v.number('stars')} stars",
    "StarGift": lambda v, s: f"{_gift(v)}{_said(v)}",
    "StarGiftUnique": lambda v, s: f"{_gift(v)}{_said(v)}",
    "PaidMessage": lambda v, s: f"paid {v.number('stars')} stars to write",
    "PaidMessagesRefunded": lambda v, s: (
        f"paid back {v.number('stars')} stars for {v.number('count')} messages"
    ),
    "SuggestedPostSuccess": lambda v, s: f"a suggested post was paid: {stars(v.child('price'))}",
}
_SECRET: dict[str, Say] = {
    "SetMessageTTL": lambda v, s: (
        f"messages disappear {v.number('ttl_seconds')} s after they are read"
        if v.number("ttl_seconds")
        else "messages no longer disappear"
    ),
    "ReadMessages": lambda v, s: f"read messages {s.messages(v)}",
    "DeleteMessages": lambda v, s: f"deleted messages {s.messages(v)}",
    "ScreenshotMessages": lambda v, s: f"took a screenshot of messages {s.messages(v)}",
    "FlushHistory": lambda v, s: "deleted the whole history",
    "NotifyLayer": lambda v, s: f"uses layer {v.number('layer')} of secret chats",
    "RequestKey": lambda v, s: "asked for a new key",
    "AcceptKey": lambda v, s: "accepted a new key",
    "CommitKey": lambda v, s: "confirmed a new key",
    "AbortKey": lambda v, s: "refused a new key",
    "Resend": lambda v, s: f"asked for messages {v.number('start_seq_no')} to {v.number('end_seq_no')} again",
    "Noop": lambda v, s: "",
}
