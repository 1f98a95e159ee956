"""A text of a message that stands elsewhere too, as the record of a copy that belongs to the message."""

from __future__ import annotations

from forensics.model import Copied, Message
from parsers.message_drafts import MessageDraft


def kept_text(message: Message | MessageDraft, text: str, origin: str, reason: str) -> Copied:
    """The text, held by the message that it was of. ``origin``: where it stands; ``reason``: why the message
    has it no more (forensics.copies)."""
    return Copied(
        text=text,
        origin=origin,
        reason=reason,
        is_normalised=False,
        message=message.id,
        holder=message.id,
        conversation=message.conversation,
        sender=message.sender,
        from_owner=message.from_owner,
        sent_at=message.sent_at,
        app_id=message.source.app_id,
    )
