"""Parts of a message of Postbox that are people and references: reply, forward, reactions, and remarks.

Source: Telegram reference 5.3 (forward) and 5.4 (attributes), and the classes of the same names in
TelegramMessenger/Telegram-iOS for reactions (``r``, ``rp``), counters (``c``), timers (``t``, ``c``),
signature (``s``), translation and transcription ("from source").
"""

from __future__ import annotations

import json

from forensics.formats.postbox import Node
from forensics.model import Forward, Reaction, Reply
from forensics.times import rfc3339
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_ids import app_id, handle_of
from parsers.telegram_postbox_message import (
    PINNED,
    UNSEEN_MENTION,
    UNSEEN_REACTION,
    WAS_SCHEDULED,
    Forwarded,
    Stored,
)
from parsers.telegram_postbox_numbers import moment
from parsers.telegram_postbox_tables import MESSAGES
from parsers.telegram_remarks import Remark

_LOW = 0xFFFFFFFF
Attributes = dict[str, Node]


def reply_to(context: Context, attributes: Attributes) -> Reply | None:
    """What a message answers, with the part that is quoted."""
    node, quoted = attributes.get("ReplyMessageAttribute"), attributes.get("QuotedReplyMessageAttribute")
    if node is not None:
        packed, peer = node.number("i") or 0, node.number("p") or 0
        namespace, number = _signed(packed & _LOW), packed >> 32
        key = context.index.find(peer, namespace, number)
        found = None if key is None else context.installation.place.message(MESSAGES.name, key.written.hex())
        return Reply(id=found, app_id=app_id(namespace, number), text=_quote(node), sent_at=None, sender=None)
    if quoted is not None:
        key_of_author, name = quoted.number("p"), quoted.text("a")
        sender = context.people.id(key_of_author) if key_of_author else None
        if sender is None and name:
            sender = context.people.hidden(name).id
        return Reply(id=None, app_id=None, text=_quote(quoted), sent_at=None, sender=sender)
    if "ReplyStoryAttribute" in attributes:
        return Reply(id=None, app_id="story", text=None, sent_at=None, sender=None)
    return None


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


def _quote(node: Node) -> str | None:
    """The quoted part, which is an object, or JSON in bytes."""
    inner, raw = node.child("qu"), node.raw("qu")
    if inner is not None:
        return inner.text("t")
    if raw is None:
        return None
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")  # what is no JSON is shown as it is
    text = value.get("t") if isinstance(value, dict) else None
    # JSON can spell half of a surrogate pair, which no text can hold
    return (
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if isinstance(text, str)
        else None
    )


def forwarded(
    context: Context, stored: Stored, attributes: Attributes
) -> tuple[Forward | None, list[Remark]]:
    """The forward of a message, and what else is said of where it comes from."""
    header, words = stored.forward, _saved(attributes)
    if header is None:
        return None, words
    sender = None
    if header.author is not None:
        sender = context.people.id(header.author)
    elif header.signature:
        sender = context.people.hidden(header.signature).id
    said = list(_origin(header))
    if said:
        words.insert(0, Remark("forward", "; ".join(said)))
    return Forward(times=None, sender=sender, at=moment(header.date)), words


def _origin(header: Forwarded) -> list[str]:
    words = []
    if header.message is not None:
        peer, namespace, number = header.message
        words.append(f"forwarded from message {app_id(namespace, number)} of {handle_of(peer)}")
    elif header.source is not None and header.source != header.author:
        words.append(f"forwarded from {handle_of(header.source)}")
    if header.signature and header.author is not None:
        words.append(f"signed “{header.signature}”")
    if header.announcement:
        words.append(f"announced as “{header.announcement}”")
    return words


def _saved(attributes: Attributes) -> list[Remark]:
    """Where a saved message or a copy in a channel was taken from."""
    words = []
    node = attributes.get("ForwardSourceInfoAttribute")
    if node is not None:
        number = app_id(node.number("n") or 0, node.number("i") or 0)
        words.append(Remark("forward", f"taken from message {number} of {handle_of(node.number('p') or 0)}"))
    node = attributes.get("SourceReferenceMessageAttribute")
    if node is not None:
        packed = node.number("i") or 0
        number = app_id(_signed(packed & _LOW), packed >> 32)
        words.append(Remark("forward", f"refers to message {number} of {handle_of(node.number('p') or 0)}"))
    return words


