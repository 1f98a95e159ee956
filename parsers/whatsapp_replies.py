"""What a message answers: the copy that the app keeps of the quoted message, and the row it was copied from.

Source: WhatsApp reference 2.3 (message_quoted). The copy survives the deletion of the original, and keeps
the text from before an edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forensics.copies import DELETED, EDITED, GONE, QUOTE
from forensics.model import Copied, Reply
from parsers.side_rows import Found
from parsers.whatsapp_codes import REVOKED_TYPES
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_side_tables import QUOTED, QUOTED_MEDIA
from parsers.whatsapp_sides import first
from parsers.whatsapp_survey import Survey
from parsers.whatsapp_tables import MESSAGE
from parsers.whatsapp_targets import Target


def reply_to(
    context: Context, survey: Survey, rowid: int, found: Found, table: str = MESSAGE.name
) -> Reply | None:
    """What the message in that row of ``table`` answers, as its own row in ``message_quoted`` says it."""
    row = first(found, QUOTED)
    if row is None:
        return None
    _rowid, _message, chat_row, parent_row, from_me, sender_row, key, timestamp, text = row
    # "Reply in private": the chat of the quoted message is another one.
    chat_row = parent_row if parent_row is not None and parent_row > 0 else chat_row
    chat = context.chats.by_row.get(chat_row) if chat_row is not None else None
    target = survey.find(chat, from_me, key, sender_row)
    media = first(found, QUOTED_MEDIA)
    kept = text or (None if media is None else media[2]) or text
    reply = Reply(
        id=target_id(context, target),
        app_id=key,
        text=kept,
        sent_at=context.notes.instant(timestamp, QUOTED.table.name, rowid, "timestamp"),
        sender=context.sender(from_me, sender_row, None if chat is None else chat.partner),
    )
    holder = context.installation.place.message(table, rowid)
    quoted = Quoted(reply, holder, None if chat is None else chat.id, owner_flag(from_me))
    note_target(context, (QUOTED.table.name, rowid), target, quoted)
    return reply


class Quoted(NamedTuple):
    """A quote with the message that it stands in, and the conversation and direction of what it quotes."""

    reply: Reply
    holder: str
    conversation: str | None
    from_owner: bool | None


def target_id(context: Context, target: Target | None) -> str | None:
    """The id of the message that is answered; None when it is gone."""
    return None if target is None else context.installation.place.message(target.table, target.rowid)


def note_target(context: Context, place: tuple[str, int], target: Target | None, quoted: Quoted) -> None:
    """Say where a quote keeps a text that its message no longer has: deleted, edited, or gone."""
    table, rowid = place
    if target is None:
        context.notes.count(f"quotes in {table} of a message that is gone; the answer keeps what was quoted")
        reason, original = GONE, f"the message {quoted.reply.app_id or 'without an id'}"
    elif target.message_type in REVOKED_TYPES or target.is_edited:
        reason = DELETED if target.message_type in REVOKED_TYPES else EDITED
        original = f"row {target.rowid} of {target.table}"
    else:
        return
    text = quoted.reply.text
    if text and (target is None or text not in texts_in(context, target.table, target.rowid)):
        copied = Copied(
            text=text,
            origin=QUOTE,
            reason=reason,
            is_normalised=False,
            message=quoted.reply.id,
            holder=quoted.holder,
            conversation=quoted.conversation,
            sender=quoted.reply.sender,
            from_owner=quoted.from_owner,
            sent_at=quoted.reply.sent_at,
            app_id=quoted.reply.app_id,
        )
        context.notes.copy(copied, original, table, rowid)


def texts_in(context: Context, table: str, rowid: int) -> Sequence[object]:
    """What stands in that row of a table of messages where its text does, in the order of the columns."""
    names = ("text_data",) if table == MESSAGE.name else ("data", "media_caption")
    rows = context.installation.database.rows(table, names, where_rowid=(rowid, rowid))
    return next(rows, (None,))[1:]
