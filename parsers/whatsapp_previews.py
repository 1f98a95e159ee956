"""The preview of a link that survives the text that it was made for."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.copies import DELETED, LINK_PREVIEW
from forensics.model import Copied
from parsers.message_drafts import MessageDraft
from parsers.notes import Notes


def note_preview(
    notes: Notes, draft: MessageDraft, parts: Iterable[str | None], table: str, rowid: int
) -> None:
    """Say what the preview in that row still holds of a message that was deleted for everyone: address,
    title and description, a line each."""
    text = "\n".join(filter(None, parts))
    if not text:
        return
    copied = Copied(
        text=text,
        origin=LINK_PREVIEW,
        reason=DELETED,
        is_normalised=False,
        message=draft.id,
        holder=draft.id,
        conversation=draft.conversation,
        sender=draft.sender,
        from_owner=draft.from_owner,
        sent_at=draft.sent_at,
        app_id=draft.source.app_id,
    )
    notes.copy(copied, f"row {draft.source.rowid} of {draft.source.table}", table, rowid)
