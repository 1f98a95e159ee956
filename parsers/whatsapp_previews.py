"""The preview of a link that survives the text that it was made for."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.copies import DELETED, LINK_PREVIEW
from parsers.kept_texts import kept_text
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
    copied = kept_text(draft, text, LINK_PREVIEW, DELETED)
    notes.copy(copied, f"row {draft.source.rowid} of {draft.source.table}", table, rowid)
