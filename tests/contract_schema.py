"""The records of an export as JSON schemas, written down from the contract and from nothing else."""

from __future__ import annotations

import re
from typing import Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def record(required: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "properties": required,
        "required": list(required),
        "additionalProperties": False,
    }


def maybe(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}


def each(kind: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": kind}


TEXT, COUNT, FLAG, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"type": "number"}
WHEN = {"type": "string", "pattern": f"^{TIME.pattern}$"}
DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
APP = {"enum": ["whatsapp", "whatsapp_business", "telegram", "signal"]}
PLATFORM = {"enum": ["android", "ios", "macos", "desktop", "export"]}
KIND = {"enum": ["direct", "group", "channel", "broadcast", "status", "self", "secret", "community"]}
SOURCE = record(
    {
        "evidence_sha256": DIGEST,
        "file_sha256": DIGEST,
        "path": TEXT,
        "table": maybe(TEXT),
        "rowid": maybe(COUNT),
        "rowid_key": maybe(TEXT),
        "page": maybe(COUNT),
        "offset": maybe(COUNT),
        "app_id": maybe(TEXT),
    }
)
RECORDS = {
    "account": {
        "id": TEXT,
        "app": APP,
        "platform": PLATFORM,
        "handle": maybe(TEXT),
        "phone": maybe(TEXT),
        "name": maybe(TEXT),
        "exhibit": maybe(TEXT),
    },
    "conversation": {
        "id": TEXT,
        "app": APP,
        "platform": PLATFORM,
        "account": TEXT,
        "kind": KIND,
        "title": maybe(TEXT),
        "handle": maybe(TEXT),
        "participants": each(TEXT),
        "messages": COUNT,
    },
    "participant": {
        "id": TEXT,
        "app": APP,
        "handle": maybe(TEXT),
        "phone": maybe(TEXT),
        "names": each(record({"name": TEXT, "source": TEXT})),
        "is_owner": FLAG,
    },
    "message": {
        "id": TEXT,
        "app": APP,
        "platform": PLATFORM,
        "account": TEXT,
        "conversation": TEXT,
        "conversation_kind": KIND,
        "sender": maybe(TEXT),
        "from_owner": maybe(FLAG),
        "status": {
            "enum": [
                *["draft", "scheduled", "pending", "failed", "sent", "delivered", "read", "played"],
                None,
            ]
        },
        "sent_at": maybe(WHEN),
        "received_at": maybe(WHEN),
        "delivered_at": maybe(WHEN),
        "read_at": maybe(WHEN),
        "edited_at": maybe(WHEN),
        "deleted_at": maybe(WHEN),
        "kind": {
            "enum": [
                "text",
                "image",
                "video",
                "video_note",
                "audio",
                "voice",
                "document",
                "sticker",
                "gif",
                "location",
                "live_location",
                "contact",
                "poll",
                "call",
                "payment",
                "order",
                "product",
                "invite",
                "story",
                "system",
                "unknown",
            ]
        },
        "text": maybe(TEXT),
        "state": {"enum": ["live", "deleted_for_everyone", "hidden", "recovered", "uncommitted"]},
        "deleted_by": maybe(TEXT),
        "reply_to": maybe(
            record(
                {
                    "id": maybe(TEXT),
                    "app_id": maybe(TEXT),
                    "text": maybe(TEXT),
                    "sent_at": maybe(WHEN),
                    "sender": maybe(TEXT),
                }
            )
        ),
        "forwarded": maybe(record({"times": maybe(COUNT), "from": maybe(TEXT), "at": maybe(WHEN)})),
        "reactions": each(record({"sender": maybe(TEXT), "emoji": maybe(TEXT), "at": maybe(WHEN)})),
        "edits": each(record({"text": maybe(TEXT), "at": maybe(WHEN)})),
        "receipts": each(
            record(
                {
                    "participant": maybe(TEXT),
                    "delivered_at": maybe(WHEN),
                    "read_at": maybe(WHEN),
                    "played_at": maybe(WHEN),
                }
            )
        ),
        "mentions": each(TEXT),
        "attachments": each(
            record(
                {
                    "kind": TEXT,
                    "mime": maybe(TEXT),
                    "filename": maybe(TEXT),
                    "size": maybe(COUNT),
                    "sha256": maybe(DIGEST),
                    "path": maybe(TEXT),
                    "present": FLAG,
                    "caption": maybe(TEXT),
                }
            )
        ),
        "location": maybe(
            record(
                {
                    "latitude": maybe(NUMBER),
                    "longitude": maybe(NUMBER),
                    "name": maybe(TEXT),
                    "address": maybe(TEXT),
                }
            )
        ),
        "contacts": each(record({"name": maybe(TEXT), "phones": each(TEXT)})),
        "poll": maybe(
            record(
                {"question": maybe(TEXT), "options": each(record({"text": maybe(TEXT), "votes": each(TEXT)}))}
            )
        ),
        "system": maybe(record({"type": maybe(TEXT), "code": maybe(COUNT), "detail": maybe(TEXT)})),
        "expires_after": maybe(COUNT),
        "view_once": FLAG,
        "starred": FLAG,
        "source": SOURCE,
        "also": each(SOURCE),
        "record_sha256": DIGEST,
    },
    "call": {
        "id": TEXT,
        "app": APP,
        "account": TEXT,
        "conversation": maybe(TEXT),
        "sender": maybe(TEXT),
        "from_owner": maybe(FLAG),
        "at": maybe(WHEN),
        "seconds": maybe(COUNT),
        "video": maybe(FLAG),
        "result": maybe(TEXT),
        "participants": each(TEXT),
        "source": SOURCE,
        "record_sha256": DIGEST,
    },
    "notice": {"severity": TEXT, "text": TEXT, "source": maybe(SOURCE), "raw": maybe(TEXT)},
}
