"""What a message says that has no field of its own: each a remark, put together in the record's ``system``.

Source: Telegram reference 2.2, 3.2, 4 (attach path and the client's own parameters).
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.times import LATEST, rfc3339
from parsers.telegram_blobs import Blob, MessageBlob
from parsers.telegram_tl_value import Value
from parsers.telegram_words import stars, with_entities

_MEDIA_BIT = 1 << 9
# Bits that are said without a field: legacy and pinned (3.2), a suggested post paid in stars or in TON.
_MARKS, _PAID = 1 << 19 | 1 << 24, 1 << 8 | 1 << 9


class Remark(NamedTuple):
    """A remark: its type, its words, and a number where one is stored."""

    type: str
    words: str
    code: int | None = None


def instant(seconds: int | None) -> int | None:
    """Seconds since 1970 as milliseconds; None for none, and for what no calendar has."""
    return seconds * 1000 if seconds and 0 < seconds <= LATEST // 1000 else None


def when(seconds: int | None) -> str:
    """A stored time in words; of one that no calendar has the number."""
    return rfc3339(instant(seconds)) or (f"no time ({seconds})" if seconds else "a time not stored")


def misses_media(value: Value, blob: MessageBlob | Blob) -> bool:
    """Whether reading stopped before or within the medium."""
    if not blob.is_cut:
        return False
    names = list(value)
    if "media" in names:
        return names[-1] == "media"
    return "reply_markup" not in names and bool((value.number("flags") or 0) & _MEDIA_BIT)


def topic_of(value: Value) -> int | None:
    """The topic of a forum that a message is in."""
    header = value.child("reply_to")
    if header is None or not header.has("forum_topic"):
        return None
    return header.number("reply_to_top_id") or header.number("reply_to_msg_id")


def post(value: Value) -> Remark | None:
    """Counters and signature of a post."""
    words = [f"{value.number('views')} views"] if value.number("views") else []
    if value.number("forwards"):
        words.append(f"forwarded {value.number('forwards')} times")
    if value.text("post_author"):
        words.append(f"signed “{value.text('post_author')}”")
    replies = value.child("replies")
    if replies is not None and replies.number("replies"):
        words.append(f"{replies.number('replies')} replies")
    return Remark("post", "; ".join(words)) if words else None


def is_marked(value: Value) -> bool:
    """Whether a bit is set that ``marks`` or ``paid`` have words for."""
    return bool((value.number("flags") or 0) & _MARKS or (value.number("flags2") or 0) & _PAID)


def marks(value: Value) -> Remark | None:
    """What the flags say: pinned, or told to an app that was too old for it (3.2), so that its text may be no
    more than a stub."""
    words = ["pinned"] if value.has("pinned") else []
    if value.has("legacy"):
        words.append("of a kind that the app was too old for: what it stored may not be what was sent")
    return Remark("flags", "; ".join(words)) if words else None


def paid(value: Value) -> Remark | None:
    """What was paid or offered for a message."""
    words = []
    if value.number("paid_message_stars"):
        words.append(f"{value.number('paid_message_stars')} stars were paid to send it")
    for name, currency in (("paid_suggested_post_stars", "stars"), ("paid_suggested_post_ton", "TON")):
        words += [f"a suggested post that is paid in {currency}"] if value.has(name) else []
    offer = value.child("suggested_post")
    if offer is not None:
        words.append(_offer(offer))
    return Remark("payment", "; ".join(words)) if words else None


def _offer(offer: Value) -> str:
    old, price = offer.number("stars_amount"), offer.child("price")
    asked = stars(price) if price is not None else f"{old} stars" if old else "no price"
    state = [each for each in ("accepted", "rejected") if offer.has(each)]
    due = instant(offer.number("schedule_date"))
    more = [*state, *([f"to be posted at {rfc3339(due)}"] if due is not None else [])]
    return ", ".join([f"a suggested post for {asked}", *more])


def checked(value: Value) -> Remark | None:
    """What somebody whom Telegram asked wrote about a post's facts."""
    found = value.child("factcheck")
    text = with_entities(found, "text") if found is not None else None
    return Remark("fact check", f"fact check: “{text}”") if text else None


def thread(value: Value) -> Remark | None:
    """The thread of comments or answers that a message is in."""
    header = value.child("reply_to")
    top = header.number("reply_to_top_id") if header is not None and not header.has("forum_topic") else None
    return Remark("thread", f"in the thread of message {top}") if top else None


def album(value: Value) -> Remark | None:
    """The album that a message is part of."""
    number = value.number("grouped_id")
    return Remark("album", f"album {number}") if number else None


def scheduled(date: int | None) -> Remark:
    """When a message is to be sent."""
    return Remark("scheduled", f"to be sent at {when(date)}")


def local(blob: MessageBlob | Blob, *, shown: bool) -> list[Remark]:
    """What only the phone knows of a message."""
    if type(blob) is not MessageBlob:
        return []
    words = [f"local path: {blob.attach_path}"] if blob.attach_path and not shown else []
    for key, value in blob.params.items():
        known = {"legacy_layer": "stored by a client of layer", "originalPath": "made of"}
        words.append(f"{known.get(key, key)} {value}")
    return [Remark("local", "; ".join(words))] if words else []