def emoji(node: Node) -> str | None:
    if node.text("v") is not None:
        return node.text("v")
    if "star" in node.fields:
        return "paid star"
    number = node.number("cfid")
    return None if number is None else f"custom emoji {number}"


def reactions(context: Context, attributes: Attributes) -> tuple[tuple[Reaction, ...], list[Remark]]:
    """The reactions whose givers are stored, and the counts where more were given."""
    node = attributes.get("ReactionsMessageAttribute")
    if node is None:
        return (), []
    found = []
    for each in node.children("rp"):
        key = each.number("p")
        sender = None if key is None else context.people.id(key)
        found.append(Reaction(sender=sender, emoji=emoji(each), at=moment(each.number("ts"))))
    owner = context.people.owner.id
    for each in node.children("r"):
        # "cord", and "s" in older versions, say that the owner chose this one
        is_own = each.number("cord") is not None or each.flag("s")
        if is_own and all((a.sender, a.emoji) != (owner, emoji(each)) for a in found):
            found.append(Reaction(sender=owner, emoji=emoji(each), at=None))
    counts = [(emoji(each), each.number("c") or 0) for each in node.children("r")]
    if sum(count for _, count in counts) <= len(found):
        return tuple(found), []
    shown = ", ".join(f"{emoji} {count}" for emoji, count in counts)
    return tuple(found), [Remark("reactions", f"reactions: {shown}")]


def post(attributes: Attributes) -> list[Remark]:
    """Counters and signature of a post."""
    words = []
    for name, spoken in (("ViewCount", "{} views"), ("ForwardCount", "forwarded {} times")):
        node = attributes.get(f"{name}MessageAttribute")
        if node is not None and node.number("c"):
            words.append(spoken.format(node.number("c")))
    node = attributes.get("AuthorSignatureMessageAttribute")
    if node is not None and node.text("s"):
        words.append(f"signed “{node.text('s')}”")
    return [Remark("post", "; ".join(words))] if words else []


def made_by_machine(attributes: Attributes) -> list[Remark]:
    """Transcription and translation, which nobody wrote."""
    found = []
    node = attributes.get("AudioTranscriptionMessageAttribute")
    if node is not None and node.text("text"):
        found.append(Remark("transcription", f"machine transcription: “{node.text('text')}”"))
    node = attributes.get("TranslationMessageAttribute")
    if node is not None and node.text("text"):
        language = node.text("toLang") or "?"
        found.append(Remark("translation", f"machine translation (to {language}): “{node.text('text')}”"))
    return found


def bot(attributes: Attributes) -> list[Remark]:
    """By which bot a message was sent."""
    node = attributes.get("InlineBotMessageAttribute")
    if node is None:
        return []
    key, title = node.number("i"), node.text("t")
    if key is not None:
        return [Remark("bot", f"via bot {handle_of(key)}")]
    return [Remark("bot", f"via bot “{title}”")] if title else []


def story(attributes: Attributes) -> list[Remark]:
    """The story that a message answers, by the fields that are stored."""
    node = attributes.get("ReplyStoryAttribute")
    inner = node.child("i") if node is not None else None
    if inner is None:
        return []
    shown = ", ".join(f"{key}: {value}" for key, value in inner.fields.items() if type(value) in (int, str))
    return [Remark("story", f"answers a story ({shown})")]


def timer(node: Node) -> list[Remark]:
    """Since when the time of a message runs."""
    begun = moment(node.number("c"))
    return [] if begun is None else [Remark("timer", f"its time began at {rfc3339(begun)}")]


def marks(stored: Stored) -> list[Remark]:
    """What the tags and flags of a message say and its other parts do not."""
    words = [
        spoken
        for bit, spoken in (
            (PINNED, "pinned"),
            (UNSEEN_MENTION, "mentions the owner, who has not seen it yet"),
            (UNSEEN_REACTION, "has a reaction that the owner has not seen yet"),
        )
        if stored.tags & bit
    ]
    if (stored.flags or 0) & WAS_SCHEDULED:
        words.append("was sent at a planned time")
    return [Remark("tags", "; ".join(words))] if words else []
