"""Parts of a message that are people and references: sender, reply, forward, reactions.

Source: Telegram reference 2.6 (who sent it: before layer 119 a peer meant the receiver, so the dialog is
always that of the row), 3.2 (older layouts: plain numbers where newer ones have objects), 4.1 (secret chats).
"""

from __future__ import annotations

from forensics.model import Edit, Forward, Reaction, Reply
from parsers.telegram_chats import Chat
from parsers.telegram_context import Context
from parsers.telegram_people import peer_key
from parsers.telegram_remarks import Remark, instant
from parsers.telegram_tl_value import Value


def key_of(value: Value, name: str) -> int | None:
    """A person's key, from a Peer or from the plain user id of the older layers."""
    child = value.child(name)
    return value.number(name) if child is None else peer_key(child)


def sender_key(value: Value, chat: Chat) -> int | None:
    """Who sent an incoming message; None where nothing says so."""
    if value.name == "messageEmpty":
        return None
    if chat.kind == "secret":
        # The id in the object has 32 bits only; the partner stands in enc_chats.
        return None if chat.partner is None or chat.partner.handle is None else int(chat.partner.handle)
    key = key_of(value, "from_id")
    if key is None:
        key = value.number("from_id_user_id")
    if key:
        return key
    if chat.speaks_itself:
        return chat.dialog
    return chat.dialog if chat.kind == "direct" else None


def reply_to(context: Context, value: Value, chat: Chat, replydata: bytes | None, where: str) -> Reply | None:
    """What a message answers; the quoted part, or the copy of the message that older versions kept."""
    header = value.child("reply_to")
    number = value.number("reply_to_msg_id")
    dialog, text, sender, sent_at = chat.dialog, None, None, None
    if header is not None:
        if header.name == "messageReplyStoryHeader":
            return _to_story(context, header, replydata, where)
        number = header.number("reply_to_msg_id")
        dialog = peer_key(header.child("reply_to_peer_id")) or dialog
        text = header.text("quote_text")
        origin = header.child("reply_from") or header.child("reply_header")
        if origin is not None:
            forwarded = forward_of(context, origin)
            sender, sent_at = forwarded.sender, forwarded.at
    random = value.number("reply_to_random_id")
    if number is None and random is not None:
        number = context.around.randoms.get(random)
        if number is None:
            return Reply(id=None, app_id=f"random id {random}", text=None, sent_at=None, sender=None)
    if number is None:
        if header is None:
            return None
        return Reply(id=None, app_id=None, text=text, sent_at=sent_at, sender=sender)
    if replydata and text is None:
        text, sent_at, sender = _stored_copy(context, replydata, chat, where)
    found = context.messages.first(dialog, number)
    identifier = None if found is None else context.installation.place.message(*found)
    return Reply(id=identifier, app_id=str(number), text=text, sent_at=sent_at, sender=sender)


def _to_story(context: Context, header: Value, replydata: bytes | None, where: str) -> Reply:
    """An answer to a story, with the copy of that story which newer versions keep beside it (2.2)."""
    key = peer_key(header.child("peer")) or header.number("user_id")
    story: Value | None = None
    if replydata:
        blob = context.blobs.whole(replydata)
        if blob.problem is not None:
            context.notes.add("doubt", f"{where}, replydata: {blob.problem}", None, raw=replydata)
        if blob.value is not None and blob.value.constructor.type == "StoryItem":
            story = blob.value
    return Reply(
        id=None,
        app_id=f"story {header.number('story_id')}",
        text=None if story is None else story.text("caption"),
        sent_at=None if story is None else instant(story.number("date")),
        sender=None if key is None else context.people.id(key),
    )


def _stored_copy(
    context: Context, data: bytes, chat: Chat, where: str
) -> tuple[str | None, int | None, str | None]:
    blob = context.blobs.message(data)
    if blob.problem is not None:
        context.notes.add("doubt", f"{where}, replydata: {blob.problem}", None, raw=data)
    value = blob.value
    if value is None or value.constructor.type != "Message":
        return None, None, None
    key = context.people.owner_key if value.has("out") else sender_key(value, chat)
    sender = None if key is None else context.people.id(key)
    return value.text("message"), instant(value.number("date")), sender


