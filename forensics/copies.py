"""Copies of texts whose message no longer has them: what a notice on one says, and how it is read back.

A copy is a notice of the severity ``copy``: its source is the row that keeps the text, its raw value one JSON
object. It is no message of its own and never stands in the place of the original.
"""

from __future__ import annotations

import json
from typing import Any

from forensics.digest import canonical
from forensics.model import Copied, Notice, Source
from forensics.times import rfc3339

SEVERITY = "copy"
QUOTE, WORD_INDEX, LINK_PREVIEW, NOTIFICATION = "quote", "index of words", "link preview", "notification"
OLDER_TABLE = "older table"
DELETED, EDITED, GONE = "deleted for everyone", "edited", "gone"


def copy_notice(copied: Copied, source: Source, original: str) -> Notice:
    """The notice on a copy; ``original`` names the row that it is a copy of."""
    form = "a copy, normalised, not the original" if copied.is_normalised else "a copy, not the original"
    became = f"is {GONE}" if copied.reason == GONE else f"was {copied.reason}"
    text = f"{original} {became}; the {copied.origin} in row {source.rowid} of {source.table} keeps its text"
    if copied.reason == EDITED:
        text += " as it was then"
    return Notice(
        severity=SEVERITY, text=f"{text} ({form})", source=source, raw=canonical(_form(copied)), copied=copied
    )


def _form(copied: Copied) -> dict[str, Any]:
    return {
        "app_id": copied.app_id,
        "conversation": copied.conversation,
        "copy_of": copied.message,
        "from_owner": copied.from_owner,
        "holder": copied.holder,
        "normalised": copied.is_normalised,
        "origin": copied.origin,
        "reason": copied.reason,
        "sender": copied.sender,
        "sent_at": rfc3339(copied.sent_at),
        "text": copied.text,
    }


def read_copy(source: str, raw: str) -> dict[str, Any]:
    """A stored copy: its raw value with ``source``."""
    return {**json.loads(raw), "source": json.loads(source)}