def earlier_texts(context: Context, value: Value, chat: Chat) -> tuple[Edit, ...]:
    """Texts of an edited message that stand in its copies: the media index and the notifications keep the
    object as it was when they were written."""
    number, text = value.number("id"), value.text("message")
    found: dict[str | None, Edit] = {}
    if number is None:
        return ()
    for table, rowid in context.copies.all(chat.dialog, number):
        row = context.installation.database.row(table, rowid)
        data = row.get("data") if row is not None else None
        copy = context.blobs.message(data).value if isinstance(data, bytes) else None
        if copy is None or copy.constructor.type != "Message" or copy.text("message") == text:
            continue
        if (copy.number("edit_date") or 0) < (value.number("edit_date") or 0):
            at = instant(copy.number("edit_date")) or instant(copy.number("date"))
            found.setdefault(copy.text("message"), Edit(text=copy.text("message"), at=at))
    return tuple(sorted(found.values(), key=lambda each: each.at or 0))


def forward_of(context: Context, header: Value) -> Forward:
    """A MessageFwdHeader: from whom, or under which name only, and when that was sent."""
    key, name = key_of(header, "from_id"), header.text("from_name")
    channel = header.number("channel_id")
    if channel:
        key = -channel
    sender = None
    if key:
        sender = context.people.id(key)
    elif name:
        sender = context.people.hidden(name).id
    return Forward(times=None, sender=sender, at=instant(header.number("date")))


def forwarded(context: Context, value: Value) -> tuple[Forward | None, Remark | None]:
    """The forward of a message, and what else its header says."""
    header = value.child("fwd_from")
    if header is None:
        key = key_of(value, "fwd_from_id")
        if not key:
            return None, None
        return Forward(times=None, sender=context.people.id(key), at=instant(value.number("fwd_date"))), None
    words = []
    if header.number("channel_post"):
        words.append(f"forwarded from post {header.number('channel_post')}")
    if header.text("post_author"):
        words[-1:] = [f"{words[-1]}, signed “{header.text('post_author')}”" if words else
                      f"signed “{header.text('post_author')}”"]  # fmt: skip
    if header.child("saved_from_peer") is not None:
        origin = peer_key(header.child("saved_from_peer"))
        words.append(f"saved from message {header.number('saved_from_msg_id')} of {origin}")
    if header.text("saved_from_name"):
        words.append(f"saved from “{header.text('saved_from_name')}”")
    return forward_of(context, header), Remark("forward", "; ".join(words)) if words else None


def saved(context: Context, value: Value, chat: Chat) -> Remark | None:
    """Whose message it was that the owner saved, where the header of its forward does not say so."""
    header = value.child("fwd_from")
    if header is not None and "saved_from_peer" in header:
        return None
    key = peer_key(value.child("saved_peer_id")) if chat.kind == "self" else None
    if key is None or key == context.people.owner_key:
        return None
    return Remark("saved", f"saved from {context.people.person(key).spoken}")


def _emoji(value: Value) -> str | None:
    reaction = value.child("reaction")
    if reaction is None:
        return value.text("reaction")
    if reaction.name == "reactionCustomEmoji":
        return f"custom emoji {reaction.number('document_id')}"
    return "paid star" if reaction.name == "reactionPaid" else reaction.text("emoticon")


def reactions(context: Context, value: Value) -> tuple[tuple[Reaction, ...], Remark | None]:
    """The reactions whose givers are stored, and the counts where more were given."""
    stored = value.child("reactions")
    if stored is None:
        return (), None
    found = []
    for each in stored.children("recent_reactions") or stored.children("recent_reactons"):
        key = key_of(each, "peer_id")
        key = each.number("user_id") if key is None else key
        sender = None if key is None else context.people.id(key)
        found.append(Reaction(sender=sender, emoji=_emoji(each), at=instant(each.number("date"))))
    counts = [(_emoji(each), each.number("count") or 0) for each in stored.children("results")]
    if sum(count for _, count in counts) <= len(found):
        return tuple(found), None
    shown = ", ".join(f"{emoji} {count}" for emoji, count in counts)
    return tuple(found), Remark("reactions", f"reactions: {shown}")
